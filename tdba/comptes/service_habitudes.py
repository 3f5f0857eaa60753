"""Readings of names counted for each person and day; alert to security, pause that support lifts (decision 27)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, insert

from tdba import courriels, horloge, journal
from tdba.comptes import habitudes, queries_habitudes
from tdba.comptes.habitudes import Verdict
from tdba.comptes.models import LectureJour, PauseLecture
from tdba.db import db, table_de
from tdba.errors import ErreurMetier
from tdba.formats import quantite
from tdba.scope import Introuvable

CONSERVATION: Final = timedelta(days=365)
"""As the log of consultations (decision 33)."""


@dataclass(frozen=True, slots=True)
class Lecteur:
    """Who reads, and whether it is in their own CFA."""

    personne_id: int
    nom_complet: str
    organisation_nom: str
    chez_soi: bool


@dataclass(frozen=True, slots=True)
class Securite:
    """Whom to tell, and where support lifts a pause."""

    contact: str
    pauses_url: str


def noter(lecteur: Lecteur, nombre: int, securite: Securite, maintenant: datetime) -> bool:
    """Count the names of a page about to leave. False: they must not, a pause is under way or begins with them."""
    jour = horloge.jour_de_paris(maintenant)
    compte = queries_habitudes.ajouter(lecteur.personne_id, jour, nombre, chez_soi=lecteur.chez_soi)
    if compte.pause_id is not None and not lecteur.chez_soi:
        return False
    total = compte.nombre - compte.hors_de_chez_soi if lecteur.chez_soi else compte.hors_de_chez_soi
    if not habitudes.peut_etre_inhabituel(total, chez_soi=lecteur.chez_soi):
        return True
    passes = queries_habitudes.jours_passes(lecteur.personne_id, jour, chez_soi=lecteur.chez_soi)
    verdict = habitudes.juger(total, passes, chez_soi=lecteur.chez_soi)
    if verdict is Verdict.PAUSE and queries_habitudes.levee_ce_jour(lecteur.personne_id, jour):
        verdict = Verdict.ALERTE
    usage = habitudes.habitude(passes)
    if verdict is not Verdict.NORMAL and compte.alerte_le is None:
        queries_habitudes.marquer_alerte(lecteur.personne_id, jour, maintenant)
        _journaliser("alerte.lectures", lecteur, total, usage)
        _prevenir(lecteur, total, usage, securite)
    if verdict is Verdict.PAUSE:
        _mettre_en_pause(lecteur, total, usage, securite, maintenant)
    return verdict is not Verdict.PAUSE


def _journaliser(evenement: str, lecteur: Lecteur, total: int, usage: int) -> None:
    lieu = "chez_soi" if lecteur.chez_soi else "ailleurs"
    objet = ("personne", lecteur.personne_id)
    journal.consigner(evenement, objet=objet, nombre=total, habitude=usage, lieu=lieu)


def _mettre_en_pause(
    lecteur: Lecteur, total: int, usage: int, securite: Securite, maintenant: datetime
) -> None:
    # Core and inline: the roles of a request may add a pause, not give it another state.
    rangee = {"personne_id": lecteur.personne_id, "depuis": maintenant, "nombre": total, "habitude": usage}
    db.session.execute(insert(table_de(PauseLecture)).values(rangee).inline())
    _journaliser("lectures.en_pause", lecteur, total, usage)
    _prevenir(lecteur, total, usage, securite, pause=True)


def _prevenir(lecteur: Lecteur, total: int, usage: int, securite: Securite, *, pause: bool = False) -> None:
    """Tell the security contact. The mail names who reads, who uses the service, and nobody who is read."""
    if not securite.contact:
        return
    lus = quantite(total, "nom d’apprenant", "noms d’apprenants")
    paragraphes = [
        f"{lecteur.nom_complet}, pour {lecteur.organisation_nom}, a consulté {lus} aujourd’hui.",
        f"Son habitude est de {quantite(usage, 'nom')} par jour de consultation.",
    ]
    if pause:
        paragraphes.append(
            "Les pages qui montrent des noms lui sont fermées jusqu’à ce que l’assistance lève cette pause."
        )
    else:
        paragraphes.append("Rien ne lui est fermé. Vérifiez auprès de cette personne ce qui l’explique.")
    sujet = "Consultations mises en pause" if pause else "Consultations inhabituelles"
    lien = ("Voir les pauses", securite.pauses_url) if pause else None
    courriels.ecrire("alerte_lectures", securite.contact, sujet, paragraphes, lien=lien)


def lever(pause_id: int, raison: str, *, par: int, maintenant: datetime) -> None:
    """Open the names again. Never by the person who is stopped. Raises Introuvable and ErreurMetier."""
    pause = queries_habitudes.pause(pause_id)
    if pause is None:
        raise Introuvable
    if pause.levee_le is not None:
        raise ErreurMetier("Cette pause est déjà levée.")
    if pause.personne_id == par:
        raise ErreurMetier("Cette pause est la vôtre : une autre personne de l’assistance doit la lever.")
    pause.levee_le, pause.levee_par_id, pause.raison = maintenant, par, raison
    journal.consigner("lectures.reprises", objet=("personne", pause.personne_id), raison=raison)


def purger(jour: date) -> int:
    """Forget the days that are too old to be kept. Returns how many. Runs as the system."""
    requete = delete(LectureJour).where(LectureJour.jour < jour - CONSERVATION)
    return cast("CursorResult[Any]", db.session.execute(requete)).rowcount
