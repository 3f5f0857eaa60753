"""The whole story of one apprentice's record: received, corrected, followed, read, exported (issue 5, part 9).

What was done is told together; who read and exported has its own tabs, since readings would drown the rest, and is told
to the CFA and to support only.
"""

from collections.abc import Sequence
from typing import Any, Final

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import lectures, scope
from tdba.access import access
from tdba.effectifs import ajouts, encarts, queries_fiche, recit
from tdba.effectifs.ajouts import Fait
from tdba.effectifs.blueprint import bp
from tdba.scope import Droit

PAGE: Final = 50
ACTES: Final = {
    "RECU": "Reçu",
    "CORRIGE": "Corrigé",
    "SUIVI": "Suivi",
    "ANOMALIE": "À régler",
    "FUSION": "Fusions",
    "CORBEILLE": "Corbeille",
    "TRANSFERT": "Transferts",
    "SIFA": "SIFA",
}
LECTURES: Final = {"LU": "Lu par", "EXPORTE": "Exporté"}
GENRES: Final = ACTES | LECTURES
"""Genre of a fact → its filter, in the order of the page."""


@bp.get("/effectifs/<int:effectif_id>/histoire")
@access(Droit.CORRIGER)
def histoire(effectif_id: int) -> ResponseReturnValue:
    """Tell what happened to one record, the latest first, by genre and by page."""
    lue = queries_fiche.histoire(effectif_id)
    encarts.franchir(effectif_id)
    permis = GENRES if scope.courant().suivi is None else ACTES
    genre = request.args.get("genre", "")
    genre = genre if genre in permis else ""
    faits = (
        recit.lectures(effectif_id)
        if genre in LECTURES
        else [*recit.gestes(lue), *ajouts.recit_de(effectif_id)]
    )
    choisis = sorted((f for f in faits if genre in ("", f.genre)), key=lambda f: f.le, reverse=True)
    page = _page(len(choisis))
    lectures.noms_lus("effectifs.histoire", [effectif_id])
    return make_response(
        render_template(
            "effectifs/histoire.html",
            effectif=lue.effectif,
            faits=choisis[(page - 1) * PAGE : page * PAGE],
            total=len(choisis),
            page=page,
            taille=PAGE,
            genre=genre,
            onglets=_onglets(effectif_id, faits, genre, permis),
            genres=GENRES,
        )
    )


def _page(nombre: int) -> int:
    """The page asked for; the nearest that exists otherwise."""
    derniere = max(1, -(-nombre // PAGE))
    return min(max(request.args.get("page", 1, type=int), 1), derniere)


def _onglets(
    effectif_id: int, faits: Sequence[Fait], genre: str, permis: dict[str, str]
) -> list[dict[str, Any]]:
    """A tab for all that was done, one for each kind, and those of the readings. Counts are of what was just read."""

    def onglet(code: str, libelle: str) -> dict[str, Any]:
        compte = (
            sum(code in ("", f.genre) for f in faits) if (code in LECTURES) == (genre in LECTURES) else None
        )
        url = url_for("effectifs.histoire", effectif_id=effectif_id, genre=code or None)
        return {"libelle": libelle, "url": url, "actif": genre == code, "compte": compte}

    onglets = [onglet("", "Tout ce qui a été fait"), *(onglet(code, mot) for code, mot in permis.items())]
    return [o for o in onglets if o["compte"] != 0 or o["actif"]]
