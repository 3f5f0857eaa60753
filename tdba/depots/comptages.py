"""How many lines of a file would do what, and for which establishments: kept with the file, so that pages only read it."""

from typing import Any, Final

from tdba import scope
from tdba.depots import sql
from tdba.depots.models import Depot

NOUVELLES, MODIFIEES, INCHANGEES = "nouvelles", "modifiees", "inchangees"
SANS_EFFET, REFUSEES, ABSENTES = "sans_effet", "refusees", "absentes"

VERDICTS: Final[dict[str, tuple[str, ...]]] = {
    NOUVELLES: ("CREEE",),
    MODIFIEES: ("MODIFIEE",),
    INCHANGEES: ("INCHANGEE",),
    SANS_EFFET: ("SANS_EFFET", "RETENUE"),
    REFUSEES: ("REFUSEE",),
}
"""Tab → what its lines would do, or did. Held lines are those of a record that is in the bin."""


def compter(depot: Depot) -> None:
    """Count again what the lines of the file would do, or did. Keeps what else is told with the counts."""
    assert depot.transmission_id is not None  # noqa: S101 - its lines are stored
    connexion = scope.connexion("compte des lignes d’un fichier")
    cles = {"transmission_id": depot.transmission_id}
    trouves: dict[str, int] = {
        etat: int(nombre) for etat, nombre in connexion.exec_driver_sql(sql.COMPTES, cles)
    }
    comptes: dict[str, Any] = {
        onglet: sum(trouves.get(verdict, 0) for verdict in verdicts) for onglet, verdicts in VERDICTS.items()
    }
    comptes["lignes"] = sum(trouves.values())
    comptes["organismes"] = {
        str(organisme_id): nombre for organisme_id, nombre in connexion.exec_driver_sql(sql.ORGANISMES, cles)
    }
    depot.comptes = depot.comptes | comptes


def compter_applique(depot: Depot) -> None:
    """Count what was done, in the words of what was shown: a line received that changed nothing is not a change."""
    montres = depot.comptes
    compter(depot)
    muettes = montres.get(SANS_EFFET, 0) - depot.comptes[SANS_EFFET]
    if 0 < muettes <= depot.comptes[MODIFIEES]:
        depot.comptes = depot.comptes | {
            MODIFIEES: depot.comptes[MODIFIEES] - muettes,
            SANS_EFFET: depot.comptes[SANS_EFFET] + muettes,
        }


def organismes_de(depot: Depot) -> frozenset[int]:
    """The establishments that its accepted lines are about."""
    return frozenset(int(cle) for cle in depot.comptes.get("organismes", {}))


def compter_absentes(depot: Depot) -> None:
    """Count the records that we hold and that the file lacks."""
    connexion = scope.connexion("fiches absentes d’un fichier")
    cles = {"transmission_id": depot.transmission_id, "organismes": sorted(organismes_de(depot))}
    depot.comptes = depot.comptes | {
        ABSENTES: int(connexion.exec_driver_sql(sql.COMPTER_ABSENTES, cles).scalar_one())
    }
