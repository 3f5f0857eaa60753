"""Events of the journal as people leave them, without going through the screens."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import journal, scope
from tdba.comptes.models import Habilitation, SessionWeb
from tdba.effectifs.models import Effectif
from tdba.scope import Scope
from tests.pages import Navigateur


def ouverte_par(session: Session, assistante: Navigateur, effectif: Effectif) -> None:
    """Support opens a record under case 7, and reads it."""
    requete = select(Habilitation).join(SessionWeb, SessionWeb.habilitation_id == Habilitation.id)
    sam = session.execute(requete.order_by(SessionWeb.id.desc()).limit(1)).scalar_one()
    assert assistante.identifiant
    with scope.sous(Scope(personne_id=sam.personne_id, habilitation_id=sam.id)):
        objet = ("effectif", effectif.id)
        journal.consigner("effectif.ouvert_par_support", objet=objet, demande_id=7, motif="APPEL")
        journal.consigner("effectif.consulte", ecran="effectifs.fiche", ids=[effectif.id])
        session.flush()
    session.commit()
