"""Two CFA, the director of the first, and its network."""

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.organismes.models import Organisme
from tests.factories import (
    les_territoires,
    un_organisme,
    un_reseau,
    une_habilitation,
    une_organisation,
    une_personne,
)
from tests.pages import Navigateur


@pytest.fixture
def cfa(session: Session) -> Organisme:
    les_territoires(session)
    return un_organisme(session, "CFA Rennes")


@pytest.fixture
def annexe(session: Session, cfa: Organisme) -> Organisme:
    """A second site of the same director."""
    return un_organisme(session, "CFA Saint-Malo")


@pytest.fixture
def voisin(session: Session, cfa: Organisme) -> Organisme:
    """Somebody else's."""
    return un_organisme(session, "CFA Brest", departement="29")


@pytest.fixture
def direction(session: Session, cfa: Organisme, annexe: Organisme) -> Habilitation:
    organisation = une_organisation(
        session, "ORGANISME_FORMATION", "CFA Rennes", regle="ETABLISSEMENTS", organismes=[cfa, annexe]
    )
    return une_habilitation(session, une_personne(session, "Dominique"), organisation)


@pytest.fixture
def directeur(navigateur: Navigateur, direction: Habilitation) -> Navigateur:
    return navigateur.comme(direction)


@pytest.fixture
def reseau(session: Session, navigateur: Navigateur, cfa: Organisme, voisin: Organisme) -> Navigateur:
    """Somebody of a network that answers for two CFA."""
    un_reseau(session, "AFTRAL", [cfa, voisin], responsable=True)
    organisation = une_organisation(session, "TETE_DE_RESEAU", "AFTRAL", regle="RESEAU", reseau_code="AFTRAL")
    second = une_personne(session, "Second")
    return navigateur.comme(
        une_habilitation(session, une_personne(session, "Camille"), organisation, validee_par=second)
    )
