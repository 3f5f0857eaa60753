"""The reason why a record is not where somebody looks for it, in words: "Pourquoi je ne vois pas ce jeune ?". Pure.

Issue 5, part 3: the exact reason, with its date, and the one thing to do. What was received and made no record is said
by `motifs`, as the comparison of counts says it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from tdba.effectifs import annees
from tdba.formats import INSECABLE, date_longue
from tdba.formats import annee_scolaire as annee_en_mots
from tdba.rapprochements.motifs import en_francais

FICHE: Final = "FICHE"
CORBEILLE: Final = "CORBEILLE"

_EN_COURS: Final[Mapping[str, str]] = {
    "APPRENTI": "apprenti",
    "INSCRIT": "inscrit sans contrat",
    "RUPTURE": "en rupture",
    "FIN_DE_CONTRAT": "contrat arrivé à terme",
}


class Trouvee(NamedTuple):
    """A record that answers the search, whatever hides it."""

    id: int
    nom: str
    prenom: str
    organisme: str
    annee: str
    corbeille: date | None
    plus_transmise: date | None
    statut: str | None
    motif: str | None
    du: date | None
    """First day of the step of the day."""
    premier_jour: date | None
    """First day of its first step; None: its dates make none."""
    transferee: date | None
    """Day from which it is in this establishment, when it was moved here by hand."""


class Explication(NamedTuple):
    """Why, what to do, and where."""

    phrase: str
    que_faire: str
    geste: str
    vers: str


def expliquer(trouvee: Trouvee, jour: date) -> Explication:
    """The first reason that hides it: the bin, then dates, the year, the end; a record that nothing hides is in the list."""
    phrase, que_faire, geste, vers = _raison(trouvee, jour)
    deplacee = (
        f" Elle y a été transférée à compter du {date_longue(trouvee.transferee)}."
        if trouvee.transferee
        else ""
    )
    return Explication(en_francais(phrase) + deplacee, en_francais(que_faire), geste, vers)


def _raison(t: Trouvee, jour: date) -> tuple[str, str, str, str]:
    if t.corbeille:
        return (
            f"Sa fiche est dans la corbeille depuis le {date_longue(t.corbeille)} : elle n’est plus dans la liste ni comptée.",
            "Si c’était une erreur, restaurez-la.",
            "Voir la corbeille",
            CORBEILLE,
        )
    if t.premier_jour is None:
        return (
            "Sa fiche est reçue, mais ses dates ne donnent aucun statut : elle n’est comptée nulle part.",
            "Complétez ou corrigez les dates de formation et de contrat.",
            "Ouvrir sa fiche",
            FICHE,
        )
    if t.statut is None:
        return (
            f"Son entrée est à venir, le {date_longue(t.premier_jour)} : elle sera comptée ce jour-là.",
            "Rien à faire, sauf si la date d’entrée est fausse.",
            "Ouvrir sa fiche",
            FICHE,
        )
    if t.annee not in annees.actives(jour):
        return (
            f"Sa fiche est de l’année {annee_en_mots(t.annee)}, que la liste ne montre pas sans qu’on la demande.",
            "Si cette personne est encore en formation, inscrivez-la pour cette année dans votre ERP, puis transmettez.",
            "Ouvrir sa fiche",
            FICHE,
        )
    return _du_statut(t)


def _du_statut(t: Trouvee) -> tuple[str, str, str, str]:
    depuis = date_longue(t.du) if t.du else "une date inconnue"
    if t.statut == "FIN_DE_FORMATION":
        return (
            f"Sa formation est terminée depuis le {depuis}.",
            "Si elle se poursuit, corrigez la date de fin de formation.",
            "Ouvrir sa fiche",
            f"{FICHE}#formation",
        )
    if t.statut == "ABANDON" and t.motif == "EXCLUSION":
        return (
            f"Cette personne est sortie depuis le {depuis}.",
            "Si elle est toujours au CFA, retirez la date de sortie.",
            "Ouvrir sa fiche",
            f"{FICHE}#formation",
        )
    if t.statut == "ABANDON":
        return (
            f"Son délai est dépassé depuis le {depuis} : elle n’est plus comptée parmi les apprenants.",
            "Toujours au CFA ? Vérifiez ses contrats, ou ajoutez celui qui manque.",
            "Ouvrir sa fiche",
            f"{FICHE}#contrats",
        )
    dit = _EN_COURS.get(t.motif or "", "") or _EN_COURS.get(t.statut or "", "en rupture")
    suite = (
        f" Votre ERP ne la transmet plus depuis le {date_longue(t.plus_transmise)}."
        if t.plus_transmise
        else ""
    )
    return (
        f"Elle est dans la liste de {t.organisme}{INSECABLE}: {dit} depuis le {depuis}.{suite}",
        "Si vous ne la voyez pas, retirez les filtres de la liste, ou vérifiez l’établissement choisi.",
        "Ouvrir sa fiche",
        FICHE,
    )
