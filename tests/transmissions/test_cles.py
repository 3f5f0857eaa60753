"""API keys on screen: created by an administrator with a second factor, shown once, two at a time, revoked (decision 12)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge
from tdba.comptes.models import SessionWeb
from tdba.transmissions import cles as valeurs
from tests.comptes.aides_facteurs import reglage
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte, titre
from tests.transmissions.aides_cles import Cfa, cles, courriels, creer, evenements, un_cfa


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


@pytest.fixture
def directrice(navigateur: Navigateur, cfa: Cfa) -> Navigateur:
    return navigateur.comme(cfa.directrice)


def montree(reponse: TestResponse) -> str:
    assert reponse.status_code == 200, texte(arbre(reponse))
    return next(texte(e) for e in arbre(reponse).iter("code") if e.get("id") == "cle")


def essayer(qui: Navigateur, cle: str) -> TestResponse:
    return qui.post("/api/v3/dossiers-apprenants/test", headers={"Authorization": f"Bearer {cle}"})


def phrase_du_refus(reponse: TestResponse) -> str:
    assert reponse.status_code == 422
    return texte(arbre(reponse))


# --- Created, shown once ---------------------------------------------------------------------------------------


def test_la_cle_creee_ouvre_l_api_et_n_est_montree_qu_une_fois(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    reponse = creer(directrice, cfa)
    cle = montree(reponse)
    assert essayer(navigateur, cle).status_code == 200
    assert "no-store" in reponse.headers["Cache-Control"]
    page = directrice.get(cfa.page())
    assert cle not in page.get_data(as_text=True)
    (ligne,) = tableau(page, "cles")
    assert ligne["Clé"] == f"Production commence par {cle[:8]}"
    assert ligne["Logiciel"] == "Ymag"
    assert ligne["Créée"] == "le 18/11/2026 par Camille Le Goff"
    assert ligne["Fin"] == "expire le 18/11/2027"


def test_le_clair_de_la_cle_n_est_garde_nulle_part(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    cle = montree(creer(directrice, cfa))
    assert len(cle) >= 43  # 256 bits
    (rangee,) = cles(session)
    assert rangee.empreinte == valeurs.empreinte(cle)
    gardes = [str(s.donnees) for s in session.query(SessionWeb)]
    gardes += [f"{c.sujet} {c.texte} {c.html}" for c in courriels(session, "cle_api_creee")]
    gardes += [str(e) for e in evenements(session, "")]
    assert not any(cle in garde for garde in gardes)


def test_les_administrateurs_apprennent_qu_une_cle_est_creee(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    creer(directrice, cfa)
    (courriel,) = courriels(session, "cle_api_creee")
    assert courriel.personne_id == cfa.directrice.personne_id
    assert "Camille Le Goff a créé la clé d’API « Production »" in (courriel.texte or "")
    assert f"http://127.0.0.1:5000{cfa.page()}" in (courriel.texte or "")
    assert evenements(session, "cle_api") == [("cle_api.creee", {"cle_id": cles(session)[0].id})]


def test_le_second_facteur_est_demande_pour_creer_pas_pour_revoquer(
    session: Session, app: Flask, cfa: Cfa, directrice: Navigateur
) -> None:
    creer(directrice, cfa)
    with reglage(app, second_facteur="oui"):
        for methode in ("GET", "POST"):
            reponse = directrice.ouvrir(methode, cfa.page("cles/nouvelle"))
            assert "/second-facteur" in reponse.headers["Location"]
        assert directrice.post(f"/transmissions/cles/{cles(session)[0].id}/revoquer").status_code == 303
    (cle,) = cles(session)
    assert cle.revoquee_le == MIDI


def test_une_cle_sans_nom_est_refusee_et_garde_ce_qui_est_saisi(cfa: Cfa, directrice: Navigateur) -> None:
    reponse = creer(directrice, cfa, libelle=" ")
    assert "Donnez un nom à cette clé." in phrase_du_refus(reponse)
    assert champs(reponse, cfa.page("cles/nouvelle"))["erp"] == "Ymag"


# --- Two at a time ---------------------------------------------------------------------------------------------


def test_deux_cles_servent_en_meme_temps_et_la_troisieme_est_refusee(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    paire = [montree(creer(directrice, cfa, libelle=nom)) for nom in ("Ancienne", "Nouvelle")]
    assert [essayer(navigateur, cle).status_code for cle in paire] == [200, 200]
    assert "a déjà deux clés en service" in phrase_du_refus(creer(directrice, cfa))
    assert len(cles(session)) == 2
    assert cfa.page("cles/nouvelle") not in liens(directrice.get(cfa.page()))


def test_une_cle_revoquee_ou_expiree_laisse_sa_place(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    creer(directrice, cfa)
    creer(directrice, cfa)
    premiere, seconde = cles(session)
    premiere.revoquee_le, seconde.expire_le = MIDI, MIDI
    session.commit()
    montree(creer(directrice, cfa))
    montree(creer(directrice, cfa))
    assert "a déjà deux clés" in phrase_du_refus(creer(directrice, cfa))


def test_un_formulaire_envoye_deux_fois_cree_une_seule_cle(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    adresse = cfa.page("cles/nouvelle")
    saisie = champs(directrice.get(adresse), adresse) | {"libelle": "Production"}
    montree(directrice.post(adresse, saisie))
    assert "Une clé a été créée depuis" in phrase_du_refus(directrice.post(adresse, saisie))
    assert len(cles(session)) == 1


def test_la_nouvelle_cle_mene_a_revoquer_l_ancienne(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    creer(directrice, cfa, libelle="Ancienne")
    ancienne = cles(session)[0].id
    assert f"/transmissions/cles/{ancienne}/revoquer" in liens(creer(directrice, cfa, libelle="Nouvelle"))


# --- Revoked ---------------------------------------------------------------------------------------------------


def test_une_cle_revoquee_n_ouvre_plus_rien_et_cela_se_sait(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    cle = montree(creer(directrice, cfa))
    ident = cles(session)[0].id
    adresse = f"/transmissions/cles/{ident}/revoquer"
    assert "ne transmettra plus rien pour CFA de Rennes" in texte(arbre(directrice.get(adresse)))
    assert directrice.post(adresse, {"raison": "DIVULGUEE"}).status_code == 303
    refus = essayer(navigateur, cle)
    assert (refus.status_code, refus.json and refus.json["message"]) == (403, valeurs.RefusCle.REVOQUEE.value)
    assert evenements(session, "cle_api")[-1] == (
        "cle_api.revoquee",
        {"cle_id": ident, "raison": "DIVULGUEE"},
    )
    (courriel,) = courriels(session, "cle_api_revoquee")
    assert "Camille Le Goff a révoqué la clé" in (courriel.texte or "")
    assert "déjà révoquée" in phrase_du_refus(directrice.post(adresse))


def test_un_nom_plein_d_accolades_ne_casse_pas_le_courriel(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    creer(directrice, cfa, libelle="{nom} {inconnu}")
    assert directrice.post(f"/transmissions/cles/{cles(session)[0].id}/revoquer").status_code == 303
    assert "« {nom} {inconnu} »" in courriels(session, "cle_api_revoquee")[0].sujet


def test_l_assistance_voit_et_revoque_sans_creer(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    creer(directrice, cfa)
    maud = navigateur.comme(cfa.support)
    assert len(tableau(maud.get(cfa.page()), "cles")) == 1
    assert maud.get(cfa.page("cles/nouvelle")).status_code == 403
    assert maud.post(f"/transmissions/cles/{cles(session)[0].id}/revoquer").status_code == 303
    assert cles(session)[0].revoquee_le is not None
    assert "L’assistance a révoqué la clé" in (courriels(session, "cle_api_revoquee")[0].texte or "")
    assert "Cherchez d’abord l’établissement" in texte(arbre(maud.get("/transmissions/cles")))


# --- Whose -----------------------------------------------------------------------------------------------------


def test_un_membre_voit_les_cles_sans_y_toucher(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    creer(directrice, cfa)
    alix = navigateur.comme(cfa.membre)
    page = alix.get(cfa.page())
    assert len(tableau(page, "cles")) == 1
    revoquer = f"/transmissions/cles/{cles(session)[0].id}/revoquer"
    assert not {revoquer, cfa.page("cles/nouvelle")} & set(liens(page))
    assert [alix.get(cfa.page("cles/nouvelle")).status_code, alix.post(revoquer).status_code] == [403, 403]
    assert alix.post(cfa.page("cles/nouvelle"), {"libelle": "A", "derniere": "0"}).status_code == 403


def test_la_cle_d_un_autre_cfa_n_existe_pas(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    creer(directrice, cfa)
    claude = navigateur.comme(cfa.voisine)
    for adresse in (
        cfa.page(),
        cfa.page("cles/nouvelle"),
        f"/transmissions/cles/{cles(session)[0].id}/revoquer",
    ):
        assert claude.get(adresse).status_code == 404
    assert claude.get("/transmissions/organismes/999999999999/cles").status_code == 404


def test_un_formateur_dont_on_repond_a_ses_propres_cles(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    """Configuring reaches one's own establishments only (domain.md §5.2)."""
    assert directrice.get(f"/transmissions/organismes/{cfa.voisin.id}/cles").status_code == 404


