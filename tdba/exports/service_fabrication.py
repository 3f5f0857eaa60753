"""The job that makes a file, under the rights that its person has at that moment (issue 5 part 7).

It reads under the person's scope, read-only, and writes as the system: both locks hold on what is read. Killed anywhere,
it starts over from nothing: a file is there only once its state says so.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import parse_qs

from sqlalchemy import delete, insert, update

from tdba import horloge, journal, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.comptes.queries import Usage
from tdba.db import db
from tdba.exports import apropos, ecriture, ecriture_ods, ecriture_xlsx, finalites, queries, refus
from tdba.exports.apropos import Marque
from tdba.exports.catalogue import LISTES, Liste
from tdba.exports.colonnes import Cellule, Colonne, permises
from tdba.exports.ecriture import Contenu, Feuille, Sortie
from tdba.exports.models import Export, ExportBloc
from tdba.exports.queries_effectifs import FiltreDisparu
from tdba.exports.refus import ExportRefuse
from tdba.exports.service import VALABLE
from tdba.scope import Droit, Scope

LOT: Final = 2000
"""Rows read, written and committed at once."""
IDS_PAR_EVENEMENT: Final = 1000

Renouveler = Callable[[], None]

FORMATS: Final[Mapping[str, Callable[[Sortie, Contenu], AbstractContextManager[Feuille]]]] = {
    "XLSX": ecriture_xlsx.classeur,
    "CSV": ecriture.csv_zippe,
    "ODS": ecriture_ods.ods,
}


@dataclass(frozen=True, slots=True)
class Commande:
    """What must be made, read once: the row changes under the job."""

    export_id: int
    personne_id: int
    habilitation_id: int
    liste: Liste
    format: str
    finalite: str
    colonnes: Sequence[Colonne]
    criteres: str
    recherche: str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of the list: their keys in order, and whose names they hold."""

    etat: Any
    cles: Sequence[int]
    effectifs: Sequence[int]
    marque: Marque
    jour: date


def faire(renouveler: Renouveler, export_id: int) -> None:
    """Make a file, or say why not. Asked again once it is made, does nothing."""
    export = queries.a_faire(export_id)
    if export is None:
        return
    commande = _commande(export)
    # In the journal, what the system does here is done for that person.
    pour_elle = replace(
        scope.courant(), personne_id=commande.personne_id, habilitation_id=commande.habilitation_id
    )
    db.session.rollback()
    with scope.sous(pour_elle):
        try:
            _fabriquer(renouveler, commande)
        except ExportRefuse as raison:
            db.session.rollback()
            _effacer_blocs(export_id)
            _noter(export_id, etat="ECHOUE", refus=raison.code, recherche=None)
            journal.consigner(
                "export.refuse", objet=("export", export_id), export_id=export_id, raison=raison.code
            )
        renouveler()


def _commande(export: Export) -> Commande:
    liste = LISTES[export.liste]
    voulues = set(export.colonnes)
    return Commande(
        export.id,
        export.personne_id,
        export.habilitation_id,
        liste,
        export.format,
        finalites.en_mots(export.finalite, export.precision_finalite),
        [c for c in liste.colonnes if c.code in voulues],
        export.criteres,
        export.recherche,
    )


def _fabriquer(renouveler: Renouveler, commande: Commande) -> None:
    _effacer_blocs(commande.export_id)
    _noter(commande.export_id, etat="EN_COURS", fait=0, taille=0)
    renouveler()
    portee, choisie = _lire_la_liste(commande, horloge.maintenant())
    _noter(commande.export_id, total=len(choisie.cles))
    renouveler()
    taille = _ecrire(renouveler, commande, portee, choisie)
    maintenant = horloge.maintenant()
    atteints = portee.portee(commande.liste.droit).organismes
    _noter(
        commande.export_id,
        etat="PRET",
        taille=taille,
        recherche=None,
        pret_le=maintenant,
        expire_le=maintenant + VALABLE,
        details={
            "mineurs": choisie.marque.mineurs,
            "noms": len(choisie.effectifs),
            "organismes": None if atteints is None else sorted(atteints),
        },
    )
    for debut in range(0, len(choisie.effectifs), IDS_PAR_EVENEMENT):
        journal.consigner(
            "export.fait",
            objet=("export", commande.export_id),
            export_id=commande.export_id,
            ids=list(choisie.effectifs[debut : debut + IDS_PAR_EVENEMENT]),
        )


