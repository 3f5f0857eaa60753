"""First access: which kinds of organisation may be asked for, and who may let a person in (decisions 20, 25). Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from tdba.comptes.droits import ATTENDENT_UNE_SECONDE_PERSONNE, MATRICE
from tdba.portee import Droit

CFA: Final = "ORGANISME_FORMATION"
RESEAU: Final = "TETE_DE_RESEAU"
SUPPORT: Final = "SUPPORT"

DUREE_LIEN: Final = timedelta(hours=96)
LIENS_PAR_JOUR: Final = 3
"""One-time links that one CFA's address may receive in a day, whoever asks."""
ESSAIS_CLE: Final = 5
FENETRE_CLE: Final = timedelta(minutes=15)
PATIENCE: Final = timedelta(days=5)
"""Past this wait, support may decide in the place of administrators who do not answer."""


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of organisation other than a CFA, and the rule of its reach (domain.md §5.2, "History" included)."""

    libelle: str
    regle: str


GENRES: Final[Mapping[str, Genre]] = MappingProxyType(
    {
        RESEAU: Genre("Réseau de CFA", "RESEAU"),
        "DREETS": Genre("DREETS", "REGION"),
        "DDETS": Genre("DDETS", "DEPARTEMENT"),
        "ACADEMIE": Genre("Académie", "ACADEMIE"),
        "DRAAF": Genre("DRAAF", "REGION"),
        "DRAFPIC": Genre("DRAFPIC", "REGION"),
        "CONSEIL_REGIONAL": Genre("Conseil régional", "REGION"),
        "CARIF_OREF_REGIONAL": Genre("CARIF-OREF régional", "REGION"),
        "CARIF_OREF_NATIONAL": Genre("Réseau des CARIF-OREF", "NATION"),
        "OPERATEUR_PUBLIC_NATIONAL": Genre("Opérateur public national", "NATION"),
    }
)

ATTENDENT_VALIDATION: Final = frozenset(
    genre
    for genre, octrois in MATRICE.items()
    if genre != CFA and ATTENDENT_UNE_SECONDE_PERSONNE & octrois.keys()
)
"""Types whose habilitations open names or support only once a second person has signed (decision 25)."""


@dataclass(frozen=True, slots=True)
class Tenue:
    """An organisation of CFA that has an administrator today, and the establishments that its rule lists."""

    organisation_id: int
    nom: str
    regle: str
    organismes: frozenset[int]


def decideurs(tenues: Sequence[Tenue], organisme_id: int, regle: str) -> list[Tenue]:
    """Whose administrators decide: those whose organisation covers all that is asked.

    The administrator of one establishment does not open the others of the legal entity.
    """
    if regle == "SIREN":
        return [t for t in tenues if t.regle == "SIREN"]
    return [t for t in tenues if t.regle == "SIREN" or organisme_id in t.organismes]


def est_libre(tenues: Sequence[Tenue], organisme_id: int, regle: str) -> bool:
    """Nobody administers any part of what is asked: only then may the facts alone let somebody in."""
    return not tenues if regle == "SIREN" else not decideurs(tenues, organisme_id, regle)


@dataclass(frozen=True, slots=True)
class Examen:
    """A request as its decision depends on it."""

    type: str
    demandeur_id: int
    cree_le: datetime
    adresse_connue: bool
    libre: bool
    decideurs: frozenset[int]
    """Organisations whose administrators decide."""
    organismes: frozenset[int]
    """Establishments asked for; none for another kind of organisation."""


@dataclass(frozen=True, slots=True)
class Decideur:
    """Who looks at requests: somebody of support, or the administrator of a CFA or of a network; nobody else."""

    personne_id: int
    organisation_id: int
    organisation_nom: str
    type: str
    validee: bool
    support: bool
    garant_de: frozenset[int]
    """Establishments it may vouch for: fully responsible for them, or head of their network."""


def voie_de(decideur: Decideur, examen: Examen, maintenant: datetime) -> str | None:
    """By which right this person settles that request: ADMINISTRATEUR, CAUTION, SUPPORT, or None. Never one's own."""
    if decideur.personne_id == examen.demandeur_id:
        return None
    if decideur.support:
        return "SUPPORT" if _pour_le_support(examen, maintenant) else None
    if examen.type != CFA:
        return None
    if decideur.type == CFA and decideur.organisation_id in examen.decideurs:
        return "ADMINISTRATEUR"
    return "CAUTION" if _peut_garantir(decideur, examen) else None


def _pour_le_support(examen: Examen, maintenant: datetime) -> bool:
    """Support settles what no administrator can, and what they leave too long."""
    sans_decideur = examen.type != CFA or not examen.decideurs
    return sans_decideur or examen.adresse_connue or maintenant - examen.cree_le > PATIENCE


def _peut_garantir(decideur: Decideur, examen: Examen) -> bool:
    """A network's administrator vouches once a second person has validated them: names follow (decision 25)."""
    habilite = decideur.type == CFA or (decideur.type == RESEAU and decideur.validee)
    return habilite and examen.libre and couvre(decideur.garant_de, examen.organismes)


def couvre(liste: Collection[int], demandes: frozenset[int]) -> bool:
    """Everything asked for is in the list; nothing asked for is covered by nobody."""
    return bool(demandes) and demandes <= set(liste)


def masquer(courriel: str) -> str:
    """`contact@cfa.fr` → `c•••@cfa.fr`: enough for its owner to know it, not to learn it."""
    nom, _, domaine = courriel.partition("@")
    return f"{nom[:1]}•••@{domaine}"


def attend_validation(genre: str) -> list[Droit]:
    """Rights that a second signature opens for that type of organisation (decision 25)."""
    return [d for d in MATRICE.get(genre, {}) if genre != CFA and d in ATTENDENT_UNE_SECONDE_PERSONNE]


def certifie(siret: str | None, siren: str, *, dirigeant: bool) -> bool:
    """The provider's certification bears on the entity of the person's SIRET: it opens that entity's CFA and no other."""
    return dirigeant and siret is not None and siret[:9] == siren
