"""The people of these tests: a director, a colleague of another CFA, agents of the State, a network, a support person."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.pages import Navigateur


@dataclass
class Decor:
    """Two CFA of one director, one CFA of somebody else, all in Bretagne."""

    cfa: Organisme
    annexe: Organisme
    voisin: Organisme


@pytest.fixture
def decor(session: Session) -> Decor:
    f.les_territoires(session)
    noms = ("CFA de Rennes", "CFA annexe", "CFA voisin")
    return Decor(*(f.un_organisme(session, nom) for nom in noms))


@pytest.fixture
def habilitation(session: Session, decor: Decor) -> Habilitation:
    organisation = f.une_organisation(
        session,
        "ORGANISME_FORMATION",
        "CFA Rennes",
        regle="ETABLISSEMENTS",
        organismes=[decor.cfa, decor.annexe],
    )
    return f.une_habilitation(session, f.une_personne(session, "Dana", "Directrice"), organisation)


@pytest.fixture
def directrice(navigateur: Navigateur, habilitation: Habilitation) -> Navigateur:
    return navigateur.comme(habilitation)


@pytest.fixture
def voisine(session: Session, navigateur: Navigateur, decor: Decor) -> Navigateur:
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA voisin", regle="ETABLISSEMENTS", organismes=[decor.voisin]
    )
    return navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Vera"), organisation))


@pytest.fixture
def agent(session: Session, navigateur: Navigateur, decor: Decor) -> Callable[[str], Navigateur]:
    """An agent of that type of service, in Bretagne, validated by a second person."""

    def entrer(type_: str) -> Navigateur:
        organisation = f.une_organisation(session, type_, type_, regle="REGION", region_code="53")
        valideur = f.une_personne(session, "Val")
        return navigateur.comme(
            f.une_habilitation(session, f.une_personne(session, "Ana"), organisation, validee_par=valideur)
        )

    return entrer


@pytest.fixture
def assistante(session: Session, navigateur: Navigateur, decor: Decor) -> Navigateur:
    organisation = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    personne, valideur = f.une_personne(session, "Sam"), f.une_personne(session, "Val")
    return navigateur.comme(f.une_habilitation(session, personne, organisation, validee_par=valideur))
