"""A second factor of our own (decision 27, identity-security.md §3.1.27): codes, recovery codes, and who is asked."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import service_sessions, totp
from tdba.comptes.models import Facteur, Habilitation, Personne
from tdba.limites import Limite
from tests import factories as f
from tests.comptes.aides import COOKIE, cookie, journal, lignes, ouverte
from tests.comptes.aides_facteurs import (
    ajouter_par_l_ecran,
    code,
    codes_affiches,
    prouver,
    reglage,
    une_application,
)
from tests.conftest import MIDI
from tests.pages import Navigateur, liens, titre

# --- The computation -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "attendu"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_les_codes_sont_ceux_de_la_rfc_6238(instant: int, attendu: str) -> None:
    assert totp.code(b"12345678901234567890", instant // totp.PAS) == attendu


@pytest.mark.parametrize(("ecart", "accepte"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_un_code_est_accepte_un_pas_avant_ou_apres(ecart: int, accepte: bool) -> None:
    secret, instant = totp.nouveau_secret(), 1_800_000_000
    pas = instant // totp.PAS + ecart
    trouve = totp.pas_accepte(secret, totp.code(secret, pas), instant=instant, dernier=0)
    assert trouve == (pas if accepte else None)


def test_un_secret_chiffre_ne_s_ouvre_que_pour_sa_personne_et_sa_cle() -> None:
    secret = totp.nouveau_secret()
    chiffre = totp.chiffrer(secret, cle="k" * 32, personne_id=1)
    assert secret not in chiffre
    assert totp.dechiffrer(chiffre, cle="k" * 32, personne_id=1) == secret
    assert totp.dechiffrer(chiffre, cle="k" * 32, personne_id=2) is None
    assert totp.dechiffrer(chiffre, cle="z" * 32, personne_id=1) is None
    assert totp.dechiffrer(b"", cle="k" * 32, personne_id=1) is None


def test_l_empreinte_d_un_code_de_secours_depend_de_la_cle_et_de_la_personne() -> None:
    empreintes = {
        totp.empreinte_de_secours("abcd-efgh-jkmn", cle=cle, personne_id=personne)
        for cle in ("k" * 32, "z" * 32)
        for personne in (1, 2)
    }
    assert len(empreintes) == 4
    assert totp.empreinte_de_secours("ABCDEFGHJKMN", cle="k" * 32, personne_id=1) in empreintes


# --- Who is asked ----------------------------------------------------------------------------------------------


def test_sans_le_reglage_rien_n_est_demande(assistante: Navigateur) -> None:
    assert assistante.get("/support").status_code == 200


def test_le_bureau_de_l_assistance_demande_un_second_facteur(
    exige: None, app: Flask, session: Session, maud: Habilitation, assistante: Navigateur
) -> None:
    secret = une_application(session, maud.personne_id, app)
    assert assistante.get("/support").location == "/second-facteur?suite=/support"
    assert prouver(assistante, code(secret), suite="/support").location == "/support"
    assert assistante.get("/support").status_code == 200


def test_chaque_page_de_l_assistance_le_demande(exige: None, app: Flask) -> None:
    from tdba.scope import Droit

    sans = [
        endpoint
        for endpoint, vue in app.view_functions.items()
        if getattr(vue, "acces", None) == Droit.SUPPORT and not hasattr(vue, "second_facteur")
    ]
    assert sans == []


def test_un_cfa_lit_et_exporte_sa_liste_sans_second_facteur(exige: None, connectee: Navigateur) -> None:
    assert connectee.get("/effectifs").status_code == 200


def test_le_facteur_vaut_douze_heures(
    exige: None, app: Flask, session: Session, maud: Habilitation, assistante: Navigateur
) -> None:
    une_application(session, maud.personne_id, app)
    (ligne,) = lignes(session)
    for heures, code_http in ((11, 200), (12, 303)):
        ligne.facteur_le = MIDI - timedelta(hours=heures)
        assert assistante.get("/support").status_code == code_http


@pytest.mark.parametrize(
    ("niveau", "acceptes", "code_http"),
    [
        ("eidas2", "eidas2,eidas3", 200),
        ("eidas1", "eidas2,eidas3", 303),
        (None, "eidas2", 303),
        ("eidas2", "", 303),
    ],
)
def test_le_niveau_certifie_par_le_fournisseur_en_dispense(
    app: Flask, session: Session, assistante: Navigateur, niveau: str | None, acceptes: str, code_http: int
) -> None:
    lignes(session)[0].niveau = niveau
    with reglage(app, second_facteur="oui", oidc_acr_sensible=acceptes):
        assert assistante.get("/support").status_code == code_http


def test_sans_aucun_facteur_on_est_mene_a_en_ajouter_un(exige: None, assistante: Navigateur) -> None:
    page = assistante.get(str(assistante.get("/support").location))
    assert titre(page) == "Ajoutez d’abord un second facteur."
    assert "/mon-compte/facteurs/application?suite=/support" in liens(page)
    _, reponse = ajouter_par_l_ecran(assistante, suite="/support")
    assert len(codes_affiches(reponse)) == 10
    assert "/support" in liens(reponse)
    assert assistante.get("/support").status_code == 200


def test_dans_un_fragment_la_page_entiere_est_menee_ailleurs(exige: None, assistante: Navigateur) -> None:
    reponse = assistante.get(
        "/support", htmx=True, headers={"HX-Current-URL": "http://localhost/support?apres=3"}
    )
    assert (reponse.status_code, reponse.headers["HX-Redirect"]) == (
        204,
        "/second-facteur?suite=/support?apres%3D3",
    )


def test_la_suite_ne_sort_pas_du_service(
    app: Flask, session: Session, maud: Habilitation, assistante: Navigateur
) -> None:
    secret = une_application(session, maud.personne_id, app)
    assert prouver(assistante, code(secret), suite="https://ailleurs.invalid/").location == "/"


# --- Codes -----------------------------------------------------------------------------------------------------


def test_un_code_ne_sert_qu_une_fois(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    secret = une_application(session, alix, app)
    saisi = code(secret)
    assert prouver(connectee, saisi).status_code == 303
    assert prouver(connectee, saisi).status_code == 422
    assert prouver(connectee, code(secret, ecart=-1)).status_code == 422
    with horloge.regler(MIDI + timedelta(seconds=30)):
        assert prouver(connectee, code(secret)).status_code == 303


def test_le_code_d_un_autre_n_est_rien(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    une_application(session, alix, app)
    secret = une_application(session, f.une_personne(session, "Sacha"), app)
    reponse = prouver(connectee, code(secret))
    assert (reponse.status_code, titre(reponse)) == (422, "Confirmez que c’est bien vous.")
    assert lignes(session)[0].facteur_le is None


def test_le_secret_mis_dans_la_ligne_d_un_autre_n_ouvre_rien(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    secret = une_application(session, f.une_personne(session, "Sacha"), app)
    session.execute(select(Facteur)).scalar_one().personne_id = alix.id
    assert prouver(connectee, code(secret)).status_code == 422


def test_l_identifiant_de_session_change_avec_le_second_facteur(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    secret = une_application(session, alix, app)
    copie = Navigateur(app, session)
    copie.client.set_cookie(COOKIE, cookie(connectee), domain="localhost")
    avant = cookie(connectee)
    prouver(connectee, code(secret))
    assert cookie(connectee) != avant
    assert (ouverte(connectee), ouverte(copie)) == (True, False)
    (ligne,) = lignes(session)
    assert (ligne.facteur_le, ligne.expire_le) == (MIDI, MIDI + timedelta(hours=12))


def test_apres_cinq_echecs_meme_un_code_juste_attend_un_quart_d_heure(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    secret = une_application(session, alix, app)
    for _ in range(5):
        assert prouver(connectee, "000000").status_code == 422
    reponse = prouver(connectee, code(secret))
    assert (reponse.status_code, reponse.headers["Retry-After"]) == (429, "900")
    assert titre(reponse) == "Confirmez que c’est bien vous."
    with horloge.regler(MIDI + timedelta(minutes=15)):
        assert prouver(connectee, code(secret)).status_code == 303


def test_une_autre_session_ne_remet_pas_le_compte_a_zero(
    app: Flask,
    session: Session,
    alix: Personne,
    chez_elle: Habilitation,
    connectee: Navigateur,
    navigateur: Navigateur,
) -> None:
    secret = une_application(session, alix, app)
    for _ in range(5):
        prouver(connectee, "000000")
    assert prouver(navigateur.comme(chez_elle), code(secret)).status_code == 429


def test_le_compte_est_celui_d_une_personne(
    app: Flask, session: Session, connectee: Navigateur, assistante: Navigateur, maud: Habilitation
) -> None:
    secret = une_application(session, maud.personne_id, app)
    for _ in range(6):
        prouver(connectee, "000000")
    assert prouver(assistante, code(secret)).status_code == 303


def test_un_code_juste_efface_les_echecs(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    secret = une_application(session, alix, app)
    for tour in range(3):
        with horloge.regler(MIDI + timedelta(minutes=tour)):
            for _ in range(4):
                assert prouver(connectee, "000000").status_code == 422
            assert prouver(connectee, code(secret)).status_code == 303


def test_les_comptes_d_essais_s_oublient_apres_un_jour(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    une_application(session, alix, app)
    prouver(connectee, "000000")
    for heures, reste in ((23, 1), (24, 0)):
        service_sessions.purger(MIDI + timedelta(hours=heures))
        assert len(session.execute(select(Limite)).all()) == reste


def test_les_preuves_et_les_refus_se_consignent_sans_valeur(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    secret = une_application(session, alix, app)
    prouver(connectee, "000000")
    prouver(connectee, "AAAA-AAAA-AAAA")
    prouver(connectee, code(secret))
    assert journal(session) == [
        ("facteur.refuse", {"moyen": "TOTP"}),
        ("facteur.refuse", {"moyen": "CODE_SECOURS"}),
        ("facteur.verifie", {"moyen": "TOTP"}),
    ]
