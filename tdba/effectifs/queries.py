"""Reading one record: the sheet in four statements, and what a correction needs. Everything within CORRIGER."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs import raisons
from tdba.effectifs.models import Contrat, Correction, Effectif, EffectifSource, Periode
from tdba.effectifs.raisons import EtapeLue
from tdba.scope import Droit, Introuvable

EN_VIGUEUR = ("ACTIVE", "CONFLIT")


class CorrectionLue(NamedTuple):
    """A correction, and who made it."""

    correction: Correction
    prenom: str
    nom: str


class Ouvert(NamedTuple):
    """A record about to be corrected, with all that the rules look at."""

    effectif: Effectif
    contrats: list[Contrat]
    corrections: list[Correction]
    """Those in force."""
    valeurs_source: dict[str, Any] | None
    recu_le: datetime | None = None
    """When the source last said them."""


def contrats_de(effectif_id: int) -> list[Contrat]:
    """In the order that the rules of statuses read them."""
    requete = scope.select_for(Contrat, Droit.CORRIGER).where(Contrat.effectif_id == effectif_id)
    requete = requete.order_by(Contrat.rang, Contrat.id).execution_options(populate_existing=True)
    return list(db.session.execute(requete).scalars())


def etapes_de(effectif_id: int) -> list[EtapeLue]:
    colonnes = (Periode.statut, Periode.motif, Periode.raison, Periode.reperes, Periode.du, Periode.au)
    requete = scope.select_for(Periode, Droit.CORRIGER, *colonnes).where(Periode.effectif_id == effectif_id)
    return [raisons.lire(*ligne) for ligne in db.session.execute(requete.order_by(Periode.rang))]


def corrections_de(effectif_id: int) -> list[CorrectionLue]:
    """The history of a record, the last correction first."""
    requete = (
        scope.select_for(Correction, Droit.CORRIGER, Correction, Personne.prenom, Personne.nom)
        .join(Personne, Personne.id == Correction.personne_id)
        .where(Correction.effectif_id == effectif_id)
        .order_by(Correction.id.desc())
        .execution_options(populate_existing=True)
    )
    return [CorrectionLue(*ligne) for ligne in db.session.execute(requete)]


def effectif_du_contrat(contrat_id: int) -> int:
    """Raise Introuvable for a contract that is not theirs."""
    return _cle(Contrat, contrat_id)


def effectif_de_la_correction(correction_id: int) -> int:
    """Raise Introuvable for a correction that is not theirs."""
    return _cle(Correction, correction_id)


def _cle(modele: type[Contrat] | type[Correction], cle: int) -> int:
    requete = scope.select_for(modele, Droit.CORRIGER, modele.effectif_id).where(modele.id == cle)
    effectif_id = db.session.execute(requete).scalar_one_or_none()
    if effectif_id is None:
        raise Introuvable
    return int(effectif_id)


def a_corriger(effectif_id: int, *, verrou: bool) -> Ouvert:
    """Open a record for a correction. With `verrou`, corrections of one record queue, and each sees the one before.

    The record is locked before anything else of it is read.
    """
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=verrou)
    source = scope.select_for(
        EffectifSource, Droit.CORRIGER, EffectifSource.valeurs, EffectifSource.recu_le
    ).where(EffectifSource.effectif_id == effectif_id, EffectifSource.source == effectif.source)
    valeurs, recu_le = db.session.execute(source).one_or_none() or (None, None)
    return Ouvert(effectif, contrats_de(effectif_id), corrections_en_vigueur(effectif_id), valeurs, recu_le)


def corrections_en_vigueur(effectif_id: int) -> list[Correction]:
    requete = scope.select_for(Correction, Droit.CORRIGER).where(
        Correction.effectif_id == effectif_id, Correction.etat.in_(EN_VIGUEUR)
    )
    return list(db.session.execute(requete.order_by(Correction.id)).scalars())


def remplacees(effectif_id: int, champ: str, contrat_id: int | None, le: datetime) -> Sequence[Correction]:
    """The corrections of a field that another one replaced at that instant, the last first."""
    requete = scope.select_for(Correction, Droit.CORRIGER).where(
        Correction.effectif_id == effectif_id,
        Correction.champ == champ,
        Correction.contrat_id.is_not_distinct_from(contrat_id),
        Correction.etat == "REMPLACEE",
        Correction.close_le == le,
    )
    return db.session.execute(requete.order_by(Correction.id.desc())).scalars().all()
