"""Asking for a file, taking it away, forgetting it (issue 5 part 7, decisions 27, 34 and 41)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.exports import queries, refus
from tdba.exports.catalogue import LISTES, Liste
from tdba.exports.colonnes import Colonne, permises
from tdba.exports.ecriture_ods import LIGNES_MAX as LIGNES_ODS
from tdba.exports.finalites import AUTRE
from tdba.exports.models import Export, ExportBloc
from tdba.formats import INSECABLE
from tdba.jobs import enqueue_after_commit
from tdba.scope import Droit, Introuvable

VALABLE: Final = timedelta(hours=24)
"""How long a file waits for the person who asked for it (issue 5)."""
CONSERVATION: Final = timedelta(days=365)
"""How long the row of a file stays as a trace: as the log of consultations (decision 33)."""
A_LA_FOIS: Final = 3
"""Files being made for one person: ours, so that nobody holds every worker."""


class Compte(NamedTuple):
    """What would leave."""

    lignes: int
    mineurs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """What a person asks for. `jeton` comes with the form: sent twice, it is one file."""

    jeton: UUID
    etat: Any
    """State of the list, as its `comprendre` gives it."""
    recherche: str | None
    finalite: str
    precision: str | None
    format: str
    colonnes: Sequence[str]


def offertes(liste: Liste) -> list[Colonne]:
    """The columns that the current person may choose."""
    return permises(liste.colonnes, scope.courant().a)


def compter(liste: Liste, etat: Any, jour: date) -> Compte:
    """How many rows leave, and how many of these people are under 18."""
    toutes = liste.selection(etat, jour).order_by(None).subquery()
    requete = select(func.count(), func.count().filter(toutes.c.mineur)).select_from(toutes)
    lignes, mineurs = db.session.execute(scope.autorisee(requete, liste.droit)).one()
    return Compte(int(lignes), int(mineurs))


def demander(liste: Liste, demande: Demande, *, maintenant: datetime, jour: date) -> UUID:
    """Record what is asked, for a job to make. Raises ErreurMetier when it cannot be."""
    acteur = scope.courant()
    colonnes = _choisies(liste, demande.colonnes)
    compte = compter(liste, demande.etat, jour)
    _verifier(demande, compte)
    valeurs = {
        "uuid": demande.jeton,
        "personne_id": acteur.personne_id,
        "habilitation_id": acteur.habilitation_id,
        "liste": liste.code,
        "format": demande.format,
        "finalite": demande.finalite,
        "precision_finalite": demande.precision if demande.finalite == AUTRE else None,
        "colonnes": colonnes,
        "criteres": liste.criteres(demande.etat),
        "recherche": demande.recherche,
        "total": compte.lignes,
        "cree_le": maintenant,
        "expire_le": maintenant + VALABLE,
    }
    requete = insert(Export).values(valeurs).on_conflict_do_nothing(index_elements=[Export.uuid])
    cree = db.session.execute(
        scope.pour_ecriture(requete.returning(Export.id), Droit.VOIR_NOMINATIF)
    ).scalar_one_or_none()
    if cree is None:
        return queries.le_mien(demande.jeton).uuid  # sent twice; somebody else's does not exist
    journal.consigner(
        "export.demande",
        objet=("export", cree),
        export_id=cree,
        liste=liste.code,
        format=demande.format,
        finalite=demande.finalite,
        colonnes=colonnes,
        filtres=_filtres(valeurs),
        nombre=compte.lignes,
    )
    enqueue_after_commit("exports.faire", export_id=cree)
    return demande.jeton


def _choisies(liste: Liste, codes: Sequence[str]) -> list[str]:
    """The chosen columns in the order of the list. One that is not offered, typed in the form by hand, is refused."""
    permis = [c.code for c in offertes(liste)]
    if not set(codes) <= set(permis):
        raise ErreurMetier("Une colonne choisie n’est pas dans vos droits.", champ="colonnes")
    if not codes:
        raise ErreurMetier("Choisissez au moins une colonne.", champ="colonnes")
    return [code for code in permis if code in codes]


def _verifier(demande: Demande, compte: Compte) -> None:
    if compte.lignes == 0:
        raise ErreurMetier(f"Cette liste est vide{INSECABLE}: il n’y a rien à exporter.")
    if compte.lignes > refus.LIGNES_MAX:
        raise ErreurMetier(refus.PHRASES[refus.TROP_DE_LIGNES])
    if demande.format == "ODS" and compte.lignes > LIGNES_ODS:
        raise ErreurMetier(refus.PHRASES[refus.TROP_POUR_ODS], champ="format")
    if queries.en_cours() >= A_LA_FOIS:
        raise ErreurMetier(
            "Trois fichiers sont déjà en préparation pour vous. Attendez que l’un d’eux soit prêt, puis recommencez."
        )


def _filtres(valeurs: dict[str, Any]) -> list[str]:
    """Names of what narrows the list, never their values (decision 34)."""
    noms = {paire.partition("=")[0] for paire in valeurs["criteres"].split("&") if paire}
    return sorted(noms | ({"recherche"} if valeurs["recherche"] else set()))


def a_emporter(uuid: UUID, maintenant: datetime) -> Export:
    """One's own file, when it is there. Raises Introuvable, and ErreurMetier when its time or its right is over."""
    export = queries.le_mien(uuid, verrou=True)
    if export.etat not in ("PRET", "EXPIRE"):
        raise Introuvable
    _verifier_le_droit(export)
    if export.etat == "EXPIRE" or export.expire_le <= maintenant:
        raise ErreurMetier(
            f"Ce fichier n’est plus là{INSECABLE}: il est effacé 24 heures après sa préparation. "
            "Refaites la demande depuis la liste."
        )
    return export


