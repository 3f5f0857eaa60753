"""The bin: a record taken away with a reason, kept thirty days, brought back as it was (decision 19).

While it is there the record stays in its unique key, so that a re-send is held instead of creating it again, and it is
counted nowhere: whoever keeps figures or files hears of it by `avant_parcours` and `apres_parcours`. Routes commit.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, not_, select

from tdba import abonnes, horloge, journal, scope
from tdba.db import db
from tdba.effectifs import motifs_gestes, suites
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import Retrait
from tdba.effectifs.suites import Suite
from tdba.errors import ErreurMetier
from tdba.scope import Droit, Introuvable

DUREE: Final = timedelta(days=30)
"""How long a record stays restorable (decision 19)."""

LOT: Final = 200
"""Records erased between two commits."""

Garde = Callable[[Retrait], None]
_GARDES: Final[list[Garde]] = []

Maintien = Callable[[], ColumnElement[bool]]
_MAINTIENS: Final[list[Maintien]] = []


def garder(garde: Garde) -> None:
    """Ask `garde` before any restoration: it raises ErreurMetier to refuse (a record absorbed by a merge comes back
    by undoing the merge). Registering twice is once.
    """
    if garde not in _GARDES:
        _GARDES.append(garde)


def maintenir(maintien: Maintien) -> None:
    """Never erase the records of `effectif` that `maintien` names: a record absorbed by a merge, erased, would be created
    again by the next sending of its ERP. Registering twice is once.
    """
    if maintien not in _MAINTIENS:
        _MAINTIENS.append(maintien)


def jusqu_au(retire_le: datetime) -> date:
    """The last day on which a record taken away at that instant can be restored."""
    return horloge.jour_de_paris(retire_le + DUREE)


def retirer(
    effectif_id: int, *, motif: str, commentaire: str | None, demande_id: int | None, maintenant: datetime
) -> Retrait:
    """Put a record in the bin. Already there: its withdrawal, nothing is written (a form sent twice).

    Raises Introuvable for a record that is not theirs, ErreurMetier for a reason refused.
    """
    refus = motifs_gestes.refus_de(motif, commentaire, motifs_gestes.TOUS_LES_RETRAITS)
    if refus is not None:
        raise ErreurMetier(refus.phrase, champ=refus.champ)
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True, avec_corbeille=True)
    if effectif.corbeille_le is not None:
        return en_cours(effectif_id)
    acteur = scope.courant()
    retrait = Retrait(
        effectif_id=effectif_id,
        organisme_id=effectif.organisme_id,
        annee_scolaire=effectif.annee_scolaire,
        motif=motif,
        commentaire=commentaire or None,
        personne_id=acteur.personne_id,
        habilitation_id=acteur.habilitation_id,
        demande_id=demande_id,
        cree_le=maintenant,
    )
    db.session.add(retrait)
    _changer(effectif, maintenant, corbeille_le=maintenant)
    _consigner("effectif.mis_a_la_corbeille", effectif, retrait_id=retrait.id, motif=motif)
    suites.annoncer(Suite("RETRAIT", effectif_id, effectif.organisme_id, effectif.organisme_id))
    return retrait


def restaurer(retrait_id: int, *, maintenant: datetime) -> Retrait:
    """Take a record out of the bin. Already done: nothing is written.

    Raises Introuvable, or ErreurMetier when another gesture must be undone instead.
    """
    retrait = scope.get_or_404(Retrait, retrait_id, Droit.CORRIGER)
    effectif = scope.get_or_404(
        Effectif, retrait.effectif_id, Droit.CORRIGER, verrou=True, avec_corbeille=True
    )
    db.session.refresh(retrait)  # as whoever held the record before us left it
    if retrait.restaure_le is not None:
        return retrait
    for garde in _GARDES:
        garde(retrait)
    retrait.restaure_le, retrait.restaure_par_id = maintenant, scope.courant().personne_id
    _changer(effectif, maintenant, corbeille_le=None)
    _consigner("effectif.restaure", effectif, retrait_id=retrait.id)
    suites.annoncer(Suite("RESTAURATION", effectif.id, effectif.organisme_id, effectif.organisme_id))
    return retrait


def en_cours(effectif_id: int) -> Retrait:
    """The withdrawal that holds this record in the bin. Raises Introuvable when it is not there, or not theirs."""
    requete = scope.select_for(Retrait, Droit.CORRIGER).where(
        Retrait.effectif_id == effectif_id, Retrait.restaure_le.is_(None)
    )
    retrait: Retrait | None = db.session.execute(requete).scalar_one_or_none()
    if retrait is None:
        raise Introuvable
    return retrait


def effectif_de(retrait_id: int) -> int:
    """Raise Introuvable for a withdrawal that is not theirs."""
    return scope.get_or_404(Retrait, retrait_id, Droit.CORRIGER).effectif_id


def vider(renouveler: Callable[[], None], maintenant: datetime) -> int:
    """Erase for good what has been in the bin for thirty days, with all that hangs on it. Returns how many.

    The journal keeps the ids; nothing holds a re-send any more, which creates the record again. Runs as the system.
    """
    limite = maintenant - DUREE
    en_trop = (
        select(Effectif.id, Effectif.organisme_id, Retrait.id)
        .join(Retrait, (Retrait.effectif_id == Effectif.id) & Retrait.restaure_le.is_(None))
        .where(Effectif.corbeille_le < limite, *[not_(maintien()) for maintien in _MAINTIENS])
        .order_by(Effectif.id)
        .limit(LOT)
    )
    nombre = 0
    while lot := db.session.execute(scope.autorisee(en_trop, Droit.CORRIGER)).all():
        nombre += _effacer([(e, o, r) for e, o, r in lot], limite)
        renouveler()
    return nombre


_EFFACER: Final = """
DELETE FROM effectif WHERE id = ANY(%(ids)s::bigint[]) AND corbeille_le < %(limite)s RETURNING id
"""


def _effacer(lot: list[tuple[int, int, int]], limite: datetime) -> int:
    """Erase those still in the bin when their row is reached: a record restored meanwhile stays."""
    parametres = {"ids": [cle for cle, _, _ in lot], "limite": limite}
    effaces = set(scope.connexion("corbeille vidée").exec_driver_sql(_EFFACER, parametres).scalars())
    for cle, organisme_id, retrait_id in lot:
        if cle in effaces:
            journal.consigner(
                "effectif.efface", organisme_id=organisme_id, objet=("effectif", cle), retrait_id=retrait_id
            )
    return len(effaces)


def _changer(effectif: Effectif, maintenant: datetime, *, corbeille_le: datetime | None) -> None:
    """Move in or out, and have everything that counts this record follow."""
    abonnes.annoncer("avant_parcours", [effectif.id])
    effectif.corbeille_le = corbeille_le
    effectif.version += 1
    effectif.maj_le = maintenant
    db.session.flush()
    abonnes.annoncer("apres_parcours", [effectif.id])


def _consigner(evenement: str, effectif: Effectif, **details: Any) -> None:
    journal.consigner(
        evenement, organisme_id=effectif.organisme_id, objet=("effectif", effectif.id), **details
    )
