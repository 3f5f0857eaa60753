"""What a line says that the record must not hold (decision 16): kept apart by a slice to the right, which says so at boot.

Without a keeper these fields are dropped before the line is stored. `Gardien` is called inside the transaction that
applies a batch, only with the records that were created or changed: those whose line says something, and the others,
whose former values are gone from that source (decision 14).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from tdba.effectifs.lot_recu import Envoi, LigneRecue


class Apart(NamedTuple):
    """One batch of one establishment and one source."""

    organisme_id: int
    source: str
    le: datetime
    dits: Mapping[int, Mapping[str, Any]]
    """Record → what its line says."""
    muets: Sequence[int]
    """Records changed by a line that says nothing."""


Gardien = Callable[[Connection, Apart], None]

_GARDIENS: Final[list[Gardien]] = []


def confier(gardien: Gardien) -> None:
    """Let `gardien` keep these values. Asking twice is once."""
    if gardien not in _GARDIENS:
        _GARDIENS.append(gardien)


def reprendre(gardien: Gardien) -> None:
    """Keep them no more: they are dropped again."""
    if gardien in _GARDIENS:
        _GARDIENS.remove(gardien)


def attendu() -> bool:
    """Somebody keeps them."""
    return bool(_GARDIENS)


def garder(
    connexion: Connection,
    envoi: Envoi,
    couples: Sequence[tuple[int, LigneRecue]],
    *,
    nouvelles: int,
) -> None:
    """Give a batch to the keepers; costs nothing without any. The first `nouvelles` had nothing to forget."""
    if not _GARDIENS:
        return
    dits = {effectif_id: ligne.a_part for effectif_id, ligne in couples if ligne.a_part}
    muets = [effectif_id for effectif_id, ligne in couples[nouvelles:] if not ligne.a_part]
    if not dits and not muets:
        return
    lot = Apart(envoi.organisme_id, envoi.source, envoi.le, dits, muets)
    for gardien in _GARDIENS:
        gardien(connexion, lot)
