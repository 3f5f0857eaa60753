"""Giving another chance to a job that failed (issue "Support … sees the jobs")."""

from datetime import datetime

from tdba import jobs, journal
from tdba.errors import ErreurMetier
from tdba.jobs import Tache
from tdba.scope import Introuvable
from tdba.support import queries_travaux


def relancer(tache_id: int, *, maintenant: datetime) -> Tache:
    """Let a job be tried again from zero. The caller commits, then `suggerer` tells the workers at once.

    Raises Introuvable when it is done meanwhile, ErreurMetier while a run holds it or when no code knows it.
    """
    tache = queries_travaux.tache_a_relancer(tache_id)
    if tache is None:
        raise Introuvable
    if tache.bail_jusqu_a is not None and tache.bail_jusqu_a >= maintenant:
        raise ErreurMetier("Ce travail est en cours : il ne peut pas être relancé maintenant.")
    if tache.nom not in jobs.REGISTRE:
        raise ErreurMetier(
            "Cette version du service ne connaît plus ce travail : il ne peut pas être relancé."
        )
    tache.essais, tache.pas_avant, tache.bail_jusqu_a = 0, maintenant, None
    journal.consigner("travail.relance", objet=("tache", tache.id), tache_id=tache.id)
    return tache


def suggerer(tache: Tache) -> None:
    """Tell the workers, after the commit. Without Redis, the sweep will."""
    jobs.suggerer(jobs.REGISTRE[tache.nom].file, tache.nom, tache.cle)
