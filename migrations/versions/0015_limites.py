"""How often an act was tried, counted outside any session (decision 27)."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CREATION = """
CREATE TABLE limite (
    cle TEXT NOT NULL,
    debut TIMESTAMP WITH TIME ZONE NOT NULL,
    nombre INTEGER NOT NULL,
    CONSTRAINT pk_limite PRIMARY KEY (cle)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON limite TO tdba_famille, tdba_territoire, tdba_national;
"""


def upgrade() -> None:
    op.execute(CREATION)


def downgrade() -> None:
    op.execute("DROP TABLE limite;")
