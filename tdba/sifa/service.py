"""What people do for the survey: answer, say that the file is given, keep the trace of a file. Callers commit."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db, table_de
from tdba.effectifs.models import Effectif
from tdba.jobs import enqueue_after_commit
from tdba.scope import Droit
from tdba.sifa import champs, fichier, queries
from tdba.sifa.models import CampagneSifa, FicheSifa, FichierSifa
from tdba.sifa.queries import Dossier


class VersionPerimee(Exception):
    """Somebody else answered since the form was opened. Nothing was saved (decision 18)."""


def repondre(
    effectif_id: int, saisies: Mapping[str, str | None], version: int, maintenant: datetime
) -> list[str]:
    """Keep the answers that differ from what is already known; returns which. Raises VersionPerimee.

    An answer that is emptied stays empty, whatever a source says.
    """
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER, verrou=True)
    requete = scope.select_for(FicheSifa, Droit.CORRIGER).where(FicheSifa.effectif_id == effectif_id)
    fiche = db.session.execute(requete.execution_options(populate_existing=True)).scalar_one_or_none()
    connues = queries.dossier(effectif_id).personne.reponses
    changees = {nom: dite or "" for nom, dite in saisies.items() if (dite or "") != (connues.get(nom) or "")}
    if not changees:
        return []
    if (fiche.version if fiche else 0) != version:
        raise VersionPerimee
    fiche = fiche or _nouvelle(effectif)
    fiche.saisies = fiche.saisies | changees
    fiche.version += 1
    fiche.personne_id, fiche.maj_le = scope.courant().personne_id, maintenant
    db.session.flush()
    journal.consigner(
        "sifa.fiche_remplie",
        organisme_id=effectif.organisme_id,
        objet=("effectif", effectif_id),
        # A disability or a family is not told by the journal either.
        champs=sorted({"SENSIBLE" if champs.CHAMPS[nom].sensible else nom for nom in changees}),
    )
    enqueue_after_commit("sifa.faire_le_point", organisme_id=effectif.organisme_id)
    return sorted(changees)


def _nouvelle(effectif: Effectif) -> FicheSifa:
    fiche = FicheSifa(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,
        annee_scolaire=effectif.annee_scolaire,
        recues={},
        saisies={},
        version=0,
    )
    db.session.add(fiche)
    return fiche


def repondre_pour_l_etablissement(
    organisme_id: int, annee: int, reponses: Mapping[str, str | None], maintenant: datetime
) -> None:
    """Keep what the establishment answers once for all its records of that year."""
    gardees = {nom: dite for nom, dite in reponses.items() if dite}
    _campagne(organisme_id, annee, maintenant, reponses=gardees)
    journal.consigner("sifa.reponses", organisme_id=organisme_id, annee=annee, champs=sorted(gardees))
    enqueue_after_commit("sifa.faire_le_point", organisme_id=organisme_id)


def dire_deposee(organisme_id: int, annee: int, *, deposee: bool, maintenant: datetime) -> None:
    """Say that the file was given to the ministry's platform, or that it was not after all."""
    _campagne(organisme_id, annee, maintenant, deposee_le=maintenant if deposee else None)
    journal.consigner("sifa.deposee", organisme_id=organisme_id, annee=annee, deposee=deposee)
    enqueue_after_commit("sifa.faire_le_point", organisme_id=organisme_id)


def _campagne(organisme_id: int, annee: int, maintenant: datetime, **colonnes: object) -> None:
    changes = colonnes | {"personne_id": scope.courant().personne_id, "maj_le": maintenant}
    ajout = insert(table_de(CampagneSifa)).values(organisme_id=organisme_id, annee=annee, **changes)
    db.session.execute(ajout.on_conflict_do_update(index_elements=["organisme_id", "annee"], set_=changes))


class Fabrique:
    """A file of the survey, from the records of an establishment."""

    def __init__(self, dossiers: list[Dossier]) -> None:
        self.pris = [d for d in dossiers if not d.refuse]
        self.refuses = [d for d in dossiers if d.refuse]
        self.incomplets = sum(not d.complet for d in self.pris)
        self.rangees = [d.rangee for d in self.pris]

    @property
    def empreinte(self) -> bytes:
        return fichier.empreinte(self.rangees)

    def contenu(self, format_: str) -> bytes:
        """The bytes, as CSV or XLSX."""
        return fichier.csv(self.rangees) if format_ == "CSV" else fichier.xlsx(self.rangees)


def garder_la_trace(
    organisme_id: int, annee: int, fabrique: Fabrique, format_: str, maintenant: datetime
) -> FichierSifa:
    """Note that a file was made; the file itself is not kept."""
    personne_id = scope.courant().personne_id
    assert personne_id is not None  # noqa: S101 - a screen is opened by somebody
    trace = FichierSifa(
        organisme_id=organisme_id,
        annee=annee,
        format=format_,
        nombre=len(fabrique.pris),
        incompletes=fabrique.incomplets,
        empreinte=fabrique.empreinte,
        personne_id=personne_id,
        cree_le=maintenant,
    )
    db.session.add(trace)
    db.session.flush()
    journal.consigner(
        "sifa.fichier_fait",
        organisme_id=organisme_id,
        fichier_id=trace.id,
        annee=annee,
        format=format_,
        nombre=trace.nombre,
    )
    return trace


def saisies_de(effectif_id: int) -> frozenset[str]:
    """The questions that people answered themselves on this record."""
    requete = scope.select_for(FicheSifa, Droit.CORRIGER, FicheSifa.saisies)
    saisies = db.session.execute(requete.where(FicheSifa.effectif_id == effectif_id)).scalar_one_or_none()
    return frozenset(saisies or ())
