"""Checks of the person: age, identifiers, address, ways to reach them. Pure.

Sources: issue 5 part 4; domain.md §2.1 (forms of the INE) and §8 (what SIFA asks).
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from tdba.anomalies.dossier import Dossier, Trouvee
from tdba.formats import age

AGE_MIN: Final = 15
AGE_MAX: Final = 35

_INE: Final = re.compile(r"[0-9]{9}[A-Z]{2}|[0-9_]{10}[A-Z]|[0-9]{4}[A-Z][0-9]{5}[A-Z]")
"""Known forms, all of eleven signs (domain.md §2.1)."""
_INVENTE: Final = re.compile(r"0?[0-9]?([0-9])\1{7,}|0?[0-9]?(?:12345678|01020304)")
_SANS_REPONSE: Final = re.compile(
    r"(no-?reply|ne-?pas-?repondre|inconnue?|aucun|test|abc|xxx+|sans-?mail|pasdemail|nomail)@"
    r"|@(example|exemple|test|aucun|inconnu|nomail|xxx+)\.",
    re.IGNORECASE,
)


def ages(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Age in full years on the day of entry: under 15, or over 35."""
    del jour
    if dossier.date_entree is None:
        return
    ans = age(dossier.date_naissance, dossier.date_entree)
    if ans < AGE_MIN:
        yield Trouvee("TROP_JEUNE", dates={"entree": dossier.date_entree})
    elif ans > AGE_MAX:
        yield Trouvee("TROP_AGE", dates={"entree": dossier.date_entree})


def identifiants(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Sex and INE, which SIFA asks of everybody."""
    del jour
    if dossier.sexe is None:
        yield Trouvee("SEXE_MANQUANT")
    if dossier.ine is None:
        yield Trouvee("INE_MANQUANT")
    elif not _INE.fullmatch(dossier.ine):
        yield Trouvee("INE_INCOMPLET")


def residence(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """Where they live: address, postal code, commune."""
    del jour
    if not dossier.adresse:
        yield Trouvee("ADRESSE_MANQUANTE")
    if dossier.code_postal is None:
        if dossier.code_insee is None:
            yield Trouvee("CODE_POSTAL_MANQUANT")
    elif dossier.code_postal_connu is False:
        yield Trouvee("CODE_POSTAL_INCONNU")
    elif dossier.code_postal_connu and dossier.code_insee is None:
        yield Trouvee("COMMUNE_INCERTAINE")


def joindre(dossier: Dossier, jour: date) -> Iterator[Trouvee]:
    """How to reach them: what was received and not used, and what reaches nobody."""
    del jour
    if dossier.telephone is None and dossier.courriel is None and not dossier.ecartes & _CONTACTS:
        yield Trouvee("INJOIGNABLE")
    if _inutilisable(dossier, "telephone", dossier.telephone, _INVENTE.fullmatch):
        yield Trouvee("TELEPHONE_INUTILISABLE")
    if _inutilisable(dossier, "courriel", dossier.courriel, _SANS_REPONSE.search):
        yield Trouvee("COURRIEL_INUTILISABLE")
    elif (
        dossier.courriel and dossier.courriel_cfa and dossier.courriel.lower() == dossier.courriel_cfa.lower()
    ):
        yield Trouvee("COURRIEL_DU_CFA")


_CONTACTS: Final = frozenset({"telephone", "courriel"})


def _inutilisable(dossier: Dossier, champ: str, valeur: str | None, invente: Callable[[str], object]) -> bool:
    return champ in dossier.ecartes if valeur is None else bool(invente(valeur))


CONTROLES: Final = (ages, identifiants, residence, joindre)
