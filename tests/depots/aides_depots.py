"""A person of two sites, the files they give, and the jobs that read them."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tdba import jobs, scope
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.depots.models import Depot
from tdba.effectifs.models import Effectif
from tdba.jobs import Tache
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tests import factories as f
from tests.depots.aides import xlsx
from tests.pages import Navigateur
from tests.transmissions.lignes_exemples import TELEVERSEE

Rangee = dict[str, Any]


@dataclass
class Monde:
    """Dunes and Marais, one organisation; Voisin, another."""

    dunes: Organisme
    marais: Organisme
    voisin: Organisme
    directrice: Habilitation
    membre: Habilitation
    """Limited to Dunes."""
    voisine: Habilitation


def un_monde(session: Session) -> Monde:
    f.les_territoires(session)
    dunes, marais, voisin = (f.un_organisme(session, nom) for nom in ("Dunes", "Marais", "Voisin"))
    chez_nous = f.une_organisation(
        session, "ORGANISME_FORMATION", "Dunes", regle="ETABLISSEMENTS", organismes=[dunes, marais]
    )
    ailleurs = f.une_organisation(session, "ORGANISME_FORMATION", "Voisin", regle="SIREN", siren=voisin.siren)
    f.une_relation(session, dunes, marais)
    monde = Monde(
        dunes,
        marais,
        voisin,
        f.une_habilitation(session, f.une_personne(session, "Camille"), chez_nous),
        f.une_habilitation(session, f.une_personne(session, "Alix"), chez_nous, role="membre", sites=[dunes]),
        f.une_habilitation(session, f.une_personne(session, "Claude"), ailleurs),
    )
    session.commit()
    return monde


def rangee(ou: Organisme, nom: str, responsable: Organisme | None = None, **cellules: Any) -> Rangee:
    cles = {
        f"etablissement_{cote}_{quoi}": valeur
        for cote, site in (("formateur", ou), ("responsable", responsable or ou))
        for quoi, valeur in (("uai", site.uai), ("siret", site.siret))
    }
    return TELEVERSEE | cles | {"nom_apprenant": nom} | cellules


def classeur(*rangees: Rangee) -> bytes:
    """The rows in the names of the template."""
    entetes = list(dict.fromkeys(nom for r in rangees for nom in r))
    return xlsx(entetes, *([r.get(nom) for nom in entetes] for r in rangees))


def deposer(
    qui: Navigateur, contenu: bytes, *, nom: str = "liste.xlsx", adresse: str = "/depots", **champs: Any
) -> TestResponse:
    """Give a file as the form does: its fields first. Made here, since the client would pass it by a file on disk."""
    frontiere, corps = encode_multipart(champs | {"fichier": FileStorage(io.BytesIO(contenu), filename=nom)})
    return qui.ouvrir("POST", adresse, data=corps, content_type=f"multipart/form-data; boundary={frontiere}")


def travailler() -> None:
    """Run every job of this slice that waits, until none is left."""
    while True:
        with scope.systeme("test"):
            attendent = [
                (t.nom, t.cle)
                for t in db.session.execute(select(Tache).order_by(Tache.id)).scalars()
                if t.nom.startswith(("depots.", "transmissions.clore"))
            ]
            db.session.rollback()
        if not attendent:
            return
        for nom, cle in dict.fromkeys(attendent):
            jobs.executer(nom, cle)


def depot_de(session: Session, reponse: TestResponse) -> Depot:
    """The file that this answer leads to."""
    assert reponse.status_code == 303, reponse.get_data(as_text=True)[:2000]
    uuid = UUID(str(reponse.headers["Location"]).split("/")[2].split("?")[0])
    return relu(session, uuid)


def relu(session: Session, uuid: UUID) -> Depot:
    session.rollback()
    session.expire_all()
    depot: Depot = session.execute(
        scope.select_for(Depot, Droit.CORRIGER).where(Depot.uuid == uuid)
    ).scalar_one()
    return depot


def importer(session: Session, qui: Navigateur, *rangees: Rangee, **champs: Any) -> Depot:
    """A file read and compared, waiting to be confirmed."""
    depot = depot_de(session, deposer(qui, classeur(*rangees), **champs))
    travailler()
    return relu(session, depot.uuid)


def confirmer(session: Session, qui: Navigateur, depot: Depot) -> Depot:
    reponse = qui.post(f"/depots/{depot.uuid}/confirmer")
    assert reponse.status_code == 303, reponse.get_data(as_text=True)[:3000]
    travailler()
    return relu(session, depot.uuid)


def fiches(session: Session) -> list[tuple[str, str]]:
    requete = scope.select_for(Effectif, Droit.CORRIGER, Effectif.nom, Effectif.adresse).order_by(
        Effectif.nom
    )
    return [(nom, adresse) for nom, adresse in session.execute(requete)]


def evenements(session: Session) -> list[str]:
    return list(session.execute(select(Evenement.evenement).order_by(Evenement.id)).scalars())
