"""What is kept of an answer of the public service: what a screen shows, in the order of distances, and nobody's contact."""

import json
from datetime import date
from typing import Any

import pytest

from tdba.offres import reponses
from tdba.offres.liens import Point
from tests.offres.aides import COMMUNE, RENNES, un_point, une_entreprise, une_formation, une_offre

CENTRE = Point(*RENNES)
JOUR = date(2026, 11, 18)


def test_le_centre_est_celui_de_la_commune_demandee() -> None:
    autre = COMMUNE | {"code": {"insee": "35288"}}
    assert reponses.centre([autre, COMMUNE], "35238") == CENTRE
    assert reponses.centre([autre], "35238") is None


def test_une_offre_garde_ce_que_l_ecran_montre_et_aucun_telephone() -> None:
    assert reponses.offres({"jobs": [une_offre()], "recruiters": []}, CENTRE) == [
        {
            "genre": "OFFRE",
            "titre": "Apprenti boulanger",
            "employeur": "Au bon pain",
            "ou": "1 rue du Four 35000 Rennes",
            "distance": 0.3,
            "url": "https://offres.exemple.invalid/1",
            "debut": "2026-12-01",
            "jusqu_au": "2027-01-01",
        }
    ]


def test_les_dix_plus_proches_de_chaque_sorte_sont_gardees() -> None:
    def ailleurs(n: int) -> dict[str, Any]:
        return {
            "workplace": {"name": f"E{n}", "location": {"geopoint": un_point(48.1173 + n / 100, -1.6778)}}
        }

    jobs = [une_offre(f"Offre {n}", **ailleurs(n)) for n in range(20, 0, -1)]
    jobs.append(une_offre("Sans lieu", workplace={"name": "E0", "location": None}))
    lues = reponses.offres(
        {"jobs": jobs, "recruiters": [une_entreprise(**ailleurs(n)) for n in range(15)]}, CENTRE
    )
    assert [r["titre"] for r in lues[:10]] == [f"Offre {n}" for n in range(1, 11)]
    assert [r["titre"] for r in lues[10:]] == [f"E{n}" for n in range(10)]


def test_une_formation_garde_sa_prochaine_session_et_aucun_contact() -> None:
    (lue,) = reponses.formations({"data": [une_formation()]}, CENTRE, JOUR)
    assert lue == {
        "genre": "FORMATION",
        "titre": "Boulanger",
        "etablissement": "CFA des Métiers",
        "siret": "11000002300017",
        "ou": "35400 Saint-Malo",
        "distance": 64.4,
        "cle": "cle-1",
        "debut": "2026-12-01",
        "lien_prdv": None,
    }
    assert "exemple.invalid" not in json.dumps(lue)


@pytest.mark.parametrize(
    "adresse",
    [
        "javascript:alert(1)",
        "http://offres.exemple.invalid",
        "//offres.exemple.invalid",
        "https://a@offres.exemple.invalid",
        "https://[",
        "https://" + "a" * 3000,
        3,
        None,
    ],
)
def test_une_offre_dont_l_adresse_n_est_pas_sure_n_est_pas_montree(adresse: Any) -> None:
    assert reponses.offres({"jobs": [une_offre(apply={"url": adresse})], "recruiters": []}, CENTRE) == []


def test_un_texte_tient_sur_une_ligne_de_tableau() -> None:
    (lue,) = reponses.offres({"jobs": [une_offre("Un\n\x00titre " + "x" * 900)], "recruiters": []}, CENTRE)
    assert lue["titre"].startswith("Un titre x")
    assert len(lue["titre"]) == reponses.TEXTE_MAX


@pytest.mark.parametrize("objet", [None, [], "?", {}, {"jobs": {}}, {"jobs": [], "recruiters": None}])
def test_une_reponse_d_une_autre_forme_est_refusee(objet: Any) -> None:
    with pytest.raises(reponses.ReponseIllisible):
        reponses.offres(objet, CENTRE)
    with pytest.raises(reponses.ReponseIllisible):
        reponses.formations(objet, CENTRE, JOUR)


@pytest.mark.parametrize("element", [None, 3, "?", [], {}, {"offer": "?", "workplace": [], "lieu": 3}])
def test_un_element_illisible_est_laisse_seul(element: Any) -> None:
    assert len(reponses.offres({"jobs": [element, une_offre()], "recruiters": [element]}, CENTRE)) == 1
    assert len(reponses.formations({"data": [element, une_formation()]}, CENTRE, JOUR)) == 1


def test_un_centre_qui_n_est_pas_un_point_est_refuse() -> None:
    for centre in (None, un_point(999, 0), {"coordinates": ["a", "b"]}, {"coordinates": [True, False]}):
        with pytest.raises(reponses.ReponseIllisible):
            reponses.centre([COMMUNE | {"localisation": {"centre": centre}}], "35238")


def test_le_lien_de_rendez_vous_est_une_adresse_sure_ou_rien() -> None:
    assert reponses.lien({"form_url": "https://rdv.exemple.invalid/x"}) == "https://rdv.exemple.invalid/x"
    assert reponses.lien({"form_url": "ftp://x"}) is None
    assert reponses.lien([]) is None
