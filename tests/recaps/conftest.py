"""Two CFA, and the director of the first."""

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.recaps.aides import quelqu_un


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def voisin(session: Session, cfa: Organisme) -> Organisme:
    return f.un_organisme(session, "CFA Brest", departement="29")


@pytest.fixture
def direction(session: Session, cfa: Organisme) -> Habilitation:
    return quelqu_un(session, "Dominique", cfa, nom="CFA Rennes")
