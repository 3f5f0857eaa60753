"""Reading of names: each answer that shows some says so, and the journal holds it before the answer leaves (ADR 0009)."""

from collections.abc import Callable, Sequence
from typing import Final

from flask import Response, g
from sqlalchemy.exc import SQLAlchemyError

from tdba import journal, scope
from tdba.db import db
from tdba.errors import JournalIndisponible


def noms_lus(ecran: str, ids: Sequence[int]) -> None:
    """Say that this answer shows the names of these effectifs; journaled once the read transaction is over."""
    if ids:
        g.setdefault("noms_lus", []).append((ecran, list(ids)))


def lignes_lues(transmission_id: int, ids: Sequence[int], *, export: bool = False) -> None:
    """Say that this answer shows, or takes away as a file, what is written in these raw lines."""
    evenement = "transmission.exportee" if export else "transmission.consultee"
    g.setdefault("lignes_lues", []).append((evenement, transmission_id, list(ids)))


Lecteur = Callable[[int], Response | None]
"""Told how many names an answer shows, in the transaction that journals them; may answer a page in its place."""

_LECTEURS: Final[list[Lecteur]] = []


def a_la_lecture(lecteur: Lecteur) -> None:
    """Tell `lecteur` of each reading of names. The kernel knows no slice: one subscribes at boot."""
    if lecteur not in _LECTEURS:
        _LECTEURS.append(lecteur)


def compter(nombre: int) -> Response | None:
    """Tell every reader that so many names leave, on a page or in a file; the page that takes their place, if any.

    Called once the request may write; the caller commits in both cases.
    """
    return next((autre for lecteur in _LECTEURS if (autre := lecteur(nombre)) is not None), None)


def consigner(reponse: Response) -> Response:
    """Journal the names shown, in a transaction of its own, before the answer leaves (`after_request`); else 503."""
    lectures: list[tuple[str, list[int]]] = g.pop("noms_lus", [])
    brutes: list[tuple[str, int, list[int]]] = g.pop("lignes_lues", [])
    # A form sent back with its errors (409, 422) shows names too.
    if not (lectures or brutes) or (reponse.status_code >= 400 and reponse.status_code not in (409, 422)):
        return reponse
    db.session.rollback()
    try:
        with scope.sous(scope.courant()):
            nombre = sum(len(ids) for _, ids in lectures) + sum(len(ids) for _, _, ids in brutes)
            if (autre := compter(nombre)) is not None:
                db.session.commit()
                return autre  # the names do not leave
            for ecran, ids in lectures:
                journal.consigner("effectif.consulte", ecran=ecran, ids=ids)
            for evenement, transmission_id, ids in brutes:
                journal.consigner(evenement, transmission_id=transmission_id, ids=ids)
            db.session.commit()
    except SQLAlchemyError as erreur:
        db.session.rollback()
        raise JournalIndisponible from erreur
    return reponse
