"""What a hostile or hurried person sends: a stale undo, a blank day, an impossible number. Nothing breaks, nothing lies."""

import pytest
from sqlalchemy.orm import Session

from tests import factories as f
from tests.effectifs.aides import corrections, envoyer, phrases
from tests.effectifs.aides_gestes import transferts
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, champs


def test_annuler_sur_une_fiche_changee_depuis_remontre_avant_de_faire(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    """The source sent a third value between the page and the click: it is shown, not taken in silence (decision 18)."""
    effectif = f.un_apprenti(session, decor.cfa)
    envoyer(directrice, f"/effectifs/{effectif.id}/corriger/prenom", valeur="Maëlle")
    (correction,) = corrections(session)
    url = f"/corrections/{correction.id}/annuler"
    saisies = champs(directrice.get(url), url)
    correction = corrections(session)[0]
    correction.etat, correction.valeur_conflit = "CONFLIT", "Gwenola"
    session.refresh(effectif)
    effectif.version += 1
    session.commit()
    page = directrice.post(url, saisies)
    assert page.status_code == 409
    assert "Cette fiche a changé depuis" in phrases(page)
    assert "Gwenola" in phrases(page)
    assert corrections(session)[0].etat == "CONFLIT"
    assert directrice.post(url, champs(page, url)).status_code == 303
    session.refresh(effectif)
    assert effectif.prenom == "Gwenola"


@pytest.mark.parametrize("jour", [" ", "\u2028", "\t", "a\x00b", "0000-00-00"])
def test_un_jour_blanc_ou_impossible_est_refuse_avec_une_phrase(
    session: Session, decor: Decor, directrice: Navigateur, jour: str
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    saisies = {"destination": str(decor.annexe.id), "a_compter_du": jour, "motif": "ERREUR_DE_SITE"}
    for action in ("voir", "enregistrer"):
        page = directrice.post(f"/effectifs/{effectif.id}/transferer", saisies | {"action": action})
        assert page.status_code == 422
    prete = directrice.post("/effectifs/groupees", {"nature": "SORTIE", "ids": str(effectif.id)})
    page = directrice.post(f"{prete.headers['Location']}/confirmer", {"le": jour, "motif": "PIECE_VUE"})
    assert page.status_code == 422
    assert transferts(session) == []
