"""What the tests of this slice do: send, read the mail, run the jobs, open."""

import re
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import jobs, scope
from tdba.courriels import Courriel
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.jobs import Tache
from tdba.journal import Evenement
from tdba.liaisons.models import Liaison, Pli
from tdba.ruptures.models import Circonstance, Dossier, Opposition
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, champs, texte

CONSEILLER: Final = {"contact": "Maëlle Conseillère", "courriel": "maelle@mission.example"}


def dossier_de(effectif: Effectif) -> int:
    requete = scope.select_for(Dossier, Droit.CORRIGER, Dossier.id).where(Dossier.effectif_id == effectif.id)
    return int(db.session.execute(requete).scalar_one())


def circonstance(session: Session, numero: int, personne_id: int, **colonnes: Any) -> None:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.id == numero)
    dossier = session.execute(requete).scalar_one()
    session.add(
        Circonstance(
            dossier_id=numero,
            organisme_id=dossier.organisme_id,
            annee_scolaire=dossier.annee_scolaire,
            personne_id=personne_id,
            maj_le=dossier.cree_le,
            **colonnes,
        )
    )
    session.commit()


def envoyer(directeur: Navigateur, numero: int, **saisie: Any) -> TestResponse:
    """Fill the form as its page gives it, and send it. `saisie=None` for a value leaves it out."""
    adresse = f"/dossiers/{numero}/liaison"
    donnees: dict[str, Any] = champs(directeur.get(adresse), adresse) | {
        "moyens": ["TELEPHONE"],
        "accord": "y",
        **CONSEILLER,
        **saisie,
    }
    return directeur.post(adresse, {nom: valeur for nom, valeur in donnees.items() if valeur is not None})


def code_montre(page: TestResponse) -> str:
    """The code as the référent reads it on the page that follows the sending."""
    assert page.status_code == 200, texte(arbre(page))
    trouve = re.search(r"Code à donner : (\d{4} \d{4})", texte(arbre(page)).replace("\xa0", " "))
    assert trouve, texte(arbre(page))
    return trouve[1]


def courriels(session: Session) -> list[Courriel]:
    return list(session.execute(select(Courriel).order_by(Courriel.id)).scalars())


def lien_recu(session: Session) -> str:
    """The path of the link of the last mail."""
    trouve = re.search(r"http://127\.0\.0\.1:5000(/liaison/\S+)", courriels(session)[-1].texte or "")
    assert trouve
    return trouve[1]


def plis(session: Session) -> list[Pli]:
    return list(session.execute(select(Pli).order_by(Pli.expire_le)).scalars())


def liaisons() -> list[Liaison]:
    return list(db.session.execute(scope.select_for(Liaison, Droit.CORRIGER).order_by(Liaison.id)).scalars())


def travailler(session: Session) -> None:
    """Run what `liaisons.recevoir` was asked to do, as the worker would."""
    session.commit()
    demandes = session.execute(select(Tache.nom, Tache.cle).where(Tache.nom == "liaisons.recevoir")).all()
    session.commit()
    for nom, cle in demandes:
        jobs.executer(nom, cle)
    session.expire_all()


def executer(session: Session, nom: str) -> None:
    """Run a periodic job now."""
    session.commit()
    with scope.systeme("test"):
        jobs.enqueue_after_commit(nom)
        db.session.commit()
    jobs.executer(nom, "{}")
    session.expire_all()


def evenements(session: Session, prefixe: str = "liaison") -> list[Evenement]:
    requete = select(Evenement).where(Evenement.evenement.startswith(prefixe)).order_by(Evenement.id)
    return list(session.execute(requete).scalars())


def action(page: TestResponse) -> str:
    """Where the form of the opened letter is sent."""
    formulaires = [f for f in arbre(page).iter("form") if f.get("method") == "post" and f.get("action")]
    assert len(formulaires) == 1, texte(arbre(page))
    return str(formulaires[0].get("action"))


def s_opposer(session: Session, jeune: Effectif, personne_id: int) -> None:
    """The person objects to being followed."""
    session.add(
        Opposition(
            effectif_id=jeune.id,
            organisme_id=jeune.organisme_id,
            annee_scolaire=jeune.annee_scolaire,
            recue_le=date(2026, 11, 17),
            personne_id=personne_id,
            cree_le=MIDI,
        )
    )
    session.commit()
