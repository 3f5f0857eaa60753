"""What "voir comme" allows: support looks at somebody's screens, read-only, for 30 minutes, with a reason (decision 24).

What is reached is what that habilitation reaches, computed again at each request, under its own PostgreSQL role; who
reads stays support, so that the journal says so. The organisation reads its passages.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from tdba import horloge, journal, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as droits
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.scope import Droit, RoleSql, Scope
from tdba.support import queries, queries_passages
from tdba.support.models import Passage
from tdba.support.motifs import MOTIFS_DE_PASSAGE

DUREE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Regard:
    """Whose screens support sees in this request, until when, and what they reach."""

    passage_id: int
    demande_id: int
    personne: Personne
    habilitation: Habilitation
    organisation: Organisation
    jusqu_a: datetime
    scope: Scope

    @property
    def nom(self) -> str:
        return f"{self.personne.prenom} {self.personne.nom}"


def commencer(demande_id: int, habilitation_id: int, motif: str, *, maintenant: datetime) -> Passage:
    """Start to look at one habilitation of the case's organisation.

    Raises Introuvable for a case that is not there, ErreurMetier on a closed one, without a reason, or for anybody else.
    """
    demande = queries.demande_a_modifier(demande_id)
    if demande.etat == "CLOSE":
        raise ErreurMetier("Cette demande est close : reprenez-en une autre, ou ouvrez-en une.")
    if motif not in MOTIFS_DE_PASSAGE:
        raise ErreurMetier("Choisissez une raison dans la liste.", champ="motif")
    jour = horloge.jour_de_paris(maintenant)
    candidats = {c.habilitation_id: c for c in queries_passages.candidats(demande_id, jour)}
    if habilitation_id not in candidats:
        raise ErreurMetier("Choisissez une personne dans la liste.", champ="habilitation")
    passage = Passage(
        demande_id=demande_id,
        organisation_id=candidats[habilitation_id].organisation_id,
        habilitation_id=habilitation_id,
        personne_id=scope.courant().personne_id,
        motif=motif,
        debut=maintenant,
        fin=maintenant + DUREE,
    )
    db.session.add(passage)
    db.session.flush()
    journal.consigner(
        "support.voir_comme",
        organisme_id=demande.organisme_id,
        objet=("passage", passage.id),
        demande_id=demande_id,
        habilitation_id=habilitation_id,
        motif=motif,
    )
    return passage


def arreter(passage_id: int, *, maintenant: datetime) -> int | None:
    """End a passage of one's own now. Returns the id of its case; None when it was over already."""
    personne_id = scope.courant().personne_id
    passage = None if personne_id is None else queries_passages.en_cours(passage_id, personne_id, maintenant)
    if passage is None:
        return None
    passage.fin = maintenant
    journal.consigner(
        "support.voir_comme_arrete", objet=("passage", passage.id), demande_id=passage.demande_id
    )
    return passage.demande_id


def finir(demande_id: int, *, maintenant: datetime) -> None:
    """End whatever passage goes on under a case: it closes."""
    db.session.execute(
        update(Passage)
        .where(Passage.demande_id == demande_id, Passage.fin > maintenant)
        .values(fin=maintenant)
        .execution_options(synchronize_session=False)
    )


def regard(passage_id: int, *, maintenant: datetime) -> Regard | None:
    """What support sees in this request; None once the passage is over, or when either right has ended."""
    acteur = scope.courant()
    if acteur.personne_id is None or not acteur.a(Droit.SUPPORT):
        return None
    passage = queries_passages.en_cours(passage_id, acteur.personne_id, maintenant)
    usage = comptes.usage_de(passage.habilitation_id) if passage is not None else None
    if passage is None or usage is None or usage.organisation.type in queries_passages.JAMAIS_VUES:
        return None
    personne, jour = comptes.personne(usage.habilitation.personne_id), horloge.jour_de_paris(maintenant)
    if droits.blocage_de(personne, usage.habilitation, jour) is not None:
        return None
    vue = droits.portee_de(usage, jour)
    if vue.role is RoleSql.NATIONAL:
        return None
    return Regard(
        passage.id,
        passage.demande_id,
        personne,
        usage.habilitation,
        usage.organisation,
        passage.fin,
        replace(vue, personne_id=acteur.personne_id, habilitation_id=acteur.habilitation_id),
    )
