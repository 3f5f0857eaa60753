"""What this slice tells of a record: when its sources created it, changed it, and last sent it (issue 5, part 9).

Lines that changed nothing are not told one by one: the last reception stands for them. Raw lines are kept 90 days
(decision 33); the creation is told by the record itself afterwards.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.db import db
from tdba.effectifs.ajouts import Fait
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.models import ETATS_RACONTES, Ligne, Transmission

LIGNES_MAX: Final = 200
PHRASES: Final = {
    "CREEE": "Fiche créée à la réception de {source}.",
    "MODIFIEE": "Des valeurs ont changé à la réception de {source}.",
    "RETENUE": "{source} l’envoie alors qu’elle est dans la corbeille : l’envoi est retenu.",
}
SOURCES: Final = {"ERP": "votre ERP", "FICHIER": "un fichier déposé", "DECA": "DECA (dépôt des contrats)"}

_EMETTEUR: Final = aliased(Organisme)
_RECIT: Final = (
    select(Effectif.cree_le, Effectif.transmis_le, Effectif.plus_transmis_depuis, Effectif.source)
    .add_columns(
        Ligne.etat,
        Ligne.traitee_le,
        Transmission.uuid,
        Transmission.recue_le,
        Transmission.source,
        _EMETTEUR.nom,
    )
    .select_from(Effectif)
    .outerjoin(
        Ligne,
        # Written out, so that the planner knows the partial index ix_ligne_effectif_id whatever the plan.
        and_(
            Ligne.effectif_id == Effectif.id,
            Ligne.etat.in_(bindparam("etats", ETATS_RACONTES, expanding=True, literal_execute=True)),
        ),
    )
    .outerjoin(Transmission, Transmission.id == Ligne.transmission_id)
    .outerjoin(_EMETTEUR, _EMETTEUR.id == Transmission.transmetteur_id)
    .order_by(Ligne.id.desc())
    .limit(LIGNES_MAX)
)


def faits(effectif_id: int, adresse: Callable[[UUID], str]) -> list[Fait]:
    """The receptions of a record that did something, in one statement. `adresse`: page of a transmission."""
    requete = scope.limiter(_RECIT, Effectif, Droit.CORRIGER).where(Effectif.id == effectif_id)
    lues = db.session.execute(requete).all()
    if not lues:
        return []
    racontes = [_fait(ligne[4:], adresse) for ligne in lues if ligne[4] is not None]
    return racontes + _sans_ligne(lues[0][:4], creee=any(ligne[4] == "CREEE" for ligne in lues))


def _fait(ligne: Sequence[Any], adresse: Callable[[UUID], str]) -> Fait:
    etat, traitee_le, uuid, recue_le, source, emetteur = ligne
    phrase = PHRASES[etat].format(source=SOURCES[source])
    return Fait(traitee_le or recue_le, "RECU", phrase[:1].upper() + phrase[1:], emetteur, adresse(uuid))


def _sans_ligne(fiche: Sequence[Any], *, creee: bool) -> list[Fait]:
    """What the record remembers by itself."""
    cree_le, transmis_le, plus_transmis, source = fiche
    faits = [] if creee else [Fait(cree_le, "RECU", PHRASES["CREEE"].format(source=SOURCES[source]))]
    if transmis_le is not None and transmis_le > cree_le and plus_transmis is None:
        faits.append(Fait(transmis_le, "RECU", f"Dernière réception de {SOURCES[source]}."))
    elif transmis_le is not None and plus_transmis is not None:
        faits.append(Fait(transmis_le, "RECU", "Dernière réception : la fiche n’est plus transmise depuis."))
    return faits
