"""Refused lines corrected before the file is confirmed: one, or every line that holds the same wrong value."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tdba import journal, scope
from tdba.depots import a_regler, comptages, emetteurs, queries, sql
from tdba.depots.models import Depot
from tdba.errors import ErreurMetier
from tdba.jobs import enqueue_after_commit
from tdba.scope import Droit
from tdba.transmissions import apercus
from tdba.transmissions.champs import RANGS
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.models import Transmission

A_LA_FOIS: Final = 100
"""Lines corrected while the person waits; beyond, a job does it."""
VALEUR_MAX: Final = 500
A_REMPLACER: Final = "remplacer"
"""Where a file keeps what a job has to put in place of what."""
FERME: Final = (
    "Cet import n’est plus en attente de confirmation : ses lignes ne peuvent plus être corrigées ici."
)


def corriger(
    depot: Depot, emetteur: Emetteur, ligne_id: int, champs: Mapping[str, str | None]
) -> list[dict[str, Any]]:
    """Give a line other values and read it again at once. Returns what is still wrong with it."""
    transmission = _ouverte(depot)
    reste = apercus.corriger_ligne(transmission, emetteur, ligne_id, dict(champs))
    comptages.compter(depot)
    journal.consigner(
        "depot.ligne_corrigee",
        organisme_id=depot.organisme_id,
        depot_id=depot.id,
        ligne_id=ligne_id,
        champs=sorted(champs),
    )
    return reste


def remplacer(depot: Depot, emetteur: Emetteur, champ: str, ancienne: str, nouvelle: str) -> int | None:
    """Put a value in place of a wrong one in all lines refused for it. How many; None when a job will do it.

    Raises ErreurMetier when no line holds it any more.
    """
    transmission = _ouverte(depot)
    if not nouvelle or len(nouvelle) > VALEUR_MAX:
        raise ErreurMetier(f"Écrivez la bonne valeur, en {VALEUR_MAX} caractères au plus.")
    if champ not in RANGS:
        raise ErreurMetier("Cette colonne n’existe pas.")
    ids = _concernees(depot, champ, ancienne)
    if not ids:
        raise ErreurMetier(
            "Aucune ligne refusée ne contient plus cette valeur : elle est peut-être déjà corrigée."
        )
    if len(ids) > A_LA_FOIS:
        depot.apercu = {A_REMPLACER: [champ, ancienne, nouvelle]}
        depot.etat, depot.fait, depot.total = "VERIFICATION", 0, len(ids)
        a_regler.suivre(depot)
        enqueue_after_commit("depots.remplacer", depot_id=depot.id)
        return None
    for ligne_id in ids:
        apercus.corriger_ligne(transmission, emetteur, ligne_id, {champ: nouvelle})
    comptages.compter(depot)
    _consigner(depot, champ, len(ids))
    return len(ids)


def remplacer_en_attente(renouveler: Callable[[], None], depot_id: int) -> None:
    """Do what `remplacer` left to a job. Lines already corrected no longer hold the value: it may run again."""
    depot = scope.get_or_404(Depot, depot_id, Droit.CORRIGER)
    if depot.etat != "VERIFICATION" or A_REMPLACER not in depot.apercu:
        return
    champ, ancienne, nouvelle = depot.apercu[A_REMPLACER]
    emetteur = emetteurs.emetteur_de(depot.personne_id, depot.organisme_id)
    transmission = queries.transmission(depot)
    ids = _concernees(depot, champ, ancienne)
    for debut in range(0, len(ids), A_LA_FOIS):
        for ligne_id in ids[debut : debut + A_LA_FOIS]:
            apercus.corriger_ligne(transmission, emetteur, ligne_id, {champ: nouvelle})
        depot.fait += len(ids[debut : debut + A_LA_FOIS])
        renouveler()
    comptages.compter(depot)
    depot.apercu, depot.etat = {}, "PRET"
    a_regler.suivre(depot)
    _consigner(depot, champ, len(ids))


def _concernees(depot: Depot, champ: str, valeur: str) -> list[int]:
    connexion = scope.connexion("lignes refusées pour une même valeur")
    cles = {"transmission_id": depot.transmission_id, "champ": champ, "valeur": valeur}
    return list(connexion.exec_driver_sql(sql.MEME_VALEUR, cles).scalars())


def _ouverte(depot: Depot) -> Transmission:
    if depot.etat != "PRET":
        raise ErreurMetier(FERME)
    return queries.transmission(depot)


def _consigner(depot: Depot, champ: str, lignes: int) -> None:
    journal.consigner(
        "depot.valeur_remplacee",
        organisme_id=depot.organisme_id,
        depot_id=depot.id,
        champ=champ,
        lignes=lignes,
    )
