"""A CFA, its director, and a youth whose contract was broken, living in Rennes."""

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Commune, Organisme
from tests.factories import (
    les_territoires,
    un_organisme,
    une_habilitation,
    une_organisation,
    une_personne,
    une_rupture,
)
from tests.liaisons.aides import dossier_de
from tests.pages import Navigateur


@pytest.fixture
def cfa(session: Session) -> Organisme:
    les_territoires(session)
    session.add(Commune(code_insee="35238", nom="Rennes", departement_code="35", codes_postaux=["35000"]))
    session.flush()
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


@pytest.fixture
def jeune(session: Session, cfa: Organisme) -> Effectif:
    return une_rupture(session, cfa, nom="SERIN", prenom="Noé", telephone="0612345678")


@pytest.fixture
def numero(session: Session, jeune: Effectif) -> int:
    """Id of the youth's file."""
    return dossier_de(jeune)
