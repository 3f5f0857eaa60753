"""Pages of figures: "Le point" over one's reach, and the page of one CFA. Counts, never a name."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user

from tdba import horloge, scope, web
from tdba.access import access
from tdba.effectifs.filtres import COMPTEES, NIVEAUX
from tdba.formats import date_longue
from tdba.indicateurs import filtres, phrases, queries_organisme, queries_point
from tdba.indicateurs.filtres import Demande
from tdba.indicateurs.queries_point import Point
from tdba.indicateurs.tableau import RUPTURES, SANS_CONTRAT, variation
from tdba.ruptures.queries_accueil import CHIFFRES
from tdba.ruptures.regles import ajouter_mois
from tdba.scope import Droit

bp = Blueprint("indicateurs", __name__)

_ID_MAX: Final = 2**31 - 1


def _chez_soi() -> bool:
    """A CFA looks at its own family: all its establishments count, even those not reliable (decision 29)."""
    return str(current_user.organisation_type) == "ORGANISME_FORMATION"


def _en_second() -> bool:
    """Those who have a first page of their own: a CFA its worklist, support its desk."""
    return _chez_soi() or scope.courant().a(Droit.SUPPORT)


# Before "Aujourd’hui", which a network that answers for its members has too: its figures come first.
web.entree_menu(5, "Le point", "indicateurs.le_point", Droit.VOIR_INDICATEURS, si=lambda: not _en_second())
web.entree_menu(60, "Chiffres", "indicateurs.le_point", Droit.VOIR_INDICATEURS, si=_en_second)
web.rattacher("indicateurs.le_point", "indicateurs.organisme")


@bp.get("/le-point")
@access(Droit.VOIR_INDICATEURS)
def le_point() -> Response:
    """The figures of the whole reach on a day, by territory, then CFA by CFA."""
    aujourd_hui = horloge.aujourd_hui()
    demande = filtres.lire(request.args, aujourd_hui)
    point = queries_point.point(demande, chez_soi=_chez_soi())
    return web.page_or_partial(
        "indicateurs/le_point.html",
        "indicateurs/_cfa.html",
        point=point,
        demande=demande,
        lieu=phrases.lieu(
            current_user.organisation_type, point.regions, point.departements, demande.territoire
        ),
        horizon=ajouter_mois(demande.jour, 1),
        chiffres_listes=_listes(demande, point.ids) if demande.jour == aujourd_hui else {},
        variation=variation,
        filtre=_filtre(demande, point, aujourd_hui),
        vers=_vers(demande),
        trier=lambda tri: url_for("indicateurs.le_point", **filtres.trier(demande, tri)),
        **_noms(),
    )


@bp.get(f"/organismes/<int(max={_ID_MAX}):organisme_id>")
@access(Droit.VOIR_INDICATEURS)
def organisme(organisme_id: int) -> Response:
    """One CFA: who it is, its figures on a day, by level and by wait."""
    aujourd_hui = horloge.aujourd_hui()
    demande = filtres.lire(request.args, aujourd_hui)
    fiche = queries_organisme.fiche(organisme_id, demande.jour)
    listes = _listes(demande, [organisme_id], site=organisme_id) if demande.jour == aujourd_hui else {}
    return make_response(
        render_template(
            "indicateurs/organisme.html",
            fiche=fiche,
            demande=demande,
            chez_soi=_chez_soi(),
            chiffres_listes=listes,
            champs=[_champ_jour(demande)],
            horizon=ajouter_mois(demande.jour, 1),
            **_noms(),
        )
    )


def _noms() -> dict[str, Any]:
    return {"niveaux": NIVEAUX, "sans_contrat": SANS_CONTRAT, "ruptures": RUPTURES}


def _vers(demande: Demande) -> Callable[..., str]:
    """Make the address of another state of the page."""

    def vers(**changements: Any) -> str:
        return url_for("indicateurs.le_point", **filtres.parametres(demande, **changements))

    return vers


def _listes(demande: Demande, ids: Collection[int], site: int | None = None) -> dict[str, str]:
    """The address of the named list behind each figure, where the reader may open it for every CFA counted.

    Support never has it: it opens one record at a time, inside a case (decision 24).
    """
    courant = scope.courant()
    portee = courant.portee(Droit.VOIR_NOMINATIF)
    if portee.vide or courant.a(Droit.SUPPORT) or demande.territoire or not ids:
        return {}
    if portee.organismes is not None and not portee.organismes.issuperset(ids):
        return {}
    commun: dict[str, Any] = {"annee": COMPTEES, "niveau": demande.niveau, "site": site}
    return {
        nom: url_for("effectifs.liste", statut=[s.name for s in statuts], **commun)
        for nom, statuts in CHIFFRES.items()
        if portee.statuts is None or portee.statuts.issuperset(statuts)
    }


def _filtre(demande: Demande, point: Point, aujourd_hui: date) -> dict[str, Any]:
    """What the row of filters shows: fields, chosen filters, and what is kept across."""
    territoires = _territoires(demande, point)
    champs = [_champ_jour(demande), _champ_choix("niveau", "Niveau", demande.niveau or "", _niveaux())]
    if len(territoires) > 1:
        options = [("", "Tous"), *territoires.items()]
        champs.append(_champ_choix("territoire", "Territoire", demande.territoire, options))
    caches = filtres.parametres(demande)
    for champ in champs:
        caches.pop(champ["nom"], None)
    return {"champs": champs, "choisis": _choisis(demande, territoires, aujourd_hui), "caches": caches}


def _choisis(demande: Demande, territoires: Mapping[str, str], aujourd_hui: date) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    vers, choisis = _vers(demande), []
    if demande.jour != aujourd_hui:
        choisis.append((f"Au {date_longue(demande.jour)}", vers(choisi=False)))
    if demande.niveau:
        choisis.append((f"Niveau {NIVEAUX[demande.niveau]}", vers(niveau=None)))
    if demande.territoire:
        choisis.append((territoires.get(demande.territoire, "Territoire inconnu"), vers(territoire="")))
    return [{"libelle": libelle, "url": url} for libelle, url in choisis]


def _champ_jour(demande: Demande) -> dict[str, Any]:
    return {"nom": "jour", "libelle": "Au", "type": "date", "valeur": demande.jour.isoformat()}


def _champ_choix(nom: str, libelle: str, valeur: Any, options: list[tuple[str, str]]) -> dict[str, Any]:
    return {"nom": nom, "libelle": libelle, "type": "select", "valeur": valeur, "options": options}


def _niveaux() -> list[tuple[str, str]]:
    return [("", "Tous"), *((str(niveau), libelle) for niveau, libelle in NIVEAUX.items())]


def _territoires(demande: Demande, point: Point) -> dict[str, str]:
    """Régions when there are several, else départements; and the territory asked for, whichever it is."""
    regions = {f"R{code}": nom for code, nom in sorted(point.regions.items())}
    departements = {f"D{code}": f"{nom} ({code})" for code, nom in sorted(point.departements.items())}
    proposes, autres = (regions, departements) if len(regions) > 1 else (departements, regions)
    return proposes | {code: nom for code, nom in autres.items() if code == demande.territoire}
