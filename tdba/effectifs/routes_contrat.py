"""Screens of the effectifs: a contract corrected, added, broken with its legal cause; a rupture cancelled or contested."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from tdba import horloge, scope, web
from tdba.access import access
from tdba.effectifs import changements, contrats_manuels, encarts, reperes
from tdba.effectifs.blueprint import bp
from tdba.effectifs.changements import Changement
from tdba.effectifs.correction import Pourquoi
from tdba.effectifs.ecran import Ecran
from tdba.effectifs.forms import CorrectionForm
from tdba.effectifs.forms_contrat import ContestationForm, ContratForm, RuptureAnnuleeForm, RuptureForm
from tdba.effectifs.models import Contrat
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.routes_enregistrer import contrat_ouvert, corriger, ouvrir
from tdba.scope import Droit


@bp.route("/contrats/<int:contrat_id>/corriger", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def corriger_contrat(contrat_id: int) -> ResponseReturnValue:
    """Correct the dates of a contract, and its employer."""
    ouvert, contrat = contrat_ouvert(contrat_id)
    form = ContratForm(obj=contrat, data={"version": ouvert.effectif.version})
    return _corriger(
        ouvert,
        contrat,
        form,
        form.colonnes,
        "corriger_contrat",
        "Corriger un contrat",
        "Contrat corrigé",
    )


@bp.route("/contrats/<int:contrat_id>/rompre", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def rompre_contrat(contrat_id: int) -> ResponseReturnValue:
    """Say that a contract was broken, when, and why in law; or say the cause of a rupture already known."""
    ouvert, contrat = contrat_ouvert(contrat_id)
    form = RuptureForm(obj=contrat, data={"version": ouvert.effectif.version})
    titre = "Préciser une rupture" if contrat.rupture else "Déclarer une rupture"
    return _corriger(ouvert, contrat, form, form.colonnes, "rompre_contrat", titre, "Rupture enregistrée")


@bp.route("/contrats/<int:contrat_id>/rupture/annuler", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def rupture_annuler(contrat_id: int) -> ResponseReturnValue:
    """Say that a contract was never broken (decision 19): the status follows at once."""
    ouvert, contrat = contrat_ouvert(contrat_id)
    form = RuptureAnnuleeForm(data={"version": ouvert.effectif.version})
    return _corriger(
        ouvert,
        contrat,
        form,
        (),
        "rupture_annuler",
        "Annuler une rupture",
        "Rupture annulée",
        chapeau="La rupture sera retirée de ce contrat, avec sa cause. Cette correction peut être annulée.",
    )


@bp.route("/contrats/<int:contrat_id>/rupture/contester", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def rupture_contester(contrat_id: int) -> ResponseReturnValue:
    """Say that a rupture is contested: it still counts, and the sheet says so (decision 19)."""
    ouvert, contrat = contrat_ouvert(contrat_id)
    if contrat.rupture is None:
        raise scope.Introuvable
    form = ContestationForm(obj=contrat, data={"version": ouvert.effectif.version})
    return _corriger(
        ouvert,
        contrat,
        form,
        form.colonnes,
        "rupture_contester",
        "Contester une rupture",
        "Contestation enregistrée",
        chapeau="La rupture reste comptée tant que votre ERP la transmet : la fiche et « À reporter » diront que vous "
        "la contestez. Si elle n’a jamais eu lieu, annulez-la plutôt.",
    )


@bp.route("/effectifs/<int:effectif_id>/contrats/ajouter", methods=["GET", "POST"])
@access(Droit.CORRIGER)
def ajouter_contrat(effectif_id: int) -> ResponseReturnValue:
    """Add a contract that no source sent yet; it is adopted when one does (decision 17)."""
    ouvert = ouvrir(effectif_id)
    demande_id = encarts.franchir(effectif_id)
    form = ContratForm(data={"version": ouvert.effectif.version})
    contrat = contrats_manuels.brouillon(ouvert)

    def ecrire(_changes: Sequence[Changement], pourquoi: Pourquoi) -> str:
        ecrites = contrats_manuels.ajouter(
            ouvert, form.saisies, pourquoi=pourquoi, maintenant=horloge.maintenant()
        )
        if siret := form.saisies["employeur_siret"]:
            reperes.apprendre_employeur(siret)
        return f"contrat-{ecrites[0].contrat_id}"

    ecran = Ecran(
        ouvert=ouvert,
        form=form,
        noms={nom: nom for nom in form.colonnes},
        contrat=contrat,
        ancre="nouveau-contrat",
        titre="Ajouter un contrat",
        adresse=url_for("effectifs.ajouter_contrat", effectif_id=effectif_id),
        demande_id=demande_id,
        fait="Contrat ajouté",
        chapeau="Le contrat vaut ici dès maintenant. Quand votre ERP l’enverra, il prendra sa place.",
    )
    return corriger(ecran, _proposer(ouvert, contrat, form, changements.d_ajout), ecrire)


def _corriger(
    ouvert: Ouvert,
    contrat: Contrat,
    form: CorrectionForm,
    colonnes: Sequence[str],
    page: str,
    titre: str,
    fait: str,
    chapeau: str | None = None,
) -> ResponseReturnValue:
    retour = web.adresse_locale(request.args.get("retour"))  # who came from another page than the sheet
    ecran = Ecran(
        ouvert=ouvert,
        form=form,
        noms={nom: nom for nom in colonnes},
        contrat=contrat,
        ancre=f"contrat-{contrat.id}",
        titre=titre,
        adresse=url_for(f"effectifs.{page}", contrat_id=contrat.id, retour=retour),
        demande_id=encarts.franchir(ouvert.effectif.id),
        fait=fait,
        chapeau=chapeau,
        retour=retour,
    )
    return corriger(ecran, _proposer(ouvert, contrat, form, changements.de_contrat))


def _proposer(
    ouvert: Ouvert, contrat: Contrat, form: Any, regle: Callable[..., list[Changement]]
) -> Callable[[], list[Changement]]:
    def proposer() -> list[Changement]:
        saisies: Mapping[str, Any] = form.saisies
        return regle(ouvert, contrat, saisies, version=form.version.data, jour=horloge.aujourd_hui())

    return proposer
