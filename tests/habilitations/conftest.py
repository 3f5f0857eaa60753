"""Who asks for access: somebody who has just logged in, sent by the CFA's own SIRET."""

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Personne
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.habilitations.aides_acces import chez, le_support, un_cfa, une_arrivante
from tests.pages import Navigateur


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return un_cfa(session, courriel="contact@exemple.fr")


@pytest.fixture
def camille(session: Session, cfa: Organisme) -> Personne:
    return une_arrivante(session, siret=cfa.siret)


@pytest.fixture
def elle(navigateur: Navigateur, camille: Personne) -> Navigateur:
    return chez(navigateur, camille)


@pytest.fixture
def alix(navigateur: Navigateur, session: Session) -> Navigateur:
    """Somebody of support."""
    return navigateur.comme(le_support(session, "Alix"))
