"""A file that waits to be confirmed is a point, until somebody decides (decision 5)."""

import pytest
from sqlalchemy.orm import Session

from tdba.depots.models import Depot
from tdba.points import service
from tests.depots.aides_depots import Monde, classeur, deposer, depot_de, rangee, travailler, un_monde
from tests.pages import Navigateur, liens
from tests.points.aides import ouverts, phrases


@pytest.fixture
def monde(session: Session) -> Monde:
    return un_monde(session)


@pytest.fixture
def directrice(navigateur: Navigateur, monde: Monde) -> Navigateur:
    return navigateur.comme(monde.directrice)


@pytest.fixture
def depot(session: Session, monde: Monde, directrice: Navigateur) -> Depot:
    """Two rows, read and shown."""
    reponse = deposer(
        directrice,
        classeur(rangee(monde.dunes, "AMAR"), rangee(monde.dunes, "BLOT")),
        organisme=monde.dunes.id,
    )
    travailler()
    return depot_de(session, reponse)


def test_un_fichier_lu_attend_qu_on_le_confirme(
    session: Session, depot: Depot, directrice: Navigateur
) -> None:
    assert phrases(session) == [
        "Un fichier attend votre confirmation : 2 lignes sont lues, rien n’est encore écrit."
    ]
    assert f"/depots/{depot.uuid}" in liens(directrice.get("/a-regler"))
    assert service.refaire([depot.organisme_id]) == (0, 0)


@pytest.mark.parametrize("acte", ["confirmer", "abandonner", "revoir"])
def test_decider_ferme_le_point(session: Session, depot: Depot, directrice: Navigateur, acte: str) -> None:
    assert directrice.post(f"/depots/{depot.uuid}/{acte}").status_code == 303
    assert ouverts(session) == []


def test_un_fichier_revu_attend_de_nouveau(session: Session, depot: Depot, directrice: Navigateur) -> None:
    directrice.post(f"/depots/{depot.uuid}/revoir")
    travailler()
    assert len(ouverts(session)) == 1
