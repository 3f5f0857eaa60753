"""Options of a call that sends lines: what is understood, what is refused and named. Pure."""

from urllib.parse import parse_qsl

import pytest

from tdba.transmissions import api_options
from tdba.transmissions.api_options import OptionRefusee, Options


def lire(suite: str, cle: str | None = None, corps: bytes = b"[]") -> Options:
    return api_options.lire(dict(parse_qsl(suite, keep_blank_values=True)), cle, corps)


@pytest.mark.parametrize(
    ("suite", "options"),
    [
        ("", Options()),
        ("complet=0&essai=0&siret=1&erp=YPAREO", Options()),
        ("complet=1", Options(complete=True)),
        ("essai=1", Options(essai=True)),
        ("envoi=18-11&partie=2&parties=3", Options(complete=True, envoi="18-11", partie=2, parties=3)),
    ],
)
def test_ce_qui_est_compris(suite: str, options: Options) -> None:
    assert lire(suite) == options


@pytest.mark.parametrize(
    ("suite", "parametre"),
    [
        ("complet=2", "complet"),
        ("essai=oui", "essai"),
        ("partie=1", "partie"),
        ("parties=1", "parties"),
        ("envoi=", "envoi"),
        ("envoi=a%20b&partie=1&parties=1", "envoi"),
        ("envoi=" + "x" * 65 + "&partie=1&parties=1", "envoi"),
        ("envoi=%00&partie=1&parties=1", "envoi"),
        ("envoi=x", "partie"),
        ("envoi=x&partie=0&parties=1", "partie"),
        ("envoi=x&partie=²&parties=3", "partie"),
        ("envoi=x&partie=2&parties=1", "partie"),
        ("envoi=x&partie=1&parties=1000", "parties"),
        ("envoi=x&partie=1&parties=99999999999999999999", "parties"),
    ],
)
def test_ce_qui_est_refuse(suite: str, parametre: str) -> None:
    with pytest.raises(OptionRefusee) as refus:
        lire(suite)
    assert refus.value.option == parametre


def test_les_options_font_partie_de_la_demande() -> None:
    """The same lines under the same key, complete or not, are two requests."""
    demandes = {
        lire(suite, "c", corps).idempotence
        for suite in ("", "complet=1", "envoi=x&partie=1&parties=2", "envoi=x&partie=2&parties=2")
        for corps in (b"[]", b"[1]")
    }
    assert len(demandes) == 8


@pytest.mark.parametrize(
    ("type_", "jeu", "oui"),
    [
        ("application/json", None, True),
        ("", None, True),
        ("application/json", "UTF-8", True),
        ("application/vnd.api+json", "utf8", True),
        ("application/json", "iso-8859-1", False),
        ("text/plain", None, False),
        ("application/x-www-form-urlencoded", None, False),
        ("multipart/form-data", None, False),
    ],
)
def test_seul_du_json_en_utf_8_est_lu(type_: str, jeu: str | None, oui: bool) -> None:
    assert api_options.est_du_json(type_, jeu) is oui
