"""Reading worklists and files. Every row comes from `selection`, within reach of CORRIGER."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import CTE, ColumnElement, Select, Subquery, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.organismes.models import Organisme
from tdba.ruptures import selection
from tdba.ruptures.models import Demarche, Dossier
from tdba.ruptures.regles import SANS_CONTRAT, SEGMENTS, Segment, Situation, situation
from tdba.scope import Droit, Introuvable

TAILLE: Final = 25
"""Rows of a page."""


_DERNIERE: Final = (
    select(array([Demarche.nature, Demarche.resultat]))
    .where(Demarche.dossier_id == Dossier.id)
    .order_by(Demarche.id.desc())
    .limit(1)
    .scalar_subquery()
)


class Ligne(NamedTuple):
    """One youth of a worklist, with the facts of the row. `dossier_id` None: no step was ever noted."""

    effectif_id: int
    dossier_id: int | None
    genre: str
    organisme_id: int
    site: str
    nom: str
    prenom: str
    sexe: str | None
    date_naissance: date
    formation: str | None
    depuis: date
    clos_du: date | None
    cause_cloture: str | None
    derniere_demarche_le: datetime | None
    derniere_demarche: list[str | None] | None
    """Nature and result of the last step."""
    prochaine_le: date | None
    situation: Situation
    raison: str | None = None
    """`RaisonDAppel`, on the home page only."""


@dataclass(frozen=True, slots=True)
class Position:
    """Which page of a list: after or before a row, named by its effectif. Neither: the first page."""

    apres: int | None = None
    avant: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    lignes: list[Ligne]
    premiere: int
    """Rank of the first row in the whole list, from 1; 0 when the list is empty."""
    total: int
    perdue: bool = False
    """The row that the page started from is no longer there: this is the first page, and it must be said."""

    @property
    def derniere(self) -> int:
        return self.premiere + len(self.lignes) - 1 if self.lignes else 0

    @property
    def precedents(self) -> int | None:
        """The row before which the former page ends."""
        return self.lignes[0].effectif_id if self.premiere > 1 else None

    @property
    def suivants(self) -> int | None:
        """The row after which the next page starts."""
        return self.lignes[-1].effectif_id if self.lignes and self.derniere < self.total else None


@dataclass(frozen=True, slots=True)
class Comptes:
    """How many files are open, in all and by segment, and how many nobody has called yet."""

    total: int
    sans_contact: int
    segments: dict[Segment, int]


def compter(genre: str, jour: date, site: int | None = None) -> Comptes:
    """Count the open files of that kind; segments are counted whatever segment is looked at."""
    lignes = selection.ouverts(genre, jour, site)
    segments: list[Segment] = list(SEGMENTS[genre])
    colonnes = [func.count().filter(selection.dans_le_segment(lignes, segment)) for segment in segments]
    requete = select(func.count(), func.count().filter(lignes.c.suivi == 0), *colonnes).select_from(lignes)
    total, sans_contact, *nombres = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one()
    return Comptes(total, sans_contact, dict(zip(segments, nombres, strict=True)))


def page(
    genre: str, jour: date, *, site: int | None = None, segment: Segment | None = None, position: Position
) -> Page:
    """One page of a worklist, in its order. A position whose row has left the list gives the first page."""
    lignes = selection.ouverts(genre, jour, site)
    rangs = select(
        lignes,
        func.row_number().over(order_by=selection.ordre(lignes)).label("rang"),
        func.count().over().label("total"),
    )
    if segment is not None:
        rangs = rangs.where(selection.dans_le_segment(lignes, segment))
    trouvees = _lire_page(rangs.cte("rangs"), jour, position)
    if trouvees or position == Position():
        return _page(trouvees)
    return _page(_lire_page(rangs.cte("rangs"), jour, Position()), perdue=True)


def _lire_page(rangs: CTE, jour: date, position: Position) -> list[tuple[int, int, Ligne]]:
    """Rows of the page with their rank and the total."""
    requete = _afficher(rangs, rangs.c.rang, rangs.c.total).limit(TAILLE)
    repere = position.apres if position.avant is None else position.avant
    if repere is not None:
        repere_rang = select(rangs.c.rang).where(rangs.c.effectif_id == repere).scalar_subquery()
        suite = rangs.c.rang > repere_rang if position.avant is None else rangs.c.rang < repere_rang
        requete = requete.where(suite)
    requete = requete.order_by(rangs.c.rang.desc() if position.avant is not None else rangs.c.rang)
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    return sorted(((rang, total, _ligne(reste, jour)) for rang, total, *reste in lues), key=lambda x: x[0])


def _page(trouvees: Sequence[tuple[int, int, Ligne]], *, perdue: bool = False) -> Page:
    if not trouvees:
        return Page([], 0, 0, perdue)
    return Page([ligne for _, _, ligne in trouvees], trouvees[0][0], trouvees[0][1], perdue)


def _afficher(lignes: Subquery | CTE, *colonnes: Any) -> Select[Any]:
    """Rows of `lignes` with what a screen shows of them; `lignes` holds what the scope allows."""
    return (
        select(*colonnes, *_colonnes(lignes.c.genre, lignes.c.depuis))
        .select_from(lignes)
        .join(Effectif, Effectif.id == lignes.c.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Dossier, Dossier.id == lignes.c.dossier_id)
    )


def _colonnes(genre: Any, depuis: Any) -> list[Any]:
    """The columns of `Ligne`, in its order, up to `situation`."""
    qui = [Effectif.organisme_id, Organisme.nom.label("site"), Effectif.nom, Effectif.prenom]
    qui += [Effectif.sexe, Effectif.date_naissance, Effectif.formation]
    suivi = [Dossier.clos_du, Dossier.cause_cloture, Dossier.derniere_demarche_le, _DERNIERE]
    return [Effectif.id, Dossier.id, genre, *qui, depuis, *suivi, Dossier.prochaine_le]


def _ligne(valeurs: Sequence[Any], jour: date, raison: str | None = None) -> Ligne:
    genre, depuis = valeurs[2], valeurs[10]
    return Ligne._make([*valeurs, situation(genre, depuis, jour), raison])


def a_appeler(lignes: Subquery, raison: Any, jour: date, limite: int) -> list[Ligne]:
    """The first rows of `lignes` that have a reason to be called, with it."""
    choisies = (
        select(lignes, raison.label("raison"))
        .where(raison.is_not(None))
        .order_by(*selection.ordre(lignes))
        .limit(limite)
        .subquery()
    )
    requete = _afficher(choisies, choisies.c.raison).order_by(*selection.ordre(choisies))
    lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
    return [_ligne(reste, jour, raison) for raison, *reste in lues]


def ligne_dossier(dossier_id: int, jour: date) -> Ligne:
    """The row of one file, open or not. Raises Introuvable."""
    requete = (
        select(*_colonnes(Dossier.genre, Dossier.ouvert_du))
        .select_from(Dossier)
        .join(Effectif, Effectif.id == Dossier.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .where(scope.predicat(Dossier, Droit.CORRIGER), scope.predicat(Effectif, Droit.CORRIGER))
        .where(Dossier.id == dossier_id)
    )
    return _seule_ligne(requete, jour)


def ligne_sans_contrat(effectif_id: int, jour: date) -> Ligne:
    """The row of a youth who is, or has been, without a contract since the entry. Raises Introuvable."""
    inscrit = func.coalesce(Effectif.statuts[1] == int(Statut.INSCRIT), False)
    requete = (
        select(*_colonnes(literal(SANS_CONTRAT), _depuis()))
        .select_from(Effectif)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Dossier, selection.DOSSIER_SANS_CONTRAT)
        .where(scope.predicat(Effectif, Droit.CORRIGER), Effectif.id == effectif_id)
        .where(or_(Dossier.id.is_not(None), inscrit))
    )
    return _seule_ligne(requete, jour)


def ligne_de_la_fiche(effectif_id: int, jour: date) -> Ligne | None:
    """The file of an effectif that matters on `jour`: the open one, else the next to open, else the last closed.

    A youth without a contract has one even before any step; a file that was never open on any day is none.
    """
    aujourd_hui = selection.jour_de(jour)
    existe = or_(Dossier.clos_du.is_(None), Dossier.clos_du > Dossier.ouvert_du)
    clos = and_(Dossier.clos_du.is_not(None), Dossier.clos_du <= aujourd_hui)
    requete = (
        select(*_colonnes(func.coalesce(Dossier.genre, SANS_CONTRAT), _depuis()))
        .select_from(Effectif)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Dossier, and_(Dossier.effectif_id == Effectif.id, existe))
        .where(scope.predicat(Effectif, Droit.CORRIGER), Effectif.id == effectif_id)
        .where(or_(Dossier.id.is_not(None), selection.est_sans_contrat(jour)))
        .order_by(clos, (Dossier.ouvert_du > aujourd_hui), Dossier.ouvert_du.desc())
        .limit(1)
    )
    lue = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one_or_none()
    return _ligne(lue, jour) if lue else None


def _depuis() -> ColumnElement[date]:
    """Opening of the file, even when it is not written yet."""
    return func.coalesce(Dossier.ouvert_du, Effectif.bornes[1])


def _seule_ligne(requete: Select[Any], jour: date) -> Ligne:
    lue = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one_or_none()
    if lue is None:
        raise Introuvable
    return _ligne(lue, jour)


class DemarcheLue(NamedTuple):
    """One step of a file, with who noted it."""

    nature: str
    resultat: str | None
    le: datetime
    prochaine_le: date | None
    note: str | None
    prenom: str
    nom: str


def demarches(dossier_id: int | None) -> list[DemarcheLue]:
    """The last hundred steps of a file, the latest first."""
    if dossier_id is None:
        return []
    requete = (
        scope.select_for(
            Demarche,
            Droit.CORRIGER,
            Demarche.nature,
            Demarche.resultat,
            Demarche.le,
            Demarche.prochaine_le,
            Demarche.note,
            Personne.prenom,
            Personne.nom,
        )
        .join(Personne, Personne.id == Demarche.personne_id)
        .where(Demarche.dossier_id == dossier_id)
        .order_by(Demarche.id.desc())
        .limit(100)
    )
    return [DemarcheLue(*ligne) for ligne in db.session.execute(requete)]


class Coordonnees(NamedTuple):
    telephone: str | None
    courriel: str | None
    courriel_responsable_1: str | None
    courriel_responsable_2: str | None


def coordonnees(effectif_id: int) -> Coordonnees | None:
    """How to reach a youth; None for who may not see it (VOIR_COORDONNEES)."""
    requete = scope.select_for(
        Effectif,
        Droit.VOIR_COORDONNEES,
        Effectif.telephone,
        Effectif.courriel,
        Effectif.courriel_responsable_1,
        Effectif.courriel_responsable_2,
    ).where(Effectif.id == effectif_id)
    lues = db.session.execute(requete).one_or_none()
    return Coordonnees(*lues) if lues else None
