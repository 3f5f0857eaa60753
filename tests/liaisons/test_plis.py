"""Opening without an account: once, with the code, as nobody; and what the database alone would tell."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tdba import horloge, logs, scope
from tdba.db import db
from tdba.liaisons import scellement, service_plis
from tdba.liaisons.blueprint import sans_personne
from tdba.liaisons.models import Liaison
from tdba.organismes.models import Organisme
from tdba.scope import Droit, PorteeOubliee
from tests.conftest import MIDI
from tests.liaisons.aides import (
    code_montre,
    envoyer,
    evenements,
    liaisons,
    lien_recu,
    plis,
    travailler,
)
from tests.pages import Navigateur, arbre, texte

FAUX = "0000 0000"


def faux_code(code: str) -> str:
    return FAUX if code != FAUX else "0000 0001"


# Opening -------------------------------------------------------------------------------------------------------------


def test_un_lien_ouvert_par_un_lecteur_de_courriels_ne_montre_ni_ne_consomme_rien(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    lien = lien_recu(session)
    for _ in range(3):
        page = navigateur.get(lien)
        assert page.status_code == 200
        assert "SERIN" not in page.get_data(as_text=True)
        assert "Set-Cookie" not in page.headers
    assert plis(session)[0].essais == 0
    assert "Noé SERIN" in texte(arbre(navigateur.post(lien, {"code": code}, jeton=False)))


def test_le_code_ouvre_une_fois_ce_qui_fut_choisi_et_l_efface(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero, donnees=["COMMUNE", "SITUATION"]))
    page = navigateur.post(lien_recu(session), {"code": code.replace(" ", " . ")})
    lu = texte(arbre(page)).replace("\xa0", " ")
    for attendu in ("Noé SERIN", "06 12 34 56 78", "Rennes", "contrat rompu le 19 octobre 2026"):
        assert attendu in lu
    assert "CAP Boulanger" not in lu
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]
    metas = {m.get("name"): m.get("content") for m in arbre(page).iter("meta")}
    assert (metas["robots"], metas["referrer"]) == ("noindex, nofollow", "no-referrer")
    assert plis(session)[0].contenu is None
    encore = navigateur.post(lien_recu(session), {"code": code})
    assert encore.status_code == 404
    assert "SERIN" not in encore.get_data(as_text=True)


def test_un_lien_ferme_un_lien_expire_et_un_lien_inconnu_ont_la_meme_page(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    lien = lien_recu(session)
    inconnu = f"/liaison/{scellement.nouveau_jeton()}"
    assert navigateur.post(lien, {"code": code}).status_code == 200
    pages = [navigateur.get(a) for a in (lien, inconnu, "/liaison/x")]
    pages += [navigateur.post(a, {"code": code}) for a in (lien, inconnu)]
    envoyer(directeur, numero)
    with horloge.regler(MIDI + timedelta(days=15)):
        pages.append(navigateur.get(lien_recu(session)))
    assert [p.status_code for p in pages] == [404] * len(pages)
    assert len({texte(arbre(p)) for p in pages}) == 1


def test_cinq_codes_faux_detruisent_le_pli_et_le_dossier_le_sait(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    lien = lien_recu(session)
    illisible = navigateur.post(lien, {"code": "1234"})
    assert illisible.status_code == 422
    assert plis(session)[0].essais == 0
    for restants in (4, 3, 2, 1):
        faux = navigateur.post(lien, {"code": faux_code(code)})
        assert faux.status_code == 422
        dit = "Il reste un essai" if restants == 1 else f"Il reste {restants} essais"
        assert dit in texte(arbre(faux))
    assert navigateur.post(lien, {"code": faux_code(code)}).status_code == 404
    assert navigateur.post(lien, {"code": code}).status_code == 404
    assert (plis(session)[0].contenu, plis(session)[0].essais) == (None, 5)
    travailler(session)
    assert evenements(session)[-1].details["cause"] == "CODES"
    page = texte(arbre(directeur.get(f"/dossiers/{numero}/liaison"))).replace("\xa0", " ")
    assert "Cinq codes faux ont été saisis : le lien a été détruit" in page


def test_quatre_codes_faux_n_empechent_pas_le_bon(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    for _ in range(4):
        navigateur.post(lien_recu(session), {"code": faux_code(code)})
    assert navigateur.post(lien_recu(session), {"code": code}).status_code == 200


def test_le_lien_sert_jusqu_a_la_derniere_seconde_du_quinzieme_jour(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    with horloge.regler(MIDI + timedelta(days=15)):
        assert navigateur.post(lien_recu(session), {"code": code}).status_code == 404
    with horloge.regler(MIDI + timedelta(days=15) - timedelta(seconds=1)):
        assert navigateur.post(lien_recu(session), {"code": code}).status_code == 200


def test_le_referent_connecte_lit_le_lien_comme_n_importe_qui(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    assert directeur.get(lien_recu(session)).status_code == 200
    page = directeur.post(lien_recu(session), {"code": code})
    assert page.status_code == 200
    assert "Rechercher" not in texte(arbre(page))
    assert directeur.get("/ruptures").status_code == 200


# What the database holds ---------------------------------------------------------------------------------------------


def test_la_rangee_et_le_secret_du_service_ne_suffisent_pas_a_lire(
    session: Session, app: Flask, directeur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    pli, secret = plis(session)[0], app.extensions["tdba"].secret_key
    jeton = lien_recu(session).rpartition("/")[2]
    assert pli.contenu is not None
    for clair in (b"SERIN", "Noé".encode(), b"0612345678", b"lignes", jeton.encode(), code.encode()):
        assert clair not in pli.contenu + pli.code_hash + pli.jeton_hash
    ouvrir = {"jeton": jeton, "code": code.replace(" ", ""), "secret": secret}
    rangee = (pli.contenu, pli.uuid, pli.code_hash)
    assert scellement.ouvrir(*rangee, **ouvrir) is not None
    # Whatever is taken away of the three, what remains opens nothing.
    autres = {"jeton": pli.jeton_hash.hex(), "code": faux_code(code).replace(" ", ""), "secret": secret + "x"}
    for nom, valeur in autres.items():
        assert scellement.ouvrir(*rangee, **(ouvrir | {nom: valeur})) is None, nom


def test_rien_de_ce_qui_est_garde_ne_redonne_le_code(
    session: Session, app: Flask, directeur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero)).replace(" ", "")
    liaison, secret = liaisons()[0], app.extensions["tdba"].secret_key
    gardes = [liaison.cle_formulaire or "", str(liaison.uuid), plis(session)[0].jeton_hash.hex()]
    assert code not in [scellement.code_du_formulaire(garde, secret) for garde in gardes]


def test_un_contenu_deplace_dans_un_autre_pli_ne_s_ouvre_pas() -> None:
    ici, ailleurs = uuid4(), uuid4()
    cles = {"jeton": "j" * 43, "code": "12345678", "secret": "s" * 32}
    preuve, scelle = scellement.sceller(b"lettre", ici, **cles)
    assert scellement.ouvrir(scelle, ici, preuve, **cles) == b"lettre"
    assert scellement.ouvrir(scelle, ailleurs, preuve, **cles) is None


@pytest.mark.parametrize("saisie", ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", "12345678\u202e"])
def test_ce_qui_n_est_pas_huit_chiffres_n_est_pas_un_code(saisie: str) -> None:
    assert scellement.code_lu(saisie) is None


# The two locks -------------------------------------------------------------------------------------------------------


def test_la_page_du_conseiller_n_atteint_aucune_table_de_personnes(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    """What the reader's pages run under, tried against the file: the first lock, then the second alone."""
    envoyer(directeur, numero)
    session.commit()
    with scope.sous(scope.VIDE):
        with pytest.raises(PorteeOubliee):
            db.session.execute(select(Liaison))
        assert db.session.execute(scope.select_for(Liaison, Droit.CORRIGER)).all() == []
        lus = scope.connexion("test of the second lock")
        for table in ("liaison", "dossier", "effectif", "demarche", "circonstance"):
            assert lus.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
        db.session.rollback()


