"""The mailbox of the demonstration."""

from flask import Flask
from sqlalchemy.orm import Session

from tdba import courriels
from tdba.local import demo_courriels


def test_la_boite_montre_les_courriels_et_leurs_liens(app: Flask, session: Session) -> None:
    lien = ("Entrer", "https://tdba.test/x")
    courriels.ecrire("essai", "zoe@exemple.invalid", "Votre lien", ["Bonjour <Zoé>."], lien=lien)
    session.commit()
    with app.test_request_context("/demo/courriels"):
        page = demo_courriels.courriels().get_data(as_text=True)
    assert "Bonjour &lt;Zoé&gt;." in page
    assert 'href="https://tdba.test/x"' in page
