"""Handing files to a référent, many at once, and giving them back (issue 6, part 1). Routes commit.

The effect is computed before it is shown and again when it is written: whoever changed hands in between is left alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import update

from tdba import journal, scope
from tdba.db import db, table_de
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.ruptures import oppositions, ouverture, queries_affectation, queries_referents
from tdba.ruptures.models import Dossier
from tdba.ruptures.queries_affectation import MAXIMUM, Concerne
from tdba.ruptures.queries_referents import Referent
from tdba.scope import Droit

PLUS_DE_L_EQUIPE: Final = (
    "Cette personne ne suit plus ces établissements : choisissez quelqu’un d’autre dans la liste."
)


@dataclass(frozen=True, slots=True)
class Effet:
    """What handing these files to that person would change."""

    referent: Referent
    confies: Sequence[Concerne]
    """Those that change hands, the other files of the same people last."""
    jumeaux: int
    """How many of them are those other files."""
    deja: int
    """Already theirs."""
    hors_acces: int
    """Of an establishment whose records they do not follow: left as they are."""
    de_trop: bool
    """More files were asked for than can change hands at once."""

    @property
    def sans_referent(self) -> int:
        return sum(c.referent_id is None for c in self.confies)

    @property
    def repris(self) -> int:
        """Taken over from somebody else."""
        return len(self.confies) - self.sans_referent


@dataclass(frozen=True, slots=True)
class Affectation:
    """What was done: file → who followed it before."""

    referent: Referent
    anciens: Mapping[int, int | None]
    laisses: int
    """Changed hands, or closed, since the effect was shown."""


def referent(referent_id: int, jour: date) -> Referent:
    """Somebody who may follow files here. Raises ErreurMetier."""
    for personne in queries_referents.referents(jour):
        if personne.id == referent_id:
            return personne
    raise ErreurMetier(PLUS_DE_L_EQUIPE, champ="referent")


def effet(concernes: Sequence[Concerne], a: Referent, jour: date) -> Effet:
    """What would change if these files were handed to that person."""
    retenus = concernes[:MAXIMUM]
    accessibles = [c for c in retenus if c.organisme_id in a.organismes]
    jumeaux = queries_affectation.des_memes_jeunes(jour, accessibles)
    suivent = [c for c in jumeaux if c.organisme_id in a.organismes and c.referent_id != a.id]
    changent = [c for c in accessibles if c.referent_id != a.id]
    return Effet(
        referent=a,
        confies=[*changent, *suivent],
        jumeaux=len(suivent),
        deja=len(accessibles) - len(changent),
        hors_acces=len(retenus) - len(accessibles),
        de_trop=len(concernes) > MAXIMUM,
    )


Attendus = Mapping[tuple[int, str], int | None]
"""(record, kind of file) → who followed it when the effect was shown."""


def confier(attendus: Attendus, referent_id: int, jour: date) -> Affectation:
    """Hand these files to a référent, writing those that were not yet. Done twice, the second time changes nothing.

    Raises ErreurMetier when that person may not follow them any more.
    """
    a = referent(referent_id, jour)
    connus = _ecrits(attendus, jour)
    tenus = {d.id: d for d in _verrouiller([c.dossier_id for c in connus if c.dossier_id is not None])}
    anciens = {
        dossier.id: dossier.referent_id
        for dossier in tenus.values()
        if dossier.organisme_id in a.organismes
        and dossier.referent_id == attendus[dossier.effectif_id, dossier.genre]
        and dossier.referent_id != a.id
    }
    if anciens:
        _donner(anciens, a.id)
        _consigner("dossiers.confies", (tenus[cle] for cle in anciens), a.id)
    return Affectation(a, anciens, laisses=len(attendus) - len(anciens))


def _ecrits(attendus: Attendus, jour: date) -> list[Concerne]:
    """The open files among these, every one written."""
    connus = _ouverts(attendus, jour)
    virtuels = [c.effectif_id for c in connus if c.dossier_id is None]
    if not virtuels:
        return connus
    ouverture.ouvrir_parmi(virtuels, jour)
    return _ouverts(attendus, jour)


def _ouverts(attendus: Attendus, jour: date) -> list[Concerne]:
    par_genre: dict[str, list[int]] = defaultdict(list)
    for effectif_id, genre in attendus:
        par_genre[genre].append(effectif_id)
    return [c for genre, ids in par_genre.items() for c in queries_affectation.parmi(genre, jour, ids)]


def _verrouiller(dossier_ids: Sequence[int]) -> list[Dossier]:
    """These files, locked in one order, under the rules of `acces_dossier.dossier_a_ecrire`."""
    requete = (
        scope.select_for(Dossier, Droit.CORRIGER)
        .join(Effectif, Effectif.id == Dossier.effectif_id)
        .where(scope.predicat(Effectif, Droit.CORRIGER), scope.suivi(Dossier), ~oppositions.GELE)
        .where(Dossier.id.in_(dossier_ids))
        .order_by(Dossier.id)
        .with_for_update(of=Dossier)
        .execution_options(populate_existing=True)
    )
    return list(db.session.execute(requete).scalars())


def _donner(dossier_ids: Iterable[int], referent_id: int | None) -> None:
    table = table_de(Dossier)
    ordre = (
        update(table)
        .where(table.c.id.in_(list(dossier_ids)))
        .values(referent_id=referent_id, version=table.c.version + 1)
    )
    db.session.execute(scope.pour_ecriture(ordre, Droit.CORRIGER))


def rendre(referent_id: int, anciens: Mapping[int, int | None]) -> int:
    """Give files back to who followed them before, those that nobody handed on since. Returns how many."""
    tenus = [d for d in _verrouiller(list(anciens)) if d.referent_id == referent_id]
    par_ancien: dict[int | None, list[int]] = defaultdict(list)
    for dossier in tenus:
        par_ancien[anciens[dossier.id]].append(dossier.id)
    for ancien, ids in par_ancien.items():
        _donner(ids, ancien)
    _consigner("dossiers.rendus", tenus, referent_id)
    return len(tenus)


def _consigner(evenement: str, dossiers: Iterable[Dossier], referent_id: int) -> None:
    """One event for each establishment, with the ids."""
    par_organisme: dict[int, list[int]] = defaultdict(list)
    for dossier in dossiers:
        par_organisme[dossier.organisme_id].append(dossier.id)
    for organisme_id, ids in par_organisme.items():
        journal.consigner(evenement, organisme_id=organisme_id, dossier_ids=ids, referent_id=referent_id)
