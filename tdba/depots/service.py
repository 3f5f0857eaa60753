"""What a person does with a file: give it, say what its columns mean, confirm, undo, drop (issue 4, part 2)."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.depots import a_regler, comptages, service_fichiers, sql
from tdba.depots.conversion import Correspondance
from tdba.depots.correspondance import champs_manquants, copies_proposees, memoire, signature
from tdba.depots.models import CorrespondanceRetenue, Depot
from tdba.depots.service_fichiers import NOM_MAX
from tdba.errors import ErreurMetier
from tdba.jobs import enqueue_after_commit
from tdba.scope import Droit

REPENTIR: Final = timedelta(hours=72)
"""How long what was confirmed may be undone (decision 17)."""
PAS_TOUS: Final = (
    "Ce fichier porte aussi sur des établissements que vous ne gérez pas. La personne qui l’a déposé, ou un "
    "administrateur de votre organisme, peut le confirmer."
)


class FichesBougees(Exception):
    """Records shown as changed were changed again since: the preview says no more what confirming would do."""

    def __init__(self, nombre: int) -> None:
        super().__init__(nombre)
        self.nombre = nombre


def deposer(organisme_id: int | None, nom: str, blocs: Iterable[bytes], *, complete: bool) -> Depot:
    """Keep a file and ask for its reading. Raises ErreurMetier when there is none, or it cannot be kept."""
    if organisme_id is None:
        raise ErreurMetier(
            "Choisissez l’établissement pour lequel vous déposez ce fichier.", champ="organisme"
        )
    if not nom:
        raise ErreurMetier("Choisissez un fichier sur votre ordinateur.", champ="fichier")
    depot = nouveau(organisme_id, nom[-NOM_MAX:])
    fichier = service_fichiers.garder(organisme_id, depot.personne_id, depot.nom, blocs)
    depot.fichier_id, depot.complete = fichier.id, complete
    db.session.flush()
    journal.consigner("depot.recu", organisme_id=organisme_id, depot_id=depot.id)
    enqueue_after_commit("depots.lire", depot_id=depot.id)
    return depot


def nouveau(organisme_id: int, nom: str) -> Depot:
    """A file of the current person, for this establishment."""
    personne_id = scope.courant().personne_id
    assert personne_id is not None  # noqa: S101 - the views ask for a person
    depot = Depot(
        uuid=uuid.uuid4(),
        organisme_id=organisme_id,
        personne_id=personne_id,
        nom=nom,
        etat="RECU",
        apercu={},
        comptes={},
        cree_le=horloge.maintenant(),
    )
    db.session.add(depot)
    db.session.flush()
    return depot


def apparier(depot: Depot, colonnes: Sequence[str | None], constantes: Mapping[str, str]) -> None:
    """Say what each column of the file means, remember it for the establishment, and let the reading go on.

    Raises ErreurMetier when a field is given twice, or a required one by nothing.
    """
    if depot.etat != "A_APPARIER":
        return
    entetes: list[str] = depot.apercu["entetes"]
    donnes = [champ for champ in colonnes if champ]
    doubles = sorted({champ for champ in donnes if donnes.count(champ) > 1})
    if doubles:
        raise ErreurMetier(
            "Deux colonnes ont reçu le même sens : gardez celle qui est juste.", champ=doubles[0]
        )
    tous = [*donnes, *constantes]
    copies = copies_proposees(tous)
    if champs_manquants(tous, copies):
        raise ErreurMetier("Des informations obligatoires ne viennent d’aucune colonne.")
    retenue = Correspondance(tuple(colonnes), dict(constantes), copies)
    depot.correspondance = {
        "entetes": entetes,
        "colonnes": list(colonnes),
        "constantes": dict(constantes),
        "copies": dict(copies),
    }
    _retenir(depot, entetes, retenue)
    depot.etat, depot.fait = "LECTURE", 0
    journal.consigner("depot.apparie", organisme_id=depot.organisme_id, depot_id=depot.id)
    enqueue_after_commit("depots.lire", depot_id=depot.id)


def _retenir(depot: Depot, entetes: Sequence[str], correspondance: Correspondance) -> None:
    personne_id = scope.courant().personne_id
    valeurs = {
        "colonnes": [list(paire) for paire in memoire(entetes, correspondance).items()],
        "constantes": dict(correspondance.constantes),
        "personne_id": personne_id,
        "maj_le": horloge.maintenant(),
    }
    cle = {"organisme_id": depot.organisme_id, "signature": bytes.fromhex(signature(entetes))}
    requete = insert(CorrespondanceRetenue).values(cle | valeurs)
    requete = requete.on_conflict_do_update(index_elements=list(cle), set_=valeurs)
    db.session.execute(scope.pour_ecriture(requete, Droit.CORRIGER))


def confirmer(depot: Depot, *, permis: frozenset[int], quand_meme: bool = False) -> None:
    """Ask for the file to be applied. Asking twice is asking once: only a ready preview can be confirmed.

    Raises ErreurMetier when it is about establishments out of the person's reach, FichesBougees when it is out of date.
    """
    if depot.etat != "PRET":
        return
    exiger_portee(depot, permis)
    bougees = fiches_bougees(depot)
    if bougees and not quand_meme:
        raise FichesBougees(bougees)
    depot.etat = "APPLICATION"
    a_regler.suivre(depot)
    journal.consigner("depot.confirme", organisme_id=depot.organisme_id, depot_id=depot.id)
    enqueue_after_commit("depots.appliquer", depot_id=depot.id)


def exiger_portee(depot: Depot, permis: frozenset[int]) -> None:
    """A member limited to one site neither confirms nor undoes for the others."""
    if not comptages.organismes_de(depot) <= permis:
        raise ErreurMetier(PAS_TOUS)


def fiches_bougees(depot: Depot) -> int:
    """Records named by the file that something else wrote since the preview."""
    connexion = scope.connexion("fiches changées depuis un aperçu")
    cles = {"transmission_id": depot.transmission_id, "pret_le": depot.pret_le}
    return int(connexion.exec_driver_sql(sql.BOUGEES, cles).scalar_one())


def revoir(depot: Depot) -> None:
    """Compare the lines again with what is held now."""
    if depot.etat == "PRET":
        depot.etat, depot.fait = "VERIFICATION", 0
        a_regler.suivre(depot)
        enqueue_after_commit("depots.lire", depot_id=depot.id)


def abandonner(depot: Depot) -> None:
    """Nothing was written, nothing will be: the file and its lines go, by a job."""
    if depot.etat not in ("A_APPARIER", "PRET"):
        return
    depot.etat = "ABANDONNE"
    a_regler.suivre(depot)
    journal.consigner("depot.abandonne", organisme_id=depot.organisme_id, depot_id=depot.id)
    enqueue_after_commit("depots.oublier", depot_id=depot.id)


def annulable_jusqu_a(depot: Depot) -> datetime | None:
    """Until when it may be undone; None when it is not applied."""
    return depot.applique_le + REPENTIR if depot.etat == "APPLIQUE" and depot.applique_le else None


def annuler(depot: Depot, *, permis: frozenset[int]) -> None:
    """Ask for everything that the file did to be undone. Raises ErreurMetier past 72 hours."""
    fin = annulable_jusqu_a(depot)
    if fin is None:
        return
    if fin <= horloge.maintenant():
        raise ErreurMetier(
            "Le délai de 72 heures est passé : cet import ne peut plus être annulé. Vous pouvez corriger les fiches une à une."
        )
    exiger_portee(depot, permis)
    depot.etat = "ANNULATION"
    journal.consigner("depot.annulation_demandee", organisme_id=depot.organisme_id, depot_id=depot.id)
    enqueue_after_commit("depots.annuler", depot_id=depot.id)
