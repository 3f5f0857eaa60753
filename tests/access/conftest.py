"""The world is built once per worker; each case happens in a savepoint that is undone.

This folder is a package (`__init__.py`) so that the world, of package scope, ends before tests of other folders start.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.config import Configuration
from tdba.db import db
from tdba.sifa import a_regler, tranche
from tdba.sifa.a_regler import Reglages
from tests import pages
from tests.access.distribution import Distribution
from tests.access.fiches import Fiches
from tests.access.monde import Monde, construire, navigateurs
from tests.access.receptions import Receptions
from tests.access.suivi import Suivi
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
    cas: list[Any] = field(default_factory=list)
    """Every request of the matrix, once it has been asked for (matrice.py)."""


JETON = re.compile(r"[\w.-]{60,}")
"""What changes from one page to the next without changing its mark-up: the form token."""


def _une_fois(policer_html: Callable[..., None]) -> Callable[..., None]:
    """The police of pages.py, asked once for each mark-up: most answers here are the same few refusals."""
    deja: set[tuple[str, bool]] = set()

    def policer(corps: str, *, entier: bool) -> None:
        cle = (JETON.sub("", corps), entier)
        if cle not in deja:
            policer_html(corps, entier=entier)
            deja.add(cle)

    return policer


@pytest.fixture(scope="package")
def police() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as rustine:
        rustine.setattr(pages, "policer_html", _une_fois(pages.policer_html))
        yield


@pytest.fixture(scope="package")
def sifa(app: Flask) -> Iterator[None]:
    """The survey turned on (TDBA_SIFA): without it, none of its screens exists."""
    avant = a_regler.reglages()
    tranche.activer(Reglages(actif=True, ouverture="11-02", cloture="02-15"))
    yield
    tranche.activer(avant)


@pytest.fixture(scope="package")
def scene(app: Flask, configuration: Configuration, police: None, sifa: None) -> Iterator[Scene]:
    with isolement(app, configuration) as lien, horloge.regler(MIDI), scope.systeme("monde"):
        session = db.session()
        monde = construire(app, session)
        Distribution(session, monde).completer()
        Receptions(session, monde).completer()
        Fiches(session, monde).completer()
        Suivi(session, monde).completer()
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
