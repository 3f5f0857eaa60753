"""What the page of one CFA shows. It is read by its own family too, reliable or not (domain.md §6.1)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, literal, or_, select, union_all

from tdba import scope
from tdba.db import db
from tdba.indicateurs import queries, tableau
from tdba.indicateurs.tableau import AUCUNE, Attentes, Statuts
from tdba.organismes.models import Departement, Organisme, Region, RelationOrganisme, Reseau, ReseauOrganisme
from tdba.scope import Droit, Introuvable, Portee


class Identite(NamedTuple):
    """What public registers say of a CFA, and what we received from it."""

    id: int
    nom: str
    uai: str | None
    siret: str
    nature: str
    adresse: str | None
    commune: str | None
    departement: str | None
    region: str | None
    fiable: bool
    ferme: bool
    courriel: str | None
    """Only for those who may see the contacts of this CFA."""
    premiere_le: datetime | None
    derniere_le: datetime | None
    reseaux: list[str]


class Lie(NamedTuple):
    """A responsable or a formateur of the CFA. `ouvrable`: its own page is within reach."""

    id: int
    nom: str
    responsable: bool
    partielle: bool
    ouvrable: bool


@dataclass(frozen=True, slots=True)
class Fiche:
    identite: Identite
    lies: list[Lie]
    statuts: Statuts
    par_niveau: dict[int, Statuts]
    attentes: Attentes
    nominatif: bool
    """The reader may open the named lists of this CFA."""


def fiche(organisme_id: int, jour: date) -> Fiche:
    """The page of a CFA on a day, in four statements. Raises Introuvable out of reach."""
    identite = _identite(organisme_id, jour)
    lus = queries.statuts(jour, [organisme_id])
    par_niveau = tableau.par_niveau(lus.values())
    return Fiche(
        identite,
        _lies(organisme_id),
        tableau.additionner(list(par_niveau.values())),
        par_niveau,
        queries.attentes(jour, [organisme_id]).get(organisme_id, AUCUNE),
        _dans(scope.courant().portee(Droit.VOIR_NOMINATIF), organisme_id),
    )


def _identite(organisme_id: int, jour: date) -> Identite:
    o = Organisme
    requete = (
        select(o.id, o.nom, o.uai, o.siret, o.nature, o.adresse, o.commune, Departement.nom, Region.nom)
        .add_columns(
            o.fiable, o.ferme, o.courriel_referentiel, o.premiere_reception_le, o.derniere_reception_le
        )
        .add_columns(func.coalesce(_reseaux(jour), []))
        .outerjoin(Departement, Departement.code == o.departement_code)
        .outerjoin(Region, Region.code == o.region_code)
        .where(o.id == organisme_id, scope.portee_sur(o.id, Droit.VOIR_INDICATEURS))
    )
    ligne = db.session.execute(requete).one_or_none()
    if ligne is None:
        raise Introuvable
    identite = Identite(*ligne)
    visible = _dans(scope.courant().portee(Droit.VOIR_CONTACTS), organisme_id)
    return identite if visible else identite._replace(courriel=None)


def _reseaux(jour: date) -> Any:
    """Names of the networks the CFA belongs to on that day."""
    r = ReseauOrganisme
    return (
        select(func.array_agg(Reseau.nom.distinct()))
        .join(r, r.reseau_code == Reseau.code)
        .where(r.organisme_id == Organisme.id, r.debut <= jour, or_(r.fin.is_(None), r.fin > jour))
        .correlate(Organisme)
        .scalar_subquery()
    )


def _lies(organisme_id: int) -> list[Lie]:
    """Responsables first, then formateurs, by name."""
    r, o = RelationOrganisme, Organisme
    ouvrable = scope.portee_sur(o.id, Droit.VOIR_INDICATEURS)
    vers = union_all(
        select(
            o.id, o.nom, literal(True).label("responsable"), r.partielle, ouvrable.label("ouvrable")
        ).where(and_(r.responsable_id == o.id, r.formateur_id == organisme_id)),
        select(o.id, o.nom, literal(False), r.partielle, ouvrable).where(
            and_(r.formateur_id == o.id, r.responsable_id == organisme_id)
        ),
    ).subquery()
    requete = select(vers).order_by(vers.c.responsable.desc(), vers.c.nom, vers.c.id)
    return [Lie(*ligne) for ligne in db.session.execute(requete)]


def _dans(portee: Portee, organisme_id: int) -> bool:
    return portee.organismes is None or organisme_id in portee.organismes
