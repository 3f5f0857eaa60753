"""What a demo database says of itself (decision 44). Nothing of the demo writes without having asked here first."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from tdba.db import db
from tdba.installation import Marque, MauvaiseBase, exiger_nature
from tdba.organismes.models import Organisme

ENVIRONNEMENTS: Final = ("demo", "test", "bench")


def prendre(env: str) -> None:
    """Refuse any database that is not of this environment; mark an empty one. Raises MauvaiseBase."""
    if env not in ENVIRONNEMENTS:
        raise MauvaiseBase(f"the demo never runs in {env!r}")
    session = db.session()
    if lire_marque("nature") is None and not session.scalar(select(func.count()).select_from(Organisme)):
        poser_marque("nature", env)
    exiger_nature(session, env)


def lire_marque(nom: str) -> str | None:
    return db.session().scalar(select(Marque.valeur).where(Marque.nom == nom))


def poser_marque(nom: str, valeur: str) -> None:
    requete = insert(Marque).values(nom=nom, valeur=valeur)
    db.session().execute(
        requete.on_conflict_do_update(index_elements=["nom"], set_={"valeur": requete.excluded.valeur})
    )
