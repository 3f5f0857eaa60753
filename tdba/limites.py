"""Limits counted in PostgreSQL: how often an act may be tried, whatever the session or the address it comes from.

The row of a key is locked until the end of the transaction, so attempts sent at once are counted one after the
other; a count that must outlive a refusal is committed with it. Redis being away changes nothing here (decision 27).
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, case, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from tdba.db import Base, db

CONSERVATION = timedelta(days=1)
"""A window is never longer than this, so an older count says nothing."""


class Limite(Base):
    """How many times something was tried since `debut`."""

    __tablename__ = "limite"
    cle: Mapped[str] = mapped_column(primary_key=True)
    """The act and the id of who or what it is counted for, `second_facteur:12`; never a value."""
    debut: Mapped[datetime]
    nombre: Mapped[int]


def compter(cle: str, *, fenetre: timedelta, maintenant: datetime) -> int:
    """Count one more attempt, in the current transaction. Returns how many there are in the window, this one included."""
    finie = Limite.debut <= maintenant - fenetre
    requete = insert(Limite).values(cle=cle, debut=maintenant, nombre=1)
    requete = requete.on_conflict_do_update(
        index_elements=[Limite.cle],
        set_={
            "debut": case((finie, maintenant), else_=Limite.debut),
            "nombre": case((finie, 1), else_=Limite.nombre + 1),
        },
    )
    return int(db.session.execute(requete.returning(Limite.nombre)).scalar_one())


def oublier(cle: str) -> None:
    """Start again from nothing: the act succeeded."""
    db.session.execute(delete(Limite).where(Limite.cle == cle))


def purger(maintenant: datetime) -> int:
    """Delete the counts whose window is over. Returns how many."""
    requete = delete(Limite).where(Limite.debut <= maintenant - CONSERVATION)
    return cast("CursorResult[Any]", db.session.execute(requete)).rowcount
