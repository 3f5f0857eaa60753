"""Comparing, comparing again, settling a row, forgetting. Callers commit.

Issue 4, "Rapprochement": the list of the ERP, or what it last sent, against what figures count on a day. What is
compared is kept 30 days, so that it can be opened again and made again with the data of another day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, insert

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.effectifs import annees
from tdba.errors import ErreurMetier
from tdba.rapprochements import (
    comparaison,
    details,
    motifs,
    queries,
    queries_fiches,
    queries_lignes,
    transmission,
)
from tdba.rapprochements.annonces import Annonce
from tdba.rapprochements.comparaison import Appariement, Dit, Ecart, Fiche
from tdba.rapprochements.demandes import Demande, Liste
from tdba.rapprochements.models import Rapprochement, RapprochementLigne
from tdba.scope import Droit

GARDE: Final = timedelta(days=30)
"""How long a comparison is kept."""
PERSONNES_MAX: Final = 5_000
"""People of a list that is given."""
_LOT: Final = 1_000


def avec_une_liste(
    demande: Demande, recues: Sequence[Annonce], *, ecartees: int = 0, illisibles: int = 0
) -> Rapprochement:
    """Compare a list that was given.

    `ecartees`: people of other years, whom it names and figures do not count; `illisibles`: rows that name nobody.
    """
    if not recues:
        raise ErreurMetier("Cette liste ne nomme personne pour l’année comparée.", champ="liste")
    if len(recues) > PERSONNES_MAX:
        raise ErreurMetier(
            "Cette liste nomme plus de 5 000 personnes : comparez un établissement à la fois.", champ="liste"
        )
    return _faire(demande, Liste(recues, "LISTE", {"ecartees": ecartees, "illisibles": illisibles}))


def avec_la_transmission(demande: Demande) -> Rapprochement:
    """Compare what the ERP last sent. Raises ErreurMetier when nothing was received lately."""
    return _faire(demande, transmission.lire(demande))


def refaire(uuid: UUID) -> Rapprochement:
    """Compare again with the data of now: the same list, or what is now the last transmission."""
    ancien = queries.rapprochement(uuid)
    demande = Demande(ancien.organisme_id, ancien.jour, ancien.precisions["population"])
    if ancien.origine == "TRANSMISSION":
        return avec_la_transmission(demande)
    dites = queries.annonces_de(ancien.id)
    return avec_une_liste(
        demande,
        dites,
        ecartees=ancien.precisions.get("ecartees", 0),
        illisibles=ancien.precisions.get("illisibles", 0),
    )


def regler(uuid: UUID, rang: int, *, fait: bool) -> None:
    """Tick a row, or undo it."""
    ancien = queries.rapprochement(uuid)
    ligne = queries.ligne(ancien.id, rang, verrou=True)
    if (ligne.regle_le is not None) == fait:
        return
    ligne.regle_le = horloge.maintenant() if fait else None
    journal.consigner(
        "rapprochement.ligne_reglee",
        organisme_id=ancien.organisme_id,
        rapprochement_id=ancien.id,
        rang=rang,
        reglee=fait,
    )


def oublier(maintenant: datetime) -> None:
    """Delete what is too old to be opened again. Run by a job, every night."""
    requete = scope.pour_ecriture(
        delete(Rapprochement).where(Rapprochement.cree_le < maintenant - GARDE).returning(Rapprochement.id),
        Droit.CORRIGER,
    )
    oublies = len(db.session.execute(requete).scalars().all())
    if oublies:
        journal.consigner("rapprochement.entretien", oublies=oublies)


def _faire(demande: Demande, liste: Liste) -> Rapprochement:
    tenues = queries_fiches.tenues(demande.organisme_id, demande.jour)
    fiches = [tenue.fiche(demande.population) for tenue in tenues]
    dits = [a.dit(rang, demande.population) for rang, a in enumerate(liste.annonces, start=1)]
    paires = comparaison.apparier(dits, fiches)
    ecarts = _ecarts(demande, paires, dits, fiches)
    cree = _entete(demande, liste, paires)
    db.session.add(cree)
    db.session.flush()
    _ecrire(cree, liste, ecarts)
    journal.consigner(
        "rapprochement.fait",
        organisme_id=demande.organisme_id,
        rapprochement_id=cree.id,
        annonces=paires.annonces,
        comptes=paires.comptes,
        ecarts=len(ecarts),
    )
    return cree


def _entete(demande: Demande, liste: Liste, paires: Appariement) -> Rapprochement:
    return Rapprochement(
        uuid=uuid4(),
        organisme_id=demande.organisme_id,
        personne_id=scope.courant().personne_id,
        transmission_id=liste.transmission_id,
        origine=liste.origine,
        annee_scolaire=annees.annee_scolaire(demande.jour),
        jour=demande.jour,
        etat="PRET",
        nb_annonces=paires.annonces,
        nb_comptes=paires.comptes,
        precisions=liste.precisions | {"population": demande.population},
        cree_le=horloge.maintenant(),
    )


def _ecarts(
    demande: Demande, paires: Appariement, dits: Sequence[Dit], fiches: Sequence[Fiche]
) -> list[Ecart]:
    """Look further for whoever is left: in other establishments, other years, refused lines."""
    noms = {d.recherche for d in paires.manquants if d.recherche} | {f.recherche for f in paires.en_trop}
    autres = queries_fiches.ailleurs(
        demande.organisme_id,
        demande.jour,
        demande.population,
        ids_erp={d.id_erp for d in paires.manquants if d.id_erp},
        noms=noms,
    )
    recues = (
        queries_lignes.sans_fiche(demande.organisme_id, annees.comptees(demande.jour), horloge.maintenant())
        if paires.manquants
        else []
    )
    return comparaison.expliquer(paires, dits, fiches, autres, recues)


def _ecrire(cree: Rapprochement, liste: Liste, ecarts: Sequence[Ecart]) -> None:
    """The rows; of a list that was given, also the people of both sides, whom only the list can name again."""
    faits = details.lire(cree.organisme_id, cree.jour, ecarts)
    ranges = {ecart.dit: ecart for ecart in ecarts if ecart.dit is not None}
    suite = len(liste.annonces)
    lignes = []
    for rang, annonce in enumerate(liste.annonces, start=1):
        if rang in ranges or liste.origine == "LISTE":
            lignes.append(_ligne(cree, rang, annonce.json(), ranges.get(rang), faits))
    for rang, ecart in enumerate((e for e in ecarts if e.dit is None), start=suite + 1):
        lignes.append(_ligne(cree, rang, {}, ecart, faits))
    for debut in range(0, len(lignes), _LOT):
        requete = scope.pour_ecriture(insert(RapprochementLigne), Droit.CORRIGER)
        db.session.execute(requete, lignes[debut : debut + _LOT])


def _ligne(
    cree: Rapprochement, rang: int, dit: dict[str, Any], ecart: Ecart | None, faits: details.Faits
) -> dict[str, Any]:
    dits = details.details(ecart, faits) if ecart else {}
    return {
        "rapprochement_id": cree.id,
        "organisme_id": cree.organisme_id,
        "rang": rang,
        "annee_scolaire": cree.annee_scolaire,
        "dit": dit,
        "effectif_id": ecart.effectif_id if ecart else None,
        "raison": ecart.raison.value if ecart else None,
        "details": dits,
        "acteur": motifs.acteur(ecart.raison, dits) if ecart else None,
    }
