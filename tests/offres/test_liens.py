"""The link to offers says a trade and a commune, and nothing about anybody; distances are those of a map."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tdba.offres.liens import Lieu, Point, depot, distance_km, offres

BASE = "https://lba.exemple.invalid/"
RENNES = Lieu("35238", "Rennes", 48.1173, -1.6778)


def lus(adresse: str) -> dict[str, str]:
    return {nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(adresse).query).items()}


def test_le_lien_dit_les_metiers_et_la_commune() -> None:
    adresse = offres(BASE, ["D1102", "D1104"], "Boulanger", RENNES)
    assert adresse.startswith("https://lba.exemple.invalid/recherche?")
    assert lus(adresse) == {
        "romes": "D1102,D1104",
        "job_name": "Boulanger",
        "address": "Rennes",
        "radius": "30",
        "lat": "48.1173",
        "lon": "-1.6778",
    }


def test_sans_metier_connu_le_lien_cherche_l_intitule_de_la_formation() -> None:
    assert lus(offres(BASE, [], "CAP Boulanger", RENNES)).keys() == {
        "job_name",
        "address",
        "radius",
        "lat",
        "lon",
    }


def test_sans_centre_connu_le_lien_garde_la_commune() -> None:
    assert "lat" not in lus(offres(BASE, ["D1102"], None, Lieu("35238", "Rennes")))


def test_sans_commune_ni_formation_il_y_a_encore_un_lien() -> None:
    assert offres(BASE, [], None, None) == "https://lba.exemple.invalid/recherche"


def test_le_depot_d_une_offre_est_sur_la_page_des_recruteurs() -> None:
    assert depot(BASE) == "https://lba.exemple.invalid/acces-recruteur"


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        (Point(48.1173, -1.6778), Point(48.1173, -1.6778), 0.0),
        (Point(48.1173, -1.6778), Point(48.3904, -4.4861), 210.0),  # Rennes and Brest
        (Point(48.8566, 2.3522), Point(43.2965, 5.3698), 660.5),  # Paris and Marseille
        (Point(0.0, 179.9), Point(0.0, -179.9), 22.2),
    ],
)
def test_la_distance_est_celle_du_vol_d_oiseau(a: Point, b: Point, km: float) -> None:
    assert distance_km(a, b) == pytest.approx(km, abs=1.0)
    assert distance_km(b, a) == pytest.approx(distance_km(a, b))
