"""The director certified by the provider comes in at once, to the CFA of their own entity and to no other."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tdba.comptes.models import Personne, SessionWeb
from tdba.organismes.models import Organisme
from tests.habilitations.aides_acces import SUIVI, demander, mots, tenues, une_direction
from tests.pages import Navigateur

NIVEAU = "https://fournisseur.test/assurance/certification-dirigeant"
CERTIFICATION = "/acces/certification"


@pytest.fixture
def certifiee(
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    camille: Personne,
    cfa: Organisme,
    elle: Navigateur,
) -> Navigateur:
    """Camille, of that very entity, under a session that the provider certified."""
    configuration = replace(app.extensions["tdba"], oidc_acr_dirigeant=NIVEAU)
    monkeypatch.setitem(app.extensions, "tdba", configuration)
    camille.siret = cfa.siret
    session.execute(update(SessionWeb).where(SessionWeb.personne_id == camille.id).values(niveau=NIVEAU))
    session.commit()
    demander(elle, cfa)
    return elle


def test_la_certification_du_dirigeant_ouvre_son_cfa(
    certifiee: Navigateur, session: Session, camille: Personne
) -> None:
    assert "Entrer comme dirigeant" in mots(certifiee.get(SUIVI))
    assert certifiee.post(CERTIFICATION).location == "/effectifs"
    assert tenues(session, camille) == [("CFA de Rennes", "administrateur", "DIRIGEANT")]


@pytest.mark.parametrize("manque", ["niveau", "entite", "siret"])
def test_elle_n_ouvre_rien_sans_le_niveau_ou_pour_une_autre_entite(
    certifiee: Navigateur, session: Session, camille: Personne, manque: str
) -> None:
    if manque == "niveau":
        session.execute(update(SessionWeb).values(niveau="eidas3"))
    else:
        camille.siret = "73282932000074" if manque == "entite" else None
    session.commit()
    assert "Entrer comme dirigeant" not in mots(certifiee.get(SUIVI))
    assert certifiee.post(CERTIFICATION).location == SUIVI
    assert tenues(session, camille) == []


def test_elle_n_ouvre_rien_quand_un_administrateur_est_nomme(
    certifiee: Navigateur, session: Session, camille: Personne, cfa: Organisme
) -> None:
    une_direction(session, cfa)
    session.commit()
    assert certifiee.post(CERTIFICATION).location == SUIVI
    assert tenues(session, camille) == []
