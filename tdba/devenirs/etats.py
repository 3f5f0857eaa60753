"""What became of a youth on the day of a milestone, from what is known. Pure (product.md G #80, issue 6 part 5).

The first line that holds gives the state:

| What is known of the day | State | Source of the rule |
| --- | --- | --- |
| The status of one of the youth's records at this CFA is APPRENTI: a contract runs | CONTRAT | domain.md §3.3 |
| A person answered | what was answered | issue 6: asked by one gesture; an answer wins over what is deduced |
| A step "retour en voie scolaire" was noted, that day or before | ECOLE | issue 6 part 5 |
| The youth had left for another CFA | AUTRE | issue 6, "Refusals": nothing is known of a contract there |
| The formation was over, its diploma unknown here | AUTRE | domain.md §3.3, FIN_DE_FORMATION |
| "Toujours au CFA ?" was answered by yes, that day or after | AUTRE (in training, no contract) | decision 9, nothing is asked twice |
| Nothing of the above | INCONNU | asked |

A job is never deduced: EMPLOI only comes from an answer. A contract that the data prove beats an answer given before
it was known: the question is closed by the proof (ADR 0026).
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from tdba.effectifs.statuts import Statut
from tdba.ruptures.regles import RUPTURE_ANNULEE, SANS_OBJET

JALONS: Final = (30, 90, 180)
"""Days after the opening of a file on which the state is asked."""

CONTRAT: Final = "CONTRAT"
ECOLE: Final = "ECOLE"
EMPLOI: Final = "EMPLOI"
AUTRE: Final = "AUTRE"
INCONNU: Final = "INCONNU"

ETATS: Final = (CONTRAT, ECOLE, EMPLOI, AUTRE, INCONNU)
REPONSES: Final = (ECOLE, EMPLOI, AUTRE, INCONNU)
"""What a person may answer: a contract is declared where contracts are, in the CFA's software."""

DONNEES: Final = "DONNEES"
REPONSE: Final = "REPONSE"

JOURS_DE_QUESTION: Final = 365
"""A file older than this asks nothing any more: nobody could answer for so long ago."""


class Parcours(NamedTuple):
    """The steps of one record: the status on a day is that of the last of `bornes` not after it (decision 10)."""

    bornes: Sequence[date]
    statuts: Sequence[int]

    def au(self, jour: date) -> int | None:
        rang = bisect_right(self.bornes, jour)
        return self.statuts[rang - 1] if rang else None


class Faits(NamedTuple):
    """What is known of the youth of one file."""

    parcours: Sequence[Parcours]
    """Of each of the youth's records at this CFA: the next contract is often on the record of the next year."""
    fin: date | None = None
    """Last day of the formation, by the record that ends last; None when one of them has none."""
    ecole_le: date | None = None
    """First day on which a return to school was noted."""
    parti_le: date | None = None
    present_le: date | None = None
    """Day of the last answer to "toujours au CFA ?", when it was yes."""


class Etat(NamedTuple):
    etat: str
    source: str


def compte(ouvert_du: date, clos_du: date | None, cause: str | None) -> bool:
    """Whether a file has an outcome at all: one that was open on no day, or that nothing asked for, has none."""
    return (clos_du is None or clos_du > ouvert_du) and cause not in (RUPTURE_ANNULEE, SANS_OBJET)


def jalon_a_demander(ouvert_du: date, jour: date) -> int | None:
    """The milestone that is asked about on `jour`: the last one reached; None before the first, or much later."""
    jours = (jour - ouvert_du).days
    if jours > JOURS_DE_QUESTION:
        return None
    return max((jalon for jalon in JALONS if jalon <= jours), default=None)


def deduire(faits: Faits, jour: date) -> str:
    """The state on that day as the data say it."""
    statuts = {parcours.au(jour) for parcours in faits.parcours}
    if Statut.APPRENTI in statuts:
        return CONTRAT
    if faits.ecole_le is not None and faits.ecole_le <= jour:
        return ECOLE
    parti = faits.parti_le is not None and faits.parti_le <= jour
    fini = Statut.FIN_DE_FORMATION in statuts or (faits.fin is not None and faits.fin < jour)
    present = faits.present_le is not None and faits.present_le >= jour
    return AUTRE if parti or fini or present else INCONNU


def etats(
    ouvert_du: date, faits: Faits, jour: date, repondus: dict[int, str] | None = None
) -> dict[int, Etat]:
    """The state at each milestone reached on `jour`, answers included; a milestone to come has none."""
    trouves = {}
    for jalon in JALONS:
        le = ouvert_du + timedelta(days=jalon)
        if le > jour:
            break
        deduit, reponse = deduire(faits, le), (repondus or {}).get(jalon)
        trouves[jalon] = Etat(reponse, REPONSE) if reponse and deduit != CONTRAT else Etat(deduit, DONNEES)
    return trouves
