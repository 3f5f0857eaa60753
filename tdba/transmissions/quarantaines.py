"""An establishment that nobody knows: which known one it may be, and why (issue 4, part 6). Pure."""

from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from tdba.transmissions.identifiants import LETTRES_UAI, siret_valide, uai_valide

SUGGESTIONS_MAX: Final = 5

MOTIFS: Final = {
    "ERREUR_ERP": "C’est une erreur dans notre ERP : nous l’y corrigerons",
    "PAS_NOUS": "Cet établissement ne dépend pas de nous",
    "AUTRE": "Une autre raison",
}
"""Why lines about an unknown establishment are set aside."""


class Couple(NamedTuple):
    uai: str
    siret: str


class Connu(NamedTuple):
    """An organisme of the référentiel that resembles an unknown couple."""

    id: int
    uai: str | None
    siret: str
    ferme: bool


class Raison(IntEnum):
    """Why a known organisme is suggested, the most certain first."""

    MEME_SIRET = 1
    MEME_UAI = 2
    LIEU_DE_FORMATION = 3
    FAUTE_DE_FRAPPE = 4
    SUCCESSEUR = 5
    MEME_SIREN = 6


PHRASES: Final = {
    Raison.MEME_SIRET: "Il a ce SIRET, avec un autre UAI.",
    Raison.MEME_UAI: "Il a cet UAI, avec un autre SIRET.",
    Raison.LIEU_DE_FORMATION: "Vous avez déjà transmis ce lieu de formation pour des apprenants qu’il forme.",
    Raison.FAUTE_DE_FRAPPE: "Un seul caractère les sépare : l’UAI ou le SIRET transmis semble mal saisi.",
    Raison.SUCCESSEUR: "L’établissement transmis est fermé ; celui-ci est ouvert, dans la même entreprise.",
    Raison.MEME_SIREN: "Il est de la même entreprise (SIREN).",
}


class Suggestion(NamedTuple):
    organisme_id: int
    raison: Raison


class Recherche(NamedTuple):
    """What to read of the référentiel so that `suggerer` has every candidate."""

    uais: list[str]
    sirets: list[str]
    sirens: list[str]


def recherche(couples: Iterable[Couple]) -> Recherche:
    """The keys, near keys and SIREN of these couples."""
    uais: set[str] = set()
    sirets: set[str] = set()
    sirens: set[str] = set()
    for uai, siret in couples:
        uais |= {uai, *voisins_uai(uai)}
        sirets |= {siret, *voisins_siret(siret)}
        sirens.add(siret[:9])
    return Recherche(sorted(uais), sorted(sirets), sorted(sirens))


def voisins_uai(uai: str) -> list[str]:
    """Right UAI at one slip of this text: one character for another, or two neighbours swapped."""
    lettre = uai[:7] + LETTRES_UAI[int(uai[:7]) % 23] if uai[:7].isdigit() else uai
    autres = {lettre, *_a_une_faute(uai[:7], suffixe=uai[7:])}
    return sorted(autre for autre in autres - {uai} if uai_valide(autre))


def voisins_siret(siret: str) -> list[str]:
    """Right SIRET at one slip of this text."""
    return sorted(autre for autre in set(_a_une_faute(siret)) - {siret} if siret_valide(autre))


def _a_une_faute(chiffres: str, suffixe: str = "") -> Iterable[str]:
    for rang, ecrit in enumerate(chiffres):
        for autre in "0123456789":
            if autre != ecrit:
                yield chiffres[:rang] + autre + chiffres[rang + 1 :] + suffixe
        if rang + 1 < len(chiffres):
            yield chiffres[:rang] + chiffres[rang + 1] + ecrit + chiffres[rang + 2 :] + suffixe


def suggerer(couple: Couple, connus: Sequence[Connu], formateurs: Collection[int] = ()) -> list[Suggestion]:
    """The open organismes that this couple may be, the most certain first, each with its best reason.

    `formateurs`: those of `connus` whose apprentices are already taught at the place that has this key.
    """
    proches = frozenset(voisins_uai(couple.uai)), frozenset(voisins_siret(couple.siret))
    raisons: dict[int, Raison] = {}
    for connu in connus:
        raison = _raison(couple, connu, *proches)
        if connu.id in formateurs:
            raison = min(raison or Raison.LIEU_DE_FORMATION, Raison.LIEU_DE_FORMATION)
        if raison is not None:
            raisons[connu.id] = raison
    fermes = [c for c in connus if c.ferme and raisons.get(c.id, Raison.MEME_SIREN) < Raison.SUCCESSEUR]
    for connu in connus:
        if any(connu.siret[:9] == f.siret[:9] or (f.uai and connu.uai == f.uai) for f in fermes):
            raisons[connu.id] = min(raisons.get(connu.id, Raison.SUCCESSEUR), Raison.SUCCESSEUR)
    ouverts = [c for c in connus if not c.ferme and c.id in raisons]
    trouvees = [Suggestion(c.id, raisons[c.id]) for c in ouverts]
    return sorted(trouvees, key=lambda s: (s.raison, s.organisme_id))[:SUGGESTIONS_MAX]


def _raison(
    couple: Couple, connu: Connu, uais_proches: frozenset[str], sirets_proches: frozenset[str]
) -> Raison | None:
    meme_uai, meme_siret = connu.uai == couple.uai, connu.siret == couple.siret
    if (meme_siret and connu.uai in uais_proches) or (meme_uai and connu.siret in sirets_proches):
        return Raison.FAUTE_DE_FRAPPE
    if meme_siret:
        return Raison.MEME_SIRET
    if meme_uai:
        return Raison.MEME_UAI
    return Raison.MEME_SIREN if connu.siret[:9] == couple.siret[:9] else None
