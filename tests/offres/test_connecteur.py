"""What leaves towards the public service, and what comes back. A server of this process answers; nothing is replaced."""

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tdba.offres.connecteur import ApiAlentour
from tdba.offres.liens import Point
from tdba.organismes.appels import ApiFermee, ApiIndisponible
from tests.offres.aides import COMMUNE, RENNES, une_entreprise, une_formation, une_offre

CLE = "une-cle-de-test"
CENTRE = Point(*RENNES)
JOUR = date(2026, 11, 18)

pytestmark = pytest.mark.reseau


class Serveur:
    """Answers like the API; `pannes` are statuses given first, one by call."""

    def __init__(self) -> None:
        self.appels: list[tuple[str, dict[str, str]]] = []
        self.reponses: dict[str, Any] = {
            "/api/geographie/v1/commune/search": [COMMUNE],
            "/api/job/v1/search": {"jobs": [une_offre()], "recruiters": [une_entreprise()], "warnings": []},
            "/api/formation/v1/search": {"data": [une_formation()], "pagination": {"page_index": 0}},
            "/api/formation/v1/appointment/generate-link": {"form_url": "https://rdv.exemple.invalid/1"},
        }
        self.pannes: list[int] = []
        self.adresse = ""

    def repondre(self, chemin: str, cle: str | None, corps: bytes) -> tuple[int, Any]:
        parties = urlsplit(chemin)
        self.appels.append((parties.path, dict(parse_qsl(parties.query)) | json.loads(corps or b"{}")))
        if self.pannes:
            return self.pannes.pop(0), {"message": "panne"}
        if cle != f"Bearer {CLE}":
            return 401, {}
        return 200, self.reponses[parties.path]


@pytest.fixture
def serveur() -> Iterator[Serveur]:
    serveur = Serveur()

    class Guichet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            longueur = int(self.headers.get("Content-Length") or 0)
            etat, corps = serveur.repondre(
                self.path, self.headers.get("Authorization"), self.rfile.read(longueur)
            )
            self.send_response(etat)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(corps).encode())

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Guichet) as ecoute:
        serveur.adresse = f"http://127.0.0.1:{ecoute.server_address[1]}/api/"
        fil = Thread(target=ecoute.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        fil.start()
        yield serveur
        ecoute.shutdown()
        fil.join()


def api(serveur: Serveur, cle: str = CLE) -> ApiAlentour:
    return ApiAlentour(serveur.adresse, cle, attente=0)


def test_seuls_une_commune_un_metier_et_une_formation_partent(serveur: Serveur) -> None:
    service = api(serveur)
    assert service.centre("35238") == CENTRE
    assert [r["genre"] for r in service.offres(CENTRE, "RNCP38322", ["D1102"])] == ["OFFRE", "ENTREPRISE"]
    assert len(service.formations(CENTRE, ["D1102", "D1104"], JOUR)) == 1
    assert service.lien_prdv("cle-1") == "https://rdv.exemple.invalid/1"
    ou = {"longitude": "-1.6778", "latitude": "48.1173", "radius": "30"}
    assert serveur.appels == [
        ("/api/geographie/v1/commune/search", {"code": "35238"}),
        ("/api/job/v1/search", {**ou, "romes": "D1102"}),
        ("/api/formation/v1/search", {**ou, "romes": "D1102,D1104", "page_size": "50"}),
        ("/api/formation/v1/appointment/generate-link", {"cle_ministere_educatif": "cle-1"}),
    ]


def test_une_certification_sans_metier_connu_est_cherchee_par_son_code(serveur: Serveur) -> None:
    api(serveur).offres(CENTRE, "RNCP38322", [])
    assert serveur.appels[0][1]["rncp"] == "RNCP38322"
    assert "romes" not in serveur.appels[0][1]


def test_une_cle_refusee_se_distingue_d_une_panne(serveur: Serveur) -> None:
    with pytest.raises(ApiFermee):
        api(serveur, "autre").lien_prdv("cle-1")
    serveur.pannes = [500]
    with pytest.raises(ApiIndisponible) as panne:
        api(serveur).centre("35238")
    assert not isinstance(panne.value, ApiFermee)


def test_une_reponse_d_une_autre_forme_est_une_panne(serveur: Serveur) -> None:
    serveur.reponses["/api/job/v1/search"] = {"resultats": []}
    with pytest.raises(ApiIndisponible, match="shape"):
        api(serveur).offres(CENTRE, "RNCP38322", ["D1102"])


def test_une_lecture_est_refaite_apres_une_panne_passagere_un_envoi_jamais(serveur: Serveur) -> None:
    serveur.pannes = [503]
    assert api(serveur).centre("35238") == CENTRE
    serveur.pannes = [503]
    with pytest.raises(ApiIndisponible):
        api(serveur).lien_prdv("cle-1")
    assert len(serveur.appels) == 3
