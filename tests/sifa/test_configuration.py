"""TDBA_SIFA and the dates of its campaign: off by default, refused at boot when no year has such days."""

import pytest

from tdba.config import ConfigurationInvalide, lire_environnement

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


def test_l_enquete_est_eteinte_par_defaut() -> None:
    assert lire_environnement(BON).sifa is False
    assert lire_environnement(BON | {"TDBA_SIFA": "oui"}).sifa is True


@pytest.mark.parametrize(
    ("ouverture", "cloture"), [("01-05", "02-28"), ("11-02", "02-15"), ("08-01", "12-31")]
)
def test_la_campagne_tient_dans_une_annee_scolaire(ouverture: str, cloture: str) -> None:
    lue = lire_environnement(BON | {"TDBA_SIFA_OUVERTURE": ouverture, "TDBA_SIFA_CLOTURE": cloture})
    assert (lue.sifa_ouverture, lue.sifa_cloture) == (ouverture, cloture)


@pytest.mark.parametrize(
    ("ouverture", "cloture"),
    [
        ("02-29", "03-15"),
        ("1-5", "02-28"),
        ("13-01", "02-28"),
        ("02-01", "01-15"),
        ("01-05", "11-30"),
        ("04-31", "05-01"),
    ],
)
def test_des_dates_impossibles_refusent_de_demarrer(ouverture: str, cloture: str) -> None:
    with pytest.raises(ConfigurationInvalide, match="TDBA_SIFA"):
        lire_environnement(BON | {"TDBA_SIFA_OUVERTURE": ouverture, "TDBA_SIFA_CLOTURE": cloture})
