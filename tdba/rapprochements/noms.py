"""How names are written: in full for a CFA, masked for support (decision 24). Support says how, at boot."""

from collections.abc import Callable
from typing import Final

Nommer = Callable[[str, str], str]

_MASQUES: Final[list[Nommer]] = []


def en_entier(nom: str, prenom: str) -> str:
    return " ".join(filter(None, (nom, prenom)))


def masquer_par(masque: Nommer) -> None:
    """Tell how support sees a name. The slice of support is on our right: it comes here by itself."""
    _MASQUES[:] = [masque]


def masque(nom: str, prenom: str) -> str:
    """Nothing at all until support has said how."""
    return _MASQUES[0](nom, prenom) if _MASQUES else "•••••"
