"""What a hostile person sends around a dossier de liaison: forged ids and forms, links opened by machines, a job that dies."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tdba import jobs
from tdba.effectifs.models import Effectif
from tdba.liaisons import scellement, service_retours
from tdba.organismes.models import Commune, Organisme
from tests import factories as f
from tests.liaisons.aides import (
    CONSEILLER,
    action,
    code_montre,
    courriels,
    dossier_de,
    envoyer,
    evenements,
    liaisons,
    lien_recu,
    plis,
    travailler,
)
from tests.liaisons.test_reponses import demarches
from tests.pages import Navigateur, arbre, champs, texte
from tests.recaps.aides import quelqu_un


def test_un_lien_ne_se_retire_ni_par_un_autre_dossier_ni_par_un_autre_cfa(
    session: Session,
    directeur: Navigateur,
    navigateur: Navigateur,
    cfa: Organisme,
    voisin: Organisme,
    numero: int,
) -> None:
    code_montre(envoyer(directeur, numero))
    (liaison,) = liaisons()
    autre = dossier_de(f.une_rupture(session, cfa, nom="MERLE"))
    chez_lui = dossier_de(f.une_rupture(session, voisin, nom="GEAI"))
    intrus = navigateur.comme(quelqu_un(session, "Voisine", voisin))
    for qui, dossier in ((directeur, autre), (intrus, chez_lui), (intrus, numero)):
        assert qui.post(f"/dossiers/{dossier}/liaison/{liaison.id}/retirer").status_code == 404
    assert plis(session)[0].contenu is not None


def test_la_cle_d_un_formulaire_ne_sert_ni_a_un_autre_dossier_ni_a_une_autre_personne(
    session: Session, directeur: Navigateur, navigateur: Navigateur, cfa: Organisme, numero: int
) -> None:
    """A key kept by the browser, or copied: another letter, with another code; the one of the first is not shown."""
    adresse = f"/dossiers/{numero}/liaison"
    cle = champs(directeur.get(adresse), adresse)["cle_formulaire"]
    code = code_montre(envoyer(directeur, numero, cle_formulaire=cle))
    autre = dossier_de(f.une_rupture(session, cfa, nom="MERLE"))
    collegue = navigateur.comme(quelqu_un(session, "Collègue", cfa))
    for qui, dossier in ((directeur, autre), (collegue, numero)):
        assert code_montre(envoyer(qui, dossier, cle_formulaire=cle)) != code
    assert len({liaison.cle_formulaire for liaison in liaisons()}) == len(courriels(session)) == 3


def test_ce_qui_n_est_pas_propose_ne_se_coche_pas(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    """Kinds of which nothing is known, or that do not exist, health without its agreement among them."""
    forges: list[dict[str, Any]] = [
        {"donnees": ["SANTE"]},
        {"donnees": ["OBSTACLES"]},
        {"donnees": ["INE"]},
        {"moyens": ["IDENTITE"]},
        {"moyens": []},
    ]
    for forge in forges:
        assert envoyer(directeur, numero, **forge).status_code == 422, forge
    # The box of health is not on the form: a forged one is not read.
    code_montre(envoyer(directeur, numero, sante="y"))
    assert "SANTE" not in liaisons()[0].donnees


def test_une_machine_qui_suit_les_liens_n_ouvre_et_ne_repond_rien(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    """Mail scanners ask for the head, prefetch, add parameters: only the code, posted, opens."""
    code = code_montre(envoyer(directeur, numero))
    lien = lien_recu(session)
    essais: list[tuple[str, str, dict[str, str]]] = [
        ("HEAD", lien, {}),
        ("GET", f"{lien}?code={code}", {}),
        ("GET", lien, {"Sec-Purpose": "prefetch;prerender"}),
        ("HEAD", f"{lien}?code={code}", {}),
        ("OPTIONS", lien, {}),
    ]
    for methode, adresse, entetes in essais:
        page = navigateur.ouvrir(methode, adresse, headers=entetes)
        assert page.status_code == 200
        assert b"SERIN" not in page.data
    assert navigateur.post(f"{lien}?code={code}").status_code == 422
    assert (plis(session)[0].essais, plis(session)[0].ouvert_le) == (0, None)
    reponse = action(navigateur.post(lien, {"code": code}))
    for methode in ("HEAD", "GET"):
        assert navigateur.ouvrir(methode, f"{reponse}?reponse=AUTRE").status_code == 200
    assert plis(session)[0].reponse is None


def test_des_noms_pieges_ne_changent_ni_le_courriel_ni_la_lettre(
    session: Session, directeur: Navigateur, navigateur: Navigateur, cfa: Organisme
) -> None:
    """Names of a register or of an ERP are text: no header, no mark-up, no address of their own."""
    cfa.nom = "CFA <img src=x onerror=alert(1)>\r\nBcc: tous@exemple.invalid"
    session.get_one(Commune, "35238").nom = "<script>alert(1)</script>"
    jeune = f.une_rupture(session, cfa, nom="SERIN<b>", formation='=HYPERLINK("javascript:alert(1)")')
    code = code_montre(envoyer(directeur, dossier_de(jeune), donnees=["COMMUNE", "FORMATION"]))
    (courriel,) = courriels(session)
    assert courriel.sujet == "Un dossier de liaison vous est transmis"
    assert courriel.destinataire == CONSEILLER["courriel"]
    assert "<img" not in (courriel.html or "")
    assert "SERIN" not in (courriel.html or "") + (courriel.texte or "")
    lettre = navigateur.post(lien_recu(session), {"code": code})
    assert lettre.status_code == 200
    assert "<script>alert(1)</script>" in texte(arbre(lettre))
    assert not [s for s in arbre(lettre).iter("script") if "alert" in texte(s)]
    assert not list(arbre(lettre).iter("img"))


def test_la_reponse_rapportee_a_moitie_se_reprend_et_ne_se_note_qu_une_fois(
    session: Session,
    directeur: Navigateur,
    navigateur: Navigateur,
    jeune: Effectif,
    numero: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = code_montre(envoyer(directeur, numero))
    adresse = action(navigateur.post(lien_recu(session), {"code": code}))
    navigateur.post(adresse, {"reponse": "RENDEZ_VOUS"})
    avant, dit = len(demarches()), [e.evenement for e in evenements(session)]
    with monkeypatch.context() as coupe:
        coupe.setattr(service_retours, "_noter", lambda *_: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(RuntimeError):
            travailler(session)
        session.rollback()
    assert (len(demarches()), [e.evenement for e in evenements(session)]) == (avant, dit)
    assert liaisons()[0].ouverte_le is None
    session.execute(jobs.update(jobs.Tache).values(pas_avant=jobs.Tache.cree_le))
    travailler(session)
    travailler(session)
    assert len(demarches()) == avant + 1
    assert [e.evenement for e in evenements(session)][len(dit) :] == ["liaison.ouverte", "liaison.repondue"]


def test_une_adresse_de_reponse_devinee_ou_deplacee_ne_repond_pas(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    """The hash kept in the base is not the key; a key is not a token of opening."""
    code = code_montre(envoyer(directeur, numero))
    cle = action(navigateur.post(lien_recu(session), {"code": code})).rpartition("/")[2]
    garde = plis(session)[0].reponse_hash
    assert garde == scellement.empreinte(cle)
    for essai in ((garde or b"").hex(), f"{cle}x", cle[:-1], cle.swapcase()):
        assert navigateur.post(f"/liaison/reponse/{essai}", {"reponse": "AUTRE"}).status_code == 404
    assert navigateur.post(f"/liaison/{cle}", {"code": code}).status_code == 404
