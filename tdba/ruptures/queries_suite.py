"""What hangs on one file, read in one statement: circumstances, checklist, contracts with their source, who answered.

Within reach of CORRIGER, and of the follow-up that this person reads (decision 26).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ScalarSelect, Select, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.models import Contrat, Correction, Effectif, EffectifSource
from tdba.effectifs.queries import EN_VIGUEUR
from tdba.organismes.models import Entreprise
from tdba.ruptures.acces_dossier import lit_la_sante
from tdba.ruptures.circonstances import Circonstances, sans_la_sante
from tdba.ruptures.models import Circonstance, Dossier, Formalite
from tdba.scope import Droit, Introuvable


class CirconstanceLue(NamedTuple):
    dites: Circonstances
    version: int
    maj_le: datetime
    par: str


class Cochee(NamedTuple):
    """A line of the checklist as it was ticked."""

    faite_le: date | None
    par: str


class ContratLu(NamedTuple):
    """A contract of the record. `corrigee_le`: instant at which its rupture was corrected here, and by whom."""

    id: int
    debut: date | None
    fin: date | None
    rupture: date | None
    cause_legale: str | None
    mediateur_le: date | None
    employeur_informe_le: date | None
    contestation: str | None
    debut_source: date | None
    employeur: str | None
    nature_juridique: str | None
    corrigee_le: datetime | None
    corrigee_par: str | None


class Suite(NamedTuple):
    circonstance: CirconstanceLue | None
    formalites: Mapping[str, Cochee]
    contrats: Sequence[ContratLu]
    contrat_debut: date | None
    """Start of the contract that the file is about."""
    source: str
    recu_le: datetime | None
    sortie_le: date | None
    sortie_correction_id: int | None
    """The correction in force by which somebody here said that day."""
    presence_par: str | None
    confirmee_par: str | None

    @property
    def contrat(self) -> ContratLu | None:
        """The broken or ended contract."""
        return next((c for c in self.contrats if self.contrat_debut and c.debut == self.contrat_debut), None)

    def contrat_du(self, jour: date | None) -> ContratLu | None:
        """The contract that starts on that day: the one that closed the file."""
        return next((c for c in self.contrats if jour and c.debut == jour), None)


def _nom(personne: Any) -> Any:
    return func.concat_ws(" ", personne.prenom, personne.nom)


def _personne(cle: Any) -> ScalarSelect[Any]:
    qui = aliased(Personne)
    return select(_nom(qui)).where(qui.id == cle).scalar_subquery()


_CIRCONSTANCE: Final = (
    select(
        func.jsonb_build_array(
            func.to_jsonb(Circonstance.obstacles),
            Circonstance.accord_sante_le,
            Circonstance.souhait,
            Circonstance.transmis_ailleurs_a,
            Circonstance.transmis_ailleurs_le,
            Circonstance.version,
            Circonstance.maj_le,
            _nom(Personne),
        )
    )
    .join(Personne, Personne.id == Circonstance.personne_id)
    .where(Circonstance.dossier_id == Dossier.id)
    .correlate(Dossier)
    .scalar_subquery()
)
_FORMALITES: Final = (
    select(func.jsonb_object_agg(Formalite.code, func.jsonb_build_array(Formalite.faite_le, _nom(Personne))))
    .join(Personne, Personne.id == Formalite.personne_id)
    .where(Formalite.dossier_id == Dossier.id)
    .correlate(Dossier)
    .scalar_subquery()
)
_DE_LA_RUPTURE: Final = and_(
    Correction.contrat_id == Contrat.id, Correction.champ == "rupture", Correction.etat.in_(EN_VIGUEUR)
)
_CONTRATS: Final = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    *(getattr(Contrat, nom) for nom in ContratLu._fields[:9]),
                    func.coalesce(Entreprise.nom, Contrat.employeur_siret),
                    Entreprise.nature_juridique,
                    Correction.cree_le,
                    _nom(Personne),
                ),
                Contrat.rang,
                Contrat.id,
            )
        )
    )
    .select_from(Contrat)
    .outerjoin(Entreprise, Entreprise.siret == Contrat.employeur_siret)
    .outerjoin(Correction, _DE_LA_RUPTURE)
    .outerjoin(Personne, Personne.id == Correction.personne_id)
    .where(Contrat.effectif_id == Effectif.id)
    .correlate(Effectif)
    .scalar_subquery()
)
_SORTIE: Final = (
    select(Correction.id)
    .where(Correction.effectif_id == Effectif.id, Correction.champ == "date_exclusion")
    .where(Correction.etat.in_(EN_VIGUEUR), Correction.contrat_id.is_(None))
    .correlate(Effectif)
    .scalar_subquery()
)
# Built once: aliases of wide tables cost milliseconds.
_SUITE: Final[Select[Any]] = (
    select(
        _CIRCONSTANCE,
        _FORMALITES,
        _CONTRATS,
        Dossier.contrat_debut,
        Effectif.source,
        EffectifSource.recu_le,
        Effectif.date_exclusion,
        _SORTIE,
        _personne(Dossier.presence_par_id),
        _personne(Dossier.confirmee_par_id),
    )
    .select_from(Effectif)
    .outerjoin(
        EffectifSource,
        and_(EffectifSource.effectif_id == Effectif.id, EffectifSource.source == Effectif.source),
    )
)


def suite(effectif_id: int, dossier_id: int | None) -> Suite:
    """What hangs on a file; on one that is not written yet, contracts alone. Raises Introuvable."""
    dossier = and_(Dossier.effectif_id == Effectif.id, Dossier.id == (dossier_id or 0))
    requete = (
        scope.limiter(_SUITE.outerjoin(Dossier, dossier), Effectif, Droit.CORRIGER)
        .where(Effectif.id == effectif_id)
        .where(scope.suivi(Effectif))
    )
    lue = db.session.execute(requete).one_or_none()
    if lue is None:
        raise Introuvable
    circonstance, formalites, contrats, *reste = lue
    return Suite(_circonstance(circonstance), _formalites(formalites), _contrats(contrats), *reste)


def circonstance(dossier_id: int, *, entiere: bool = False) -> CirconstanceLue | None:
    """What is noted of one file now; `entiere` for what writes it, which loses nothing that its reader is not shown."""
    requete = (
        scope.select_for(Dossier, Droit.CORRIGER, _CIRCONSTANCE)
        .where(Dossier.id == dossier_id)
        .where(scope.suivi(Dossier))
    )
    return _circonstance(db.session.execute(requete).scalar_one_or_none(), entiere=entiere)


def _circonstance(rangee: Sequence[Any] | None, *, entiere: bool = False) -> CirconstanceLue | None:
    if rangee is None:
        return None
    obstacles, accord, souhait, transmis_a, transmis_le, version, maj_le, par = rangee
    dites = Circonstances(tuple(obstacles), _jour(accord), souhait, transmis_a, _jour(transmis_le))
    if not entiere and not lit_la_sante():
        dites = sans_la_sante(dites)
    return CirconstanceLue(dites, version, datetime.fromisoformat(maj_le), par)


def _formalites(rangees: Mapping[str, Sequence[Any]] | None) -> dict[str, Cochee]:
    return {code: Cochee(_jour(faite_le), par) for code, (faite_le, par) in (rangees or {}).items()}


_JOURS: Final = frozenset({"debut", "fin", "rupture", "mediateur_le", "employeur_informe_le", "debut_source"})


def _contrats(rangees: Sequence[Sequence[Any]] | None) -> list[ContratLu]:
    return [_contrat(rangee) for rangee in rangees or ()]


def _contrat(rangee: Sequence[Any]) -> ContratLu:
    valeurs = dict(zip(ContratLu._fields, rangee, strict=True))
    valeurs |= {nom: _jour(valeurs[nom]) for nom in _JOURS}
    corrigee = valeurs["corrigee_le"]
    valeurs["corrigee_le"] = datetime.fromisoformat(corrigee) if corrigee else None
    return ContratLu(**valeurs)


def _jour(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None
