"""The one blueprint of this slice, and what its screens share: keys of an address, answers, redirections."""

from collections.abc import Mapping
from typing import Any, Final, cast

from flask import Blueprint, Response, make_response, redirect, render_template

from tdba import horloge
from tdba.support import durees

bp = Blueprint("support", __name__)

CLE_MAX: Final = 2**63 - 1
ORGANISME_MAX: Final = 2**31 - 1
CLE: Final = f"int(max={CLE_MAX})"
"""Converter of our keys: a greater number is no key, and would be an error of PostgreSQL."""
CLE_ORGANISME: Final = f"int(max={ORGANISME_MAX})"


def vers(adresse: str) -> Response:
    return cast("Response", redirect(adresse, 303))


def entier(source: Mapping[str, str], nom: str, maximum: int = CLE_MAX) -> int | None:
    """A key among what was sent; None for anything that no row can bear."""
    texte = source.get(nom, "")
    return int(texte) if texte.isdecimal() and len(texte) < 20 and int(texte) <= maximum else None


def rendre(gabarit: str, *, code: int = 200, **contexte: Any) -> Response:
    maintenant = horloge.maintenant()
    reponse = make_response(
        render_template(
            gabarit,
            depuis=lambda instant: durees.ecoulee(instant, maintenant),
            maintenant=maintenant,
            **contexte,
        )
    )
    reponse.status_code = code
    return reponse
