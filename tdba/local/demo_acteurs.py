"""Acting as somebody of the demo: each gesture is made under the rights that this person has, as a screen would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import select

from tdba import horloge, scope
from tdba.comptes import queries
from tdba.comptes.models import Habilitation, Personne
from tdba.comptes.service import portee_de
from tdba.db import db
from tdba.local.demo_comptes import SUPPORT_UN

DIRECTRICE: Final = "demo-directrice-dunes"
MEMBRE_DES_TROIS_SITES: Final = "demo-membre-dunes"
MEMBRE_DE_LANNION: Final = "demo-membre-lannion"
ASSISTANCE: Final = SUPPORT_UN


def portee(sub: str) -> scope.Scope:
    """What that person may do today, by their first habilitation."""
    habilitation_id = db.session.scalar(
        select(Habilitation.id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Personne.sub == sub)
    )
    usage = None if habilitation_id is None else queries.usage_de(habilitation_id)
    assert usage is not None  # noqa: S101 - `demo preparer` wrote it
    return portee_de(usage, horloge.aujourd_hui())


@contextmanager
def comme(sub: str) -> Iterator[None]:
    """Run a block as that person, in a transaction of its own; undone when it raises."""
    qui = portee(sub)
    db.session.commit()
    with scope.sous(qui):
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
