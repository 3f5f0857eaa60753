"""Ticking the checklist of a file, with the day on which it was done; undone the same way (issue 6, part 2)."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.models import Dossier, Formalite
from tdba.scope import Droit

AVANT: Final = timedelta(days=366)
"""A line is done at most a year before the file opens: beyond, the year was mistyped."""


def cocher(dossier_id: int, code: str, faite_le: date | None, *, maintenant: datetime) -> bool:
    """Say on which day a line was done, or that it was not (None). False when it was already so.

    The route checks that the line applies. Raises Introuvable, SuiviGele, or ErreurMetier.
    """
    dossier = dossier_a_ecrire(dossier_id)
    if faite_le is not None:
        _verifier(dossier, faite_le, horloge.jour_de_paris(maintenant))
    requete = scope.select_for(Formalite, Droit.CORRIGER, Formalite.faite_le).where(
        Formalite.dossier_id == dossier_id, Formalite.code == code
    )
    if db.session.execute(requete).scalar_one_or_none() == faite_le:
        return False
    valeurs = {
        "faite_le": faite_le,
        "personne_id": scope.courant().personne_id,
        "maj_le": maintenant,
    }
    ecriture = insert(Formalite).values(
        dossier_id=dossier.id,
        organisme_id=dossier.organisme_id,
        annee_scolaire=dossier.annee_scolaire,
        code=code,
        **valeurs,
    )
    ecriture = ecriture.on_conflict_do_update(index_elements=["dossier_id", "code"], set_=valeurs)
    db.session.execute(scope.pour_ecriture(ecriture, Droit.CORRIGER))
    journal.consigner(
        "dossier.formalite_cochee",
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier_id,
        code=code,
        faite=faite_le is not None,
    )
    return True


def _verifier(dossier: Dossier, faite_le: date, jour: date) -> None:
    if faite_le > jour:
        raise ErreurMetier("Ce jour est à venir : cochez quand ce sera fait.", champ="le")
    if faite_le < dossier.ouvert_du - AVANT:
        raise ErreurMetier(
            "Ce jour est plus d’un an avant le début de ce suivi : vérifiez l’année.", champ="le"
        )
