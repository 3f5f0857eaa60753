"""What the tests of digests share: a Monday morning, a run of the job, the mails it wrote."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation, Personne
from tdba.courriels import Courriel
from tdba.db import db
from tdba.organismes.models import Organisme
from tdba.recaps import queries, service
from tests import factories as f

LUNDI = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)
"""Seven in the morning in Paris."""
MERCREDI = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)


def quelqu_un(
    session: Session,
    prenom: str,
    *organismes: Organisme,
    type_: str = "ORGANISME_FORMATION",
    nom: str = "CFA",
) -> Habilitation:
    """Somebody who acts for these establishments, and for nobody else."""
    organisation = f.une_organisation(session, type_, nom, regle="ETABLISSEMENTS", organismes=organismes)
    return f.une_habilitation(session, f.une_personne(session, prenom), organisation)


def choisir(session: Session, habilitation: Habilitation, rythme: str) -> None:
    queries.choisir(habilitation.personne_id, rythme, horloge.maintenant())
    session.commit()


def envoyer(session: Session, instant: datetime = LUNDI) -> int:
    """Run the job at that instant."""
    with horloge.regler(instant):
        ecrits = service.envoyer(db.session.commit, instant)
    session.commit()
    return ecrits


def recus(session: Session, habilitation: Habilitation | None = None) -> list[Courriel]:
    """The digests written, all or those of one person."""
    requete = select(Courriel).where(Courriel.genre == queries.GENRE).order_by(Courriel.id)
    if habilitation is not None:
        requete = requete.where(Courriel.personne_id == habilitation.personne_id)
    return list(session.execute(requete).scalars())


def lignes(courriel: Courriel) -> dict[str, str]:
    """Words of each line → the path of its link."""
    blocs = (courriel.texte or "").replace("\xa0", " ").split("\n\n")
    paires = [bloc.split(" :\n") for bloc in blocs if " :\nhttp" in bloc]
    return {mots: lien.removeprefix("http://127.0.0.1:5000") for mots, lien in paires}


def refuser(session: Session, habilitation: Habilitation) -> None:
    """As the link of a mail does."""
    personne = session.get_one(Personne, habilitation.personne_id)
    personne.courriels_refuses = [queries.GENRE]
    session.commit()
