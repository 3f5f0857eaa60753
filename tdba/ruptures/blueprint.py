"""The blueprint of the worklists and of the files, and what its routes share.

A row, its form and its page share their addresses: htmx receives the row, a browser without script the page.
"""

from typing import Any, Final

from flask import Blueprint, request, url_for

from tdba import scope
from tdba.access import AccesRefuse
from tdba.ruptures.queries_accueil import Site
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import RUPTURE, SANS_CONTRAT
from tdba.scope import Droit, Introuvable

bp = Blueprint("ruptures", __name__)

CLE_MAX: Final = 2**63 - 1
CLE: Final = f"int(max={CLE_MAX})"
LISTES: Final = {RUPTURE: "ruptures.ruptures", SANS_CONTRAT: "ruptures.sans_contrat"}
"""The worklist where a kind of file is found."""


def suit_un_cfa() -> bool:
    """Who follows young people: never support, which sees names only inside an opened case."""
    return not scope.courant().a(Droit.SUPPORT)


@bp.before_request
def sans_le_support() -> None:
    """Support sees names only inside an opened case, and a CFA's follow-up is the CFA's (decisions 24 and 26)."""
    if not suit_un_cfa():
        raise AccesRefuse("suivre les ruptures d’un CFA")


def adresse_du_dossier(ligne: Ligne) -> str:
    """Where the file of this row is read."""
    if ligne.genre == RUPTURE:
        return url_for("ruptures.dossier", dossier_id=ligne.dossier_id)
    return url_for("ruptures.dossier_sans_contrat", effectif_id=ligne.effectif_id)


def partage() -> tuple[int, int] | None:
    """For a network, how many of its establishments share their follow-up, and how many it has; None: all, or a CFA."""
    courant = scope.courant()
    lus, tous = courant.portee_suivi.organismes, courant.portee(Droit.CORRIGER).organismes
    return None if lus is None or tous is None or lus == tous else (len(lus), len(tous))


def site_choisi(sites: list[Site]) -> int | None:
    """The site chosen in the address; one that is not theirs is not found."""
    texte = request.args.get("site", "")
    if not texte:
        return None
    choisi = next((site.id for site in sites if str(site.id) == texte), None)
    if choisi is None:
        raise Introuvable
    return choisi


def filtre_site(endpoint: str, sites: list[Site], site: int | None, **caches: Any) -> dict[str, Any] | None:
    """The filter by site, for those who follow several."""
    if len(sites) < 2:
        return None
    gardes = {nom: valeur for nom, valeur in caches.items() if valeur is not None}
    options = [("", "Tous les sites"), *((s.id, s.nom) for s in sites)]
    sans = url_for(endpoint, **gardes)
    return {
        "action": url_for(endpoint),
        "champs": [
            {"nom": "site", "libelle": "Site", "type": "select", "valeur": site or "", "options": options}
        ],
        "choisis": [{"libelle": s.nom, "url": sans} for s in sites if s.id == site],
        "caches": gardes,
    }
