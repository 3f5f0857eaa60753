"""Files with a past, and the job that says what became of their youths."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, event, select
from sqlalchemy.orm import Session

from tdba import abonnes, horloge, scope
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.devenirs import calcul
from tdba.devenirs.models import Bilan, Devenir
from tdba.effectifs import parcours
from tdba.effectifs.models import Contrat, Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit
from tests.factories import une_rupture


@dataclass
class Monde:
    """Two sites of one director, and a neighbour."""

    session: Session
    rennes: Organisme
    annexe: Organisme
    voisin: Organisme
    direction: Habilitation


def dossier_de(effectif: Effectif) -> Dossier:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.effectif_id == effectif.id)
    trouve: Dossier = db.session.execute(requete).scalar_one()
    return trouve


def une_demarche(
    session: Session, effectif: Effectif, qui: Habilitation, *, apres: int, **options: Any
) -> Demarche:
    """A step, `apres` days after the opening of the file."""
    dossier = dossier_de(effectif)
    midi = datetime(dossier.ouvert_du.year, dossier.ouvert_du.month, dossier.ouvert_du.day, 11, tzinfo=UTC)
    demarche = Demarche(
        dossier_id=dossier.id,
        organisme_id=dossier.organisme_id,
        annee_scolaire=dossier.annee_scolaire,
        le=midi + timedelta(days=apres),
        personne_id=qui.personne_id,
        **({"nature": "APPEL"} | options),
    )
    session.add(demarche)
    session.commit()
    return demarche


def repris(session: Session, organisme: Organisme, *, depuis: int, apres: int, **options: Any) -> Effectif:
    """A youth whose contract was broken, and who began another one `apres` days later."""
    jour = horloge.aujourd_hui()
    effectif = une_rupture(session, organisme, depuis=depuis, **options)
    ajouter_contrat(session, effectif, jour - timedelta(days=depuis - apres))
    return effectif


def ajouter_contrat(session: Session, effectif: Effectif, debut: Any) -> None:
    """A new contract, with what its arrival announces."""
    session.add(
        Contrat(
            effectif_id=effectif.id,
            organisme_id=effectif.organisme_id,
            annee_scolaire=effectif.annee_scolaire,
            rang=1,
            debut=debut,
            fin=effectif.date_fin,
            debut_source=debut,
        )
    )
    session.flush()
    parcours.recalculer([effectif.id])
    abonnes.annoncer("apres_parcours", [effectif.id])
    session.commit()


def calculer(*, taille: int = calcul.LOT) -> int:
    """Run the night's job, whole."""
    db.session.commit()
    ecrits = calcul.calculer_tout(db.session.commit, taille=taille)
    db.session.commit()
    return ecrits


def devenirs(effectif: Effectif) -> dict[int, str]:
    """The state at each milestone; `*` marks an answer."""
    db.session.expire_all()
    requete = scope.select_for(Devenir, Droit.CORRIGER).where(Devenir.dossier_id == dossier_de(effectif).id)
    lus = db.session.execute(requete.order_by(Devenir.jalon)).scalars()
    return {d.jalon: d.etat + ("*" if d.source == "REPONSE" else "") for d in lus}


def vider() -> None:
    """Forget every outcome: as before the first night."""
    db.session.execute(scope.pour_ecriture(delete(Devenir), Droit.CORRIGER))
    db.session.commit()


def bilan() -> dict[tuple[int, str, str, int, str], int]:
    requete = scope.autorisee(select(Bilan), Droit.VOIR_INDICATEURS)
    db.session.expire_all()
    return {
        (b.organisme_id, b.annee_scolaire, b.genre, b.jalon, b.etat): b.n
        for b in db.session.execute(requete).scalars()
    }


@contextmanager
def requetes(connexion: Connection) -> Iterator[list[str]]:
    """The statements executed inside the block."""
    vues: list[str] = []

    def noter(_c: object, _cur: object, statement: str, *_: object) -> None:
        vues.append(statement)

    event.listen(connexion, "before_cursor_execute", noter)
    try:
        yield vues
    finally:
        event.remove(connexion, "before_cursor_execute", noter)
