"""Two locks: another CFA finds nothing, and row-level security alone shows nothing (decision 22)."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.organismes.models import Organisme
from tdba.portee import Portee, RoleSql, Scope
from tdba.scope import Droit
from tdba.sifa import queries, service
from tests import factories as f
from tests.pages import Navigateur
from tests.sifa.aides import chemin, direction, un_compte

LECTURES = ("", "/reponses", "/comptes", "/a-completer", "/completer", "/fichier", "/controler")
ACTES = ("/reponses", "/deposee", "/fichier.csv", "/fichier.xlsx", "/controler")


@pytest.fixture
def etrangere(session: Session, navigateur: Navigateur, dunes: Organisme, sifa: None) -> Navigateur:
    return direction(session, navigateur, f.un_organisme(session, "Landes"))


def test_un_autre_cfa_ne_trouve_rien(session: Session, etrangere: Navigateur, dunes: Organisme) -> None:
    effectif = un_compte(session, dunes)
    adresses = [chemin(dunes, suite) for suite in (*LECTURES, f"/completer/{effectif.id}")]
    for adresse in (*adresses, f"/sifa/fiches/{effectif.id}"):
        assert etrangere.get(adresse).status_code == 404, adresse
    for suite in ACTES:
        envoi = etrangere.post(chemin(dunes, suite), {"x": "1"}, content_type="multipart/form-data")
        assert envoi.status_code == 404, suite


def test_une_fiche_d_un_autre_site_n_est_pas_dans_la_saisie(
    session: Session, navigateur: Navigateur, dunes: Organisme, sifa: None
) -> None:
    landes = f.un_organisme(session, "Landes")
    effectif = un_compte(session, landes)
    les_deux = direction(session, navigateur, dunes, landes)
    assert les_deux.get(chemin(dunes, f"/completer/{effectif.id}")).status_code == 404
    assert les_deux.get(chemin(landes, f"/completer/{effectif.id}")).status_code == 200


def test_la_securite_des_lignes_suffit(session: Session, dunes: Organisme, sifa: None) -> None:
    """The statements run for another CFA, as if the first lock had failed."""
    effectif = un_compte(session, dunes)
    landes = f.un_organisme(session, "Landes")
    service.repondre(effectif.id, {"rqth": "oui"}, 0, horloge.maintenant())
    session.commit()
    ailleurs = Portee(frozenset({landes.id}))
    with scope.sous(
        Scope(droits={Droit.CORRIGER: ailleurs, Droit.VOIR_NOMINATIF: ailleurs}, role=RoleSql.FAMILLE)
    ):
        assert queries.dossiers(dunes.id, 2026) == []
        assert queries.comptes(dunes.id, 2026) == []
        assert session.execute(text("SELECT count(*) FROM sifa_fiche")).scalar_one() == 0
        session.rollback()


def test_qui_lit_sans_corriger_ne_lit_pas_les_reponses(
    session: Session, dunes: Organisme, sifa: None
) -> None:
    effectif = un_compte(session, dunes)
    service.repondre(effectif.id, {"rqth": "oui"}, 0, horloge.maintenant())
    session.commit()
    ici = Portee(frozenset({dunes.id}))
    with scope.sous(Scope(droits={Droit.VOIR_NOMINATIF: ici}, role=RoleSql.FAMILLE)):
        assert session.execute(text("SELECT count(*) FROM sifa_fiche")).scalar_one() == 0
        session.rollback()
