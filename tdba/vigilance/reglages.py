"""Which rules an organisation keeps. Without a row, a rule is on: an organisation turns off what does not help it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from tdba import journal
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.scope import Introuvable
from tdba.vigilance.models import Reglage
from tdba.vigilance.regles import Regle

ACTIVE_PAR_DEFAUT = True


class EtatRegle(NamedTuple):
    """One rule as the organisation keeps it; nobody and no day: as it is from the start."""

    regle: Regle
    active: bool
    qui: str | None
    le: datetime | None


def lire(organisation_id: int) -> list[EtatRegle]:
    """Every rule, in the order of the screen."""
    requete = (
        select(Reglage, Personne.prenom + " " + Personne.nom)
        .join(Personne, Personne.id == Reglage.personne_id)
        .where(Reglage.organisation_id == organisation_id)
    )
    connus = {
        reglage.regle: EtatRegle(Regle(reglage.regle), reglage.active, qui, reglage.maj_le)
        for reglage, qui in db.session.execute(requete)
    }
    return [connus.get(regle, EtatRegle(regle, ACTIVE_PAR_DEFAUT, None, None)) for regle in Regle]


def regler(
    organisation_id: int, code: str, *, active: bool, personne_id: int | None, maintenant: datetime
) -> bool:
    """Turn a rule on or off for an organisation. False when it already stood so. Raises Introuvable."""
    if code not in set(Regle):
        raise Introuvable
    en_place = next(etat for etat in lire(organisation_id) if etat.regle == code)
    if en_place.active == active:
        return False
    voulu = {"active": active, "personne_id": personne_id, "maj_le": maintenant}
    requete = insert(Reglage).values(organisation_id=organisation_id, regle=code, **voulu)
    db.session.execute(requete.on_conflict_do_update(index_elements=["organisation_id", "regle"], set_=voulu))
    journal.consigner("vigilance.regle_changee", organisation_id=organisation_id, regle=code, active=active)
    return True
