"""panva's `oidc-provider` in a process of its own, and the application as its client."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Organisation, Personne
from tdba.config import Configuration
from tdba.local import noeud
from tests import factories as f
from tests.oidc.aides import AUTRE_RETOUR, AUTRE_SECRET, Chez, entrer
from tests.pages import Navigateur

RACINE = Path(__file__).resolve().parents[2]
PERSONNES = {
    nom: {
        "given_name": prenom,
        "usual_name": "Le Goff",
        "email": f"{nom}@exemple.invalid",
        "uid": nom,
        "siret": "11111111100018",
        "idp_id": "00000000-0000-4000-8000-000000000000",
        "organization_label": "CFA de Rennes",
    }
    for nom, prenom in (("camille", "Camille"), ("alix", "Alix"))
}


def manque() -> str | None:
    if not (RACINE / "node_modules" / "oidc-provider").is_dir():
        return "node_modules holds no oidc-provider: make setup"
    return None if noeud.trouver() else "there is no recent Node to run oidc-provider: make setup"


@pytest.fixture(scope="module")
def moteur(configuration: Configuration) -> Iterator[str]:
    """The provider's process, by its issuer."""
    if raison := manque():
        if os.environ.get("CI") == "true":
            pytest.fail(raison)
        pytest.skip(raison)
    base = configuration.base_url
    nous = {
        "client_id": configuration.oidc_client_id,
        "client_secret": configuration.oidc_client_secret,
        "redirect_uris": [f"{base}/connexion/retour"],
        "post_logout_redirect_uris": [f"{base}/deconnexion/retour"],
    }
    autre = {"client_id": "un-autre", "client_secret": AUTRE_SECRET, "redirect_uris": [AUTRE_RETOUR]}
    monde = json.dumps({"clients": [nous, autre], "personnes": PERSONNES})
    with subprocess.Popen(
        [str(noeud.trouver()), str(Path(__file__).with_name("fournisseur.mjs")), monde],
        cwd=RACINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as processus:
        assert processus.stdout is not None
        ligne = processus.stdout.readline()
        assert ligne, "oidc-provider did not start"
        yield json.loads(ligne)["emetteur"]
        processus.terminate()


@pytest.fixture
def service(
    app: Flask, configuration: Configuration, session: Session, moteur: str
) -> Iterator[Configuration]:
    """The application, client of that provider, at the time that both processes share."""
    reglee = replace(configuration, oidc_issuer=moteur, oidc_acr_sensible="eidas2,eidas3")
    app.extensions["tdba"] = reglee
    with horloge.regler(datetime.now(UTC)):
        yield reglee
    app.extensions["tdba"] = configuration
    app.extensions.pop("tdba_oidc", None)


@pytest.fixture
def chez(service: Configuration, moteur: str) -> Chez:
    return Chez(moteur)


@pytest.fixture
def camille(session: Session, navigateur: Navigateur, chez: Chez, service: Configuration) -> Personne:
    """Somebody who came once, was given an habilitation, and whose browser was closed."""
    f.les_territoires(session)
    organisation: Organisation = f.une_organisation(
        session,
        "ORGANISME_FORMATION",
        "CFA de Rennes",
        regle="ETABLISSEMENTS",
        organismes=[f.un_organisme(session, "CFA de Rennes")],
    )
    entrer(Navigateur(navigateur.app, session), Chez(chez.moteur))
    personne = session.execute(select(Personne)).scalar_one()
    personne.etat = "ACTIVE"
    f.une_habilitation(session, personne, organisation)
    session.flush()
    return personne
