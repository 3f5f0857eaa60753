"""Which mails a person does not want: only among those that may be turned off (`courriels.REFUSABLES`)."""

from collections.abc import Container, Sequence

from sqlalchemy import select

from tdba import journal
from tdba.comptes.models import Personne
from tdba.courriels import REFUSABLES
from tdba.db import db
from tdba.scope import Introuvable


def refuse(personne_id: int, genre: str) -> bool:
    """The person turned off that kind of mail."""
    requete = select(Personne.id).where(
        Personne.id == personne_id, Personne.courriels_refuses.contains([genre])
    )
    return db.session.execute(requete).first() is not None


def choisir(personne_id: int, refuses: Sequence[str], *, parmi: Container[str] = REFUSABLES) -> None:
    """Replace what the person does not want `parmi` these kinds, the others staying as they are. Raises Introuvable."""
    requete = select(Personne).where(Personne.id == personne_id).with_for_update()
    personne = db.session.execute(requete).scalar_one_or_none()
    if personne is None:
        raise Introuvable
    avant = personne.courriels_refuses
    voulus = [genre for genre in REFUSABLES if genre in (refuses if genre in parmi else avant)]
    if voulus == avant:
        return
    personne.courriels_refuses = voulus
    journal.consigner("compte.modifie", objet=("personne", personne_id), champs=["courriels_refuses"])


def refuser(personne_id: int, genre: str) -> None:
    """Turn off one more kind; doing it twice is doing it once."""
    requete = select(Personne.courriels_refuses).where(Personne.id == personne_id)
    deja: list[str] = db.session.execute(requete).scalar_one_or_none() or []
    choisir(personne_id, [*deja, genre])


def accepter(personne_id: int, genre: str) -> None:
    """Want one kind again; nothing happens when it was not refused."""
    choisir(personne_id, [], parmi={genre})
