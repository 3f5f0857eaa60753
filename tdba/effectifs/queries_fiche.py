"""Reading the sheet of one apprentice in one statement: the record, its steps, its contracts, its corrections.

The parts come as JSON beside the record: a sheet costs one round trip, which leaves room under the eight SELECTs of a
page for what the slices to the right say of it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ScalarSelect, Select, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.db import db
from tdba.effectifs import raisons
from tdba.effectifs.models import Contrat, Correction, Effectif, EffectifSource, Periode
from tdba.effectifs.models_gestes import Retrait, Transfert
from tdba.effectifs.raisons import EtapeLue
from tdba.organismes.models import Entreprise, Organisme
from tdba.scope import Droit, Introuvable

SUPPORT: Final = "SUPPORT"


class ContratLu(NamedTuple):
    """A contract of the sheet, with the name of the employer when the référentiel knows it."""

    id: int
    rang: int
    debut: date | None
    fin: date | None
    rupture: date | None
    cause_rupture: str | None
    employeur_siret: str | None
    debut_source: date | None
    cause_legale: str | None
    mediateur_le: date | None
    employeur_informe_le: date | None
    contestation: str | None
    employeur: str | None
    employeur_ferme_le: date | None

    @property
    def ajoute(self) -> bool:
        """Added by hand, and not sent by any source yet (decision 17)."""
        return self.debut_source is None


class CorrectionVue(NamedTuple):
    """A correction as it was written, values as text; and who made it."""

    id: int
    contrat_id: int | None
    champ: str
    valeur: str | None
    valeur_avant: str | None
    valeur_conflit: str | None
    motif: str
    commentaire: str | None
    demande_id: int | None
    etat: str
    cree_le: datetime
    close_le: datetime | None
    auteur: str
    organisation: str
    du_support: bool


class GesteLu(NamedTuple):
    """A record put in the bin, or moved to another establishment; and who did it, and undid it."""

    id: int
    cree_le: datetime
    defait_le: datetime | None
    motif: str
    demande_id: int | None
    auteur: str
    organisation: str
    defait_par: str | None
    ancien: str | None
    """The establishment that it left, for a transfer."""
    nouveau: str | None


class HistoireLue(NamedTuple):
    """A record, and what people did with it."""

    effectif: Effectif
    corrections: list[CorrectionVue]
    retraits: list[GesteLu]
    transferts: list[GesteLu]


class FicheLue(NamedTuple):
    """A record with the names of its organismes, what its source last said, and all its parts."""

    effectif: Effectif
    organisme: str
    commune: str | None
    responsable: str | None
    transmetteur: str | None
    valeurs_source: dict[str, Any] | None
    recu_le: datetime | None
    etapes: list[EtapeLue]
    contrats: list[ContratLu]
    """In the order that the rules of statuses read them."""
    corrections: list[CorrectionVue]
    """The last first."""


def _liste(colonnes: Sequence[Any], *ordre: Any) -> Select[Any]:
    """Rows of a table of the record, as JSON arrays, in that order."""
    return select(func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*colonnes), *ordre)))


def _de_la_fiche(liste: Select[Any], effectif_id: Any) -> ScalarSelect[Any]:
    """Limited with the record, which they are joined to."""
    return liste.where(effectif_id == Effectif.id).correlate(Effectif).scalar_subquery()


_RESPONSABLE: Final = aliased(Organisme)
_TRANSMETTEUR: Final = aliased(Organisme)
_ETAPES: Final = _liste(
    (Periode.statut, Periode.motif, Periode.raison, func.to_jsonb(Periode.reperes), Periode.du, Periode.au),
    Periode.rang,
)
_CONTRATS: Final = _liste(
    (*(getattr(Contrat, nom) for nom in ContratLu._fields[:12]), Entreprise.nom, Entreprise.fermee_le),
    Contrat.rang,
    Contrat.id,
).outerjoin_from(Contrat, Entreprise, Entreprise.siret == Contrat.employeur_siret)
_CORRECTIONS: Final = (
    _liste(
        (
            *(getattr(Correction, nom) for nom in CorrectionVue._fields[:12]),
            Personne.prenom + " " + Personne.nom,
            Organisation.nom,
            Organisation.type == SUPPORT,
        ),
        Correction.id.desc(),
    )
    .join_from(Correction, Personne, Personne.id == Correction.personne_id)
    .join(Habilitation, Habilitation.id == Correction.habilitation_id)
    .join(Organisation, Organisation.id == Habilitation.organisation_id)
)
_DEFAIT_PAR: Final = aliased(Personne)
_ANCIEN: Final = aliased(Organisme)
_NOUVEAU: Final = aliased(Organisme)
_RETRAITS: Final = (
    _liste(
        (
            Retrait.id,
            Retrait.cree_le,
            Retrait.restaure_le,
            Retrait.motif,
            Retrait.demande_id,
            Personne.prenom + " " + Personne.nom,
            Organisation.nom,
            _DEFAIT_PAR.prenom + " " + _DEFAIT_PAR.nom,
            None,
            None,
        ),
        Retrait.id.desc(),
    )
    .join_from(Retrait, Personne, Personne.id == Retrait.personne_id)
    .join(Habilitation, Habilitation.id == Retrait.habilitation_id)
    .join(Organisation, Organisation.id == Habilitation.organisation_id)
    .outerjoin(_DEFAIT_PAR, _DEFAIT_PAR.id == Retrait.restaure_par_id)
)
_TRANSFERTS: Final = (
    _liste(
        (
            Transfert.id,
            Transfert.cree_le,
            Transfert.annule_le,
            Transfert.motif,
            Transfert.demande_id,
            Personne.prenom + " " + Personne.nom,
            Organisation.nom,
            None,
            _ANCIEN.nom,
            _NOUVEAU.nom,
        ),
        Transfert.id.desc(),
    )
    .join_from(Transfert, Personne, Personne.id == Transfert.personne_id)
    .join(Habilitation, Habilitation.id == Transfert.habilitation_id)
    .join(Organisation, Organisation.id == Habilitation.organisation_id)
    .join(_ANCIEN, _ANCIEN.id == Transfert.ancien_organisme_id)
    .join(_NOUVEAU, _NOUVEAU.id == Transfert.organisme_id)
)
_HISTOIRE: Final = select(
    Effectif,
    _de_la_fiche(_CORRECTIONS, Correction.effectif_id),
    _de_la_fiche(_RETRAITS, Retrait.effectif_id),
    _de_la_fiche(_TRANSFERTS, Transfert.effectif_id),
)
# The record may already be in the session, as it was before a correction.
_FICHE: Final = (
    select(Effectif, Organisme.nom, Organisme.commune, _RESPONSABLE.nom, _TRANSMETTEUR.nom)
    .add_columns(
        EffectifSource.valeurs,
        EffectifSource.recu_le,
        _de_la_fiche(_ETAPES, Periode.effectif_id),
        _de_la_fiche(_CONTRATS, Contrat.effectif_id),
        _de_la_fiche(_CORRECTIONS, Correction.effectif_id),
    )
    .join(Organisme, Organisme.id == Effectif.organisme_id)
    .outerjoin(_RESPONSABLE, _RESPONSABLE.id == Effectif.responsable_id)
    .outerjoin(_TRANSMETTEUR, _TRANSMETTEUR.id == Effectif.transmetteur_id)
    .outerjoin(
        EffectifSource,
        and_(EffectifSource.effectif_id == Effectif.id, EffectifSource.source == Effectif.source),
    )
    .execution_options(populate_existing=True)
)


def fiche(effectif_id: int) -> FicheLue:
    """Read one sheet. Raises Introuvable for a record that is not theirs."""
    requete = scope.limiter(_FICHE, Effectif, Droit.CORRIGER).where(Effectif.id == effectif_id)
    ligne = db.session.execute(requete).one_or_none()
    if ligne is None:
        raise Introuvable
    *tete, etapes, contrats, corrections = ligne
    parties: tuple[Any, ...] = (
        [_etape(*rangee) for rangee in etapes or ()],
        [_contrat(rangee) for rangee in contrats or ()],
        [_correction(rangee) for rangee in corrections or ()],
    )
    return FicheLue._make((*tete, *parties))


def histoire(effectif_id: int) -> HistoireLue:
    """What people did with one record, the last first. Raises Introuvable for a record that is not theirs."""
    requete = scope.limiter(_HISTOIRE, Effectif, Droit.CORRIGER).where(Effectif.id == effectif_id)
    ligne = db.session.execute(requete).one_or_none()
    if ligne is None:
        raise Introuvable
    effectif, corrections, retraits, transferts = ligne
    return HistoireLue(
        effectif,
        [_correction(rangee) for rangee in corrections or ()],
        [_geste(rangee) for rangee in retraits or ()],
        [_geste(rangee) for rangee in transferts or ()],
    )


def _jour(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None


def _etape(
    statut: int, motif: int | None, raison: int, reperes: Sequence[str], du: str, au: str | None
) -> EtapeLue:
    jours = [date.fromisoformat(repere) for repere in reperes]
    return raisons.lire(statut, motif, raison, jours, date.fromisoformat(du), _jour(au))


_JOURS_CONTRAT: Final = frozenset(
    {"debut", "fin", "rupture", "debut_source", "mediateur_le", "employeur_informe_le", "employeur_ferme_le"}
)


def _contrat(rangee: Sequence[Any]) -> ContratLu:
    noms = zip(ContratLu._fields, rangee, strict=True)
    return ContratLu._make(_jour(v) if nom in _JOURS_CONTRAT else v for nom, v in noms)


def _instant(texte: str | None) -> datetime | None:
    return datetime.fromisoformat(texte) if texte else None


def _correction(rangee: Sequence[Any]) -> CorrectionVue:
    *debut, cree_le, close_le, auteur, organisation, du_support = rangee
    instants = (datetime.fromisoformat(cree_le), _instant(close_le))
    return CorrectionVue._make((*debut, *instants, auteur, organisation, du_support))


def _geste(rangee: Sequence[Any]) -> GesteLu:
    cle, cree_le, defait_le, *suite = rangee
    return GesteLu(cle, datetime.fromisoformat(cree_le), _instant(defait_le), *suite)
