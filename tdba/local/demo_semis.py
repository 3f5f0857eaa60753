"""`flask demo semer`: fill an empty database of the demo, of the tests or of the measures with a whole country.

As the owner, by COPY. COPY FROM is refused on a table whose row-level security is forced, so records go to a temporary
table first and from there to theirs: no lock is lifted, the owner's own policy lets them in. Several processes load,
each its share of the organismes; ids come from the plan, so their number changes nothing to the result.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import Connection, sql
from sqlalchemy import make_url

from tdba.installation import MauvaiseBase
from tdba.local import demo_semis_base
from tdba.local.commun import RACINE, Echec
from tdba.local.demo_marque import ENVIRONNEMENTS
from tdba.local.demo_semis_plan import Commande, planifier

VARIABLE_URL: Final = "TDBA_DATABASE_URL_PROPRIETAIRE"
VIDES: Final = ("organisme", "personne", "organisation", "effectif")
INDEX_DE_RECHERCHE: Final = "ix_effectif_recherche"

Dire = Callable[[str], None]


class Installation(NamedTuple):
    """Whose database it is: environment, issuer of its people, secret its keys derive from."""

    env: str
    emetteur: str
    secret: str


def ouvrir() -> Connection[Any]:
    """A connection of the owner, tuned for one large load."""
    if not (brute := os.environ.get(VARIABLE_URL)):
        raise Echec(f"{VARIABLE_URL} is not set: filling a database needs its owner")
    url = make_url(brute).set(drivername="postgresql").render_as_string(hide_password=False)
    options = "-c timezone=UTC -c synchronous_commit=off -c maintenance_work_mem=512MB -c work_mem=64MB"
    return psycopg.connect(url, options=options, application_name="tdba-semis")


def semer(installation: Installation, commande: Commande, *, processus: int, dire: Dire) -> None:
    """Fill the database. Raises MauvaiseBase when it is not of this environment, Echec when it is not empty."""
    depart = time.monotonic()
    plan = planifier(commande)
    with ouvrir() as connexion:
        _prendre(connexion, installation.env)
        demo_semis_base.ecrire(
            connexion, commande, plan, emetteur=installation.emetteur, secret=installation.secret
        )
        definition = _retirer_index(connexion)
    dire(f"  {len(plan.organismes)} organismes and their people: {time.monotonic() - depart:.0f} s")
    try:
        _charger(commande, processus, depart, dire)
    finally:
        with ouvrir() as connexion:
            _remettre_index(connexion, definition)
    _terminer(commande)
    duree = time.monotonic() - depart
    dire(f"  {commande.effectifs} records in {duree:.0f} s ({commande.effectifs / duree:.0f} a second)")


def _prendre(connexion: Connection[Any], env: str) -> None:
    """The rules of `demo_marque.prendre`, as the owner and before any scope exists."""
    if env not in ENVIRONNEMENTS:
        raise MauvaiseBase(f"the demo never runs in {env!r}")
    for table in VIDES:
        requete = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))
        if connexion.execute(requete).fetchone():
            raise Echec(f"table {table} is not empty: this command only fills an empty database")
    marque = connexion.execute("SELECT valeur FROM installation WHERE nom = 'nature'").fetchone()
    if marque is None:
        connexion.execute("INSERT INTO installation (nom, valeur) VALUES ('nature', %s)", (env,))
    elif marque[0] != env:
        raise MauvaiseBase(f"this database is marked {marque[0]!r}, not {env!r}")


def _retirer_index(connexion: Connection[Any]) -> str:
    """Drop the trigram index, much faster to build at once than row by row. Returns its exact definition."""
    trouve = connexion.execute(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname = %s",
        (INDEX_DE_RECHERCHE,),
    ).fetchone()
    if trouve is None:
        raise Echec(f"index {INDEX_DE_RECHERCHE} is missing: run the migrations on a new database")
    connexion.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(INDEX_DE_RECHERCHE)))
    return str(trouve[0])


def _remettre_index(connexion: Connection[Any], definition: str) -> None:
    connexion.execute(sql.SQL(definition))  # as PostgreSQL itself wrote it


def _charger(commande: Commande, processus: int, depart: float, dire: Dire) -> None:
    """Run the loading processes; each writes on one shared pipe how many records it has just committed."""
    lecture, ecriture = os.pipe()
    enfants = [
        subprocess.Popen(
            [sys.executable, "-m", "tdba.local.demo_semis_partie", _arguments(commande, part, processus)],
            cwd=RACINE,
            stdin=subprocess.DEVNULL,
            stdout=ecriture,
        )
        for part in range(processus)
    ]
    os.close(ecriture)
    charges, dit = 0, time.monotonic()
    try:
        with os.fdopen(lecture) as tuyau:
            for ligne in tuyau:
                charges += int(ligne)
                if time.monotonic() - dit > 5:
                    dit = time.monotonic()
                    dire(f"  {charges} of {commande.effectifs} records after {dit - depart:.0f} s")
    finally:
        codes = [enfant.wait() for enfant in enfants]
    if any(codes) or charges != commande.effectifs:
        raise Echec(f"loading stopped at {charges} records, see above; start again on an empty database")


def _arguments(commande: Commande, part: int, parts: int) -> str:
    return json.dumps({**commande._asdict(), "jour": commande.jour.isoformat(), "part": part, "parts": parts})


def _terminer(commande: Commande) -> None:
    """Move the sequences past the ids that were given, and let the planner know the tables."""
    tables = ("organisme", "organisation", "personne", "effectif", "contrat")
    with ouvrir() as connexion:
        for table in tables:
            requete = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
                sql.Literal(table), sql.Identifier(table)
            )
            connexion.execute(requete)
        connexion.execute(
            "INSERT INTO installation (nom, valeur) VALUES ('semis', %s)",
            (f"{commande.effectifs}/{commande.graine}/{commande.jour}",),
        )
        connexion.commit()
        connexion.autocommit = True
        connexion.execute("ANALYZE")
