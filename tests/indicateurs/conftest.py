"""The world of the pages of figures."""

import pytest
from sqlalchemy.orm import Session

from tests import factories as f
from tests.indicateurs.aides import Monde
from tests.pages import Navigateur


@pytest.fixture
def monde(session: Session, navigateur: Navigateur) -> Monde:
    """Three CFA in three départements, each in the network NORD; two youths waiting in Rennes."""
    f.les_territoires(session)
    rennes, brest, toulouse = (
        f.un_organisme(session, nom, departement=d)
        for nom, d in (("CFA de Rennes", "35"), ("CFA de Brest", "29"), ("CFA de Toulouse", "31"))
    )
    f.un_reseau(session, "NORD", [rennes, brest, toulouse])
    f.un_sans_contrat(session, rennes, depuis=80, nom="SECRETE")
    f.une_rupture(session, rennes, depuis=50, nom="SECRETE")
    f.un_apprenti(session, brest, nom="SECRETE")
    f.un_apprenti(session, toulouse, nom="SECRETE")
    return Monde(session, navigateur, rennes, brest, toulouse)
