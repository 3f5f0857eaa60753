"""Keys checked twice, and an index wider than what is left in its table.

The composite key of these tables leads to `effectif`, whose organisme has a foreign key: theirs repeated it for each
of millions of rows, and took a lock on one row of `organisme` each time.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("periode", "contrat", "effectif_source")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_organisme_id")
    # A batch that gives every record of a page its parcours needs as much room again in that page: elsewhere, the new
    # row would be written in the eight indexes too, trigrams included. Pages filled before keep what they have.
    op.execute("ALTER TABLE effectif SET (fillfactor = 45)")
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_mouvement_organisme_id ON mouvement (organisme_id)"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_mouvement_organisme")


def downgrade() -> None:
    op.execute("ALTER TABLE effectif SET (fillfactor = 80)")
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_mouvement_organisme"
            " ON mouvement (organisme_id, annee_scolaire, jour) INCLUDE (niveau, statut, n)"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_mouvement_organisme_id")
    for table in TABLES:
        nom = f"fk_{table}_organisme_id"
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {nom} FOREIGN KEY (organisme_id) REFERENCES organisme (id) NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {nom}")
