"""Computing parcours from the database and writing them back, for one record or for all.

The rules are in `statuts` (pure); here is what reads their dates and stores their result: arrays on `effectif`, and
periods, in the same transaction (decision 10). Only what changed is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from tdba import abonnes, scope
from tdba.effectifs import sql_parcours
from tdba.effectifs.statuts import ContratDates, Parcours, parcours
from tdba.tableaux import jours, mots, nombres, tableaux

PART_D_UNE_REFONTE: Final = 0.25
"""Share of changed effectifs from which what is kept by organisme costs less to make again than to move."""


class Lu(NamedTuple):
    """The dates of one effectif, and the fingerprint of the parcours it holds."""

    id: int
    organisme_id: int
    annee_scolaire: str
    date_entree: date | None
    date_fin: date | None
    date_exclusion: date | None
    historique: list[list[Any]] | None
    empreinte: int | None
    version: int
    debuts: list[date | None] | None
    fins: list[date | None] | None
    ruptures: list[date | None] | None


class Change(NamedTuple):
    """A parcours that is not the one stored."""

    lu: Lu
    trouve: Parcours
    empreinte: int


class Ne(NamedTuple):
    """A record and the parcours whose periods are to be written."""

    id: int
    organisme_id: int
    annee_scolaire: str
    trouve: Parcours


class Bilan(NamedTuple):
    """How many records were read, and how many had another parcours than the one stored."""

    lus: int
    modifies: int


def lire(effectif_ids: Sequence[int]) -> list[Lu]:
    """Read the dates of these effectifs, within reach of the current transaction."""
    return _lire(sql_parcours.LIRE_EFFECTIFS, effectif_ids)


def calculer(lu: Lu) -> Parcours:
    """Apply the rules of domain.md §3 to what was read."""
    contrats = [ContratDates(*c) for c in zip(lu.debuts or (), lu.fins or (), lu.ruptures or (), strict=True)]
    return parcours(
        entree=lu.date_entree,
        fin=lu.date_fin,
        contrats=contrats,
        exclusion=lu.date_exclusion,
        historique=[(int(s), date.fromisoformat(d)) for s, d in lu.historique or ()],
        annee_scolaire=lu.annee_scolaire,
    )


def de_naissance(valeurs: Mapping[str, Any], contrats: Sequence[ContratDates]) -> Parcours:
    """The parcours of a record about to be written, from the columns it will have."""
    return parcours(
        entree=valeurs["date_entree"],
        fin=valeurs["date_fin"],
        contrats=contrats,
        exclusion=valeurs["date_exclusion"],
        historique=[(int(s), date.fromisoformat(d)) for s, d in valeurs["historique"]],
        annee_scolaire=valeurs["annee_scolaire"],
    )


def colonnes_de(trouve: Parcours) -> dict[str, Any]:
    """The columns of `effectif` that hold a parcours (decision 10)."""
    return {
        "bornes": trouve.bornes,
        "statuts": trouve.statuts,
        "empreinte_parcours": trouve.empreinte,
        "anomalies": [anomalie.name for anomalie in trouve.anomalies],
    }


def ecrire_periodes(nes: Sequence[Ne]) -> None:
    """Write the periods of records that have none."""
    if nes:
        scope.connexion("périodes de fiches créées").exec_driver_sql(
            sql_parcours.ECRIRE_PERIODES, _colonnes(nes)
        )


def recalculer(effectif_ids: Sequence[int]) -> int:
    """Compute these effectifs and write what changed, in the current transaction. Returns how many changed.

    The caller announces `avant_parcours` before its own writes and `apres_parcours` after this.
    """
    changes = _changes(lire(effectif_ids))
    return len(_ecrire(changes)) if changes else 0


def recalculer_organismes(organisme_ids: Sequence[int]) -> Bilan:
    """Compute every effectif of these organismes, announcing and writing only those that changed."""
    lus = _lire(sql_parcours.LIRE_ORGANISMES, organisme_ids)
    changes = _changes(lus)
    ids = [change.lu.id for change in changes]
    if len(changes) > len(lus) * PART_D_UNE_REFONTE:
        abonnes.annoncer_refonte(organisme_ids, _ecrire(changes))
    elif changes:
        abonnes.annoncer("avant_parcours", ids)
        _ecrire(changes)
        abonnes.annoncer("apres_parcours", ids)
    return Bilan(len(lus), len(changes))


def par_lots(organismes: Iterable[tuple[int, int]], taille: int) -> Iterable[list[int]]:
    """Group (organisme id, number of effectifs) pairs, in order, into batches of about `taille` effectifs."""
    lot: list[int] = []
    charge = 0
    for organisme_id, nombre in organismes:
        if lot and charge + nombre > taille:
            yield lot
            lot, charge = [], 0
        lot.append(organisme_id)
        charge += nombre
    if lot:
        yield lot


def _lire(sql: str, ids: Sequence[int]) -> list[Lu]:
    lignes = scope.connexion("dates des parcours").exec_driver_sql(sql, {"ids": list(ids)})
    return [Lu(*ligne) for ligne in lignes.all()]


def _changes(lus: Sequence[Lu]) -> list[Change]:
    changes = []
    for lu in lus:
        trouve = calculer(lu)
        empreinte = trouve.empreinte
        if empreinte != lu.empreinte:
            changes.append(Change(lu, trouve, empreinte))
    return changes


def _ecrire(changes: Sequence[Change]) -> list[int]:
    connexion = scope.connexion("écriture des parcours")
    ecrits = connexion.exec_driver_sql(
        sql_parcours.ECRIRE_EFFECTIFS,
        {
            "ids": nombres(lu.id for lu, _, _ in changes),
            "versions": nombres(lu.version for lu, _, _ in changes),
            "bornes": tableaux(jours(trouve.bornes) for _, trouve, _ in changes),
            "statuts": tableaux(nombres(trouve.statuts) for _, trouve, _ in changes),
            "empreintes": nombres(empreinte for _, _, empreinte in changes),
            "anomalies": tableaux(mots(a.name for a in trouve.anomalies) for _, trouve, _ in changes),
        },
    )
    ids = {ligne[0] for ligne in ecrits.all()}
    connexion.exec_driver_sql(sql_parcours.EFFACER_PERIODES, {"ids": list(ids)})
    ecrire_periodes(
        [Ne(lu.id, lu.organisme_id, lu.annee_scolaire, trouve) for lu, trouve, _ in changes if lu.id in ids]
    )
    return list(ids)


def _colonnes(nes: Sequence[Ne]) -> dict[str, str]:
    """The periods of these parcours, column by column, as `unnest` takes them."""
    etapes = [(ne, rang, etape) for ne in nes for rang, etape in enumerate(ne.trouve.etapes)]
    return {
        "effectif_ids": nombres(ne.id for ne, _, _ in etapes),
        "organisme_ids": nombres(ne.organisme_id for ne, _, _ in etapes),
        "annees": mots(ne.annee_scolaire for ne, _, _ in etapes),
        "rangs": nombres(rang for _, rang, _ in etapes),
        "statuts": nombres(etape.statut for _, _, etape in etapes),
        "motifs": nombres(etape.motif for _, _, etape in etapes),
        "raisons": nombres(etape.raison.code for _, _, etape in etapes),
        "dus": jours(etape.du for _, _, etape in etapes),
        "aus": jours(etape.au for _, _, etape in etapes),
        "reperes": tableaux(jours(etape.raison.dates) for _, _, etape in etapes),
    }
