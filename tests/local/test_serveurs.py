"""The two private servers: isolation, roles, sharing, recovery."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy.engine import make_url

from tdba import roles_sql
from tdba.local import emplacements
from tdba.local.commun import RACINE, Echec
from tdba.local.serveurs import Serveurs, paire, serveurs
from tests.local import aides


def _nom(suffixe: str) -> str:
    return f"essai-{suffixe}-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}-{os.getpid()}"


@contextlib.contextmanager
def _efface(nom: str) -> Iterator[str]:
    try:
        yield nom
    finally:
        paire(nom, durable=False).arreter()
        shutil.rmtree(RACINE / ".local" / nom)


def _lien(url: str) -> psycopg.Connection[tuple[object, ...]]:
    adresse = make_url(url)
    hote = str(adresse.query["host"])
    return psycopg.connect(host=hote, user=adresse.username, dbname=adresse.database, autocommit=True)


@pytest.fixture(scope="module")
def ici() -> Iterator[Serveurs]:
    with _efface(_nom("commun")) as nom, serveurs(nom, durable=False) as adresses:
        yield adresses


def test_logins_are_neither_superuser_nor_owner_and_inherit_nothing(ici: Serveurs) -> None:
    with _lien(ici.url_superutilisateur) as lien:
        attributs = lien.execute(
            "SELECT rolname, rolcanlogin, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole, rolinherit "
            "FROM pg_roles WHERE rolname LIKE 'tdba%' ORDER BY 1",
        ).fetchall()
        possede = lien.execute(
            "SELECT r.rolname FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid AND d.deptype = 'o' "
            "WHERE r.rolname LIKE 'tdba%' GROUP BY 1",
        ).fetchall()
    connectables = {roles_sql.PROPRIETAIRE, *roles_sql.LOGINS}
    assert {nom for nom, *_ in attributs} == connectables | set(roles_sql.ROLES)
    for nom, peut_se_connecter, pouvoir, herite in attributs:
        assert (peut_se_connecter, pouvoir) == (nom in connectables, False), nom
        assert not (herite and peut_se_connecter), nom
    assert possede == [(roles_sql.PROPRIETAIRE,)]


@pytest.mark.parametrize("adresse", ["url_web", "url_worker"])
def test_a_login_takes_each_role_but_never_the_owner(ici: Serveurs, adresse: str) -> None:
    with _lien(getattr(ici, adresse)) as lien:
        for role in roles_sql.ROLES:
            lien.execute(f"SET ROLE {role}".encode())
        lien.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            lien.execute(f"SET ROLE {roles_sql.PROPRIETAIRE}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            lien.execute("CREATE TABLE intrus (id int)")


def test_the_owner_owns_database_and_schema_and_finds_the_extensions(ici: Serveurs) -> None:
    with _lien(ici.url_proprietaire) as lien:
        assert lien.execute(
            "SELECT d.datdba::regrole::text, n.nspowner::regrole::text FROM pg_database d, pg_namespace n "
            "WHERE d.datname = current_database() AND n.nspname = 'public'",
        ).fetchone() == (roles_sql.PROPRIETAIRE, roles_sql.PROPRIETAIRE)
        lien.execute("CREATE TABLE une_migration (id int)")
        lien.execute("DROP TABLE une_migration")
        assert lien.execute("SELECT public.unaccent('Éric Œuf'), lower('ÉLÈVE')").fetchone() == (
            "Eric OEuf",
            "élève",
        )


def test_no_port_is_open_and_only_one_user_can_enter(ici: Serveurs) -> None:
    with _lien(ici.url_superutilisateur) as lien:
        assert lien.execute("SHOW listen_addresses").fetchone() == ("",)
        assert lien.execute("SHOW TimeZone").fetchone() == ("UTC",)
        assert lien.execute("SHOW fsync").fetchone() == ("off",)
    with redis.Redis.from_url(ici.url_redis) as file:
        assert file.config_get("port") == {"port": "0"}
    assert stat.S_IMODE(ici.dossier.stat().st_mode) == 0o700


def test_two_users_share_a_pair_and_the_last_one_stops_it() -> None:
    with _efface(_nom("partage")) as nom:
        with contextlib.ExitStack() as premier:
            adresses = premier.enter_context(serveurs(nom, durable=False))
            with serveurs(nom, durable=False) as memes:
                assert memes == adresses
            _lien(adresses.url_web).close()  # the second one left, the first one still works
            with serveurs(nom, durable=False):
                premier.close()
                _lien(adresses.url_web).close()  # the one that started it left, the other still works
        with pytest.raises(psycopg.OperationalError):
            _lien(adresses.url_web)
        assert not paire(nom).valkey.en_marche()


def test_two_names_run_side_by_side(ici: Serveurs) -> None:
    with _efface(_nom("voisin")) as nom, serveurs(nom, durable=False, base="autre") as autre:
        assert autre.dossier != ici.dossier
        with _lien(autre.url_superutilisateur) as lien:
            assert lien.execute("SELECT current_database()").fetchone() == ("autre",)
        with redis.Redis.from_url(autre.url_redis) as la_bas, redis.Redis.from_url(ici.url_redis) as pres:
            la_bas.set("cle", "1")
            assert pres.get("cle") is None


def test_killed_servers_start_again_with_what_was_committed() -> None:
    with _efface(_nom("tue")) as nom:
        with serveurs(nom) as adresses:
            with _lien(adresses.url_proprietaire) as lien:
                lien.execute("CREATE TABLE temoin AS SELECT 7 AS valeur")
            ici = paire(nom)
            postmaster = int((ici.postgres.donnees / "postmaster.pid").read_text().split()[0])
            for pid in (postmaster, int((adresses.dossier / "valkey.pid").read_text())):
                os.kill(pid, signal.SIGKILL)
        with serveurs(nom) as adresses, _lien(adresses.url_proprietaire) as lien:
            assert lien.execute("SELECT valeur FROM temoin").fetchone() == (7,)
            with redis.Redis.from_url(adresses.url_redis) as file:
                assert file.ping()


def test_a_start_that_was_killed_half_way_is_repaired() -> None:
    with _efface(_nom("moitie")) as nom:
        partiel = paire(nom).postgres.donnees.with_name("pgdata.partiel")
        partiel.mkdir()
        (partiel / "PG_VERSION").write_text("18\n")
        with serveurs(nom) as adresses:
            _lien(adresses.url_web).close()


def test_data_of_another_version_is_refused_in_one_sentence() -> None:
    with _efface(_nom("version")) as nom:
        donnees = paire(nom).postgres.donnees
        donnees.mkdir()
        (donnees / "PG_VERSION").write_text("14\n")
        with pytest.raises(Echec, match="was made by PostgreSQL 14"), serveurs(nom):
            pass
        shutil.rmtree(donnees)


def test_a_plain_user_starts_and_stops_them() -> None:
    if os.geteuid() != 0:
        pytest.skip("we are a plain user: every other test of this file shows it")
    python = next(
        (p for p in (sys.executable, f"/usr/bin/python3.{sys.version_info[1]}") if _executable(p)), None
    )
    if python is None:
        pytest.skip("no Python of this version that a plain user may run")
    with aides.copie_courte() as copie:
        for chemin in (copie, *copie.rglob("*")):
            os.chown(chemin, 65534, 65534)
        fait = subprocess.run(
            [
                python,
                "-c",
                "from tdba.local.serveurs import serveurs\nwith serveurs('test') as s: print(s.url_web)",
            ],
            cwd=copie,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(psycopg.__file__).parents[1])},
            user=65534,
            group=65534,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (fait.returncode, fait.stderr) == (0, "")
        assert fait.stdout.startswith("postgresql+psycopg://tdba_web@/tdba?host=")
        assert aides.processus_de(copie) == []


def _executable(python: str) -> bool:
    personne = emplacements.Identite(65534, 65534)
    paquets = Path(psycopg.__file__).parents[1]
    return Path(python).exists() and personne.peut("-x", Path(python)) and personne.peut("-r", paquets)
