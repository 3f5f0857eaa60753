"""The matrix of rights by type of organisation (domain.md §5.2, decisions 20, 21 and 25). Pure: values to values.

`MATRICE` is the whole of it: type → right → how the reach of that right comes from the organisation's list of
organismes. What is not written there is not granted: an unknown type holds nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from tdba.portee import Droit, Portee, RoleSql, Scope


class Etendue(Enum):
    """Which organismes a right covers, from the organisation's own list."""

    BASE = auto()
    """The list itself."""
    AVEC_FORMATEURS_PLEINS = auto()
    """The list and the formateurs it is fully responsible for."""
    AVEC_FORMATEURS = auto()
    """The list and all its formateurs, those it is only partly responsible for included."""
    PARTOUT = auto()
    """Every organisme, whatever the list."""


@dataclass(frozen=True, slots=True)
class Octroi:
    """How one right is granted. `statuts` None = every status."""

    etendue: Etendue
    statuts: frozenset[int] | None = None
    si_responsable: bool = False
    """Only to the head of a network that answers for its members (`reseau.responsable`)."""


STATUTS_TERRITOIRE: Final = frozenset({1, 3, 4})
"""INSCRIT, RUPTURANT, ABANDON: the lists by name of the agents of the State (domain.md §5.2)."""

DE_LECTURE: Final = (Droit.VOIR_CONTACTS, Droit.VOIR_TRANSMISSIONS, Droit.VOIR_INDICATEURS)
"""Rights without any apprentice's name. They share one reach (decision 20: transmissions as indicators)."""

ATTENDENT_UNE_SECONDE_PERSONNE: Final = frozenset(
    {Droit.VOIR_NOMINATIF, Droit.VOIR_COORDONNEES, Droit.CORRIGER, Droit.CONFIGURER, Droit.SUPPORT}
)
"""Closed until a second person has validated the habilitation, outside one's own CFA (decision 25)."""


def _chiffres(etendue: Etendue) -> dict[Droit, Octroi]:
    return dict.fromkeys(DE_LECTURE, Octroi(etendue))


def _etat(*nominatifs: Droit) -> dict[Droit, Octroi]:
    return _chiffres(Etendue.BASE) | dict.fromkeys(nominatifs, Octroi(Etendue.BASE, STATUTS_TERRITOIRE))


_NOMS: Final = (Droit.VOIR_NOMINATIF, Droit.VOIR_COORDONNEES, Droit.CORRIGER)

_CFA: Final = {
    **_chiffres(Etendue.AVEC_FORMATEURS),
    **dict.fromkeys(_NOMS, Octroi(Etendue.AVEC_FORMATEURS_PLEINS)),
    Droit.CONFIGURER: Octroi(Etendue.BASE),
}
_RESEAU: Final = {
    **_chiffres(Etendue.BASE),
    **dict.fromkeys(_NOMS, Octroi(Etendue.BASE, si_responsable=True)),
}
_SUPPORT: Final = {
    **_chiffres(Etendue.PARTOUT),
    **dict.fromkeys((*_NOMS, Droit.CONFIGURER, Droit.SUPPORT), Octroi(Etendue.PARTOUT)),
}
_AVEC_COORDONNEES: Final = _etat(Droit.VOIR_NOMINATIF, Droit.VOIR_COORDONNEES)
_SANS_COORDONNEES: Final = _etat(Droit.VOIR_NOMINATIF)
_SANS_NOMS: Final = _chiffres(Etendue.BASE)

MATRICE: Final[Mapping[str, Mapping[Droit, Octroi]]] = MappingProxyType(
    {
        "ORGANISME_FORMATION": _CFA,
        "TETE_DE_RESEAU": _RESEAU,
        "DREETS": _AVEC_COORDONNEES,
        "DDETS": _AVEC_COORDONNEES,
        "ACADEMIE": _AVEC_COORDONNEES,
        "DRAAF": _SANS_COORDONNEES,
        "DRAFPIC": _SANS_COORDONNEES,
        "CONSEIL_REGIONAL": _SANS_NOMS,
        "CARIF_OREF_REGIONAL": _SANS_NOMS,
        "CARIF_OREF_NATIONAL": _SANS_NOMS,
        "OPERATEUR_PUBLIC_NATIONAL": _SANS_NOMS,
        "MISSION_LOCALE": {},
        "ARML": {},
        "FRANCE_TRAVAIL": {},
        "SUPPORT": _SUPPORT,
        "CONFORMITE": {Droit.CONFORMITE: Octroi(Etendue.PARTOUT)},
        "AUDIT": {Droit.AUDITER: Octroi(Etendue.PARTOUT)},
    }
)


@dataclass(frozen=True, slots=True)
class Mandat:
    """What a person acts as: the organisation's type, and what bears on the habilitation in use."""

    type_organisation: str
    validee: bool = False
    """A second person validated it (decision 25)."""
    datee: bool = False
    """It has an end, without which an audit opens nothing (decision 21)."""
    reseau_responsable: bool = False
    sites: frozenset[int] = frozenset()
    """Limits every right to these organismes; empty = no limit."""
    personne_id: int | None = None
    habilitation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Organismes:
    """What the organisation's rule gives; `base` None = every organisme, empty = nobody's."""

    base: frozenset[int] | None = frozenset()
    formateurs_pleins: frozenset[int] = frozenset()
    formateurs_partiels: frozenset[int] = frozenset()

    def par_etendue(self) -> dict[Etendue, frozenset[int] | None]:
        pleins = None if self.base is None else self.base | self.formateurs_pleins
        return {
            Etendue.BASE: self.base,
            Etendue.AVEC_FORMATEURS_PLEINS: pleins,
            Etendue.AVEC_FORMATEURS: None if pleins is None else pleins | self.formateurs_partiels,
            Etendue.PARTOUT: None,
        }


def scope_de(mandat: Mandat, organismes: Organismes) -> Scope:
    """Apply the matrix to what a person acts as and to the organismes that the organisation's rule gives."""
    listes = organismes.par_etendue()
    droits: dict[Droit, Portee] = {}
    for droit, octroi in MATRICE.get(mandat.type_organisation, {}).items():
        if not _ouvert(droit, mandat) or (octroi.si_responsable and not mandat.reseau_responsable):
            continue
        portee = Portee(_limiter(listes[octroi.etendue], mandat.sites), octroi.statuts)
        if not portee.vide:
            droits[droit] = portee
    return Scope(
        droits=MappingProxyType(droits),
        role=role_sql(mandat),
        personne_id=mandat.personne_id,
        habilitation_id=mandat.habilitation_id,
    )


def role_sql(mandat: Mandat) -> RoleSql:
    """The PostgreSQL role of a person's transactions (decision 23).

    The national role reads every row, so only support takes it, once validated by a second person and when no
    site limits it: the second lock could not hold such a limit.
    """
    if mandat.type_organisation in ("ORGANISME_FORMATION", "TETE_DE_RESEAU"):
        return RoleSql.FAMILLE
    if mandat.type_organisation == "SUPPORT" and mandat.validee and not mandat.sites:
        return RoleSql.NATIONAL
    return RoleSql.TERRITOIRE


def _ouvert(droit: Droit, mandat: Mandat) -> bool:
    if droit is Droit.AUDITER:
        return mandat.datee
    chez_soi = mandat.type_organisation == "ORGANISME_FORMATION"
    return mandat.validee or chez_soi or droit not in ATTENDENT_UNE_SECONDE_PERSONNE


def _limiter(organismes: frozenset[int] | None, sites: frozenset[int]) -> frozenset[int] | None:
    if not sites:
        return organismes
    return sites if organismes is None else organismes & sites
