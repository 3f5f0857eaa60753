"""One point of "À régler" per establishment while the campaign is open, never one per record (decision 5).

The rules that tell who is complete are not SQL: this slice opens and closes its points itself, in jobs.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from tdba import horloge, journal, scope
from tdba.points import service as points
from tdba.sifa import calendrier, queries, sql
from tdba.sifa.campagne import Campagne, campagne

GENRE: Final = "SIFA"
LOT: Final = 20
"""Establishments judged between two commits."""


class Reglages(NamedTuple):
    """What the configuration says of the survey."""

    actif: bool
    ouverture: str
    cloture: str


_REGLAGES: Final[list[Reglages]] = [Reglages(actif=False, ouverture="01-05", cloture="02-28")]


def regler(reglages: Reglages) -> None:
    """Say, at boot, whether the survey is prepared here, and when its campaign opens and closes."""
    _REGLAGES[0] = reglages


def reglages() -> Reglages:
    return _REGLAGES[0]


def campagne_courante(jour: date) -> Campagne:
    """The campaign of the school year of that day."""
    return campagne_de(calendrier.reference(jour).year)


def campagne_de(annee: int) -> Campagne:
    """The campaign named by the year of its 31 December."""
    return campagne(annee, reglages().ouverture, reglages().cloture)


def est_ouverte(courante: Campagne, jour: date) -> bool:
    """The survey is prepared here, and its campaign is open."""
    return reglages().actif and courante.ouverte(jour)


def faire_le_point(organisme_id: int) -> None:
    """Open, say again or close the point of one establishment."""
    jour = horloge.aujourd_hui()
    courante = campagne_courante(jour)
    _faire(organisme_id, courante, ouverte=est_ouverte(courante, jour))


def _faire(organisme_id: int, courante: Campagne, *, ouverte: bool) -> bool:
    """True when something is left to do there."""
    cle = str(courante.annee)
    a_completer = 0
    if ouverte:
        dite = queries.campagne_de(organisme_id, courante.annee)
        if dite is None or dite.deposee_le is None:
            a_completer = sum(not d.complet for d in queries.dossiers(organisme_id, courante.annee))
    if not a_completer:
        points.clore(GENRE, organisme_id, cle)
        return False
    points.poser(
        GENRE,
        organisme_id,
        cle,
        details={"n": a_completer, "annee": courante.annee, "avant": courante.cloture.isoformat()},
    )
    return True


def reconstruire(renouveler: Callable[[], None]) -> None:
    """Every night: the points of the campaign that is open, and none once it is closed. `renouveler` commits."""
    jour = horloge.aujourd_hui()
    courante = campagne_courante(jour)
    ouverte = est_ouverte(courante, jour)
    _fermer_les_anciens(courante, tous=not ouverte)
    renouveler()
    if not ouverte:
        return
    organismes = ouverts = apres = 0
    while lot := _lot(courante, apres):
        for organisme_id in lot:
            ouverts += _faire(organisme_id, courante, ouverte=True)
        organismes, apres = organismes + len(lot), lot[-1]
        renouveler()
    journal.consigner("sifa.points_faits", organismes=organismes, ouverts=ouverts)


def _fermer_les_anciens(courante: Campagne, *, tous: bool) -> None:
    lus = scope.connexion("points d’une enquête close").exec_driver_sql(sql.OUVERTS).all()
    for organisme_id, cle in lus:
        if tous or cle != str(courante.annee):
            points.clore(GENRE, organisme_id, cle)


def _lot(courante: Campagne, apres: int) -> list[int]:
    parametres = {"apres": apres, "annees": list(calendrier.annees_comptees(courante.annee)), "lot": LOT}
    return list(
        scope.connexion("établissements à juger").exec_driver_sql(sql.ORGANISMES, parametres).scalars()
    )
