"""Pages through gunicorn, as the web login, row-level security on, another person at each request, no cache."""

import hashlib
import http.client
import os
import re
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.base import RACINE, connexion, flask
from benchmarks.rapport import Ligne
from tdba import create_app

PORT = int(os.environ.get("BENCH_PORT", "8765"))
COOKIE = f"tdba-{urlsplit(os.environ.get('TDBA_BASE_URL', '')).port}"
TOURS = 150
HORS_BUDGET = re.compile(r"set_config|session_web|habilitation|pg_catalog|INSERT INTO journal", re.IGNORECASE)
"""Transaction control, context, session and journal are not counted among a page's SELECTs (the issue)."""


class Page(NamedTuple):
    nom: str
    types: tuple[str, ...]
    """Types of organisations whose people ask for it."""
    adresse: str
    budget: float | None
    plancher: str
    """The bare SQL of the page's main question, for one organisation."""


PLANCHER_LISTE = """SELECT id, nom, prenom, date_naissance, bornes, statuts FROM effectif
WHERE organisme_id = ANY(%(organismes)s) AND corbeille_le IS NULL ORDER BY recherche, id LIMIT 51"""
PLANCHER_FICHE = "SELECT * FROM effectif WHERE id = %(effectif)s"
PLANCHER_ACCUEIL = """SELECT statuts[width_bucket(current_date, bornes)], count(*) FROM effectif
WHERE organisme_id = ANY(%(organismes)s) AND corbeille_le IS NULL GROUP BY 1"""
PLANCHER_CHIFFRES = """SELECT organisme_id, statut, sum(cumuls[width_bucket(current_date, jours)]) FROM courbe
WHERE organisme_id = ANY(%(organismes)s) GROUP BY 1, 2"""

PAGES = (
    Page("list page of a CFA", ("ORGANISME_FORMATION",), "/effectifs", 40, PLANCHER_LISTE),
    Page("sheet of an apprentice", ("ORGANISME_FORMATION",), "/effectifs/{effectif}", 40, PLANCHER_FICHE),
    Page("home of a CFA", ("ORGANISME_FORMATION",), "/aujourd-hui", None, PLANCHER_ACCUEIL),
    Page("ruptures of a CFA", ("ORGANISME_FORMATION",), "/ruptures", None, PLANCHER_ACCUEIL),
    Page("home of a network", ("TETE_DE_RESEAU",), "/le-point", None, PLANCHER_CHIFFRES),
    Page("home of a DREETS", ("DREETS",), "/le-point", 120, PLANCHER_CHIFFRES),
    Page("home, national", ("OPERATEUR_PUBLIC_NATIONAL",), "/le-point", 200, PLANCHER_CHIFFRES),
    Page("home of support", ("SUPPORT",), "/support", None, "SELECT count(*) FROM demande"),
)


class Lecteur(NamedTuple):
    """Somebody who asks: a session cookie, and what their organisation reaches."""

    cookie: str
    organismes: list[int]
    effectif: int | None


def mesurer(_effectifs: int) -> list[Ligne]:
    """Ask each page TOURS times, each time as somebody else; print p50, p95 and the SELECTs of one answer."""
    _compter()
    app = create_app()
    lignes = []
    with _serveur():
        for page in PAGES:
            lecteurs = _lecteurs(page.types)
            for lecteur in lecteurs:
                _demander(
                    "/mon-compte", lecteur.cookie
                )  # at work already: the first page of a session writes in it
            durees = sorted(_temps(page, lecteurs))
            p50, p95 = statistics.median(durees), durees[int(len(durees) * 0.95) - 1]
            plancher = _plancher(page, lecteurs)
            detail = f"p50 {p50:.1f} ms, {_selects(app, page, lecteurs[0])} SELECT, {len(lecteurs)} people"
            lignes.append(
                Ligne(f"{page.nom}, p95", p95, "ms", plancher, "bare SQL, p50", page.budget, detail)
            )
    return lignes


def _compter() -> None:
    """Make sure that there is something to read: a freshly seeded database has no parcours yet."""
    with connexion() as lien:
        if lien.execute("SELECT EXISTS (SELECT FROM periode)").fetchone() != (True,):
            flask("effectifs", "recalculer", "--processus", "2")
        flask("indicateurs", "compacter")
        # Autovacuum would do it within minutes, in the middle of the measure.
        lien.execute("VACUUM (ANALYZE)")


@contextmanager
def _serveur() -> Iterator[None]:
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
            _attendre(lambda: _demander("/healthz", "")[0] == 200)
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


def _demander(adresse: str, cookie: str) -> tuple[int, float]:
    depart = time.perf_counter()
    client = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    client.request("GET", adresse, headers={"Cookie": f"{COOKIE}={cookie}"} if cookie else {})
    reponse = client.getresponse()
    reponse.read()
    client.close()
    return reponse.status, (time.perf_counter() - depart) * 1000


def _lecteurs(types: Sequence[str]) -> list[Lecteur]:
    """Open a session for people of these types, drawn across the country; largest organisations included."""
    maintenant = datetime.now(UTC)
    lecteurs = []
    with connexion("TDBA_DATABASE_URL_PROPRIETAIRE") as lien:
        choisis = lien.execute(_HABILITES, {"types": list(types), "tours": TOURS}).fetchall()
        for habilitation_id, personne_id, organismes, effectif in choisis:
            cookie = secrets.token_urlsafe(32)
            lien.execute(
                "INSERT INTO session_web (empreinte, personne_id, habilitation_id, cree_le, vue_le, expire_le)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (hashlib.sha256(cookie.encode()).digest(), personne_id, habilitation_id, maintenant, maintenant,
                 maintenant + timedelta(hours=2)),
            )  # fmt: skip
            lecteurs.append(Lecteur(cookie, organismes or [], effectif))
    if not lecteurs:
        raise SystemExit(f"nobody of {types} in this database")
    return lecteurs


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


def _temps(page: Page, lecteurs: Sequence[Lecteur]) -> list[float]:
    durees = []
    for tour in range(TOURS + 4):
        lecteur = lecteurs[tour % len(lecteurs)]
        code, duree = _demander(page.adresse.format(effectif=lecteur.effectif), lecteur.cookie)
        if code != 200:
            raise SystemExit(f"{page.nom}: answer {code}")
        durees.append(duree)
    return durees[4:]  # the first ones pay for imports and compiled templates


def _plancher(page: Page, lecteurs: Sequence[Lecteur]) -> float:
    durees = []
    with connexion() as lien:
        for lecteur in lecteurs[:50]:
            depart = time.perf_counter()
            lien.execute(
                page.plancher, {"organismes": lecteur.organismes, "effectif": lecteur.effectif}
            ).fetchall()
            durees.append((time.perf_counter() - depart) * 1000)
    return statistics.median(durees)


def _selects(app: Flask, page: Page, lecteur: Lecteur) -> int:
    """How many SELECTs one answer takes, counted in this process."""
    vus: list[str] = []

    def noter(_c: object, _k: object, instruction: str, *_reste: object) -> None:
        vus.append(instruction)

    event.listen(Engine, "before_cursor_execute", noter)
    try:
        client = app.test_client()
        client.set_cookie(COOKIE, lecteur.cookie, domain="localhost")
        client.get(page.adresse.format(effectif=lecteur.effectif))
    finally:
        event.remove(Engine, "before_cursor_execute", noter)
    return sum(
        1 for i in vus if i.lstrip().upper().startswith(("SELECT", "WITH")) and not HORS_BUDGET.search(i)
    )
