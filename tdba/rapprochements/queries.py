"""Reading a comparison back: its rows as they are shown, past ones, and the list that was given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.organismes.models import Organisme
from tdba.rapprochements import annonces, motifs, populations, queries_lignes
from tdba.rapprochements.annonces import Annonce
from tdba.rapprochements.comparaison import EN_TROP, Comptes, Raison, apres
from tdba.rapprochements.models import Rapprochement, RapprochementLigne
from tdba.scope import Droit, Introuvable
from tdba.transmissions import lignes as lignes_recues

PASSES: Final = 20

Nommer = Callable[[str, str], str]
"""How a family name and a first name are written: as they are, or masked."""


@dataclass(frozen=True, slots=True)
class LigneVue:
    """One row: a person, why they make a difference, who acts."""

    rang: int
    nom: str | None
    """Name and first name, masked for support; None when neither the list nor a record gives one."""
    id_erp: str | None
    raison: Raison
    details: Mapping[str, Any]
    acteur: str
    effectif_id: int | None
    statut_dit: str | None
    regle_le: datetime | None
    source: tuple[int, int] | None
    """Transmission and line that the name comes from, when it is not a record."""

    @property
    def motif(self) -> motifs.Motif:
        return motifs.MOTIFS[self.raison]

    @property
    def phrase(self) -> str:
        return motifs.phrase(self.raison, self.details)

    @property
    def que_faire(self) -> str:
        return motifs.que_faire(self.raison, self.details)

    @property
    def qui_agit(self) -> str:
        return motifs.ACTEURS[self.acteur]

    @property
    def reglee(self) -> bool:
        return self.regle_le is not None

    @property
    def en_trop(self) -> bool:
        return self.raison in EN_TROP

    @property
    def corriges(self) -> list[str]:
        """The dates that were corrected here, in words."""
        champs = self.details.get("corriges", ())
        return [mots for champ, mots in motifs.DATES_CORRIGEES.items() if champ in champs]

    @property
    def reperes(self) -> list[date]:
        """The dates that made the status, in the order of the rule."""
        return [date.fromisoformat(jour) for jour in self.details.get("reperes", ())]


@dataclass(frozen=True, slots=True)
class Vue:
    """A comparison as its page shows it."""

    rapprochement: Rapprochement
    organisme: str
    lignes: Sequence[LigneVue]

    @property
    def population(self) -> str:
        return str(self.rapprochement.precisions["population"])

    @property
    def mots(self) -> tuple[str, str]:
        """One of those counted, and several."""
        return populations.MOTS[self.population]

    @property
    def apres(self) -> Comptes:
        """The two counts once every row is settled."""
        return apres(
            Comptes(self.rapprochement.nb_annonces, self.rapprochement.nb_comptes),
            [ligne.raison for ligne in self.lignes],
        )

    @property
    def reglees(self) -> int:
        return sum(ligne.reglee for ligne in self.lignes)

    @property
    def a_reporter(self) -> list[LigneVue]:
        """What is done in the ERP."""
        return [ligne for ligne in self.lignes if ligne.raison in motifs.A_REPORTER]

    @property
    def recue_le(self) -> datetime | None:
        """When the transmission that stands for the list was received."""
        le = self.rapprochement.precisions.get("recue_le")
        return datetime.fromisoformat(le) if le else None


@dataclass(frozen=True, slots=True)
class Passe:
    """A past comparison."""

    uuid: UUID
    organisme: str
    jour: date
    cree_le: datetime
    par: str
    annonces: int
    comptes: int
    ecarts: int


def rapprochement(uuid: UUID) -> Rapprochement:
    """A comparison within reach. Raises Introuvable."""
    requete = scope.select_for(Rapprochement, Droit.CORRIGER).where(Rapprochement.uuid == uuid)
    trouve = db.session.execute(requete).scalar_one_or_none()
    if trouve is None:
        raise Introuvable
    return trouve  # type: ignore[no-any-return]


def ligne(rapprochement_id: int, rang: int, *, verrou: bool) -> RapprochementLigne:
    """A row that makes a difference. Raises Introuvable."""
    requete = scope.select_for(RapprochementLigne, Droit.CORRIGER).where(
        RapprochementLigne.rapprochement_id == rapprochement_id,
        RapprochementLigne.rang == rang,
        RapprochementLigne.raison.is_not(None),
    )
    if verrou:
        requete = requete.with_for_update(of=RapprochementLigne)
    trouvee = db.session.execute(requete).scalar_one_or_none()
    if trouvee is None:
        raise Introuvable
    return trouvee  # type: ignore[no-any-return]


def vue(uuid: UUID, nommer: Nommer) -> Vue:
    """A comparison with its rows: those missing here first, then those in excess."""
    trouve = rapprochement(uuid)
    requete = (
        scope.select_for(RapprochementLigne, Droit.CORRIGER)
        .where(RapprochementLigne.rapprochement_id == trouve.id, RapprochementLigne.raison.is_not(None))
        .order_by(RapprochementLigne.rang)
        .execution_options(populate_existing=True)
    )
    lignes = list(db.session.execute(requete).scalars())
    noms = _noms([ligne.effectif_id for ligne in lignes if ligne.effectif_id is not None])
    organisme = db.session.execute(select(Organisme.nom).where(Organisme.id == trouve.organisme_id))
    dits = _dits(trouve.organisme_id, lignes)
    vues = sorted(
        (_vue(trouve, ligne, noms, dits[ligne.rang], nommer) for ligne in lignes),
        key=lambda vue: (vue.en_trop, vue.rang),
    )
    return Vue(trouve, organisme.scalar_one(), vues)


def passes(organisme_id: int | None = None) -> list[Passe]:
    """The last comparisons of the reach, or of one establishment."""
    ecarts = (
        scope.select_for(RapprochementLigne, Droit.CORRIGER, func.count())
        .where(
            RapprochementLigne.rapprochement_id == Rapprochement.id, RapprochementLigne.raison.is_not(None)
        )
        .correlate(Rapprochement)
        .scalar_subquery()
    )
    requete = (
        scope.select_for(
            Rapprochement,
            Droit.CORRIGER,
            Rapprochement.uuid,
            Organisme.nom,
            Rapprochement.jour,
            Rapprochement.cree_le,
            func.concat(Personne.prenom, " ", Personne.nom),
            Rapprochement.nb_annonces,
            Rapprochement.nb_comptes,
            ecarts,
        )
        .join(Organisme, Organisme.id == Rapprochement.organisme_id)
        .join(Personne, Personne.id == Rapprochement.personne_id)
        .order_by(Rapprochement.id.desc())
        .limit(PASSES)
    )
    if organisme_id is not None:
        requete = requete.where(Rapprochement.organisme_id == organisme_id)
    return [Passe(*ligne) for ligne in db.session.execute(requete)]


def annonces_de(rapprochement_id: int) -> list[Annonce]:
    """The people of a list that was given, in its order."""
    requete = (
        scope.select_for(RapprochementLigne, Droit.CORRIGER, RapprochementLigne.dit)
        .where(RapprochementLigne.rapprochement_id == rapprochement_id)
        .order_by(RapprochementLigne.rang)
    )
    return [annonces.depuis_json(dit) for dit in db.session.execute(requete).scalars() if dit]


def _noms(effectif_ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    requete = scope.select_for(
        Effectif,
        Droit.CORRIGER,
        Effectif.id,
        Effectif.nom,
        Effectif.prenom,
        Effectif.id_erp,
        avec_corbeille=True,
    ).where(Effectif.id.in_(effectif_ids))
    return {id_: (nom, prenom, id_erp) for id_, nom, prenom, id_erp in db.session.execute(requete)}


def _dits(organisme_id: int, lignes: Sequence[RapprochementLigne]) -> dict[int, Annonce]:
    """What the list says of each row; without a name nor a record, what the line that was received says."""
    dits = {ligne.rang: annonces.depuis_json(ligne.dit) for ligne in lignes}
    recues = {
        ligne.rang: ligne.details["ligne_id"]
        for ligne in lignes
        if "ligne_id" in ligne.details and not dits[ligne.rang].nom
    }
    contenus = queries_lignes.contenus(organisme_id, set(recues.values()))
    for rang, ligne_id in recues.items():
        if ligne_id in contenus:
            contenu, source = contenus[ligne_id]
            dite = annonces.qui(lignes_recues.lire(contenu, source=source).valeurs)
            dits[rang] = dits[rang]._replace(nom=dite.nom, prenom=dite.prenom)
    return dits


def _vue(
    trouve: Rapprochement,
    ligne: RapprochementLigne,
    noms: Mapping[int, tuple[str, str, str]],
    dite: Annonce,
    nommer: Nommer,
) -> LigneVue:
    """The name that the record holds, else the one that the list gives."""
    nom, prenom, id_erp = noms.get(ligne.effectif_id or 0, (None, None, None))
    nom, prenom = nom or dite.nom, prenom or dite.prenom
    ligne_id = ligne.details.get("ligne_id") or dite.source
    transmission_id = ligne.details.get("transmission_id") or trouve.transmission_id
    return LigneVue(
        rang=ligne.rang,
        nom=nommer(nom or "", prenom or "") if nom or prenom else None,
        id_erp=dite.id_erp or id_erp,
        raison=Raison(ligne.raison or ""),
        details=ligne.details,
        acteur=ligne.acteur or "VOUS",
        effectif_id=ligne.effectif_id,
        statut_dit=None if dite.statut is None else Statut(dite.statut).name,
        regle_le=ligne.regle_le,
        source=(transmission_id, ligne_id)
        if transmission_id and ligne_id and not ligne.effectif_id
        else None,
    )
