"""The blueprint of the watch list, open to who follows young people."""

from flask import Blueprint

from tdba.access import AccesRefuse
from tdba.ruptures.blueprint import suit_un_cfa

bp = Blueprint("vigilance", __name__)


@bp.before_request
def sans_le_support() -> None:
    """Support sees names only inside an opened case, and a CFA's follow-up is the CFA's (decisions 24 and 26)."""
    if not suit_un_cfa():
        raise AccesRefuse("surveiller les jeunes d’un CFA")
