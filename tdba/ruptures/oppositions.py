"""Objections to being followed (issue 6): the files of the person freeze, whichever year's record they hang on.

A frozen file keeps what it holds, is in no worklist, and takes no step, sending or outcome until the objection is lifted.
"""

from typing import Final

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.ruptures.models import Opposition
from tdba.scope import Droit

# Built once: an alias of a wide table costs milliseconds.
_OPPOSE: Final = aliased(Effectif)

GELE: Final[ColumnElement[bool]] = exists(
    select(Opposition.id)
    .join(
        _OPPOSE, and_(_OPPOSE.id == Opposition.effectif_id, _OPPOSE.organisme_id == Opposition.organisme_id)
    )
    .where(
        Opposition.levee_le.is_(None),
        _OPPOSE.organisme_id == Effectif.organisme_id,
        _OPPOSE.id_erp == Effectif.id_erp,
    )
)
"""The person of this `effectif` objected; for statements that the scope's predicate on `effectif` limits."""


class SuiviGele(ErreurMetier):
    """The person objected to being followed: nothing is added to their files."""

    def __init__(self) -> None:
        super().__init__(
            "Cette personne s’est opposée à son suivi : le dossier est gelé, rien ne peut y être ajouté. "
            "Si elle revient sur son opposition, levez-la d’abord sur la page du dossier."
        )


def est_gele(effectif_id: int) -> bool:
    """Whether the files of this record are frozen; False for one out of reach."""
    requete = scope.select_for(Effectif, Droit.CORRIGER, GELE).where(Effectif.id == effectif_id)
    return bool(db.session.execute(requete).scalar_one_or_none())


def exiger_libre(effectif_id: int) -> None:
    """Raise SuiviGele when the files of this record are frozen."""
    if est_gele(effectif_id):
        raise SuiviGele
