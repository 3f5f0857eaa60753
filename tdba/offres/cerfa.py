"""The sheet that prepares the Cerfa of a new apprenticeship contract: its values, and whether they hold together. Pure.

Sources: Code du travail L6222-7-1 (length), L6222-12 (start of the training), L6222-4 and D6222-4 (signatures). Only
what a CFA knows is checked, nothing is refused here; pay and social-security numbers are never asked nor kept.
"""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Final, NamedTuple

from stdnum.fr import siret as norme_siret

from tdba.formats import age, date_longue
from tdba.formats import siret as siret_lisible
from tdba.offres.annonce import NIVEAUX, Employeur, Valeur
from tdba.ruptures.regles import ajouter_mois

MAJORITE: Final = 18
MOIS_AVANT: Final = 3
"""A contract starts at most so many months before the formation does."""
MOIS_MIN: Final = 6
MOIS_MAX: Final = 36


class Niveau(Enum):
    """What a check says; its words are the screen's."""

    CONFORME = "Conforme"
    A_VERIFIER = "À vérifier"
    A_COMPLETER = "À compléter"


class Constat(NamedTuple):
    niveau: Niveau
    phrase: str


class Cfa(NamedTuple):
    nom: str
    uai: str | None
    siret: str
    fiable: bool
    ferme: bool


class Formation(NamedTuple):
    """What is prepared, with the dates between which a session may start under its RNCP code."""

    intitule: str | None
    rncp: str | None
    cfd: str | None
    diplome: str | None
    niveau: int | None
    entree: date | None
    fin: date | None
    rncp_connu: bool
    ouverture: date | None
    fermeture: date | None


class NouveauContrat(NamedTuple):
    debut: date | None
    fin: date | None
    employeur_siret: str | None


class Feuille(NamedTuple):
    """All that the sheet is about. `contrat` None: no contract came after the one that ended."""

    cfa: Cfa
    formation: Formation
    naissance: date
    contrat: NouveauContrat | None
    employeur: Employeur | None


def valeurs(feuille: Feuille) -> dict[str, list[Valeur]]:
    """The values to copy, by part of the form."""
    cfa, f, c, e = feuille.cfa, feuille.formation, feuille.contrat, feuille.employeur
    return {
        "Le CFA": [
            Valeur("Dénomination", cfa.nom),
            Valeur("UAI", cfa.uai),
            Valeur("SIRET", cfa.siret),
        ],
        "La formation": [
            Valeur("Intitulé", f.intitule),
            Valeur("Diplôme", f.diplome),
            Valeur("Niveau", NIVEAUX.get(f.niveau) if f.niveau is not None else None),
            Valeur("Code RNCP", f.rncp),
            Valeur("Code du diplôme (CFD)", f.cfd),
            Valeur("Début de la formation", _jour(f.entree)),
            Valeur("Fin de la formation", _jour(f.fin)),
        ],
        "Le nouveau contrat": [
            Valeur("SIRET de l’employeur", c.employeur_siret if c else None),
            Valeur("Nom de l’employeur", e.nom if e else None),
            Valeur("Code NAF", e.naf if e else None),
            Valeur("Effectif de l’établissement", e.tranche if e else None),
            Valeur("Début du contrat", _jour(c.debut if c else None)),
            Valeur("Fin du contrat", _jour(c.fin if c else None)),
        ],
    }


def controles(feuille: Feuille, jour: date) -> list[Constat]:
    """What holds together and what does not, what is to settle first. `jour` stands for a start not known yet."""
    constats = [
        *_cfa(feuille.cfa),
        *_certification(feuille, jour),
        *_contrat(feuille),
        *_employeur(feuille),
        *_signature(feuille, jour),
    ]
    rangs = (Niveau.A_VERIFIER, Niveau.A_COMPLETER, Niveau.CONFORME)
    return sorted(constats, key=lambda constat: rangs.index(constat.niveau))


def _cfa(cfa: Cfa) -> Iterator[Constat]:
    if cfa.uai is None:
        yield Constat(Niveau.A_COMPLETER, "L’UAI du CFA n’est pas connue : le Cerfa la demande.")
    if cfa.ferme:
        yield Constat(
            Niveau.A_VERIFIER,
            "Le référentiel dit votre établissement fermé : un contrat ne peut pas le nommer.",
        )
    elif not cfa.fiable:
        yield Constat(
            Niveau.A_VERIFIER,
            "Le couple UAI et SIRET de votre établissement n’est pas validé par le référentiel : faites-le corriger "
            "avant le dépôt.",
        )
    else:
        yield Constat(
            Niveau.CONFORME, "Le couple UAI et SIRET du CFA est validé par le référentiel, et ouvert."
        )


