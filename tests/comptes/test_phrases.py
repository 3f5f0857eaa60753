"""The words of the pages that stop somebody: one for each reason that can be shown, and no dead one."""

from flask import Flask

from tdba.comptes import etats, refus
from tdba.comptes.etats import Blocage


def phrases(app: Flask, nom: str) -> set[str]:
    with app.test_request_context():
        return set(getattr(app.jinja_env.get_template("comptes/_phrases.html").module, nom))


def test_chaque_blocage_qui_a_sa_page_a_ses_mots_et_eux_seuls(app: Flask) -> None:
    """Whoever arrives is led to ask for an access: nothing is said of them here."""
    assert phrases(app, "BLOCAGES") == {b.value for b in Blocage} - {b.value for b in etats.ARRIVANTS}


def test_chaque_refus_a_ses_mots_et_eux_seuls(app: Flask) -> None:
    assert phrases(app, "REFUS") == set(refus.PAGES)
