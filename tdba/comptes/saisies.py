"""Typed text that survives a session (decision 27, docs/adr/0011): what is kept, for whom, and what is carried over.

The form token of a session names its person, signed: it is how a form sent after the end says who had it on screen,
and that it came from here. Pure: the session, the request and the signature are the caller's.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

TAILLE_MAX: Final = 50_000
"""Characters of one form; a longer one is a file or an attack."""
SAISIE: Final = "saisie"
"""Key of the session that holds a kept form."""
VERROU: Final = "verrou"
"""Key of a session that is locked, to resume in place."""
JETON: Final = "csrf_token"
_DU_FOURNISSEUR: Final = ("id_token", "oidc:")
"""Keys of a login: those of the former one are not carried over."""
_SECRETS: Final = re.compile(
    r"mot_?de_?passe|passw|secret|jeton|token|^code$|code_(secours|otp)|cle_api|reponse_cle", re.IGNORECASE
)


_DE_LA_PAGE: Final = re.compile(r"^(cle_formulaire|version|suite|page|.*_id)$")
"""Fields that the page filled, not the person: sent again, not shown, and not worth keeping alone."""


def jeton_de(personne_id: int) -> str:
    """The secret of the form tokens of a new session: random, and naming the person."""
    return f"{secrets.token_hex(20)}-{personne_id}"


def auteur(jeton: object) -> int | None:
    """The person that a form token names, once its signature is verified; None for an anonymous one."""
    hasard, _, personne = str(jeton).rpartition("-")
    return int(personne) if hasard and personne.isdecimal() and len(personne) < 19 else None


def a_garder(champs: Iterable[tuple[str, str]]) -> list[list[str]] | None:
    """The fields of a form worth keeping: no secret, nothing when there is no text or too much of it."""
    gardes = [[nom, valeur] for nom, valeur in champs if not _SECRETS.search(nom)]
    taille = sum(len(nom) + len(valeur) for nom, valeur in gardes)
    return gardes if taille <= TAILLE_MAX and a_montrer(gardes) else None


def a_montrer(champs: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """What the person typed or chose, each with its name in words."""
    return [
        (nom.replace("_", " ").capitalize(), valeur)
        for nom, valeur in champs
        if valeur.strip() and not _DE_LA_PAGE.match(nom)
    ]


def a_emporter(donnees: Mapping[str, Any], *, de: int | None, vers: int | None) -> dict[str, Any]:
    """What a new session takes from the one before it. Nothing goes from one person to another.

    A locked session resumed by the same person goes on whole; any other login keeps only the text typed by that person.
    """
    if vers is None:
        return {}
    reprise = VERROU in donnees and de == vers
    emportees = {cle: donnees[cle] for cle in donnees if reprise and not _a_laisser(cle)}
    saisie = donnees.get(SAISIE)
    if saisie is not None and saisie["personne"] == vers:
        emportees[SAISIE] = saisie
    if JETON not in emportees:
        emportees[JETON] = jeton_de(vers)
    return emportees


def _a_laisser(cle: str) -> bool:
    return cle in (VERROU, SAISIE) or cle.startswith(_DU_FOURNISSEUR)
