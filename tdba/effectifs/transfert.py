"""Moving a record to another establishment of the family, and back (issue 5, part 6).

All that hangs on the record follows it (composite keys, decision 40), figures of both sites included. The former site's
ERP goes on sending it: its lines are held as long as the transfer stands, so that they create no second record; the
transfer is *joined* when a source sends the record for its new site. Routes commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from tdba import abonnes, horloge, journal, scope
from tdba.db import db
from tdba.effectifs import motifs_gestes, sql_reception, suites
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import Transfert
from tdba.effectifs.suites import Nature, Suite
from tdba.errors import ErreurMetier
from tdba.organismes import queries as organismes
from tdba.organismes.models import RelationOrganisme
from tdba.scope import Droit, Introuvable


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """Where a record is moved, since when, and why."""

    destination: int
    a_compter_du: date
    motif: str
    commentaire: str | None = None
    demande_id: int | None = None


class DejaLa(ErreurMetier):
    """The destination holds a record of the same ERP number and year: two would become one key."""

    def __init__(self, autre_id: int, *, en_corbeille: bool) -> None:
        ou = "dans sa corbeille" if en_corbeille else "dans sa liste"
        super().__init__(
            f"Cet établissement a déjà, {ou}, une fiche du même numéro d’ERP pour la même année. "
            "Comparez les deux : si c’est la même personne, mettez l’une des deux à la corbeille.",
            champ="destination",
        )
        self.autre_id, self.en_corbeille = autre_id, en_corbeille


def transferer(effectif_id: int, demande: Demande, *, maintenant: datetime) -> Transfert:
    """Move a record. Already there by a transfer: that transfer, nothing is written (a form sent twice).

    Raises Introuvable for a record or an establishment out of reach, ErreurMetier for what a rule refuses.
    """
    depart = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER).organisme_id
    exiger_place(depart, demande.destination)
    verrouiller((depart, demande.destination))
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True)
    db.session.refresh(effectif)
    if effectif.organisme_id == demande.destination:
        return _deja_fait(effectif)
    if effectif.organisme_id != depart:
        raise ErreurMetier("Cette fiche vient d’être transférée par quelqu’un d’autre. Rechargez-la.")
    verifier(effectif, demande, horloge.jour_de_paris(maintenant))
    _clore_le_retour(effectif, demande.destination, maintenant)
    transfert = _tracer(effectif, demande, maintenant)
    _deplacer(effectif, demande.destination, _responsable(effectif, demande.destination), maintenant)
    _suivre("effectif.transfere", transfert, depart, motif=demande.motif)
    return transfert


def annuler(transfert_id: int, *, maintenant: datetime) -> Transfert:
    """Put a record back where it was. Already undone: nothing is written.

    Raises Introuvable, or ErreurMetier when something newer stands on this transfer.
    """
    transfert = scope.get_or_404(Transfert, transfert_id, Droit.CORRIGER)
    ancien = transfert.ancien_organisme_id
    exiger_place(transfert.organisme_id, ancien)
    verrouiller((transfert.organisme_id, ancien))
    effectif = scope.get_or_404(Effectif, transfert.effectif_id, Droit.CORRIGER, verrou=True)
    db.session.refresh(effectif)
    db.session.refresh(transfert)
    if transfert.annule_le is not None:
        return transfert
    if transfert.joint_le is not None:
        raise ErreurMetier(
            "Votre ERP envoie maintenant cette fiche pour son nouvel établissement : changez-la d’abord dans l’ERP, "
            "puis transférez-la de nouveau."
        )
    if _en_vigueur(effectif.id)[0].id != transfert.id:
        raise ErreurMetier(
            "Cette fiche a été transférée de nouveau depuis : annulez d’abord ce transfert-là."
        )
    _exiger_libre(effectif, ancien)
    depart = effectif.organisme_id
    transfert.annule_le = maintenant
    db.session.flush()
    _rouvrir_le_retour(transfert)
    _deplacer(effectif, ancien, transfert.ancien_responsable_id, maintenant)
    _suivre("effectif.transfert_annule", transfert, depart)
    return transfert


def verrouiller(organisme_ids: Sequence[int]) -> None:
    """Keep the intake of these establishments out until the end of the transaction, in one order for all."""
    connexion = scope.connexion("transfert d’une fiche")
    for organisme_id in sorted(set(organisme_ids)):
        connexion.exec_driver_sql(sql_reception.VERROU, {"organisme_id": organisme_id})


def exiger_place(depart: int, destination: int) -> None:
    """Raises Introuvable for an establishment where the person may not move records from this one."""
    if destination != depart and destination not in destinations(depart):
        raise Introuvable


def destinations(depart: int) -> frozenset[int]:
    """Where the person may move the records of an establishment: what they may correct; the family, for the nation."""
    permis = scope.courant().portee(Droit.CORRIGER).organismes
    return (famille(depart) if permis is None else permis) - {depart}


def effectif_de(transfert_id: int) -> int:
    """Raise Introuvable for a transfer that is not theirs."""
    return scope.get_or_404(Transfert, transfert_id, Droit.CORRIGER).effectif_id


def verifier(effectif: Effectif, demande: Demande, jour: date) -> None:
    """What a transfer would be refused for, before it is asked. Raises ErreurMetier."""
    refus = motifs_gestes.refus_de(demande.motif, demande.commentaire, motifs_gestes.TRANSFERTS)
    if refus is not None:
        raise ErreurMetier(refus.phrase, champ=refus.champ)
    if demande.a_compter_du > jour:
        raise ErreurMetier(
            "Ce jour est à venir : faites le transfert quand il aura lieu.", champ="a_compter_du"
        )
    if effectif.date_entree is not None and demande.a_compter_du < effectif.date_entree:
        raise ErreurMetier("Ce jour précède l’entrée en formation.", champ="a_compter_du")
    _exiger_libre(effectif, demande.destination)


def famille(organisme_id: int) -> frozenset[int]:
    """An establishment, those it fully answers for, those that fully answer for it, and theirs."""
    responsables = db.session.scalars(
        select(RelationOrganisme.responsable_id).where(
            RelationOrganisme.formateur_id == organisme_id, RelationOrganisme.partielle.is_(False)
        )
    )
    tetes = {organisme_id, *responsables}
    return frozenset().union(*(organismes.famille_ecriture(tete) for tete in sorted(tetes)))


def _autre_fiche(effectif: Effectif, organisme_id: int) -> tuple[int, bool] | None:
    """The record that holds the same key in that establishment, and whether it is in the bin."""
    requete = scope.select_for(
        Effectif, Droit.CORRIGER, Effectif.id, Effectif.corbeille_le.is_not(None), avec_corbeille=True
    ).where(
        Effectif.organisme_id == organisme_id,
        Effectif.annee_scolaire == effectif.annee_scolaire,
        Effectif.id_erp == effectif.id_erp,
    )
    ligne = db.session.execute(requete).one_or_none()
    return None if ligne is None else (ligne[0], ligne[1])


def _exiger_libre(effectif: Effectif, organisme_id: int) -> None:
    autre = _autre_fiche(effectif, organisme_id)
    if autre is not None:
        raise DejaLa(autre[0], en_corbeille=autre[1])


def _en_vigueur(effectif_id: int) -> Sequence[Transfert]:
    requete = scope.select_for(Transfert, Droit.CORRIGER).where(
        Transfert.effectif_id == effectif_id, Transfert.annule_le.is_(None)
    )
    return db.session.execute(requete.order_by(Transfert.id.desc())).scalars().all()


def _deja_fait(effectif: Effectif) -> Transfert:
    faits = _en_vigueur(effectif.id)
    if not faits:
        raise ErreurMetier("Cette fiche est déjà dans cet établissement.", champ="destination")
    return faits[0]


def _responsable(effectif: Effectif, destination: int) -> int | None:
    """Who answers for the record there: the same establishment when it answers for the new site too, else that site."""
    actuel = effectif.responsable_id
    if actuel is None or destination in organismes.famille_ecriture(actuel):
        return actuel
    return destination


def _clore_le_retour(effectif: Effectif, destination: int, maintenant: datetime) -> None:
    """A record that comes back where it was: what that site's ERP sends is about it again, hence no more held."""
    for transfert in _en_vigueur(effectif.id):
        if transfert.ancien_organisme_id == destination:
            transfert.annule_le = maintenant
    db.session.flush()


