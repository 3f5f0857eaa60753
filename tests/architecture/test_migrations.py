"""Migrations are numbered, follow one another, and say whether they can be undone."""

import re
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(str(MIGRATIONS / "alembic.ini")))


def test_les_fichiers_sont_numerotes_sans_trou() -> None:
    noms = sorted(f.name for f in (MIGRATIONS / "versions").glob("*.py"))
    assert [int(n[:4]) for n in noms] == list(range(1, len(noms) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", n) for n in noms)


def test_il_n_y_a_qu_une_tete_et_le_fichier_la_nomme() -> None:
    """Two branches that add a migration conflict in this one-line file, not in production."""
    assert scripts().get_heads() == [(MIGRATIONS / ".current-head").read_text().strip()]


def test_chaque_migration_se_defait_ou_refuse_en_le_disant() -> None:
    for script in scripts().walk_revisions():
        source = Path(script.path).read_text()
        retour = source.split("def downgrade")[1]
        assert "op." in retour or "raise RuntimeError(msg)" in retour, script.path


def test_les_verrous_sont_attendus_peu_de_temps() -> None:
    assert "lock_timeout=4000" in (MIGRATIONS / "env.py").read_text()
