"""Delegations: an establishment lets another organisme send for it, between two days, and ends it (decision 12).

The intake reads the table at each call: a delegation that ends today opens nothing any more, today.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

from tdba import formats, horloge, journal, scope
from tdba.db import db, table_de
from tdba.errors import ErreurMetier
from tdba.organismes import queries as organismes
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit, Introuvable
from tdba.transmissions import delegations, queries_cles, queries_delegations, service_avis, service_cles
from tdba.transmissions.delegations import DatesRefusees, Duree
from tdba.transmissions.models import Delegation


@dataclass(frozen=True, slots=True)
class Dates:
    """What the person wrote; an empty first day is today, an empty last one three years later."""

    debut: date | None = None
    dernier_jour: date | None = None


def delegue(organisme_id: int, delegue_id: int) -> OrganismeVu:
    """The organisme that would send. Raises Introuvable when nobody knows it, ErreurMetier when it cannot be chosen."""
    trouve = organismes.par_ids([delegue_id]).get(delegue_id)
    if trouve is None:
        raise Introuvable
    if delegue_id == organisme_id:
        raise ErreurMetier("Un établissement transmet déjà pour lui-même : choisissez un autre organisme.")
    if trouve.ferme:
        raise ErreurMetier("Cet organisme est fermé : il ne peut pas transmettre.")
    if organisme_id in organismes.famille_ecriture(delegue_id):
        raise ErreurMetier(
            "Cet organisme est votre responsable : il peut déjà transmettre pour vous, sans délégation."
        )
    return trouve


def donner(organisme_id: int, delegue_id: int, dates: Dates, maintenant: datetime) -> None:
    """Let `delegue_id` send for this establishment. Raises ErreurMetier for wrong days, or when it may already."""
    organisme = queries_cles.a_configurer(organisme_id)
    personne_id = service_cles.exiger_administrateur()
    choisi = delegue(organisme_id, delegue_id)
    jour = horloge.jour_de_paris(maintenant)
    try:
        duree = delegations.duree(dates.debut, dates.dernier_jour, jour)
    except DatesRefusees as refus:
        raise ErreurMetier(refus.phrase, champ=refus.champ) from None
    for vivante in queries_delegations.vivantes(organisme_id, delegue_id, jour):
        if (vivante.fin is None or vivante.fin > duree.debut) and vivante.debut < duree.fin:
            raise ErreurMetier(
                f"Cet organisme a déjà une délégation qui court à partir du {formats.date_longue(vivante.debut)} : arrêtez-la d’abord."
            )
    _ecrire(organisme_id, delegue_id, duree, personne_id, maintenant)
    journal.consigner("delegation.donnee", organisme_id=organisme_id, delegue_id=delegue_id)
    _prevenir_du_don(organisme, choisi, duree)


def _ecrire(organisme_id: int, delegue_id: int, duree: Duree, personne_id: int, maintenant: datetime) -> None:
    """One that was ended before or on its first day leaves its row, which this one takes."""
    ajout = insert(table_de(Delegation)).values(
        organisme_id=organisme_id,
        delegue_id=delegue_id,
        debut=duree.debut,
        fin=duree.fin,
        creee_par_id=personne_id,
        cree_le=maintenant,
    )
    nouvelles = {nom: ajout.excluded[nom] for nom in ("fin", "creee_par_id", "cree_le")}
    requete = ajout.on_conflict_do_update(constraint="pk_delegation", set_=nouvelles)
    db.session.execute(scope.pour_ecriture(requete, Droit.CONFIGURER))


def arreter(organisme_id: int, delegue_id: int, debut: date, maintenant: datetime) -> None:
    """End a delegation at once; one to come never starts. Raises Introuvable when it is over, or not there."""
    organisme = queries_cles.a_configurer(organisme_id)
    service_cles.exiger_administrateur()
    jour = horloge.jour_de_paris(maintenant)
    vivantes = {d.debut: d for d in queries_delegations.vivantes(organisme_id, delegue_id, jour)}
    delegation = vivantes.get(debut)
    if delegation is None:
        raise Introuvable
    delegation.fin = max(debut, jour)
    db.session.flush()
    journal.consigner("delegation.arretee", organisme_id=organisme_id, delegue_id=delegue_id)
    choisi = organismes.par_ids([delegue_id])[delegue_id]
    _prevenir(
        organisme,
        choisi,
        f"{choisi.nom} ne transmet plus pour {organisme.nom}",
        [
            f"La délégation donnée par {organisme.nom} à {choisi.nom} pour transmettre ses dossiers d’apprenants est arrêtée."
        ],
    )


def _prevenir_du_don(organisme: OrganismeVu, choisi: OrganismeVu, duree: Duree) -> None:
    dernier = formats.date_longue(duree.fin - timedelta(days=1))
    _prevenir(
        organisme,
        choisi,
        f"{choisi.nom} peut transmettre pour {organisme.nom}",
        [
            f"{organisme.nom} autorise {choisi.nom} à transmettre ses dossiers d’apprenants, du {formats.date_longue(duree.debut)} au {dernier} inclus.",
            f"{choisi.nom} se sert pour cela de ses propres clés d’API. {organisme.nom} peut arrêter cette délégation à tout moment.",
        ],
    )


def _prevenir(organisme: OrganismeVu, choisi: OrganismeVu, sujet: str, paragraphes: list[str]) -> None:
    """Write to the administrators of both: the one that gives, and the one that sends."""
    for vu in (organisme, choisi):
        service_avis.ecrire(
            vu.id,
            "delegation",
            sujet,
            paragraphes,
            page=service_avis.DELEGATIONS,
            mots="Voir les délégations",
        )
