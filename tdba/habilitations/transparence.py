"""Who can see a CFA, and by which right: each organisation's rule compared with the CFA's own attributes. Pure.

The other way round (resolving the list of every organisation) would read the référentiel thousands of times.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tdba.comptes.droits import Mandat, Organismes, scope_de
from tdba.portee import Droit

ORDRE: Final = tuple(Droit)


@dataclass(frozen=True, slots=True)
class Etablissement:
    """What rules compare, for one establishment of the CFA."""

    id: int
    siren: str
    region_code: str | None
    departement_code: str | None
    academie_code: str | None
    reseaux: frozenset[str] = frozenset()
    """Networks it belongs to today."""


@dataclass(frozen=True, slots=True)
class Responsable:
    """An organisme that answers for one of the establishments."""

    id: int
    siren: str
    formateur_id: int
    partielle: bool


@dataclass(frozen=True, slots=True)
class Acces:
    """One habilitation valid today, with its organisation's rule."""

    organisation_id: int
    organisation_nom: str
    type: str
    regle: str
    siren: str | None
    reseau_code: str | None
    region_code: str | None
    departement_code: str | None
    academie_code: str | None
    reseau_responsable: bool
    role: str
    validee: bool
    datee: bool
    sites: frozenset[int]
    personne: str


@dataclass(slots=True)
class Regard:
    """An organisation that can see something of the CFA."""

    organisation_id: int
    nom: str
    type: str
    droits: dict[Droit, bool] = field(default_factory=dict)
    """Right → over every status (False: only some)."""
    personnes: list[tuple[str, str]] = field(default_factory=list)
    """(name, role) of each person; shown for one's own organisation only."""

    @property
    def nombre(self) -> int:
        return len(self.personnes)


def regards(
    acces: Iterable[Acces],
    etablissements: Sequence[Etablissement],
    responsables: Sequence[Responsable],
    listes: Mapping[int, frozenset[int]],
) -> list[Regard]:
    """Organisations whose people reach one of these establishments, and with which rights.

    `listes`: organisation → organismes, for the rule ETABLISSEMENTS. People count once per habilitation that opens
    something; the same matrix as for pages decides.
    """
    ids = frozenset(e.id for e in etablissements)
    trouves: dict[int, Regard] = {}
    for a in acces:
        ouverts = _ouverts(a, ids, _organismes(a, etablissements, responsables, listes))
        if not ouverts:
            continue
        regard = trouves.setdefault(a.organisation_id, Regard(a.organisation_id, a.organisation_nom, a.type))
        for droit, entier in ouverts.items():
            regard.droits[droit] = entier or regard.droits.get(droit, False)
        regard.personnes.append((a.personne, a.role))
    for regard in trouves.values():
        regard.droits = {d: regard.droits[d] for d in ORDRE if d in regard.droits}
    return sorted(trouves.values(), key=lambda r: (r.type, r.nom, r.organisation_id))


def _ouverts(a: Acces, ids: frozenset[int], organismes: Organismes) -> dict[Droit, bool]:
    mandat = Mandat(
        a.type,
        validee=a.validee,
        datee=a.datee,
        reseau_responsable=a.reseau_responsable,
        sites=a.sites,
    )
    return {
        droit: portee.statuts is None
        for droit, portee in scope_de(mandat, organismes).droits.items()
        if portee.organismes is None or portee.organismes & ids
    }


def _organismes(
    a: Acces,
    etablissements: Sequence[Etablissement],
    responsables: Sequence[Responsable],
    listes: Mapping[int, frozenset[int]],
) -> Organismes:
    """What the organisation's rule gives among these establishments, and among their responsables' formateurs."""
    if a.regle == "NATION":
        return Organismes(base=None)
    liste = listes.get(a.organisation_id, frozenset())
    base = frozenset(e.id for e in etablissements if _couvre(a, e, liste))
    if a.type != "ORGANISME_FORMATION":
        return Organismes(base)
    siens = [r for r in responsables if _repond(a, r, liste)]
    return Organismes(
        base,
        formateurs_pleins=frozenset(r.formateur_id for r in siens if not r.partielle),
        formateurs_partiels=frozenset(r.formateur_id for r in siens if r.partielle),
    )


def _couvre(a: Acces, e: Etablissement, liste: Collection[int]) -> bool:
    """The rule of decision 20, on one establishment; an empty attribute is nobody's."""
    membre = a.reseau_code in e.reseaux
    regles = {
        "ETABLISSEMENTS": e.id in liste,
        "SIREN": e.siren == a.siren,
        "RESEAU": membre,
        "RESEAU_REGION": membre and a.region_code is not None and e.region_code == a.region_code,
        "REGION": a.region_code is not None and e.region_code == a.region_code,
        "DEPARTEMENT": a.departement_code is not None and e.departement_code == a.departement_code,
        "ACADEMIE": a.academie_code is not None and e.academie_code == a.academie_code,
    }
    return regles.get(a.regle, False)


def _repond(a: Acces, r: Responsable, liste: Collection[int]) -> bool:
    return r.id in liste if a.regle == "ETABLISSEMENTS" else a.regle == "SIREN" and r.siren == a.siren
