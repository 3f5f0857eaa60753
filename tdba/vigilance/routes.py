"""The watch list, one person of it, the look taken at them, and its undoing."""

from typing import Any, Final

from flask import Response, flash, redirect, request, url_for

from tdba import horloge, lectures, scope, web
from tdba.access import access
from tdba.db import db
from tdba.effectifs.encarts import Encart
from tdba.errors import ErreurMetier
from tdba.formats import date_longue
from tdba.ruptures import queries_accueil
from tdba.ruptures.blueprint import CLE, CLE_MAX, partage, site_choisi, suit_un_cfa
from tdba.ruptures.queries import Position
from tdba.scope import Droit, Introuvable
from tdba.vigilance import queries, queries_personne, regles, service
from tdba.vigilance.blueprint import bp
from tdba.vigilance.forms import VuForm
from tdba.vigilance.mots import EXPLICATIONS, PAR_CLE, VUS
from tdba.vigilance.queries import Etat
from tdba.vigilance.queries_personne import Ligne

_LISTE: Final = "vigilance.liste"
_TITRE: Final = "À surveiller"

web.entree_menu(42, _TITRE, _LISTE, Droit.CORRIGER, si=suit_un_cfa)
web.rattacher(_LISTE, "vigilance.personne", "vigilance.vu", "vigilance.reglages")


@bp.get("/vigilance")
@access(Droit.CORRIGER)
def liste() -> Response:
    jour, sites = horloge.aujourd_hui(), queries_accueil.sites()
    etat = _etat(site_choisi(sites))
    position = Position(apres=_repere("apres"), avant=_repere("avant"))
    comptes, lot = queries.page(jour, etat, position)
    lectures.noms_lus(_LISTE, [ligne.effectif_id for ligne in lot.lignes])
    choix: dict[str, Any] = {"site": etat.site, "regle": _cle(etat)}
    return web.page_or_partial(
        "vigilance/liste.html",
        "vigilance/_liste.html",
        comptes=comptes,
        etat=etat,
        lot=lot,
        onglets_regles=_onglets(comptes, etat),
        precedents=lot.precedents and url_for(_LISTE, **choix, avant=lot.precedents),
        suivants=lot.suivants and url_for(_LISTE, **choix, apres=lot.suivants),
        filtre=_filtre(sites, etat),
        explication=EXPLICATIONS[etat.regle] if etat.regle else None,
        partage=partage(),
    )


@bp.get(f"/vigilance/<{CLE}:effectif_id>")
@access(Droit.CORRIGER)
def personne(effectif_id: int) -> Response:
    """One person, and why; for htmx their row, which is how the form in a row is closed."""
    return _personne(_ligne(effectif_id), "vigilance/_ligne.html", None)


