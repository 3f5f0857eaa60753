"""Whose outcome is asked: files whose last milestone reached is not known, and the outcomes of one file.

Within reach of CORRIGER, and of the follow-up (decision 26): what a CFA answers is its own.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    not_,
    select,
    tuple_,
)

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.devenirs.etats import DONNEES, INCONNU, JALONS, JOURS_DE_QUESTION, Etat
from tdba.devenirs.models import Devenir
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.ruptures.oppositions import GELE
from tdba.scope import Droit, Introuvable

TAILLE: Final = 50


class Jeune(NamedTuple):
    """A youth of a file, with the outcome that the row is about. `jalon` None: the row is about none."""

    dossier_id: int
    effectif_id: int
    genre: str
    ouvert_du: date
    site: str
    nom: str
    prenom: str
    formation: str | None
    jalon: int | None
    etat: str | None
    source: str | None
    repondu: bool = False
    """Somebody had answered otherwise before a contract was known."""

    @property
    def connu(self) -> Etat | None:
        return Etat(self.etat, self.source) if self.etat and self.source else None

    @property
    def le(self) -> date | None:
        """The day of the milestone."""
        return self.ouvert_du + timedelta(days=self.jalon) if self.jalon else None


class Page(NamedTuple):
    lignes: Sequence[Jeune]
    total: int
    suite: bool
    perdue: bool = False
    """The row where the reader was has left the list (decision 35)."""


class Reponse(NamedTuple):
    """The outcome of a file at one milestone; who answered, if somebody did."""

    jalon: int
    etat: str
    source: str
    maj_le: datetime
    auteur: str | None
    """Kept when a contract known since beats the answer."""


def jour_de(jour: date) -> ColumnElement[date]:
    return bindparam(None, jour, type_=Date)


def compte() -> ColumnElement[bool]:
    """Files that have an outcome (`etats.compte`), of people who may be counted."""
    ouvert = func.coalesce(Dossier.clos_du > Dossier.ouvert_du, True)
    sans_objet = func.coalesce(Dossier.cause_cloture, "").in_(("RUPTURE_ANNULEE", "SANS_OBJET"))
    return and_(ouvert, not_(sans_objet), not_(GELE))


def limiter(requete: Select[Any]) -> Select[Any]:
    """The files and records that the person reaches, whose follow-up they read."""
    return requete.where(
        scope.predicat(Dossier, Droit.CORRIGER),
        scope.predicat(Effectif, Droit.CORRIGER),
        scope.suivi(Dossier),
    )


def colonnes(jalon: Any, etat: Any, source: Any) -> list[Any]:
    """The columns of `Jeune`, in its order."""
    qui = [Organisme.nom, Effectif.nom, Effectif.prenom, Effectif.formation]
    return [Dossier.id, Effectif.id, Dossier.genre, Dossier.ouvert_du, *qui, jalon, etat, source]


def a_dire(jour: date, *, site: int | None = None, apres: int | None = None) -> Page:
    """The files whose last milestone reached is not known, the oldest first: soon nobody will know."""
    requete = _a_dire(jour, *colonnes(Devenir.jalon, Devenir.etat, Devenir.source), site=site)
    requete = requete.join(Organisme, Organisme.id == Effectif.organisme_id)
    return page(requete, nombre_a_dire(jour, site=site), apres)


def nombre_a_dire(jour: date, *, site: int | None = None) -> int:
    requete = _a_dire(jour, func.count(), site=site)
    return int(db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalar_one())


def _a_dire(jour: date, *demandees: Any, site: int | None) -> Select[Any]:
    jours = jour_de(jour) - Dossier.ouvert_du
    dernier = case(*((jours >= jalon, jalon) for jalon in reversed(JALONS)))
    requete = (
        select(*demandees)
        .select_from(Devenir)
        .join(Dossier, and_(Dossier.id == Devenir.dossier_id, Dossier.organisme_id == Devenir.organisme_id))
        .join(Effectif, Effectif.id == Dossier.effectif_id)
        .where(scope.predicat(Devenir, Droit.CORRIGER), Devenir.jalon == dernier)
        .where(Devenir.etat == INCONNU, Devenir.source == DONNEES, jours <= JOURS_DE_QUESTION, compte())
    )
    requete = limiter(requete)
    return requete if site is None else requete.where(Dossier.organisme_id == site)


def page(requete: Select[Any], total: int, apres: int | None) -> Page:
    """One page of files, by opening then by key; a cursor whose file has gone gives the first page, and says so."""
    ordre = (Dossier.ouvert_du, Dossier.id)
    repere = None
    if apres is not None:
        lu = scope.select_for(Dossier, Droit.CORRIGER, *ordre).where(Dossier.id == apres)
        repere = db.session.execute(lu).one_or_none()
    limitee = requete.where(tuple_(*ordre) > tuple_(*repere)) if repere else requete
    limitee = limitee.order_by(*ordre).limit(TAILLE + 1)
    lignes = [Jeune(*ligne) for ligne in db.session.execute(scope.autorisee(limitee, Droit.CORRIGER))]
    return Page(lignes[:TAILLE], total, len(lignes) > TAILLE, apres is not None and repere is None)


def jeune(dossier_id: int, jalon: int | None = None) -> Jeune:
    """The row of one file, at one milestone or at none. Raises Introuvable."""
    requete = (
        select(*colonnes(cast(literal(jalon), Integer), Devenir.etat, Devenir.source))
        .select_from(Dossier)
        .join(Effectif, Effectif.id == Dossier.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .outerjoin(Devenir, and_(Devenir.dossier_id == Dossier.id, Devenir.jalon == literal(jalon)))
        .where(Dossier.id == dossier_id)
    )
    ligne = db.session.execute(scope.autorisee(limiter(requete), Droit.CORRIGER)).one_or_none()
    if ligne is None:
        raise Introuvable
    return Jeune(*ligne)


def reponses(dossier_id: int) -> list[Reponse]:
    """The outcomes of one file, milestone by milestone."""
    requete = (
        scope.select_for(
            Devenir,
            Droit.CORRIGER,
            Devenir.jalon,
            Devenir.etat,
            Devenir.source,
            Devenir.maj_le,
            Personne.prenom + " " + Personne.nom,
        )
        .outerjoin(Personne, Personne.id == Devenir.personne_id)
        .where(Devenir.dossier_id == dossier_id, scope.suivi(Devenir))
        .order_by(Devenir.jalon)
    )
    return [Reponse(*ligne) for ligne in db.session.execute(requete)]
