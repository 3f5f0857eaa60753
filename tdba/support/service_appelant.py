"""Is the caller the person of the case? They read out the code shown in their own session (decision 24)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from sqlalchemy import update

from tdba import horloge, journal, limites
from tdba.comptes import appelant, service_sessions
from tdba.comptes.models import SessionWeb
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.support import queries, queries_passages
from tdba.support.models import Demande

ESSAIS_MAX: Final = 5
FENETRE: Final = timedelta(minutes=15)


class Verdict(Enum):
    """What a code is worth. A refusal is a result, not an exception: its count is committed."""

    VERIFIE = "verifie"
    REFUSE = "refuse"
    TROP = "trop"


@dataclass(frozen=True, slots=True)
class Appel:
    """Who says to be calling about which case, and the code that they read out."""

    demande_id: int
    personne_id: int
    code: str


def verifier(appel: Appel, *, configuration: Configuration, maintenant: datetime) -> Verdict:
    """Compare with the sessions that this person has open; a code serves once, five tries in 15 minutes per case.

    Raises Introuvable for a case that is not there, ErreurMetier on a closed one, or for somebody who is not of it.
    """
    demande = queries.demande_a_modifier(appel.demande_id)
    if demande.etat == "CLOSE":
        raise ErreurMetier("Cette demande est close : reprenez-en une autre, ou ouvrez-en une.")
    if appel.personne_id not in queries_passages.appelants(demande.id, horloge.jour_de_paris(maintenant)):
        raise ErreurMetier("Choisissez une personne dans la liste.", champ="personne")
    cle = f"appelant:{demande.id}"
    if limites.compter(cle, fenetre=FENETRE, maintenant=maintenant) > ESSAIS_MAX:
        return Verdict.TROP
    session_id = _session_du_code(appel, configuration, maintenant)
    if session_id is None:
        _consigner("appelant.refuse", demande, appel)
        return Verdict.REFUSE
    limites.oublier(cle)
    _user(session_id)
    demande.appelant_id, demande.appelant_verifie_le = appel.personne_id, maintenant
    _consigner("appelant.verifie", demande, appel)
    return Verdict.VERIFIE


def _session_du_code(appel: Appel, configuration: Configuration, maintenant: datetime) -> int | None:
    """Every session is compared, in constant time."""
    ouvertes = service_sessions.ouvertes(appel.personne_id, maintenant, configuration)
    trouvees = [
        s.id
        for s in ouvertes
        if appelant.correspond(
            s.donnees,
            appel.code,
            cle=configuration.secret_key,
            session_id=s.id,
            maintenant=maintenant,
        )
    ]
    return trouvees[0] if trouvees else None


def _user(session_id: int) -> None:
    """The code served: it opens nothing any more."""
    db.session.execute(
        update(SessionWeb)
        .where(SessionWeb.id == session_id)
        .values(donnees=SessionWeb.donnees.op("-")(appelant.CLE))
        .execution_options(synchronize_session=False)
    )


def _consigner(evenement: str, demande: Demande, appel: Appel) -> None:
    journal.consigner(
        evenement,
        organisme_id=demande.organisme_id,
        objet=("personne", appel.personne_id),
        demande_id=demande.id,
    )
