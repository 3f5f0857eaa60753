"""Names and states of the views that people keep of the list. Pure.

A view holds filters, a sort and columns; never a search, which stays in the session of who typed it (decision 35).
"""

from tdba.effectifs.filtres import Filtres, vers_url
from tdba.textes import ressemble_a_un_nir

NOM_MAX = 60
VUES_MAX = 30
"""Views that one person may keep."""


def refus_de_nom(nom: str) -> str | None:
    """Why a view may not be called that, None when it may."""
    if not nom:
        return "Donnez un nom à cette vue."
    if len(nom) > NOM_MAX:
        return f"Ce nom est trop long\N{NO-BREAK SPACE}: {NOM_MAX} caractères au plus."
    if ressemble_a_un_nir(nom):
        return "Ce nom contient ce qui ressemble à un numéro de sécurité sociale. Écrivez-en un autre."
    return None


def etat(filtres: Filtres) -> str:
    """What a view keeps of a state of the list, as the query string of its address."""
    return vers_url(filtres, r="", vue=None).removeprefix("?")
