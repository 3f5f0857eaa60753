"""How often an act may be done, by address, by person or by key: past it, 429 and when to come back (ASVS 2.4.1).

One table says every limit and where its figure comes from; a view declares its own with `@debit`. Counts are fixed
windows in Redis, one round trip each. Without Redis what opens a door is counted in PostgreSQL, and reading stays open
(decision 27). A key holds no address and no id: only a keyed hash, so that a copy of Redis tells nobody.
"""

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tdba import horloge, limites
from tdba.config import Configuration

log = logging.getLogger("tdba.debits")

Vue = TypeVar("Vue", bound=Callable[..., Any])


class Par(Enum):
    """Whom a limit counts."""

    ADRESSE = "adresse"
    PERSONNE = "personne"
    ORGANISME = "organisme"


@dataclass(frozen=True, slots=True)
class Debit:
    """`maximum` times in `secondes`, counted for each one of `par`."""

    maximum: int
    secondes: int
    par: Par
    source: str
    """Where the figure comes from."""
    garde_sans_redis: bool
    """Counted in PostgreSQL while Redis is away; otherwise not counted at all then."""


DEBITS: Final[Mapping[str, Debit]] = MappingProxyType(
    {
        "connexion": Debit(20, 900, Par.ADRESSE, "domain.md §5.8, login IP", garde_sans_redis=True),
        # Wider than the start: a page reloaded, or an address shared by a whole establishment.
        "retour_connexion": Debit(30, 900, Par.ADRESSE, "domain.md §5.8, login IP", garde_sans_redis=True),
        "cle_refusee": Debit(300, 60, Par.ADRESSE, "domain.md §5.8, ingestion auth", garde_sans_redis=True),
        "appairage": Debit(
            60, 600, Par.ADRESSE, "ours: one ERP asks for many CFA from one address", garde_sans_redis=True
        ),
        # What it guesses has 256 bits: only the load is limited.
        "appairage_cle": Debit(
            3000, 60, Par.ADRESSE, "ours: as ingestion, each asks every 5 s", garde_sans_redis=False
        ),
        "appairage_code": Debit(30, 900, Par.ADRESSE, "domain.md §5.8, login IP", garde_sans_redis=True),
        "api": Debit(3000, 60, Par.ORGANISME, "domain.md §5.8, ingestion", garde_sans_redis=True),
        "recherche": Debit(
            60, 60, Par.PERSONNE, "domain.md §5.8, public 300/60, fewer: names", garde_sans_redis=False
        ),
        # Each one starts a process, for somebody who has no right yet.
        "essai_fichier": Debit(
            10, 3600, Par.PERSONNE, "ours: a file corrected a few times in an hour", garde_sans_redis=True
        ),
        # Each one reads up to 300,000 names, and is kept for a day.
        "export": Debit(30, 3600, Par.PERSONNE, "ours: a few files in an hour", garde_sans_redis=True),
        # Each one is read within its request, up to seven seconds.
        "controle_sifa": Debit(
            20, 3600, Par.PERSONNE, "ours: a file corrected a few times", garde_sans_redis=True
        ),
        "compte": Debit(1000, 60, Par.PERSONNE, "domain.md §5.8, logged API", garde_sans_redis=False),
        "rapport": Debit(60, 60, Par.ADRESSE, "ours: a page reports each breach once", garde_sans_redis=True),
    }
)
"""Every limit of the service; those on links, invitations and second factors are counted by their own acts."""


class DebitDepasse(Exception):
    """The act was done too often. `secondes`: how long until it may be done again."""

    def __init__(self, nom: str, secondes: int) -> None:
        super().__init__(nom)
        self.secondes = max(1, secondes)


def debit(nom: str) -> Callable[[Vue], Vue]:
    """Declare the limit of a view, by its name in the table; a name that is not there fails at import."""
    assert nom in DEBITS, nom  # noqa: S101 - a typing error of ours, seen at boot

    def marquer(vue: Vue) -> Vue:
        vue.debit = nom  # type: ignore[attr-defined]
        return vue

    return marquer


def cle_de(nom: str, sujet: str | int, configuration: Configuration) -> str:
    """Key of a count: whom it counts is only there as a hash under the secret of the service."""
    secret = configuration.secret_key.encode()
    return f"debit:{nom}:{hmac.digest(secret, f'debit:{sujet}'.encode(), 'sha256').hex()[:32]}"


def compter_dans_redis(nom: str, cle: str, configuration: Configuration) -> bool:
    """Count once, in one round trip. False when Redis cannot answer. Raises DebitDepasse past the limit."""
    regle = DEBITS[nom]
    try:
        with _client(configuration.redis_url).pipeline() as suite:
            # SET … NX opens the window with its end, so that no count can be left without one.
            suite.set(f"tdba:{cle}", 0, ex=regle.secondes, nx=True)
            suite.incr(f"tdba:{cle}")
            suite.ttl(f"tdba:{cle}")
            _, nombre, reste = suite.execute()
    except redis.RedisError as erreur:
        log.warning("limits without Redis: %s", type(erreur).__name__)
        return False
    if nombre > regle.maximum:
        raise DebitDepasse(nom, reste)
    return True


def compter_dans_postgresql(nom: str, cle: str) -> int | None:
    """Count once, in the current transaction. Past the limit, returns the seconds to wait: the caller commits first."""
    regle = DEBITS[nom]
    fenetre = timedelta(seconds=regle.secondes)
    nombre = limites.compter(cle, fenetre=fenetre, maintenant=horloge.maintenant())
    return regle.secondes if nombre > regle.maximum else None


_clients: dict[str, redis.Redis] = {}


def _client(adresse: str) -> redis.Redis:
    """The client of this process. It never waits long, and never tries twice: a limit must not slow what it guards."""
    if adresse not in _clients:
        _clients[adresse] = redis.Redis.from_url(
            adresse, socket_timeout=0.2, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0)
        )
    return _clients[adresse]
