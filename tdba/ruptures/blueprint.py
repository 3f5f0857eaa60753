"""The blueprint of the worklists and of the files, and what its routes share.

A row, its form and its page share their addresses: htmx receives the row, a browser without script the page.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, request, session, url_for

from tdba import horloge, scope
from tdba.access import AccesRefuse
from tdba.ruptures.choix import TERME
from tdba.ruptures.queries_accueil import Site
from tdba.ruptures.queries_ligne import Ligne
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT
from tdba.scope import Droit, Introuvable

bp = Blueprint("ruptures", __name__)

CLE_MAX: Final = 2**63 - 1
CLE: Final = f"int(max={CLE_MAX})"
LISTES: Final = {
    RUPTURE: "ruptures.ruptures",
    FIN_DE_CONTRAT: "ruptures.ruptures",
    SANS_CONTRAT: "ruptures.sans_contrat",
}
"""The worklist where a kind of file is found."""


def suit_un_cfa() -> bool:
    """Who follows young people: never support, which sees names only inside an opened case."""
    return not scope.courant().a(Droit.SUPPORT)


@bp.before_request
def sans_le_support() -> None:
    """Support sees names only inside an opened case, and a CFA's follow-up is the CFA's (decisions 24 and 26)."""
    if not suit_un_cfa():
        raise AccesRefuse("suivre les ruptures d’un CFA")


@bp.context_processor
def rangee_a_choisir() -> dict[str, Any]:
    """Whether a row can be ticked: in a worklist, and when htmx brings it back there after a step was noted."""
    page = urlsplit(request.headers.get("HX-Current-URL", request.path)).path
    return {"a_choisir": page in {url_for(endpoint) for endpoint in LISTES.values()}}


def adresse_du_dossier(ligne: Ligne) -> str:
    """Where the file of this row is read: on its own page once written, else on that of the youth it would be for."""
    if ligne.dossier_id is not None:
        return url_for("ruptures.dossier", dossier_id=ligne.dossier_id)
    if ligne.genre == FIN_DE_CONTRAT:
        return url_for("ruptures.dossier_fin_de_contrat", effectif_id=ligne.effectif_id)
    return url_for("ruptures.dossier_sans_contrat", effectif_id=ligne.effectif_id)


def partage() -> tuple[int, int] | None:
    """For a network, how many of its establishments share their follow-up, and how many it has; None: all, or a CFA."""
    courant = scope.courant()
    lus, tous = courant.portee_suivi.organismes, courant.portee(Droit.CORRIGER).organismes
    return None if lus is None or tous is None or lus == tous else (len(lus), len(tous))


def adresse_de_la_liste(genre: str, **filtres: Any) -> str:
    """Where the files of that kind are listed; ended contracts are the second group of the ruptures."""
    groupe: dict[str, Any] = {"groupe": TERME} if genre == FIN_DE_CONTRAT else {}
    return url_for(LISTES[genre], **groupe, **filtres)


def site_choisi(sites: list[Site]) -> int | None:
    """The site chosen in the address; one that is not theirs is not found."""
    texte = request.args.get("site", "")
    if not texte:
        return None
    choisi = next((site.id for site in sites if str(site.id) == texte), None)
    if choisi is None:
        raise Introuvable
    return choisi


AFFECTATION: Final = "affectation"
"""Where a session keeps the last bulk assignment: ids, and the name of the colleague."""
_ANNULABLE: Final = timedelta(hours=1)


def affectation_faite() -> dict[str, Any] | None:
    """The last bulk assignment of this session, while it can be undone."""
    if AFFECTATION not in session:
        return None
    faite: dict[str, Any] = session[AFFECTATION]
    if not faite["anciens"]:
        return None
    fraiche = horloge.maintenant() < datetime.fromisoformat(faite["le"]) + _ANNULABLE
    return faite if fraiche else None
