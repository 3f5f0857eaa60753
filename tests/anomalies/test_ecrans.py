"""Anomalies where they are settled: in "À régler", on the sheet, in the list; never read by a network (decision 26)."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.anomalies import catalogue, queries_filtre, service
from tdba.anomalies.catalogue import CATALOGUE
from tdba.anomalies.catalogue_contrats import CONTRATS
from tdba.anomalies.routes import vers_la_correction
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.points.genres import Lie
from tdba.portee import Droit, Portee, RoleSql, Scope
from tests import factories as f
from tests.anomalies.aides_base import changer, codes_ouverts, une_fiche_saine
from tests.conftest import MIDI
from tests.effectifs.aides import contrat_de, lectures
from tests.pages import Navigateur, liens, tableau
from tests.points.aides import direction
from tests.transmissions.aides_api import travailler


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def fiche(session: Session, cfa: Organisme) -> Effectif:
    return une_fiche_saine(session, cfa, sexe=None, telephone="0600000000")


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa)


def test_les_anomalies_sont_des_points_comme_les_autres(
    session: Session, directeur: Navigateur, fiche: Effectif
) -> None:
    lignes = tableau(directeur.get("/a-regler"))
    assert [(r["Conséquence"], r["Qui agit"], r["Geste"]) for r in lignes] == [
        ("L’enquête SIFA", "Vous", "Compléter le sexe : CANARI Alix"),
        ("Confort", "Vous", "Corriger le téléphone : CANARI Alix"),
    ]


def test_une_anomalie_se_choisit_dans_son_genre(directeur: Navigateur, fiche: Effectif) -> None:
    page = directeur.get("/a-regler?genre=ANOMALIE&anomalie=SEXE_MANQUANT")
    assert [r["Geste"] for r in tableau(page)] == ["Compléter le sexe : CANARI Alix"]
    assert "TELEPHONE_INUTILISABLE" in page.text
    assert "INE_MANQUANT" not in page.text
    assert "/a-regler" in liens(page), "without its genre, an anomaly is no filter"
    assert directeur.get("/a-regler?genre=ANOMALIE&anomalie=RIEN").status_code == 404


def test_une_anomalie_laissee_par_un_autre_genre_est_ignoree(directeur: Navigateur, fiche: Effectif) -> None:
    page = directeur.get("/a-regler?genre=CONFLIT&anomalie=SEXE_MANQUANT")
    assert page.status_code == 200
    assert tableau(page) == []


def test_la_page_garde_son_nombre_de_lectures(directeur: Navigateur, fiche: Effectif) -> None:
    assert lectures(directeur, "/a-regler?genre=ANOMALIE&anomalie=SEXE_MANQUANT") <= 8


def test_chaque_geste_mene_a_une_page_qui_s_ouvre(
    session: Session, app: Flask, directeur: Navigateur, fiche: Effectif
) -> None:
    adresses = set()
    for code, anomalie in CATALOGUE.items():
        contrat_id = contrat_de(session, fiche).id if anomalie in CONTRATS else None
        details = catalogue.details(code, contrat_id, {})
        effectif_id = None if code == "ETABLISSEMENT_NON_FIABLE" else fiche.id
        with app.test_request_context():
            adresses.add(vers_la_correction(Lie(fiche.organisme_id, effectif_id, "", details)))
    assert len(adresses) > 10
    assert {directeur.get(adresse).status_code for adresse in adresses} == {200}


def test_une_tete_de_reseau_ne_lit_pas_les_anomalies_de_ses_membres(
    session: Session, navigateur: Navigateur, cfa: Organisme, fiche: Effectif
) -> None:
    f.un_reseau(session, "CMA", [cfa], responsable=True)
    tete = f.une_organisation(session, "TETE_DE_RESEAU", "CMA", regle="RESEAU", reseau_code="CMA")
    anne, garant = f.une_personne(session, "Anne"), f.une_personne(session, "Claude")
    reseau = navigateur.comme(f.une_habilitation(session, anne, tete, validee_par=garant))
    assert reseau.get(f"/effectifs/{fiche.id}/anomalies").status_code == 403
    assert "SIFA le demande" not in reseau.get(f"/effectifs/{fiche.id}").text
    assert "SEXE_MANQUANT" not in reseau.get("/effectifs").text


def test_ce_qu_un_reseau_corrige_est_controle_par_un_travail(
    session: Session, cfa: Organisme, fiche: Effectif
) -> None:
    """It reads neither points nor silences: PostgreSQL would refuse what it opens (decision 26)."""
    fiche.sexe = "F"
    session.commit()
    chez_eux = Portee(frozenset({cfa.id}))
    droits = {Droit.CORRIGER: chez_eux, Droit.VOIR_NOMINATIF: chez_eux}
    with scope.sous(Scope(droits=droits, role=RoleSql.FAMILLE, suivi=frozenset())):
        service.suivre([fiche.id])
        session.commit()
    assert codes_ouverts(session) == ["SEXE_MANQUANT", "TELEPHONE_INUTILISABLE"]
    with horloge.regler(MIDI + timedelta(minutes=1)):
        travailler(session)
    assert codes_ouverts(session) == ["TELEPHONE_INUTILISABLE"]


def test_le_lien_mene_au_champ_ou_au_contrat(
    session: Session, directeur: Navigateur, fiche: Effectif
) -> None:
    contrat = contrat_de(session, fiche)
    contrat.rupture = MIDI.date()
    changer(session, fiche)
    trouves = liens(directeur.get("/a-regler"))
    assert f"/contrats/{contrat.id}/rompre" in trouves
    assert f"/effectifs/{fiche.id}/corriger/sexe" in trouves


def test_la_fiche_dit_ce_qui_ne_va_pas_ce_qui_coute_d_abord(directeur: Navigateur, fiche: Effectif) -> None:
    page = directeur.get(f"/effectifs/{fiche.id}/anomalies")
    assert [r["Ce qui est à régler"] for r in tableau(page, "anomalies")] == [
        "Le sexe manque : SIFA le demande.",
        "Le numéro de téléphone ne peut joindre personne.",
    ]
    assert f"/effectifs/{fiche.id}/anomalies/SEXE_MANQUANT/taire" in liens(page)
    assert "SIFA le demande" in directeur.get(f"/effectifs/{fiche.id}").text


def test_la_liste_se_filtre_par_ce_qui_est_a_regler(
    session: Session, directeur: Navigateur, cfa: Organisme, fiche: Effectif
) -> None:
    autre = {"nom": "SERIN", "prenom": "Camille", "naissance": date(2006, 1, 2), "ine": "120890178HB"}
    une_fiche_saine(session, cfa, fin=None, historique=[[2, "2026-09-01"]], **autre)

    def noms(valeur: str) -> list[str]:
        adresse = f"/effectifs?a_regler={valeur}" if valeur else "/effectifs"
        return [ligne["Nom"] for ligne in tableau(directeur.get(adresse), "apprenants")]

    assert len(noms("")) == 2
    assert len(noms("tout")) == 2
    for valeur in ("3", "4", "SEXE_MANQUANT"):
        (nom,) = noms(valeur)
        assert nom.startswith("CANARI"), valeur
    assert noms("1") == ["SERIN Camille"]


def test_le_filtre_n_offre_que_ce_qui_est_ouvert_dans_la_portee(
    session: Session, directeur: Navigateur, fiche: Effectif
) -> None:
    voisin = f.un_organisme(session, "CFA Brest", departement="29")
    une_fiche_saine(session, voisin, ine=None)
    page = directeur.get("/effectifs")
    assert "SEXE_MANQUANT" in page.text
    assert "INE_MANQUANT" not in page.text


def test_une_valeur_qui_n_existe_pas_ne_garde_aucune_fiche() -> None:
    assert str(queries_filtre.condition("RIEN")) == "false"


def test_le_systeme_ne_se_voit_rien_offrir(session: Session, fiche: Effectif) -> None:
    assert queries_filtre.choix() == []
