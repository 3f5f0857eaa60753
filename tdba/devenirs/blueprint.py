"""The blueprint that the screens of outcomes share."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Blueprint
from flask_login import current_user

from tdba.access import AccesRefuse
from tdba.devenirs import mots
from tdba.devenirs.filtres import Demande, annees
from tdba.formats import annee_scolaire, date_longue
from tdba.ruptures.blueprint import suit_un_cfa
from tdba.ruptures.queries_accueil import Site

bp = Blueprint("devenirs", __name__)


def exiger_de_suivre() -> None:
    """Names and steps are not support's to read outside a case (decision 24). Raises AccesRefuse."""
    if not suit_un_cfa():
        raise AccesRefuse("suivre les ruptures d’un CFA")


def vrais_chiffres() -> bool:
    """A CFA looks at its own family, support repairs it: figures are true for them (decision 28)."""
    return str(current_user.organisation_type) == "ORGANISME_FORMATION" or not suit_un_cfa()


def champ(nom: str, libelle: str, valeur: Any, options: Iterable[tuple[Any, str]]) -> dict[str, Any]:
    return {"nom": nom, "libelle": libelle, "type": "select", "valeur": valeur, "options": list(options)}


def champ_site(sites: list[Site], site: int | None) -> list[dict[str, Any]]:
    """The filter by site, for those who follow several."""
    if len(sites) < 2:
        return []
    return [champ("site", "Site", site or "", [("", "Tous les sites"), *((s.id, s.nom) for s in sites)])]


def champs(demande: Demande, jour: date) -> list[dict[str, Any]]:
    """The filters of every page of figures: which files, opened in which school year."""
    options = [(f"{a}-{a + 1}", annee_scolaire(a)) for a in annees(jour)]
    return [
        champ("annee", "Année scolaire", demande.annee_scolaire, options),
        champ("genre", "Dossiers", demande.genre, mots.GENRES.items()),
    ]


def fraicheur(calcule_le: datetime | None) -> str:
    """When outcomes were last counted."""
    if calcule_le is None:
        return "jamais encore compté"
    return f"compté chaque nuit, dernier changement le {date_longue(calcule_le)}"
