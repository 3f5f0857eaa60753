"""Writing the outcomes that data give, and the counts of them. Callers commit.

Every night a job goes through all the files; a change of a few records brings theirs up to date at once, so that what
a CFA corrects is in its results (decision 18). Only what differs is written: running twice changes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from tdba import horloge, scope
from tdba.devenirs import sql
from tdba.devenirs.etats import REPONSE, Etat, Faits, Parcours, compte, etats

LOT: Final = 5_000
"""Files between two commits."""
FICHES_MAX: Final = 50
"""Records whose outcomes are computed in the transaction that changes them; beyond, the night does it."""


class Lu(NamedTuple):
    """One file, the facts of its youth, and the outcomes it has."""

    id: int
    organisme_id: int
    annee_scolaire: str
    ouvert_du: date
    clos_du: date | None
    cause_cloture: str | None
    parti_le: date | None
    present_le: date | None
    laisse: bool
    """In the bin, or frozen by an objection: its outcomes stay as they are, and are counted nowhere."""
    bornes: list[list[str]] | None
    statuts: list[list[int]] | None
    fin: date | None
    ecole_le: date | None
    jalons: list[int] | None
    etats: list[str] | None
    sources: list[str] | None

    @property
    def faits(self) -> Faits:
        suites = zip(self.bornes or (), self.statuts or (), strict=True)
        parcours = [Parcours([date.fromisoformat(b) for b in bornes], s) for bornes, s in suites]
        return Faits(parcours, self.fin, self.ecole_le, self.parti_le, self.present_le)

    @property
    def connus(self) -> dict[int, Etat]:
        trios = zip(self.jalons or (), self.etats or (), self.sources or (), strict=True)
        return {jalon: Etat(etat, source) for jalon, etat, source in trios}


def suivre(effectif_ids: Sequence[int]) -> None:
    """Subscribed to `apres_parcours`: the outcomes of these records' youths, when they are few."""
    if len(effectif_ids) <= FICHES_MAX:
        jour = horloge.aujourd_hui()
        _ecrire(_lire("FICHES", jour, ids=list(effectif_ids)), jour, horloge.maintenant())


def calculer_tout(renouveler: Callable[[], None], *, taille: int = LOT) -> int:
    """Bring every outcome up to date, then the counts; how many outcomes were written. `renouveler` commits each batch."""
    jour, le = horloge.aujourd_hui(), horloge.maintenant()
    connexion = scope.connexion(sql.RAISON)
    connexion.exec_driver_sql(sql.RETIRER, {"jour": jour})
    apres, ecrits = 0, 0
    while lus := _lire("LOT", jour, apres=apres, taille=taille):
        ecrits += _ecrire(lus, jour, le)
        apres = lus[-1].id
        renouveler()
    scope.connexion(sql.RAISON).exec_driver_sql(sql.BILAN, {"le": le})
    return ecrits


def deduits(dossier_id: int, jour: date) -> dict[int, Etat]:
    """What data alone say of one file at each milestone reached: what an answer is compared with, and goes back to."""
    return {
        jalon: etat
        for lu in _lire("DOSSIER", jour, id=dossier_id)
        if compte(lu.ouvert_du, lu.clos_du, lu.cause_cloture)
        for jalon, etat in etats(lu.ouvert_du, lu.faits, jour).items()
    }


def _lire(choix: str, jour: date, **parametres: Any) -> list[Lu]:
    lignes = scope.connexion(sql.RAISON).exec_driver_sql(sql.LIRE[choix], {"jour": jour, **parametres})
    return [Lu(*ligne) for ligne in lignes.all()]


def _ecrire(lus: Sequence[Lu], jour: date, le: datetime) -> int:
    ecarts = [
        (lu.id, jalon, etat.etat)
        for lu in lus
        if not lu.laisse and compte(lu.ouvert_du, lu.clos_du, lu.cause_cloture)
        for jalon, etat in _voulus(lu, jour).items()
        if lu.connus.get(jalon) != etat
    ]
    if ecarts:
        dossiers, jalons, valeurs = zip(*ecarts, strict=True)
        parametres = {"dossiers": list(dossiers), "jalons": list(jalons), "etats": list(valeurs), "le": le}
        scope.connexion(sql.RAISON).exec_driver_sql(sql.ECRIRE, parametres)
    return len(ecarts)


def _voulus(lu: Lu, jour: date) -> dict[int, Etat]:
    repondus = {jalon: connu.etat for jalon, connu in lu.connus.items() if connu.source == REPONSE}
    return etats(lu.ouvert_du, lu.faits, jour, repondus)
