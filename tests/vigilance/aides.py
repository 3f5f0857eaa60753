"""What the tests of the watch list share."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.vigilance.models import Geste
from tests.conftest import MIDI
from tests.factories import un_effectif
from tests.pages import Navigateur, tableau

JOUR = horloge.jour_de_paris(MIDI)
FIN = date(2027, 8, 31)


def un_contrat_recent(session: Session, organisme: Organisme, *, depuis: int = 8, **options: Any) -> Effectif:
    """Somebody whose contract began `depuis` days ago: named by the first days."""
    debut = JOUR - timedelta(days=depuis)
    return un_effectif(session, organisme, contrats=[(debut, FIN, None)], **options)


def un_tranquille(session: Session, organisme: Organisme, **options: Any) -> Effectif:
    """Somebody in the second month of a contract, whom no rule names."""
    return un_contrat_recent(session, organisme, depuis=50, **options)


def noms(page: Any) -> list[str]:
    """First names, in the order of the page: each youth of these tests has one of their own."""
    return [ligne["Apprenant"].split()[0] for ligne in tableau(page, "vigilance")]


def voir(navigateur: Navigateur, effectif: Effectif, *, htmx: bool = False, **saisie: Any) -> Any:
    """Mark seen, as the form does."""
    donnees = {"note_mois": "6", "cle_formulaire": f"cle-{effectif.id}"} | saisie
    prefixe = f"vu-{effectif.id}-"
    return navigateur.post(
        f"/vigilance/{effectif.id}/vu", {prefixe + nom: valeur for nom, valeur in donnees.items()}, htmx=htmx
    )


def gestes(session: Session, effectif: Effectif) -> list[Geste]:
    requete = select(Geste).where(Geste.effectif_id == effectif.id).order_by(Geste.id)
    requete = requete.execution_options(populate_existing=True)
    return list(session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalars())
