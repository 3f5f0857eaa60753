"""The two sites, and the browsers of their people."""

import pytest
from sqlalchemy.orm import Session

from tests.depots.aides_depots import Monde, un_monde
from tests.pages import Navigateur


@pytest.fixture
def monde(session: Session) -> Monde:
    return un_monde(session)


@pytest.fixture
def directrice(navigateur: Navigateur, monde: Monde) -> Navigateur:
    return navigateur.comme(monde.directrice)


@pytest.fixture
def membre(navigateur: Navigateur, monde: Monde) -> Navigateur:
    return navigateur.comme(monde.membre)


@pytest.fixture
def voisine(navigateur: Navigateur, monde: Monde) -> Navigateur:
    return navigateur.comme(monde.voisine)
