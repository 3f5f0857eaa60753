"""What became of sealed letters, brought back to their files: by jobs, as the system (ADR 0024)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import CursorResult, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.liaisons.etats import ESSAIS_MAX
from tdba.liaisons.models import Liaison, Pli
from tdba.ruptures import oppositions
from tdba.ruptures.models import Demarche, Dossier
from tdba.ruptures.regles import ajouter_mois
from tdba.scope import Droit

RESULTATS: Final = {"RENDEZ_VOUS": "RENDEZ_VOUS", "INJOIGNABLE": "SANS_REPONSE", "AUTRE": None}
"""Answer → result of the step that it becomes."""
MOIS_CONTACT: Final = 12
"""Months after which the name and the address of the adviser are erased."""
LOT: Final = 500


def recevoir(uuid: UUID, maintenant: datetime) -> None:
    """Copy to the file what the letter says of itself: opened, answered, destroyed. May run twice."""
    liaison = _liaison(uuid)
    if liaison is None:
        return
    dossier = _dossier(liaison)  # locked first, as whoever sends a letter does
    db.session.refresh(liaison, with_for_update=True)
    pli = db.session.execute(select(Pli).where(Pli.uuid == uuid)).scalar_one_or_none()
    if pli is None:
        return
    if pli.ouvert_le is not None and liaison.ouverte_le is None:
        liaison.ouverte_le = pli.ouvert_le
        _consigner("liaison.ouverte", liaison, dossier)
    if pli.repondu_le is not None and liaison.repondu_le is None:
        liaison.reponse, liaison.repondu_le = pli.reponse, pli.repondu_le
        _consigner("liaison.repondue", liaison, dossier, reponse=pli.reponse)
        _noter(liaison, dossier)
    if pli.ouvert_le is None and pli.essais >= ESSAIS_MAX and liaison.revoquee_le is None:
        liaison.revoquee_le = maintenant
        _consigner("liaison.revoquee", liaison, dossier, cause="CODES")


def _liaison(uuid: UUID) -> Liaison | None:
    requete = scope.select_for(Liaison, Droit.CORRIGER).where(Liaison.uuid == uuid)
    trouvee: Liaison | None = db.session.execute(requete).scalar_one_or_none()
    return trouvee


def _dossier(liaison: Liaison) -> Dossier:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.id == liaison.dossier_id)
    trouve: Dossier = db.session.execute(requete.with_for_update()).scalar_one()
    return trouve


def _noter(liaison: Liaison, dossier: Dossier) -> None:
    """The answer is a step of the file, noted for who sent the letter; a frozen file takes none."""
    assert liaison.reponse is not None  # noqa: S101 - just copied
    assert liaison.repondu_le is not None  # noqa: S101
    if oppositions.est_gele(dossier.effectif_id):
        return
    demarche = (
        insert(Demarche)
        .values(
            dossier_id=dossier.id,
            organisme_id=dossier.organisme_id,
            annee_scolaire=dossier.annee_scolaire,
            nature="MISSION_LOCALE",
            resultat=RESULTATS[liaison.reponse],
            le=liaison.repondu_le,
            prochaine_le=dossier.prochaine_le,  # a promised step stays, also when a later one is taken back
            personne_id=liaison.personne_id,
            cle_formulaire=f"liaison-{liaison.uuid}",
        )
        .on_conflict_do_nothing(index_elements=["cle_formulaire"])
        .returning(Demarche.id)
    )
    demarche_id = db.session.execute(scope.pour_ecriture(demarche, Droit.CORRIGER)).scalar_one_or_none()
    if demarche_id is None:
        return
    derniere = dossier.derniere_demarche_le
    dossier.derniere_demarche_le = max(derniere, liaison.repondu_le) if derniere else liaison.repondu_le
    journal.consigner(
        "dossier.demarche_notee",
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
        demarche_id=demarche_id,
        nature="MISSION_LOCALE",
    )


def retirer_les_caducs(maintenant: datetime) -> int:
    """Empty the letters about somebody who objected since, or whose record is in the bin or gone. Returns how many.

    The reader of a letter reaches no table about people, so that the letter cannot know: this job, often, tells it.
    """
    requete = (
        scope.select_for(
            Effectif, Droit.CORRIGER, Liaison, Dossier, Effectif.corbeille_le, avec_corbeille=True
        )
        .join(
            Dossier, and_(Dossier.effectif_id == Effectif.id, Dossier.organisme_id == Effectif.organisme_id)
        )
        .join(Liaison, and_(Liaison.dossier_id == Dossier.id, Liaison.organisme_id == Dossier.organisme_id))
        .join(Pli, Pli.uuid == Liaison.uuid)
        .where(Pli.contenu.is_not(None), or_(Effectif.corbeille_le.is_not(None), oppositions.GELE))
        .limit(LOT)
    )
    trouves = db.session.execute(requete).all()
    for liaison, dossier, corbeille_le in trouves:
        liaison.revoquee_le = maintenant
        _vider([liaison.uuid])
        _consigner("liaison.revoquee", liaison, dossier, cause="CORBEILLE" if corbeille_le else "OPPOSITION")
    return len(trouves) + _vider_les_orphelins()


def _vider(uuids: Sequence[UUID]) -> None:
    db.session.execute(update(Pli).where(Pli.uuid.in_(uuids)).values(contenu=None))


def _vider_les_orphelins() -> int:
    """Letters whose file was erased."""
    la_leur = scope.select_for(Liaison, Droit.CORRIGER, Liaison.id).where(Liaison.uuid == Pli.uuid)
    requete = update(Pli).where(Pli.contenu.is_not(None), ~la_leur.exists()).values(contenu=None)
    return _nombre(scope.pour_ecriture(requete, Droit.CORRIGER))


def entretenir(maintenant: datetime) -> None:
    """Every night: erase the letters that expired, and the names of advisers after twelve months."""
    expires = (
        db.session.execute(select(Pli).where(Pli.expire_le <= maintenant).limit(10 * LOT)).scalars().all()
    )
    for pli in expires:
        recevoir(pli.uuid, maintenant)  # an answer that no run could bring back yet is not lost
        if pli.contenu is not None:
            _consigner_expiration(pli.uuid)
    uuids = [pli.uuid for pli in expires]
    db.session.execute(delete(Pli).where(Pli.uuid.in_(uuids)))
    jour = ajouter_mois(horloge.jour_de_paris(maintenant), -MOIS_CONTACT)
    nommees = or_(Liaison.contact.is_not(None), Liaison.courriel.is_not(None))
    anciennes = update(Liaison).where(Liaison.cree_le < jour, nommees).values(contact=None, courriel=None)
    contacts = _nombre(scope.pour_ecriture(anciennes, Droit.CORRIGER))
    if uuids or contacts:
        journal.consigner("liaisons.entretien", plis=len(uuids), contacts=contacts)


def _consigner_expiration(uuid: UUID) -> None:
    liaison = _liaison(uuid)
    if liaison is not None:
        _consigner("liaison.expiree", liaison, _dossier(liaison))


def _nombre(requete: Any) -> int:
    # Not synchronised: what the session holds of these rows is not read again in this run.
    options = {"synchronize_session": False}
    return cast("CursorResult[Any]", db.session.execute(requete, execution_options=options)).rowcount


def _consigner(evenement: str, liaison: Liaison, dossier: Dossier, **details: Any) -> None:
    journal.consigner(
        evenement,
        organisme_id=liaison.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
        liaison_id=liaison.id,
        **details,
    )
