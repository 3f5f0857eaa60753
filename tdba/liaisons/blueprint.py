"""The two blueprints of this slice: what a CFA does with its files, and what somebody without an account opens."""

from flask import Blueprint

from tdba import scope
from tdba.access import AccesRefuse
from tdba.scope import Droit

bp = Blueprint("liaisons", __name__)
bp_plis = Blueprint("plis", __name__)


@bp.before_request
def sans_le_support() -> None:
    """A CFA's follow-up is the CFA's: support passes nobody on (decisions 24 and 26)."""
    if scope.courant().a(Droit.SUPPORT):
        raise AccesRefuse("transmettre un dossier de liaison")


@bp_plis.before_request
def sans_personne() -> None:
    """Whoever is logged in, these pages are read as nobody: they reach a sealed letter and nothing else."""
    scope.entrer(scope.VIDE)
