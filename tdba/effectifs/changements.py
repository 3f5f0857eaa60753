"""What a form would change, checked against the record: nothing is written here.

Each function returns the changes; an empty list means that it is already done (a form sent twice).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from tdba.effectifs import causes, champs_corriges, controles
from tdba.effectifs.models import Contrat
from tdba.effectifs.queries import Ouvert
from tdba.effectifs.statuts import ContratDates
from tdba.errors import ErreurMetier

DE_LA_RUPTURE: Final = ("cause_legale", "mediateur_le", "employeur_informe_le", "contestation")
"""What is only said of a rupture: it goes with it."""


class VersionPerimee(Exception):
    """The record changed since the form was opened: the person sees both values and chooses (decision 18)."""


class Changement(NamedTuple):
    """One field and its new value; `contrat` None: a field of the record itself.

    The field "contrat" stands for the contract as a whole: AJOUT adds it, None takes it away.
    """

    champ: str
    contrat: Contrat | None
    valeur: Any


def dates_de(contrat: Contrat) -> ContratDates:
    """The dates of a contract as the rules of statuses take them."""
    return ContratDates(contrat.debut, contrat.fin, contrat.rupture)


def de_contrat(
    ouvert: Ouvert, contrat: Contrat, saisies: Mapping[str, Any], *, version: int, jour: date
) -> list[Changement]:
    """What these values would change on a contract. Raises ErreurMetier, VersionPerimee.

    Without a rupture there is no cause, no mediator and no contestation either.
    """
    voulues = dict(saisies)
    if "rupture" in voulues and voulues["rupture"] is None:
        voulues |= dict.fromkeys(DE_LA_RUPTURE)
    changes = [
        Changement(champ, contrat, valeur)
        for champ, valeur in voulues.items()
        if valeur != getattr(contrat, champ)
    ]
    if not _a_faire(ouvert, changes, version, "Le contrat est déjà ainsi sur la fiche : rien ne changerait."):
        return []
    _verifier_contrat(ouvert, contrat, voulues, {c.champ for c in changes}, jour)
    return changes


def d_ajout(
    ouvert: Ouvert, contrat: Contrat, saisies: Mapping[str, Any], *, version: int, jour: date
) -> list[Changement]:
    """What adding this contract would change; `contrat` is not stored yet. Raises ErreurMetier, VersionPerimee.

    A contract that starts on the day of another one is that one: sending the form twice adds nothing.
    """
    perimee = version != ouvert.effectif.version
    deja = any(autre.debut == saisies["debut"] for autre in ouvert.contrats)
    if deja and perimee:
        return []
    if perimee:
        raise VersionPerimee
    if deja:
        raise ErreurMetier("Un contrat commence déjà ce jour-là : corrigez-le plutôt.", champ="debut")
    _verifier_contrat(ouvert, contrat, saisies, set(saisies), jour)
    dites = [Changement(champ, contrat, valeur) for champ, valeur in saisies.items() if valeur is not None]
    return [Changement("contrat", contrat, "AJOUT"), *dites]


def _verifier_contrat(
    ouvert: Ouvert, contrat: Contrat, saisies: Mapping[str, Any], changes: set[str], jour: date
) -> None:
    avant = dates_de(contrat)
    dates = ContratDates(*(saisies.get(champ, getattr(contrat, champ)) for champ in controles.CHAMPS))
    refus = None
    if not changes.isdisjoint(controles.CHAMPS):
        refus = controles.refus_de_contrat(
            dates,
            avant=avant,
            autres=[dates_de(autre) for autre in ouvert.contrats if autre is not contrat],
            fin_de_session=ouvert.effectif.date_fin,
            jour=jour,
        )
    # The form of a rupture alone: the one that corrects a contract as a whole takes old ones too.
    if refus is None and "rupture" in changes and "debut" not in saisies and dates.rupture is not None:
        refus = controles.refus_de_declaration(dates.rupture, fin=dates.fin, jour=jour)
    if refus is None and not changes.isdisjoint({"rupture", "debut", *DE_LA_RUPTURE}):
        refus = causes.refus_de_cause(
            saisies.get("cause_legale", contrat.cause_legale),
            debut=dates.debut,
            rupture=dates.rupture,
            mediateur_le=saisies.get("mediateur_le", contrat.mediateur_le),
            employeur_informe_le=saisies.get("employeur_informe_le", contrat.employeur_informe_le),
        )
    if refus is not None:
        raise ErreurMetier(refus.phrase, champ=refus.champ)


def de_champs(
    ouvert: Ouvert, saisies: Mapping[str, str | None], *, version: int, jour: date, seul: bool = False
) -> list[Changement]:
    """What these texts, as typed, would change on the record. Raises ErreurMetier, VersionPerimee.

    `seul`: the form has one field, which it calls `valeur`.
    """
    effectif, valeurs = ouvert.effectif, {}
    for champ, texte in saisies.items():
        try:
            valeurs[champ] = champs_corriges.lire(champ, texte, actuelle=getattr(effectif, champ))
        except champs_corriges.ValeurRefusee as refusee:
            raise ErreurMetier(str(refusee), champ="valeur" if seul else champ) from None
    changes = [Changement(champ, None, v) for champ, v in valeurs.items() if v != getattr(effectif, champ)]
    if not _a_faire(ouvert, changes, version, "C’est déjà ce que dit la fiche : rien ne changerait."):
        return []
    refus = champs_corriges.refus_de_dates(
        {champ: valeurs.get(champ, getattr(effectif, champ)) for champ in champs_corriges.DATES},
        changes={c.champ for c in changes},
        jour=jour,
    )
    if refus is not None:
        raise ErreurMetier(refus.phrase, champ="valeur" if seul else refus.champ)
    return changes


def _a_faire(ouvert: Ouvert, changes: Sequence[Changement], version: int, phrase: str) -> bool:
    perimee = version != ouvert.effectif.version
    if changes and perimee:
        raise VersionPerimee
    if not changes and not perimee:
        raise ErreurMetier(phrase)
    return bool(changes)
