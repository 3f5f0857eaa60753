"""Mails of the first access: no apprentice's name, and nothing that tells whether an account exists (decision 35)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from tdba import courriels, horloge
from tdba.comptes.models import Organisation, Personne
from tdba.db import db
from tdba.habilitations import acces, octrois, queries_acces
from tdba.habilitations.models import DemandeAcces
from tdba.organismes.models import Organisme


@dataclass(frozen=True, slots=True)
class Adresses:
    """Our own absolute addresses, made by the routes from the configuration."""

    accueil: str
    demandes: str
    suivi: str
    lien: Callable[[str], str]
    """Address of a one-time link, from its token."""


def demande_recue(
    demande: DemandeAcces, personne: Personne, organisme: Organisme, adresses: Adresses
) -> None:
    """Tell those who may settle it: the administrators, else those who may vouch."""
    jour = horloge.aujourd_hui()
    tenues = queries_acces.tenues([organisme.siren], jour)[organisme.siren]
    decident = [t.organisation_id for t in acces.decideurs(tenues, organisme.id, demande.regle)]
    if not decident and acces.est_libre(tenues, organisme.id, demande.regle):
        decident = [ident for ident, _ in queries_acces.garants(organisme.id, jour)]
    phrase = f"{_nom(personne)} demande à accéder aux données de {organisme.nom}, avec la fonction « {demande.fonction} »."
    suite = "Vous pouvez l’accepter ou la refuser. N’acceptez que quelqu’un que vous connaissez."
    for admin in _administrateurs(decident):
        courriels.ecrire(
            "demande_acces",
            admin.courriel,
            f"Une personne demande à accéder à {organisme.nom}",
            [phrase, suite],
            lien=("Voir la demande", adresses.demandes),
            personne_id=admin.id,
        )


def lien(organisme: Organisme, personne: Personne, adresse: str) -> None:
    """The one-time link, to the CFA's own address: whoever reads it learns who asks, and may do nothing."""
    courriels.ecrire(
        "lien_acces",
        organisme.courriel_referentiel or "",
        f"Accès de {organisme.nom} au Tableau de bord de l’apprentissage",
        [
            f"{_nom(personne)} demande à devenir administrateur de {organisme.nom} sur le Tableau de bord de l’apprentissage.",
            "Si vous êtes cette personne, ouvrez le lien ci-dessous dans le navigateur où vous êtes identifié.",
            "Sinon, transmettez-le-lui seulement si vous la connaissez : il ne sert qu’à elle, une fois, pendant quatre jours.",
            "Si cette demande ne vous dit rien, ne faites rien : sans ce lien, personne n’entre.",
        ],
        lien=("Ouvrir l’accès", adresse),
    )


def accordee(personne: Personne, organisation_id: int, adresses: Adresses) -> None:
    """Tell the person, and the administrators already there."""
    nom = db.session.execute(select(Organisation.nom).where(Organisation.id == organisation_id)).scalar_one()
    courriels.ecrire(
        "acces_accorde",
        personne.courriel,
        f"Votre accès à {nom} est ouvert",
        [f"Vous pouvez maintenant travailler pour {nom} sur le Tableau de bord de l’apprentissage."],
        lien=("Ouvrir le Tableau de bord", adresses.accueil),
        personne_id=personne.id,
    )
    for admin in _administrateurs([organisation_id]):
        courriels.ecrire(
            "acces_ouvert",
            admin.courriel,
            f"{_nom(personne)} a maintenant accès à {nom}",
            [
                f"Un accès à {nom} vient d’être donné à {_nom(personne)} ({personne.courriel}).",
                "Si cela vous surprend, retirez cet accès et écrivez au support.",
            ],
            lien=("Ouvrir le Tableau de bord", adresses.accueil),
            personne_id=admin.id,
        )


def refusee(personne: Personne, nom: str, raison: str, adresses: Adresses) -> None:
    courriels.ecrire(
        "acces_refuse",
        personne.courriel,
        f"Votre demande d’accès à {nom} n’est pas acceptée",
        [f"Votre demande d’accès à {nom} n’a pas été acceptée.", f"Raison donnée : {raison}"],
        lien=("Voir ma demande", adresses.suivi),
        personne_id=personne.id,
    )


def _administrateurs(organisation_ids: Iterable[int]) -> list[Personne]:
    ids = {h.personne_id for ident in organisation_ids for h in octrois.administrateurs(ident)}
    if not ids:
        return []
    requete = select(Personne).where(Personne.id.in_(ids)).order_by(Personne.id)
    return list(db.session.execute(requete).scalars())


def _nom(personne: Personne) -> str:
    return f"{personne.prenom} {personne.nom}"
