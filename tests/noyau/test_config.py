"""A missing or default secret refuses to boot; every problem is named at once."""

from dataclasses import fields
from pathlib import Path

import pytest

from tdba.config import Configuration, ConfigurationInvalide, lire_environnement

BON = {
    "TDBA_ENV": "production",
    "TDBA_SECRET_KEY": "kX9vPq2LmZ7wRt4YbN8cHs6JdF3gTuAe",
    "TDBA_DATABASE_URL": "postgresql+psycopg://tdba_web@base/tdba",
    "TDBA_REDIS_URL": "redis://cache",
    "TDBA_BASE_URL": "https://tdba.exemple.fr",
    "TDBA_OIDC_ISSUER": "https://identite.exemple.fr/api/v2",
    "TDBA_OIDC_CLIENT_ID": "tdba",
    "TDBA_OIDC_CLIENT_SECRET": "pQ7zWn3XcV5bMk9LjH2gFd8SaT4rYe6U",
}


def test_un_environnement_complet_donne_une_configuration() -> None:
    assert lire_environnement(BON).cookie_session == "__Host-tdba"


@pytest.mark.parametrize("variable", BON)
def test_une_variable_obligatoire_absente_refuse_de_demarrer(variable: str) -> None:
    with pytest.raises(ConfigurationInvalide, match=variable):
        lire_environnement({nom: valeur for nom, valeur in BON.items() if nom != variable})


@pytest.mark.parametrize(
    ("variable", "valeur"),
    [
        ("TDBA_SECRET_KEY", "court"),
        ("TDBA_SECRET_KEY", "0" * 40),
        ("TDBA_SECRET_KEY", "changeme" * 5),
        ("TDBA_OIDC_CLIENT_SECRET", "a" * 40),
        ("TDBA_ENV", "prod"),
        ("TDBA_DATABASE_URL", "sqlite:///tdba.db"),
        ("TDBA_BASE_URL", "http://tdba.exemple.fr"),
        ("TDBA_OIDC_ISSUER", "http://identite.exemple.fr"),
        ("TDBA_OIDC_ISSUER", "https://127.0.0.1:8443"),
        ("TDBA_SESSION_DUREE", "douze heures"),
        ("TDBA_SEUIL_PUBLIC", "2"),
        ("TDBA_SEUIL_TERRITOIRE", "0"),
        ("TDBA_SEUIL_TERRITOIRE", "cinq"),
    ],
)
def test_une_valeur_dangereuse_refuse_de_demarrer(variable: str, valeur: str) -> None:
    with pytest.raises(ConfigurationInvalide, match=variable):
        lire_environnement({**BON, variable: valeur})


def test_les_petits_nombres_se_cachent_sous_cinq_et_le_seuil_se_regle_par_public() -> None:
    configuration = lire_environnement(BON)
    assert (configuration.seuil_public, configuration.seuil_territoire) == (5, 5)
    reglee = lire_environnement({**BON, "TDBA_SEUIL_PUBLIC": "11", "TDBA_SEUIL_TERRITOIRE": "3"})
    assert (reglee.seuil_public, reglee.seuil_territoire) == (11, 3)


def test_tous_les_problemes_sont_dits_ensemble() -> None:
    with pytest.raises(ConfigurationInvalide, match=r"TDBA_ENV.*TDBA_OIDC_CLIENT_SECRET"):
        lire_environnement({})


def test_la_demo_refuse_un_fournisseur_lointain() -> None:
    with pytest.raises(ConfigurationInvalide, match="TDBA_OIDC_ISSUER"):
        lire_environnement({**BON, "TDBA_ENV": "demo"})


def test_les_secrets_ne_s_impriment_pas() -> None:
    imprimee = repr(lire_environnement(BON))
    assert BON["TDBA_SECRET_KEY"] not in imprimee
    assert BON["TDBA_OIDC_CLIENT_SECRET"] not in imprimee


def test_chaque_variable_est_documentee() -> None:
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()
    for champ in fields(Configuration):
        assert f"`TDBA_{champ.name.upper()}`" in page