def test_plusieurs_etablissements_se_choisissent_un_seul_s_ouvre(
    cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    page = directrice.get("/transmissions/cles")
    assert {cfa.page(), f"/transmissions/organismes/{cfa.second.id}/cles"} <= set(liens(page))
    seul = navigateur.comme(cfa.voisine).get("/transmissions/cles")
    assert seul.headers["Location"] == f"/transmissions/organismes/{cfa.voisin.id}/cles"


def test_un_etablissement_ferme_n_a_plus_de_nouvelle_cle(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    cfa.site.ferme = True
    session.commit()
    assert "est fermé" in phrase_du_refus(creer(directrice, cfa))


# --- What the page says ----------------------------------------------------------------------------------------


def test_sans_cle_la_page_dit_comment_commencer(cfa: Cfa, directrice: Navigateur) -> None:
    page = directrice.get(cfa.page())
    assert "Aucune clé n’est en service" in texte(arbre(page))
    assert {"/connexion-api", cfa.page("cles/nouvelle")} <= set(liens(page))


def test_la_page_dit_quand_et_d_ou_la_cle_a_servi(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    cle = montree(creer(directrice, cfa))
    assert tableau(directrice.get(cfa.page()), "cles")[0]["Dernier usage"] == "jamais"
    essayer(navigateur, cle)
    assert (
        tableau(directrice.get(cfa.page()), "cles")[0]["Dernier usage"]
        == "18 novembre 2026 à 12 h 00, depuis 127.0.0.1"
    )


def test_un_mois_avant_la_fin_la_page_propose_de_renouveler(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    creer(directrice, cfa)
    rangee = cles(session)[0]
    rangee.expire_le = MIDI + timedelta(days=20)
    session.commit()
    page = directrice.get(cfa.page())
    assert "expire le 8 décembre 2026" in texte(arbre(page))
    assert "Renouveler la clé Production" in [texte(a) for a in arbre(page).iter("a")]


def test_la_page_de_la_cle_dit_sa_fin(cfa: Cfa, directrice: Navigateur) -> None:
    reponse = creer(directrice, cfa)
    assert titre(reponse) == "Voici votre clé d’API."
    assert re.search("expire le 18 novembre 2027", texte(arbre(reponse)))
    assert horloge.maintenant() == MIDI
