"""What of a received line may be stored, as received. Pure.

Never the NIR, under any key or inside any text; the SIFA fields only when SIFA is on (decision 16); no unknown key and
no null property (domain.md §4.1). The copy always fits in a jsonb column: flat, short, without NUL nor half surrogates.
"""

from datetime import date, time

from tdba.transmissions.champs import CHAMPS_SIFA, IDENTIFIANTS_DE_PERSONNE, RANGS
from tdba.transmissions.dates import date_de_cellule
from tdba.transmissions.identifiants import MASQUE_NIR, contient_un_nir, est_un_nir, masquer_nir
from tdba.transmissions.normes import CARACTERES_INTERDITS, en_texte

Conservable = str | int | float | bool | None

# Twice the longest text a line may carry: enough to see what was wrong with it.
_LONGUEUR_CONSERVEE = 1000
_REMPLACANT = "\ufffd"

_LONGUEUR_NIR = 13
"""A shorter text holds no NIR: most values of a line are kept as they are, at no cost."""

_CONSERVES = {True: frozenset(RANGS), False: frozenset(RANGS) - CHAMPS_SIFA}


def sans_donnees_interdites(ligne: object, *, sifa: bool = False) -> dict[str, Conservable]:
    """Return the copy of a received line that may be stored; the argument is left untouched.

    Of what is not an object nothing is kept: it has no field, so nothing says what it holds.
    """
    if not isinstance(ligne, dict):
        return {}
    conserves = _CONSERVES[sifa]
    copie = {
        champ: recu if _est_court(recu) else conserver(recu)
        for champ, recu in ligne.items()
        if recu is not None and champ in conserves
    }
    for champ in IDENTIFIANTS_DE_PERSONNE:
        if champ in copie:
            copie[champ] = _conserver_identifiant(ligne[champ], ligne.get("date_de_naissance_apprenant"))
    return copie


def _est_court(recu: object) -> bool:
    return type(recu) is str and len(recu) < _LONGUEUR_NIR and recu.isascii() and "\x00" not in recu


def conserver(recu: object) -> Conservable:
    """Return a received value as it may be stored: same scalar, or a text that says what stood there."""
    if isinstance(recu, str):
        return _conserver_texte(masquer_nir(recu))
    if recu is None or isinstance(recu, bool):
        return recu
    if isinstance(recu, (int, float)):
        texte = en_texte(recu)
        return MASQUE_NIR if texte and contient_un_nir(texte) else recu if texte else "[nombre]"
    if isinstance(recu, (date, time)):
        return recu.isoformat()
    return (
        "[objet]" if isinstance(recu, dict) else "[liste]" if isinstance(recu, (list, tuple)) else "[valeur]"
    )


def _conserver_texte(texte: str) -> str:
    if len(texte) > _LONGUEUR_CONSERVEE:
        texte = texte[:_LONGUEUR_CONSERVEE] + "…"
    if texte.isascii() and "\x00" not in texte:
        return texte
    return CARACTERES_INTERDITS.sub(_REMPLACANT, texte)


def _conserver_identifiant(recu: object, naissance: object) -> Conservable:
    """Keep an identifier that only looks like a NIR by accident, mask the others (see `est_un_nir`)."""
    texte = en_texte(recu)
    jour = date_de_cellule(naissance)
    if texte is None or est_un_nir(texte, jour if isinstance(jour, date) else None):
        return conserver(recu)
    return _conserver_texte(texte)
