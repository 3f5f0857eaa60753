"""A spreadsheet that says a disability: kept apart once confirmed, shown in no preview, dropped when the survey is off."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.depots.aides_depots import confirmer, fiches, importer, rangee, un_monde
from tests.pages import Navigateur
from tests.sifa.test_reception import partout, recues


def deposer(session: Session, navigateur: Navigateur, **dites: Any) -> str:
    """Give a file of one row; returns what the page of the file shows before it is confirmed."""
    monde = un_monde(session)
    directrice = navigateur.comme(monde.directrice)
    depot = importer(session, directrice, rangee(monde.dunes, "AMAR", **dites), organisme=monde.dunes.id)
    apercu = directrice.get(f"/depots/{depot.uuid}").text
    if depot.apercu.get("refus") is None:
        confirmer(session, directrice, depot)
    return apercu


def test_le_handicap_d_un_tableur_n_est_que_dans_sa_table(
    session: Session, navigateur: Navigateur, sifa: None
) -> None:
    apercu = deposer(session, navigateur, rqth_apprenant="oui", date_rqth_apprenant="01/02/2026")
    assert "01/02/2026" not in apercu
    assert len(fiches(session)) == 1
    assert recues(session) == [{"FICHIER": {"rqth_apprenant": True, "date_rqth_apprenant": "2026-02-01"}}]
    assert "rqth" not in partout(session, "effectif", "effectif_source", "avant_image", "correction")


@pytest.mark.parametrize("dite", ["oui", "peut-être"])
def test_sans_tdba_sifa_la_colonne_est_ignoree(
    session: Session, navigateur: Navigateur, sans_sifa: None, dite: str
) -> None:
    deposer(session, navigateur, rqth_apprenant=dite)
    assert len(fiches(session)) == 1
    assert recues(session) == []
    assert "rqth" not in partout(session, "ligne", "effectif", "effectif_source")


def test_un_handicap_mal_ecrit_refuse_la_ligne_sans_se_montrer(
    session: Session, navigateur: Navigateur, sifa: None
) -> None:
    apercu = deposer(session, navigateur, rqth_apprenant="peut-être malade")
    assert "peut-être malade" not in apercu
    etats = session.execute(text("SELECT contenu::text FROM ligne")).scalars().all()
    assert not any("malade" in contenu for contenu in etats)
    assert fiches(session) == []
