"""Outcomes over a territory, for networks and the State; and the public page of impact. No personal table is read."""

from typing import Any, Final, cast

from flask import Response, current_app, make_response, render_template, request, url_for

from tdba import horloge, petits_nombres, web
from tdba.access import access, en_cache, public
from tdba.config import Configuration
from tdba.devenirs import fichier, filtres, mots, queries_territoire, territoire
from tdba.devenirs.blueprint import bp, champ, champs, fraicheur, vrais_chiffres
from tdba.devenirs.etats import CONTRAT, ETATS, JALONS
from tdba.devenirs.filtres import Demande
from tdba.devenirs.resultats import variation
from tdba.devenirs.routes_resultats import telechargement
from tdba.devenirs.territoire import AUTRES_ETATS, Ligne
from tdba.formats import annee_scolaire, nombre
from tdba.petits_nombres import Case
from tdba.ruptures.blueprint import suit_un_cfa
from tdba.scope import Droit, courant

_PAGE: Final = "devenirs.sur_le_territoire"


def _sans_suivre() -> bool:
    """Networks and the State; those who follow young people have their own results, support its desk."""
    return not courant().a(Droit.CORRIGER) and suit_un_cfa()


web.entree_menu(48, "Devenirs", _PAGE, Droit.VOIR_INDICATEURS, si=_sans_suivre)


@bp.get("/devenirs/territoire")
@access(Droit.VOIR_INDICATEURS)
def sur_le_territoire() -> str:
    """What became of the young people of a territory's CFA: outcomes alone, never a CFA's follow-up (decision 26)."""
    jour = horloge.aujourd_hui()
    demande, k = filtres.lire(request.args, jour), _configuration().seuil_territoire
    lu = queries_territoire.lire(demande, chez_soi=vrais_chiffres())
    lignes = territoire.lignes(lu.ensembles, k)
    debut = _debut(lignes)
    total = territoire.total(lu.ensembles, k)
    options = [(str(jalon), mots.jalon(jalon)) for jalon in JALONS]
    return render_template(
        "devenirs/territoire.html",
        demande=demande,
        lignes=lignes[debut : debut + territoire.PAR_PAGE],
        nombre_lignes=len(lignes),
        position=(debut + 1, min(debut + territoire.PAR_PAGE, len(lignes))),
        suivants=_suite(demande, lignes, debut),
        premieres=_adresse(demande) if debut else None,
        total=total,
        avant=lu.avant,
        variation=variation(total.ensemble.comptes.taux, lu.avant.taux),
        nation=courant().portee(Droit.VOIR_INDICATEURS).organismes is None,
        filtre=[*champs(demande, jour), champ("jalon", "Au bout de", str(demande.jalon), options)],
        fraicheur_jalons=fraicheur(lu.calcule_le),
        autres=AUTRES_ETATS,
        csv=url_for("devenirs.territoire_csv", jalon=demande.jalon, **filtres.parametres(demande)),
        **_ecrire(k),
    )


@bp.get("/devenirs/territoire.csv")
@access(Droit.VOIR_INDICATEURS)
def territoire_csv() -> Response:
    """The same table as a file, with the same counts left out."""
    jour = horloge.aujourd_hui()
    demande, k = filtres.lire(request.args, jour), _configuration().seuil_territoire
    lu = queries_territoire.lire(demande, chez_soi=vrais_chiffres())
    lignes = territoire.lignes(lu.ensembles, k)
    titres = [
        "Établissement ou région",
        "Dossiers",
        mots.ETATS[CONTRAT],
        *(mots.ETATS[e] for e in AUTRES_ETATS),
    ]
    rangees: list[list[object]] = []
    for ensemble, autres in lignes:
        cases = [petits_nombres.texte(case, k) for case in autres]
        rangees.append([ensemble.nom, ensemble.comptes.total, ensemble.comptes.n(CONTRAT), *cases])
    corps = fichier.ecrire(titres, rangees)
    return telechargement(corps, f"devenirs-{demande.annee_scolaire}-{demande.jalon}-jours.csv")


@bp.get("/impact")
@en_cache(3600, "les mêmes totaux pour tous, faits chaque nuit")
@public("les résultats du service sont publics : des totaux nationaux, sans aucune personne")
def impact() -> Response:
    """National outcomes, for anybody."""
    jour = horloge.aujourd_hui()
    demande, k = filtres.lire(request.args, jour), _configuration().seuil_public
    lu = queries_territoire.national(demande)
    publies = {jalon: territoire.publiable(comptes, k) for jalon, comptes in lu.par_jalon.items()}
    return make_response(
        render_template(
            "devenirs/impact.html",
            demande=demande,
            publies=publies,
            vide=not any(comptes.total for comptes in lu.par_jalon.values()),
            taux={jalon: _taux_public(total, cases) for jalon, (total, cases) in publies.items()},
            filtre=champs(demande, jour),
            jour=jour,
            fraicheur_jalons=fraicheur(lu.calcule_le),
            etats=ETATS,
            **_ecrire(k),
        )
    )


def _configuration() -> Configuration:
    return cast("Configuration", current_app.extensions["tdba"])


def _taux_public(total: Case, cases: list[Case]) -> float | None:
    """The share with a contract, when both numbers that make it are published."""
    if not cases or not isinstance(total, int) or not isinstance(cases[0], int):
        return None
    return cases[0] / total


def _ecrire(k: int) -> dict[str, Any]:
    def ecrire(case: Case) -> str:
        return petits_nombres.texte(case, k, nombre(case) if isinstance(case, int) else None)

    return {"ecrire": ecrire, "mots": mots, "k": k, "CONTRAT": CONTRAT, "annee": annee_scolaire}


def _debut(lignes: list[Ligne]) -> int:
    """The page after the row that the address names; a row that has gone gives the first page."""
    repere = request.args.get("apres", "")
    rangs = {str(ligne.ensemble.cle): rang for rang, ligne in enumerate(lignes)}
    return rangs.get(repere, -1) + 1


def _suite(demande: Demande, lignes: list[Ligne], debut: int) -> str | None:
    fin = debut + territoire.PAR_PAGE
    return _adresse(demande, apres=lignes[fin - 1].ensemble.cle) if fin < len(lignes) else None


def _adresse(demande: Demande, **autres: Any) -> str:
    return url_for(_PAGE, jalon=demande.jalon, **filtres.parametres(demande), **autres)
