"""From what somebody gave to the people it names: identifiers alone, or a table of any layout. Pure.

Columns are recognised by the rules of files (`tdba.depots.correspondance`), and cells are read by those of the intake.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

from tdba.depots.cellules import Cellule, Rangee
from tdba.depots.conversion import Correspondance, appliquer
from tdba.depots.correspondance import proposer
from tdba.depots.noms_usuels import champ_usuel, normaliser
from tdba.rapprochements import populations
from tdba.rapprochements.annonces import Annonce
from tdba.transmissions import lignes
from tdba.transmissions.champs import FICHIER

SEPARATEURS: Final = ("\t", ";", "|")
_STATUTS: Final = frozenset({"statut", "statut apprenant", "situation", "etat", "statut actuel"})
_LUS: Final = frozenset(
    {
        "id_erp_apprenant",
        "nom_apprenant",
        "prenom_apprenant",
        "date_de_naissance_apprenant",
        "annee_scolaire",
        "nom_et_prenom_apprenant",
        "prenom_et_nom_apprenant",
    }
)
_EXEMPLES: Final = 50


class Liste(NamedTuple):
    """The people named; `ecartees` are of other years, `illisibles` have neither identifier nor name."""

    annonces: list[Annonce]
    ecartees: int = 0
    illisibles: int = 0


class SansColonne(Exception):
    """No column holds identifiers, nor names and first names."""


def identifiants(texte: str) -> Liste | None:
    """Read a pasted text of one identifier a line; None when it is a table, which has columns and their names."""
    rangs = [(rang, ligne.strip()) for rang, ligne in enumerate(texte.splitlines(), start=1) if ligne.strip()]
    if any(separateur in ligne for _, ligne in rangs for separateur in SEPARATEURS):
        return None
    titre = champ_usuel(rangs[0][1]) if rangs else None
    if titre is not None and titre != "id_erp_apprenant":
        return None
    lus = rangs[1:] if titre else rangs
    return Liste([Annonce(id_erp=ligne[:500], ligne=rang) for rang, ligne in lus])


def tableau(entetes: Sequence[str], rangees: Iterable[Rangee], comptees: Collection[str]) -> Liste:
    """Read a table. Raises SansColonne when nobody can be told from its columns."""
    lues = list(rangees)
    colonnes, statut = _colonnes(entetes, [cellules for _, cellules in lues[:_EXEMPLES]])
    trouves: list[Annonce] = []
    ecartees = illisibles = 0
    for rang, cellules in lues:
        champs = lignes.lire(appliquer(colonnes, cellules).champs, source=FICHIER).valeurs
        if champs.get("annee_scolaire") not in (None, *comptees):
            ecartees += 1
            continue
        dite = Annonce(
            id_erp=champs.get("id_erp_apprenant"),
            nom=champs.get("nom_apprenant"),
            prenom=champs.get("prenom_apprenant"),
            naissance=champs.get("date_de_naissance_apprenant"),
            statut=_statut(cellules, statut),
            ligne=rang,
        )
        if dite.id_erp or (dite.nom and dite.prenom):
            trouves.append(dite)
        else:
            illisibles += 1
    return Liste(trouves, ecartees, illisibles)


def _colonnes(
    entetes: Sequence[str], exemples: Sequence[Sequence[Cellule]]
) -> tuple[Correspondance, int | None]:
    """Which field each column is, and which one gives the status."""
    proposes: list[str | None] = [colonne.champ for colonne in proposer(entetes, exemples).colonnes]
    statut = next(
        (
            rang
            for rang, e in enumerate(entetes)
            if proposes[rang] == "statut_apprenant" or normaliser(e) in _STATUTS
        ),
        None,
    )
    gardes = tuple(champ if champ in _LUS and rang != statut else None for rang, champ in enumerate(proposes))
    noms = {"nom_apprenant", "prenom_apprenant"}
    composes = {"nom_et_prenom_apprenant", "prenom_et_nom_apprenant"}
    if "id_erp_apprenant" not in gardes and not noms <= set(gardes) and not composes & set(gardes):
        raise SansColonne
    return Correspondance(gardes), statut


def _statut(cellules: Sequence[Cellule], rang: int | None) -> int | None:
    cellule: Any = None if rang is None or rang >= len(cellules) else cellules[rang]
    return populations.statut_dit(cellule)
