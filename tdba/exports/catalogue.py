"""Which lists may leave as a file, for whom, with which columns (issue 5 part 7).

A list is read in two times: `selection` gives its keys in the order of the screen, `lignes` the rows of a batch of keys.
Both are limited by the scope of whoever asks, and by row-level security behind it (decision 22).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select

from tdba.exports import colonnes, queries_effectifs, queries_points, queries_suivi, queries_vigilance
from tdba.exports.colonnes import Colonne
from tdba.exports.queries_effectifs import Arguments
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT
from tdba.scope import Droit


@dataclass(frozen=True, slots=True, kw_only=True)
class Liste:
    """One list on offer."""

    code: str
    chemin: str
    """How an address names it."""
    titre: str
    unite: str
    """What a row is, in the singular."""
    droit: Droit
    colonnes: Sequence[Colonne]
    retour: str
    """Endpoint of its screen."""
    comprendre: Callable[[Arguments, str | None], Any]
    """The state of the list, from its address and what was searched. Raises FiltreDisparu."""
    criteres: Callable[[Any], str]
    en_mots: Callable[[Any], list[str]]
    selection: Callable[[Any, date], Select[Any]]
    lignes: Callable[[Any, Sequence[int], Sequence[Colonne], date], list[Sequence[Any]]]
    cfa_seul: bool = False
    """The CFA's own: neither its network nor the State reads it (decision 26)."""


def _suivi(genre: str, chemin: str, titre: str) -> Liste:
    return Liste(
        code="RUPTURES" if genre == RUPTURE else genre,
        chemin=chemin,
        titre=titre,
        unite="jeune",
        droit=Droit.CORRIGER,
        colonnes=colonnes.de_suivi(genre),
        retour="ruptures.sans_contrat" if genre == SANS_CONTRAT else "ruptures.ruptures",
        comprendre=queries_suivi.pour(genre),
        criteres=queries_suivi.criteres,
        en_mots=queries_suivi.en_mots,
        selection=queries_suivi.selection_de,
        lignes=queries_suivi.lignes,
    )


LISTES: Final[Mapping[str, Liste]] = {
    liste.code: liste
    for liste in (
        Liste(
            code="EFFECTIFS",
            chemin="effectifs",
            titre="Effectifs",
            unite="apprenant",
            droit=Droit.VOIR_NOMINATIF,
            colonnes=colonnes.EFFECTIFS,
            retour="effectifs.liste",
            comprendre=queries_effectifs.comprendre,
            criteres=queries_effectifs.criteres,
            en_mots=queries_effectifs.en_mots,
            selection=queries_effectifs.selection,
            lignes=queries_effectifs.lignes,
        ),
        Liste(
            code="A_REGLER",
            chemin="a-regler",
            titre="À régler",
            unite="point",
            droit=Droit.CORRIGER,
            colonnes=colonnes.A_REGLER,
            retour="points.a_regler",
            comprendre=queries_points.comprendre,
            criteres=queries_points.criteres,
            en_mots=queries_points.en_mots,
            selection=queries_points.selection,
            lignes=queries_points.lignes,
            cfa_seul=True,
        ),
        _suivi(RUPTURE, "ruptures", "Ruptures"),
        _suivi(FIN_DE_CONTRAT, "contrats-a-terme", "Contrats arrivés à terme"),
        _suivi(SANS_CONTRAT, "sans-contrat", "Sans contrat"),
        Liste(
            code="VIGILANCE",
            chemin="vigilance",
            titre="À surveiller",
            unite="jeune",
            droit=Droit.CORRIGER,
            colonnes=queries_vigilance.COLONNES,
            retour="vigilance.liste",
            comprendre=queries_vigilance.comprendre,
            criteres=queries_vigilance.criteres,
            en_mots=queries_vigilance.en_mots,
            selection=queries_vigilance.selection,
            lignes=queries_vigilance.lignes,
            cfa_seul=True,
        ),
    )
}
PAR_CHEMIN: Final[Mapping[str, Liste]] = {liste.chemin: liste for liste in LISTES.values()}
