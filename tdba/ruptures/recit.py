"""What this slice tells of a record: the steps taken with the youth, to who may read a CFA's follow-up (decision 26)."""

from datetime import date
from typing import Final

from sqlalchemy import and_

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.ajouts import Fait
from tdba.formats import date_longue
from tdba.ruptures.models import Demarche, Dossier
from tdba.ruptures.natures import en_mots
from tdba.scope import Droit

LIGNES_MAX: Final = 200


def demarches(effectif_id: int) -> list[Fait]:
    """The steps of a record's files, without their notes; nothing for support: a CFA's follow-up is the CFA's."""
    if scope.courant().a(Droit.SUPPORT):
        return []
    requete = (
        scope.select_for(
            Demarche,
            Droit.CORRIGER,
            Demarche.le,
            Demarche.nature,
            Demarche.resultat,
            Demarche.prochaine_le,
            Demarche.nombre,
            Personne.prenom + " " + Personne.nom,
        )
        .join(Dossier, and_(Dossier.id == Demarche.dossier_id, Dossier.organisme_id == Demarche.organisme_id))
        .join(Personne, Personne.id == Demarche.personne_id)
        .where(Dossier.effectif_id == effectif_id, Demarche.retiree_le.is_(None), scope.suivi(Demarche))
        .order_by(Demarche.id.desc())
        .limit(LIGNES_MAX)
    )
    return [
        Fait(le, "SUIVI", _phrase(nature, resultat, prochaine, nombre), qui)
        for le, nature, resultat, prochaine, nombre, qui in db.session.execute(requete)
    ]


def _phrase(nature: str, resultat: str | None, prochaine: date | None, nombre: int | None) -> str:
    suite = f" Prochaine étape le {date_longue(prochaine)}." if prochaine else ""
    dite = en_mots(nature, resultat, nombre)
    return f"{dite[0].upper()}{dite[1:]}.{suite}"
