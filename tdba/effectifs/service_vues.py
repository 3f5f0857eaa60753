"""Saving, renaming, sharing and deleting the views of the list; choosing its columns. The caller commits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.effectifs import colonnes_liste, queries_vues, vues
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models_gestes import ReglageListe, Vue
from tdba.errors import ErreurMetier
from tdba.scope import Introuvable


def enregistrer(
    nom: str, filtres: Filtres, colonnes: Iterable[str], *, partagee: bool, maintenant: datetime
) -> Vue:
    """Keep this state of the list. The same one sent twice is kept once. Raises ErreurMetier."""
    _verifier(nom)
    siennes = queries_vues.siennes()
    parametres = vues.etat(filtres)
    homonyme = next((vue for vue in siennes if vue.nom == nom), None)
    if homonyme is not None and homonyme.parametres == parametres:
        return homonyme
    if homonyme is not None:
        raise ErreurMetier("Vous avez déjà une vue de ce nom. Écrivez-en un autre.", champ="nom")
    if len(siennes) >= vues.VUES_MAX:
        raise ErreurMetier(
            f"Vous avez déjà {vues.VUES_MAX} vues. Supprimez-en une avant d’en enregistrer une autre.",
            champ="nom",
        )
    vue = Vue(
        personne_id=_moi(),
        organisation_id=queries_vues.organisation_courante() if partagee else None,
        nom=nom,
        parametres=parametres,
        colonnes=list(colonnes),
        cree_le=maintenant,
    )
    db.session.add(vue)
    db.session.flush()
    journal.consigner("vue.enregistree", objet=("vue", vue.id), partagee=partagee)
    return vue


def modifier(vue_id: int, nom: str, *, partagee: bool) -> None:
    """Rename a view of one's own, share it or take it back. Raises ErreurMetier, Introuvable."""
    vue = queries_vues.sienne(vue_id)
    _verifier(nom)
    if any(autre.nom == nom and autre.id != vue_id for autre in queries_vues.siennes()):
        raise ErreurMetier("Vous avez déjà une vue de ce nom. Écrivez-en un autre.", champ="nom")
    champs = []
    if vue.nom != nom:
        vue.nom = nom
        champs.append("nom")
    if (vue.organisation_id is not None) != partagee:
        vue.organisation_id = queries_vues.organisation_courante() if partagee else None
        champs.append("organisation_id")
    if champs:
        journal.consigner("vue.modifiee", objet=("vue", vue_id), champs=champs)


def supprimer(vue_id: int) -> None:
    """Delete a view of one's own; done twice is done once. Raises Introuvable for another's."""
    db.session.delete(queries_vues.sienne(vue_id))
    journal.consigner("vue.supprimee", objet=("vue", vue_id))


def choisir_colonnes(colonnes: Iterable[str] | None, permises: Iterable[str], maintenant: datetime) -> None:
    """Remember the columns chosen, of those that the person may have; None goes back to the usual ones."""
    moi = _moi()
    if colonnes is None:
        db.session.execute(delete(ReglageListe).where(ReglageListe.personne_id == moi))
        retenues: list[str] = []
    else:
        demandees = {*colonnes, colonnes_liste.TOUJOURS}
        retenues = [code for code in permises if code in demandees]
        valeurs = {"colonnes": retenues, "maj_le": maintenant}
        requete = insert(ReglageListe).values(personne_id=moi, **valeurs)
        db.session.execute(requete.on_conflict_do_update(index_elements=["personne_id"], set_=valeurs))
    journal.consigner("liste.colonnes_choisies", colonnes=retenues)


def _moi() -> int:
    moi = scope.courant().personne_id
    if moi is None:
        raise Introuvable
    return moi


def _verifier(nom: str) -> None:
    refus = vues.refus_de_nom(nom)
    if refus is not None:
        raise ErreurMetier(refus, champ="nom")
