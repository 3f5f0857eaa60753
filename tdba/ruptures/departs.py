"""A youth who entered another CFA is followed there: the former CFA's file closes, and learns nothing of the other one.

Inside a family (a responsable, its formateurs, the establishments of one legal unit) nothing closes: the record is
transferred with its follow-up. Outside, nothing of a file is readable by the other CFA, and the former one is told a
day, never a place.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

from tdba import abonnes, journal, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.formats import date_longue
from tdba.ruptures import sql_departs
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.models import Dossier
from tdba.scope import Droit, Introuvable

LOT: Final = 2000


def constater(renouveler: Callable[[], None], jour: date) -> int:
    """Close the open files of those who entered a CFA of another family. Returns how many. Runs as the system."""
    connexion = scope.connexion("départs vers un autre CFA")
    trouves = connexion.exec_driver_sql(sql_departs.TROUVER, {"jour": jour}).all()
    nombre = 0
    for debut in range(0, len(trouves), LOT):
        nombre += _marquer(trouves[debut : debut + LOT])
        renouveler()
    if nombre:
        journal.consigner("dossiers.departs_constates", nombre=nombre)
    return nombre


def _marquer(lot: Sequence[Any]) -> int:
    """Close these files (id, day of leaving, record): the records first, as by every change, which counts them too."""
    dossiers, jours, fiches = zip(*lot, strict=True)
    concernees = sorted(set(fiches))
    abonnes.annoncer("avant_parcours", concernees)
    marques = scope.connexion("départs vers un autre CFA").exec_driver_sql(
        sql_departs.MARQUER, {"ids": list(dossiers), "jours": list(jours)}
    )
    abonnes.annoncer("apres_parcours", concernees)
    return marques.rowcount


def declarer_depart(dossier_id: int, le: date, *, jour: date) -> Dossier:
    """The CFA says since when the youth is in another CFA: the file closes on that day. The caller commits.

    Raises Introuvable, SuiviGele, or ErreurMetier when the day is to come or before the file.
    """
    dossier = _a_changer(dossier_id)
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
    dossier = _a_changer(dossier_id)
    return _changer(dossier, None, ecarte_le=maintenant, evenement="dossier.depart_annule")


def _a_changer(dossier_id: int) -> Dossier:
    """The file, its record locked before it as by every correction: what counts files locks the record."""
    # The column alone: the row itself is first read once it is locked.
    requete = scope.select_for(Dossier, Droit.CORRIGER, Dossier.effectif_id).where(Dossier.id == dossier_id)
    effectif_id = db.session.execute(requete).scalar_one_or_none()
    if effectif_id is None:
        raise Introuvable
    scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True)
    return dossier_a_ecrire(dossier_id)


def _changer(dossier: Dossier, le: date | None, *, ecarte_le: datetime | None, evenement: str) -> Dossier:
    if dossier.parti_le == le:
        return dossier
    abonnes.annoncer("avant_parcours", [dossier.effectif_id])
    dossier.parti_le, dossier.depart_ecarte_le = le, ecarte_le
    dossier.version += 1
    db.session.flush()
    abonnes.annoncer("apres_parcours", [dossier.effectif_id])
    db.session.refresh(dossier)
    journal.consigner(
        evenement,
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
    )
    return dossier
