"""Which results are asked for, as an address says it. Pure. What means nothing is set aside, never obeyed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from tdba.devenirs.etats import CONTRAT, JALONS
from tdba.devenirs.mots import GENRES
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT, ajouter_mois

ANNEES: Final = 4
"""School years that can be looked at: this one and those before."""
JALON: Final = 90
"""The milestone of a territory's page when none is chosen: three months."""
JOURS_PREMIERE_DEMARCHE: Final = 15

TOUS: Final = "tous"
RECENTS: Final = "recul-15"
EN_15_JOURS: Final = "demarche-15"
SUIVIS: Final = "demarche"
JAMAIS: Final = "sans-demarche"
QUI: Final = (
    TOUS,
    RECENTS,
    EN_15_JOURS,
    SUIVIS,
    JAMAIS,
    *(f"jalon-{j}" for j in JALONS),
    *(f"contrat-{j}" for j in JALONS),
)
"""Who is in the list that a figure leads to."""


AXES: Final[Mapping[str, tuple[str, ...]]] = {
    RUPTURE: ("cause", "formation", "employeur"),
    FIN_DE_CONTRAT: ("formation", "employeur"),
    SANS_CONTRAT: ("formation",),
}
"""What the figures of each kind of file are broken down by: without a contract there is no employer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    annee: int
    """First year of the school year in which the files opened."""
    genre: str = RUPTURE
    jalon: int = JALON
    site: int | None = None

    @property
    def annee_scolaire(self) -> str:
        return f"{self.annee}-{self.annee + 1}"

    @property
    def debut(self) -> date:
        return date(self.annee, 8, 1)

    @property
    def fin(self) -> date:
        """Day after the last of the school year."""
        return date(self.annee + 1, 8, 1)


def courante(jour: date) -> int:
    """The first year of the school year of a day: it changes on 1 August."""
    return jour.year if jour.month >= 8 else jour.year - 1


def par_defaut(jour: date) -> int:
    """The school year under way, once one milestone of its first days was reached; the one before until then."""
    annee = courante(jour)
    return annee if (jour - date(annee, 8, 1)).days >= min(JALONS) else annee - 1


def annees(jour: date) -> list[int]:
    """The latest first."""
    return [courante(jour) - n for n in range(ANNEES)]


def lire(arguments: Mapping[str, str], jour: date, *, site: int | None = None) -> Demande:
    """Read the arguments of an address, on that day; the site was checked by whoever knows those of the reader."""
    demande = Demande(annee=par_defaut(jour), site=site)
    annee = arguments.get("annee", "")[:4]
    if annee.isdecimal() and int(annee) in annees(jour):
        demande = replace(demande, annee=int(annee))
    if arguments.get("genre") in GENRES:
        demande = replace(demande, genre=arguments["genre"])
    if arguments.get("jalon") in [str(jalon) for jalon in JALONS]:
        demande = replace(demande, jalon=int(arguments["jalon"]))
    return demande


def parametres(demande: Demande, **changements: Any) -> dict[str, Any]:
    """The arguments of the address of another state."""
    etat = replace(demande, **changements)
    valeurs = {"annee": etat.annee_scolaire, "genre": etat.genre, "site": etat.site}
    return {nom: valeur for nom, valeur in valeurs.items() if valeur is not None}


def avant(jour: date) -> date:
    """The same day a year before."""
    return ajouter_mois(jour, -12)


def jalon_de(qui: str) -> tuple[int, bool] | None:
    """For a list of a milestone, its days and whether only those with a contract are asked for."""
    genre, _, jours = qui.partition("-")
    if genre not in ("jalon", CONTRAT.lower()):
        return None
    return int(jours), genre != "jalon"