def _verifier_le_droit(export: Export) -> None:
    """The right under which a file was made is still held when it leaves, with the second factor that it asks for.

    Acting for another organisation, somebody would take away names whose right has ended, or whose factor was not asked.
    """
    acteur, liste = scope.courant(), LISTES[export.liste]
    if export.habilitation_id != acteur.habilitation_id:
        raise ErreurMetier(
            f"Ce fichier a été demandé pour une autre organisation{INSECABLE}: agissez de nouveau pour elle, si vous en "
            "êtes toujours membre, puis téléchargez-le."
        )
    faits = export.details.get("organismes")
    permis = acteur.portee(liste.droit).organismes
    if permis is not None and (faits is None or not permis.issuperset(faits)):
        raise ErreurMetier(
            f"Ce fichier a été fait quand vous aviez accès à plus d’établissements qu’aujourd’hui{INSECABLE}: il ne peut "
            "plus être téléchargé. Refaites la demande depuis la liste."
        )
    choisies = [c for c in liste.colonnes if c.code in export.colonnes]
    if not acteur.a(liste.droit) or len(permises(choisies, acteur.a)) != len(choisies):
        raise ErreurMetier(
            f"Vous n’avez plus le droit de lire cette liste, ou l’une de ses colonnes{INSECABLE}: ce fichier ne peut plus "
            "être téléchargé. Refaites la demande depuis la liste."
        )


def emporter(export: Export) -> list[bytes]:
    """The bytes of a file that its person takes away, counted and journaled."""
    export.telechargements += 1
    db.session.flush()
    journal.consigner("export.telecharge", objet=("export", export.id), export_id=export.id)
    return list(queries.blocs(export))


def purger(maintenant: datetime) -> int:
    """Erase the files whose time is over; their rows stay a year, as a trace (decision 41). Runs as the system."""
    _executer(delete(Export).where(Export.cree_le <= maintenant - CONSERVATION))
    finis = scope.autorisee(select(Export.id), Droit.SUPPORT).where(
        Export.expire_le <= maintenant, Export.etat.not_in(("EXPIRE", "ECHOUE"))
    )
    cles = list(db.session.execute(finis.with_for_update(skip_locked=True)).scalars())
    if not cles:
        return 0
    _executer(delete(ExportBloc).where(ExportBloc.export_id.in_(cles)))
    _executer(update(Export).where(Export.id.in_(cles), Export.etat == "PRET").values(etat="EXPIRE"))
    jamais = update(Export).where(Export.id.in_(cles), Export.etat.in_(queries.EN_COURS))
    _executer(jamais.values(etat="ECHOUE", refus=refus.INTERROMPU, recherche=None))
    journal.consigner("export.effaces", nombre=len(cles))
    return len(cles)


def _executer(requete: Any) -> None:
    requete = requete.execution_options(synchronize_session=False)
    db.session.execute(scope.pour_ecriture(requete, Droit.VOIR_NOMINATIF))
