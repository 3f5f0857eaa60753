"""What the journal says of one record, and of one person's own acts.

The journal is granted to the national role of PostgreSQL alone. It is taken for these two reads only: the story of a
record that the person was just found to reach, and one's own acts. Nothing else of the journal is read here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, and_, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from tdba import scope
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.db import db
from tdba.journal import Evenement
from tdba.organismes.models import Organisme

SUPPORT: Final = "SUPPORT"
"""Type of the organisation whose people are never named to a CFA: it is the service that looked."""
LECTURE: Final = "effectif.consulte"
EXPORTS: Final = ("export.fait",)
"""Events whose `ids` are records taken away in a file."""
OUVERTURE: Final = "effectif.ouvert_par_support"
ANNULATIONS: Final = {
    "effectif.correction_annulee": ("correction", "correction_id"),
    "effectif.transfert_annule": ("transfert", "transfert_id"),
}
"""Event → what it undid, and the detail that names it."""

LIGNES_MAX: Final = 500
PAGE: Final = 50

COORDONNEES: Final = "effectifs.coordonnees"
OUVERTES: Final = (
    "effectifs.fiche",
    "effectifs.histoire",
    "effectifs.correction",
    "effectifs.imprimer",
    "effectifs.transfert",
    "anomalies.de_la_fiche",
    "anomalies.taire",
    "doublons.comparer",
    "doublons.fusion",
    "dossier",
    "demarche",
    "opposition",
    "offres",
    "poste",
    "cerfa",
    "liaison",
    "liaison.imprimee",
    "devenir",
    "devenir_repondu",
    "vigilance.personne",
    "sifa.completer",
    "sifa.fiche",
)
"""Screens of one record alone; a name read on any other was read in a list."""

EMPORTEES: Final = ("sifa.telecharge",)
"""Screens that hand over a file."""

# Written out, so that the planner knows the partial index ix_journal_ids whatever the plan.
_MONTRE: Final[ColumnElement[bool]] = literal_column("(journal.details ? 'ids')")
_IDS: Final = literal_column("(journal.details -> 'ids')", JSONB)


class Auteur(NamedTuple):
    """Who did it, and for whom; or the establishment whose key did, when it is not a person."""

    nom: str | None
    organisation: str | None
    type_organisation: str | None
    organisme: str | None


class Trace(NamedTuple):
    """What one person did with a record on one day: readings are counted."""

    evenement: str
    jour: date
    le: datetime
    """The last of them."""
    habilitation_id: int | None
    demande_id: str | None
    ouvertures: int
    listes: int
    coordonnees: int
    emportees: int
    auteur: Auteur


class Annulation(NamedTuple):
    cle: tuple[str, int]
    """What was undone: "correction" or "transfert", and its id."""
    auteur: Auteur


_AUTEUR: Final = (Personne.prenom + " " + Personne.nom, Organisation.nom, Organisation.type, Organisme.nom)


def _avec_auteurs(requete: Select[Any]) -> Select[Any]:
    return (
        requete.select_from(Evenement)
        .outerjoin(Personne, Personne.id == Evenement.personne_id)
        .outerjoin(Habilitation, Habilitation.id == Evenement.habilitation_id)
        .outerjoin(Organisation, Organisation.id == Habilitation.organisation_id)
        .outerjoin(Organisme, and_(Organisme.id == Evenement.organisme_id, Evenement.personne_id.is_(None)))
    )


def traces(effectif_id: int) -> list[Trace]:
    """Who read or took away this record, and who opened it for support: by person and day, the latest first.

    The caller has found the record within reach of the person.
    """
    jour = cast(func.timezone("Europe/Paris", Evenement.le), Date)
    ecran = Evenement.details["ecran"].astext
    cles = (Evenement.evenement, jour, Evenement.habilitation_id, Evenement.details["demande_id"].astext)
    comptes = (
        func.count().filter(ecran.in_(OUVERTES)),
        func.count().filter(ecran.not_in((COORDONNEES, *OUVERTES, *EMPORTEES))),
        func.count().filter(ecran == COORDONNEES),
        func.count().filter(ecran.in_(EMPORTEES)),
    )
    requete = (
        _avec_auteurs(select(*cles, func.max(Evenement.le), *comptes, *_AUTEUR))
        .where(or_(_montree(effectif_id), _faite(effectif_id, (OUVERTURE,))))
        .group_by(*cles, *_AUTEUR, Evenement.personne_id)
        .order_by(func.max(Evenement.le).desc())
        .limit(LIGNES_MAX)
    )
    with scope.eleve("the story of a record within reach"):
        lues = db.session.execute(requete).all()
    return [_trace(*ligne) for ligne in lues]


def _trace(
    evenement: str, jour: date, habilitation_id: int | None, demande_id: str | None, *suite: Any
) -> Trace:
    le, *nombres = suite[:5]
    auteur = suite[5:]
    return Trace._make((evenement, jour, le, habilitation_id, demande_id, *nombres, Auteur._make(auteur)))


def annulations(effectif_id: int) -> list[Annulation]:
    """Who undid corrections and transfers of this record. The caller has found it within reach of the person."""
    requete = _avec_auteurs(select(Evenement.evenement, Evenement.details, *_AUTEUR))
    requete = requete.where(_faite(effectif_id, tuple(ANNULATIONS))).order_by(Evenement.id).limit(LIGNES_MAX)
    with scope.eleve("the story of a record within reach"):
        lues = db.session.execute(requete).all()
    return [
        Annulation((ANNULATIONS[evenement][0], details[ANNULATIONS[evenement][1]]), Auteur._make(auteur))
        for evenement, details, *auteur in lues
    ]


def _montree(effectif_id: int) -> ColumnElement[bool]:
    lues = Evenement.evenement.in_((LECTURE, *EXPORTS))
    return and_(_MONTRE, _IDS.contains(cast([effectif_id], JSONB)), lues)


def _faite(effectif_id: int, evenements: Sequence[str]) -> ColumnElement[bool]:
    sur_elle = and_(Evenement.objet_type == "effectif", Evenement.objet_id == effectif_id)
    return and_(sur_elle, Evenement.evenement.in_(evenements))


class Acte(NamedTuple):
    """One of one's own events."""

    id: int
    le: datetime
    evenement: str
    objet_type: str | None
    objet_id: int | None
    details: dict[str, Any]
    organisation: str | None


def siens(personne_id: int, *, avant: int | None = None) -> tuple[list[Acte], int | None]:
    """A page of one's own events, the newest first, and the id where the next page starts."""
    assert personne_id == scope.courant().personne_id  # noqa: S101 - nobody else's
    requete = (
        select(
            Evenement.id,
            Evenement.le,
            Evenement.evenement,
            Evenement.objet_type,
            Evenement.objet_id,
            Evenement.details,
            Organisation.nom,
        )
        .outerjoin(Habilitation, Habilitation.id == Evenement.habilitation_id)
        .outerjoin(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Evenement.personne_id == personne_id)
        .order_by(Evenement.id.desc())
        .limit(PAGE + 1)
    )
    if avant is not None:
        requete = requete.where(Evenement.id < avant)
    with scope.eleve("one's own acts"):
        lus = [Acte(*ligne) for ligne in db.session.execute(requete)]
    return lus[:PAGE], lus[PAGE - 1].id if len(lus) > PAGE else None
