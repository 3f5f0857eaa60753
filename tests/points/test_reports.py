"""The page "À reporter dans votre ERP": the ERP stays the master, nothing is asked twice (decision 6)."""

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba.effectifs.models import Correction, Effectif
from tdba.organismes.models import Organisme
from tdba.points import reports, service
from tests import factories as f
from tests.pages import Navigateur, arbre, texte
from tests.points.aides import direction, ouverts, phrases
from tests.transmissions.aides_api import une_correction

PAGE = "/a-regler/a-reporter"


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def jeune(session: Session, cfa: Organisme) -> Effectif:
    return f.un_apprenti(session, cfa)


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa)


@pytest.fixture
def correction(session: Session, jeune: Effectif, directeur: Navigateur) -> Correction:
    corrigee = une_correction(session, jeune, "nom", "LE GALL")
    session.commit()
    return corrigee


def lignes(page: TestResponse) -> str:
    return " ".join(texte(arbre(page)).split())


def test_ce_qui_est_corrige_ici_est_a_reporter_avec_ce_que_dit_l_erp(
    directeur: Navigateur, correction: Correction
) -> None:
    page = lignes(directeur.get(PAGE))
    assert "1 correction à reporter dans votre ERP." in page
    assert "LE GALL" in page


def test_cocher_range_la_correction_et_decocher_la_ramene(
    session: Session, directeur: Navigateur, correction: Correction
) -> None:
    for _ in range(2):  # a double click is one tick
        assert directeur.post(PAGE, {"ids": correction.id}).status_code == 303
    assert "Rien n’est à reporter dans votre ERP ; 1 autre attend sa prochaine transmission." in lignes(
        directeur.get(PAGE)
    )
    session.refresh(correction)
    assert correction.reportee_le is not None
    directeur.post(PAGE, {"ids": correction.id, "reportee": "non"})
    session.refresh(correction)
    assert correction.reportee_le is None


def test_la_correction_que_l_erp_a_rejointe_quitte_la_liste(
    session: Session, directeur: Navigateur, correction: Correction
) -> None:
    correction.etat = "REJOINTE"
    session.commit()
    assert "Rien n’est à reporter dans votre ERP." in lignes(directeur.get(PAGE))


def test_la_correction_d_un_autre_cfa_n_existe_pas(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    ailleurs = f.un_apprenti(session, f.un_organisme(session, "CFA Nantes"))
    autre = une_correction(session, ailleurs, "nom", "KERGOAT")
    session.commit()
    assert directeur.post(PAGE, {"ids": autre.id}).status_code == 404
    assert "KERGOAT" not in lignes(directeur.get(PAGE))


def test_un_seul_point_a_regler_dit_combien_de_corrections_sont_a_reporter(
    session: Session, directeur: Navigateur, correction: Correction, jeune: Effectif
) -> None:
    service.suivre_les_corrections([jeune.id])
    assert phrases(session, "A_REPORTER") == [
        "1 correction faite ici n’est pas encore dans votre ERP, que lisent votre OPCO et l’enquête SIFA."
    ]
    directeur.post(PAGE, {"ids": correction.id})
    assert ouverts(session, "A_REPORTER") == []


@pytest.mark.parametrize(
    ("champ", "texte_garde", "dit"),
    [
        ("date_fin", "2027-06-30", "30\xa0juin\xa02027"),
        ("rupture", None, "aucune rupture"),
        ("fin", None, "aucune valeur"),
        ("contrat", None, "pas ce contrat"),
        ("sexe", "F", "féminin"),
        ("nom", "LE GALL", "LE GALL"),
    ],
)
def test_une_valeur_est_dite_comme_on_la_saisit(champ: str, texte_garde: str | None, dit: str) -> None:
    assert reports.valeur(champ, texte_garde) == dit
