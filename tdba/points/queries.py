"""Reading what is left to settle, for the CFA it belongs to (decision 5).

A network that answers for its members corrects their records; their list of points stays theirs, even of those that share
their follow-up (decision 26).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.points import genres
from tdba.points.genres import CONSEQUENCES, DELAI, FICHES, GENRES, Genre, Lie
from tdba.points.models import Point
from tdba.scope import Droit

PAGE: Final = 50
COMPTE_MAX: Final = 100
"""The menu counts no further: it says « 99+ »."""

Repere = tuple[int, int]
"""Where a page starts after: consequence, then id."""


@dataclass(frozen=True, slots=True)
class Filtres:
    """Which part of the list is looked at."""

    genre: str | None = None
    consequence: int | None = None
    site: int | None = None
    anomalie: str | None = None
    """Code of what a genre is made of (`genres.sortes`)."""


class Resume(NamedTuple):
    """How many points, how many records they hide from the figures, how many of the points come first."""

    total: int
    fiches: int
    premiers: int


@dataclass(frozen=True, slots=True)
class PointVu:
    """One row of the list."""

    id: int
    genre: Genre
    consequence: int
    organisme_id: int
    organisme: str
    effectif_id: int | None
    nom: str | None
    prenom: str | None
    annee_scolaire: str | None
    cle: str
    details: Mapping[str, Any]
    cree_le: datetime

    @property
    def phrase(self) -> str:
        """What is wrong, in a sentence."""
        return genres.phrase(self.genre.code, self.details)

    @property
    def geste(self) -> str:
        """What settles it."""
        return genres.geste(self.genre.code, self.details)

    @property
    def acteur(self) -> str:
        """Who acts."""
        return genres.acteur(self.genre.code, self.details)

    @property
    def lie(self) -> Lie:
        """What the address of its gesture is made from."""
        return Lie(self.organisme_id, self.effectif_id, self.cle, self.details)

    @property
    def repere(self) -> str:
        """How an address names this row, to start after it."""
        return f"{self.consequence}-{self.id}"


class Lot(NamedTuple):
    """A page of points, and whether others follow."""

    points: list[PointVu]
    suite: bool


def compter() -> int:
    """How many points the menu shows, one hundred at most: read from an index that holds open points alone.

    Those that make figures wrong or let a delay run: what may wait would hide them.
    """
    premiers = ouverts(Filtres(), literal(1)).where(Point.consequence <= DELAI).limit(COMPTE_MAX).subquery()
    requete = scope.autorisee(select(func.count()).select_from(premiers), Droit.CORRIGER)
    return int(db.session.execute(requete).scalar_one())


def resume(filtres: Filtres | None = None) -> Resume:
    """What the sentence of the page says, of all the reach or of a part of it."""
    n = func.coalesce(Point.details["n"].astext.cast(Integer), 1)
    ecartee = func.coalesce(Point.details["ecartees"].astext.cast(Integer), 0)
    fiches = func.coalesce(func.sum(case((Point.genre.in_(FICHES), n), else_=ecartee)), 0)
    premiers = func.count().filter(Point.consequence <= DELAI)
    requete = ouverts(filtres or Filtres(), func.count(), fiches, premiers)
    return Resume(*map(int, db.session.execute(requete).one()))


def page(filtres: Filtres, apres: Repere | None = None) -> Lot:
    """The points after this place, what costs most first, then the oldest."""
    requete = (
        ouverts(filtres, Point, Organisme.nom, Effectif.nom, Effectif.prenom)
        .join(Organisme, Organisme.id == Point.organisme_id)
        .outerjoin(
            Effectif, and_(Effectif.id == Point.effectif_id, Effectif.organisme_id == Point.organisme_id)
        )
        .order_by(Point.consequence, Point.id)
        .limit(PAGE + 1)
    )
    if apres is not None:
        requete = requete.where(tuple_(Point.consequence, Point.id) > apres)
    points = [_vu(*ligne) for ligne in db.session.execute(requete)]
    return Lot(points[:PAGE], len(points) > PAGE)


def sites() -> list[tuple[int, str]]:
    """The organismes of the reach, by name."""
    portee = scope.courant().portee(Droit.CORRIGER)
    requete = select(Organisme.id, Organisme.nom).order_by(Organisme.nom, Organisme.id)
    if portee.organismes is not None:
        requete = requete.where(scope.parmi(Organisme.__table__.c.id, portee.organismes))
    return [(cle, nom) for cle, nom in db.session.execute(requete)]


class Presents(NamedTuple):
    """What some open point has: what the filters offer."""

    genres: Sequence[str]
    consequences: Sequence[int]
    sortes: Sequence[str]
    """Codes of what the chosen genre is made of."""


def presents(genre: str | None = None) -> Presents:
    """The genres and consequences of open points, and what the chosen `genre` is made of."""
    sortes = genres.sortes(genre) if genre is not None else {}
    code = case((Point.genre == genre, Point.details["code"].astext)) if sortes else null()
    requete = ouverts(Filtres(), Point.genre, Point.consequence, code).distinct()
    trouves = [tuple(ligne) for ligne in db.session.execute(requete)]
    return Presents(
        [code for code in GENRES if any(trouve == code for trouve, _, _ in trouves)],
        [c for c in CONSEQUENCES if any(consequence == c for _, consequence, _ in trouves)],
        [sorte for sorte in sortes if any(trouvee == sorte for _, _, trouvee in trouves)],
    )


def du_cfa() -> ColumnElement[bool]:
    """Nothing for a network: what is left to settle stays the CFA's, even of those that share their follow-up."""
    return false() if scope.courant().suivi is not None else true()


def visibles() -> list[ColumnElement[bool]]:
    """The open points that the current person may read."""
    return [
        scope.predicat(Point, Droit.CORRIGER),
        du_cfa(),
        Point.clos_le.is_(None),
        Point.genre.in_(GENRES),
        _deux_etablissements(),
    ]


def ouverts(filtres: Filtres, *colonnes: Any) -> Select[Any]:
    conditions = [*visibles()]
    if filtres.genre is not None:
        conditions.append(Point.genre == filtres.genre)
    if filtres.consequence is not None:
        conditions.append(Point.consequence == filtres.consequence)
    if filtres.site is not None:
        conditions.append(Point.organisme_id == filtres.site)
    if filtres.anomalie is not None:
        conditions.append(Point.details["code"].astext == filtres.anomalie)
    return scope.autorisee(select(*colonnes).select_from(Point).where(*conditions), Droit.CORRIGER)


def _deux_etablissements() -> ColumnElement[bool]:
    """A point about two records says whose the other one is: it is shown to who reaches both."""
    organismes = scope.courant().portee(Droit.CORRIGER).organismes
    if organismes is None:
        return true()
    autre = Point.details["autre"].astext
    return or_(
        Point.genre != "DOUBLON",
        autre == any_(bindparam(None, list(map(str, organismes)), type_=ARRAY(Text))),
    )


def _vu(point: Point, organisme: str, nom: str | None, prenom: str | None) -> PointVu:
    return PointVu(
        id=point.id,
        genre=GENRES[point.genre],
        consequence=point.consequence,
        organisme_id=point.organisme_id,
        organisme=organisme,
        effectif_id=point.effectif_id,
        nom=nom,
        prenom=prenom,
        annee_scolaire=point.annee_scolaire,
        cle=point.cle,
        details=point.details,
        cree_le=point.cree_le,
    )
