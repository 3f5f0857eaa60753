"""Jobs of a confirmed file: apply it all at once, undo it all at once, and tidy what is over (decisions 14 and 17)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import or_

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.depots import a_regler, comptages, queries, service_fichiers, sql
from tdba.depots.models import Depot
from tdba.depots.service import REPENTIR
from tdba.depots.service_fichiers import GARDE
from tdba.jobs import enqueue_after_commit
from tdba.ruptures import queries_protection
from tdba.scope import Droit
from tdba.transmissions import apercus

LAISSEES_MAX: Final = 500
"""Records named on the page of what could not be undone."""


def appliquer(depot_id: int) -> None:
    """Write every line of a confirmed file, in this one transaction. Running twice applies once."""
    depot = scope.get_or_404(Depot, depot_id, Droit.CORRIGER, verrou=True)
    if depot.etat != "APPLICATION":
        return
    transmission = queries.transmission(depot)
    transmission.complete = depot.complete
    apercus.confirmer(transmission)
    comptages.compter_applique(depot)
    depot.etat, depot.applique_le = "APPLIQUE", horloge.maintenant()
    journal.consigner(
        "depot.applique", organisme_id=depot.organisme_id, depot_id=depot.id, lignes=transmission.nb_lignes
    )
    enqueue_after_commit("transmissions.faire_le_point", transmission_id=transmission.id)
    if depot.complete:
        enqueue_after_commit("transmissions.clore_envoi", transmission_id=transmission.id)


def annuler(depot_id: int) -> None:
    """Put every record back as it was, but those that something newer touched, or that somebody works on."""
    depot = scope.get_or_404(Depot, depot_id, Droit.CORRIGER, verrou=True)
    if depot.etat != "ANNULATION":
        return
    transmission = queries.transmission(depot)
    travaillees: set[int] = set()

    def proteger(effectif_ids: Sequence[int]) -> frozenset[int]:
        trouvees = queries_protection.travaillees(effectif_ids)
        travaillees.update(trouvees)
        return trouvees

    retour = apercus.annuler(transmission, proteger)
    if depot.complete:
        scope.connexion("annulation d’un fichier complet").exec_driver_sql(
            sql.DEMARQUER, {"transmission_id": transmission.id}
        )
    depot.comptes = depot.comptes | {
        "retablies": len(retour.retablies),
        "supprimees": len(retour.supprimees),
        "laissees": len(retour.laissees),
        "laissees_ids": [[e, e in travaillees] for e in retour.laissees[:LAISSEES_MAX]],
    }
    depot.etat, depot.annule_le = "ANNULE", horloge.maintenant()
    journal.consigner(
        "depot.annule", organisme_id=depot.organisme_id, depot_id=depot.id, laissees=len(retour.laissees)
    )
    enqueue_after_commit("transmissions.faire_le_point", transmission_id=transmission.id)


def oublier(depot_id: int) -> None:
    """Remove the lines of a file that its person dropped."""
    depot = scope.get_or_404(Depot, depot_id, Droit.CORRIGER, verrou=True)
    if depot.etat == "ABANDONNE":
        effacer_apercu(depot)


def effacer_apercu(depot: Depot) -> None:
    """Remove the file and the lines read from it; their counts stay."""
    service_fichiers.effacer(depot)
    if depot.transmission_id is not None:
        transmission = queries.transmission(depot)
        if transmission.etat == "APERCU":
            apercus.abandonner(transmission)


def entretenir(maintenant: datetime) -> None:
    """Every night: what can no longer be undone is forgotten, what was never confirmed in 7 days is dropped."""
    images = (
        scope.connexion("fin du délai d’annulation")
        .exec_driver_sql(sql.OUBLIER_IMAGES, {"avant": maintenant - REPENTIR})
        .rowcount
    )
    vieux = (
        scope.select_for(Depot, Droit.CORRIGER)
        .where(Depot.etat.in_(("A_APPARIER", "PRET", "RECU", "LECTURE", "VERIFICATION")))
        .where(or_(Depot.pret_le < maintenant - GARDE, Depot.pret_le.is_(None)))
        .where(Depot.cree_le < maintenant - GARDE)
        .order_by(Depot.id)
        .with_for_update(skip_locked=True)
    )
    abandonnes = db.session.execute(vieux).scalars().all()
    for depot in abandonnes:
        effacer_apercu(depot)
        depot.etat = "ABANDONNE"
    a_regler.suivre(*abandonnes)
    fichiers = service_fichiers.effacer_expires(maintenant)
    journal.consigner("depot.entretien", abandonnes=len(abandonnes), images=images, fichiers=fichiers)
