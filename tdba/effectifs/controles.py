"""Which dates a contract may be given by hand, and which names. Pure.

Stricter than what an ERP may send, on purpose: what a person types is checked while they are there to answer.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from tdba.effectifs.motifs import NOM_MAX
from tdba.effectifs.statuts import ContratDates

PREMIERE_ANNEE: Final = 2000
ANNEES_A_VENIR: Final = 10
CHAMPS: Final = ("debut", "fin", "rupture")


class Refus(NamedTuple):
    champ: str
    phrase: str


def refus_de_contrat(
    dates: ContratDates,
    *,
    avant: ContratDates,
    autres: Sequence[ContratDates],
    fin_de_session: date | None,
    jour: date,
) -> Refus | None:
    """Why these dates are refused; None when they are not. `autres` are the other contracts of the record."""
    debut, fin, rupture = dates
    if debut is None:
        return Refus("debut", "Indiquez le début du contrat.")
    for champ, valeur in zip(CHAMPS, dates, strict=True):
        if valeur is not None and not PREMIERE_ANNEE <= valeur.year <= jour.year + ANNEES_A_VENIR:
            return Refus(
                champ, f"Choisissez une date entre {PREMIERE_ANNEE} et {jour.year + ANNEES_A_VENIR}."
            )
    if fin is not None and fin < debut:
        return Refus("fin", "La fin prévue ne peut pas être avant le début du contrat.")
    if rupture is not None and rupture < debut:
        return Refus(
            "rupture",
            "La rupture ne peut pas être avant le début du contrat. Vérifiez ce jour ; si c’est le début qui est faux, "
            "corrigez-le d’abord.",
        )
    for autre in autres:
        communs = _jours_communs(dates, autre, fin_de_session)
        # Contracts that already overlapped may stay so: only making it worse is refused. Two contracts may share
        # the day on which one gives way to the other, as they do in what ERPs send (domain.md §3.6, example 10).
        if communs > 1 and communs > _jours_communs(avant, autre, fin_de_session):
            return Refus(_champ_fautif(dates, avant), _phrase_chevauchement(autre))
    return None


def refus_de_declaration(rupture: date, *, fin: date | None, jour: date) -> Refus | None:
    """Why a rupture of that day is not declared on `jour`; None when it is (decision 31). `fin`: the planned end.

    A rupture to come is declared, and its file written at once. What is asked here is not asked of a source, nor of who
    corrects a contract as a whole: an old rupture may be true, but it is no longer news.
    """
    if rupture < _autre_annee(jour, -1):
        return Refus(
            "rupture",
            "Cette rupture a plus d’un an : elle ne se déclare plus ici. Vérifiez l’année. Si elle est juste, saisissez-la "
            "dans votre ERP, ou corrigez le contrat lui-même depuis la fiche.",
        )
    if fin is not None and rupture > fin:
        return Refus(
            "rupture",
            f"Le contrat arrive à son terme le {fin:%d/%m/%Y}, avant ce jour : il n’y a pas de rupture à déclarer. "
            "Vérifiez ce jour ; si c’est la fin prévue qui est fausse, corrigez-la d’abord.",
        )
    if rupture > _autre_annee(jour, 1):
        return Refus(
            "rupture",
            "Une rupture à venir se déclare un an à l’avance au plus. Vérifiez l’année ; si elle est juste, déclarez-la "
            "plus près de ce jour.",
        )
    return None


def _autre_annee(jour: date, ecart: int) -> date:
    """The same day another year; 28 February when it has no 29."""
    annee = jour.year + ecart
    return date(annee, 2, 28) if (jour.month, jour.day) == (2, 29) else jour.replace(year=annee)


def nom_propre(champ: str, texte: str) -> str:
    """The name as the intake writes it: single spaces, family name in capitals (domain.md §4.2)."""
    propre = " ".join(texte.split())
    return propre.upper() if champ == "nom" else propre


def refus_de_nom(texte: str) -> str | None:
    """Why this name is refused; None when it is not."""
    if not texte:
        return "Indiquez le nom : il ne peut pas être vide."
    if len(texte) > NOM_MAX:
        return f"Ce nom est trop long : {NOM_MAX} caractères au plus."
    if re.search(r"\d", texte):
        return "Un nom ne contient pas de chiffre."
    if not any(c.isalpha() for c in texte):
        return "Un nom contient au moins une lettre."
    return None


def _jours_communs(un: ContratDates, autre: ContratDates, fin_de_session: date | None) -> int:
    a, b = _intervalle(un, fin_de_session), _intervalle(autre, fin_de_session)
    if a is None or b is None:
        return 0
    return max(0, (min(a[1], b[1]) - max(a[0], b[0])).days + 1)


def _intervalle(contrat: ContratDates, fin_de_session: date | None) -> tuple[date, date] | None:
    """First and last day in contract; without a term it runs to the end of the formation (domain.md §3.2)."""
    if contrat.debut is None:
        return None
    if contrat.rupture is not None:
        return contrat.debut, contrat.rupture - timedelta(days=1)
    return contrat.debut, contrat.fin or fin_de_session or date.max


def _champ_fautif(dates: ContratDates, avant: ContratDates) -> str:
    """The first date that was changed: the error sits by what the person typed."""
    return next(
        (champ for champ, d, a in zip(CHAMPS, dates, avant, strict=True) if d != a),
        "debut",
    )


def _phrase_chevauchement(autre: ContratDates) -> str:
    du = f"du {autre.debut:%d/%m/%Y}" if autre.debut else ""
    au = f" au {autre.fin:%d/%m/%Y}" if autre.fin else ""
    return f"Ces dates recouvrent un autre contrat de cette personne, {du}{au}."
