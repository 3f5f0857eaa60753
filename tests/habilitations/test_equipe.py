"""The team of an organisation: who reads it, who changes it, and never without an administrator (domain.md §5.5)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation
from tdba.config import Configuration
from tdba.habilitations import queries_equipe, service_equipe
from tdba.habilitations.models import DemandeAcces
from tdba.scope import Introuvable
from tests import factories as f
from tests.comptes.aides import ouverte
from tests.conftest import MIDI
from tests.habilitations.aides_equipe import Equipe, evenements, une_equipe
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte


@pytest.fixture
def equipe(session: Session) -> Equipe:
    return une_equipe(session)


@pytest.fixture
def directrice(navigateur: Navigateur, equipe: Equipe) -> Navigateur:
    return navigateur.comme(equipe.directrice)


@pytest.fixture
def membre(navigateur: Navigateur, equipe: Equipe) -> Navigateur:
    return navigateur.comme(equipe.membre)


def changer(qui: Navigateur, habilitation: Habilitation, **valeurs: str) -> int:
    donnees = {"role": habilitation.role, "dernier_jour": ""} | valeurs
    return qui.post(f"/equipe/{habilitation.id}/changer", donnees).status_code


def retirer(qui: Navigateur, habilitation: Habilitation, motif: str = "DEPART") -> int:
    return qui.post(f"/equipe/{habilitation.id}/retirer", {"motif": motif}).status_code


# --- Reading ---------------------------------------------------------------------------------------------------


def test_l_administratrice_voit_son_equipe_et_ce_qu_elle_peut_faire(
    directrice: Navigateur, equipe: Equipe
) -> None:
    page = directrice.get("/equipe")
    assert [ligne["Rôle"] for ligne in tableau(page, "equipe")] == ["administrateur", "membre"]
    assert f"/equipe/{equipe.membre.id}/changer" in liens(page)
    assert "/equipe/inviter" in liens(page)


def test_un_membre_lit_la_liste_sans_rien_changer(
    membre: Navigateur, equipe: Equipe, directrice: Navigateur
) -> None:
    directrice.post("/equipe/inviter", {"courriel": "noa@exemple.fr", "role": "membre"})
    page = membre.get("/equipe")
    assert len(tableau(page, "equipe")) == 2
    assert [lien for lien in liens(page) if lien.startswith("/equipe/")] == ["/equipe/passages"]
    assert "noa@exemple.fr" not in texte(arbre(page))


def test_on_ne_voit_pas_l_equipe_d_une_autre_organisation(
    directrice: Navigateur, session: Session, equipe: Equipe
) -> None:
    ailleurs = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    autre = f.une_habilitation(session, f.une_personne(session, "Sacha", "Ailleurs"), ailleurs)
    assert "Ailleurs" not in texte(arbre(directrice.get("/equipe")))
    for geste in ("changer", "retirer"):
        assert directrice.get(f"/equipe/{autre.id}/{geste}").status_code == 404
    assert changer(directrice, autre) == 404
    assert retirer(directrice, autre) == 404


@pytest.mark.parametrize("vise", ["organisation", "site", "ailleurs"])
def test_qui_attend_est_montre_a_l_administratrice_seule(
    directrice: Navigateur, membre: Navigateur, session: Session, equipe: Equipe, vise: str
) -> None:
    ailleurs = f.un_organisme(session, "CFA d’ailleurs")
    demandeur = f.une_personne(session, "Noa", "Attente", etat="EN_ATTENTE")
    session.add(
        DemandeAcces(
            personne_id=demandeur.id,
            type="ORGANISME_FORMATION",
            organisation_id=equipe.organisation.id if vise == "organisation" else None,
            organisme_id={"site": equipe.sites[1].id, "ailleurs": ailleurs.id}.get(vise),
            regle="ETABLISSEMENTS",
            fonction="Formatrice",
            cree_le=MIDI,
        )
    )
    vus = [ligne["Personne"] for ligne in tableau(directrice.get("/equipe"), "demandeurs")]
    assert vus == ([] if vise == "ailleurs" else ["Noa Attente"])
    assert "Attente" not in texte(arbre(membre.get("/equipe")))


def test_un_acces_fini_quitte_la_liste(directrice: Navigateur, equipe: Equipe) -> None:
    equipe.membre.fin = horloge.aujourd_hui()
    assert len(tableau(directrice.get("/equipe"), "equipe")) == 1


# --- Changing --------------------------------------------------------------------------------------------------


def test_changer_un_role_ferme_les_sessions(
    directrice: Navigateur, membre: Navigateur, session: Session, equipe: Equipe
) -> None:
    assert ouverte(membre)
    assert changer(directrice, equipe.membre, role="administrateur") == 303
    session.refresh(equipe.membre)
    assert equipe.membre.role == "administrateur"
    assert not ouverte(membre)
    assert evenements(session, "habilitation.changee") == [
        ("habilitation.changee", {"role": "administrateur", "sites": 0})
    ]


def test_une_delegation_a_un_dernier_jour(directrice: Navigateur, session: Session, equipe: Equipe) -> None:
    assert changer(directrice, equipe.membre, dernier_jour="31/12/2026") == 303
    session.refresh(equipe.membre)
    assert equipe.membre.fin == date(2027, 1, 1)
    page = directrice.get(f"/equipe/{equipe.membre.id}/changer")
    assert champs(page, f"/equipe/{equipe.membre.id}/changer")["dernier_jour"] == "2026-12-31"
    assert [ligne["Dernier jour"] for ligne in tableau(directrice.get("/equipe"), "equipe")][
        1
    ] == "31/12/2026"


def test_un_dernier_jour_passe_est_refuse(directrice: Navigateur, session: Session, equipe: Equipe) -> None:
    assert changer(directrice, equipe.membre, dernier_jour="17/11/2026") == 422
    session.refresh(equipe.membre)
    assert equipe.membre.fin is None


def test_un_membre_est_limite_a_des_sites(directrice: Navigateur, session: Session, equipe: Equipe) -> None:
    assert changer(directrice, equipe.membre, sites=str(equipe.sites[1].id)) == 303
    assert [ligne["Sites"] for ligne in tableau(directrice.get("/equipe"), "equipe")] == [
        "tous",
        "CFA de Brest",
    ]
    page = directrice.get(f"/equipe/{equipe.membre.id}/changer")
    assert champs(page, f"/equipe/{equipe.membre.id}/changer")["sites"] == str(equipe.sites[1].id)


def test_une_limite_que_le_formulaire_ne_montre_pas_est_gardee(
    navigateur: Navigateur, session: Session, equipe: Equipe
) -> None:
    """Outside a CFA no site is offered: changing the end must not give the whole region."""
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    cheffe = f.une_habilitation(session, f.une_personne(session, "Solenn"), dreets)
    agent = f.une_habilitation(
        session, f.une_personne(session, "Sacha"), dreets, role="membre", sites=equipe.sites[:1]
    )
    assert changer(navigateur.comme(cheffe), agent, dernier_jour="31/12/2026") == 303
    assert queries_equipe.sites_de(agent.id) == [equipe.sites[0].id]


def test_on_ne_change_pas_son_propre_role(directrice: Navigateur, session: Session, equipe: Equipe) -> None:
    equipe.membre.role = "administrateur"
    assert changer(directrice, equipe.directrice, role="membre") == 422
    session.refresh(equipe.directrice)
    assert equipe.directrice.role == "administrateur"


def test_le_dernier_administrateur_reste(directrice: Navigateur, session: Session, equipe: Equipe) -> None:
    assert retirer(directrice, equipe.directrice) == 422
    assert changer(directrice, equipe.directrice, dernier_jour="31/12/2026") == 422
    session.refresh(equipe.directrice)
    assert equipe.directrice.fin is None


def test_un_administrateur_qui_finira_ne_remplace_pas_celui_qui_dure(
    directrice: Navigateur, session: Session, equipe: Equipe
) -> None:
    equipe.membre.role, equipe.membre.fin = "administrateur", horloge.aujourd_hui() + timedelta(days=30)
    assert retirer(directrice, equipe.directrice) == 422
    equipe.membre.fin = None
    assert retirer(directrice, equipe.directrice) == 303


# --- Removing --------------------------------------------------------------------------------------------------


def test_retirer_demande_une_raison_et_ferme_les_sessions(
    directrice: Navigateur, membre: Navigateur, session: Session, equipe: Equipe
) -> None:
    assert retirer(directrice, equipe.membre, motif="") == 422
    assert retirer(directrice, equipe.membre, motif="INVENTEE") == 422
    assert ouverte(membre)
    assert retirer(directrice, equipe.membre) == 303
    assert not ouverte(membre)
    assert evenements(session, "habilitation.retiree") == [("habilitation.retiree", {"motif": "DEPART"})]


def test_lire_la_page_de_confirmation_ne_retire_rien(
    directrice: Navigateur, membre: Navigateur, equipe: Equipe
) -> None:
    assert directrice.get(f"/equipe/{equipe.membre.id}/retirer").status_code == 200
    assert ouverte(membre)


def test_donner_un_acces_demande_un_second_facteur(
    app: Flask, configuration: Configuration, directrice: Navigateur, equipe: Equipe
) -> None:
    """Decision 27: granting rights. Taking one back never waits."""
    app.extensions["tdba"] = replace(configuration, second_facteur="oui")
    try:
        for adresse in ("inviter", "inviter-en-nombre", f"{equipe.membre.id}/changer"):
            for reponse in (directrice.get(f"/equipe/{adresse}"), directrice.post(f"/equipe/{adresse}")):
                assert reponse.location.startswith("/second-facteur"), adresse
        assert directrice.get(f"/equipe/{equipe.membre.id}/retirer").status_code == 200
    finally:
        app.extensions["tdba"] = configuration


def test_le_service_ne_change_que_l_equipe_de_qui_demande(session: Session, equipe: Equipe) -> None:
    """The page looks first; the service does not rely on it."""
    ailleurs = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    autre = f.une_habilitation(session, f.une_personne(session, "Sacha"), ailleurs)
    jour = horloge.aujourd_hui()
    with pytest.raises(Introuvable):
        service_equipe.retirer(autre.id, equipe.membre.id, "DEPART", MIDI, jour)
    with pytest.raises(Introuvable):
        service_equipe.changer(autre.id, equipe.membre.id, service_equipe.Choix(role="membre"), jour)


@pytest.mark.parametrize("adresse", ["changer", "retirer"])
def test_un_membre_ne_change_ni_ne_retire(membre: Navigateur, equipe: Equipe, adresse: str) -> None:
    assert membre.get(f"/equipe/{equipe.directrice.id}/{adresse}").status_code == 403
    assert membre.post(f"/equipe/{equipe.directrice.id}/{adresse}", {"role": "membre"}).status_code == 403


def test_un_administrateur_limite_a_des_sites_ne_gere_pas_l_equipe(
    navigateur: Navigateur, session: Session, equipe: Equipe
) -> None:
    """He would give more than he holds."""
    limite = f.une_habilitation(
        session, f.une_personne(session, "Sacha"), equipe.organisation, sites=equipe.sites[:1]
    )
    assert navigateur.comme(limite).get("/equipe/inviter").status_code == 403


def test_un_administrateur_change_de_role_en_cours_de_session_ne_gere_plus(
    directrice: Navigateur, equipe: Equipe
) -> None:
    equipe.directrice.role = "membre"
    assert directrice.get("/equipe/inviter").status_code == 403