def _certification(feuille: Feuille, jour: date) -> Iterator[Constat]:
    f = feuille.formation
    if f.rncp is None:
        yield Constat(Niveau.A_COMPLETER, "Le code RNCP de la formation n’est pas sur la fiche.")
    if f.cfd is None:
        yield Constat(Niveau.A_COMPLETER, "Le code du diplôme (CFD) n’est pas sur la fiche.")
    if f.rncp is None:
        return
    debut = f.entree or (feuille.contrat.debut if feuille.contrat else None) or jour
    if not f.rncp_connu:
        yield Constat(
            Niveau.A_VERIFIER,
            f"Le code {f.rncp} n’est pas dans nos certifications : vérifiez-le sur France compétences.",
        )
    elif f.ouverture is not None and debut < f.ouverture:
        yield Constat(
            Niveau.A_VERIFIER,
            f"Le code {f.rncp} n’est valable qu’à partir du {date_longue(f.ouverture)}, après le début de la formation.",
        )
    elif f.fermeture is not None and debut > f.fermeture:
        yield Constat(
            Niveau.A_VERIFIER,
            f"Le code {f.rncp} n’accepte plus d’entrée depuis le {date_longue(f.fermeture)} : cherchez celui qui le remplace.",
        )
    else:
        yield Constat(Niveau.CONFORME, f"Le code {f.rncp} est actif au début de la formation.")


def _contrat(feuille: Feuille) -> Iterator[Constat]:
    c = feuille.contrat
    if c is None:
        yield Constat(
            Niveau.A_COMPLETER,
            "Aucun nouveau contrat n’est encore connu : ses dates et son employeur sont à compléter.",
        )
        return
    if c.debut is None or c.fin is None:
        yield Constat(Niveau.A_COMPLETER, "Les dates de début et de fin du nouveau contrat sont à compléter.")
        return
    faux = [*_duree(c.debut, c.fin), *_autour(c.debut, c.fin, feuille.formation)]
    yield from faux
    if not faux:
        yield Constat(Niveau.CONFORME, "Les dates du contrat vont avec celles de la formation.")


def _duree(debut: date, fin: date) -> Iterator[Constat]:
    if fin < debut:
        yield Constat(Niveau.A_VERIFIER, "Le contrat finit avant d’avoir commencé.")
    elif fin < _veille(ajouter_mois(debut, MOIS_MIN)):
        yield Constat(
            Niveau.A_VERIFIER,
            "Le contrat dure moins de six mois, la durée la plus courte que prévoit la loi.",
        )
    elif fin > ajouter_mois(debut, MOIS_MAX):
        yield Constat(
            Niveau.A_VERIFIER,
            "Le contrat dure plus de trois ans : la loi ne le permet que dans quelques cas, dont le handicap.",
        )


def _autour(debut: date, fin: date, f: Formation) -> Iterator[Constat]:
    if f.entree is not None and ajouter_mois(debut, MOIS_AVANT) < f.entree:
        yield Constat(Niveau.A_VERIFIER, "Le contrat commence plus de trois mois avant la formation.")
    if f.fin is not None and debut > f.fin:
        yield Constat(Niveau.A_VERIFIER, "Le contrat commence après la fin de la formation.")
    elif f.fin is not None and fin < f.fin:
        yield Constat(
            Niveau.A_VERIFIER,
            f"Le contrat finit le {date_longue(fin)}, avant la fin de la formation, le {date_longue(f.fin)}.",
        )
    if f.entree is None or f.fin is None:
        yield Constat(
            Niveau.A_COMPLETER,
            "Les dates de la formation sont à compléter pour les comparer à celles du contrat.",
        )


def _employeur(feuille: Feuille) -> Iterator[Constat]:
    numero, e = feuille.contrat.employeur_siret if feuille.contrat else None, feuille.employeur
    if numero is None:
        if feuille.contrat is not None:
            yield Constat(Niveau.A_COMPLETER, "Le SIRET du nouvel employeur est à compléter.")
        return
    lisible = siret_lisible(numero)
    if not norme_siret.is_valid(numero):
        yield Constat(Niveau.A_VERIFIER, f"Le SIRET {lisible} n’a pas une clé juste : un chiffre y est faux.")
    elif e is None or not e.lu:
        yield Constat(
            Niveau.A_VERIFIER,
            f"Le SIRET {lisible} a une clé juste ; le registre des entreprises n’a pas encore répondu à son sujet.",
        )
    elif e.inconnu:
        yield Constat(Niveau.A_VERIFIER, f"Le registre des entreprises ne connaît pas le SIRET {lisible}.")
    elif e.ferme_le is not None:
        quand = f" depuis le {date_longue(e.ferme_le)}" if e.ferme_le > date.min else ""
        yield Constat(
            Niveau.A_VERIFIER, f"L’établissement {lisible} est fermé{quand}, dit le registre des entreprises."
        )
    else:
        yield Constat(
            Niveau.CONFORME, f"L’établissement {lisible} est ouvert, dit le registre des entreprises."
        )


def _signature(feuille: Feuille, jour: date) -> Iterator[Constat]:
    debut = (feuille.contrat.debut if feuille.contrat else None) or jour
    if age(feuille.naissance, debut) < MAJORITE:
        yield Constat(
            Niveau.A_VERIFIER,
            "L’apprenti est mineur au début du contrat : son représentant légal signe aussi.",
        )


def _jour(valeur: date | None) -> str | None:
    return date_longue(valeur) if valeur is not None else None


def _veille(jour: date) -> date:
    return date.fromordinal(jour.toordinal() - 1)
