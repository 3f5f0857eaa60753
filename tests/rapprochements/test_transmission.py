"""The last transmission of an ERP against what is counted here: each difference has its name, its reason, its gesture."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.conftest import MIDI
from tests.pages import Navigateur, liens, tableau
from tests.points.aides import direction
from tests.rapprochements.aides import comparer, phrase, raisons, rangees
from tests.transmissions.aides_api import (
    Logiciel,
    effectifs,
    evenements,
    travailler,
    une_correction,
    une_ligne,
)

CONTRAT = {"contrat_date_debut": "2026-09-01", "contrat_date_fin": "2027-08-31"}


@pytest.fixture
def dunes(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "Dunes")


@pytest.fixture
def logiciel(app: Flask, session: Session, dunes: Organisme) -> Logiciel:
    return Logiciel(app, session, dunes)


@pytest.fixture
def directrice(session: Session, navigateur: Navigateur, dunes: Organisme) -> Navigateur:
    return direction(session, navigateur, dunes)


def un_apprenti(organisme: Organisme, id_erp: str, nom: str, **champs: Any) -> dict[str, Any]:
    return une_ligne(organisme, id_erp, nom_apprenant=nom, **(CONTRAT | champs))


def test_les_memes_personnes_il_n_y_a_rien_a_faire(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer(
        [un_apprenti(dunes, "A", "ABEL"), une_ligne(dunes, "B", nom_apprenant="BERT")], "?complet=1"
    )
    travailler(session)
    page = comparer(directrice)
    assert "1 = 1 : rien à faire." in phrase(page)
    assert rangees(page) == []


def test_une_ligne_refusee_manque_et_l_ecran_dit_laquelle(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    fausse = un_apprenti(dunes, "B", "BERT", email_contact="pas une adresse")
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL"), fausse], "?complet=1")
    travailler(session)
    page = comparer(directrice)
    assert "Votre ERP annonce 2 apprentis, nous en comptons 1" in phrase(page)
    assert "Après ce geste : 2 = 2" in phrase(page)
    (rangee,) = rangees(page)
    assert rangee["Personne"].startswith("BERT AlixB dans votre ERP")
    assert (
        "Ligne 2 refusée le 18 novembre 2026 : adresse électronique impossible (courriel de l’apprenant)"
        in phrase(page)
    )
    assert any(lien.endswith("apres=1") for lien in liens(page))
    vues = evenements(session, "transmission.consultee")
    assert [len(vue["ids"]) for vue in vues] == [1]


def test_une_liste_d_identifiants_reprend_le_nom_de_la_ligne_refusee(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer([un_apprenti(dunes, "B", "BERT", email_contact="non")])
    travailler(session)
    page = comparer(directrice, avec="COLLEE", liste="B")
    assert rangees(page)[0]["Personne"].startswith("BERT Alix")
    assert [len(vue["ids"]) for vue in evenements(session, "transmission.consultee")] == [1]


def test_une_fiche_qui_n_est_plus_envoyee_est_de_trop(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL"), un_apprenti(dunes, "B", "BERT")])
    travailler(session)
    with horloge.regler(MIDI.replace(day=19)):
        logiciel.envoyer([un_apprenti(dunes, "A", "ABEL")], "?complet=1")
        travailler(session)
    page = comparer(directrice)
    assert "Votre ERP annonce 1 apprenti, nous en comptons 2" in phrase(page)
    assert "Plus transmise par votre ERP depuis le 19 novembre 2026" in phrase(page)
    assert f"/effectifs/{effectifs(session)['B'].id}" in liens(page)
    assert "Après ce geste : 1 = 1" in phrase(page)


def test_une_correction_change_le_statut_et_la_page_dit_la_date(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    from tdba.effectifs import parcours

    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL")], "?complet=1")
    travailler(session)
    corrige = effectifs(session)["A"]
    une_correction(session, corrige, "date_exclusion", "2026-10-15", valeur_source=None)
    corrige = effectifs(session)["A"]
    corrige.date_exclusion, corrige.corrige = date(2026, 10, 15), True
    session.commit()
    parcours.recalculer([corrige.id])
    session.commit()
    page = comparer(directrice)
    assert "Votre ERP annonce 1 apprenti, nous en comptons 0" in phrase(page)
    (raison,) = raisons(page)
    assert "Sortie de formation déclarée au 15 octobre 2026" in raison
    assert "Corrigé ici, et votre ERP ne le sait peut-être pas : date de sortie du CFA." in raison
    assert f"/effectifs/{corrige.id}#parcours" in liens(page)


def test_sans_envoi_complet_la_derniere_ligne_de_chaque_fiche_fait_la_liste(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL", email_contact="non")])
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL"), un_apprenti(dunes, "B", "BERT")])
    travailler(session)
    page = comparer(directrice)
    assert "2 = 2 : rien à faire." in phrase(page)
    assert "pas fait d’envoi complet" in phrase(page)


def test_ce_qui_est_envoye_depuis_complete_la_liste(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL")], "?complet=1")
    logiciel.envoyer([un_apprenti(dunes, "B", "BERT")])
    travailler(session)
    assert "2 = 2 : rien à faire." in phrase(comparer(directrice))


def test_la_derniere_ligne_d_une_fiche_est_celle_qui_compte(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL", email_contact="non")], "?complet=1")
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL", date_exclusion_formation="2026-10-15")])
    travailler(session)
    assert "0 = 0 : rien à faire." in phrase(comparer(directrice))


def test_un_etablissement_inconnu_fait_attendre_sa_ligne(
    app: Flask, session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    inconnu = {"etablissement_formateur_uai": "0352440B", "etablissement_formateur_siret": "73282932000074"}
    logiciel.envoyer(
        [un_apprenti(dunes, "A", "ABEL"), un_apprenti(dunes, "B", "BERT", **inconnu)], "?complet=1"
    )
    travailler(session)
    page = comparer(directrice)
    assert "Ligne 2, reçue le 18 novembre 2026, pour un établissement que nous ne connaissons pas." in phrase(
        page
    )
    assert "/transmissions/inconnus" in liens(page)
    assert rangees(page)[0]["Qui agit"] == "Vous"


def test_les_parties_d_un_envoi_complet_font_une_liste(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    suite = "?complet=1&envoi=lundi&partie={}&parties=2"
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL")], suite.format(1))
    logiciel.envoyer([un_apprenti(dunes, "B", "BERT")], suite.format(2))
    travailler(session)
    assert "2 = 2 : rien à faire." in phrase(comparer(directrice))


def test_tous_les_apprenants_presents(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer(
        [un_apprenti(dunes, "A", "ABEL"), une_ligne(dunes, "B", nom_apprenant="BERT")], "?complet=1"
    )
    travailler(session)
    assert "2 = 2 : rien à faire." in phrase(comparer(directrice, population="APPRENANTS"))


def test_rien_n_a_ete_recu(directrice: Navigateur) -> None:
    page = comparer(directrice)
    assert page.status_code == 422
    assert "Aucune transmission n’a été reçue" in phrase(page)


def test_un_jour_hors_de_l_annee_est_refuse(directrice: Navigateur) -> None:
    page = comparer(directrice, annee="2025-2026")
    assert page.status_code == 422
    assert "Ce jour est dans l’année scolaire 2026-2027" in phrase(page)


def test_une_fiche_dans_la_corbeille(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer([un_apprenti(dunes, "A", "ABEL")], "?complet=1")
    travailler(session)
    effectifs(session)["A"].corbeille_le = MIDI
    session.commit()
    page = comparer(directrice)
    assert "dans la corbeille, mise là le 18 novembre 2026" in phrase(page)
    assert rangees(page)[0]["Qui agit"] == "Vous"


def test_regler_annuler_et_la_liste_a_reporter(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer([un_apprenti(dunes, "B", "BERT", email_contact="non")], "?complet=1")
    travailler(session)
    page = comparer(directrice)
    adresse = page.request.path
    assert directrice.post(f"{adresse}/lignes/1", {"fait": "oui"}).status_code == 303
    assert "1 ligne est marquée comme réglée" in phrase(directrice.get(adresse))
    (reportee,) = tableau(directrice.get(f"{adresse}/imprimer"))
    assert (reportee["Personne"], reportee["Fait"]) == ("BERT Alix", "☑fait")
    fragment = directrice.post(f"{adresse}/lignes/1", {"fait": "non"}, htmx=True)
    assert "marquée comme réglée" not in phrase(fragment)
    assert [e["reglee"] for e in evenements(session, "rapprochement.ligne_reglee")] == [True, False]


def test_refaire_avec_les_donnees_d_aujourd_hui(
    session: Session, logiciel: Logiciel, dunes: Organisme, directrice: Navigateur
) -> None:
    logiciel.envoyer([un_apprenti(dunes, "B", "BERT", email_contact="non")], "?complet=1")
    travailler(session)
    page = comparer(directrice)
    logiciel.envoyer([un_apprenti(dunes, "B", "BERT")], "?complet=1")
    travailler(session)
    encore = directrice.post(f"{page.request.path}/refaire")
    assert "1 = 1 : rien à faire." in phrase(directrice.get(str(encore.location)))
    assert len(tableau(directrice.get("/rapprochement"), "passes")) == 2
