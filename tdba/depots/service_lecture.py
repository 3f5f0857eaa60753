"""The job that reads a file: its table, its columns, its lines, then what they would do (issue 4, part 2).

It may be killed anywhere and run again: until every line is stored, it starts over from the file, after removing the lines
of its own unfinished transmission; then the file goes, and only the comparison starts over.
"""

import json
from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import Any, Final

from tdba import horloge, journal, scope, tableaux
from tdba.db import db
from tdba.depots import (
    a_regler,
    bac,
    comptages,
    emetteurs,
    propositions,
    queries,
    service_corrections,
    service_fichiers,
    sql,
)
from tdba.depots.cellules import Rangee
from tdba.depots.conversion import Correspondance, appliquer
from tdba.depots.lecture import Feuille
from tdba.depots.models import Depot
from tdba.depots.refus import FichierRefuse
from tdba.effectifs import a_part
from tdba.scope import Droit
from tdba.transmissions import apercus
from tdba.transmissions.champs import CHAMPS_SIFA
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.models import Transmission

EXEMPLES: Final = 50
"""Rows looked at to propose what columns mean."""

Renouveler = Callable[[], None]


def lire(renouveler: Renouveler, depot_id: int) -> None:
    """Bring a file as far as it can go without its person: refused, to be matched, or ready to be confirmed."""
    depot = scope.get_or_404(Depot, depot_id, Droit.CORRIGER)
    if (
        depot.etat not in ("RECU", "LECTURE", "VERIFICATION")
        or service_corrections.A_REMPLACER in depot.apercu
    ):
        return
    if depot.fichier_id is not None:
        try:
            if not _stocker(renouveler, depot):
                return
        except FichierRefuse as refus:
            _refuser(renouveler, depot, refus)
            return
    _comparer(renouveler, depot)


def _stocker(renouveler: Renouveler, depot: Depot) -> bool:
    """Read the file and store its lines. False when its columns wait for somebody."""
    assert depot.fichier_id is not None  # noqa: S101 - checked by the caller
    _recommencer(depot)
    depot.etat, depot.fait, depot.total = "LECTURE", 0, 0
    renouveler()
    with bac.ouvrir(service_fichiers.blocs_de(depot.fichier_id), depot.nom) as feuille:
        depot.format = feuille.genre
        debut = list(islice(feuille.lignes, EXEMPLES))
        if depot.correspondance is None and not propositions.proposer(depot, feuille, debut):
            depot.etat = "A_APPARIER"
            renouveler()
            return False
        _lignes(renouveler, depot, feuille, debut)
    service_fichiers.effacer(depot)
    depot.etat, depot.total, depot.fait = "VERIFICATION", depot.fait, 0
    renouveler()
    return True


def _recommencer(depot: Depot) -> None:
    """Remove what a former run of this job had stored, if it was stopped."""
    if depot.transmission_id is not None:
        transmission_id, depot.transmission_id = depot.transmission_id, None
        db.session.flush()
        scope.connexion("nouvelle lecture d’un fichier").exec_driver_sql(
            sql.EFFACER, {"transmission_id": transmission_id}
        )


def _lignes(renouveler: Renouveler, depot: Depot, feuille: Feuille, debut: list[Rangee]) -> None:
    correspondance = propositions.correspondance_de(depot)
    emetteur = emetteurs.emetteur_de(depot.personne_id, depot.organisme_id)
    transmission = apercus.ouvrir(emetteur, personne_id=depot.personne_id)
    depot.transmission_id = transmission.id
    rangees = chain(debut, feuille.lignes)
    while lot := list(islice(rangees, apercus.LOT)):
        ajouter(transmission, emetteur, lot, correspondance)
        depot.fait += len(lot)
        renouveler()


def ajouter(
    transmission: Transmission, emetteur: Emetteur, rangees: Iterable[Rangee], correspondance: Correspondance
) -> None:
    """Store rows as lines; a cell that could not be understood keeps what it held, and refuses its line."""
    lues: list[tuple[int, dict[str, Any]]] = []
    incomprises: list[tuple[int, list[str], list[dict[str, Any]]]] = []
    sifa = a_part.attendu()
    for rang, cellules in rangees:
        convertie = appliquer(correspondance, cellules)
        champs = dict(convertie.champs)
        fautes = [e for e in convertie.erreurs if sifa or e.champ not in CHAMPS_SIFA]
        if fautes:
            champs |= _telles_quelles(correspondance, cellules, {e.champ for e in fautes})
            # A refused line is shown and given back: it holds nothing that only the survey's screens show.
            champs = {champ: valeur for champ, valeur in champs.items() if champ not in CHAMPS_SIFA}
            erreurs = [{"message": e.message, "path": [e.champ]} for e in fautes]
            incomprises.append((rang, [e.champ for e in fautes], erreurs))
        lues.append((rang, champs))
    apercus.ajouter(transmission, emetteur, lues)
    if incomprises:
        _refuser_lignes(transmission, incomprises)


def _telles_quelles(correspondance: Correspondance, cellules: list[Any], champs: set[str]) -> dict[str, Any]:
    """The cells of these fields as they were typed, so that they are shown where they are corrected."""
    return {
        champ: cellule
        for champ, cellule in zip(correspondance.colonnes, cellules, strict=False)
        if champ in champs and cellule is not None
    }


def _refuser_lignes(
    transmission: Transmission, incomprises: list[tuple[int, list[str], list[dict[str, Any]]]]
) -> None:
    connexion = scope.connexion("cellules illisibles d’un fichier")
    connexion.exec_driver_sql(
        sql.REFUSER,
        {
            "transmission_id": transmission.id,
            "rangs": tableaux.nombres(rang for rang, _, _ in incomprises),
            "champs": tableaux.textes(json.dumps(champs) for _, champs, _ in incomprises),
            "erreurs": tableaux.textes(json.dumps(erreurs) for _, _, erreurs in incomprises),
        },
    )
    transmission.nb_refusees = connexion.exec_driver_sql(
        sql.REFUSEES, {"transmission_id": transmission.id}
    ).scalar_one()


def _comparer(renouveler: Renouveler, depot: Depot) -> None:
    transmission = queries.transmission(depot)

    def avancer(lignes: int) -> None:
        depot.fait += lignes
        renouveler()

    depot.etat, depot.fait = "VERIFICATION", 0
    # Taken before: what is written during the comparison is newer than what it shows.
    debut = horloge.maintenant()
    apercus.comparer(transmission, avancer)
    comptages.compter(depot)
    comptages.compter_absentes(depot)
    depot.etat, depot.pret_le = "PRET", debut
    a_regler.suivre(depot)
    journal.consigner(
        "depot.lu",
        organisme_id=depot.organisme_id,
        depot_id=depot.id,
        lignes=transmission.nb_lignes,
        refusees=transmission.nb_refusees,
    )


def _refuser(renouveler: Renouveler, depot: Depot, refus: FichierRefuse) -> None:
    """Keep the reason, never the file."""
    db.session.rollback()
    depot = scope.get_or_404(Depot, depot.id, Droit.CORRIGER)
    _recommencer(depot)
    service_fichiers.effacer(depot)
    depot.etat, depot.refus = "ILLISIBLE", refus.code
    depot.apercu = {"refus": refus.phrase}
    journal.consigner(
        "depot.illisible", organisme_id=depot.organisme_id, depot_id=depot.id, code=refus.code.value
    )
    renouveler()
