"""The page "À régler": one list of all that is wrong, by what it costs, each row with the gesture that settles it."""

from dataclasses import asdict
from typing import Any, Final, TypeVar, cast

from flask import Blueprint, Response, g, request, url_for

from tdba import lectures, web
from tdba.access import AccesRefuse, access
from tdba.points import genres, mots, queries
from tdba.points.queries import Filtres, Repere
from tdba.scope import Droit, Introuvable

bp = Blueprint("points", __name__)

_PAGE: Final = "points.a_regler"
_CLE_MAX: Final = 2**63 - 1

Choisi = TypeVar("Choisi")


def _pour_un_cfa() -> bool:
    """What is left to settle is the CFA's own: neither its network nor support reads the list (decision 26)."""
    return g.acteur is not None and g.acteur.organisation_type == "ORGANISME_FORMATION"


def compte() -> int:
    """The count beside the line of the menu, asked once a page."""
    if "points_a_regler" not in g:
        g.points_a_regler = queries.compter()
    return cast("int", g.points_a_regler)


web.entree_menu(15, "À régler", _PAGE, Droit.CORRIGER, si=_pour_un_cfa, compte=compte)


@bp.before_request
def au_cfa_seul() -> None:
    if not _pour_un_cfa():
        raise AccesRefuse("régler les points d’un CFA")


@bp.get("/a-regler")
@access(Droit.CORRIGER)
def a_regler() -> Response:
    sites = queries.sites()
    filtres = _filtres(dict(sites))
    lot = queries.page(filtres, _apres())
    lectures.noms_lus("a_regler", [p.effectif_id for p in lot.points if p.nom and p.effectif_id is not None])
    return web.page_or_partial(
        "points/a_regler.html",
        "points/_liste.html",
        lot=lot,
        resume=queries.resume(filtres),
        phrase=mots.resume,
        consequences=genres.CONSEQUENCES,
        plusieurs_sites=len(sites) > 1,
        lien=lambda point: genres.lien(point.genre.code, point.lie),
        filtre=_rangee_de_filtres(filtres, sites),
        filtree=filtres != Filtres(),
        debut=url_for(_PAGE, **_choix(filtres)) if "apres" in request.args else None,
        suivants=url_for(_PAGE, **_choix(filtres), apres=lot.points[-1].repere) if lot.suite else None,
    )


def _filtres(sites: dict[int, str]) -> Filtres:
    """What the address asks for; a genre, a consequence, a site or an anomaly that is not there is not found.

    A form sends every control it shows: an anomaly left from a genre chosen before is not looked at.
    """
    genre = _choisi("genre", {code: code for code in genres.GENRES})
    sortes = genres.sortes(genre) if genre is not None else {}
    return Filtres(
        genre=genre,
        consequence=_choisi("consequence", {str(c): c for c in genres.CONSEQUENCES}),
        site=_choisi("site", {str(cle): cle for cle in sites}),
        anomalie=_choisi("anomalie", {code: code for code in sortes}) if sortes else None,
    )


def _choisi(nom: str, permis: dict[str, Choisi]) -> Choisi | None:
    texte = request.args.get(nom, "")
    if not texte:
        return None
    if texte not in permis:
        raise Introuvable
    return permis[texte]


def _apres() -> Repere | None:
    """The row that the page starts after: `1-408`."""
    texte = request.args.get("apres", "")
    if not texte:
        return None
    consequence, _, cle = texte.partition("-")
    if not (consequence.isdecimal() and cle.isdecimal() and len(consequence) == 1 and len(cle) < 20):
        raise Introuvable
    return int(consequence), min(int(cle), _CLE_MAX)


def _choix(filtres: Filtres, **autres: Any) -> dict[str, Any]:
    """The filters as an address says them, some changed."""
    choix = asdict(filtres) | autres
    return {nom: valeur for nom, valeur in choix.items() if valeur is not None}


def _sans(nom: str) -> dict[str, None]:
    """Removing the genre removes what it is made of."""
    return {nom: None, "anomalie": None} if nom == "genre" else {nom: None}


def _rangee_de_filtres(filtres: Filtres, sites: list[tuple[int, str]]) -> dict[str, Any]:
    """What the row of filters shows: what some point has, and what was chosen, each removable."""
    codes, consequences, sortes = queries.presents(filtres.genre)
    champs = [
        _select(
            "consequence",
            "Conséquence",
            filtres.consequence,
            [(c, mot) for c, mot in genres.CONSEQUENCES.items() if c in (*consequences, filtres.consequence)],
        ),
        _select(
            "genre",
            "Ce qui est à régler",
            filtres.genre,
            [(code, ge.libelle) for code, ge in genres.GENRES.items() if code in (*codes, filtres.genre)],
        ),
    ]
    if filtres.genre is not None and genres.sortes(filtres.genre):
        mots = genres.sortes(filtres.genre)
        options = [(code, mots[code]) for code in mots if code in (*sortes, filtres.anomalie)]
        champs.append(_select("anomalie", "Anomalie", filtres.anomalie, options))
    if len(sites) > 1:
        champs.append(_select("site", "Établissement", filtres.site, sites))
    choisis = [
        {"libelle": libelle, "url": url_for(_PAGE, **_choix(filtres, **_sans(champ["nom"])))}
        for champ in champs
        for valeur, libelle in champ["options"][1:]
        if valeur == champ["valeur"]
    ]
    tout_effacer = url_for(_PAGE) if len(choisis) > 1 else None
    return {"action": url_for(_PAGE), "champs": champs, "choisis": choisis, "tout_effacer": tout_effacer}


def _select(nom: str, libelle: str, valeur: Any, options: list[tuple[Any, str]]) -> dict[str, Any]:
    return {
        "nom": nom,
        "libelle": libelle,
        "type": "select",
        "valeur": "" if valeur is None else valeur,
        "options": [
            ("", "Tous" if nom == "site" else "Toutes" if nom in ("consequence", "anomalie") else "Tout"),
            *options,
        ],
    }


def vers_la_fiche(point: genres.Lie) -> str:
    """Where a point about one record is settled: its sheet."""
    return url_for("effectifs.fiche", effectif_id=point.effectif_id)


def vers_le_transfert(point: genres.Lie) -> str:
    """Where a transfer is read and undone."""
    return url_for("effectifs.transferer", effectif_id=point.effectif_id)
