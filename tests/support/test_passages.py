"""An organisation reads when support looked at its screens: when, whose, why; of support, not who (decision 24)."""

from datetime import timedelta

from tdba import horloge
from tdba.comptes.models import Habilitation
from tests.conftest import MIDI
from tests.pages import Navigateur, tableau
from tests.support.aides_voir_comme import regarder
from tests.support.conftest import Equipe, ecrire

PASSAGES = "/equipe/passages"


def test_l_organisation_lit_ses_passages_et_les_autres_non(
    equipe: Equipe, directeur: Navigateur, voisine: Navigateur, direction: Habilitation
) -> None:
    numero = ecrire(directeur)
    regarder(equipe.alix, numero, direction, motif="GUIDER")
    (en_cours,) = tableau(directeur.get(PASSAGES))
    assert en_cours["Jusqu’à"].replace("\xa0", " ") == "12 h 30 au plus tard, en ce moment"
    with horloge.regler(MIDI + timedelta(minutes=4)):
        equipe.alix.post("/support/voir-comme/arreter")
        (passage,) = tableau(directeur.get(PASSAGES))
    assert {cle: valeur.replace("\xa0", " ") for cle, valeur in passage.items()} == {
        "Le": "18 novembre 2026 à 12 h 00",
        "Jusqu’à": "12 h 04",
        "Qui": "l’assistance",
        "Écran de": "Dominique Testeur",
        "Pourquoi": "La guider pas à pas, au téléphone",
    }
    assert "Alix" not in directeur.get(PASSAGES).get_data(as_text=True)
    assert tableau(voisine.get(PASSAGES)) == []
    assert tableau(equipe.alix.get(PASSAGES)) == []


def test_le_plus_recent_vient_d_abord_et_la_page_suivante_reprend_apres(
    equipe: Equipe, directeur: Navigateur, direction: Habilitation
) -> None:
    numero = ecrire(directeur)
    for motif in ("ECRAN", "DROITS"):
        regarder(equipe.alix, numero, direction, motif=motif)
        equipe.alix.post("/support/voir-comme/arreter")
    raisons = [ligne["Pourquoi"] for ligne in tableau(directeur.get(PASSAGES))]
    assert raisons == ["Vérifier ce que ses droits lui ouvrent", "Comprendre ce que la personne voit"]
    assert tableau(directeur.get(f"{PASSAGES}?avant=1")) == []
    assert len(tableau(directeur.get(f"{PASSAGES}?avant=x"))) == 2
