"""The words of rights: which right, over which organismes and statuses, held by whom. Pure.

`tdba.scope` applies them to statements; `comptes.droits` decides them. Empty means nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final


class Droit(Enum):
    """The rights of decision 21. The value is the sentence shown to people."""

    VOIR_INDICATEURS = "consulter les chiffres"
    VOIR_TRANSMISSIONS = "consulter les transmissions"
    VOIR_CONTACTS = "consulter les contacts d’un organisme"
    VOIR_NOMINATIF = "consulter les listes nominatives"
    VOIR_COORDONNEES = "consulter les coordonnées des apprenants"
    CORRIGER = "corriger les fiches et suivre les ruptures"
    CONFIGURER = "configurer la transmission"
    SUPPORT = "assister les utilisateurs et réparer des données"
    CONFORMITE = "suivre la conformité"
    AUDITER = "auditer"


class RoleSql(Enum):
    """The PostgreSQL role that a transaction takes (decision 23)."""

    FAMILLE = "tdba_famille"
    TERRITOIRE = "tdba_territoire"
    NATIONAL = "tdba_national"


@dataclass(frozen=True, slots=True)
class Portee:
    """Reach of one right. `organismes` None = every organisme; `statuts` None = every status."""

    organismes: frozenset[int] | None = frozenset()
    statuts: frozenset[int] | None = None

    @property
    def vide(self) -> bool:
        return self.organismes is not None and not self.organismes


PERSONNE: Final = Portee()
TOUS: Final = Portee(organismes=None)


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts, and what they may reach. Built by `comptes` for a person, by `transmissions` for an API key."""

    droits: Mapping[Droit, Portee] = field(default_factory=lambda: MappingProxyType({}))
    role: RoleSql = RoleSql.FAMILLE
    personne_id: int | None = None
    habilitation_id: int | None = None
    organisme_acteur_id: int | None = None
    """The organisme that acts, when it is not a person (an API key)."""
    systeme: str | None = None
    """Why the system acts by itself (jobs, commands); None for people and keys."""
    suivi: frozenset[int] | None = None
    """Organismes that share their follow-up with this network (decision 26); None: a right to correct is enough."""

    def portee(self, droit: Droit) -> Portee:
        return TOUS if self.systeme else self.droits.get(droit, PERSONNE)

    @property
    def portee_suivi(self) -> Portee:
        """Whose follow-up (steps, delays, next dates) may be read: among those that may be corrected."""
        portee = self.portee(Droit.CORRIGER)
        if self.suivi is None:
            return portee
        return Portee(self.suivi if portee.organismes is None else portee.organismes & self.suivi)

    def a(self, droit: Droit) -> bool:
        """True when the right is held over at least one organisme."""
        return not self.portee(droit).vide


VIDE: Final = Scope()
