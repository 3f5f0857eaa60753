"""A CFA of two sites, its administrator, a member, somebody of support, and what was written or told."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import scope
from tdba.comptes.models import Habilitation, Organisation
from tdba.courriels import Courriel
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions.models import CleApi
from tests import factories as f
from tests.pages import Navigateur, champs

RENNES = "CFA de Rennes"


@dataclass
class Cfa:
    """Two sites of one organisation, and a neighbour."""

    organisation: Organisation
    site: Organisme
    second: Organisme
    voisin: Organisme
    directrice: Habilitation
    membre: Habilitation
    voisine: Habilitation
    support: Habilitation

    def page(self, quoi: str = "cles") -> str:
        return f"/transmissions/organismes/{self.site.id}/{quoi}"


def un_cfa(session: Session) -> Cfa:
    f.les_territoires(session)
    site, second, voisin = (f.un_organisme(session, nom) for nom in (RENNES, "CFA de Brest", "CFA des Dunes"))
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", RENNES, regle="ETABLISSEMENTS", organismes=[site, second]
    )
    dunes = f.une_organisation(session, "ORGANISME_FORMATION", "Dunes", regle="SIREN", siren=voisin.siren)
    assistance = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    cfa = Cfa(
        organisation,
        site,
        second,
        voisin,
        f.une_habilitation(session, f.une_personne(session, "Camille", "Le Goff"), organisation),
        f.une_habilitation(session, f.une_personne(session, "Alix"), organisation, role="membre"),
        f.une_habilitation(session, f.une_personne(session, "Claude"), dunes),
        f.une_habilitation(
            session, f.une_personne(session, "Maud"), assistance, validee_par=f.une_personne(session, "Autre")
        ),
    )
    session.commit()
    return cfa


def creer(qui: Navigateur, cfa: Cfa, *, libelle: str = "Production", erp: str = "Ymag") -> TestResponse:
    """Create a key as a person does: open the form, fill it, send it."""
    adresse = cfa.page("cles/nouvelle")
    return qui.post(adresse, champs(qui.get(adresse), adresse) | {"libelle": libelle, "erp": erp})


def cles(session: Session) -> list[CleApi]:
    requete = scope.select_for(CleApi, Droit.CONFIGURER).order_by(CleApi.id)
    return list(session.execute(requete).scalars())


def courriels(session: Session, genre: str) -> list[Courriel]:
    requete = select(Courriel).where(Courriel.genre == genre).order_by(Courriel.id)
    return list(session.execute(requete).scalars())


def evenements(session: Session, debut: str) -> list[tuple[str, dict[str, Any]]]:
    requete = select(Evenement.evenement, Evenement.details).order_by(Evenement.id)
    return [(nom, details) for nom, details in session.execute(requete) if nom.startswith(debut)]
