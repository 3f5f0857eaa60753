"""What the tests of "À régler" read and make."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.organismes.models import Organisme
from tdba.points import genres
from tdba.points.models import Point
from tdba.scope import Droit
from tests import factories as f
from tests.pages import Navigateur


def ouverts(session: Session, genre: str | None = None) -> list[Point]:
    """The open points, in the order of the list."""
    session.commit()
    with scope.systeme("test"):
        requete = scope.autorisee(select(Point), Droit.CORRIGER).where(Point.clos_le.is_(None))
        # What is wrong with a record, or makes it look like another, is another subject: it is read by its name.
        autres = Point.genre.not_in(("ANOMALIE", "DOUBLON"))
        requete = requete.where(Point.genre == genre if genre is not None else autres)
        requete = requete.order_by(Point.consequence, Point.id).execution_options(populate_existing=True)
        return list(session.execute(requete).scalars())


def phrases(session: Session, genre: str | None = None) -> list[str]:
    """What these points say, no-break spaces folded."""
    return [" ".join(genres.phrase(p.genre, p.details).split()) for p in ouverts(session, genre)]


def direction(session: Session, navigateur: Navigateur, *sites: Organisme, **options: Any) -> Navigateur:
    """The director of these sites, logged in."""
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", sites[0].nom, regle="ETABLISSEMENTS", organismes=list(sites)
    )
    return navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Dominique"), organisation, **options)
    )
