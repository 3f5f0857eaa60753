"""What people corrected on the records of the organismes a key may write for: what an ERP takes back (decision 6).

Corrections come in the order of their last change of state, so that one that is undone or joined comes again. Changes
of the last minute wait for the next call: a transaction that ends late must not fall behind a cursor already given.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import and_, tuple_

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Contrat, Correction, Effectif
from tdba.effectifs.sources import SUFFIXES
from tdba.effectifs.valeurs import CHAMPS
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.dates import PARIS

RETENUE: Final = timedelta(minutes=1)
LIMITE: Final = 100
LIMITE_MAX: Final = 500

_CURSEUR: Final = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})")
_EPOQUE: Final = datetime(1970, 1, 1, tzinfo=UTC)

_CHAMPS: Final[dict[str, str]] = dict(CHAMPS) | {
    "date_exclusion": "date_exclusion_formation",
    "duree_mois": "duree_theorique_formation_mois",
    "formation": "libelle_court_formation",
}
_CHAMPS_DE_CONTRAT: Final = {
    "debut": "contrat_date_debut",
    "fin": "contrat_date_fin",
    "rupture": "contrat_date_rupture",
    "cause_rupture": "cause_rupture_contrat",
    "employeur_siret": "siret_employeur",
}
ETATS: Final = ("ACTIVE", "CONFLIT", "REJOINTE", "REMPLACEE", "ANNULEE")


_COLONNES: Final = (
    Correction.id,
    Correction.champ,
    Contrat.rang,
    Effectif.id,
    Effectif.id_erp,
    Correction.annee_scolaire,
    Organisme.uai,
    Organisme.siret,
    Correction.valeur,
    Correction.valeur_source,
    Correction.motif,
    Correction.cree_le,
    Correction.etat,
    Correction.maj_le,
)


class Curseur(NamedTuple):
    """Where a reader stands: the last change it has seen, and the correction it was on."""

    le: datetime
    correction_id: int = 0

    def __str__(self) -> str:
        micros = (self.le - _EPOQUE) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(f"{micros}.{self.correction_id}".encode()).decode().rstrip("=")


DEBUT: Final = Curseur(_EPOQUE)


@dataclass(frozen=True, slots=True)
class CorrectionVue:
    """One corrected field, under the name that the API gives it."""

    champ: str
    effectif_id: int
    id_erp: str
    annee_scolaire: str
    uai: str | None
    siret: str | None
    valeur: str | None
    valeur_source: str | None
    motif: str
    corrigee_le: datetime
    etat: str
    changee_le: datetime


def lire_depuis(texte: str) -> Curseur | None:
    """Read a cursor of ours, an instant with its zone, or a day (its first instant in Paris). None: neither."""
    try:
        lu = _CURSEUR.fullmatch(base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4)).decode("ascii"))
        if lu is not None:
            return Curseur(_EPOQUE + timedelta(microseconds=int(lu[1])), int(lu[2]))
    except (ValueError, binascii.Error, OverflowError):
        pass
    try:
        if len(texte) == len("2026-11-18"):
            return Curseur(datetime.combine(date.fromisoformat(texte), time(0), tzinfo=PARIS).astimezone(UTC))
        instant = datetime.fromisoformat(texte.replace(" ", "+"))  # a "+" that was not escaped
        return Curseur(instant.astimezone(UTC)) if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def changees(
    depuis: Curseur, *, maintenant: datetime, limite: int = LIMITE
) -> tuple[list[CorrectionVue], Curseur, bool]:
    """Corrections changed after `depuis`, oldest change first; where to go on from; whether others wait already."""
    rang = tuple_(Correction.maj_le, Correction.id)
    requete = (
        scope.select_for(
            Correction,
            Droit.VOIR_NOMINATIF,
            *_COLONNES,
        )
        .join(Effectif, Effectif.id == Correction.effectif_id)
        .join(Organisme, Organisme.id == Correction.organisme_id)
        .outerjoin(Contrat, and_(Contrat.id == Correction.contrat_id, Contrat.effectif_id == Effectif.id))
        .where(scope.predicat(Effectif, Droit.VOIR_NOMINATIF))
        .where(rang > tuple_(depuis.le, depuis.correction_id), Correction.maj_le <= maintenant - RETENUE)
        .order_by(Correction.maj_le, Correction.id)
        .limit(limite + 1)
    )
    lues = db.session.execute(requete).all()
    gardees = lues[:limite]
    suivant = Curseur(gardees[-1][-1], gardees[-1][0]) if gardees else depuis
    vues = [CorrectionVue(champ_api(champ, rang), *reste) for _, champ, rang, *reste in gardees]
    return vues, suivant, len(lues) > limite


def champ_api(champ: str, rang: int | None) -> str:
    """The API's name of a corrected field; `rang` of its contract, 0 first, None for a field of the record."""
    if rang is None:
        return _CHAMPS.get(champ, champ)
    suffixe = SUFFIXES[rang] if rang < len(SUFFIXES) else f"_{rang + 1}"
    return _CHAMPS_DE_CONTRAT.get(champ, champ) + suffixe
