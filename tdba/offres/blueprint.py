"""The blueprint that the screens of help at hand share."""

from typing import Final, cast

from flask import Blueprint, Response, redirect, url_for

from tdba import scope
from tdba.access import AccesRefuse
from tdba.scope import Droit

bp = Blueprint("offres", __name__)

CLE: Final = f"int(max={2**63 - 1})"


@bp.before_request
def sans_le_support() -> None:
    """Support sees names only inside an opened case, and a CFA's follow-up is the CFA's (decisions 24 and 26)."""
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse("suivre les ruptures d’un CFA")


def vers(endpoint: str, dossier_id: int) -> Response:
    """Back to a page of a file, once something was written."""
    return cast("Response", redirect(url_for(endpoint, dossier_id=dossier_id), 303))
