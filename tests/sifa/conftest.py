"""The survey turned on for these tests, whatever the configuration; an establishment and its director."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tdba.organismes.models import Organisme
from tdba.sifa import a_regler, tranche
from tdba.sifa.a_regler import Reglages
from tests import factories as f
from tests.pages import Navigateur
from tests.sifa.aides import direction


@pytest.fixture
def sifa() -> Iterator[None]:
    """TDBA_SIFA on, then as it was."""
    avant = a_regler.reglages()
    tranche.activer(Reglages(actif=True, ouverture="11-02", cloture="02-15"))
    yield
    tranche.activer(avant)


@pytest.fixture
def sans_sifa() -> Iterator[None]:
    """TDBA_SIFA off, then as it was."""
    avant = a_regler.reglages()
    tranche.activer(avant._replace(actif=False))
    yield
    tranche.activer(avant)


@pytest.fixture
def dunes(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "Dunes")


@pytest.fixture
def directrice(session: Session, navigateur: Navigateur, dunes: Organisme, sifa: None) -> Navigateur:
    return direction(session, navigateur, dunes)
