"""Completing records for the survey: the worklist, quick entry from one to the next, and the survey's tab of a record."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol, cast

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, lectures
from tdba.access import access
from tdba.db import db
from tdba.effectifs import encarts
from tdba.effectifs.ajouts import Geste
from tdba.formats import age
from tdba.scope import Droit, Introuvable
from tdba.sifa import a_regler, calendrier, champs, colonnes, forms, queries, regles, service
from tdba.sifa.blueprint import bp
from tdba.sifa.forms import ReponsesForm
from tdba.sifa.queries import Dossier
from tdba.sifa.routes import CHEMIN, PAGE, campagne_voulue, fil, pages


def geste(effectif: Any) -> list[Geste]:
    """The link that a sheet offers."""
    if not a_regler.reglages().actif:
        return []
    return [Geste("Enquête SIFA", url_for("sifa.fiche", effectif_id=effectif.id))]


@bp.get(f"{CHEMIN}/a-completer")
@access(Droit.CORRIGER)
def a_completer(annee: int, organisme_id: int) -> ResponseReturnValue:
    """What is missing, by field and by record."""
    site, voulue = queries.etablissement(organisme_id), campagne_voulue(annee)
    dossiers = queries.dossiers(organisme_id, annee)
    regle = regles.PAR_CODE.get(request.args.get("regle", ""))
    choisis = [d for d in dossiers if (regle in d.fautes if regle else not d.complet)]
    debut = max(0, request.args.get("debut", 0, type=int))
    montres = choisis[debut : debut + PAGE]
    lectures.noms_lus("sifa.a_completer", [d.effectif_id for d in montres])

    def adresse(debut: int) -> str:
        choix: dict[str, Any] = {"regle": regle.code if regle else None, "debut": debut}
        return url_for("sifa.a_completer", annee=annee, organisme_id=organisme_id, **choix)

    return make_response(
        render_template(
            "sifa/a_completer.html",
            site=site,
            campagne=voulue,
            comptes=len(dossiers),
            manques=_manques(dossiers),
            gravites=regles.GRAVITES,
            libelles=colonnes.LIBELLES,
            regle=regle,
            montres=montres,
            total=len(choisis),
            reste=sum(not d.complet for d in dossiers),
            pages=pages(len(choisis), debut, adresse),
            fil=fil(site, annee, ("À compléter", None)),
        )
    )


def _manques(dossiers: Sequence[Dossier]) -> list[tuple[regles.Regle, int]]:
    """How many records break each rule, the gravest and the most frequent first."""
    fois = Counter(regle.code for d in dossiers for regle in d.fautes)
    manques = [(regles.PAR_CODE[code], n) for code, n in fois.items()]
    return sorted(manques, key=lambda m: (m[0].gravite, -m[1], m[0].code))


class Page(Protocol):
    """Shows the form again, with this code; `conflit`: somebody else answered meanwhile."""

    def __call__(self, code: int, *, conflit: bool = False) -> Response: ...


def _attendues(vu: Dossier) -> list[str]:
    """The questions without which this record is not complete."""
    return [str(r.question) for r in vu.bloquantes if r.question]


class _Place(NamedTuple):
    """Where a record stands in the worklist."""

    rang: int | None
    total: int
    suivant: int | None


@bp.get(f"{CHEMIN}/completer")
@access(Droit.CORRIGER)
def commencer(annee: int, organisme_id: int) -> ResponseReturnValue:
    """The first record to complete; the worklist, which says so, when none is left."""
    queries.etablissement(organisme_id)
    campagne_voulue(annee)
    reste = [d.effectif_id for d in queries.dossiers(organisme_id, annee) if not d.complet]
    return _vers_le_suivant(annee, organisme_id, reste[0] if reste else None)


@bp.route(f"{CHEMIN}/completer/<int:effectif_id>", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def completer(annee: int, organisme_id: int, effectif_id: int) -> ResponseReturnValue:
    """Ask of one record only what it lacks; saving opens the next."""
    site, voulue = queries.etablissement(organisme_id), campagne_voulue(annee)
    dossiers = queries.dossiers(organisme_id, annee)
    vu = next((d for d in dossiers if d.effectif_id == effectif_id), None)
    if vu is None:
        raise Introuvable
    encarts.franchir(effectif_id)
    place = _place(dossiers, effectif_id)
    form = forms.reponses(
        _questions(vu),
        vu.personne.reponses,
        vu.personne.version,
        attendues=_attendues(vu),
    )

    def page(code: int, *, conflit: bool = False) -> Response:
        lectures.noms_lus("sifa.completer", [effectif_id])
        return make_response(
            render_template(
                "sifa/completer.html",
                site=site,
                campagne=voulue,
                vu=vu,
                form=form,
                place=place,
                conflit=_ecarts(form, effectif_id) if conflit else None,
                fil=fil(site, annee, ("À compléter", _adresse(annee, organisme_id)), ("Saisie", None)),
            ),
            code,
        )

    return _enregistrer(effectif_id, form, page, lambda: _vers_le_suivant(annee, organisme_id, place.suivant))


def _questions(vu: Dossier) -> list[str]:
    """The questions of a record, and what goes with them: asked what one was typed wrong, one sees it."""
    demandees = request.form.keys() & champs.CHAMPS.keys() if request.method == "POST" else set()
    return [nom for nom in champs.CHAMPS if nom in demandees or nom in vu.questions]


def _place(dossiers: Sequence[Dossier], effectif_id: int) -> _Place:
    """The worklist goes round: after the last record comes the first that was passed over."""
    ordre = [d.effectif_id for d in dossiers if not d.complet or d.effectif_id == effectif_id]
    rang = ordre.index(effectif_id)
    reste = [d.effectif_id for d in dossiers if not d.complet and d.effectif_id != effectif_id]
    suivants = [i for i in ordre[rang + 1 :] if i in set(reste)]
    suivant = suivants[0] if suivants else reste[0] if reste else None
    return _Place(rang + 1, len(ordre), suivant)


def _adresse(annee: int, organisme_id: int) -> str:
    return url_for("sifa.a_completer", annee=annee, organisme_id=organisme_id)


def _vers_le_suivant(annee: int, organisme_id: int, effectif_id: int | None) -> Response:
    adresse = _adresse(annee, organisme_id)
    if effectif_id is not None:
        adresse = url_for("sifa.completer", annee=annee, organisme_id=organisme_id, effectif_id=effectif_id)
    return cast("Response", redirect(adresse, 303))


@bp.route("/sifa/fiches/<int:effectif_id>", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def fiche(effectif_id: int) -> ResponseReturnValue:
    """The survey's tab of a record: every question, what answers it, and what the line of the file lacks."""
    vu = queries.dossier(effectif_id)
    encarts.franchir(effectif_id)
    form = forms.reponses(
        list(champs.CHAMPS), vu.personne.reponses, vu.personne.version, attendues=_attendues(vu)
    )
    reference = vu.personne.reference

    def page(code: int, *, conflit: bool = False) -> Response:
        lectures.noms_lus("sifa.fiche", [effectif_id])
        return make_response(
            render_template(
                "sifa/fiche.html",
                vu=vu,
                compte_au=reference,
                compte=vu.personne.statut in calendrier.COMPTES,
                mineur=_mineur(vu, reference),
                form=form,
                groupes=champs.GROUPES,
                questions=champs.CHAMPS.values(),
                saisies=service.saisies_de(effectif_id),
                libelles=colonnes.LIBELLES,
                gravites=regles.GRAVITES,
                conflit=_ecarts(form, effectif_id) if conflit else None,
                fil=_fil_de_la_fiche(vu),
            ),
            code,
        )

    return _enregistrer(
        effectif_id,
        form,
        page,
        lambda: cast("Response", redirect(url_for("sifa.fiche", effectif_id=effectif_id), 303)),
    )


