"""Pages through gunicorn, as the web login, row-level security on, another person at each request, no cache."""

import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.base import connexion, flask
from benchmarks.navigation import TOURS, Lecteur, demander, lecteurs, selects, serveur
from benchmarks.rapport import Ligne
from tdba import create_app


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


def mesurer(_effectifs: int) -> list[Ligne]:
    """Ask each page TOURS times, each time as somebody else; print p50, p95 and the SELECTs of one answer."""
    preparer_les_pages()
    app = create_app()
    lignes = []
    with serveur():
        for page in PAGES:
            presents = lecteurs(page.types)
            durees = sorted(_temps(page, presents))
            p50, p95 = statistics.median(durees), durees[int(len(durees) * 0.95) - 1]
            plancher = _plancher(page, presents)
            nombre = selects(app, page.adresse.format(effectif=presents[0].effectif), presents[0])
            detail = f"p50 {p50:.1f} ms, {nombre} SELECT, {len(presents)} people"
            lignes.append(
                Ligne(f"{page.nom}, p95", p95, "ms", plancher, "bare SQL, p50", page.budget, detail)
            )
    return lignes


def preparer_les_pages() -> None:
    """Make sure that there is something to read: a freshly seeded database has no parcours yet."""
    with connexion() as lien:
        if lien.execute("SELECT EXISTS (SELECT FROM periode)").fetchone() != (True,):
            flask("effectifs", "recalculer", "--processus", "2")
        flask("indicateurs", "compacter")
        # A day of measures reads more names than people do: readings would be paused.
        lien.execute("TRUNCATE lecture_jour, pause_lecture")
        # Autovacuum would do it within minutes, in the middle of the measure.
        lien.execute("VACUUM (ANALYZE)")


def _temps(page: Page, presents: Sequence[Lecteur]) -> list[float]:
    durees = []
    for tour in range(TOURS + 4):
        lecteur = presents[tour % len(presents)]
        recu = demander(page.adresse.format(effectif=lecteur.effectif), lecteur.cookie)
        if recu.code != 200:
            raise SystemExit(f"{page.nom}: answer {recu.code}")
        durees.append(recu.duree)
    return durees[4:]  # the first ones pay for imports and compiled templates


def _plancher(page: Page, presents: Sequence[Lecteur]) -> float:
    durees = []
    with connexion() as lien:
        for lecteur in presents[:50]:
            depart = time.perf_counter()
            lien.execute(
                page.plancher, {"organismes": lecteur.organismes, "effectif": lecteur.effectif}
            ).fetchall()
            durees.append((time.perf_counter() - depart) * 1000)
    return statistics.median(durees)