def test_le_second_verrou_seul_cache_les_envois_d_un_autre_cfa(
    session: Session, directeur: Navigateur, voisin: Organisme, cfa: Organisme, numero: int
) -> None:
    envoyer(directeur, numero)
    ici, ailleurs = cfa.id, voisin.id
    session.commit()

    def envois_vus_par(organisme_id: int) -> int:
        portee = {Droit.CORRIGER: scope.Portee(frozenset({organisme_id}))}
        with scope.sous(scope.Scope(droits=portee | {Droit.VOIR_NOMINATIF: portee[Droit.CORRIGER]})):
            brut = scope.connexion("test of the second lock")
            nombre = int(brut.execute(text("SELECT count(*) FROM liaison")).scalar_one())
            db.session.rollback()
            return nombre

    assert envois_vus_par(ici) == 1
    assert envois_vus_par(ailleurs) == 0


def test_un_conseiller_ne_supprime_aucun_pli(session: Session, directeur: Navigateur, numero: int) -> None:
    envoyer(directeur, numero)
    session.commit()
    with scope.sous(scope.VIDE):
        with pytest.raises(DBAPIError):
            scope.connexion("test of the grants").execute(text("DELETE FROM pli"))
        db.session.rollback()


def test_deux_ouvertures_au_meme_instant_n_en_font_qu_une(
    session: Session, app: Flask, directeur: Navigateur, numero: int
) -> None:
    """The letter is locked before its code is tried: the second reader finds it empty."""
    code = code_montre(envoyer(directeur, numero))
    jeton, secret = lien_recu(session).rpartition("/")[2], app.extensions["tdba"].secret_key
    session.commit()
    with scope.sous(scope.VIDE):
        service_plis.ouvrir(jeton, code, secret=secret, maintenant=MIDI)
        with pytest.raises(service_plis.PliFerme):
            service_plis.ouvrir(jeton, code, secret=secret, maintenant=MIDI)
        db.session.commit()


