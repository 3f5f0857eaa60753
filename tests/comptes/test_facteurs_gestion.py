"""Adding and removing one's own second factors, and their recovery codes (decision 27)."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import CodeSecours, Facteur, Habilitation, Personne, SessionWeb
from tdba.config import Configuration
from tdba.courriels import Courriel
from tests import factories as f
from tests.comptes.aides import journal
from tests.comptes.aides_facteurs import (
    ajouter_par_l_ecran,
    code,
    codes_affiches,
    prouver,
    une_application,
)
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, champs, tableau, texte

# --- Adding, removing, recovery codes --------------------------------------------------------------------------


def test_l_ajout_montre_une_image_et_sa_cle_puis_dix_codes_une_seule_fois(
    session: Session, connectee: Navigateur
) -> None:
    page = connectee.get("/mon-compte/facteurs/application")
    (image,) = arbre(page).iter("img")
    assert str(image.get("src")).startswith("data:image/svg+xml")
    secret, reponse = ajouter_par_l_ecran(connectee)
    codes = codes_affiches(reponse)
    assert len(set(codes)) == 10
    (facteur,) = session.execute(select(Facteur)).scalars()
    assert secret not in facteur.secret
    stockes = session.execute(select(CodeSecours.empreinte)).scalars().all()
    assert all(brut.encode() not in empreinte for brut in codes for empreinte in stockes)
    assert codes_affiches(connectee.get("/mon-compte")) == []
    assert [ligne["Nom"] for ligne in tableau(connectee.get("/mon-compte"), "facteurs-enregistres")] == [
        "Téléphone"
    ]


def test_un_premier_code_faux_garde_le_meme_secret(session: Session, connectee: Navigateur) -> None:
    page = connectee.get("/mon-compte/facteurs/application")
    formulaire = champs(page, "/mon-compte/facteurs/application") | {"code": "000000", "nom": "Téléphone"}
    reponse = connectee.post("/mon-compte/facteurs/application", formulaire)
    assert reponse.status_code == 422
    cle = [texte(e) for e in arbre(page).iter("code")]
    assert cle[0] in [texte(e) for e in arbre(reponse).iter("code")]
    assert session.execute(select(Facteur)).scalars().all() == []


def test_la_personne_est_prevenue_par_courriel(
    session: Session, alix: Personne, connectee: Navigateur
) -> None:
    ajouter_par_l_ecran(connectee)
    (mail,) = session.execute(select(Courriel)).scalars()
    assert (mail.destinataire, mail.sujet) == (alix.courriel, "Votre second facteur a changé")


def test_un_code_de_secours_sert_une_fois(session: Session, connectee: Navigateur) -> None:
    codes = codes_affiches(ajouter_par_l_ecran(connectee)[1])
    assert prouver(connectee, codes[0].lower().replace("-", " ")).status_code == 303
    assert prouver(connectee, codes[0]).status_code == 422
    assert prouver(connectee, codes[1]).status_code == 303
    assert "Il vous reste 8\xa0codes de secours" in texte(arbre(connectee.get("/mon-compte"))).replace(
        "8 ", "8\xa0"
    )


def test_de_nouveaux_codes_annulent_les_anciens(connectee: Navigateur) -> None:
    anciens = codes_affiches(ajouter_par_l_ecran(connectee)[1])
    nouveaux = codes_affiches(connectee.post("/mon-compte/codes-de-secours"))
    assert not set(anciens) & set(nouveaux)
    assert prouver(connectee, anciens[0]).status_code == 422
    assert prouver(connectee, nouveaux[0]).status_code == 303


def test_changer_ses_facteurs_demande_un_facteur_recent(
    app: Flask, session: Session, alix: Personne, connectee: Navigateur
) -> None:
    secret = une_application(session, alix, app)
    (facteur,) = session.execute(select(Facteur)).scalars()
    adresses = (
        ("POST", f"/mon-compte/facteurs/{facteur.id}/retirer"),
        ("POST", "/mon-compte/codes-de-secours"),
        ("POST", "/mon-compte/facteurs/cle/defi"),
        ("GET", "/mon-compte/facteurs/application"),
        ("GET", "/mon-compte/facteurs/cle"),
    )
    for methode, adresse in adresses:
        assert str(connectee.ouvrir(methode, adresse).location).startswith("/second-facteur")
    prouver(connectee, code(secret))
    assert connectee.post(adresses[0][1]).location == "/mon-compte"
    assert session.execute(select(Facteur)).scalars().all() == []


def test_les_codes_partent_avec_le_dernier_facteur(session: Session, connectee: Navigateur) -> None:
    ajouter_par_l_ecran(connectee)
    (facteur,) = session.execute(select(Facteur)).scalars()
    connectee.post(f"/mon-compte/facteurs/{facteur.id}/retirer")
    assert session.execute(select(CodeSecours)).scalars().all() == []
    assert "facteur.retire" in [evenement for evenement, _ in journal(session)]


def test_on_ne_retire_pas_le_facteur_d_un_autre(app: Flask, session: Session, connectee: Navigateur) -> None:
    une_application(session, f.une_personne(session, "Sacha"), app)
    (facteur,) = session.execute(select(Facteur)).scalars()
    assert connectee.post(f"/mon-compte/facteurs/{facteur.id}/retirer").status_code == 404


def test_une_session_neuve_n_herite_pas_du_facteur(
    exige: None,
    app: Flask,
    session: Session,
    maud: Habilitation,
    assistante: Navigateur,
    navigateur: Navigateur,
) -> None:
    secret = une_application(session, maud.personne_id, app)
    prouver(assistante, code(secret))
    assert navigateur.comme(maud).get("/support").status_code == 303
    assert session.execute(select(SessionWeb.facteur_le).order_by(SessionWeb.id)).scalars().all() == [
        MIDI,
        None,
    ]


# --- The setting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "reglage_choisi", "attendu"),
    [
        ("production", "", True),
        ("production", "non", False),
        ("demo", "", False),
        ("demo", "oui", True),
        ("test", "", False),
    ],
)
def test_le_second_facteur_est_exige_en_production_sauf_reglage_contraire(
    configuration: Configuration, env: str, reglage_choisi: str, attendu: bool
) -> None:
    reglee = replace(configuration, env=env, second_facteur=reglage_choisi)
    assert reglee.second_facteur_exige is attendu
