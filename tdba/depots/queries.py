"""Reading files given by people: theirs or those of their establishments, and what their lines would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from tdba import scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.depots import comptages, sql
from tdba.depots.models import Depot
from tdba.effectifs import valeurs
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable
from tdba.transmissions.models import Ligne, Transmission

PAGE: Final = 50
CAUSES_MAX: Final = 300
EXPORT_MAX: Final = 20_000


@dataclass(frozen=True, slots=True)
class DepotVu:
    """One past file: what it is, who gave it, where it stands."""

    depot: Depot
    organisme: str
    par: str


@dataclass(frozen=True, slots=True)
class LigneVue:
    """One line of a file: who it is about, and what it would do."""

    id: int
    rang: int
    nom: str | None
    prenom: str | None
    annee: str | None
    organisme: str | None
    effectif_id: int | None
    verdict: str
    ecarts: dict[str, list[str | None]]
    erreurs: Sequence[dict[str, Any]]
    contenu: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason of refusal; the wrong values, the most frequent first: (value, lines, first line)."""

    champ: str
    message: str
    nombre: int
    valeurs: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fiche:
    """One record that we hold."""

    id: int
    nom: str
    prenom: str
    annee: str
    formation: str | None
    organisme_id: int


def depot(uuid: UUID, *, verrou: bool = False) -> Depot:
    """A file within reach. Raises Introuvable.

    Its lines are names: support reads none of them but with the person, by seeing their screens (decision 24).
    """
    if scope.courant().a(Droit.SUPPORT):
        raise Introuvable
    requete = scope.select_for(Depot, Droit.CORRIGER).where(Depot.uuid == uuid)
    if verrou:
        requete = requete.with_for_update(of=Depot)
    trouve: Depot | None = db.session.execute(requete).scalar_one_or_none()
    if trouve is None:
        raise Introuvable
    return trouve


def transmission(depot: Depot) -> Transmission:
    """The transmission that holds the lines of a file."""
    requete = select(Transmission).where(
        Transmission.id == depot.transmission_id,
        scope.portee_sur(Transmission.transmetteur_id, Droit.CORRIGER),
    )
    return db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalar_one()


def liste(avant: int | None = None) -> tuple[list[DepotVu], bool]:
    """The files of the reach, newest first, and whether there are older ones. Support has none."""
    if scope.courant().a(Droit.SUPPORT):
        return [], False
    requete = (
        scope.select_for(Depot, Droit.CORRIGER, Depot, Organisme.nom, Personne.prenom, Personne.nom)
        .join(Organisme, Organisme.id == Depot.organisme_id)
        .join(Personne, Personne.id == Depot.personne_id)
        .order_by(Depot.id.desc())
        .limit(PAGE + 1)
    )
    if avant is not None:
        requete = requete.where(Depot.id < avant)
    vus = [
        DepotVu(d, organisme, f"{prenom} {nom}") for d, organisme, prenom, nom in db.session.execute(requete)
    ]
    return vus[:PAGE], len(vus) > PAGE


def _a_moi(depot: Depot) -> ColumnElement[bool]:
    """The lines of a file that this person may read: those about nobody's establishment yet, and about theirs."""
    return and_(
        Ligne.transmission_id == depot.transmission_id,
        scope.portee_sur(Ligne.transmetteur_id, Droit.CORRIGER),
        Ligne.organisme_id.is_(None) | scope.portee_sur(Ligne.organisme_id, Droit.CORRIGER),
    )


def _lignes(depot: Depot) -> Select[Any]:
    requete = (
        select(
            Ligne.id,
            Ligne.rang,
            Ligne.contenu["nom_apprenant"].astext,
            Ligne.contenu["prenom_apprenant"].astext,
            Ligne.annee_scolaire,
            Organisme.nom,
            Ligne.effectif_id,
            func.coalesce(Ligne.verdict, Ligne.etat),
            func.coalesce(Ligne.ecarts, cast({}, JSONB)),
            Ligne.erreurs,
            Ligne.contenu,
        )
        .outerjoin(Organisme, Organisme.id == Ligne.organisme_id)
        .where(_a_moi(depot))
    )
    return scope.autorisee(requete, Droit.CORRIGER)


