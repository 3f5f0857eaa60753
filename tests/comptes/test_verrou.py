"""Support's session locks and resumes in place; every session says when it ends (decision 27)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation, Personne
from tdba.comptes.verrou import Reste, reste, verrouillee
from tests import factories as f
from tests.comptes.aides import choisir, lignes, ouverte, se_connecter
from tests.comptes.aides_facteurs import code, nommer_le_jeton, prouver, une_application
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, champs, texte, titre

VERROUILLEE = "Votre session est verrouillée."
TARD = MIDI + timedelta(minutes=15, seconds=1)


# --- When ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("genre", "deja", "minutes", "attendu"),
    [
        ("SUPPORT", False, 15, False),
        ("SUPPORT", False, 16, True),
        ("SUPPORT", True, 0, True),
        ("ORGANISME_FORMATION", False, 90, False),
        ("DREETS", True, 50, False),
        (None, False, 90, False),
    ],
)
def test_seule_une_session_de_l_assistance_se_verrouille(
    genre: str | None, deja: bool, minutes: int, attendu: bool
) -> None:
    maintenant = MIDI + timedelta(minutes=minutes)
    assert verrouillee(genre=genre, deja=deja, vue_le=MIDI, maintenant=maintenant, delai=900) is attendu


def test_une_page_dit_combien_de_temps_il_reste() -> None:
    commun: dict[str, Any] = {"vue_le": MIDI - timedelta(seconds=40), "maintenant": MIDI, "inactivite": 3600}
    commun |= {"expire_le": MIDI + timedelta(hours=1), "delai": 900}
    assert reste(genre="SUPPORT", **commun) == Reste(inactivite=860, duree=3600, verrou=True)
    assert reste(genre="DREETS", **commun) == Reste(inactivite=3560, duree=3600, verrou=False)


def test_apres_quinze_minutes_l_assistance_est_verrouillee(assistante: Navigateur) -> None:
    with horloge.regler(MIDI + timedelta(minutes=15)):
        assert assistante.get("/support").status_code == 200
    with horloge.regler(TARD + timedelta(minutes=15)):
        reponse = assistante.get("/support?apres=3")
        assert reponse.location == "/second-facteur?suite=/support?apres%3D3"
        page = assistante.get(str(reponse.location))
        assert (page.status_code, titre(page)) == (200, VERROUILLEE)


def test_rien_ne_se_lit_ni_ne_s_ecrit_sous_le_verrou(assistante: Navigateur) -> None:
    with horloge.regler(TARD):
        for adresse in (
            "/support",
            "/mon-compte",
            "/",
            "/support/travaux",
            "/mon-compte/facteurs/application",
        ):
            assert str(assistante.get(adresse).location).startswith("/second-facteur")
        assert assistante.post("/mon-compte/sessions/fermer").status_code == 303
        assert "Maud" not in texte(arbre(assistante.get("/second-facteur")))


def test_demander_encore_ne_deverrouille_pas(assistante: Navigateur) -> None:
    for minutes in (16, 17, 30, 44):
        with horloge.regler(MIDI + timedelta(minutes=minutes)):
            assert assistante.get("/support").status_code == 303


def test_un_cfa_n_est_pas_verrouille(connectee: Navigateur) -> None:
    with horloge.regler(MIDI + timedelta(minutes=50)):
        assert ouverte(connectee)


# --- Resuming --------------------------------------------------------------------------------------------------


def test_un_second_facteur_reprend_a_la_meme_page_sans_rien_perdre(
    app: Flask, session: Session, assistante: Navigateur, maud: Habilitation
) -> None:
    secret = une_application(session, maud.personne_id, app)
    (ligne,) = lignes(session)
    ligne.donnees = {**ligne.donnees, "recherches_support": {"r": ["CFA", 1]}}
    with horloge.regler(TARD):
        suite = str(assistante.get("/support?apres=3").location)
        formulaire = champs(assistante.get(suite), "/second-facteur") | {"code": code(secret)}
        assert assistante.post("/second-facteur", formulaire).location == "/support?apres=3"
        assert assistante.get("/support?apres=3").status_code == 200
    (ligne,) = lignes(session)
    assert ligne.donnees["recherches_support"] == {"r": ["CFA", 1]}
    assert ligne.expire_le == MIDI + timedelta(hours=12)


def test_un_code_faux_laisse_le_verrou(
    app: Flask, session: Session, assistante: Navigateur, maud: Habilitation
) -> None:
    une_application(session, maud.personne_id, app)
    with horloge.regler(TARD):
        assistante.get("/support")
        reponse = prouver(assistante, "000000")
        assert (reponse.status_code, titre(reponse)) == (422, VERROUILLEE)
        assert assistante.get("/support").status_code == 303


@pytest.mark.reseau
def test_proconnect_reprend_a_la_meme_page_sous_la_meme_habilitation(
    session: Session, navigateur: Navigateur, camille: Personne, habilitation: Habilitation
) -> None:
    support = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    autre = f.une_habilitation(session, camille, support, validee_par=f.une_personne(session, "Dominique"))
    se_connecter(navigateur)
    navigateur.post("/organisation", champs(navigateur.get("/mon-compte"), "/organisation"))
    assert [ligne.habilitation_id for ligne in lignes(session)] == [autre.id]
    with horloge.regler(TARD):
        page = navigateur.get(str(navigateur.get("/support/travaux").location))
        reponse = navigateur.post("/connexion", champs(page, "/connexion"))
        assert navigateur.get(choisir(str(reponse.location))).location == "/support/travaux"
        assert navigateur.get("/support/travaux").status_code == 200
    (ligne,) = lignes(session)
    assert (ligne.habilitation_id, ligne.facteur_le) == (autre.id, None)


def test_sans_facteur_il_reste_proconnect_et_la_deconnexion(assistante: Navigateur) -> None:
    with horloge.regler(TARD):
        page = assistante.get(str(assistante.get("/support").location))
        actions = [e.get("action") for e in arbre(page).iter("form")]
        assert actions == ["/connexion", "/deconnexion"]
        assistante.post("/deconnexion", champs(page, "/deconnexion"))
        assert assistante.get("/support").location.startswith("/connexion")


def test_un_verrou_qui_dure_finit_la_session_quoi_que_demande_le_navigateur(assistante: Navigateur) -> None:
    for minutes in (0, 30, 59):
        with horloge.regler(TARD + timedelta(minutes=minutes)):
            assert str(assistante.get("/support").location).startswith("/second-facteur")
    with horloge.regler(TARD + timedelta(hours=1, seconds=1)):
        assert str(assistante.get("/support").location).startswith("/connexion")


# --- The warning -----------------------------------------------------------------------------------------------


def test_chaque_page_porte_l_avertissement_et_son_bouton(connectee: Navigateur) -> None:
    page = arbre(connectee.get("/mon-compte"))
    (corps,) = page.iter("body")
    assert (corps.get("data-session-inactivite"), corps.get("data-session-duree")) == ("7200", "43200")
    (dialogue,) = [e for e in page.iter("dialog") if e.get("id") == "fin-session"]
    assert dialogue.get("open") is None
    assert "Rester connecté" in texte(dialogue)


def test_une_page_publique_n_a_pas_d_avertissement(navigateur: Navigateur) -> None:
    assert "fin-session" not in navigateur.get("/connexion").get_data(as_text=True)


def test_rester_connecte_prolonge_la_session_avec_ou_sans_script(
    connectee: Navigateur, session: Session
) -> None:
    with horloge.regler(MIDI + timedelta(minutes=118)):
        assert connectee.post("/session/prolonger", headers={"X-Tdba-Session": "1"}).status_code == 204
    with horloge.regler(MIDI + timedelta(minutes=230)):
        reponse = connectee.post("/session/prolonger", headers={"Referer": "http://localhost/mon-compte"})
        assert (reponse.status_code, reponse.location) == (303, "/mon-compte")
    assert lignes(session)[0].vue_le == MIDI + timedelta(minutes=230)


def test_prolonger_ne_deplace_pas_la_fin_absolue(connectee: Navigateur, session: Session) -> None:
    with horloge.regler(MIDI + timedelta(minutes=100)):
        connectee.post("/session/prolonger")
    assert lignes(session)[0].expire_le == MIDI + timedelta(hours=12)


def test_prolonger_ne_deverrouille_pas(assistante: Navigateur) -> None:
    with horloge.regler(TARD):
        assert assistante.post("/session/prolonger", headers={"X-Tdba-Session": "1"}).status_code == 303
        assert assistante.get("/support").status_code == 303


def test_l_ecran_qui_se_verrouille_envoie_ce_qui_etait_saisi(
    app: Flask, session: Session, assistante: Navigateur, maud: Habilitation
) -> None:
    secret = une_application(session, maud.personne_id, app)
    jeton = nommer_le_jeton(app, session, assistante)
    with horloge.regler(MIDI + timedelta(minutes=15)):
        reponse = assistante.post(
            "/session/verrouiller",
            {"csrf_token": jeton, "_adresse": "http://localhost/support/dossiers", "objet": "Appel du CFA"},
        )
        assert reponse.location == "/second-facteur?suite=/saisie-gardee"
        assert assistante.get("/support").status_code == 303
        assert prouver(assistante, code(secret), suite="/saisie-gardee").location == "/saisie-gardee"
        formulaire = champs(assistante.get("/saisie-gardee"), "/support/dossiers")
        assert (formulaire["objet"], "_adresse" in formulaire) == ("Appel du CFA", False)


def test_une_suspension_ferme_aussi_une_session_verrouillee(
    assistante: Navigateur, session: Session, maud: Habilitation
) -> None:
    from sqlalchemy import select

    with horloge.regler(TARD):
        assistante.get("/support")
        session.execute(
            select(Personne).where(Personne.id == maud.personne_id)
        ).scalar_one().etat = "SUSPENDUE"
        assert assistante.get("/support").location == "/acces"


def test_une_suspension_arrete_la_requete_suivante_de_chaque_session(
    navigateur: Navigateur, connectee: Navigateur, chez_elle: Habilitation, alix: Personne
) -> None:
    autre = navigateur.comme(chez_elle)
    assert (ouverte(connectee), ouverte(autre)) == (True, True)
    alix.etat = "SUSPENDUE"
    assert [n.get("/mon-compte").location for n in (connectee, autre)] == ["/acces", "/acces"]
    assert connectee.post("/session/prolonger").location == "/acces"
