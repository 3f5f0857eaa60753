"""An agent of the State may tell a broken contract from one that reached its term, in the lists it may name (decision 9).

Of `periode` it reads the step of the day alone, in the statuses of its lists, and neither its reason nor its dates:
those stay with the CFA (decision 26).
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

JOUR = "(SELECT nullif(current_setting('tdba.jour', true), '')::date)"
CREATION = f"""
GRANT SELECT (effectif_id, organisme_id, rang, statut, motif, du, au) ON periode TO tdba_territoire;
CREATE POLICY periode_territoire_select ON periode FOR SELECT TO tdba_territoire USING (
  organisme_id = ANY((SELECT string_to_array(nullif(current_setting('tdba.organismes', true), ''), ',')::int[])::int[])
  AND statut IN (1, 3, 4) AND du <= {JOUR} AND (au IS NULL OR au > {JOUR})
);
"""

RETOUR = """
DROP POLICY periode_territoire_select ON periode;
REVOKE SELECT (effectif_id, organisme_id, rang, statut, motif, du, au) ON periode FROM tdba_territoire;
"""


def upgrade() -> None:
    op.execute(CREATION)


def downgrade() -> None:
    op.execute(RETOUR)
