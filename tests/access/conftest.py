"""The world is built once per worker; each case happens in a savepoint that is undone.

This folder is a package (`__init__.py`) so that the world, of package scope, ends before tests of other folders start.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.config import Configuration
from tdba.db import db
from tests.access.monde import Monde, construire, navigateurs
from tests.conftest import MIDI, isolement
from tests.pages import Navigateur


@dataclass
class Scene:
    """The world, its transaction, and a browser for each member of the cast."""

    app: Flask
    lien: Connection
    session: Session
    monde: Monde
    navigateurs: dict[str, Navigateur]


@pytest.fixture(scope="package")
def scene(app: Flask, configuration: Configuration) -> Iterator[Scene]:
    with isolement(app, configuration) as lien, horloge.regler(MIDI), scope.systeme("monde"):
        session = db.session()
        monde = construire(app, session)
        yield Scene(app, lien, session, monde, navigateurs(app, session, monde))


@pytest.fixture
def essai(scene: Scene) -> Iterator[Scene]:
    """One case: whatever it writes is undone."""
    scene.session.commit()
    point = scene.lien.begin_nested()
    try:
        yield scene
    finally:
        scene.session.rollback()
        if point.is_active:
            point.rollback()
        scene.session.expire_all()
