"""Who has an open file on a day, painted one day after another from decision 31 and domain.md §3.

Nothing of the product is called here: it computes by bounds, this goes through every day of the calendar. Written from
the text: statuses by the steps of §3.3, the rupture list by the sentence of decision 31, motifs by decision 9.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

INSCRIT, APPRENTI, RUPTURANT, ABANDON, FIN_DE_FORMATION = 1, 2, 3, 4, 5
RUPTURE, FIN_DE_CONTRAT, SANS_CONTRAT = "RUPTURE", "FIN_DE_CONTRAT", "SANS_CONTRAT"
GENRES: Final = (RUPTURE, FIN_DE_CONTRAT, SANS_CONTRAT)
UN_JOUR: Final = timedelta(days=1)


class Contrat(NamedTuple):
    debut: date
    fin: date | None = None
    rupture: date | None = None


class Faits(NamedTuple):
    """The dates of one record, as the product was told them."""

    entree: date
    fin: date
    contrats: tuple[Contrat, ...] = ()
    exclusion: date | None = None


class Jour(NamedTuple):
    """What one day of a record is: its status, and the file that is open, with the day since which it runs."""

    statut: int
    genre: str | None = None
    depuis: date | None = None


class Fenetre(NamedTuple):
    genre: str
    ouvert_du: date
    clos_du: date
    cause: str


class Vie:
    """Every day of a record, and the files that follow."""

    def __init__(self, faits: Faits, premier: date, jours: list[Jour]) -> None:
        self.faits, self.premier, self.jours = faits, premier, jours
        self._rangs = {premier + timedelta(days=rang): rang for rang in range(len(jours))}
        self._fenetres: list[Fenetre | None] = [None] * len(jours)
        self.ruptures: list[Fenetre] = []
        """Future ones included."""
        self._decouper()

    def au(self, jour: date) -> Jour | None:
        """None before the first day; after the last one the status stays, and no file is open."""
        rang = self._rangs.get(jour)
        if rang is None:
            return None if jour < self.premier else Jour(self.jours[-1].statut)
        return self.jours[rang]

    def fenetre(self, jour: date) -> Fenetre | None:
        """The file open on that day, with its close as it is known."""
        rang = self._rangs.get(jour)
        return None if rang is None else self._fenetres[rang]

    def _decouper(self) -> None:
        """A file is a run of days of the same kind since the same day."""
        debut = 0
        for rang, un in enumerate(self.jours):
            suivant = self.jours[rang + 1] if rang + 1 < len(self.jours) else Jour(un.statut)
            if suivant[1:] == un[1:]:
                continue
            if un.genre and un.depuis:
                clos_du = self.premier + timedelta(days=rang + 1)
                cause = self._cause(un.genre, clos_du, suivant.statut)
                fenetre = Fenetre(un.genre, un.depuis, clos_du, cause)
                self._fenetres[debut : rang + 1] = [fenetre] * (rang + 1 - debut)
                if un.genre == RUPTURE:
                    self.ruptures.append(fenetre)
            debut = rang + 1

    def _cause(self, genre: str, clos_du: date, statut: int) -> str:
        """Why a file is no longer open on that day; at equal days the end, then the exclusion, are said."""
        if clos_du > self.faits.fin or (genre == FIN_DE_CONTRAT and statut == FIN_DE_FORMATION):
            return "FIN_DE_FORMATION"
        return "EXCLUSION" if clos_du == self.faits.exclusion else "NOUVEAU_CONTRAT"


def vivre(faits: Faits) -> Vie:
    """Every day of a record, from the first one to the last day of the formation."""
    contrats = list({c.debut: c for c in faits.contrats}.values())
    premier = min([faits.entree, *(c.debut for c in contrats)])
    jours = [premier + timedelta(days=n) for n in range((faits.fin - premier).days + 1)]
    statuts = _statuts(faits, contrats, jours)
    peints = []
    libre = premier
    for jour, statut in zip(jours, statuts, strict=True):
        if _en_contrat(contrats, jour):
            libre = jour + UN_JOUR
        peints.append(Jour(statut, *_dossier(faits, contrats, jour, statut, premier, libre)))
    return Vie(faits, premier, peints)


def _dossier(
    faits: Faits, contrats: list[Contrat], jour: date, statut: int, premier: date, libre: date
) -> tuple[str | None, date | None]:
    """The open file of a day on which the formation goes on. `libre`: the first day of this time without a contract."""
    if faits.exclusion and faits.exclusion <= jour:
        return None, None
    commences = [c for c in contrats if c.debut <= jour and _dernier_jour(c, faits.fin) >= c.debut]
    if not commences:
        return SANS_CONTRAT, premier
    dernier = max(commences)
    if dernier.rupture and dernier.rupture <= jour:
        return RUPTURE, dernier.rupture
    if statut in (RUPTURANT, ABANDON):
        return FIN_DE_CONTRAT, libre
    return None, None


def _statuts(faits: Faits, contrats: list[Contrat], jours: list[date]) -> list[int]:
    """domain.md §3.3, steps 2 to 8."""
    exclus = [faits.exclusion is not None and faits.exclusion <= jour for jour in jours]
    statuts = [ABANDON if x else INSCRIT for x in exclus]
    for rang, jour in enumerate(jours):
        if not exclus[rang] and _en_contrat(contrats, jour):
            statuts[rang] = APPRENTI
    _attendre(statuts)
    terme = _terme_naturel(faits, contrats)
    if terme is not None and (faits.fin - terme).days <= 60:
        for rang, jour in enumerate(jours):
            if jour > terme and statuts[rang] in (INSCRIT, RUPTURANT):
                statuts[rang] = FIN_DE_FORMATION
    if terme is not None or statuts[-1] in (APPRENTI, INSCRIT):
        statuts[-1] = FIN_DE_FORMATION
    return statuts


def _attendre(statuts: list[int]) -> None:
    """Step 5: days without a contract are counted; past 90, or 180 after a contract, they are ABANDON."""
    sans, deja = 0, False
    for rang, statut in enumerate(statuts):
        if statut == APPRENTI:
            sans, deja = 0, True
            continue
        sans += 1
        if statut == INSCRIT and deja:
            statuts[rang] = RUPTURANT if sans <= 180 else ABANDON
        elif statut == INSCRIT:
            statuts[rang] = INSCRIT if sans <= 90 else ABANDON


def _terme_naturel(faits: Faits, contrats: list[Contrat]) -> date | None:
    """The last day of the contract that ends last, when nothing excluded and it was not broken; a tie is broken."""
    if faits.exclusion is not None or not contrats:
        return None
    dernier = max(_dernier_jour(c, faits.fin) for c in contrats)
    rompu = any(c.rupture for c in contrats if _dernier_jour(c, faits.fin) == dernier)
    return None if rompu else dernier


def _dernier_jour(contrat: Contrat, fin: date) -> date:
    if contrat.rupture:
        return contrat.rupture - UN_JOUR
    return contrat.fin or fin


def _en_contrat(contrats: list[Contrat], jour: date) -> bool:
    return any(
        c.debut <= jour and (jour < c.rupture if c.rupture else c.fin is None or jour <= c.fin)
        for c in contrats
    )


MOIS: Final = {RUPTURE: 6, FIN_DE_CONTRAT: 6, SANS_CONTRAT: 3}


@lru_cache(maxsize=4000)
def echeance(genre: str, depuis: date) -> date:
    """The last day of the delay: walking on, the same day of the sixth (third) next month, or the last day it has."""
    jour, passes = depuis, 0
    while True:
        demain = jour + UN_JOUR
        if passes == MOIS[genre] and (jour.day == depuis.day or demain.month != jour.month):
            return jour
        passes += demain.month != jour.month
        jour = demain


SEGMENTS: Final = {
    RUPTURE: ((0, 44), (45, 89), (90, 179), (180, 9999)),
    FIN_DE_CONTRAT: ((0, 44), (45, 89), (90, 179), (180, 9999)),
    SANS_CONTRAT: ((0, 44), (45, 74), (75, 90), (91, 9999)),
}
"""Decision 31, as it is written."""


def segment(genre: str, jours: int) -> int:
    return next(rang for rang, (de, a) in enumerate(SEGMENTS[genre]) if de <= jours <= a)
