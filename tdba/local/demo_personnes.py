"""Invented people: names, birth, contacts, address. Pure: same generator state, same person.

Addresses of mail end in `.invalid` (RFC 2606) and phone numbers are those that Arcep keeps for fiction: nobody can be
reached through the demo. Of Arcep's numbers the mobile ones (06 39 98) are left out: libphonenumber refuses them.
"""

import re
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final, NamedTuple

from tdba.local.demo_noms import DIFFICILES, NOMS, NOMS_DE_VOIE, PRENOMS_F, PRENOMS_M, VOIES
from tdba.local.demo_territoires import COMMUNES_PAR_REGION, Commune
from tdba.local.demo_tirage import Roue
from tdba.textes import sans_accents

PRENOMS: Final = {"F": PRENOMS_F, "M": PRENOMS_M}
NOMS_ECRITS: Final = tuple(nom.replace("¤", " ") for nom in NOMS)
PART_DIFFICILES: Final = 0.004
PART_NOMS_DOUBLES: Final = 0.05
PART_PRENOMS_DOUBLES: Final = 0.03
PART_INE: Final = 0.94
"""Of the youths whose software knows their INE."""

TELEPHONES_DE_FICTION: Final = ("019900", "026191", "035301", "046571", "053649")
DOMAINE: Final = "messagerie.invalid"

# Age on the first day of the formation, by group of levels: minors are most of CAP, none of master.
_AGES: Final = {
    3: Roue([(15, 24), (16, 28), (17, 16), (18, 10), (19, 7), (20, 5), (22, 4), (24, 3), (27, 2), (29, 1)]),
    4: Roue([(15, 8), (16, 14), (17, 20), (18, 22), (19, 14), (20, 9), (21, 5), (23, 4), (26, 3), (28, 1)]),
    5: Roue([(17, 4), (18, 28), (19, 26), (20, 17), (21, 10), (22, 6), (23, 4), (25, 3), (28, 2)]),
    6: Roue([(18, 3), (19, 8), (20, 20), (21, 22), (22, 18), (23, 12), (24, 8), (25, 5), (27, 3), (29, 1)]),
}


class Identite(NamedTuple):
    nom: str
    prenom: str
    sexe: str
    naissance: date
    commune_naissance: Commune
    ine: str | None
    courriel: str | None
    telephone: str | None
    courriel_responsable: str | None
    adresse: str
    commune: Commune


@cache
def pour_courriel(texte: str) -> str:
    """The letters of a name that an e-mail address may hold."""
    return re.sub(r"[^a-z]+", "-", sans_accents(texte).lower()).strip("-")


def courriel(prenom: str, nom: str, numero: int) -> str:
    parties = [partie for partie in (pour_courriel(prenom)[:30], pour_courriel(nom)[:30]) if partie]
    return f"{'.'.join(parties) or 'apprenant'}.{numero}@{DOMAINE}"


def tirer_naissance(alea: Random, niveau: int, entree: date) -> date:
    """A birth day that gives, on the day of the entry, an age usual at that level."""
    age = _AGES[min(niveau, 6)].tirer(alea)
    return entree - timedelta(days=age * 365 + age // 4 + 1 + int(alea.random() * 364))


def tirer_nom(alea: Random, sexe: str) -> tuple[str, str, str]:
    """(surname, first name, sex). A few are difficult on purpose, and bring their own sex."""
    hasard = alea.random()
    if hasard < PART_DIFFICILES:
        return DIFFICILES[int(hasard / PART_DIFFICILES * len(DIFFICILES))]
    nom = NOMS_ECRITS[int(alea.random() * len(NOMS_ECRITS))]
    if hasard > 1 - PART_NOMS_DOUBLES:
        nom = f"{nom}-{NOMS_ECRITS[int(alea.random() * len(NOMS_ECRITS))]}"
    prenoms = PRENOMS[sexe]
    prenom = prenoms[int(alea.random() * len(prenoms))]
    if hasard > 1 - PART_PRENOMS_DOUBLES:
        prenom = f"{prenom} {prenoms[int(alea.random() * len(prenoms))]}"
    return nom, prenom, sexe


def tirer_telephone(alea: Random) -> str:
    numero = int(alea.random() * 50_000)
    return f"{TELEPHONES_DE_FICTION[numero // 10_000]}{numero % 10_000:04d}"


def tirer_adresse(alea: Random) -> str:
    numero = 1 + int(alea.random() * 180)
    repetition = " bis" if numero % 23 == 0 else ""
    voie = VOIES[int(alea.random() * len(VOIES))]
    return f"{numero}{repetition} {voie} {NOMS_DE_VOIE[int(alea.random() * len(NOMS_DE_VOIE))]}"


def tirer_commune(alea: Random, commune: Commune, region: str) -> Commune:
    """Most live near their CFA; one in five elsewhere in its region."""
    if alea.random() < 0.8:
        return commune
    voisines = COMMUNES_PAR_REGION[region]
    return voisines[int(alea.random() * len(voisines))]


def tirer_identite(
    alea: Random,
    *,
    numero: int,
    nom: tuple[str, str, str],
    niveau: int,
    entree: date,
    lieu: Commune,
    region: str,
) -> Identite:
    """The invented person number `numero`, called `nom` (surname, first name, sex)."""
    famille, prenom, sexe = nom
    naissance = tirer_naissance(alea, niveau, entree)
    mineur = (entree - naissance).days < 18 * 365
    lettres = chr(65 + int(alea.random() * 26)) + chr(65 + int(alea.random() * 26))
    return Identite(
        nom=famille,
        prenom=prenom,
        sexe=sexe,
        naissance=naissance,
        commune_naissance=tirer_commune(alea, lieu, region),
        ine=f"{numero:09d}{lettres}" if alea.random() < PART_INE else None,
        courriel=courriel(prenom, famille, numero) if alea.random() < 0.97 else None,
        telephone=tirer_telephone(alea) if alea.random() < 0.94 else None,
        courriel_responsable=courriel("parent", famille, numero) if mineur and alea.random() < 0.8 else None,
        adresse=tirer_adresse(alea),
        commune=tirer_commune(alea, lieu, region),
    )
