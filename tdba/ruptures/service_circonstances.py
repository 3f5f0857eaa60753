"""Writing the circumstances of a file: version-checked, health gone with the agreement (decisions 16 and 18)."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.ruptures import circonstances, queries_suite
from tdba.ruptures.acces_dossier import dossier_a_ecrire, lit_la_sante
from tdba.ruptures.circonstances import Circonstances
from tdba.ruptures.models import Circonstance, Dossier
from tdba.scope import Droit

JAMAIS: Final = 0
"""Version of what was never noted."""


class CirconstancesPerimees(Exception):
    """They changed since the form was opened: the person sees both values and chooses (decision 18)."""


def enregistrer(
    dossier_id: int, saisies: Circonstances, *, version: int, maintenant: datetime, jour: date
) -> bool:
    """Write what stands in the way of a youth. False when it was already so: nothing is written twice.

    Raises Introuvable, SuiviGele, CirconstancesPerimees, or ErreurMetier.
    """
    voulues = circonstances.ranger(saisies)
    if (refus := circonstances.refus_de(voulues, jour)) is not None:
        raise ErreurMetier(refus.phrase, champ=refus.champ)
    dossier = dossier_a_ecrire(dossier_id)
    tenues = queries_suite.circonstance(dossier_id, entiere=True)
    avant = tenues.dites if tenues else Circonstances()
    if not lit_la_sante():
        voulues = circonstances.avec_la_sante_de(voulues, avant)
    champs = circonstances.changes(avant, voulues)
    if not champs:
        return False
    if version != (tenues.version if tenues else JAMAIS):
        raise CirconstancesPerimees
    _ecrire(dossier, voulues, maintenant, nouvelle=tenues is None)
    journal.consigner(
        "dossier.circonstances_notees",
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier_id,
        champs=circonstances.au_journal(champs),
    )
    return True


def _ecrire(dossier: Dossier, voulues: Circonstances, maintenant: datetime, *, nouvelle: bool) -> None:
    valeurs = voulues._asdict() | {
        "obstacles": list(voulues.obstacles),
        "personne_id": scope.courant().personne_id,
        "maj_le": maintenant,
    }
    if nouvelle:
        ecriture = insert(Circonstance).values(
            dossier_id=dossier.id,
            organisme_id=dossier.organisme_id,
            annee_scolaire=dossier.annee_scolaire,
            **valeurs,
        )
        db.session.execute(scope.pour_ecriture(ecriture, Droit.CORRIGER))
        return
    changement = (
        update(Circonstance)
        .where(Circonstance.dossier_id == dossier.id)
        .values(**valeurs, version=Circonstance.version + 1)
    )
    db.session.execute(scope.pour_ecriture(changement, Droit.CORRIGER))
