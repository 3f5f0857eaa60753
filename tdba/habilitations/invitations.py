"""Invitations: the token, their state, and the reading of a list of them (issue of access, domain.md §5.5). Pure."""

import csv
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from tdba.habilitations.equipe import ADMINISTRATEUR, MEMBRE, fin_apres, refus_de_fin

DUREE: Final = timedelta(hours=96)
"""How long the link of one sending opens something."""
ENTRE_ENVOIS: Final = timedelta(seconds=60)
"""Least time between two sendings of the same invitation."""
LIGNES_MAX: Final = 50
COURRIEL_MAX: Final = 254

_COURRIEL: Final = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]{2,}")


class Etat(StrEnum):
    """Where an invitation stands. All but OUVERTE refuse, each with its own page and its own reason code."""

    OUVERTE = "ouverte"
    EXPIREE = "expiree"
    UTILISEE = "utilisee"
    RETIREE = "retiree"
    AUTRE_ADRESSE = "autre_adresse"


def empreinte(jeton: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(jeton.encode()).digest()


def etat_de(
    *, acceptee_le: datetime | None, retiree_le: datetime | None, expire_le: datetime, maintenant: datetime
) -> Etat:
    """Return where an invitation stands at `maintenant`, whoever reads it."""
    if acceptee_le is not None:
        return Etat.UTILISEE
    if retiree_le is not None:
        return Etat.RETIREE
    return Etat.OUVERTE if maintenant < expire_le else Etat.EXPIREE


def meme_adresse(invitee: str, certifiee: str) -> bool:
    """The invited address is the one that the identity provider certifies, whatever the case."""
    return _pliee(invitee) == _pliee(certifiee)


def _pliee(courriel: str) -> str:
    return unicodedata.normalize("NFC", courriel.strip()).casefold()


def refus_de_courriel(courriel: str) -> str | None:
    """Why this cannot be an address to invite, or None."""
    if len(courriel) > COURRIEL_MAX or not _COURRIEL.fullmatch(courriel):
        return "Cette adresse électronique n’est pas complète. Écrivez-la ainsi : prenom.nom@exemple.fr."
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneInvitation:
    """One line of a list, as written and as understood. `refus` None: it may be sent."""

    numero: int
    texte: str
    courriel: str = ""
    role: str = MEMBRE
    fin: date | None = None
    """First day without the right."""
    refus: str | None = None
    doublon_de: int | None = None
    """Number of the line that has the same address already: this one is left out, without being an error."""


class ListeTropLongue(Exception):
    """More lines than one list may hold."""


def decoder(octets: bytes) -> str:
    """Text of a file from any spreadsheet: UTF-8, with or without its mark, else what Windows writes."""
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = octets.decode("cp1252", errors="replace")
    return texte.replace("\x00", "")


def lire_liste(texte: str, jour: date) -> list[LigneInvitation]:
    """Read `courriel;role;fin` lines: `role` and `fin` may be empty, `fin` is the last day of access.

    Empty lines and a first line of titles are left out. Raises ListeTropLongue past LIGNES_MAX lines.
    """
    numerotees = [(n, brut.strip()) for n, brut in enumerate(texte.splitlines(), start=1)]
    pleines = [(n, brut) for n, brut in numerotees if brut.strip(";, \t")]
    if pleines and pleines[0][1].lower().lstrip("\ufeff\"' ").startswith(("courriel", "email", "e-mail")):
        del pleines[0]
    if len(pleines) > LIGNES_MAX:
        raise ListeTropLongue
    lignes: list[LigneInvitation] = []
    vues: dict[str, int] = {}
    for numero, brut in pleines:
        ligne = _lire(numero, brut, jour)
        cle = _pliee(ligne.courriel)
        if ligne.refus is None and cle in vues:
            ligne = LigneInvitation(numero=numero, texte=brut, courriel=ligne.courriel, doublon_de=vues[cle])
        elif ligne.refus is None:
            vues[cle] = numero
        lignes.append(ligne)
    return lignes


def _lire(numero: int, brut: str, jour: date) -> LigneInvitation:
    champs = [champ.strip() for champ in next(csv.reader([brut], delimiter=";"))]
    if len(champs) > 3:
        refus = "Cette ligne a plus de trois colonnes. Écrivez : courriel;role;fin."
        return LigneInvitation(numero=numero, texte=brut, courriel=champs[0], refus=refus)
    courriel, role_ecrit, fin_ecrite = (*champs, "", "")[:3]
    role = _role(role_ecrit)
    refus_courriel = refus_de_courriel(courriel)
    if refus_courriel or role is None:
        refus = refus_courriel or "Ce rôle n’existe pas. Écrivez « administrateur » ou « membre »."
        return LigneInvitation(numero=numero, texte=brut, courriel=courriel, refus=refus)
    try:
        fin = fin_apres(_jour(fin_ecrite))
    except ValueError:
        refus = "Cette date n’existe pas. Écrivez-la ainsi : 03/03/2026."
        return LigneInvitation(numero=numero, texte=brut, courriel=courriel, role=role, refus=refus)
    return LigneInvitation(
        numero=numero, texte=brut, courriel=courriel, role=role, fin=fin, refus=refus_de_fin(fin, jour)
    )


def _role(ecrit: str) -> str | None:
    return {"": MEMBRE, MEMBRE: MEMBRE, ADMINISTRATEUR: ADMINISTRATEUR}.get(ecrit.lower())


def _jour(ecrit: str) -> date | None:
    """A day as people or spreadsheets write it. Raises ValueError for what is no day."""
    if not ecrit:
        return None
    francaise = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", ecrit)
    if francaise:
        return date(int(francaise[3]), int(francaise[2]), int(francaise[1]))
    return date.fromisoformat(ecrit)
