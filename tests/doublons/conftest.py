"""A CFA, the site it answers for, and its director."""

import pytest
from sqlalchemy.orm import Session

from tdba.organismes.models import Organisme
from tests import factories as f
from tests.doublons.aides import direction
from tests.pages import Navigateur


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def annexe(session: Session, cfa: Organisme) -> Organisme:
    annexe = f.un_organisme(session, "CFA Saint-Malo")
    f.une_relation(session, cfa, annexe)
    return annexe


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa)
