"""What this database is: the marker that keeps the demo and production apart (decision 44)."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tdba.db import Base


class Marque(Base):
    """One fact about the installation, by name (`nature` is `demo`, `test`, `bench` or `production`)."""

    __tablename__ = "installation"
    nom: Mapped[str] = mapped_column(primary_key=True)
    valeur: Mapped[str]


class MauvaiseBase(Exception):
    """The database belongs to another kind of environment: nothing may run on it."""


def exiger_nature(session: Session, attendue: str) -> None:
    """Raise MauvaiseBase when the database is marked for another environment than `attendue`.

    An unmarked database is production's: the demo never writes to it.
    """
    nature = (
        session.execute(select(Marque.valeur).where(Marque.nom == "nature")).scalar_one_or_none()
        or "production"
    )
    if nature != attendue:
        raise MauvaiseBase(f"this database is marked {nature!r}, not {attendue!r}")
