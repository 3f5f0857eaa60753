"""Asking pages of gunicorn over HTTP, each time as somebody else: what the families of measures share."""

import hashlib
import http.client
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Flask
from psycopg import Connection
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.base import RACINE, connexion

PORT = int(os.environ.get("BENCH_PORT", "8765"))
COOKIE = f"tdba-{urlsplit(os.environ.get('TDBA_BASE_URL', '')).port}"
TOURS = 150
HORS_BUDGET = re.compile(r"set_config|session_web|habilitation|pg_catalog|INSERT INTO journal", re.IGNORECASE)
"""Transaction control, context, session and journal are not counted among a page's SELECTs (the issue)."""
JETON = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Lecteur(NamedTuple):
    """Somebody who asks: a session cookie, and what their organisation reaches."""

    cookie: str
    organismes: list[int]
    effectif: int | None


@contextmanager
def serveur() -> Iterator[None]:
    commande = [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:app",
        "-b",
        f"127.0.0.1:{PORT}",
        "-w",
        "2",
        "--no-control-socket",
    ]
    with subprocess.Popen(commande, cwd=RACINE, stderr=subprocess.DEVNULL) as processus:
        try:
            _attendre(lambda: demander("/healthz", "").code == 200)
            yield
        finally:
            processus.terminate()


def _attendre(pret: Callable[[], bool]) -> None:
    fin = time.monotonic() + 60
    while time.monotonic() < fin:
        try:
            if pret():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not start")


class Recu(NamedTuple):
    """An answer, and how long it took."""

    code: int
    duree: float
    """Milliseconds."""
    corps: str
    suite: str | None
    """Where it redirects."""

    @property
    def jeton(self) -> str:
        """The token of its forms."""
        trouve = JETON.search(self.corps)
        return trouve[1] if trouve else ""


def demander(adresse: str, cookie: str, formulaire: Mapping[str, str] | None = None) -> Recu:
    """Ask for a page, or send a form."""
    entetes = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    corps = None
    if formulaire is not None:
        corps = urlencode(formulaire)
        entetes |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    depart = time.perf_counter()
    client = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    client.request("GET" if corps is None else "POST", adresse, body=corps, headers=entetes)
    reponse = client.getresponse()
    lu = reponse.read()
    client.close()
    duree = (time.perf_counter() - depart) * 1000
    return Recu(reponse.status, duree, lu.decode(errors="replace"), reponse.headers.get("Location"))


def ouvrir_session(lien: Connection[Any], habilitation_id: int, personne_id: int) -> str:
    """Open a session of two hours; returns its cookie."""
    maintenant, cookie = datetime.now(UTC), secrets.token_urlsafe(32)
    lien.execute(
        "INSERT INTO session_web (empreinte, personne_id, habilitation_id, cree_le, vue_le, expire_le)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (hashlib.sha256(cookie.encode()).digest(), personne_id, habilitation_id, maintenant, maintenant,
         maintenant + timedelta(hours=2)),
    )  # fmt: skip
    return cookie


def lecteurs(types: Sequence[str]) -> list[Lecteur]:
    """Open a session for people of these types, drawn across the country; largest organisations included."""
    ouverts = []
    with connexion("TDBA_DATABASE_URL_PROPRIETAIRE") as lien:
        choisis = lien.execute(_HABILITES, {"types": list(types), "tours": TOURS}).fetchall()
        for habilitation_id, personne_id, organismes, effectif in choisis:
            cookie = ouvrir_session(lien, habilitation_id, personne_id)
            ouverts.append(Lecteur(cookie, organismes or [], effectif))
    if not ouverts:
        raise SystemExit(f"nobody of {types} in this database")
    for ouvert in ouverts:
        demander("/mon-compte", ouvert.cookie)  # at work already: the first page of a session writes in it
    return ouverts


_HABILITES = """
SELECT h.id, h.personne_id, x.organismes,
       (SELECT e.id FROM effectif e WHERE e.organisme_id = ANY(x.organismes) ORDER BY e.organisme_id, e.recherche LIMIT 1)
FROM habilitation h JOIN organisation g ON g.id = h.organisation_id
CROSS JOIN LATERAL (
  SELECT array_agg(o.id) AS organismes FROM organisme o
  WHERE CASE g.regle
    WHEN 'SIREN' THEN o.siren = g.siren
    WHEN 'REGION' THEN o.region_code = g.region_code
    WHEN 'NATION' THEN true
    WHEN 'RESEAU' THEN o.id IN (SELECT organisme_id FROM reseau_organisme r WHERE r.reseau_code = g.reseau_code)
    ELSE o.id IN (SELECT organisme_id FROM organisation_organisme z WHERE z.organisation_id = g.id) END) x
WHERE g.type = ANY(%(types)s) AND h.validee_par_id IS NOT NULL OR (g.type = ANY(%(types)s) AND g.type = 'ORGANISME_FORMATION')
ORDER BY md5(h.id::text) LIMIT %(tours)s
"""


def selects(app: Flask, adresse: str, lecteur: Lecteur) -> int:
    """How many SELECTs one answer takes, counted in this process."""
    vus: list[str] = []

    def noter(_c: object, _k: object, instruction: str, *_reste: object) -> None:
        vus.append(instruction)

    event.listen(Engine, "before_cursor_execute", noter)
    try:
        client = app.test_client()
        client.set_cookie(COOKIE, lecteur.cookie, domain="localhost")
        client.get(adresse)
    finally:
        event.remove(Engine, "before_cursor_execute", noter)
    return sum(
        1 for i in vus if i.lstrip().upper().startswith(("SELECT", "WITH")) and not HORS_BUDGET.search(i)
    )
