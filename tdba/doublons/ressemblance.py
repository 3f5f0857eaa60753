"""How likely two records are one person: a score of 0 to 100 and its reasons (issue 5, "Duplicates"). Pure.

The score is a sum, so that whoever reads the reasons can redo it:

    name                        birth date              INE                       support (15 at most)
    MEME_NOM              50    MEME_NAISSANCE    40    MEME_INE            35    MEME_ID_ERP      10
    MEMES_MOTS            46    JOUR_MOIS         28    INE_DIFFERENTS     -15    MEME_TELEPHONE    5
    NOM_PRENOM_INVERSES   46    UN_CHIFFRE        25                              MEME_COURRIEL     5
    NOM_UNE_LETTRE        38                            SEXES_DIFFERENTS   -10    MEME_FORMATION    5
    NOM_INCOMPLET         38

A pair is shown from 75. So: a name and a birth date that are the same, or nearly for one of the two; an INE with a name
or a birth date; never a phone, a mail or a formation alone. Twins (one family name, one birth date, two first names)
reach 55; twins whose first names differ by one letter reach 63 when their INE differ, 68 when their sex does.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from tdba.textes import sans_accents

SEUIL: Final = 75
"""From this score on, somebody is asked."""
PRESQUE_CERTAIN: Final = 90
APPUI_MAX: Final = 15
"""What phones, mails, ERP numbers and formations may add in all: never enough without a birth date or an INE."""

POIDS: Final[Mapping[str, int]] = {
    "MEME_NOM": 50,
    "MEMES_MOTS": 46,
    "NOM_PRENOM_INVERSES": 46,
    "NOM_UNE_LETTRE": 38,
    "NOM_INCOMPLET": 38,
    "MEME_NAISSANCE": 40,
    "JOUR_MOIS": 28,
    "UN_CHIFFRE": 25,
    "MEME_INE": 35,
    "INE_DIFFERENTS": -15,
    "SEXES_DIFFERENTS": -10,
    "MEME_ID_ERP": 10,
    "MEME_TELEPHONE": 5,
    "MEME_COURRIEL": 5,
    "MEME_FORMATION": 5,
}
APPUIS: Final = frozenset({"MEME_ID_ERP", "MEME_TELEPHONE", "MEME_COURRIEL", "MEME_FORMATION"})
"""Reasons that support others. A pair that was set aside comes back when its other reasons change."""

PHRASES: Final[Mapping[str, str]] = {
    "MEME_NOM": "même nom et même prénom",
    "MEMES_MOTS": "mêmes mots dans le nom et le prénom, dans un autre ordre",
    "NOM_PRENOM_INVERSES": "nom et prénom inversés",
    "NOM_UNE_LETTRE": "noms à une lettre près",
    "NOM_INCOMPLET": "une partie du nom composé manque",
    "MEME_NAISSANCE": "même date de naissance",
    "JOUR_MOIS": "jour et mois de naissance inversés",
    "UN_CHIFFRE": "dates de naissance à un chiffre près",
    "MEME_INE": "même INE",
    "INE_DIFFERENTS": "INE différents",
    "SEXES_DIFFERENTS": "sexes différents",
    "MEME_ID_ERP": "même identifiant dans l’ERP",
    "MEME_TELEPHONE": "même téléphone",
    "MEME_COURRIEL": "même adresse électronique",
    "MEME_FORMATION": "même formation, entrée le même jour",
}

LETTRES_MIN: Final = 3
"""Shorter words (« LE », « LA ») that differ by one letter are different words."""


class Identite(NamedTuple):
    """What two records are compared on."""

    id: int
    organisme_id: int
    annee_scolaire: str
    id_erp: str
    nom: str
    prenom: str
    date_naissance: date
    sexe: str | None = None
    ine: str | None = None
    courriel: str | None = None
    telephone: str | None = None
    rncp: str | None = None
    date_entree: date | None = None
    date_fin: date | None = None
    date_exclusion: date | None = None


class Ressemblance(NamedTuple):
    """How likely two records are one person, and why; codes in the order of `POIDS`."""

    score: int
    raisons: tuple[str, ...]


def comparer(a: Identite, b: Identite) -> Ressemblance:
    """Score two records, whether or not they may be compared. The order of the two changes nothing."""
    trouvees = {_nom(a, b), _naissance(a.date_naissance, b.date_naissance), *_autres(a, b)}
    raisons = tuple(code for code in POIDS if code in trouvees)
    appui = min(APPUI_MAX, sum(POIDS[code] for code in raisons if code in APPUIS))
    total = appui + sum(POIDS[code] for code in raisons if code not in APPUIS)
    return Ressemblance(max(0, min(100, total)), raisons)


def doublon(a: Identite, b: Identite) -> Ressemblance | None:
    """The likeness of two records that may be one person; None when they are not to be shown."""
    if not comparables(a, b):
        return None
    vue = comparer(a, b)
    return vue if vue.score >= SEUIL else None


def comparables(a: Identite, b: Identite) -> bool:
    """Whether counting both would count a person twice.

    - One ERP number in one organisme is one youth, year after year: that is how years work (domain.md §2.1).
    - Two différent années are compared only when one day falls in both (`2026-2026` and `2026-2027`), the sessions
      overlap and the ERP numbers differ: the same youth in 2025-2026 and in 2026-2027 is counted once a day anyway.
    - In one année, a youth who leaves a formation and then enters another one has two parcours that follow each other,
      not two records of one parcours.
    """
    if a.organisme_id == b.organisme_id and a.id_erp == b.id_erp:
        return False
    if a.annee_scolaire != b.annee_scolaire:
        return (
            a.id_erp != b.id_erp
            and not set(annees_comptees(a.annee_scolaire)).isdisjoint(annees_comptees(b.annee_scolaire))
            and _se_chevauchent(a, b) is True
        )
    autre_formation = bool(a.rncp and b.rncp and a.rncp != b.rncp)
    return not (autre_formation and _se_chevauchent(a, b) is False)


def annees_comptees(annee: str) -> Sequence[str]:
    """The school years that share a day with this one, itself first; a calendar year shares days with three.

    >>> annees_comptees("2026-2026")
    ('2026-2026', '2025-2026', '2026-2027')
    """
    debut, _, fin = annee.partition("-")
    if debut != fin or not debut.isdecimal():
        return (annee,)
    an = int(debut)
    return (annee, f"{an - 1}-{an}", f"{an}-{an + 1}")


def mots(texte: str) -> list[str]:
    """The words of a name: capitals, no accents, hyphens and apostrophes separate."""
    return sans_accents(texte).split()


def a_une_lettre(a: str, b: str) -> bool:
    """One letter added, missing, changed, or two neighbours swapped.

    >>> a_une_lettre("DUPONT", "DUPOND"), a_une_lettre("LUCAS", "LUACS"), a_une_lettre("LEA", "LEA")
    (True, True, False)
    """
    if len(a) > len(b):
        a, b = b, a
    if a == b or len(b) - len(a) > 1:
        return False
    ecart = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[ecart:] == b[ecart + 1 :]
    if a[ecart + 1 :] == b[ecart + 1 :]:
        return True
    return a[ecart : ecart + 2] == b[ecart : ecart + 2][::-1] and a[ecart + 2 :] == b[ecart + 2 :]


def _nom(a: Identite, b: Identite) -> str | None:
    """The one reason that names give, the strongest."""
    na, pa, nb, pb = mots(a.nom), mots(a.prenom), mots(b.nom), mots(b.prenom)
    if _memes(na, nb) and _memes(pa, pb):
        return "MEME_NOM"
    if _memes(na, pb) and _memes(pa, nb):
        return "NOM_PRENOM_INVERSES"
    tous_a, tous_b = Counter(na + pa), Counter(nb + pb)
    reste_a, reste_b = list((tous_a - tous_b).elements()), list((tous_b - tous_a).elements())
    if not reste_a and not reste_b:
        return "MEMES_MOTS"
    communs = (tous_a & tous_b).total()
    if len(reste_a) == len(reste_b) == 1 and communs:
        courts = min(len(reste_a[0]), len(reste_b[0])) < LETTRES_MIN
        return "NOM_UNE_LETTRE" if not courts and a_une_lettre(reste_a[0], reste_b[0]) else None
    chaque = bool(set(na) & set(nb) and set(pa) & set(pb)) or bool(set(na) & set(pb) and set(pa) & set(nb))
    return "NOM_INCOMPLET" if bool(reste_a) != bool(reste_b) and communs >= 2 and chaque else None


def _memes(a: Sequence[str], b: Sequence[str]) -> bool:
    """The same words in any order, or the same letters whatever separates them (« Jeanpierre », « Jean-Pierre »)."""
    return bool(a) and (sorted(a) == sorted(b) or "".join(a) == "".join(b))


def _naissance(a: date, b: date) -> str | None:
    if a == b:
        return "MEME_NAISSANCE"
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return "JOUR_MOIS"
    ecarts = sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True))
    return "UN_CHIFFRE" if ecarts == 1 else None


def _autres(a: Identite, b: Identite) -> Iterator[str]:
    if a.ine and b.ine:
        ine_a, ine_b = a.ine.strip().upper(), b.ine.strip().upper()
        if ine_a == ine_b:
            yield "MEME_INE"
        elif _forme(ine_a) == _forme(ine_b):  # a youth may hold a number of each form (domain.md §2.1)
            yield "INE_DIFFERENTS"
    if a.sexe and b.sexe and a.sexe != b.sexe:
        yield "SEXES_DIFFERENTS"
    if a.id_erp == b.id_erp:
        yield "MEME_ID_ERP"
    if a.telephone and _chiffres(a.telephone) == _chiffres(b.telephone or ""):
        yield "MEME_TELEPHONE"
    if a.courriel and b.courriel and a.courriel.casefold() == b.courriel.casefold():
        yield "MEME_COURRIEL"
    if a.rncp and a.rncp == b.rncp and a.date_entree and a.date_entree == b.date_entree:
        yield "MEME_FORMATION"


def _forme(ine: str) -> str:
    return re.sub(r"[A-Z]", "A", re.sub(r"[0-9_]", "9", ine))


def _chiffres(telephone: str) -> str:
    """The last nine digits: what a French number keeps, with or without its country."""
    return re.sub(r"\D", "", telephone)[-9:]


def _se_chevauchent(a: Identite, b: Identite) -> bool | None:
    """Whether the two stays share a day; None when a date is missing."""
    fin_a, fin_b = a.date_exclusion or a.date_fin, b.date_exclusion or b.date_fin
    if a.date_entree is None or b.date_entree is None or fin_a is None or fin_b is None:
        return None
    return a.date_entree <= fin_b and b.date_entree <= fin_a