def lignes(
    depot: Depot, onglet: str, *, apres: int = 0, champ: str = "", limite: int = PAGE
) -> tuple[list[LigneVue], bool]:
    """A page of the lines of a tab, in the order of the file, and whether others follow."""
    requete = (
        _lignes(depot)
        .where(func.coalesce(Ligne.verdict, Ligne.etat).in_(comptages.VERDICTS[onglet]), Ligne.rang > apres)
        .order_by(Ligne.rang)
        .limit(limite + 1)
    )
    if champ:
        requete = requete.where(Ligne.erreurs.op("@>")(cast([{"path": [champ]}], JSONB)))
    vues = [LigneVue(*ligne) for ligne in db.session.execute(requete)]
    return vues[:limite], len(vues) > limite


def ligne(depot: Depot, ligne_id: int) -> LigneVue:
    """A refused line. Raises Introuvable."""
    requete = _lignes(depot).where(Ligne.id == ligne_id, Ligne.etat.in_(("REFUSEE", "APERCU")))
    trouvee = db.session.execute(requete).one_or_none()
    if trouvee is None:
        raise Introuvable
    return LigneVue(*trouvee)


def causes(depot: Depot) -> list[Cause]:
    """Why lines are refused, the most frequent reason first, with the wrong values of each."""
    portee = scope.courant().portee(Droit.CORRIGER)
    lues = scope.connexion("causes de refus des lignes d’un fichier").exec_driver_sql(
        sql.CAUSES,
        {
            "transmission_id": depot.transmission_id,
            "partout": portee.organismes is None,
            "organismes": sorted(portee.organismes or ()),
            "limite": CAUSES_MAX,
        },
    )
    trouvees: dict[tuple[str, str], Cause] = {}
    for champ, message, valeur, nombre, rang, en_tout in lues:
        cause = trouvees.setdefault((champ, message), Cause(champ, message, en_tout))
        cause.valeurs.append((valeur, nombre, rang))
    return list(trouvees.values())


def absentes(depot: Depot, *, apres: int = 0) -> tuple[list[Fiche], bool]:
    """Records of the establishments and years of the file that it lacks, within reach."""
    portee = scope.courant().portee(Droit.CORRIGER)
    vises = comptages.organismes_de(depot)
    if portee.organismes is not None:
        vises &= portee.organismes
    lues = scope.connexion("fiches absentes d’un fichier").exec_driver_sql(
        sql.ABSENTES,
        {
            "transmission_id": depot.transmission_id,
            "organismes": sorted(vises),
            "apres": apres,
            "limite": PAGE + 1,
        },
    )
    fiches = [Fiche(*lue) for lue in lues]
    return fiches[:PAGE], len(fiches) > PAGE


def _fiches() -> Select[Any]:
    e = Effectif
    return scope.select_for(
        e, Droit.CORRIGER, e.id, e.nom, e.prenom, e.annee_scolaire, e.formation, e.organisme_id
    )


def laissees(depot: Depot) -> list[tuple[Fiche, bool]]:
    """Records that undoing left, within reach: what each is, and whether it is because somebody works on it."""
    dites: dict[int, bool] = dict(depot.comptes.get("laissees_ids", []))
    requete = (
        _fiches()
        .where(Effectif.id.in_(list(dites)))
        .order_by(Effectif.nom, Effectif.prenom, Effectif.id)
        .limit(PAGE)
    )
    return [(Fiche(*lue), dites[lue[0]]) for lue in db.session.execute(requete)]


def deja_connues(nom: str, prenom: str, naissance: date) -> list[Fiche]:
    """Records within reach of a person of this name born this day."""
    requete = (
        _fiches()
        .where(Effectif.date_naissance == naissance, Effectif.recherche == valeurs.recherche(nom, prenom))
        .order_by(Effectif.annee_scolaire.desc(), Effectif.id)
        .limit(10)
    )
    return [Fiche(*lue) for lue in db.session.execute(requete)]
