"""Who takes the national role for a few statements: a short list, read again at each addition (ADR 0012)."""

import ast
from pathlib import Path

TDBA = Path(__file__).resolve().parents[2] / "tdba"

RELUS = {
    "habilitations/octrois.py": "writes habilitations, which no other role may",
    "effectifs/queries_journal.py": "reads the journal for the story of one record in reach, and for one's own acts",
    "support/queries_audit.py": "reads the journal for an auditor, which no other role may",
}


def eleve(arbre: ast.AST) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == "eleve" for n in ast.walk(arbre))


def test_seuls_les_modules_relus_prennent_le_role_national() -> None:
    trouves = {
        str(f.relative_to(TDBA))
        for f in TDBA.rglob("*.py")
        if f.name != "scope.py" and eleve(ast.parse(f.read_text()))
    }
    assert trouves <= RELUS.keys()
    assert "habilitations/octrois.py" in trouves
