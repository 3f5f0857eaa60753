"""A youth who entered another CFA is followed there: the former CFA's file closes, and learns nothing of the other one.

Inside a family (a responsable, its formateurs, the establishments of one legal unit) nothing closes: the record is
transferred with its follow-up. Outside, nothing of a file is readable by the other CFA, and the former one is told a
day, never a place.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from tdba import journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.formats import date_longue
from tdba.ruptures import sql_departs
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.models import Dossier
from tdba.ruptures.synchronisation import aligner, synchroniser

LOT: Final = 2000


def constater(renouveler: Callable[[], None], jour: date) -> int:
    """Close the open files of those who entered a CFA of another family. Returns how many. Runs as the system."""
    connexion = scope.connexion("départs vers un autre CFA")
    trouves = connexion.exec_driver_sql(sql_departs.TROUVER, {"jour": jour}).all()
    nombre = 0
    for debut in range(0, len(trouves), LOT):
        lot = trouves[debut : debut + LOT]
        marques = (
            scope.connexion("départs vers un autre CFA")
            .exec_driver_sql(sql_departs.MARQUER, {"ids": [t[0] for t in lot], "jours": [t[1] for t in lot]})
            .scalars()
            .all()
        )
        aligner(sorted(set(marques)))
        nombre += len(marques)
        renouveler()
    if nombre:
        journal.consigner("dossiers.departs_constates", nombre=nombre)
    return nombre


def declarer_depart(dossier_id: int, le: date, *, jour: date) -> Dossier:
    """The CFA says since when the youth is in another CFA: the file closes on that day. The caller commits.

    Raises Introuvable, SuiviGele, or ErreurMetier when the day is to come or before the file.
    """
    dossier = dossier_a_ecrire(dossier_id)
    if le > jour:
        raise ErreurMetier(
            "Ce jour est à venir : indiquez celui du départ quand il aura eu lieu.", champ="le"
        )
    if le < dossier.ouvert_du:
        raise ErreurMetier(
            f"Ce suivi commence le {date_longue(dossier.ouvert_du)} : indiquez ce jour-là ou un jour plus tard.",
            champ="le",
        )
    return _changer(dossier, le, ecarte_le=dossier.depart_ecarte_le, evenement="dossier.depart_declare")


def annuler_depart(dossier_id: int, *, maintenant: datetime) -> Dossier:
    """The youth has not left: the file opens again if nothing else closed it. The caller commits.

    What is known today of other CFA will not close it again; a record received later may. Raises Introuvable, SuiviGele.
    """
    dossier = dossier_a_ecrire(dossier_id)
    return _changer(dossier, None, ecarte_le=maintenant, evenement="dossier.depart_annule")


def _changer(dossier: Dossier, le: date | None, *, ecarte_le: datetime | None, evenement: str) -> Dossier:
    if dossier.parti_le == le:
        return dossier
    dossier.parti_le, dossier.depart_ecarte_le = le, ecarte_le
    dossier.version += 1
    db.session.flush()
    synchroniser([dossier.effectif_id])
    db.session.refresh(dossier)
    journal.consigner(
        evenement,
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
    )
    return dossier
