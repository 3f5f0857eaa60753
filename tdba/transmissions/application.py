"""Applying stored lines to the effectifs of one organisme, by batches that commit (decision 15).

A worker killed in the middle leaves its batch to be taken again: a line is closed in the transaction that applied it.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import Connection

from tdba import horloge, journal, scope
from tdba.effectifs import reception, sql_reception
from tdba.effectifs.lot_recu import INCHANGEE, Envoi
from tdba.jobs import enqueue_after_commit
from tdba.memoire import sans_ramasse_miettes
from tdba.tableaux import mots, nombres
from tdba.transmissions import lignes, sql
from tdba.transmissions.preparation import ATraiter, preparer

LOT: Final = 2000

_COMPTES: Final = {
    "CREEE": "creees",
    "MODIFIEE": "modifiees",
    "INCHANGEE": "inchangees",
    "RETENUE": "retenues",
    "REFUSEE": "refusees",
}


class _EnAttente(NamedTuple):
    """A line waiting, without what it holds: most are recognised by their fingerprint."""

    id: int
    transmission_id: int
    transmetteur_id: int
    source: str


def appliquer(renouveler: Callable[[], None], organisme_id: int) -> None:
    """Apply every line waiting for this organisme, oldest first. `renouveler` commits each batch."""
    reste = True
    while reste:
        with sans_ramasse_miettes():
            reste = appliquer_lot(organisme_id)
            renouveler()


def appliquer_lot(organisme_id: int) -> bool:
    """Apply the oldest lines that wait, in the current transaction. False when none waits."""
    connexion = scope.connexion("application des lignes reçues")
    connexion.exec_driver_sql(sql_reception.VERROU, {"organisme_id": organisme_id})
    parametres = {"organisme_id": organisme_id, "lot": LOT}
    attente = [_EnAttente(*ligne) for ligne in connexion.exec_driver_sql(sql.A_TRAITER, parametres)]
    if not attente:
        return False
    maintenant = horloge.maintenant()
    inchangees = _reconnaitre(connexion, organisme_id, attente, maintenant)
    contenus = _contenus(connexion, [a.id for a in attente if a.id not in inchangees])
    for (transmission_id, transmetteur_id, source), groupe in groupby(
        attente, key=lambda a: (a.transmission_id, a.transmetteur_id, a.source)
    ):
        envoi = Envoi(organisme_id, source, transmetteur_id, transmission_id, maintenant)
        siennes = [a.id for a in groupe]
        a_lire = [contenus[i] for i in siennes if i in contenus]
        etats = Counter({INCHANGEE: len(siennes) - len(a_lire)})
        if a_lire:
            etats += _appliquer_lignes(connexion, envoi, a_lire)
        _clore(connexion, envoi, etats)
    return True


def _reconnaitre(
    connexion: Connection, organisme_id: int, attente: Sequence[_EnAttente], maintenant: datetime
) -> frozenset[int]:
    """Close the lines that repeat what is known; returns their ids (decision 15)."""
    reconnues = connexion.exec_driver_sql(
        sql.INCHANGEES,
        {
            "organisme_id": organisme_id,
            "ids": nombres(a.id for a in attente),
            "regles": lignes.REGLES_EMPREINTE,
            "le": maintenant,
        },
    ).all()
    reception.toujours_transmis(
        connexion, organisme_id, [effectif_id for _, effectif_id in reconnues], maintenant
    )
    return frozenset(ligne_id for ligne_id, _ in reconnues)


def _contenus(connexion: Connection, ids: Sequence[int]) -> dict[int, ATraiter]:
    if not ids:
        return {}
    lues = connexion.exec_driver_sql(sql.CONTENUS, {"ids": nombres(ids)})
    return {ligne[0]: ATraiter(*ligne) for ligne in lues}


def _appliquer_lignes(connexion: Connection, envoi: Envoi, attente: Sequence[ATraiter]) -> Counter[str]:
    """Read, apply, close. Returns how many of each state."""
    valides, refusees = preparer(attente, envoi.source)
    resultats = reception.recevoir(envoi, valides)
    for ligne_id, erreurs in refusees:
        texte = json.dumps([{"message": e.message, "path": [e.champ]} for e in erreurs], ensure_ascii=False)
        connexion.exec_driver_sql(sql.REFUSER_LIGNE, {"id": ligne_id, "erreurs": texte, "le": envoi.le})
    connexion.exec_driver_sql(
        sql.CLORE_LIGNES,
        {
            "ids": nombres(r.ligne_id for r in resultats),
            "etats": mots(r.etat for r in resultats),
            "effectifs": nombres(r.effectif_id for r in resultats),
            "le": envoi.le,
        },
    )
    return Counter(r.etat for r in resultats) + Counter({"REFUSEE": len(refusees)})


def _clore(connexion: Connection, envoi: Envoi, etats: Counter[str]) -> None:
    comptes = {nom: etats.get(etat, 0) for etat, nom in _COMPTES.items()}
    cles = {"transmission_id": envoi.transmission_id, "organisme_id": envoi.organisme_id, "le": envoi.le}
    connexion.exec_driver_sql(sql.COMPTER, cles | comptes | {"total": etats.total()})
    if etats.total() > etats["REFUSEE"]:
        connexion.exec_driver_sql(sql.DATER_ORGANISME, _date_reception(envoi))
    close = connexion.exec_driver_sql(sql.CLORE_TRANSMISSION, cles).one_or_none()
    if close is not None:
        journal.consigner("transmission.traitee", transmission_id=envoi.transmission_id)
        enqueue_after_commit("transmissions.faire_le_point", transmission_id=envoi.transmission_id)
        if close.complete:
            enqueue_after_commit("transmissions.clore_envoi", transmission_id=envoi.transmission_id)


def _date_reception(envoi: Envoi) -> dict[str, int | datetime]:
    return {"organisme_id": envoi.organisme_id, "le": envoi.le}
