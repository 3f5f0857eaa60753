"""The system's chores: sealing the journal (decision 34), forgetting what is past its time (decisions 33 and 38)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from tdba import journal, scope
from tdba.db import db
from tdba.journal import Sceau
from tdba.support import sql

LOT_SCEAU: Final = 20_000
LOT_PURGE: Final = 5_000
TRAVAUX_JOURS: Final = 90

_lignes_jours: list[int] = [90]


def regler(*, lignes_jours: int) -> None:
    """Say how long raw lines are kept: a setting, which this module cannot read by itself."""
    _lignes_jours[:] = [lignes_jours]


def sceller() -> int:
    """Seal the rows of the journal that nothing can precede any more. Returns how many; two runs at once are one."""
    connexion = scope.connexion(sql.RAISON)
    if not connexion.exec_driver_sql(sql.SEUL, {"verrou": sql.VERROU_SCEAU}).scalar_one():
        return 0
    debut = db.session.execute(select(Sceau.dernier_id).order_by(Sceau.id.desc()).limit(1)).scalar() or 0
    jusqu_a = connexion.exec_driver_sql(sql.SCELLABLE, {"debut": debut, "lot": LOT_SCEAU}).scalar_one()
    return journal.sceller(jusqu_a) if jusqu_a is not None else 0


def purger(renouveler: Callable[[], None], maintenant: datetime) -> None:
    """Delete raw lines past their time and works older than 90 days, by batches; the journal keeps how many."""
    lignes = _purger(sql.PURGER_LIGNES, maintenant - timedelta(days=_lignes_jours[0]), renouveler)
    travaux = _purger(sql.PURGER_TRAVAUX, maintenant - timedelta(days=TRAVAUX_JOURS), renouveler)
    if lignes or travaux:
        journal.consigner("entretien.purge", lignes=lignes, travaux=travaux)


def _purger(requete: str, avant: datetime, renouveler: Callable[[], None]) -> int:
    total = 0
    parametres: dict[str, Any] = {"avant": avant, "lot": LOT_PURGE}
    while effacees := scope.connexion(sql.RAISON).exec_driver_sql(requete, parametres).rowcount:
        total += effacees
        renouveler()
    return total
