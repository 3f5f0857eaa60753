"""Reading unknown establishments and the organismes they may be. No apprentice is read here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from tdba import horloge, scope
from tdba.db import db
from tdba.organismes import queries as organismes
from tdba.organismes.models import Organisme
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit, Introuvable
from tdba.transmissions import quarantaines, sql, sql_quarantaines
from tdba.transmissions.models import Ligne, Quarantaine
from tdba.transmissions.quarantaines import PHRASES, Connu, Couple

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Inconnu:
    """An unknown establishment, and how many records wait for it."""

    id: int
    transmetteur_id: int
    transmetteur: str
    uai: str
    siret: str
    depuis: datetime
    fiches: int

    @property
    def couple(self) -> Couple:
        return Couple(self.uai, self.siret)


class Reconnu(NamedTuple):
    """An establishment that somebody recognised for one sender."""

    id: int
    uai: str
    siret: str
    transmetteur: str
    organisme: str
    le: datetime


@dataclass(frozen=True, slots=True)
class Proposition:
    """An organisme that the unknown one may be, why, and whether this reader may say so."""

    organisme: OrganismeVu
    raison: str
    permise: bool


def inconnus(apres: int = 0) -> tuple[list[Inconnu], bool]:
    """A page of unknown establishments that wait, the oldest first, and whether others follow."""
    requete = _inconnus().where(Quarantaine.id > apres).limit(PAGE + 1)
    trouves = [Inconnu(*ligne) for ligne in db.session.execute(requete)]
    return trouves[:PAGE], len(trouves) > PAGE


def inconnu(quarantaine_id: int) -> Inconnu:
    """One that waits. Raises Introuvable, also once it is decided."""
    ligne = db.session.execute(_inconnus().where(Quarantaine.id == quarantaine_id)).one_or_none()
    if ligne is None:
        raise Introuvable
    return Inconnu(*ligne)


def _inconnus() -> Select[Any]:
    fiches = (
        select(func.count(func.distinct(tuple_(Ligne.annee_scolaire, Ligne.id_erp))))
        .where(Ligne.quarantaine_id == Quarantaine.id, Ligne.etat == "EN_ATTENTE")
        .scalar_subquery()
    )
    requete = (
        select(
            Quarantaine.id,
            Quarantaine.transmetteur_id,
            Organisme.nom,
            Quarantaine.uai,
            Quarantaine.siret,
            Quarantaine.cree_le,
            fiches,
        )
        .join(Organisme, Organisme.id == Quarantaine.transmetteur_id)
        .where(_de_la_portee(), Quarantaine.etat == "ATTEND", fiches > 0)
        .order_by(Quarantaine.id)
    )
    return scope.autorisee(requete, Droit.CORRIGER)


def reconnus() -> list[Reconnu]:
    """What somebody recognised, the last first: the answer may be taken back."""
    trouve = aliased(Organisme)
    requete: Select[*tuple[Any, ...]] = (
        select(
            Quarantaine.id,
            Quarantaine.uai,
            Quarantaine.siret,
            Organisme.nom,
            trouve.nom,
            Quarantaine.decidee_le,
        )
        .join(Organisme, Organisme.id == Quarantaine.transmetteur_id)
        .join(trouve, trouve.id == Quarantaine.organisme_id)
        .where(_de_la_portee(), Quarantaine.etat == "RESOLUE", Quarantaine.decidee_par_id.is_not(None))
        .order_by(Quarantaine.decidee_le.desc(), Quarantaine.id)
        .limit(PAGE)
    )
    return [Reconnu(*ligne) for ligne in db.session.execute(scope.autorisee(requete, Droit.CORRIGER))]


def a_decider(quarantaine_id: int) -> Quarantaine:
    """The row, locked until the caller commits. Raises Introuvable."""
    requete = select(Quarantaine).where(_de_la_portee(), Quarantaine.id == quarantaine_id)
    trouvee: Quarantaine | None = db.session.execute(
        scope.autorisee(requete.with_for_update(), Droit.CORRIGER)
    ).scalar_one_or_none()
    if trouvee is None:
        raise Introuvable
    return trouvee


def _de_la_portee() -> Any:
    return scope.portee_sur(Quarantaine.transmetteur_id, Droit.CORRIGER)


def ecriture(transmetteur_id: int) -> frozenset[int]:
    """The organismes that this sender may write for today (decision 12)."""
    delegues = scope.connexion("délégations reçues par un émetteur").exec_driver_sql(
        sql.DELEGUES, {"organisme_id": transmetteur_id, "jour": horloge.aujourd_hui()}
    )
    return organismes.famille_ecriture(transmetteur_id) | frozenset(delegues.scalars())


def propositions(inconnu: Inconnu) -> list[Proposition]:
    """What this establishment may be, the most certain first."""
    formateurs = _formateurs_du_lieu(inconnu)
    candidats = _candidats([inconnu.couple], formateurs)
    suggestions = quarantaines.suggerer(inconnu.couple, candidats, formateurs)
    vus = organismes.par_ids(s.organisme_id for s in suggestions)
    permis = permises(inconnu.transmetteur_id)
    return [
        Proposition(vus[s.organisme_id], PHRASES[s.raison], permis is None or s.organisme_id in permis)
        for s in suggestions
    ]


def _formateurs_du_lieu(inconnu: Inconnu) -> frozenset[int]:
    """The known formateurs of this sender whose apprentices are taught at the unknown place."""
    trouves = scope.connexion("formateurs d’un lieu inconnu").exec_driver_sql(
        sql_quarantaines.FORMATEURS_DU_LIEU,
        {
            "organismes": sorted(ecriture(inconnu.transmetteur_id)),
            "uai": inconnu.uai,
            "siret": inconnu.siret,
        },
    )
    return frozenset(trouves.scalars())


def premieres(inconnus: Sequence[Inconnu]) -> dict[int, tuple[OrganismeVu, str]]:
    """The best guess for each, in two SELECT whatever their number."""
    candidats = _candidats([i.couple for i in inconnus]) if inconnus else []
    trouvees = {i.id: quarantaines.suggerer(i.couple, candidats)[:1] for i in inconnus}
    vus = organismes.par_ids(s.organisme_id for liste in trouvees.values() for s in liste)
    return {cle: (vus[s.organisme_id], PHRASES[s.raison]) for cle, liste in trouvees.items() for s in liste}


def permises(transmetteur_id: int) -> frozenset[int] | None:
    """The organismes that this reader may recognise it as; None: any (support)."""
    return None if scope.courant().a(Droit.SUPPORT) else ecriture(transmetteur_id)


def cherches(texte: str) -> list[Proposition]:
    """What support finds by its name, its UAI or its SIRET."""
    return [Proposition(vu, "Trouvé par votre recherche.", not vu.ferme) for vu in organismes.chercher(texte)]


def _candidats(couples: Iterable[Couple], autres: Iterable[int] = ()) -> list[Connu]:
    lue = quarantaines.recherche(couples)
    requete = select(Organisme.id, Organisme.uai, Organisme.siret, Organisme.ferme).where(
        or_(
            Organisme.siret == func.any(lue.sirets),
            Organisme.uai == func.any(lue.uais),
            Organisme.siren == func.any(lue.sirens),
            Organisme.id == func.any(sorted(autres)),
        )
    )
    return [Connu(*ligne) for ligne in db.session.execute(requete.limit(2000))]
