"""Reading pairs and merges: only those whose two establishments the person reaches (issue 5, "Duplicates")."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.doublons.alignement import ECARTE, OUVERT
from tdba.doublons.models import Doublon, Fusion
from tdba.effectifs.models import Effectif, EffectifSource
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable

PAGE: Final = 25

_A: Final = aliased(Effectif)
_B: Final = aliased(Effectif)
_SITE_A: Final = aliased(Organisme)
_SITE_B: Final = aliased(Organisme)


class FicheVue(NamedTuple):
    """One record of a row of the list."""

    id: int
    nom: str
    prenom: str
    date_naissance: date
    annee_scolaire: str
    site: str


class PaireVue(NamedTuple):
    """One row of the list."""

    id: int
    score: int
    raisons: Sequence[str]
    a: FicheVue
    b: FicheVue


class Lot(NamedTuple):
    paires: list[PaireVue]
    total: int
    suite: bool
    perdue: bool
    """The row that the page had to start after is no longer there: this is the first page (decision 35)."""


class Auteur(NamedTuple):
    """A pair or a merge, and who decided of it."""

    prenom: str
    nom: str


def _les_deux(requete: Any, modele: type[Doublon] | type[Fusion]) -> Any:
    autre = Doublon.autre_organisme_id if modele is Doublon else Fusion.absorbe_organisme_id
    condition = and_(scope.predicat(modele, Droit.CORRIGER), scope.portee_sur(autre, Droit.CORRIGER))
    return scope.autorisee(requete.where(condition), Droit.CORRIGER)


def liste(site: int | None, apres: int | None) -> Lot:
    """The open pairs after this one, the likeliest first."""
    conditions: list[Any] = [Doublon.etat == OUVERT]
    if site is not None:
        conditions.append(or_(Doublon.organisme_id == site, Doublon.autre_organisme_id == site))
    compte = _les_deux(select(func.count()).select_from(Doublon).where(*conditions), Doublon)
    total = int(db.session.execute(compte).scalar_one())
    repere = None
    if apres is not None:
        ancre = _les_deux(select(Doublon.score).where(Doublon.id == apres, *conditions), Doublon)
        repere = db.session.execute(ancre).scalar_one_or_none()
    if repere is not None:
        suivante = or_(Doublon.score < repere, and_(Doublon.score == repere, Doublon.id > apres))
        conditions.append(suivante)
    requete = (
        select(Doublon.id, Doublon.score, Doublon.raisons, *_colonnes(_A, _SITE_A), *_colonnes(_B, _SITE_B))
        .join(_A, and_(_A.id == Doublon.effectif_id, _A.organisme_id == Doublon.organisme_id))
        .join(_B, and_(_B.id == Doublon.autre_id, _B.organisme_id == Doublon.autre_organisme_id))
        .join(_SITE_A, _SITE_A.id == _A.organisme_id)
        .join(_SITE_B, _SITE_B.id == _B.organisme_id)
        .where(*conditions)
        .order_by(Doublon.score.desc(), Doublon.id)
        .limit(PAGE + 1)
    )
    lignes = db.session.execute(_les_deux(requete, Doublon)).all()
    paires = [PaireVue(li[0], li[1], li[2], FicheVue(*li[3:9]), FicheVue(*li[9:])) for li in lignes]
    return Lot(paires[:PAGE], total, len(paires) > PAGE, apres is not None and repere is None)


def _colonnes(fiche: Any, site: Any) -> tuple[Any, ...]:
    return fiche.id, fiche.nom, fiche.prenom, fiche.date_naissance, fiche.annee_scolaire, site.nom


def sites() -> list[tuple[int, str]]:
    """The establishments that some open pair of the reach is about, by name."""
    requete = _les_deux(
        select(Doublon.organisme_id, Doublon.autre_organisme_id).where(Doublon.etat == OUVERT).distinct(),
        Doublon,
    )
    ids = {organisme for ligne in db.session.execute(requete) for organisme in ligne}
    noms = (
        select(Organisme.id, Organisme.nom).where(Organisme.id.in_(ids)).order_by(Organisme.nom, Organisme.id)
    )
    return [(cle, nom) for cle, nom in db.session.execute(noms)]


def paire(doublon_id: int, *, verrou: bool = False) -> Doublon:
    """Raise Introuvable for a pair that is not theirs, both records included."""
    requete = _les_deux(select(Doublon).where(Doublon.id == doublon_id), Doublon)
    requete = requete.execution_options(populate_existing=True)
    trouve: Doublon | None = db.session.execute(
        requete.with_for_update() if verrou else requete
    ).scalar_one_or_none()
    if trouve is None:
        raise Introuvable
    return trouve


def fusion(fusion_id: int, *, verrou: bool = False) -> Fusion:
    """Raise Introuvable for a merge that is not theirs, both records included."""
    requete = _les_deux(select(Fusion).where(Fusion.id == fusion_id), Fusion)
    requete = requete.execution_options(populate_existing=True)
    trouvee: Fusion | None = db.session.execute(
        requete.with_for_update() if verrou else requete
    ).scalar_one_or_none()
    if trouvee is None:
        raise Introuvable
    return trouvee


def fusion_de(doublon_id: int) -> Fusion | None:
    """The merge in force of a pair."""
    requete = select(Fusion).where(Fusion.doublon_id == doublon_id, Fusion.annulee_le.is_(None))
    trouvee: Fusion | None = db.session.execute(_les_deux(requete, Fusion)).scalar_one_or_none()
    return trouvee


def de_la_fiche(effectif_id: int) -> Sequence[Doublon]:
    """The open pairs of a record, the likeliest first."""
    requete = (
        select(Doublon)
        .where(
            Doublon.etat == OUVERT, or_(Doublon.effectif_id == effectif_id, Doublon.autre_id == effectif_id)
        )
        .order_by(Doublon.score.desc(), Doublon.id)
    )
    return db.session.execute(_les_deux(requete, Doublon)).scalars().all()


def decisions_de(effectif_id: int) -> list[tuple[Doublon, Auteur]]:
    """The pairs of a record that somebody said to be two persons."""
    requete = (
        select(Doublon, Personne.prenom, Personne.nom)
        .join(Personne, Personne.id == Doublon.personne_id)
        .where(
            Doublon.etat == ECARTE, or_(Doublon.effectif_id == effectif_id, Doublon.autre_id == effectif_id)
        )
    )
    return [(d, Auteur(*qui)) for d, *qui in db.session.execute(_les_deux(requete, Doublon))]


def fusions_de(effectif_id: int) -> list[tuple[Fusion, Auteur]]:
    """The merges that a record was part of, undone ones included."""
    requete = (
        select(Fusion, Personne.prenom, Personne.nom)
        .join(Personne, Personne.id == Fusion.personne_id)
        .where(or_(Fusion.effectif_id == effectif_id, Fusion.absorbe_id == effectif_id))
        .order_by(Fusion.id)
    )
    return [(fu, Auteur(*qui)) for fu, *qui in db.session.execute(_les_deux(requete, Fusion))]


def auteur(personne_id: int | None) -> Auteur | None:
    ligne = db.session.execute(
        select(Personne.prenom, Personne.nom).where(Personne.id == personne_id)
    ).one_or_none()
    return None if ligne is None else Auteur(*ligne)


def recues_le(effectif_ids: Sequence[int]) -> dict[int, datetime]:
    """When each record was last received, whatever its source."""
    requete = scope.select_for(
        EffectifSource, Droit.CORRIGER, EffectifSource.effectif_id, func.max(EffectifSource.recu_le)
    )
    requete = requete.where(EffectifSource.effectif_id.in_(effectif_ids)).group_by(EffectifSource.effectif_id)
    return {cle: le for cle, le in db.session.execute(requete)}  # noqa: C416 - rows, not tuples


def noms_des_sites(organisme_ids: Sequence[int]) -> dict[int, str]:
    requete = select(Organisme.id, Organisme.nom).where(Organisme.id.in_(organisme_ids))
    return {cle: nom for cle, nom in db.session.execute(requete)}  # noqa: C416 - rows, not tuples


def retrait_rendu(retrait_id: int) -> bool:
    """Whether the merge that put this record in the bin is undone, as far as the person reaches it."""
    requete = scope.select_for(Fusion, Droit.CORRIGER, Fusion.id).where(
        Fusion.retrait_id == retrait_id, Fusion.annulee_le.is_not(None)
    )
    return db.session.execute(requete).first() is not None


def absorbee() -> ColumnElement[bool]:
    """The records of `effectif` that a merge in force put aside: kept as long as it is (`corbeille.maintenir`)."""
    return exists().where(Fusion.absorbe_id == Effectif.id, Fusion.annulee_le.is_(None)).correlate(Effectif)
