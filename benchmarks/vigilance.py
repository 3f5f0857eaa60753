"""The watch list: the very statement of the pages over the whole nation, then one page of a CFA through gunicorn."""

import statistics
import time

from sqlalchemy import func, select

from benchmarks.base import connexion
from benchmarks.navigation import TOURS, demander, lecteurs, serveur
from benchmarks.pages import preparer_les_pages
from benchmarks.rapport import Ligne
from tdba import create_app, horloge, scope
from tdba.db import db
from tdba.scope import Droit
from tdba.vigilance import selection
from tdba.vigilance.faits import faits

PLANCHER = """SELECT count(*) FROM effectif e LEFT JOIN contrat c ON c.effectif_id = e.id
WHERE e.statuts[width_bucket(current_date, e.bornes)] IN (1, 2)"""
PLANCHER_CFA = """SELECT count(*) FROM effectif e LEFT JOIN contrat c ON c.effectif_id = e.id
WHERE e.organisme_id = ANY(%(organismes)s) AND e.statuts[width_bucket(current_date, e.bornes)] IN (1, 2)"""
BUDGET_NATION = 120
"""Seconds (issue 6): the watch rules over a million records in under two minutes."""
BUDGET_PAGE = 60


def mesurer(effectifs: int) -> list[Ligne]:
    """The floor is the bare reading of those who have a contract or wait for one, with their contracts."""
    preparer_les_pages()
    return [_nation(effectifs), _page()]


def _nation(effectifs: int) -> Ligne:
    """Every rule on every record, whom it names counted."""
    with connexion() as lien:
        depart = time.perf_counter()
        lien.execute(PLANCHER).fetchone()
        plancher = time.perf_counter() - depart
    app, jour = create_app(), horloge.aujourd_hui()
    with app.app_context(), scope.systeme("mesure"):
        raisons = selection.raisons(faits(jour), jour)
        personnes = selection.personnes(raisons, jour)
        requete = select(func.count(), func.sum(personnes.c.nombre)).select_from(personnes)
        depart = time.perf_counter()
        nommees, constats = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one()
        duree = time.perf_counter() - depart
        db.session.rollback()
    detail = f"{nommees:,} of {effectifs:,} people named, by {constats or 0:,} rules that hold"
    return Ligne(
        "watch rules over the nation", duree, "s", plancher, "bare SQL reading", BUDGET_NATION, detail
    )


def _page() -> Ligne:
    """The first page of a CFA, another person at each request."""
    durees, planchers = [], []
    with serveur():
        presents = lecteurs(("ORGANISME_FORMATION",))
        for tour in range(TOURS + 4):
            lecteur = presents[tour % len(presents)]
            recu = demander("/vigilance", lecteur.cookie)
            if recu.code != 200:
                raise SystemExit(f"watch list: answer {recu.code}")
            durees.append(recu.duree)
    with connexion() as lien:
        for lecteur in presents[:50]:
            depart = time.perf_counter()
            lien.execute(PLANCHER_CFA, {"organismes": lecteur.organismes}).fetchall()
            planchers.append((time.perf_counter() - depart) * 1000)
    mesurees = sorted(durees[4:])  # the first ones pay for imports and compiled templates
    p95 = mesurees[int(len(mesurees) * 0.95) - 1]
    detail = f"p50 {statistics.median(mesurees):.1f} ms, {len(presents)} people"
    return Ligne(
        "watch list of a CFA, p95",
        p95,
        "ms",
        statistics.median(planchers),
        "bare SQL, p50",
        BUDGET_PAGE,
        detail,
    )
