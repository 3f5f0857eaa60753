"""Two people at once: a database of their own, the instant they share, and what holds after it."""

import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import create_engine

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.changements import VersionPerimee
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.ruptures.service_dossier import DossierPerime
from tdba.scope import Introuvable
from tests import base_test
from tests import factories as f
from tests.conftest import MIDI
from tests.invariants import verites
from tests.invariants.aides import Monde, peupler, un_monde

Geste = Callable[[], object]
REFUS = (ErreurMetier, Introuvable, VersionPerimee, DossierPerime)


@contextmanager
def base_a_part(urls: dict[str, str], app: Flask) -> Iterator[None]:
    """A database of these tests' own: what is done here is committed. A wait longer than five seconds is a failure."""
    url = base_test.copier(urls["superutilisateur"], "deux_a_la_fois")
    moteur = create_engine(url, connect_args={"options": "-c timezone=UTC -c lock_timeout=5000"})
    with app.app_context(), horloge.regler(MIDI):
        anciens = dict(db.engines)
        db.engines[None] = moteur  # type: ignore[index]
        try:
            with scope.systeme("test"):
                f.les_territoires(db.session())
                db.session.commit()
            yield
        finally:
            db.session.remove()
            db.engines.update(anciens)  # type: ignore[attr-defined]
            moteur.dispose()
            base_test.effacer(urls["superutilisateur"], url)


@contextmanager
def une_famille() -> Iterator[Monde]:
    """A family of its own for each test: nobody looks like those of another."""
    with scope.systeme("test"):
        un = un_monde(db.session())
        peupler(un)
        yield un
        db.session.rollback()


def ensemble(
    app: Flask,
    monde: Monde,
    *faits: Geste,
    en_systeme: Geste | None = None,
    acteur: scope.Scope | None = None,
) -> list[Any]:
    """Do these at once, each over its own connection, as the director or as `acteur`; what each returns, or was refused by."""
    qui = acteur or monde.portee_de(monde.habilitation.id)
    depart = Barrier(len(faits) + (en_systeme is not None))

    def jouer(fait: Geste, acteur: scope.Scope | None) -> Any:
        with app.app_context(), scope.systeme("test") if acteur is None else scope.sous(acteur):
            depart.wait(timeout=5)
            try:
                rendu = fait()
                db.session.commit()
            except REFUS as refus:
                db.session.rollback()
                return refus
            finally:
                db.session.remove()
            return rendu

    taches = [(fait, qui) for fait in faits] + ([(en_systeme, None)] if en_systeme else [])
    with ThreadPoolExecutor(len(taches)) as fils:
        futurs = [fils.submit(contextvars.Context().run, jouer, *tache) for tache in taches]
        rendus = [futur.result(timeout=20) for futur in futurs]
    monde.session.expire_all()
    verites.verifier(monde, "")
    return rendus


def la(monde: Monde, cle: str) -> Effectif:
    return next(f for f in monde.fiches() if f.id_erp.startswith(f"{cle}-") and f.id_erp in monde.cles)
