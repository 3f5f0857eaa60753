"""The auditor's space (decision 21): read-only, open only under a dated habilitation. Nothing is exported from here."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Response, make_response, render_template, request, url_for

from tdba import horloge, web
from tdba.access import access
from tdba.scope import Droit
from tdba.support import queries_audit
from tdba.support.blueprint import CLE_MAX, bp
from tdba.support.queries_audit import FAMILLES, Filtre

AUDIT: Final = "l’audit"
"""What the second factor protects: everybody's acts and rights."""

web.entree_menu(80, "Audit", "support.audit", Droit.AUDITER)
web.rattacher("support.audit", "support.audit_sceaux", "support.audit_habilitations")


@bp.get("/audit")
@access(Droit.AUDITER, facteur=AUDIT)
def audit() -> Response:
    """The journal, by family of events, period, organisation and person."""
    args = request.args
    famille = args.get("famille", "")
    filtre = Filtre(
        famille=famille if famille in FAMILLES else None,
        du=_jour(args, "du"),
        au=_jour(args, "au"),
        organisation_id=_cle(args, "organisation"),
        personne_id=_cle(args, "personne"),
    )
    lus, suivant = queries_audit.evenements(filtre, avant=_cle(args, "avant"))
    valeurs = {
        "famille": filtre.famille or "",
        "du": filtre.du.isoformat() if filtre.du else "",
        "au": filtre.au.isoformat() if filtre.au else "",
        "organisation": filtre.organisation_id or "",
        "personne": filtre.personne_id or "",
    }
    choisis: dict[str, Any] = {nom: valeur for nom, valeur in valeurs.items() if valeur}
    suite = url_for("support.audit", **choisis, avant=suivant) if suivant else None
    familles = [("", "tous"), *((nom, nom) for nom in FAMILLES)]
    return _rendre(
        "support/audit.html", evenements=lus, suite=suite, valeurs=valeurs, choisis=choisis, familles=familles
    )


@bp.get("/audit/sceaux")
@access(Droit.AUDITER, facteur=AUDIT)
def audit_sceaux() -> Response:
    """The last seals, each computed again from the rows it covers."""
    vus, suivant = queries_audit.sceaux(avant=_cle(request.args, "avant"))
    return _rendre("support/audit_sceaux.html", sceaux=vus, suivant=suivant)


@bp.get("/audit/habilitations")
@access(Droit.AUDITER, facteur=AUDIT)
def audit_habilitations() -> Response:
    """The rights in force today, and how many by type and role."""
    jour = horloge.aujourd_hui()
    lues, suivant = queries_audit.habilitations(jour, avant=_cle(request.args, "avant"))
    return _rendre(
        "support/audit_habilitations.html",
        habilitations=lues,
        suivant=suivant,
        comptes=queries_audit.comptes(jour),
        jour=jour,
    )


def _rendre(gabarit: str, **contexte: Any) -> Response:
    return make_response(render_template(gabarit, **contexte))


def _cle(source: Mapping[str, str], nom: str) -> int | None:
    """A key among what was sent; None for anything that no row can bear."""
    texte = source.get(nom, "").strip()
    chiffres = texte.isascii() and texte.isdecimal() and len(texte) < 20
    return int(texte) if chiffres and int(texte) <= CLE_MAX else None


def _jour(source: Mapping[str, str], nom: str) -> date | None:
    try:
        jour = date.fromisoformat(source.get(nom, ""))
    except ValueError:
        return None
    # The day after is computed: the last of the calendar has none.
    return jour if 1970 <= jour.year <= 9000 else None