# How often -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def limite(app: Flask) -> Iterator[None]:
    """Limits apply, under a secret of this test alone: counts of other runs are not ours."""
    reglage = app.extensions["tdba"]
    app.extensions["tdba"] = replace(reglage, debits=True, secret_key=scellement.nouveau_jeton())
    yield
    app.extensions["tdba"] = reglage


def test_une_adresse_n_essaie_pas_trente_codes_en_un_quart_d_heure(
    navigateur: Navigateur, limite: None
) -> None:
    codes = [
        navigateur.post(f"/liaison/{scellement.nouveau_jeton()}", {"code": "12345678"}).status_code
        for _ in range(31)
    ]
    assert codes == [404] * 30 + [429]


def test_une_personne_n_envoie_pas_plus_de_trente_liens_a_l_heure(
    directeur: Navigateur, numero: int, limite: None
) -> None:
    codes = [directeur.post(f"/dossiers/{numero}/liaison", {"accord": "y"}).status_code for _ in range(31)]
    assert codes == [422] * 30 + [429]


def test_ni_le_lien_ni_la_cle_de_reponse_n_entrent_dans_les_traces() -> None:
    jeton = scellement.nouveau_jeton()
    for adresse in (f"/liaison/{jeton}", f"/liaison/reponse/{jeton}", f"https://x/?page=/liaison/{jeton}"):
        assert jeton not in logs.masquer(adresse)


def test_la_page_du_conseiller_est_lue_comme_personne_meme_par_qui_est_connecte(
    app: Flask, session: Session, cfa: Organisme
) -> None:
    assert sans_personne in app.before_request_funcs["plis"]
    portee = {Droit.CORRIGER: scope.Portee(frozenset({cfa.id}))}
    session.commit()
    with scope.sous(scope.Scope(droits=portee)):
        sans_personne()
        assert scope.courant() is scope.VIDE
