"""Two CFA with their directors, and two people of support."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.comptes.models import Habilitation
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.support.models import Demande
from tests.factories import (
    les_territoires,
    un_organisme,
    une_habilitation,
    une_organisation,
    une_personne,
    une_rupture,
)
from tests.pages import Navigateur, champs
from tests.support.aides_voir_comme import regarder

CANARIS = ("OISEAU", "Serin", "serin@exemple.invalid", "+33612345678", "0123456789X", "12 rue des Cages")
"""Everything personal of the youth of these tests."""


@pytest.fixture
def cfa(session: Session) -> Organisme:
    les_territoires(session)
    return un_organisme(session, "CFA Rennes")


@pytest.fixture
def jeune(session: Session, cfa: Organisme) -> Effectif:
    return une_rupture(
        session,
        cfa,
        nom="OISEAU",
        prenom="Serin",
        courriel="serin@exemple.invalid",
        telephone="+33612345678",
        ine="0123456789X",
        adresse="12 rue des Cages",
    )


def une_direction(session: Session, organisme: Organisme, prenom: str) -> Habilitation:
    organisation = une_organisation(
        session, "ORGANISME_FORMATION", organisme.nom, regle="ETABLISSEMENTS", organismes=[organisme]
    )
    return une_habilitation(session, une_personne(session, prenom), organisation)


@pytest.fixture
def direction(session: Session, cfa: Organisme) -> Habilitation:
    return une_direction(session, cfa, "Dominique")


@pytest.fixture
def directeur(navigateur: Navigateur, direction: Habilitation) -> Navigateur:
    return navigateur.comme(direction)


@pytest.fixture
def voisine(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    """The director of another CFA."""
    autre = un_organisme(session, "CFA Brest", departement="29")
    return navigateur.comme(une_direction(session, autre, "Claude"))


@dataclass
class Equipe:
    """Two people of support, each with a browser."""

    alix: Navigateur
    sacha: Navigateur
    alix_id: int


@pytest.fixture
def equipe(session: Session, navigateur: Navigateur, cfa: Organisme) -> Equipe:
    support = une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    second = une_personne(session, "Second")
    alix, sacha = (
        une_habilitation(session, une_personne(session, prenom), support, validee_par=second)
        for prenom in ("Alix", "Sacha")
    )
    return Equipe(navigateur.comme(alix), navigateur.comme(sacha), alix.personne_id)


@pytest.fixture
def alix(equipe: Equipe) -> Navigateur:
    """Someone of support."""
    return equipe.alix


@pytest.fixture
def numero(directeur: Navigateur) -> int:
    """The case that the director wrote."""
    return ecrire(directeur)


@pytest.fixture
def regard(alix: Navigateur, numero: int, direction: Habilitation) -> Navigateur:
    """Alix, of support, seeing the director's screens."""
    assert regarder(alix, numero, direction).location == "/"
    return alix


def ecrire(qui: Navigateur, objet: str = "Une date fausse", *, page: str = "/mon-compte") -> int:
    """Write to support from that page. Returns the number of the case."""
    adresse = f"/support/ecrire?page={page}"
    saisie = champs(qui.get(adresse), adresse_du_formulaire(page)) | {
        "objet": objet,
        "texte": "Pouvez-vous regarder ?",
    }
    reponse = qui.post(adresse, saisie)
    assert reponse.status_code == 303
    return int(reponse.headers["Location"].rsplit("/", 1)[1])


def adresse_du_formulaire(page: str) -> str:
    return f"/support/ecrire?page={page}"


def ouvrir_un_dossier(qui: Navigateur, objet: str = "Appel du CFA") -> int:
    """Open a case for a caller, which becomes the case in use. Returns its number."""
    reponse = qui.post("/support/dossiers", {"objet": objet})
    assert reponse.status_code == 303
    return int(reponse.headers["Location"].rsplit("/", 1)[1])


def les_demandes(session: Session) -> list[Demande]:
    return list(
        session.execute(scope.autorisee(select(Demande).order_by(Demande.id), Droit.SUPPORT)).scalars()
    )


def evenements(session: Session, nom: str) -> list[Evenement]:
    requete = select(Evenement).where(Evenement.evenement == nom).order_by(Evenement.id)
    return list(session.execute(requete).scalars())
