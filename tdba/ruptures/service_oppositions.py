"""Recording that a person objects to being followed, and that they changed their mind (issue 6). Routes commit."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from tdba import journal, scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.ruptures.acces_dossier import exiger_le_suivi
from tdba.ruptures.models import Opposition
from tdba.ruptures.regles import ajouter_mois
from tdba.ruptures.synchronisation import synchroniser
from tdba.scope import Droit

# Built once: an alias of a wide table costs milliseconds.
_FICHE: Final = aliased(Effectif)

ANS: Final = 5
"""An objection received longer ago than that is a slip of the keyboard."""


Prevenu = Callable[[Sequence[int], datetime], None]
_PREVENUS: Final[list[Prevenu]] = []


def prevenir(prevenu: Prevenu) -> None:
    """Tell `prevenu` of each objection, in its transaction: the records of the person, and when. Once if asked twice."""
    if prevenu not in _PREVENUS:
        _PREVENUS.append(prevenu)


class EnCours(NamedTuple):
    """The objection that stands, and who recorded it."""

    id: int
    recue_le: date
    cree_le: datetime
    auteur: str


def effectif_concerne(effectif_id: int, *, verrou: bool = False) -> Effectif:
    """The record, for who follows the young people of its CFA. Raises Introuvable."""
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=verrou)
    exiger_le_suivi(effectif.organisme_id)
    return effectif


def en_cours(effectif: Effectif) -> EnCours | None:
    """The objection of this person that stands, whichever year's record it was recorded on; the oldest of several."""
    requete = (
        select(
            Opposition.id,
            Opposition.recue_le,
            Opposition.cree_le,
            func.concat_ws(" ", Personne.prenom, Personne.nom),
        )
        .join(Personne, Personne.id == Opposition.personne_id)
        .where(Opposition.id.in_(_en_cours(effectif).with_only_columns(Opposition.id)))
        .order_by(Opposition.recue_le, Opposition.id)
        .limit(1)
    )
    ligne = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one_or_none()
    return None if ligne is None else EnCours(*ligne)


def recevoir(effectif_id: int, recue_le: date, *, maintenant: datetime, jour: date) -> bool:
    """Freeze the files of this person. False when an objection already stands: nothing is written twice.

    What is stored stays. Raises Introuvable, or ErreurMetier for a day to come or too long ago.
    """
    effectif = effectif_concerne(effectif_id, verrou=True)
    if recue_le > jour:
        raise ErreurMetier(
            "Ce jour est à venir : indiquez celui où la demande vous est parvenue.", champ="recue_le"
        )
    if recue_le < ajouter_mois(jour, -12 * ANS):
        raise ErreurMetier(f"Ce jour remonte à plus de {ANS} ans : vérifiez l’année.", champ="recue_le")
    if en_cours(effectif) is not None:
        return False
    opposition = Opposition(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,
        annee_scolaire=effectif.annee_scolaire,
        recue_le=recue_le,
        personne_id=scope.courant().personne_id,
        cree_le=maintenant,
    )
    db.session.add(opposition)
    db.session.flush()
    _consigner("opposition.recue", opposition)
    fiches = _fiches(effectif)
    for prevenu in _PREVENUS:
        prevenu(fiches, maintenant)
    return True


def _fiches(effectif: Effectif) -> list[int]:
    """The records of this person at this CFA, whatever their year: all of them freeze."""
    requete = scope.select_for(Effectif, Droit.CORRIGER, Effectif.id, avec_corbeille=True)
    siennes = requete.where(
        Effectif.organisme_id == effectif.organisme_id, Effectif.id_erp == effectif.id_erp
    )
    return list(db.session.execute(siennes).scalars())


def lever(effectif_id: int, *, maintenant: datetime) -> bool:
    """The person accepts again: their files are followed from now on. False when nothing stood. Raises Introuvable."""
    effectif = effectif_concerne(effectif_id, verrou=True)
    oppositions = db.session.execute(_en_cours(effectif).with_for_update(of=Opposition)).scalars().all()
    for opposition in oppositions:
        opposition.levee_le, opposition.levee_par_id = maintenant, scope.courant().personne_id
        _consigner("opposition.levee", opposition)
    db.session.flush()
    if oppositions:
        # Files that were not opened meanwhile.
        synchroniser([effectif_id])
    return bool(oppositions)


def _en_cours(effectif: Effectif) -> Select[Any]:
    requete = scope.select_for(Opposition, Droit.CORRIGER).join(
        _FICHE, and_(_FICHE.id == Opposition.effectif_id, _FICHE.organisme_id == Opposition.organisme_id)
    )
    return requete.where(
        Opposition.levee_le.is_(None),
        _FICHE.organisme_id == effectif.organisme_id,
        _FICHE.id_erp == effectif.id_erp,
    ).order_by(Opposition.id)


def _consigner(evenement: str, opposition: Opposition) -> None:
    journal.consigner(
        evenement,
        organisme_id=opposition.organisme_id,
        objet=("effectif", opposition.effectif_id),
        opposition_id=opposition.id,
    )
