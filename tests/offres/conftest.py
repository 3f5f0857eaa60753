"""Two CFA, the director of the first, and what the référentiel says of a trade and of two communes."""

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.organismes.models import CertificationRome, Commune, Organisme, Rome
from tests.factories import (
    les_territoires,
    un_organisme,
    une_habilitation,
    une_organisation,
    une_personne,
)
from tests.pages import Navigateur


@pytest.fixture
def cfa(session: Session) -> Organisme:
    les_territoires(session)
    session.add_all(
        [
            Commune(code_insee="35238", nom="Rennes", departement_code="35", codes_postaux=["35000"]),
            Rome(code="D1102", libelle="Boulanger / Boulangère"),
            CertificationRome(rncp="RNCP38322", romes=["D1102"]),
        ]
    )
    return un_organisme(session, "CFA Rennes")


@pytest.fixture
def voisin(session: Session, cfa: Organisme) -> Organisme:
    """Somebody else's."""
    return un_organisme(session, "CFA Brest", departement="29")


@pytest.fixture
def direction(session: Session, cfa: Organisme) -> Habilitation:
    organisation = une_organisation(
        session, "ORGANISME_FORMATION", "CFA Rennes", regle="ETABLISSEMENTS", organismes=[cfa]
    )
    return une_habilitation(session, une_personne(session, "Dominique"), organisation)


@pytest.fixture
def directeur(navigateur: Navigateur, direction: Habilitation) -> Navigateur:
    return navigateur.comme(direction)
