"""A person known to the demo identity provider, and that provider."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.config import Configuration
from tests import factories as f
from tests.comptes.aides import CAMILLE, FournisseurDeTest, fournisseur_en_marche
from tests.comptes.aides_facteurs import reglage, une_assistante
from tests.pages import Navigateur


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "cas(*numbers): cases of identity-security.md §1.13 that the test proves"
    )


@pytest.fixture
def fournisseur(app: Flask, configuration: Configuration) -> Iterator[FournisseurDeTest]:
    with fournisseur_en_marche(app, configuration) as en_marche:
        yield en_marche


@pytest.fixture
def organisation(session: Session) -> Organisation:
    """A CFA of two establishments."""
    f.les_territoires(session)
    deux = [f.un_organisme(session, "CFA de Rennes"), f.un_organisme(session, "CFA de Brest")]
    return f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA de Rennes", regle="ETABLISSEMENTS", organismes=deux
    )


@pytest.fixture
def camille(session: Session, fournisseur: FournisseurDeTest) -> Personne:
    """A person seeded in advance under the provider's (issuer, sub)."""
    personne = f.une_personne(session, CAMILLE.given_name, CAMILLE.usual_name)
    personne.emetteur, personne.sub = fournisseur.reglages.emetteur, CAMILLE.sub
    personne.courriel, personne.siret = CAMILLE.email, CAMILLE.siret
    personne.idp_id = CAMILLE.claims()["idp_id"]
    session.flush()
    return personne


@pytest.fixture
def habilitation(session: Session, camille: Personne, organisation: Organisation) -> Habilitation:
    return f.une_habilitation(session, camille, organisation)


@pytest.fixture
def alix(session: Session) -> Personne:
    return f.une_personne(session, "Alix", "Morvan")


@pytest.fixture
def chez_elle(session: Session, alix: Personne, organisation: Organisation) -> Habilitation:
    return f.une_habilitation(session, alix, organisation)


@pytest.fixture
def connectee(navigateur: Navigateur, chez_elle: Habilitation) -> Navigateur:
    return navigateur.comme(chez_elle)


@pytest.fixture
def exige(app: Flask) -> Iterator[None]:
    with reglage(app, second_facteur="oui"):
        yield


@pytest.fixture
def maud(session: Session) -> Habilitation:
    return une_assistante(session)


@pytest.fixture
def assistante(navigateur: Navigateur, maud: Habilitation) -> Navigateur:
    return navigateur.comme(maud)
