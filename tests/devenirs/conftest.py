"""The world of the outcomes."""

import pytest
from sqlalchemy.orm import Session

from tests.devenirs.aides import Monde
from tests.factories import (
    les_territoires,
    un_organisme,
    une_habilitation,
    une_organisation,
    une_personne,
)
from tests.pages import Navigateur


@pytest.fixture
def monde(session: Session) -> Monde:
    les_territoires(session)
    rennes, annexe = un_organisme(session, "CFA Rennes"), un_organisme(session, "CFA Saint-Malo")
    voisin = un_organisme(session, "CFA Brest", departement="29")
    organisation = une_organisation(
        session, "ORGANISME_FORMATION", "CFA Rennes", regle="ETABLISSEMENTS", organismes=[rennes, annexe]
    )
    direction = une_habilitation(session, une_personne(session, "Dominique"), organisation)
    return Monde(session, rennes, annexe, voisin, direction)


@pytest.fixture
def directeur(navigateur: Navigateur, monde: Monde) -> Navigateur:
    return navigateur.comme(monde.direction)
