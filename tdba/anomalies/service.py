"""Making the anomalies of records right: at once for the few that change, by a job for many, every night for all.

What is wrong is found by pure checks on facts read by sets; open points are then made equal to it, so that running again
changes nothing (decision 5). Records of years that count no more, or in the bin, have none. Nothing here is journaled but
the night: the act that causes an anomaly already is. Callers commit.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from json import dumps
from typing import Any, Final, NamedTuple

from tdba import horloge, journal, scope
from tdba.anomalies import catalogue, controles, queries, sql
from tdba.anomalies.catalogue import CATALOGUE
from tdba.effectifs import annees
from tdba.effectifs.parcours import par_lots
from tdba.jobs import enqueue_after_commit
from tdba.memoire import sans_ramasse_miettes
from tdba.tableaux import nombres, textes

AU_PLUS_TOUT_DE_SUITE: Final = 50
"""Records checked in the transaction that changes them; beyond, a job does it (the intake goes on at its pace)."""
REPIT: Final = timedelta(seconds=20)
"""Batches of one sending follow one another: one run for all of them."""
LOT: Final = 4000
"""Records checked between two commits: bounds the memory of the process and the time a batch holds its locks."""
ETABLISSEMENT: Final = "ETABLISSEMENT_NON_FIABLE"
"""The one check that is about an establishment."""


class Lieu(NamedTuple):
    """Which point of the genre: of which organisme, by its key."""

    organisme_id: int
    cle: str


class Dit(NamedTuple):
    """What a point says; `effectif_id` None: it is about the establishment."""

    effectif_id: int | None
    annee_scolaire: str | None
    consequence: int
    details: Mapping[str, Any]


class Bilan(NamedTuple):
    """How many records were checked, and how many points were opened (or said otherwise) and closed."""

    lus: int
    ouverts: int
    clos: int

    def plus(self, autre: "Bilan") -> "Bilan":
        return Bilan(self.lus + autre.lus, self.ouverts + autre.ouverts, self.clos + autre.clos)


_RIEN: Final = Bilan(0, 0, 0)


def suivre(effectif_ids: Sequence[int]) -> None:
    """Check these records, which just changed: in the same transaction when they are few, else by a job.

    A network that corrects a record of its member reads neither its points nor its silences (decision 26): a job does.
    """
    if len(effectif_ids) <= AU_PLUS_TOUT_DE_SUITE and scope.courant().suivi is None:
        controler(effectif_ids)
    else:
        _demander(
            scope.connexion("organismes à contrôler")
            .exec_driver_sql(sql.ORGANISMES_DES_EFFECTIFS, {"ids": list(effectif_ids)})
            .scalars()
        )


def suivre_refonte(organisme_ids: Sequence[int], effectif_ids: Sequence[int]) -> None:
    """Have these organismes checked: most of their parcours were computed again."""
    del effectif_ids
    _demander(organisme_ids)


def _demander(organisme_ids: Iterable[int]) -> None:
    plus_tard = horloge.maintenant() + REPIT
    for organisme_id in organisme_ids:
        enqueue_after_commit("anomalies.refaire", pas_avant=plus_tard, organisme_id=organisme_id)


def controler(effectif_ids: Sequence[int]) -> Bilan:
    """Make the anomalies of these records right."""
    lus, voulus = _trouver(sql.LIRE_EFFECTIFS, effectif_ids, horloge.aujourd_hui())
    return _aligner(sql.OUVERTS_DES_EFFECTIFS, effectif_ids, lus, voulus)


def refaire(organisme_ids: Collection[int] | None, renouveler: Callable[[], None] | None = None) -> Bilan:
    """Make the anomalies of these organismes right, of all when None, by batches; `renouveler` commits each."""
    bilan = _RIEN
    for lot in par_lots(_organismes(organisme_ids), LOT):
        with sans_ramasse_miettes():
            bilan = bilan.plus(_refaire_lot(lot, horloge.aujourd_hui()))
        if renouveler is not None:
            renouveler()
    return bilan


def reconstruire(renouveler: Callable[[], None]) -> None:
    """Every night: what the days alone bring or end, and any drift."""
    bilan = refaire(None, renouveler)
    journal.consigner("anomalies.reconstruites", lus=bilan.lus, ouverts=bilan.ouverts, clos=bilan.clos)


def _refaire_lot(organisme_ids: Sequence[int], jour: date) -> Bilan:
    lus, voulus = _trouver(sql.LIRE_ORGANISMES, organisme_ids, jour)
    voulus |= _etablissements(organisme_ids, jour)
    return _aligner(sql.OUVERTS_DES_ORGANISMES, organisme_ids, lus, voulus)


def _trouver(requete: str, ids: Sequence[int], jour: date) -> tuple[int, dict[Lieu, Dit]]:
    dossiers = queries.dossiers(requete, ids, jour)
    voulus = {}
    for dossier in dossiers:
        for code, contrat_id, dates in controles.controler(dossier, jour):
            cle = f"{dossier.id}:{code}" if contrat_id is None else f"{dossier.id}:{code}:{contrat_id}"
            voulus[Lieu(dossier.organisme_id, cle)] = Dit(
                dossier.id,
                dossier.annee_scolaire,
                CATALOGUE[code].consequence,
                catalogue.details(code, contrat_id, dates),
            )
    return len(dossiers), voulus


def _etablissements(organisme_ids: Sequence[int], jour: date) -> dict[Lieu, Dit]:
    """One point for an establishment, whatever the number of its records."""
    portee = {"ids": list(organisme_ids), "annees": list(annees.actives(jour))}
    lus = scope.connexion("établissements à contrôler").exec_driver_sql(sql.LIRE_ETABLISSEMENTS, portee)
    dit = Dit(None, None, CATALOGUE[ETABLISSEMENT].consequence, catalogue.details(ETABLISSEMENT, None, {}))
    return {Lieu(cle, f"etablissement:{ETABLISSEMENT}"): dit for cle in lus.scalars()}


def _aligner(requete: str, ids: Sequence[int], lus: int, voulus: Mapping[Lieu, Dit]) -> Bilan:
    """Open, say again and close what differs, and that only."""
    connexion = scope.connexion("anomalies ouvertes")
    a_clore, a_jour = [], set()
    for cle_point, organisme_id, effectif_id, annee, cle, consequence, details in connexion.exec_driver_sql(
        requete, {"ids": list(ids)}
    ):
        lieu = Lieu(organisme_id, cle)
        if lieu not in voulus:
            a_clore.append(cle_point)
        elif voulus[lieu] == (effectif_id, annee, consequence, details):
            a_jour.add(lieu)
    a_ouvrir = {lieu: dit for lieu, dit in voulus.items() if lieu not in a_jour}
    le = horloge.maintenant()
    if a_clore:
        connexion.exec_driver_sql(sql.CLORE, {"ids": nombres(a_clore), "le": le})
    if a_ouvrir:
        connexion.exec_driver_sql(sql.OUVRIR, {"le": le, **_colonnes(a_ouvrir)})
    return Bilan(lus, len(a_ouvrir), len(a_clore))


def _colonnes(dits: Mapping[Lieu, Dit]) -> dict[str, str]:
    return {
        "organisme_ids": nombres(lieu.organisme_id for lieu in dits),
        "cles": textes(lieu.cle for lieu in dits),
        "effectif_ids": nombres(dit.effectif_id for dit in dits.values()),
        "annees": textes(dit.annee_scolaire or "" for dit in dits.values()),
        "consequences": nombres(dit.consequence for dit in dits.values()),
        "details": textes(dumps(dit.details) for dit in dits.values()),
    }


def _organismes(organisme_ids: Collection[int] | None) -> list[tuple[int, int]]:
    """Organismes to check, with their number of records."""
    portee: dict[str, Any] = {"annees": list(annees.actives(horloge.aujourd_hui()))}
    connexion = scope.connexion("organismes, par lots")
    if organisme_ids is None:
        lus = connexion.exec_driver_sql(sql.ORGANISMES, portee)
    else:
        lus = connexion.exec_driver_sql(sql.ORGANISMES_CHOISIS, portee | {"ids": list(organisme_ids)})
    return [(cle, nombre) for cle, nombre in lus]
