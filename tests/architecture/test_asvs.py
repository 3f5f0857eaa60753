"""The table of security requirements names tests that exist."""

import re
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]


def test_chaque_exigence_a_son_test_ou_sa_raison() -> None:
    lignes = re.findall(
        r"^\| (\d+) \| (.+) \| (.+) \|$", (RACINE / "docs/securite/asvs.md").read_text(), re.MULTILINE
    )
    assert [int(n) for n, _, _ in lignes] == list(range(1, 67))
    assert all(preuve.strip() for _, _, preuve in lignes)
    tests = " ".join(f.read_text() for f in (RACINE / "tests").rglob("test_*.py"))
    nommes = {nom for _, _, preuve in lignes for nom in re.findall(r"`(test_\w+)`", preuve)}
    assert sorted(nom for nom in nommes if f"def {nom}(" not in tests) == []
