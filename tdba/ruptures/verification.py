"""The rebuild check: are the stored files those that the contracts ask for? (issue 6)

Goes through every record by batches of ids; only those with a rupture, a file or the former way of saying a parcours
reach the rules. On a healthy base it finds nothing and writes nothing; `corriger` writes what it found.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from tdba import abonnes, horloge, journal, scope
from tdba.ruptures import ecarts, ouverture, sql_dossiers
from tdba.ruptures.ecarts import Ecart

LOT: Final = 20_000


class Bilan(NamedTuple):
    """What the check read and found. `a_ouvrir` is no difference: the files that the next night's job would write."""

    lus: int = 0
    manquants: int = 0
    """Files of ruptures that are not there, or not open on the day."""
    en_trop: int = 0
    """Files open on the day that nothing asks for."""
    dates: int = 0
    causes: int = 0
    a_ouvrir: int = 0
    corriges: int = 0

    @property
    def ecarts(self) -> int:
        """How many stored files are not those that the contracts ask for."""
        return self.manquants + self.en_trop + self.dates + self.causes


def verifier(renouveler: Callable[[], None], *, corriger: bool = False) -> Bilan:
    """Compare every file with the contracts, as of today; write the differences when asked. Runs as the system.

    `renouveler` commits the batch: the check may stop and start again at any time.
    """
    jour = horloge.aujourd_hui()
    compte: Counter[str] = Counter()
    for ids in _lots():
        compte += _verifier_lot(ids, jour, corriger=corriger)
        renouveler()
    bilan = Bilan(**compte)
    journal.consigner(
        "dossiers.verifies",
        lus=bilan.lus,
        ecarts=bilan.ecarts,
        a_ouvrir=bilan.a_ouvrir,
        corriges=bilan.corriges,
    )
    return bilan


def _verifier_lot(ids: Sequence[int], jour: date, *, corriger: bool) -> Counter[str]:
    trouves = _ecarts(sql_dossiers.LIRE, ids)
    a_ouvrir = ouverture.a_ouvrir_parmi(ids, jour)
    compte = Counter({"lus": len(ids), "a_ouvrir": len(a_ouvrir)})
    compte.update(_genre(ecart, jour) for ecart in trouves)
    if corriger and (trouves or a_ouvrir):
        tenus = ouverture.tenir([*{e.lu.effectif_id for e in (*trouves, *a_ouvrir)}])
        # Figures count files too: they are told, as of any change.
        abonnes.annoncer("avant_parcours", tenus)
        # Read again once held: what was found may have been put right meanwhile.
        a_corriger = _ecarts(sql_dossiers.LIRE_CES_FICHES, tenus)
        ecarts.ecrire(a_corriger)
        compte["corriges"] += len(a_corriger) + ouverture.ouvrir_parmi(tenus, jour)
        abonnes.annoncer("apres_parcours", tenus)
    return compte


def _ecarts(sql: str, ids: Sequence[int]) -> list[Ecart]:
    return [ecart for lu in ecarts.lire(sql, ids) for ecart in ecarts.ecarts(lu)]


def _genre(ecart: Ecart, jour: date) -> str:
    """The kind of a difference: its effect on the worklist of the day first, then its dates, then its cause."""
    attendu = ecarts.ouverte(ecart.fenetre, jour)
    if ecart.connu is None:
        return "manquants"
    stocke = ecart.connu.fenetre
    if ecarts.ouverte(stocke, jour) != attendu:
        return "manquants" if attendu else "en_trop"
    meme = (ecart.connu.genre, ecart.connu.contrat_debut, stocke[:2]) == (
        ecart.genre,
        ecart.contrat_debut,
        ecart.fenetre[:2],
    )
    return "causes" if meme else "dates"


def _lots() -> Iterator[list[int]]:
    """Every record, by ids: nothing is held between two batches."""
    dernier = 0
    while True:
        lot = scope.connexion("fiches à vérifier").exec_driver_sql(
            sql_dossiers.SUIVANTES, {"apres": dernier, "lot": LOT}
        )
        ids = list(lot.scalars())
        if not ids:
            return
        yield ids
        dernier = ids[-1]
