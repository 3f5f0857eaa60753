"""The public API of certifications: how it is asked, and what the job does of its answers and of its silence.

A server of this process answers with recorded certifications. Nothing of ours is replaced.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, jobs, journal
from tdba.organismes import certifications as regles
from tdba.organismes import connaissances, demandes_api, reponse_api, service_certifications
from tdba.organismes.appels import ApiFermee, ApiIndisponible
from tdba.organismes.apprentissage import ApiApprentissage
from tdba.organismes.models import Certification, CodeInconnu
from tests.conftest import MIDI
from tests.organismes.exemples import REPONSES

CLE = "une-cle-de-test"
RECETTES: list[dict[str, Any]] = json.loads(REPONSES.read_text())


class Serveur:
    """Answers like the API; `pannes` are statuses given first, one by call."""

    def __init__(self) -> None:
        self.appels: list[dict[str, str]] = []
        self.pannes: list[int] = []
        self.adresse = ""

    def repondre(self, chemin: str, cle: str | None) -> tuple[int, Any]:
        parties = urlsplit(chemin)
        demande = dict(parse_qsl(parties.query))
        self.appels.append(demande)
        if self.pannes:
            return self.pannes.pop(0), {"message": "panne"}
        if cle != f"Bearer {CLE}" or parties.path != "/api/certification/v1":
            return 401, {"message": "clé refusée"}
        return 200, [
            r for r in RECETTES if all(r["identifiant"][nom.split(".")[1]] == v for nom, v in demande.items())
        ]


@pytest.fixture
def serveur() -> Iterator[Serveur]:
    with _ouvrir(Serveur()) as ouvert:
        yield ouvert


@contextmanager
def _ouvrir(serveur: Serveur) -> Iterator[Serveur]:
    class Guichet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            etat, corps = serveur.repondre(self.path, self.headers.get("Authorization"))
            self.send_response(etat)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(corps).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Guichet) as ecoute:
        serveur.adresse = f"http://127.0.0.1:{ecoute.server_address[1]}/api"
        fil = Thread(target=ecoute.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        fil.start()
        yield serveur
        ecoute.shutdown()
        fil.join()


def api(serveur: Serveur, cle: str = CLE) -> ApiApprentissage:
    return ApiApprentissage(serveur.adresse, cle, attente=0)


def une_reponse(**autres: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(RECETTES[1])), **autres}


def test_une_reponse_donne_le_couple_et_la_validite_de_chacun_de_ses_codes() -> None:
    lue = reponse_api.lire(une_reponse())
    assert lue.couple == {
        "rncp": "RNCP34670", "cfd": "50033610", "intitule": "COIFFURE (CAP)", "niveau": 3, "diplome": "CAP",
        "ouverture": date(2008, 9, 1), "echeance": date(2020, 8, 31), "active": False,
    }  # fmt: skip
    codes = {code["code"]: (code["ouverture"], code["fermeture"]) for code in lue.codes}
    assert codes["RNCP34670"] == (None, date(2024, 8, 31))
    assert codes["RNCP39266"] == (date(2024, 7, 5), date(2029, 8, 31))
    assert codes["50033616"] == (date(2019, 9, 1), None)
    assert len(codes) == 3 + 7


@pytest.mark.parametrize(
    "objet",
    [
        None,
        [],
        {},
        une_reponse(identifiant={"cfd": None, "rncp": None}),
        une_reponse(identifiant={"cfd": "50033610", "rncp": "34670"}),
        une_reponse(intitule={"cfd": None, "rncp": None, "niveau": {}}),
        une_reponse(periode_validite={"debut": "hier", "fin": None, "cfd": None, "rncp": None}),
        une_reponse(continuite={"cfd": [{"code": 50033610}], "rncp": None}),
    ],
)
def test_une_reponse_d_une_autre_forme_est_refusee_entiere(objet: Any) -> None:
    with pytest.raises(reponse_api.ReponseIllisible):
        reponse_api.lire(objet)


@pytest.mark.reseau
def test_on_demande_par_rncp_ou_par_cfd(serveur: Serveur) -> None:
    assert len(api(serveur).certifications("RNCP34670")) == 3
    assert len(api(serveur).certifications("50033616")) == 4
    assert api(serveur).certifications("99999999") == []
    noms = ["identifiant.rncp", "identifiant.cfd", "identifiant.cfd"]
    assert [next(iter(appel)) for appel in serveur.appels] == noms


@pytest.mark.reseau
def test_une_panne_passagere_est_reessayee_deux_fois_au_plus(serveur: Serveur) -> None:
    serveur.pannes = [503, 429]
    assert len(api(serveur).certifications("RNCP34670")) == 3
    assert len(serveur.appels) == 3
    serveur.pannes = [503, 503, 503]
    with pytest.raises(ApiIndisponible):
        api(serveur).certifications("RNCP34670")
    assert len(serveur.appels) == 6


@pytest.mark.reseau
def test_une_cle_refusee_n_est_pas_reessayee(serveur: Serveur) -> None:
    with pytest.raises(ApiFermee):
        api(serveur, "autre").certifications("RNCP34670")
    assert len(serveur.appels) == 1


def test_un_serveur_muet_est_une_indisponibilite() -> None:
    with pytest.raises(ApiIndisponible):
        ApiApprentissage("http://127.0.0.1:9", CLE, attente=0).certifications("RNCP34670")


def signaler(*codes: str) -> None:
    service_certifications.signaler_inconnus(codes, horloge.maintenant())


def dernier(session: Session) -> tuple[str, dict[str, Any]]:
    evenement = session.scalars(
        select(journal.Evenement).order_by(journal.Evenement.id.desc()).limit(1)
    ).one()
    return evenement.evenement, evenement.details


def rien() -> None:
    """A batch that needs no commit."""


@pytest.mark.reseau
def test_les_codes_inconnus_sont_demandes_une_fois_et_appris(session: Session, serveur: Serveur) -> None:
    signaler("RNCP5364", "99999999", "RNCP5364")
    compte = demandes_api.completer(rien, api(serveur))
    assert (compte.attendues, compte.demandees, compte.trouvees, compte.echecs) == (2, 2, 1, 0)
    assert dernier(session) == (
        "certifications.demandees",
        {"cle": True, "attendues": 2, "demandees": 2, "trouvees": 1, "echecs": 0},
    )
    connues = connaissances.pour(rncps=["RNCP5364"]).certifications
    assert connues.resoudre("RNCP5364", None, regles.Session(date(2019, 9, 1), None)).niveau == 3
    with horloge.regler(MIDI + timedelta(days=29)):
        assert demandes_api.completer(rien, api(serveur)).demandees == 0
    with horloge.regler(MIDI + timedelta(days=31)):
        assert demandes_api.completer(rien, api(serveur)).demandees == 1
    assert [list(appel.values()) for appel in serveur.appels] == [["99999999"], ["RNCP5364"], ["99999999"]]


def test_sans_cle_rien_n_est_demande_et_le_compte_le_dit(session: Session) -> None:
    """The tests' configuration has no key: the job itself is run."""
    signaler("RNCP5364", "99999999")
    jobs.enqueue_after_commit("organismes.completer_certifications")
    session.commit()
    assert jobs.executer("organismes.completer_certifications", "{}")
    assert dernier(session)[1] == {"cle": False, "attendues": 2, "demandees": 0, "trouvees": 0, "echecs": 0}
    assert set(session.scalars(select(CodeInconnu.demande_le))) == {None}


