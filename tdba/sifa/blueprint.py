"""The blueprint that every screen of the survey shares; without TDBA_SIFA none of them exists."""

from flask import Blueprint

from tdba.scope import Introuvable
from tdba.sifa import a_regler

bp = Blueprint("sifa", __name__)


@bp.before_request
def seulement_active() -> None:
    """Answer as if the page did not exist."""
    if not a_regler.reglages().actif:
        raise Introuvable