def _mineur(vu: Dossier, reference: date) -> bool:
    naissance = vu.personne.date_naissance
    return naissance is not None and age(naissance, reference) < 18


def _fil_de_la_fiche(vu: Dossier) -> list[tuple[str, str | None]]:
    return [
        ("Effectifs", url_for("effectifs.liste")),
        (
            f"{vu.personne.prenom} {vu.personne.nom}",
            url_for("effectifs.fiche", effectif_id=vu.effectif_id),
        ),
        ("Enquête SIFA", None),
    ]


def _enregistrer(
    effectif_id: int,
    form: ReponsesForm,
    page: Page,
    suite: Callable[[], Response],
) -> Response:
    """Show the form, or save it and go on."""
    if request.method == "GET":
        return page(200)
    form.validate()
    lues = form.lues()
    if lues is None or form.version.errors:
        return page(422)
    try:
        changees = service.repondre(effectif_id, lues, form.version.data, horloge.maintenant())
        db.session.commit()
    except service.VersionPerimee:
        db.session.rollback()
        version = queries.dossier(effectif_id).personne.version
        form.version.raw_data, form.version.data = [str(version)], version
        return page(409, conflit=True)
    flash("Réponses enregistrées." if changees else "Rien n’a changé.", "success")
    return suite()


def _ecarts(form: ReponsesForm, effectif_id: int) -> list[tuple[str, str, str]]:
    """What the record says now, beside what was typed: question, said, typed."""
    actuelles = queries.dossier(effectif_id).personne.reponses
    return [
        (
            q.libelle,
            champs.lisible(q, actuelles.get(q.nom) or None),
            champs.lisible(q, form[q.nom].data or None),
        )
        for q in form.questions
        if (actuelles.get(q.nom) or "") != (form[q.nom].data or "")
    ]
