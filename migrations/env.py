"""Alembic environment: runs as the owner, under short locks, on every model of the application."""

import os
from importlib import import_module

from alembic import context
from sqlalchemy import create_engine, pool

from tdba.db import Base
from tdba.tranches import ORDRE

for module in (
    "journal",
    "jobs",
    "fichiers",
    "installation",
    "courriels",
    "effectifs.models_gestes",
    *(f"{nom}.models" for nom in ORDRE),
):
    import_module(f"tdba.{module}")


def run() -> None:
    """Run the migrations in one transaction each, giving up a lock quickly rather than queueing pages behind it."""
    moteur = create_engine(
        os.environ["TDBA_DATABASE_URL_PROPRIETAIRE"],
        poolclass=pool.NullPool,
        connect_args={"options": "-c lock_timeout=4000 -c statement_timeout=600000 -c timezone=UTC"},
    )
    with moteur.connect() as connexion:
        context.configure(
            connection=connexion,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
            compare_server_default=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
