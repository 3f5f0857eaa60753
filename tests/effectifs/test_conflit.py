""" "L’ERP dit autre chose": keep mine, accept theirs, type a third value (decision 17)."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.effectifs.statuts import Statut
from tdba.points.models import Point
from tests import factories as f
from tests.effectifs.aides import contrat_de, corrections, envoyer, evenements, phrases, statut_du_jour, tous
from tests.effectifs.aides_contrats import FIN, OCTOBRE, recevoir
from tests.effectifs.conftest import Decor
from tests.effectifs.test_annuler import annuler
from tests.pages import Navigateur, champs, liens

ROMPU, AUTRE = date(2026, 11, 2), date(2026, 10, 20)


@pytest.fixture
def contredite(session: Session, decor: Decor, directrice: Navigateur) -> Effectif:
    """A rupture sent, cancelled by the director, then sent again on another day."""
    effectif = f.un_effectif(session, decor.cfa)
    recevoir(session, effectif, ContratRecu(OCTOBRE, FIN, ROMPU))
    envoyer(directrice, f"/contrats/{contrat_de(session, effectif).id}/rupture/annuler")
    recevoir(session, effectif, ContratRecu(OCTOBRE, FIN, AUTRE), ine="B")
    return effectif


def derniere(session: Session) -> Correction:
    return corrections(session)[-1]


def choisir(navigateur: Navigateur, correction: Correction, choix: str) -> int:
    adresse = f"/corrections/{correction.id}/conflit"
    return navigateur.post(adresse, champs(navigateur.get(adresse), adresse) | {"choix": choix}).status_code


def test_a_regler_mene_au_choix_qui_dit_l_effet(
    session: Session, directrice: Navigateur, contredite: Effectif
) -> None:
    correction = derniere(session)
    adresse = f"/corrections/{correction.id}/conflit"
    assert adresse in liens(directrice.get("/a-regler"))
    vu = phrases(directrice.get(adresse))
    assert "aucune valeur" in vu
    assert "20 octobre 2026" in vu
    assert "2 novembre 2026" in vu
    assert "Le statut passera de « apprenti » à « en rupture »" in vu


def test_garder_la_sienne_clot_le_conflit_et_l_erp_qui_repete_ne_le_rouvre_pas(
    session: Session, directrice: Navigateur, contredite: Effectif
) -> None:
    conflit = derniere(session)
    assert choisir(directrice, conflit, "garder") == 303
    assert [(c.etat, c.motif) for c in corrections(session)] == [
        ("REMPLACEE", "PIECE_VUE"),
        ("ACTIVE", "GARDEE"),
    ]
    recevoir(session, contredite, ContratRecu(OCTOBRE, FIN, AUTRE), ine="C")
    assert derniere(session).etat == "ACTIVE"
    assert statut_du_jour(session, contredite) is Statut.APPRENTI
    assert tous(session, select(Point).where(Point.genre == "CONFLIT", Point.clos_le.is_(None))) == []


def test_annuler_une_valeur_gardee_rend_celle_que_l_erp_dit(
    session: Session, directrice: Navigateur, contredite: Effectif
) -> None:
    choisir(directrice, derniere(session), "garder")
    annuler(directrice, derniere(session))
    assert contrat_de(session, contredite).rupture == AUTRE
    assert [c.etat for c in corrections(session)] == ["REMPLACEE", "ANNULEE"]


def test_accepter_la_leur_la_reprend_et_change_le_statut(
    session: Session, directrice: Navigateur, contredite: Effectif
) -> None:
    choisir(directrice, derniere(session), "accepter")
    assert contrat_de(session, contredite).rupture == AUTRE
    assert statut_du_jour(session, contredite) is Statut.RUPTURANT
    assert [c.etat for c in corrections(session)] == ["ANNULEE"]
    assert len(evenements(session, "effectif.correction_annulee")) == 1


def test_une_troisieme_valeur_remplace_les_deux(
    session: Session, directrice: Navigateur, contredite: Effectif
) -> None:
    adresse = f"/corrections/{derniere(session).id}/conflit"
    contrat = contrat_de(session, contredite)
    assert f"/contrats/{contrat.id}/corriger" in liens(directrice.get(adresse))
    envoyer(directrice, f"/contrats/{contrat.id}/corriger", rupture="2026-11-10")
    assert contrat_de(session, contredite).rupture == date(2026, 11, 10)
    assert [c.etat for c in corrections(session)] == ["REMPLACEE", "ACTIVE"]


def test_un_conflit_regle_entre_temps_le_dit(
    session: Session, directrice: Navigateur, contredite: Effectif
) -> None:
    conflit = derniere(session)
    adresse = f"/corrections/{conflit.id}/conflit"
    envoi = champs(directrice.get(adresse), adresse) | {"choix": "garder"}
    assert directrice.post(adresse, envoi).status_code == 303
    assert directrice.post(adresse, envoi).status_code == 303
    assert len(corrections(session)) == 2


def test_une_fiche_changee_entre_temps_redemande(
    session: Session, directrice: Navigateur, contredite: Effectif
) -> None:
    adresse = f"/corrections/{derniere(session).id}/conflit"
    envoi = champs(directrice.get(adresse), adresse) | {"choix": "accepter"}
    envoyer(directrice, f"/effectifs/{contredite.id}/corriger/nom", valeur="AUTRE")
    reponse = directrice.post(adresse, envoi)
    assert reponse.status_code == 409
    assert "a changé depuis" in phrases(reponse)
    assert contrat_de(session, contredite).rupture is None
    assert directrice.post(adresse, champs(reponse, adresse) | {"choix": "accepter"}).status_code == 303


def test_le_conflit_d_un_autre_n_existe_pas(
    session: Session, voisine: Navigateur, contredite: Effectif
) -> None:
    adresse = f"/corrections/{derniere(session).id}/conflit"
    assert voisine.get(adresse).status_code == 404
    assert voisine.post(adresse, {"version": "1", "choix": "garder"}).status_code == 404
    assert len(tous(session, select(Contrat))) == 1