@pytest.mark.reseau
def test_une_api_en_panne_est_laissee_tranquille_et_ses_codes_restent_a_demander(
    session: Session, serveur: Serveur
) -> None:
    signaler(*(f"RNCP{n}" for n in range(1, 30)))
    serveur.pannes = [500] * 100
    compte = demandes_api.completer(rien, api(serveur))
    assert (compte.demandees, compte.echecs, len(serveur.appels)) == (0, 3, 3)
    assert len(service_certifications.a_demander(horloge.maintenant())) == 29


@pytest.mark.reseau
def test_une_cle_refusee_arrete_tout_de_suite(session: Session, serveur: Serveur) -> None:
    signaler("RNCP5364", "99999999")
    assert demandes_api.completer(rien, api(serveur, "autre")).echecs == 1
    assert len(serveur.appels) == 1


@pytest.mark.reseau
def test_une_reponse_illisible_n_ecrit_rien_et_n_arrete_pas_les_autres(
    session: Session, serveur: Serveur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.organismes.test_apprentissage.RECETTES",
        [RECETTES[-1], {"identifiant": {"cfd": "50033610", "rncp": None}}],
    )
    signaler("50033610", "RNCP5364")
    compte = demandes_api.completer(rien, api(serveur))
    assert (compte.demandees, compte.trouvees, compte.echecs) == (1, 1, 1)
    assert set(session.scalars(select(Certification.rncp))) == {"RNCP5364"}