def _lire_la_liste(commande: Commande, maintenant: datetime) -> tuple[Scope, Selection]:
    """The rights of the person today, and the rows that the list has for them. Raises ExportRefuse."""
    jour = horloge.jour_de_paris(maintenant)
    usage, portee, nom = _droits(commande, jour)
    with _comme(portee):
        try:
            etat = commande.liste.comprendre(parse_qs(commande.criteres), commande.recherche)
        except FiltreDisparu as erreur:
            raise ExportRefuse(refus.FILTRE_DISPARU) from erreur
        mots = commande.liste.en_mots(etat)
        cles, mineurs = array("q"), 0
        effectifs: dict[int, None] = {}  # once each, in order: points may share one
        requete = commande.liste.selection(etat, jour).execution_options(yield_per=5000)
        for cle, effectif_id, mineur in db.session.execute(requete):
            cles.append(cle)
            mineurs += bool(mineur)
            if effectif_id is not None:
                effectifs[effectif_id] = None
    if len(cles) > refus.LIGNES_MAX:
        raise ExportRefuse(refus.TROP_DE_LIGNES)
    if commande.format == "ODS" and len(cles) > ecriture_ods.LIGNES_MAX:
        raise ExportRefuse(refus.TROP_POUR_ODS)
    marque = Marque(
        commande.export_id,
        nom,
        usage.organisation.nom,
        maintenant,
        commande.liste.titre,
        commande.finalite,
        mots,
        len(cles),
        mineurs,
    )
    return portee, Selection(etat, cles, array("q", effectifs), marque, jour)


def _droits(commande: Commande, jour: date) -> tuple[Usage, Scope, str]:
    """What the person may reach now: the habilitation may have ended since they asked. Raises ExportRefuse."""
    usage = comptes.usage_de(commande.habilitation_id)
    if usage is None or usage.habilitation.personne_id != commande.personne_id:
        raise ExportRefuse(refus.DROIT_RETIRE)
    personne = comptes.personne(commande.personne_id)
    portee = service_comptes.portee_de(usage, jour)
    ferme = commande.liste.cfa_seul and usage.organisation.type != "ORGANISME_FORMATION"
    bloquee = service_comptes.blocage_de(personne, usage.habilitation, jour) is not None
    if bloquee or ferme or portee.a(Droit.SUPPORT) or not portee.a(commande.liste.droit):
        raise ExportRefuse(refus.DROIT_RETIRE)
    if len(permises(commande.colonnes, portee.a)) != len(commande.colonnes):
        raise ExportRefuse(refus.COLONNE_FERMEE)
    return usage, portee, f"{personne.prenom} {personne.nom}"


@contextmanager
def _comme(portee: Scope) -> Iterator[None]:
    """Read as the person would: their rows, their PostgreSQL role, nothing written."""
    db.session.rollback()
    with scope.sous(portee, lecture_seule=True):
        try:
            yield
        finally:
            db.session.rollback()


def _ecrire(renouveler: Renouveler, commande: Commande, portee: Scope, choisie: Selection) -> int:
    """Write every row, block by block. Returns the size of the file."""

    def ranger(rang: int, contenu: bytes) -> None:
        valeurs = {"export_id": commande.export_id, "personne_id": commande.personne_id, "rang": rang}
        _executer(insert(ExportBloc).values(valeurs | {"contenu": contenu}))
        renouveler()

    titre = apropos.titre(commande.export_id, commande.liste.chemin)
    contenu = Contenu(titre, commande.colonnes, apropos.lignes(choisie.marque), apropos.pied(choisie.marque))
    sortie = Sortie(ranger)
    with FORMATS[commande.format](sortie, contenu) as feuille:
        for debut in range(0, len(choisie.cles), LOT):
            lot = choisie.cles[debut : debut + LOT]
            with _comme(portee):
                lues = commande.liste.lignes(choisie.etat, lot, commande.colonnes, choisie.jour)
            feuille.ecrire(list(_rangees(lot, lues, commande.colonnes)))
            _noter(commande.export_id, fait=debut + len(lot))
            renouveler()
    sortie.finir()
    return sortie.taille


def _rangees(
    lot: Sequence[int], lues: Sequence[Sequence[Any]], colonnes: Sequence[Colonne]
) -> Iterator[list[Cellule]]:
    """The rows in the order of the list, each value in words."""
    par_cle = {ligne[0]: ligne[1:] for ligne in lues}
    dires = [(n, c.dire) for n, c in enumerate(colonnes) if c.dire is not None]
    for cle in lot:
        if cle in par_cle:  # else it has left the reach or the list since the keys were read
            rangee = list(par_cle[cle])
            for n, dire in dires:
                rangee[n] = dire(rangee[n])
            yield rangee


def _noter(export_id: int, **valeurs: Any) -> None:
    _executer(update(Export).where(Export.id == export_id).values(valeurs))


def _effacer_blocs(export_id: int) -> None:
    _executer(delete(ExportBloc).where(ExportBloc.export_id == export_id))


def _executer(requete: Any) -> None:
    requete = requete.execution_options(synchronize_session=False)
    db.session.execute(scope.pour_ecriture(requete, Droit.VOIR_NOMINATIF))
