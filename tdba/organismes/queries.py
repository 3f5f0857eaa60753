"""Reading organismes, their relations, their networks. Public registers: no right is needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select

from tdba.db import db
from tdba.organismes.models import Organisme, RelationOrganisme, Reseau, ReseauOrganisme
from tdba.textes import sans_accents

RESULTATS_MAX: Final = 25
RECHERCHE_MIN: Final = 2


@dataclass(frozen=True, slots=True)
class OrganismeVu:
    """What lists and headings show of an organisme."""

    id: int
    nom: str
    uai: str | None
    siret: str
    commune: str | None
    departement_code: str | None
    derniere_reception_le: datetime | None
    ferme: bool
    fiable: bool


@dataclass(frozen=True, slots=True)
class FormateurVu:
    """A formateur, and whether the responsable answers for it in part only (numbers, never names)."""

    organisme: OrganismeVu
    partielle: bool


@dataclass(frozen=True, slots=True)
class ReseauVu:
    code: str
    nom: str


def _vu() -> Select[*tuple[Any, ...]]:
    return select(
        Organisme.id,
        Organisme.nom,
        Organisme.uai,
        Organisme.siret,
        Organisme.commune,
        Organisme.departement_code,
        Organisme.derniere_reception_le,
        Organisme.ferme,
        Organisme.fiable,
    )


def _lire(requete: Select[*tuple[Any, ...]]) -> list[OrganismeVu]:
    return [OrganismeVu(*ligne) for ligne in db.session.execute(requete)]


def organisme_par_couple(uai: str | None, siret: str) -> OrganismeVu | None:
    """Return the organisme of a couple, the only identity there is (domain.md §1)."""
    vus = _lire(_vu().where(Organisme.uai.is_not_distinct_from(uai), Organisme.siret == siret))
    return vus[0] if vus else None


def couples(demandes: Iterable[tuple[str | None, str]]) -> dict[tuple[str | None, str], int]:
    """Return the id of each known couple (UAI, SIRET); unknown ones are not in the answer."""
    demandes = set(demandes)
    sirets = sorted({siret for _, siret in demandes})
    requete = select(Organisme.uai, Organisme.siret, Organisme.id).where(Organisme.siret == func.any(sirets))
    return {
        (uai, siret): identifiant
        for uai, siret, identifiant in db.session.execute(requete)
        if (uai, siret) in demandes
    }


def par_ids(ids: Iterable[int]) -> dict[int, OrganismeVu]:
    """Return the organismes of these ids, in one query whatever their number."""
    return {vu.id: vu for vu in _lire(_vu().where(Organisme.id == func.any(sorted(set(ids)))))}


def famille_ecriture(organisme_id: int) -> frozenset[int]:
    """Organismes for which this one may write: itself and those it is fully responsible for (decision 12)."""
    formateurs_ = select(RelationOrganisme.formateur_id).where(
        RelationOrganisme.responsable_id == organisme_id, RelationOrganisme.partielle.is_(False)
    )
    return frozenset({organisme_id, *db.session.scalars(formateurs_)})


def formateurs(organisme_id: int) -> list[FormateurVu]:
    """Formateurs of a responsable, partial ones included, by name. One level: responsibility is not inherited."""
    requete = (
        _vu()
        .add_columns(RelationOrganisme.partielle)
        .join(RelationOrganisme, RelationOrganisme.formateur_id == Organisme.id)
        .where(RelationOrganisme.responsable_id == organisme_id)
        .order_by(Organisme.nom, Organisme.id)
    )
    return [FormateurVu(OrganismeVu(*vu), partielle) for *vu, partielle in db.session.execute(requete)]


def reseaux_de(organisme_id: int, jour: date) -> list[ReseauVu]:
    """Networks the organisme belongs to on that day, by code. The last day of a membership is the eve of `fin`."""
    membre = and_(
        ReseauOrganisme.organisme_id == organisme_id,
        ReseauOrganisme.debut <= jour,
        or_(ReseauOrganisme.fin.is_(None), ReseauOrganisme.fin > jour),
    )
    requete = (
        select(Reseau.code, Reseau.nom)
        .where(Reseau.code.in_(select(ReseauOrganisme.reseau_code).where(membre)))
        .order_by(Reseau.code)
    )
    return [ReseauVu(*ligne) for ligne in db.session.execute(requete)]


def chercher(texte: str) -> list[OrganismeVu]:
    """Organismes that have every word of the text in their name, UAI or SIRET: any order, with or without accents.

    The digits of a SIRET may be spaced. Open organismes first, 25 at most; less than two characters finds nothing.
    """
    mots = _mots(texte)
    if sum(map(len, mots)) < RECHERCHE_MIN:
        return []
    contient = [Organisme.recherche.contains(mot, autoescape=True) for mot in mots]
    ordre = (Organisme.ferme, Organisme.nom, Organisme.id)
    return _lire(_vu().where(*contient).order_by(*ordre).limit(RESULTATS_MAX))


def _mots(texte: str) -> list[str]:
    """Words of a search; a run of digits written in groups is one number."""
    normalise = sans_accents(texte)
    chiffres = normalise.replace(" ", "")
    return [chiffres] if chiffres.isdigit() else normalise.split()
