"""Every reason for which a login fails has its own French page, made of our words only (identity-security.md §1.9)."""

import re
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tdba.comptes import refus
from tests.comptes.aides import (
    EXPIREE,
    FournisseurDeTest,
    cas,
    choisir,
    journal,
    parametres,
    partir,
    refusee,
    regler,
)
from tests.pages import Navigateur, arbre, liens, texte, titre

pytestmark = pytest.mark.reseau

HOSTILE = "<script>alert(1)</script>"

ATTENDUES = {
    "access_denied": (403, "L’identification n’a pas abouti."),
    "login_required": (403, "ProConnect ne vous reconnaît plus."),
    "interaction_required": (403, "ProConnect doit vous poser une question."),
    "idp_hint_not_found": (403, "L’établissement qui vous identifie n’a pas été trouvé."),
    "server_error": (503, "ProConnect a rencontré une erreur."),
    "temporarily_unavailable": (503, "ProConnect est momentanément indisponible."),
    "invalid_request": (500, "Ce service est mal raccordé à ProConnect."),
    "invalid_scope": (500, "Ce service est mal raccordé à ProConnect."),
    "unauthorized_client": (500, "Ce service est mal raccordé à ProConnect."),
    "unmet_authentication_requirements": (403, "Le second moyen d’identification n’a pas été obtenu."),
    "Y500015": (403, "L’identification a échoué."),
    "": (403, "L’identification a échoué."),
    HOSTILE: (403, "L’identification a échoué."),
}


def revenir(navigateur: Navigateur, fournisseur: FournisseurDeTest, erreur: str, **autres: str) -> object:
    """Come back from the provider with that error."""
    state = parametres(partir(navigateur))["state"]
    rendu = {"state": state, "iss": fournisseur.reglages.emetteur, "error": erreur} | autres
    return navigateur.get("/connexion/retour", query_string=rendu)


@cas(11)
@pytest.mark.parametrize("erreur", ATTENDUES)
def test_chaque_erreur_a_sa_page(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, erreur: str
) -> None:
    code, phrase = ATTENDUES[erreur]
    page = revenir(navigateur, fournisseur, erreur)
    refusee(session, page, code=code, phrase=phrase)
    assert page.headers.get("Retry-After") == ("30" if code == 503 else None)
    assert journal(session) == [("compte.refuse", {"raison": refus.raison_de(erreur, niveau_exige=False)})]


@cas(11)
@pytest.mark.parametrize("erreur", ATTENDUES)
def test_une_erreur_que_ce_navigateur_n_attend_pas_ne_dit_rien_de_plus(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest, erreur: str
) -> None:
    partir(navigateur)
    for state in ({}, {"state": "x" * 43}):
        page = navigateur.get("/connexion/retour", query_string={"error": erreur, **state})
        refusee(session, page, **EXPIREE)
    assert journal(session) == []


@cas(11)
def test_un_refus_se_lit_autrement_quand_un_niveau_etait_exige(
    app: Flask, navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    """ProConnect answers `access_denied` when the level cannot be had, as when somebody gives up."""
    regler(app, oidc_acr_connexion="eidas2")
    page = navigateur.get(choisir(partir(navigateur), sub=None))
    refusee(session, page, phrase="Le second moyen d’identification n’a pas été obtenu.")


@cas(12)
@pytest.mark.parametrize("erreur", ["access_denied", HOSTILE])
def test_rien_de_ce_que_dit_le_fournisseur_n_est_montre(
    navigateur: Navigateur,
    session: Session,
    fournisseur: FournisseurDeTest,
    erreur: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    page = revenir(
        navigateur,
        fournisseur,
        erreur,
        error_description="<b>mot du fournisseur</b>",
        error_uri="https://ailleurs.invalid/aide",
    )
    dit = page.text + repr(page.headers) + repr(journal(session)) + "".join(capfd.readouterr())
    for mot in ("alert(1)", "mot du fournisseur", "ailleurs.invalid", "access_denied"):
        assert mot not in dit


def test_une_page_de_refus_dit_quoi_faire_qui_contacter_et_sous_quelle_reference(
    navigateur: Navigateur, session: Session, fournisseur: FournisseurDeTest
) -> None:
    page = revenir(navigateur, fournisseur, "access_denied")
    mots = texte(arbre(page))
    assert re.search(
        r"Contactez l’assistance du Tableau de bord, en donnant cette référence : [0-9a-f]{10}", mots
    )
    assert "/connexion" in liens(page)
    assert '<meta name="referrer" content="no-referrer">' in page.text


def test_une_demande_refusee_par_notre_faute_alerte_l_exploitant(
    navigateur: Navigateur, fournisseur: FournisseurDeTest, caplog: pytest.LogCaptureFixture
) -> None:
    page = revenir(navigateur, fournisseur, "invalid_scope")
    assert titre(page) == ATTENDUES["invalid_scope"][1]
    (ligne,) = [ligne for ligne in caplog.records if ligne.levelname == "ERROR"]
    assert "check the registration" in ligne.getMessage()


def test_chaque_page_a_ses_mots_et_aucune_n_en_partage_le_titre(app: Flask) -> None:
    mots = app.jinja_env.get_template("comptes/_phrases.html").make_module({}).REFUS
    assert set(mots) == set(refus.PAGES)
    assert max(Counter(m["titre"] for m in mots.values()).values()) == 1
    for phrases in mots.values():
        assert set(phrases) == {"titre", "explication", "geste"}
        assert all(phrase.endswith(".") for phrase in phrases.values())


def test_chaque_erreur_connue_mene_a_une_page_qui_existe() -> None:
    for erreur in refus.ERREURS:
        for exige in (True, False):
            assert refus.page_de(refus.raison_de(erreur, niveau_exige=exige)) in refus.PAGES
    assert refus.page_de("jeton_nonce") == "technique"
    assert refus.page_de("jeton_siret") == "identite_incomplete"
