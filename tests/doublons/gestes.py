"""Merging and undoing as a browser does, and a step of a follow-up to move."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import abonnes, horloge, scope
from tdba.doublons.models import Fusion
from tdba.effectifs import valeurs
from tdba.effectifs.models import Effectif
from tdba.ruptures.models import Demarche, Dossier
from tests.effectifs.aides import tous
from tests.pages import Navigateur, arbre, champs, texte


def fusionner(navigateur: Navigateur, doublon_id: int, **saisies: str) -> TestResponse:
    """Send the form as a browser does, the first record kept."""
    adresse = f"/doublons/{doublon_id}/fusionner"
    formulaire = champs(navigateur.get(f"/doublons/{doublon_id}"), adresse)
    return navigateur.post(adresse, formulaire | {"action": "fusionner", "garder": "a"} | saisies)


def annuler(session: Session, navigateur: Navigateur) -> str:
    """Undo the last merge; returns the sentence that the next page shows."""
    reponse = navigateur.post(f"/fusions/{fusions(session)[-1].id}/annuler")
    assert reponse.status_code == 303
    return " ".join(texte(arbre(navigateur.get(reponse.location))).split())


def fusions(session: Session) -> list[Fusion]:
    session.commit()
    with scope.systeme("test"):
        return tous(session, select(Fusion).order_by(Fusion.id))


def demarche(session: Session, dossier: Dossier, personne_id: int) -> Demarche:
    une = Demarche(
        dossier_id=dossier.id,
        organisme_id=dossier.organisme_id,
        annee_scolaire=dossier.annee_scolaire,
        nature="APPEL",
        le=horloge.maintenant(),
        personne_id=personne_id,
    )
    session.add(une)
    dossier.derniere_demarche_le, dossier.prochaine_le = horloge.maintenant(), date(2026, 12, 1)
    session.commit()
    return une


def changer(session: Session, fiche: Effectif, **valeurs_: Any) -> None:
    for champ, valeur in valeurs_.items():
        setattr(fiche, champ, valeur)
    fiche.recherche = valeurs.recherche(fiche.nom, fiche.prenom)
    session.flush()
    abonnes.annoncer("apres_parcours", [fiche.id])
    session.commit()
