"""Gestures of "voir comme": ask to see, read the banner, or make a passage that no screen would give."""

from datetime import timedelta

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba.comptes.models import Habilitation
from tdba.support.models import Passage
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, texte


def regarder(qui: Navigateur, numero: int, habilitation: Habilitation, motif: str = "ECRAN") -> TestResponse:
    return qui.post(
        f"/support/dossiers/{numero}/voir-comme", {"habilitation": habilitation.id, "motif": motif}
    )


def bandeau(reponse: TestResponse) -> str:
    return texte(arbre(reponse).find(".//header")).replace("\xa0", " ")


def voit(qui: Navigateur) -> bool:
    """These are the screens of the director, not of support."""
    return qui.get("/ruptures").status_code == 200 and "Vous voyez l’écran" in bandeau(qui.get("/ruptures"))


def un_passage(session: Session, numero: int, vue: Habilitation, par: int) -> Passage:
    passage = Passage(
        demande_id=numero,
        organisation_id=vue.organisation_id,
        habilitation_id=vue.id,
        personne_id=par,
        motif="ECRAN",
        debut=MIDI,
        fin=MIDI + timedelta(minutes=30),
    )
    session.add(passage)
    session.flush()
    return passage
