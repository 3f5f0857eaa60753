"""Reading, for one file, what a search needs and what it found; within reach of CORRIGER and of the follow-up."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, func, select

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.offres.bilan import Bilan, bilan_de
from tdba.offres.liens import Lieu
from tdba.offres.models import RechercheAlentour
from tdba.offres.reponses import Resultat
from tdba.organismes.models import CertificationRome, Commune, Organisme, Rome
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit, Introuvable


class Faits(NamedTuple):
    """What help at hand starts from: who, in what formation, living in which commune. Never an address."""

    dossier_id: int
    genre: str
    ouvert_du: date
    contrat_debut: date | None
    prochaine_le: date | None
    effectif_id: int
    organisme_id: int
    nom: str
    prenom: str
    formation: str | None
    rncp: str | None
    cfd: str | None
    niveau: int | None
    code_insee: str | None
    cfa: str
    cfa_siret: str
    commune: str | None
    latitude: float | None
    longitude: float | None
    romes: list[str] | None

    @property
    def lieu(self) -> Lieu | None:
        if self.code_insee is None or self.commune is None:
            return None
        return Lieu(self.code_insee, self.commune, self.latitude, self.longitude)


_COLONNES: Final = (
    Dossier.id,
    Dossier.genre,
    Dossier.ouvert_du,
    Dossier.contrat_debut,
    Dossier.prochaine_le,
    Effectif.id,
    Effectif.organisme_id,
    Effectif.nom,
    Effectif.prenom,
    Effectif.formation,
    Effectif.rncp,
    Effectif.cfd,
    Effectif.niveau,
    Effectif.code_insee,
    Organisme.nom,
    Organisme.siret,
    Commune.nom,
    Commune.latitude,
    Commune.longitude,
    CertificationRome.romes,
)
_FAITS: Final = (
    select(*_COLONNES)
    .select_from(Dossier)
    .join(Effectif, Effectif.id == Dossier.effectif_id)
    .join(Organisme, Organisme.id == Effectif.organisme_id)
    .outerjoin(Commune, Commune.code_insee == Effectif.code_insee)
    .outerjoin(CertificationRome, CertificationRome.rncp == Effectif.rncp)
)


def faits(dossier_id: int) -> Faits:
    """The facts of one file. Raises Introuvable."""
    requete = _FAITS.where(
        scope.predicat(Dossier, Droit.CORRIGER),
        scope.predicat(Effectif, Droit.CORRIGER),
        scope.suivi(Effectif),
        Dossier.id == dossier_id,
    )
    lus = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one_or_none()
    if lus is None:
        raise Introuvable
    return Faits._make(lus)


class Recherche(NamedTuple):
    """One search of the public service, as far as it is."""

    nature: str
    demandee_le: datetime
    faite_le: datetime | None
    echec: str | None
    resultats: list[Resultat]

    @property
    def en_cours(self) -> bool:
        """Asked, and not answered yet."""
        return self.echec is None and (self.faite_le is None or self.faite_le < self.demandee_le)

    def de_genre(self, genre: str) -> list[Resultat]:
        """The results of one kind, the nearest first."""
        return [r for r in self.resultats if r.get("genre") == genre]


def recherches(rncp: str | None, code_insee: str | None) -> dict[str, Recherche]:
    """What was searched for this certification around this commune, by nature."""
    if rncp is None or code_insee is None:
        return {}
    r = RechercheAlentour
    requete = select(r.nature, r.demandee_le, r.faite_le, r.echec, r.resultats)
    requete = requete.where(r.rncp == rncp, r.code_insee == code_insee)
    return {lue.nature: lue for lue in (Recherche(*ligne) for ligne in db.session.execute(requete))}


def metiers(romes: Sequence[str] | None) -> dict[str, str]:
    """Code → name of these trades; a code without a known name is left out."""
    if not romes:
        return {}
    requete = select(Rome.code, Rome.libelle).where(Rome.code.in_(romes)).order_by(Rome.libelle)
    return {ligne.code: ligne.libelle for ligne in db.session.execute(requete)}


def bilan(*conditions: ColumnElement[bool]) -> Bilan:
    """Counts of search steps among those that the person follows: of one file, one site, one period."""
    colonnes: tuple[Any, ...] = (
        Demarche.nature,
        Demarche.resultat,
        func.sum(func.coalesce(Demarche.nombre, 1)),
    )
    requete = (
        scope.select_for(Demarche, Droit.CORRIGER, *colonnes)
        .where(scope.suivi(Demarche), Demarche.retiree_le.is_(None), *conditions)
        .group_by(Demarche.nature, Demarche.resultat)
    )
    return bilan_de(tuple(ligne) for ligne in db.session.execute(requete))
