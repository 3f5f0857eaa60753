"""Bulk actions as a person prepares, confirms and undoes them; their job does the rest (issue 5, part 1).

The records are frozen when the action is prepared: what is confirmed is what was counted. Routes commit.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, delete, or_

from tdba import journal, scope
from tdba.db import db, table_de
from tdba.effectifs import champs_corriges, groupees, motifs_gestes, queries_groupees, recherche
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.groupees import A_CONFIRMER, CORRECTION, RESTAURATION, RETRAIT, SORTIE, TRANSFERT
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import ActionGroupee
from tdba.effectifs.queries_filtres import conditions_de
from tdba.effectifs.queries_groupees import ALire
from tdba.effectifs.service_liste import approcher
from tdba.effectifs.valeurs import en_texte
from tdba.errors import ErreurMetier
from tdba.formats import nombre
from tdba.jobs import enqueue_after_commit
from tdba.scope import Droit

PREPAREE: Final = timedelta(days=1)
GARDEE: Final = timedelta(days=90)
"""How long an action never confirmed, and one confirmed, are kept."""


@dataclass(frozen=True, slots=True)
class Effet:
    """What an action would do, by groups."""

    changees: int
    sans_effet: int
    refusees: Counter[str] = field(default_factory=Counter)
    """Code of `groupees.REFUS` → how many."""


def des_choisies(ids: Collection[int]) -> list[ColumnElement[bool]]:
    """The rows that were ticked. What is out of reach is not found, hence left out."""
    return [Effectif.id.in_(ids)]


def de_la_liste(demandes: Filtres, texte: str | None, jour: date) -> list[ColumnElement[bool]]:
    """All that a list shows. Raises ErreurMetier for a state that says more than what can be read again."""
    if demandes.ignores or (demandes.r and texte is None):
        raise ErreurMetier(
            "Cette liste a changé depuis que vous l’avez ouverte : affichez-la de nouveau, puis recommencez."
        )
    criteres = recherche.comprendre(texte) if texte is not None else None
    conditions = conditions_de(demandes, criteres, jour)
    if criteres is not None and not db.session.execute(_choisis(conditions).limit(1)).first():
        conditions = conditions_de(demandes, approcher(demandes, criteres, jour), jour)
    return conditions


def preparer(nature: str, conditions: list[ColumnElement[bool]], maintenant: datetime) -> ActionGroupee:
    """Freeze the records of an action. Raises ErreurMetier when there is none, or too many."""
    acteur = scope.courant()
    action = ActionGroupee(
        uuid=uuid4(),
        personne_id=acteur.personne_id,
        habilitation_id=acteur.habilitation_id,
        nature=nature,
        parametres={},
        motif="",
        nombre=0,
        cree_le=maintenant,
    )
    db.session.add(action)
    db.session.flush()
    choisis = _choisis(conditions, en_corbeille=nature == RESTAURATION)
    action.nombre = queries_groupees.figer(action.id, choisis)
    if action.nombre == 0:
        raise ErreurMetier("Aucune fiche n’est choisie : cochez celles que l’action concerne.")
    if action.nombre > groupees.MAX:
        raise ErreurMetier(
            f"Cette liste compte plus de {nombre(groupees.MAX)} fiches : resserrez-la par un filtre, puis recommencez."
        )
    return action


def _choisis(conditions: list[ColumnElement[bool]], *, en_corbeille: bool = False) -> Select[Any]:
    requete = scope.select_for(
        Effectif,
        Droit.CORRIGER,
        Effectif.id,
        Effectif.organisme_id,
        Effectif.annee_scolaire,
        avec_corbeille=en_corbeille,
    ).where(*conditions)
    return requete.where(Effectif.corbeille_le.is_not(None)) if en_corbeille else requete


def verifier(
    action: ActionGroupee, parametres: Mapping[str, str], motif: str, commentaire: str | None, jour: date
) -> dict[str, str]:
    """The parameters as they will be written. Raises ErreurMetier, Introuvable."""
    motifs = groupees.NATURES[action.nature].motifs
    if motifs and (refus := motifs_gestes.refus_de(motif, commentaire, motifs)):
        raise ErreurMetier(refus.phrase, champ=refus.champ)
    propres = dict(parametres)
    if action.nature == TRANSFERT:
        if int(propres["destination"]) not in destinations():
            raise scope.Introuvable
        if date.fromisoformat(propres["a_compter_du"]) > jour:
            raise ErreurMetier(
                "Ce jour est à venir : faites le transfert quand il aura lieu.", champ="a_compter_du"
            )
    if action.nature in (CORRECTION, SORTIE):
        champ = groupees.champ_de(action.nature, propres)
        if action.nature == CORRECTION and champ not in groupees.CHAMPS:
            raise ErreurMetier("Choisissez un champ dans la liste.", champ="champ")
        try:
            valeur = champs_corriges.lire(champ, propres["valeur"], actuelle=None)
        except champs_corriges.ValeurRefusee as refusee:
            raise ErreurMetier(
                str(refusee), champ="valeur" if action.nature == CORRECTION else "le"
            ) from None
        propres["valeur"] = en_texte(valeur) or ""
    return propres


def destinations() -> frozenset[int]:
    """Where records may be moved together: what the person may correct."""
    return scope.courant().portee(Droit.CORRIGER).organismes or frozenset()


def effet(action: ActionGroupee, parametres: Mapping[str, str], jour: date) -> Effet:
    """What confirming would do, by the rules that the job applies. Reads the records in one statement."""
    correction = action.nature in (CORRECTION, SORTIE)
    champ = groupees.champ_de(action.nature, parametres) if correction else None
    destination = int(parametres["destination"]) if action.nature == TRANSFERT else None
    champs = tuple(dict.fromkeys([*champs_corriges.DATES, *([champ] if champ else [])]))
    lues = queries_groupees.a_lire(action.id, champs, destination)
    issues = Counter(_issue(action.nature, lue, parametres, champ, destination, jour) for lue in lues)
    refusees = Counter({code: n for code, n in issues.items() if code in groupees.REFUS})
    if disparues := action.nombre - len(lues):
        refusees["INTROUVABLE"] += disparues
    return Effet(issues[groupees.FAITES], issues[groupees.SANS_EFFET], refusees)


def _issue(
    nature: str,
    lue: ALire,
    parametres: Mapping[str, str],
    champ: str | None,
    destination: int | None,
    jour: date,
) -> str:
    if nature in (RETRAIT, RESTAURATION):
        return groupees.FAITES if lue.en_corbeille == (nature == RESTAURATION) else groupees.SANS_EFFET
    if lue.en_corbeille:
        return "INTROUVABLE"
    if champ is None:
        return _issue_de_transfert(lue, destination, date.fromisoformat(parametres["a_compter_du"]))
    if en_texte(lue.valeurs[champ]) == parametres["valeur"]:
        return groupees.SANS_EFFET
    voulues = lue.valeurs | {champ: champs_corriges.lire(champ, parametres["valeur"], actuelle=None)}
    dates = {nom: voulues[nom] for nom in champs_corriges.DATES}
    refus = champs_corriges.refus_de_dates(dates, changes={champ}, jour=jour)
    return groupees.FAITES if refus is None else "DATES"


def _issue_de_transfert(lue: ALire, destination: int | None, le: date) -> str:
    if lue.organisme_id == destination:
        return groupees.SANS_EFFET
    if lue.pris:
        return "DEJA_LA"
    entree = lue.valeurs["date_entree"]
    return "AVANT_ENTREE" if entree is not None and le < entree else groupees.FAITES


def confirmer(
    action: ActionGroupee, parametres: Mapping[str, str], motif: str, commentaire: str | None
) -> bool:
    """Start an action opened with its lock. False when it already was: nothing is asked twice."""
    if action.etat != A_CONFIRMER:
        return False
    action.parametres, action.motif = dict(parametres), motif
    action.commentaire = commentaire or None
    action.etat = groupees.EN_COURS
    db.session.flush()
    _demander(action, "effectif.action_groupee")
    return True


def annuler(action: ActionGroupee) -> bool:
    """Ask for an action opened with its lock to be undone. False when that is not possible, or already asked."""
    if action.etat != groupees.FAITE:
        return False
    action.etat, action.faits = groupees.ANNULATION, 0
    db.session.flush()
    _demander(action, "effectif.action_groupee_annulee")
    return True


def _demander(action: ActionGroupee, evenement: str) -> None:
    journal.consigner(evenement, action_id=action.id, nature=action.nature, nombre=action.nombre)
    enqueue_after_commit("effectifs.action_groupee", action_id=action.id)


def oublier(maintenant: datetime) -> None:
    """Every night: actions never confirmed go after a day, the others after ninety."""
    table = table_de(ActionGroupee)
    vieilles = or_(
        (table.c.etat == A_CONFIRMER) & (table.c.cree_le < maintenant - PREPAREE),
        table.c.cree_le < maintenant - GARDEE,
    )
    db.session.execute(delete(table).where(vieilles))
