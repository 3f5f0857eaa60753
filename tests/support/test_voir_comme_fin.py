"""What ends a passage of "voir comme": thirty minutes, its case, the right of either, its session (decision 24)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes import queries as comptes
from tdba.comptes.models import Habilitation, Personne
from tdba.effectifs.models import Effectif
from tdba.scope import Droit, RoleSql, Scope
from tdba.support import service_voir_comme
from tests.comptes.aides_facteurs import code, une_application
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, champs, texte
from tests.support.aides_voir_comme import bandeau, un_passage, voit
from tests.support.conftest import Equipe, evenements


def test_le_passage_finit_de_lui_meme_au_bout_de_trente_minutes(regard: Navigateur) -> None:
    for minutes in (12, 24, 29):
        with horloge.regler(MIDI + timedelta(minutes=minutes)):
            assert voit(regard)
    with horloge.regler(MIDI + timedelta(minutes=30)):
        reponse = regard.post("/support/recherche", {"q": "CFA"})
        assert reponse.location == "/support"  # not the search: it was meant for the other's screen
        assert "Le passage est terminé" in regard.get("/support").get_data(as_text=True)


def test_clore_la_demande_arrete_le_passage(equipe: Equipe, numero: int, regard: Navigateur) -> None:
    equipe.sacha.post(f"/support/dossiers/{numero}/clore")
    assert regard.get("/ruptures").location == "/support"


def test_la_fin_du_droit_de_l_assistance_arrete_le_passage(
    session: Session, equipe: Equipe, regard: Navigateur
) -> None:
    personne = session.get_one(Personne, equipe.alix_id)
    (habilitation,) = [h for h, _ in comptes.habilitations_de(personne.id)]
    habilitation.validee_par_id = habilitation.validee_le = None
    assert regard.get("/ruptures").location == "/"
    assert "Vous voyez l’écran" not in bandeau(regard.get("/equipe"))


@pytest.mark.parametrize("etat", ["SUSPENDUE", "FERMEE"])
def test_une_personne_arretee_n_est_plus_vue(
    session: Session, regard: Navigateur, direction: Habilitation, etat: str
) -> None:
    session.get_one(Personne, direction.personne_id).etat = etat
    assert regard.get("/ruptures").location == "/support"


def test_une_habilitation_finie_n_est_plus_vue(regard: Navigateur, direction: Habilitation) -> None:
    direction.fin = horloge.aujourd_hui()
    assert regard.get("/ruptures").location == "/support"


def test_se_deconnecter_arrete_le_passage(session: Session, regard: Navigateur) -> None:
    with horloge.regler(MIDI + timedelta(minutes=5)):
        regard.post("/deconnexion")
    assert len(evenements(session, "support.voir_comme_arrete")) == 1
    assert str(regard.get("/ruptures").location).startswith("/connexion")


def test_le_passage_ne_suit_pas_la_personne_dans_un_autre_navigateur(
    session: Session, equipe: Equipe, regard: Navigateur, jeune: Effectif
) -> None:
    (habilitation,) = [h for h, _ in comptes.habilitations_de(equipe.alix_id)]
    autre = regard.comme(habilitation)
    assert autre.get(f"/effectifs/{jeune.id}").location == f"/support/fiches/{jeune.id}"


def test_la_session_de_l_assistance_se_verrouille_aussi_sous_un_regard(regard: Navigateur) -> None:
    with horloge.regler(MIDI + timedelta(minutes=16)):
        assert str(regard.get("/ruptures").location).startswith("/second-facteur")
        assert "Dominique" not in texte(arbre(regard.get("/second-facteur")))


def test_reprendre_la_session_verrouillee_reprend_aussi_le_passage(
    app: Flask, session: Session, equipe: Equipe, regard: Navigateur
) -> None:
    secret = une_application(session, equipe.alix_id, app)
    with horloge.regler(MIDI + timedelta(minutes=16)):
        page = regard.get(str(regard.get("/ruptures").location))
        formulaire = champs(page, "/second-facteur") | {"code": code(secret)}
        assert regard.post("/second-facteur", formulaire).location == "/ruptures"
        assert voit(regard)


def test_le_passage_d_un_autre_mis_dans_sa_session_n_ouvre_rien(
    equipe: Equipe, regard: Navigateur, session: Session, direction: Habilitation, numero: int
) -> None:
    passage = un_passage(session, numero, direction, direction.personne_id)
    support = Scope(droits={Droit.SUPPORT: scope.TOUS}, role=RoleSql.NATIONAL, personne_id=equipe.alix_id)
    with scope.sous(support):
        assert service_voir_comme.regard(passage.id, maintenant=MIDI) is None
