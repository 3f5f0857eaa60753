"""What the database tests of anomalies read and make."""

from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from tdba import abonnes, scope
from tdba.anomalies.queries import GENRE
from tdba.effectifs.models import Contrat, Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tests import factories as f
from tests.points.aides import ouverts

SAIN: dict[str, Any] = {
    "sexe": "F",
    "ine": "120890177HB",
    "courriel": "alix.canari@famille.fr",
    "telephone": "0612457809",
    "adresse": "3 rue du Port",
    "code_postal": "35000",
    "code_insee": "35238",
    "departement": "35",
}
"""Columns of a record about which nothing is to be said."""

CONTRAT = (date(2026, 9, 1), date(2027, 8, 31), None)


def une_fiche_saine(session: Session, organisme: Organisme, **colonnes: Any) -> Effectif:
    """A record with a contract at a known employer; `colonnes` change it."""
    effectif = f.un_effectif(session, organisme, **({"contrats": [CONTRAT]} | SAIN | colonnes))
    un_employeur(session, effectif)
    session.commit()
    return effectif


def un_employeur(session: Session, effectif: Effectif, siret: str | None = "11000001500013") -> None:
    """Give an employer to its contracts."""
    changement = update(Contrat).where(Contrat.effectif_id == effectif.id).values(employeur_siret=siret)
    session.execute(scope.pour_ecriture(changement, Droit.CORRIGER))
    abonnes.annoncer("apres_parcours", [effectif.id])


def changer(session: Session, effectif: Effectif, **colonnes: Any) -> None:
    """Change a record as its writers do: subscribers are told in the same transaction."""
    for nom, valeur in colonnes.items():
        setattr(effectif, nom, valeur)
    session.flush()
    abonnes.annoncer("apres_parcours", [effectif.id])
    session.commit()


def codes_ouverts(session: Session) -> list[str]:
    """The codes of open anomalies, what costs most first, then by code."""
    points = sorted(ouverts(session, GENRE), key=lambda p: (p.consequence, p.details["code"]))
    return [point.details["code"] for point in points]
