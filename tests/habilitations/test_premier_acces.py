"""First access: a new director of a CFA without administrator comes in by the facts; everybody else waits for people."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import Organisation, Personne
from tdba.config import Configuration
from tdba.errors import ErreurMetier
from tdba.habilitations import service_acces
from tdba.habilitations.service_acces_courriels import Adresses
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.comptes import aides
from tests.comptes.aides import FournisseurDeTest, fournisseur_en_marche
from tests.habilitations.aides_acces import (
    ENTRER,
    SUIVI,
    chez,
    courriels,
    demander,
    demandes,
    lien_recu,
    mots,
    tenues,
    un_cfa,
    une_arrivante,
)
from tests.pages import Navigateur, champs, liens, titre

# --- The whole journey -----------------------------------------------------------------------------------------


@pytest.fixture
def fournisseur(app: Flask, configuration: Configuration) -> Iterator[FournisseurDeTest]:
    with fournisseur_en_marche(app, configuration) as en_marche:
        yield en_marche


@pytest.mark.reseau
def test_de_la_connexion_a_sa_liste_en_six_ecrans(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    f.les_territoires(session)
    organisme = un_cfa(session, courriel="contact@exemple.fr")
    organisme.siret = aides.CAMILLE.siret
    session.commit()
    ecrans = ["login", "provider"]

    def ouvrir(adresse: str) -> object:
        reponse = navigateur.get(adresse)
        while reponse.status_code in (302, 303):
            reponse = navigateur.get(reponse.location)
        assert reponse.status_code == 200
        ecrans.append(titre(reponse))
        return reponse

    page = ouvrir(aides.choisir(aides.partir(navigateur)))
    envoi = navigateur.post(ENTRER, champs(page, ENTRER) | {"fonction": "directrice"})  # type: ignore[arg-type]
    ouvrir(envoi.location)
    adresse = lien_recu(session)
    confirmation = ouvrir(adresse)
    entree = navigateur.post(adresse, champs(confirmation, adresse))  # type: ignore[arg-type]
    ouvrir(entree.location)
    assert ecrans[2:5] == [
        "Demander l’accès à CFA de Rennes",
        "Comment entrer",
        "Confirmer votre entrée",
    ]
    assert len(ecrans) == 6
    assert entree.location == "/effectifs"


@pytest.mark.reseau
def test_le_lien_ouvert_sans_session_attend_la_connexion(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    f.les_territoires(session)
    organisme = un_cfa(session, courriel="contact@exemple.fr")
    aides.se_connecter(navigateur)
    page = navigateur.get(f"{ENTRER}?organisme={organisme.id}")
    navigateur.post(ENTRER, champs(page, ENTRER) | {"fonction": "directrice"})
    adresse = lien_recu(session)
    ailleurs = Navigateur(navigateur.app, session)
    assert ailleurs.get(adresse).location == f"/connexion?suite={adresse}"
    assert aides.se_connecter(ailleurs, suite=adresse).location == adresse
    assert titre(ailleurs.get(adresse)) == "Confirmer votre entrée"


# --- The SIRET proposes, the person chooses --------------------------------------------------------------------


def test_le_siret_propose_l_etablissement(elle: Navigateur, cfa: Organisme) -> None:
    page = elle.get("/acces")
    assert (page.status_code, page.location) == (303, ENTRER)
    page = elle.get(ENTRER)
    assert titre(page) == "Demander l’accès à CFA de Rennes"
    assert champs(page, ENTRER)["organisme"] == str(cfa.id)


def test_sans_le_siret_l_entite_juridique_propose_les_siens(
    navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    freres = [un_cfa(session, nom, siren="222222222") for nom in ("CFA de Brest", "CFA de Quimper")]
    page = chez(navigateur, une_arrivante(session, siret="22222222299999")).get(ENTRER)
    proposes = [lien for lien in liens(page) if "organisme=" in lien]
    assert proposes == [f"{ENTRER}?organisme={o.id}" for o in freres]


@pytest.mark.parametrize("q", ["rennes", "cfa de REN", "Rennes CFA"])
def test_la_recherche_trouve_par_le_nom_et_la_ville(elle: Navigateur, cfa: Organisme, q: str) -> None:
    page = elle.get(ENTRER, query_string={"q": q})
    assert f"{ENTRER}?organisme={cfa.id}" in liens(page)


def test_la_recherche_trouve_la_ville_avec_ou_sans_accent(
    elle: Navigateur, session: Session, cfa: Organisme
) -> None:
    cfa.commune, cfa.recherche = "Saint-Éloi", "CFA X"
    session.commit()
    for q in ("saint eloi", "Saint-Éloi", "ELOI"):
        assert f"{ENTRER}?organisme={cfa.id}" in liens(elle.get(ENTRER, query_string={"q": q}))


@pytest.mark.parametrize("q", ["\x00", "a\x00b", "%", "x" * 500, "١٢"])
def test_une_recherche_etrange_ne_trouve_rien(elle: Navigateur, q: str) -> None:
    assert elle.get(ENTRER, query_string={"q": q}).status_code == 200


def test_un_etablissement_ferme_ne_se_demande_pas(elle: Navigateur, session: Session, cfa: Organisme) -> None:
    ferme = un_cfa(session, "CFA fermé", ferme=True)
    assert elle.get(f"{ENTRER}?organisme={ferme.id}").status_code == 404
    assert elle.post(ENTRER, {"organisme": ferme.id, "fonction": "directrice"}).status_code == 404


def test_le_siret_seul_n_ouvre_rien(
    elle: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    demander(elle, cfa)
    assert tenues(session, camille) == []
    assert elle.get("/equipe").location == "/acces"


def test_la_fonction_est_demandee(elle: Navigateur, session: Session, cfa: Organisme) -> None:
    reponse = demander(elle, cfa, fonction=" ")
    assert reponse.status_code == 422
    assert demandes(session) == []


def test_une_seule_demande_est_ouverte_a_la_fois(elle: Navigateur, session: Session, cfa: Organisme) -> None:
    autre = un_cfa(session, "CFA de Brest")
    page = elle.get(f"{ENTRER}?organisme={autre.id}")
    demander(elle, cfa)
    reponse = elle.post(ENTRER, champs(page, ENTRER) | {"fonction": "directrice"})
    assert reponse.status_code == 422
    assert [d.organisme_id for d in demandes(session)] == [cfa.id]
    assert elle.get(ENTRER).location == SUIVI


def test_l_entite_juridique_n_est_offerte_qu_a_qui_en_est(
    navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    brest = un_cfa(session, "CFA de Brest", siren="222222222")
    un_cfa(session, "CFA de Quimper", siren="222222222")
    dedans = chez(navigateur, une_arrivante(session, "Dedans", siret=brest.siret))
    dehors = chez(navigateur, une_arrivante(session, "Dehors", siret=cfa.siret))
    demander(dehors, brest, regle="SIREN")
    demander(dedans, brest, regle="SIREN")
    assert [d.regle for d in demandes(session)] == ["ETABLISSEMENTS", "SIREN"]


def test_la_regle_de_l_entite_tient_aussi_sans_la_page(
    session: Session, camille: Personne, cfa: Organisme
) -> None:
    brest = un_cfa(session, "CFA de Brest", siren="222222222")
    un_cfa(session, "CFA de Quimper", siren="222222222")
    adresses = Adresses("", "", "", lambda jeton: jeton)
    with pytest.raises(ErreurMetier):
        service_acces.demander_cfa(camille, brest.id, regle="SIREN", fonction="x", adresses=adresses)


# --- Somebody already known under another identity -------------------------------------------------------------


def test_une_adresse_connue_attend_des_personnes_avec_les_memes_mots(
    elle: Navigateur, navigateur: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    f.une_cle(session, cfa)
    connue = une_arrivante(session, "Camille", siret=cfa.siret)
    connue.courriel = camille.courriel.upper()
    sans_rien = un_cfa(session, "CFA de Rennes")
    session.commit()
    elle_encore = chez(navigateur, connue)
    demander(elle_encore, cfa)
    page = mots(elle_encore.get(SUIVI))
    elle_encore.post("/acces/lien")
    assert courriels(session, "lien_acces") == []
    demander(elle, sans_rien)
    assert page == mots(elle.get(SUIVI)), "nothing tells that the address is known"


# --- Others ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", ["SUSPENDUE", "FERMEE"])
def test_un_compte_arrete_ne_demande_rien(
    navigateur: Navigateur, session: Session, cfa: Organisme, etat: str
) -> None:
    lui = chez(navigateur, une_arrivante(session, siret=cfa.siret, etat=etat))
    for adresse in (ENTRER, SUIVI, "/acces/autre"):
        assert lui.get(adresse).location == "/acces"
    assert lui.post(ENTRER, {"organisme": cfa.id, "fonction": "x"}).location == "/acces"
    assert demandes(session) == []


def test_un_agent_de_l_etat_demande_son_territoire(
    elle: Navigateur, session: Session, camille: Personne
) -> None:
    adresse = "/acces/autre?type=DREETS"
    page = elle.get(adresse)
    reponse = elle.post(
        adresse, champs(page, adresse) | {"territoire": "53", "fonction": "chargée de mission"}
    )
    assert reponse.location == SUIVI
    [demande] = demandes(session)
    organisation = session.get(Organisation, demande.organisation_id)
    assert organisation is not None
    assert (organisation.nom, organisation.regle, organisation.region_code) == (
        "DREETS – Bretagne",
        "REGION",
        "53",
    )
    assert tenues(session, camille) == []
    assert titre(elle.get(SUIVI)) == "Votre demande attend une réponse."


def test_deux_agents_d_une_meme_dreets_demandent_la_meme_organisation(
    elle: Navigateur, navigateur: Navigateur, session: Session
) -> None:
    autre = chez(navigateur, une_arrivante(session, "Autre"))
    for qui in (elle, autre):
        qui.post("/acces/autre?type=DREETS", {"territoire": "53", "fonction": "agente"})
    assert len(demandes(session)) == 2
    assert len(session.execute(select(Organisation.id).where(Organisation.type == "DREETS")).all()) == 1


@pytest.mark.parametrize("genre", ["SUPPORT", "CONFORMITE", "AUDIT", "ORGANISME_FORMATION", "x"])
def test_le_support_ne_se_demande_pas(elle: Navigateur, session: Session, genre: str) -> None:
    elle.post(f"/acces/autre?type={genre}", {"territoire": "53", "fonction": "agente"})
    assert demandes(session) == []


def test_un_territoire_inconnu_se_refuse(elle: Navigateur, session: Session) -> None:
    reponse = elle.post("/acces/autre?type=DREETS", {"territoire": "99", "fonction": "agente"})
    assert reponse.status_code == 422
    assert demandes(session) == []
