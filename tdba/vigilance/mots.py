"""The words of the watch list: one sentence says why a person is there, one explains each rule. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple

from tdba.formats import INSECABLE, date_longue, jours, nombre, quantite, siret
from tdba.vigilance.regles import Constat, Faits, Regle, fenetre_employeur


class Explication(NamedTuple):
    """A rule as its tab, its setting and its filter name it."""

    libelle: str
    phrase: str
    """Whom it names."""
    source: str
    """Where it comes from."""
    cle: str
    """How an address names it."""


_ETUDE: Final = "Étude publiée en mars 2024 sur les contrats commencés en 2020"

EXPLICATIONS: Final[Mapping[Regle, Explication]] = {
    Regle.PREMIERS_JOURS: Explication(
        "45 premiers jours",
        "Un contrat a commencé il y a moins de 45 jours. L’apprenti comme l’employeur peuvent le rompre sans motif "
        f"pendant les 45 premiers jours passés en entreprise{INSECABLE}; les jours sont comptés ici au calendrier.",
        "Code du travail, article L6222-18",
        "premiers-jours",
    ),
    Regle.TROISIEME_MOIS: Explication(
        "Troisième mois",
        f"Le contrat est dans son troisième mois. Les ruptures sont les plus fréquentes dans les trois premiers mois{INSECABLE}: "
        "9,1 % des contrats.",
        _ETUDE,
        "troisieme-mois",
    ),
    Regle.NEUF_A_DOUZE: Explication(
        "Mois 9 à 12",
        f"Le contrat est entre son neuvième et son douzième mois{INSECABLE}: les ruptures y redeviennent fréquentes.",
        _ETUDE,
        "mois-9-a-12",
    ),
    Regle.FIN_PROCHE: Explication(
        "Fin de contrat proche",
        "Le contrat arrive à son terme dans les 60 jours, la formation continue plus de 60 jours après, et aucun contrat "
        "n’est connu pour la suite.",
        "Règle de ce service, d’après le calcul des statuts",
        "fin-proche",
    ),
    Regle.SANS_CONTRAT_45: Explication(
        "Sans contrat depuis 45 jours",
        f"Aucun contrat depuis l’entrée en formation, il y a 45 jours ou plus{INSECABLE}: on peut rester trois mois en formation "
        "sans contrat.",
        "Code du travail, article L6222-12-1",
        "sans-contrat",
    ),
    Regle.DEUX_RUPTURES: Explication(
        "Deux ruptures avant",
        "Un contrat court, et deux contrats de la même fiche, ou plus, ont déjà été rompus.",
        "Règle de ce service",
        "deux-ruptures",
    ),
    Regle.EMPLOYEUR: Explication(
        "Ruptures chez l’employeur",
        "Dans votre établissement, trois contrats ou plus avec cet employeur ont été rompus en 24 mois, et au moins un "
        "sur trois de ceux qui ont couru dans ces 24 mois.",
        "Règle de ce service",
        "employeur",
    ),
}
PAR_CLE: Final[Mapping[str, Regle]] = {e.cle: regle for regle, e in EXPLICATIONS.items()}


VUS: Final = "vus"
"""How an address names those already seen."""


def phrase(constat: Constat, faits: Faits, jour: date) -> str:
    """Why this person is in the list, in one sentence."""
    return _PHRASES[constat.regle](constat, faits, jour)


def _premiers_jours(c: Constat, _f: Faits, jour: date) -> str:
    rang = (jour - c.depuis).days + 1
    return (
        f"{_ordinal(rang)} jour du contrat commencé le {date_longue(c.depuis)}{INSECABLE}: il peut être rompu sans motif "
        f"jusqu’au {date_longue(c.echeance)} au moins."
    )


def _troisieme_mois(_c: Constat, f: Faits, _jour: date) -> str:
    return (
        f"Troisième mois du contrat commencé le {date_longue(f.debut)}{INSECABLE}: c’est dans les trois premiers que les "
        "ruptures sont les plus fréquentes."
    )


def _neuf_a_douze(_c: Constat, f: Faits, _jour: date) -> str:
    return (
        f"Contrat commencé le {date_longue(f.debut)}, entre son neuvième et son douzième mois{INSECABLE}: les ruptures "
        "y redeviennent fréquentes."
    )


def _fin_proche(_c: Constat, f: Faits, jour: date) -> str:
    reste = (f.terme - jour).days if f.terme else 0
    dans = f"dans {jours(reste)}" if reste else "aujourd’hui"
    return (
        f"Contrat à terme le {date_longue(f.terme)}, {dans}{INSECABLE}: la formation continue jusqu’au "
        f"{date_longue(f.fin_formation)} et aucun contrat ne suit."
    )


def _sans_contrat(c: Constat, f: Faits, jour: date) -> str:
    return f"Sans contrat depuis {jours((jour - f.entree).days)}{INSECABLE}: trois mois le {date_longue(c.echeance)}."


def _deux_ruptures(_c: Constat, f: Faits, _jour: date) -> str:
    return f"{quantite(f.ruptures, 'contrat')} déjà rompus avant celui du {date_longue(f.debut)}."


def _employeur(_c: Constat, f: Faits, jour: date) -> str:
    qui = f.employeur_nom or f"Employeur {siret(f.employeur_siret)}"
    return (
        f"{qui}{INSECABLE}: {quantite(f.employeur_ruptures, 'contrat rompu', 'contrats rompus')} sur "
        f"{nombre(f.employeur_contrats)} dans cet établissement depuis le {date_longue(fenetre_employeur(jour))}."
    )


_PHRASES: Final[Mapping[Regle, Callable[[Constat, Faits, date], str]]] = {
    Regle.PREMIERS_JOURS: _premiers_jours,
    Regle.TROISIEME_MOIS: _troisieme_mois,
    Regle.NEUF_A_DOUZE: _neuf_a_douze,
    Regle.FIN_PROCHE: _fin_proche,
    Regle.SANS_CONTRAT_45: _sans_contrat,
    Regle.DEUX_RUPTURES: _deux_ruptures,
    Regle.EMPLOYEUR: _employeur,
}


def _ordinal(n: int) -> str:
    return "1er" if n == 1 else f"{n}e"
