"""Rules of an organisation's team that need no database (decisions 20 and 25, domain.md §5.5). Pure."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

ADMINISTRATEUR: Final = "administrateur"
MEMBRE: Final = "membre"
ROLES: Final[Mapping[str, str]] = {
    MEMBRE: "Membre : consulte et travaille, sans gérer l’équipe",
    ADMINISTRATEUR: "Administrateur : invite, change et retire les accès",
}

MOTIFS_RETRAIT: Final[Mapping[str, str]] = {
    "DEPART": "La personne a quitté l’organisation",
    "FONCTION": "La personne a changé de fonction",
    "ERREUR": "L’accès avait été donné par erreur",
    "AUTRE": "Une autre raison",
}
"""Why a right is taken back; the journal keeps the code."""
RAISONS_DITES: Final[Mapping[str, str]] = {
    "DEPART": "vous avez quitté l’organisation",
    "FONCTION": "vous avez changé de fonction",
    "ERREUR": "l’accès avait été donné par erreur",
    "REVUE": "un administrateur ne l’a pas gardé, à la revue annuelle des accès",
    "SANS_REPONSE": "la revue annuelle des accès est restée sans réponse, malgré deux rappels",
}
"""The same, as the person is told; another reason is for the administrator to say."""

REPONSES: Final[Mapping[str, str]] = {"GARDER": "Garder l’accès", "RETIRER": "Retirer l’accès"}
"""Answers of an administrator to the yearly review."""


class Etat(StrEnum):
    """Where a member stands, as the page says it."""

    ACTIF = "actif"
    A_VENIR = "a_venir"
    A_VALIDER = "a_valider"
    """A second person has still to sign: figures, no names (decision 25)."""
    EN_SOMMEIL = "en_sommeil"
    SUSPENDU = "suspendu"


def etat_de(etat_personne: str, debut: date, jour: date, *, a_valider: bool) -> Etat:
    """Return where a member stands on `jour`; the account's state is said before the right's."""
    if etat_personne in ("SUSPENDUE", "FERMEE"):
        return Etat.SUSPENDU
    if debut > jour:
        return Etat.A_VENIR
    if etat_personne == "ENDORMIE":
        return Etat.EN_SOMMEIL
    return Etat.A_VALIDER if a_valider else Etat.ACTIF


def fin_apres(dernier_jour: date | None) -> date | None:
    """People write the last day with the right; rows hold the first day without it."""
    if dernier_jour is None:
        return None
    return dernier_jour + timedelta(days=1) if dernier_jour < date.max else date.max


def dernier_jour(fin: date | None) -> date | None:
    """The contrary: the last day with the right."""
    return None if fin is None else fin - timedelta(days=1)


def refus_de_fin(fin: date | None, jour: date) -> str | None:
    """Why this end cannot be chosen today, or None."""
    if fin is not None and fin <= jour:
        return "Le dernier jour d’accès est déjà passé."
    return None


def refus_de_sites(role: str, sites: Collection[int], possibles: Collection[int]) -> str | None:
    """Why these sites cannot be chosen, or None: only a member is limited, and only to sites of the organisation."""
    if sites and role == ADMINISTRATEUR:
        return "Un administrateur n’est pas limité à des sites : choisissez le rôle membre, ou ne cochez aucun site."
    if set(sites) - set(possibles):
        return "Choisissez des sites de votre organisation."
    return None
