"""Refused lines given back in the layout of their file: what was read of each column, and what to correct."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tdba.depots import libelles
from tdba.depots.cellules import Cellule
from tdba.depots.fichier_erreurs import LigneFautive, ecrire_erreurs
from tdba.depots.models import Depot
from tdba.depots.noms_usuels import NOM_ET_PRENOM, PRENOM_ET_NOM
from tdba.depots.queries import LigneVue


def erreurs(depot: Depot, lignes: Iterable[LigneVue]) -> bytes:
    """The workbook. Columns that were not read are empty: nothing was kept of them."""
    dite: dict[str, Any] = depot.correspondance or {"entetes": [], "colonnes": []}
    noms = {champ: entete for entete, champ in zip(dite["entetes"], dite["colonnes"], strict=True) if champ}
    rangees = (
        LigneFautive(
            [_cellule(ligne.contenu, champ) for champ in dite["colonnes"]],
            [_motif(erreur, noms) for erreur in ligne.erreurs],
        )
        for ligne in lignes
    )
    return ecrire_erreurs(dite["entetes"], rangees)


def _motif(erreur: Mapping[str, Any], noms: Mapping[str, str]) -> tuple[str, str]:
    champ = erreur["path"][0] if erreur["path"] else ""
    return (noms.get(champ) or (libelles.champ(champ) if champ else ""), erreur["message"])


def _cellule(contenu: Mapping[str, Any], champ: str | None) -> Cellule:
    if champ in (NOM_ET_PRENOM, PRENOM_ET_NOM):
        return _joindre(
            contenu, ("nom_apprenant", "prenom_apprenant")[:: 1 if champ == NOM_ET_PRENOM else -1]
        )
    valeur: Cellule = contenu.get(champ) if champ else None
    return valeur


def _joindre(contenu: Mapping[str, Any], champs: Sequence[str]) -> str | None:
    """The surname in capitals, which tells it from the first name."""
    morceaux = [
        str(contenu[c]).upper() if c == "nom_apprenant" else str(contenu[c]) for c in champs if contenu.get(c)
    ]
    return " ".join(morceaux) or None