def _rouvrir_le_retour(transfert: Transfert) -> None:
    """What this transfer had closed by coming back stands again: the instant is theirs alone."""
    requete = (
        update(Transfert)
        .where(
            Transfert.effectif_id == transfert.effectif_id,
            Transfert.id < transfert.id,
            Transfert.annule_le == transfert.cree_le,
        )
        .values(annule_le=None)
        .execution_options(synchronize_session=False)  # nothing is kept in the session after the move
    )
    db.session.execute(scope.pour_ecriture(requete, Droit.CORRIGER))


def _tracer(effectif: Effectif, demande: Demande, maintenant: datetime) -> Transfert:
    acteur = scope.courant()
    transfert = Transfert(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,  # follows the record, as all that hangs on it
        ancien_organisme_id=effectif.organisme_id,
        annee_scolaire=effectif.annee_scolaire,
        id_erp=effectif.id_erp,
        a_compter_du=demande.a_compter_du,
        motif=demande.motif,
        commentaire=demande.commentaire or None,
        personne_id=acteur.personne_id,
        habilitation_id=acteur.habilitation_id,
        demande_id=demande.demande_id,
        ancien_responsable_id=effectif.responsable_id,
        cree_le=maintenant,
    )
    db.session.add(transfert)
    db.session.flush()
    return transfert


def _deplacer(
    effectif: Effectif, organisme_id: int, responsable_id: int | None, maintenant: datetime
) -> None:
    effectif_id = effectif.id
    abonnes.annoncer("avant_parcours", [effectif_id])
    effectif.organisme_id, effectif.responsable_id = organisme_id, responsable_id
    effectif.version += 1
    effectif.maj_le = maintenant
    db.session.flush()
    db.session.expire_all()  # what hangs on the record moved with it, in the database
    abonnes.annoncer("apres_parcours", [effectif_id])


def _suivre(evenement: str, transfert: Transfert, depart: int, **details: Any) -> None:
    journal.consigner(
        evenement,
        organisme_id=transfert.organisme_id,
        objet=("effectif", transfert.effectif_id),
        transfert_id=transfert.id,
        ancien_organisme_id=depart,
        **details,
    )
    nature: Nature = "TRANSFERT" if evenement == "effectif.transfere" else "TRANSFERT_ANNULE"
    suites.annoncer(Suite(nature, transfert.effectif_id, transfert.organisme_id, depart))
