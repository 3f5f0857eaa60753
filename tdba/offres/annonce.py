"""The vacant post as an offer to deposit: the values to copy, in the order that the deposit asks for them. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from tdba.formats import date_courte

NIVEAUX: Final[Mapping[int, str]] = {
    3: "CAP ou équivalent (niveau 3)",
    4: "Bac ou équivalent (niveau 4)",
    5: "Bac + 2 (niveau 5)",
    6: "Bac + 3 ou 4 (niveau 6)",
    7: "Bac + 5 (niveau 7)",
    8: "Doctorat (niveau 8)",
}


class Valeur(NamedTuple):
    """One value to copy; None: not known, said as such."""

    libelle: str
    valeur: str | None


class Employeur(NamedTuple):
    """What is known of an employer's establishment, from the contract and from the public register."""

    siret: str
    nom: str | None = None
    commune: str | None = None
    code_postal: str | None = None
    naf: str | None = None
    tranche: str | None = None
    """Bracket of headcount, in words."""
    public: bool | None = None
    """Governed by public law; None: the register was not read yet."""
    ferme_le: date | None = None
    inconnu: bool = False
    """The register answered that it does not know this number."""
    lu: bool = False
    """The register answered."""


def debut_souhaite(rupture: date | None, jour: date) -> date:
    """The post is free from the day of the rupture; never in the past."""
    return jour if rupture is None else max(rupture, jour)


def lignes(
    employeur: Employeur,
    metiers: Mapping[str, str],
    romes: list[str],
    formation: str | None,
    niveau: int | None,
    debut: date,
) -> list[Valeur]:
    """The summary of the offer."""
    lieu = " ".join(filter(None, (employeur.code_postal, employeur.commune)))
    return [
        Valeur("SIRET de l’employeur", employeur.siret),
        Valeur("Nom de l’employeur", employeur.nom),
        Valeur("Lieu de travail", lieu or None),
        Valeur(
            "Métier (code ROME)",
            ", ".join(f"{metiers[r]} ({r})" if r in metiers else r for r in romes) or None,
        ),
        Valeur("Formation préparée", formation),
        Valeur("Niveau du diplôme", NIVEAUX.get(niveau) if niveau is not None else None),
        Valeur("Type de contrat", "Contrat d’apprentissage"),
        Valeur("Début souhaité", date_courte(debut)),
    ]
