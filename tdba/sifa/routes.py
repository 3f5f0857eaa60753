"""The yearly campaign as a guided task: where each establishment stands, its five steps, and who is counted (domain.md §8)."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, cast

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures
from tdba.access import access
from tdba.db import db
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit, Introuvable
from tdba.sifa import a_regler, calendrier, champs, forms, queries, service
from tdba.sifa.blueprint import bp
from tdba.sifa.campagne import PREMIERE, Campagne
from tdba.sifa.models import CampagneSifa, FichierSifa
from tdba.sifa.queries import Dossier

CHEMIN: Final = "/sifa/<int(min=2020, max=2100):annee>/<int:organisme_id>"
PAGE: Final = 100
JUGES_MAX: Final = 3_000
"""Beyond, the page of all establishments tells who is counted, and each page of its own who is complete."""


class Bilan(NamedTuple):
    """How many are counted, and how many of them are complete; None: too many to be judged on this page."""

    comptes: int
    complets: int | None = None
    refuses: int = 0

    @property
    def a_completer(self) -> int | None:
        return None if self.complets is None else self.comptes - self.complets


class Rangee(NamedTuple):
    """One establishment of the reach."""

    site: OrganismeVu
    bilan: Bilan
    dite: CampagneSifa | None


def proche() -> bool:
    """The survey is prepared here, and its campaign is open, or nearly."""
    jour = horloge.aujourd_hui()
    return a_regler.reglages().actif and a_regler.campagne_courante(jour).proche(jour)


def campagne_voulue(annee: int) -> Campagne:
    """The campaign of that year. Raises Introuvable before the first and after the current one."""
    if not PREMIERE <= annee <= calendrier.reference(horloge.aujourd_hui()).year:
        raise Introuvable
    return a_regler.campagne_de(annee)


def bilan_de(dossiers: Sequence[Dossier]) -> Bilan:
    return Bilan(len(dossiers), sum(d.complet for d in dossiers), sum(d.refuse for d in dossiers))


def fil(site: OrganismeVu, annee: int, *suite: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way to a page of one establishment."""
    adresse = url_for("sifa.etablissement", annee=annee, organisme_id=site.id)
    chemin: list[tuple[str, str | None]] = [
        ("Enquête SIFA", url_for("sifa.campagne", annee=annee)),
        (site.nom, adresse if suite else None),
    ]
    return [*chemin, *suite]


@bp.get("/sifa")
@access(Droit.CORRIGER)
def campagne() -> ResponseReturnValue:
    """Where each establishment of the reach stands."""
    courante = calendrier.reference(horloge.aujourd_hui()).year
    voulue = campagne_voulue(request.args.get("annee", courante, type=int))
    sites = queries.mes_etablissements()
    if len(sites) == 1:
        return _etapes(sites[0], voulue)
    return make_response(
        render_template(
            "sifa/campagne.html",
            campagne=voulue,
            annees=range(courante, max(PREMIERE, courante - 5) - 1, -1),
            rangees=_rangees(sites, voulue.annee),
            jour=horloge.aujourd_hui(),
        )
    )


def _rangees(sites: Sequence[OrganismeVu], annee: int) -> list[Rangee]:
    ids = [site.id for site in sites]
    nombres = queries.nombres_comptes(ids, annee)
    dites = queries.campagnes_de(ids, annee)
    juger = sum(nombres.values()) <= JUGES_MAX
    rangees = []
    for site in sites:
        n = nombres.get(site.id, 0)
        bilan = bilan_de(queries.dossiers(site.id, annee)) if n and juger else Bilan(n, None if n else 0)
        rangees.append(Rangee(site, bilan, dites.get(site.id)))
    return rangees


@bp.get(CHEMIN)
@access(Droit.CORRIGER)
def etablissement(annee: int, organisme_id: int) -> ResponseReturnValue:
    """The five steps of one establishment."""
    return _etapes(queries.etablissement(organisme_id), campagne_voulue(annee))


def _etapes(site: OrganismeVu, voulue: Campagne) -> Response:
    dossiers = queries.dossiers(site.id, voulue.annee)
    fichiers = queries.fichiers_de(site.id, voulue.annee, 1)
    dernier = fichiers[0] if fichiers else None
    courante = calendrier.reference(horloge.aujourd_hui()).year
    return make_response(
        render_template(
            "sifa/etablissement.html",
            site=site,
            campagne=voulue,
            annees=range(courante, max(PREMIERE, courante - 5) - 1, -1),
            bilan=bilan_de(dossiers),
            dite=queries.campagne_de(site.id, voulue.annee),
            type_cfa=champs.CHAMPS["type_cfa"].choix,
            dernier=dernier,
            identique=identique(dernier, dossiers),
            jour=horloge.aujourd_hui(),
            seul=len(queries.mes_etablissements()) == 1,
            fil=fil(site, voulue.annee),
        )
    )