@bp.route(f"/vigilance/<{CLE}:effectif_id>/vu", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def vu(effectif_id: int) -> Response:
    ligne, jour = _ligne(effectif_id), horloge.aujourd_hui()
    form = _formulaire(ligne)
    if form.validate_on_submit():
        try:
            nouveau = service.marquer_vu(
                effectif_id, form.saisie(jour), maintenant=horloge.maintenant(), jour=jour
            )
            db.session.commit()
        except ErreurMetier as erreur:
            db.session.rollback()
            form.refuser(erreur)
        else:
            return _apres(effectif_id, "Vu." if nouveau else "C’était déjà noté.")
    code = 422 if request.method == "POST" else 200
    return _personne(ligne, "vigilance/_saisie.html", form, code=code)


@bp.post(f"/vigilance/<{CLE}:effectif_id>/remettre")
@access(Droit.CORRIGER)
def remettre(effectif_id: int) -> Response:
    try:
        remis = service.remettre(effectif_id, jour=horloge.aujourd_hui())
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        return _apres(effectif_id, erreur.message, "warning")
    return _apres(effectif_id, "De nouveau à surveiller." if remis else "Ce jeune est déjà dans la liste.")


def encart(effectif_id: int) -> Encart | None:
    """Why a rule names this person, on their sheet; None without any, and for who does not follow them."""
    if not (suit_un_cfa() and scope.courant().a(Droit.CORRIGER)):
        return None
    ligne = queries_personne.ligne(effectif_id, horloge.aujourd_hui())
    if ligne is None:
        return None
    if ligne.vue:
        # Said, and nothing more to do before that day.
        return Encart(_TITRE, f"{' '.join(ligne.phrases)} Vu, à revoir le {date_longue(ligne.revoir_le)}.")
    adresse = url_for("vigilance.personne", effectif_id=effectif_id)
    return Encart(_TITRE, " ".join(ligne.phrases), adresse, "Ouvrir, ou marquer vu")


def _ligne(effectif_id: int) -> Ligne:
    ligne = queries_personne.ligne(effectif_id, horloge.aujourd_hui())
    if ligne is None:
        raise Introuvable
    return ligne


def _personne(ligne: Ligne, fragment: str, form: VuForm | None, *, code: int = 200) -> Response:
    lectures.noms_lus("vigilance.personne", [ligne.effectif_id])
    return web.page_or_partial(
        "vigilance/personne.html",
        fragment,
        code=code,
        ligne=ligne,
        message=None,
        form=form or _formulaire(ligne),
    )


def _apres(effectif_id: int, message: str, niveau: str = "success") -> Response:
    """The row as it now stands, or the list without script."""
    ligne = queries_personne.ligne(effectif_id, horloge.aujourd_hui())
    if web.fragment_demande() and ligne is not None:
        lectures.noms_lus("vigilance.personne", [effectif_id])
        return web.page_or_partial(
            "vigilance/personne.html", "vigilance/_ligne.html", ligne=ligne, message=message
        )
    if ligne is not None and ligne.vue and ligne.revoir_le is not None:
        message += f" {ligne.prenom} {ligne.nom} quitte la liste jusqu’au {date_longue(ligne.revoir_le)}."
    flash(message, niveau)
    reponse = redirect(url_for(_LISTE), 303)
    assert isinstance(reponse, Response)  # noqa: S101 - werkzeug's wider return type
    return reponse


def _formulaire(ligne: Ligne) -> VuForm:
    proposee = regles.revoir_le(ligne.constats, horloge.aujourd_hui())
    return VuForm(prefix=f"vu-{ligne.effectif_id}-", data={"revoir_le": proposee})


def _etat(site: int | None) -> Etat:
    texte = request.args.get("regle", "")
    if not texte or texte == VUS:
        return Etat(site, vues=texte == VUS)
    if texte not in PAR_CLE:
        raise Introuvable
    return Etat(site, PAR_CLE[texte])


def _cle(etat: Etat) -> str | None:
    """How an address names the tab."""
    if etat.vues:
        return VUS
    return EXPLICATIONS[etat.regle].cle if etat.regle else None


def _onglets(comptes: queries.Comptes, etat: Etat) -> list[dict[str, Any]]:
    """All, each rule that names somebody, those seen."""
    ouvert = etat.regle is None and not etat.vues
    entrees = [_onglet("Tous", None, comptes.total, etat, actif=ouvert)]
    for regle, nombre in comptes.regles.items():
        mots = EXPLICATIONS[regle]
        if nombre or etat.regle is regle:
            entrees.append(_onglet(mots.libelle, mots.cle, nombre, etat, actif=etat.regle is regle))
    return [*entrees, _onglet("Vus", VUS, comptes.vus, etat, actif=etat.vues)]


def _onglet(libelle: str, cle: str | None, nombre: int, etat: Etat, *, actif: bool) -> dict[str, Any]:
    adresse = url_for(_LISTE, site=etat.site, regle=cle)
    return {
        "libelle": libelle,
        "url": adresse,
        "actif": actif,
        "compte": nombre,
    }


def _filtre(sites: list[queries_accueil.Site], etat: Etat) -> dict[str, Any] | None:
    """The filter by site, for those who follow several."""
    if len(sites) < 2:
        return None
    gardes: dict[str, Any] = {} if (cle := _cle(etat)) is None else {"regle": cle}
    options = [("", "Tous les sites"), *((s.id, s.nom) for s in sites)]
    champ = {
        "nom": "site",
        "libelle": "Site",
        "type": "select",
        "valeur": etat.site or "",
        "options": options,
    }
    sans = url_for(_LISTE, **gardes)
    return {
        "action": url_for(_LISTE),
        "champs": [champ],
        "choisis": [{"libelle": s.nom, "url": sans} for s in sites if s.id == etat.site],
        "caches": gardes,
    }


def _repere(nom: str) -> int | None:
    """The row a page starts from; a number that no row can bear is a row that is gone."""
    lu = request.args.get(nom, type=int)
    return 0 if lu is not None and not 0 < lu <= CLE_MAX else lu
