"""Delegations: an establishment lets another organisme send for it, between two days (decision 12)."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge, scope
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions import cles as valeurs
from tdba.transmissions import delegations
from tdba.transmissions.delegations import DatesRefusees, Etat
from tdba.transmissions.models import Delegation
from tests import factories as f
from tests.comptes.aides_facteurs import reglage
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte
from tests.transmissions.aides_cles import Cfa, courriels, evenements, un_cfa
from tests.transmissions.lignes_exemples import MINIMALE

JOUR = date(2026, 11, 18)
JOURS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1))


# --- Days ------------------------------------------------------------------------------------------------------


def test_sans_date_elle_commence_aujourd_hui_et_dure_trois_ans() -> None:
    assert delegations.duree(None, None, JOUR) == (JOUR, date(2029, 11, 18))


def test_un_jour_suffit() -> None:
    assert delegations.duree(JOUR, JOUR, JOUR) == (JOUR, JOUR + timedelta(days=1))


@pytest.mark.parametrize(
    ("debut", "dernier", "champ"),
    [
        (date(2026, 11, 17), None, "debut"),
        (date(2027, 11, 19), None, "debut"),
        (date(2026, 12, 1), date(2026, 11, 30), "dernier_jour"),
        (date(2026, 12, 1), date(2029, 12, 1), "dernier_jour"),
        (None, date(2026, 11, 17), "dernier_jour"),
    ],
)
def test_des_jours_impossibles_sont_refuses_au_bon_champ(
    debut: date | None, dernier: date | None, champ: str
) -> None:
    with pytest.raises(DatesRefusees) as refus:
        delegations.duree(debut, dernier, JOUR)
    assert refus.value.champ == champ


@given(JOURS)
def test_elle_dure_au_plus_trois_ans_un_29_fevrier_aussi(debut: date) -> None:
    dernier = delegations.dernier_possible(debut)
    assert 3 * 365 - 1 <= (dernier - debut).days <= 3 * 365
    assert delegations.duree(debut, dernier, debut).fin == dernier + timedelta(days=1)
    with pytest.raises(DatesRefusees):
        delegations.duree(debut, dernier + timedelta(days=1), debut)


@given(JOURS, st.integers(0, 40), st.integers(-50, 50))
def test_elle_est_a_venir_puis_en_cours_puis_finie(debut: date, longueur: int, ecart: int) -> None:
    fin, jour = debut + timedelta(days=longueur), debut + timedelta(days=ecart)
    attendu = Etat.EN_COURS if 0 <= ecart < longueur else Etat.A_VENIR if ecart < 0 < longueur else Etat.FINIE
    assert delegations.etat(debut, fin, jour) is attendu


# --- On screen -------------------------------------------------------------------------------------------------


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


@pytest.fixture
def directrice(navigateur: Navigateur, cfa: Cfa) -> Navigateur:
    return navigateur.comme(cfa.directrice)


def donner(qui: Navigateur, cfa: Cfa, a: Organisme, **dates: str) -> TestResponse:
    """Find the organisme by its name, follow the link, fill the form, send it."""
    page = qui.get(cfa.page(f"delegations/nouvelle?q={a.nom}"))
    adresse = cfa.page(f"delegations/nouvelle?delegue={a.id}")
    assert adresse in liens(page)
    return qui.post(
        cfa.page("delegations/nouvelle"),
        champs(qui.get(adresse), cfa.page("delegations/nouvelle")) | dates,
    )


def lignes(session: Session) -> list[tuple[int, date, date | None]]:
    requete = scope.select_for(Delegation, Droit.CONFIGURER).order_by(Delegation.debut)
    return [(d.delegue_id, d.debut, d.fin) for d in session.execute(requete).scalars()]


def test_donner_se_voit_des_deux_cotes_et_se_sait(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    assert donner(directrice, cfa, cfa.voisin, dernier_jour="2027-08-31").status_code == 303
    (ligne,) = tableau(directrice.get(cfa.page("delegations")), "pour-nous")
    assert ligne["Organisme"].startswith("CFA des Dunes")
    assert [ligne["Premier jour"], ligne["Dernier jour"], ligne["État"]] == [
        "18/11/2026",
        "31/08/2027",
        "en cours",
    ]
    ailleurs = navigateur.comme(cfa.voisine).get(f"/transmissions/organismes/{cfa.voisin.id}/delegations")
    (recue,) = tableau(ailleurs, "pour-d-autres")
    assert recue["Organisme"].startswith("CFA de Rennes")
    assert {c.personne_id for c in courriels(session, "delegation")} == {
        cfa.directrice.personne_id,
        cfa.voisine.personne_id,
    }
    assert "31 août 2027 inclus" in (courriels(session, "delegation")[0].texte or "").replace("\xa0", " ")
    assert evenements(session, "delegation") == [("delegation.donnee", {"delegue_id": cfa.voisin.id})]


def test_le_second_facteur_est_demande_pour_donner_pas_pour_arreter(
    app: Flask, cfa: Cfa, directrice: Navigateur
) -> None:
    with reglage(app, second_facteur="oui"):
        assert "/second-facteur" in directrice.get(cfa.page("delegations/nouvelle")).headers["Location"]
        assert "/second-facteur" in directrice.post(cfa.page("delegations/nouvelle")).headers["Location"]
        assert directrice.get(cfa.page("delegations/arreter")).status_code == 200


@pytest.mark.parametrize(
    ("dates", "phrase"),
    [
        ({"debut": "2026-11-17"}, "au plus tôt aujourd’hui"),
        ({"dernier_jour": "2029-11-18"}, "dure 3 ans au plus"),
        ({"dernier_jour": "31/02/2027"}, "Cette date n’existe pas"),
    ],
)
def test_des_dates_refusees_gardent_ce_qui_est_saisi(
    session: Session, cfa: Cfa, directrice: Navigateur, dates: dict[str, str], phrase: str
) -> None:
    reponse = donner(directrice, cfa, cfa.voisin, **dates)
    assert reponse.status_code == 422
    assert phrase in texte(arbre(reponse))
    assert champs(reponse, cfa.page("delegations/nouvelle"))["delegue"] == str(cfa.voisin.id)
    assert lignes(session) == []


def test_une_delegation_qui_court_n_est_pas_donnee_deux_fois(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    donner(directrice, cfa, cfa.voisin, debut="2026-12-01", dernier_jour="2026-12-31")
    reponse = donner(directrice, cfa, cfa.voisin, debut="2026-11-20")
    assert "a déjà une délégation" in texte(arbre(reponse))
    assert donner(directrice, cfa, cfa.voisin, debut="2027-01-01").status_code == 303
    assert len(lignes(session)) == 2


def test_arretee_le_jour_meme_elle_peut_etre_redonnee(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    donner(directrice, cfa, cfa.voisin)
    arreter(directrice, cfa, cfa.voisin)
    assert lignes(session) == [(cfa.voisin.id, JOUR, JOUR)]
    assert donner(directrice, cfa, cfa.voisin, dernier_jour="2026-11-30").status_code == 303
    assert lignes(session) == [(cfa.voisin.id, JOUR, date(2026, 12, 1))]


def arreter(qui: Navigateur, cfa: Cfa, a: Organisme, debut: date = JOUR) -> None:
    adresse = cfa.page("delegations/arreter")
    page = qui.get(f"{adresse}?delegation={a.id}:{debut}")
    saisie = champs(page, adresse)
    assert saisie["delegation"] == f"{a.id}:{debut}"  # chosen by the link
    assert qui.post(adresse, saisie).status_code == 303


def test_une_delegation_a_venir_arretee_ne_commence_jamais(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    donner(directrice, cfa, cfa.voisin, debut="2026-12-01")
    arreter(directrice, cfa, cfa.voisin, date(2026, 12, 1))
    assert lignes(session) == [(cfa.voisin.id, date(2026, 12, 1), date(2026, 12, 1))]
    assert tableau(directrice.get(cfa.page("delegations")), "pour-nous")[0]["État"] == "finie"
    with horloge.regler(MIDI + timedelta(days=20)):
        assert valeurs.reconnaitre(f"Bearer {f.une_cle(session, cfa.voisin)}", adresse=None).ecriture == {
            cfa.voisin.id
        }


@pytest.mark.parametrize("choix", ["", "rien", "1:2026-11-18", "999:2020-01-01"])
def test_on_n_arrete_que_ce_qui_court(cfa: Cfa, directrice: Navigateur, choix: str) -> None:
    donner(directrice, cfa, cfa.voisin)
    assert directrice.post(cfa.page("delegations/arreter"), {"delegation": choix}).status_code == 422


def test_un_organisme_qui_ne_peut_pas_etre_choisi_est_refuse_avec_sa_raison(
    session: Session, cfa: Cfa, directrice: Navigateur
) -> None:
    f.une_relation(session, cfa.voisin, cfa.site)
    ferme = f.un_organisme(session, "Ancien", ferme=True)
    for organisme, phrase in (
        (cfa.site, "transmet déjà pour lui-même"),
        (cfa.voisin, "est votre responsable"),
        (ferme, "est fermé"),
    ):
        page = directrice.get(cfa.page(f"delegations/nouvelle?delegue={organisme.id}"))
        assert phrase in texte(arbre(page))
        reponse = directrice.post(cfa.page("delegations/nouvelle"), {"delegue": str(organisme.id)})
        assert reponse.status_code == 422
    assert directrice.get(cfa.page("delegations/nouvelle?delegue=99999999")).status_code == 404
    assert lignes(session) == []


def test_un_membre_et_l_assistance_lisent_un_autre_cfa_ne_voit_rien(
    cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    donner(directrice, cfa, cfa.second)
    for habilitation in (cfa.membre, cfa.support):
        qui = navigateur.comme(habilitation)
        page = qui.get(cfa.page("delegations"))
        assert len(tableau(page, "pour-nous")) == 1
        assert not {cfa.page("delegations/nouvelle"), cfa.page("delegations/arreter")} & set(liens(page))
        assert qui.get(cfa.page("delegations/nouvelle")).status_code == 403
        assert qui.post(cfa.page("delegations/arreter")).status_code == 403
    claude = navigateur.comme(cfa.voisine)
    for quoi in ("delegations", "delegations/nouvelle", "delegations/arreter"):
        assert claude.get(cfa.page(quoi)).status_code == 404


def test_une_recherche_vaine_dit_quoi_faire(cfa: Cfa, directrice: Navigateur) -> None:
    page = directrice.get(cfa.page("delegations/nouvelle?q=introuvable"))
    assert "Aucun organisme ouvert ne correspond à « introuvable »" in texte(arbre(page)).replace("\xa0", " ")
    assert "Personne d’autre ne transmet pour" in texte(arbre(directrice.get(cfa.page("delegations"))))


# --- The intake ------------------------------------------------------------------------------------------------


def envoyer(qui: Navigateur, cle: str, pour: Organisme) -> list[Any]:
    """Send one right line for that establishment; returns its errors."""
    ligne = MINIMALE | {
        "annee_scolaire": "2026-2027",
        "etablissement_responsable_uai": pour.uai,
        "etablissement_responsable_siret": pour.siret,
        "etablissement_formateur_uai": pour.uai,
        "etablissement_formateur_siret": pour.siret,
    }
    reponse = qui.ouvrir(
        "POST",
        "/api/v3/dossiers-apprenants",
        json=[ligne],
        headers={"Authorization": f"Bearer {cle}"},
    )
    assert reponse.status_code == 200
    assert reponse.json is not None
    return list(reponse.json["data"][0].get("validation_errors", []))


def test_une_ligne_du_delegue_est_recue_pendant_et_refusee_avant_et_apres(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    cle = f.une_cle(session, cfa.voisin)
    donner(directrice, cfa, cfa.voisin, debut="2026-11-20", dernier_jour="2026-11-30")
    recues = []
    for jour in (1, 2, 12, 13):  # the 19th, 20th, 30th of November, the 1st of December
        with horloge.regler(MIDI + timedelta(days=jour)):
            recues.append(envoyer(navigateur, cle, cfa.site) == [])
    assert recues == [False, True, True, False]


def test_arretee_elle_n_ouvre_plus_rien_le_jour_meme(
    session: Session, cfa: Cfa, directrice: Navigateur, navigateur: Navigateur
) -> None:
    cle = f.une_cle(session, cfa.voisin)
    donner(directrice, cfa, cfa.voisin)
    assert envoyer(navigateur, cle, cfa.site) == []
    assert envoyer(navigateur, cle, cfa.second) != []  # given by one site alone
    arreter(directrice, cfa, cfa.voisin)
    assert envoyer(navigateur, cle, cfa.site) != []
    assert len(courriels(session, "delegation")) == 4
