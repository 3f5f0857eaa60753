"""The same call sent twice is stored once (RFC draft "Idempotency-Key"): the second is answered from what was stored.

A key is remembered as long as its transmission: 90 days (decision 33).
"""

from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from tdba import scope
from tdba.db import db
from tdba.scope import Droit
from tdba.transmissions.api_options import Idempotence
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.models import Ligne, Transmission

VERROU: Final = "SELECT pg_advisory_xact_lock(8422, %(cle)s)"
"""One call at a time per key: whoever comes second waits, then finds what the first stored."""


class AutreCorps(Exception):
    """The key came before with something else: neither answer would be right."""


class Deja(NamedTuple):
    """What the first call with this key was answered: its transmission, and its lines with their errors."""

    uuid: UUID
    lignes: list[tuple[dict[str, Any], list[dict[str, Any]]]]


def deja_recue(emetteur: Emetteur, idempotence: Idempotence) -> Deja | None:
    """What this key already stored, or None; then the caller stores, in this transaction. Raises AutreCorps.

    The lock is on half a hash: at worst, a call with another key waits a moment.
    """
    verrou = {"cle": int.from_bytes(idempotence.cle[:4], "big", signed=True) ^ emetteur.organisme_id}
    scope.connexion("un seul appel à la fois par clé d’idempotence").exec_driver_sql(VERROU, verrou)
    requete = (
        select(Transmission.id, Transmission.uuid, Transmission.empreinte_corps)
        .where(Transmission.transmetteur_id == emetteur.organisme_id)
        .where(Transmission.idempotence == idempotence.cle)
    )
    trouvee = db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF)).one_or_none()
    if trouvee is None:
        return None
    transmission_id, uuid, corps = trouvee
    if corps != idempotence.corps:
        raise AutreCorps
    return Deja(uuid, _lignes(transmission_id))


def _lignes(transmission_id: int) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The lines as they were answered: an error found later, when a line was applied, was not in that answer."""
    requete = (
        select(Ligne.contenu, Ligne.erreurs, Ligne.traitee_le)
        .where(Ligne.transmission_id == transmission_id)
        .where(scope.portee_sur(Ligne.transmetteur_id, Droit.VOIR_NOMINATIF))
        .order_by(Ligne.rang)
    )
    lues = db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF))
    return [(contenu, [] if traitee_le else erreurs) for contenu, erreurs, traitee_le in lues]
