"""Rules of the house that no linter has, each with a good and a bad example."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    f for f in (RACINE / "tdba").rglob("*.py") if "local" not in f.relative_to(RACINE / "tdba").parts
)
SQL_BRUT = (
    "sql",
    "db",
    "scope",
    "models",
    "sante",
    "file_rq",
    "jobs",
    "journal",
    "installation",
    "fichiers",
    "courriels",
)

Regle = Callable[[str, ast.AST], bool]


def appel(noeud: ast.AST) -> str:
    """The dotted name of a call, or ""."""
    if not isinstance(noeud, ast.Call):
        return ""
    morceaux: list[str] = []
    cible: ast.expr = noeud.func
    while isinstance(cible, ast.Attribute):
        morceaux.insert(0, cible.attr)
        cible = cible.value
    return ".".join([cible.id, *morceaux] if isinstance(cible, ast.Name) else morceaux)


def autre_horloge(module: str, noeud: ast.AST) -> bool:
    """`horloge` is the only clock."""
    noms = (
        "datetime.now",
        "datetime.utcnow",
        "date.today",
        "datetime.datetime.now",
        "func.now",
        "func.current_date",
    )
    return module != "horloge" and appel(noeud) in noms


def sql_hors_de_sa_piece(module: str, noeud: ast.AST) -> bool:
    """`text()` and raw statements stay where set-based SQL lives."""
    return not module.startswith(SQL_BRUT) and appel(noeud) in ("text", "sa.text", "sqlalchemy.text")


def service_qui_valide(module: str, noeud: ast.AST) -> bool:
    """The route commits; services, queries and rules never do."""
    permis = (
        "routes",
        "api",
        "jobs",
        "commandes",
        "sessions",
        "web",
        "lectures",
        "file_rq",
        "proconnect",
        "service_sessions",
    )
    return (
        module not in permis and not module.startswith("routes_") and appel(noeud).endswith("session.commit")
    )


def session_get(module: str, noeud: ast.AST) -> bool:
    """Objects come from the scope, never from `session.get`."""
    return module != "scope" and appel(noeud) in ("db.session.get", "session.get", "db.session().get")


def impression(module: str, noeud: ast.AST) -> bool:
    """Nothing is printed: commands use click, the rest the logs."""
    return appel(noeud) == "print"


def exception_non_levee(module: str, noeud: ast.AST) -> bool:
    """A guard raises: an exception that is created and dropped guards nothing."""
    return (
        isinstance(noeud, ast.Expr)
        and isinstance(noeud.value, ast.Call)
        and appel(noeud.value).split(".")[-1]
        in ("Introuvable", "AccesRefuse", "ErreurMetier", "PorteeOubliee")
    )


REGLES: dict[Regle, tuple[str, str]] = {
    autre_horloge: ("x = horloge.maintenant()", "x = datetime.now(UTC)"),
    sql_hors_de_sa_piece: ("x = select(A)", "x = text('SELECT 1')"),
    service_qui_valide: ("db.session.flush()", "db.session.commit()"),
    session_get: ("scope.get_or_404(A, 1, d)", "db.session.get(A, 1)"),
    impression: ("click.echo('x')", "print('x')"),
    exception_non_levee: ("raise Introuvable()", "Introuvable()"),
}


def infractions(regle: Regle, module: str, source: str) -> Iterator[int]:
    for noeud in ast.walk(ast.parse(source)):
        if regle(module, noeud):
            yield getattr(noeud, "lineno", 0)


@pytest.mark.parametrize("regle", REGLES, ids=lambda r: r.__name__)
def test_la_regle_est_suivie(regle: Regle) -> None:
    trouvees = [
        f"{f.relative_to(RACINE)}:{ligne}"
        for f in SOURCES
        for ligne in infractions(regle, f.stem, f.read_text())
    ]
    assert trouvees == [], regle.__doc__


@pytest.mark.parametrize("regle", REGLES, ids=lambda r: r.__name__)
def test_la_regle_distingue_le_bon_du_mauvais(regle: Regle) -> None:
    bon, mauvais = REGLES[regle]
    assert list(infractions(regle, "service", bon)) == []
    assert list(infractions(regle, "service", mauvais)) == [1]


def test_fichiers_courts_et_fonctions_courtes() -> None:
    """About 300 lines and 35 lines; past 330 and 45 something must be split."""
    longs = [f"{f.relative_to(RACINE)}" for f in SOURCES if len(f.read_text().splitlines()) > 330]
    fonctions = [
        f"{f.relative_to(RACINE)}:{n.name}"
        for f in SOURCES
        for n in ast.walk(ast.parse(f.read_text()))
        if isinstance(n, ast.FunctionDef) and (n.end_lineno or 0) - n.lineno > 45
    ]
    assert (longs, fonctions) == ([], [])


def test_aucun_depot_de_paquets_ni_chemin_de_machine_dans_les_fichiers_suivis() -> None:
    """Split words, so that this file itself does not name what it forbids."""
    interdits = [
        "py" + "pi.org",
        "python" + "hosted",
        "npm" + "js.",
        "deb." + "debian",
        "/wo" + "rk/",
        "/ro" + "ot/",
    ]
    suffixes = {".py", ".md", ".toml", ".json", ".txt", ".in", ".html", ".css", ".js", ".ini", ".mako", ""}
    exclus = {
        ".git",
        ".venv",
        ".local",
        "node_modules",
        "vendor",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
    }
    trouves = []
    for f in RACINE.rglob("*"):
        if not f.is_file() or f.suffix not in suffixes or exclus & set(f.relative_to(RACINE).parts):
            continue
        contenu = f.read_text(errors="ignore")
        trouves += [f"{f.relative_to(RACINE)}: {mot}" for mot in interdits if mot in contenu]
    assert trouves == []
