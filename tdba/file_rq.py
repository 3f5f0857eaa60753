"""RQ: how hints reach the workers, and how workers and the scheduler run. The only module that knows RQ."""

import logging
import time
from typing import Final

import redis
from flask import Flask
from rq import Queue, Worker
from rq.serializers import JSONSerializer
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tdba import jobs
from tdba.config import Configuration
from tdba.db import db

log = logging.getLogger("tdba.jobs")

FILES: Final = ("courant", "lourd")
"""Queues, the most urgent first: a page's job never waits behind a full recomputation in the same worker."""

VERROU_PLANIFICATEUR: Final = 842_001
DELAI_JOB: Final = 6 * 3600


def _redis(configuration: Configuration) -> redis.Redis:
    # A short timeout: a page must not wait for a hint that the sweep will push again anyway.
    return redis.Redis.from_url(configuration.redis_url, socket_timeout=2, socket_connect_timeout=1)


def brancher(app: Flask, configuration: Configuration) -> None:
    """Make committed jobs known to the workers of this Redis."""
    connexion = _redis(configuration)
    files = {nom: Queue(nom, connection=connexion, serializer=JSONSerializer) for nom in FILES}

    def pousser(file: str, nom: str, cle: str) -> None:
        # Outcomes live in PostgreSQL; in Redis a failed job would keep its traceback, hence these lives of a minute.
        files[file].enqueue(
            "tdba.file_rq.executer", nom, cle, job_timeout=DELAI_JOB, result_ttl=60, failure_ttl=60
        )

    jobs.brancher(pousser)
    app.extensions["tdba_files"] = files


_app: list[Flask] = []


def executer(nom: str, cle: str) -> None:
    """What RQ calls in the work-horse: run the job, inside the application."""
    with _app[0].app_context():
        jobs.executer(nom, cle)


def travailler(app: Flask, configuration: Configuration) -> None:
    """Run one worker until it is told to stop. The pool is dropped before each fork by RQ's own process model."""
    _app[:] = [app]
    with app.app_context():
        db.engine.dispose()
    connexion = redis.Redis.from_url(configuration.redis_url)
    files = [Queue(nom, connection=connexion, serializer=JSONSerializer) for nom in FILES]
    # Low values make a killed worker's job known as abandoned in a minute instead of seven.
    ouvrier = Worker(
        files, connection=connexion, serializer=JSONSerializer, worker_ttl=30, maintenance_interval=5
    )
    ouvrier.work(logging_level="WARNING")


def planifier(app: Flask) -> None:
    """Ask for the periodic jobs at their times and sweep the outbox every minute, until stopped.

    Several hosts may run this: a PostgreSQL advisory lock lets one act. It outlives a restart of PostgreSQL.
    """
    with app.app_context():
        while True:
            try:
                _tenir_le_role()
            except SQLAlchemyError as erreur:
                log.warning("scheduler lost PostgreSQL (%s)", type(erreur).__name__)
                db.session.rollback()
            time.sleep(5)


def _tenir_le_role() -> None:
    """Act for as long as the lock is ours; return when another host holds it, raise when PostgreSQL goes away."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as verrou:
        if not verrou.execute(_VERROUILLER).scalar_one():
            return
        log.info("scheduler is acting")
        while True:
            minute = int(time.time() // 60)
            jobs.demander_periodiques(minute)
            jobs.balayer()
            while int(time.time() // 60) == minute:
                time.sleep(1)
            verrou.execute(text("SELECT 1"))


_VERROUILLER = text("SELECT pg_try_advisory_lock(:verrou)").bindparams(verrou=VERROU_PLANIFICATEUR)
