"""Settling a request: by the administrators, by who vouches, by support; and the second person (decisions 20, 25)."""

from tdba import horloge, journal
from tdba.errors import ErreurMetier
from tdba.habilitations import acces, octrois, queries_acces_decisions, service_acces, service_acces_courriels
from tdba.habilitations.acces import Decideur
from tdba.habilitations.queries_acces_decisions import DemandeVue
from tdba.habilitations.service_acces_courriels import Adresses


def accepter(
    demande_id: int, qui: Decideur, *, role: str, sites: frozenset[int], adresses: Adresses
) -> DemandeVue:
    """Let the person in, with a role and, for a member, perhaps only some sites. Raises ErreurMetier."""
    vue = _verrouillee(demande_id, qui)
    if vue.voie == "CAUTION":
        role, sites = octrois.ADMINISTRATEUR, frozenset()
    if sites and role == octrois.ADMINISTRATEUR:
        raise ErreurMetier("Un administrateur n’est pas limité à des sites.", "sites")
    organisation_id = _organisation(vue, qui)
    if (
        vue.organisme is not None
        and role != octrois.ADMINISTRATEUR
        and not octrois.administrateurs(organisation_id)
    ):
        raise ErreurMetier("Ce CFA n’a pas d’administrateur : la première personne doit l’être.", "role")
    service_acces.accorder(
        vue.demande,
        vue.personne,
        voie=vue.voie,
        organisation_id=organisation_id,
        role=role,
        par=qui.personne_id,
        sites=sites,
        adresses=adresses,
    )
    return vue


def _organisation(vue: DemandeVue, qui: Decideur) -> int:
    """Administrators let people into their own organisation; the others into the one that was asked for."""
    if vue.voie == "ADMINISTRATEUR":
        return qui.organisation_id
    if vue.organisme is not None:
        return octrois.organisation_du_cfa(vue.organisme, vue.demande.regle)
    assert vue.demande.organisation_id is not None  # noqa: S101 - another kind always names its organisation
    return vue.demande.organisation_id


def refuser(demande_id: int, qui: Decideur, raison: str, adresses: Adresses) -> DemandeVue:
    """Close a request without opening anything; the person reads why. Vouching is never a refusal."""
    vue = _verrouillee(demande_id, qui)
    if vue.voie == "CAUTION":
        raise ErreurMetier("Ne rien faire suffit : sans votre garantie, personne n’entre.")
    demande = vue.demande
    demande.etat, demande.raison = "REFUSEE", raison
    demande.decidee_le, demande.decidee_par_id = horloge.maintenant(), qui.personne_id
    service_acces_courriels.refusee(vue.personne, vue.nom, raison, adresses)
    journal.consigner(
        "acces.refuse",
        organisme_id=demande.organisme_id,
        objet=("demande_acces", demande.id),
        demande_id=demande.id,
    )
    return vue


def valider(habilitation_id: int, par: int) -> None:
    """The second signature, by support: names and support rights open (decision 25)."""
    habilitation = queries_acces_decisions.habilitation_a_valider(habilitation_id, horloge.aujourd_hui())
    octrois.valider(habilitation, par)


def _verrouillee(demande_id: int, qui: Decideur) -> DemandeVue:
    """The request, locked and examined again: what was possible when the page was shown may be no more."""
    maintenant, jour = horloge.maintenant(), horloge.aujourd_hui()
    vue = queries_acces_decisions.une_demande(demande_id, qui, maintenant, jour, verrou=True)
    if vue.demande.type == acces.CFA and vue.organisme is not None:
        octrois.verrouiller_cfa(vue.organisme.siren)
        vue = queries_acces_decisions.une_demande(demande_id, qui, maintenant, jour, verrou=True)
    return vue
