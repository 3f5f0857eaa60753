"""An establishment, and the ERP that sends for it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba.organismes.models import Organisme
from tests import factories as f
from tests.transmissions.aides_api import Logiciel


@pytest.fixture
def dunes(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "Dunes")


@pytest.fixture
def logiciel(app: Flask, session: Session, dunes: Organisme) -> Logiciel:
    return Logiciel(app, session, dunes)
