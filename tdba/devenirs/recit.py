"""What this slice tells of a record: the outcomes that people answered, to who may read a CFA's follow-up (decision 26)."""

from sqlalchemy import and_

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.devenirs import mots
from tdba.devenirs.etats import REPONSE
from tdba.devenirs.models import Devenir
from tdba.effectifs.ajouts import Fait
from tdba.ruptures.models import Dossier
from tdba.scope import Droit


def reponses(effectif_id: int) -> list[Fait]:
    """The answers of a record's files; nothing for support: a CFA's follow-up is the CFA's."""
    if scope.courant().a(Droit.SUPPORT):
        return []
    requete = (
        scope.select_for(
            Devenir,
            Droit.CORRIGER,
            Devenir.maj_le,
            Devenir.etat,
            Devenir.jalon,
            Personne.prenom + " " + Personne.nom,
        )
        .join(Dossier, and_(Dossier.id == Devenir.dossier_id, Dossier.organisme_id == Devenir.organisme_id))
        .join(Personne, Personne.id == Devenir.personne_id)
        .where(Dossier.effectif_id == effectif_id, Devenir.source == REPONSE, scope.suivi(Devenir))
        .order_by(Devenir.maj_le.desc(), Devenir.jalon)
    )
    lignes = db.session.execute(requete)
    return [Fait(le, "SUIVI", mots.fait(etat, jalon), qui) for le, etat, jalon, qui in lignes]
