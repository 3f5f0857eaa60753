"""Records that somebody works on: undoing an import leaves them as they are (issue 4, part 2)."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from tdba import scope
from tdba.db import db
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit


def travaillees(effectif_ids: Sequence[int]) -> frozenset[int]:
    """Of these records, those whose file has a referent, or a step taken with the youth."""
    if not effectif_ids:
        return frozenset()
    demarche = exists(select(1).where(Demarche.dossier_id == Dossier.id))
    requete = scope.select_for(Dossier, Droit.CORRIGER, Dossier.effectif_id).where(
        Dossier.effectif_id.in_(effectif_ids), or_(Dossier.referent_id.is_not(None), demarche)
    )
    return frozenset(db.session.execute(requete).scalars())