def identique(dernier: FichierSifa | None, dossiers: Sequence[Dossier]) -> bool | None:
    """What would be made now is what was made then; None: nothing was made."""
    if dernier is None:
        return None
    return bytes(dernier.empreinte) == service.Fabrique(list(dossiers)).empreinte


@bp.route(f"{CHEMIN}/reponses", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def repondre(annee: int, organisme_id: int) -> ResponseReturnValue:
    """What the establishment answers once for all its records."""
    site, voulue = queries.etablissement(organisme_id), campagne_voulue(annee)
    dite = queries.campagne_de(organisme_id, annee)
    form = forms.reponses(champs.ETABLISSEMENT, dite.reponses if dite else {}, 0)
    form["type_cfa"].label.text = "Type de CFA"
    code = 200
    if form.validate_on_submit():
        lues = form.lues()
        if lues is not None:
            service.repondre_pour_l_etablissement(organisme_id, annee, lues, horloge.maintenant())
            db.session.commit()
            flash("Réponse enregistrée pour toutes les fiches de l’établissement.", "success")
            return _vers("sifa.etablissement", annee, organisme_id)
        code = 422
    page = render_template(
        "sifa/repondre.html", form=form, site=site, campagne=voulue, fil=fil(site, annee, ("Répondre", None))
    )
    return make_response(page, code)


@bp.post(f"{CHEMIN}/deposee")
@access(Droit.CORRIGER)
def deposee(annee: int, organisme_id: int) -> ResponseReturnValue:
    """Say that the file was given to the ministry's platform, or undo it."""
    queries.etablissement(organisme_id)
    campagne_voulue(annee)
    oui = request.form.get("deposee") != "non"
    service.dire_deposee(organisme_id, annee, deposee=oui, maintenant=horloge.maintenant())
    db.session.commit()
    message = "L’enquête est notée comme déposée." if oui else "L’enquête n’est plus notée comme déposée."
    flash(message, "success")
    return _vers("sifa.etablissement", annee, organisme_id)


@bp.get(f"{CHEMIN}/comptes")
@access(Droit.CORRIGER)
def comptes(annee: int, organisme_id: int) -> ResponseReturnValue:
    """Who is counted on 31 December and why, and who is not."""
    site, voulue = queries.etablissement(organisme_id), campagne_voulue(annee)
    tous = queries.comptes(organisme_id, annee)
    qui = request.args.get("qui", "oui")
    choisis = [c for c in tous if c.compte == (qui != "non")]
    debut = max(0, request.args.get("debut", 0, type=int))
    montres = choisis[debut : debut + PAGE]
    lectures.noms_lus("sifa.comptes", [c.effectif_id for c in montres])
    n = sum(c.compte for c in tous)
    return make_response(
        render_template(
            "sifa/comptes.html",
            site=site,
            campagne=voulue,
            montres=montres,
            total=len(choisis),
            onglets_=_onglets(annee, organisme_id, qui, n, len(tous) - n),
            pages=pages(
                len(choisis), debut, lambda d: _adresse_comptes(annee, organisme_id, qui=qui, debut=d)
            ),
            annees_scolaires=calendrier.annees_comptees(annee),
            fil=fil(site, annee, ("Qui est compté", None)),
        )
    )


def _onglets(annee: int, organisme_id: int, qui: str, comptes_: int, autres: int) -> list[dict[str, Any]]:
    non = qui == "non"
    return [
        {
            "libelle": "Comptés",
            "url": _adresse_comptes(annee, organisme_id),
            "actif": not non,
            "compte": comptes_,
        },
        {
            "libelle": "Pas comptés",
            "url": _adresse_comptes(annee, organisme_id, qui="non"),
            "actif": non,
            "compte": autres,
        },
    ]


def _adresse_comptes(annee: int, organisme_id: int, **parametres: Any) -> str:
    return url_for("sifa.comptes", annee=annee, organisme_id=organisme_id, **parametres)


def pages(total: int, debut: int, adresse: Any) -> dict[str, Any] | None:
    """What the pagination shows; None when all is on one page."""
    if total <= PAGE:
        return None
    fin = min(total, debut + PAGE)
    return {
        "position": f"Lignes {debut + 1} à {fin} sur {total}",
        "precedents": adresse(max(0, debut - PAGE)) if debut else None,
        "suivants": adresse(debut + PAGE) if fin < total else None,
    }


def _vers(endpoint: str, annee: int, organisme_id: int) -> Response:
    return cast("Response", redirect(url_for(endpoint, annee=annee, organisme_id=organisme_id), 303))
