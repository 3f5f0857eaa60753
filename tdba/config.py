"""Settings: everything comes from the environment, read once, frozen. A missing value refuses to boot.

`docs/configuration.md` lists the variables for those who deploy; a test keeps the two in step.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

ENVIRONNEMENTS: Final = ("production", "demo", "test", "bench")
SECRETS_CONNUS: Final = ("secret", "changeme", "change-me", "dev", "password", "tdba", "0" * 32)


class ConfigurationInvalide(Exception):
    """The environment does not allow a safe start. The message names the variables and what they lack."""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """Every setting of the service. Each field is the variable `TDBA_<FIELD IN CAPITALS>`.

    Fields without a default are compulsory. Durations are in seconds unless said otherwise.
    """

    env: str
    """`production`, `demo`, `test` or `bench`. Only production is meant for real data."""
    secret_key: str = field(repr=False)
    """Signs forms. 32 characters or more, random."""
    database_url: str = field(repr=False)
    """PostgreSQL of this process, logged in as `tdba_web` (or `tdba_worker` for the worker)."""
    redis_url: str = field(repr=False)
    """Redis-compatible server: job hints and rate limits only, nothing is lost without it."""
    base_url: str
    """Public address of the service, without a final slash."""
    oidc_issuer: str
    """Issuer of the identity provider; its discovery document is read from there."""
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    oidc_alg: str = "ES256"
    """The one signature algorithm accepted for id_token and userinfo."""
    oidc_delai: float = 5.0
    """How long one call to the identity provider may take."""
    support_contact: str = "l’assistance du Tableau de bord"
    """How to reach support, in words, on the pages that refuse."""
    smtp_url: str = field(default="", repr=False)
    """Mail server: `smtps://user:password@host:465`, or `smtp://user:password@host:587` (STARTTLS). Empty: mails wait."""
    courriel_expediteur: str = "ne-repondez-pas@localhost"
    """Address that mails come from; one that can be answered is better."""
    theme_dir: str = ""
    """Directory searched first for templates and static files, for an authorised theme (decision 3)."""
    session_inactivite: int = 7200
    """Idle time after which a CFA's session ends (decision 27)."""
    session_inactivite_autres: int = 3600
    """The same for everybody else."""
    session_duree: int = 43200
    """Longest life of a session."""
    conservation_lignes_jours: int = 90
    """Days a raw line is kept (decision 33)."""
    delai_requete_ms: int = 15000
    """Longest a statement of a page may run, in milliseconds."""
    pool_taille: int = 2
    """Database connections kept by one process."""

    @property
    def est_production(self) -> bool:
        return self.env == "production"

    @property
    def cookie_session(self) -> str:
        """Name of the session cookie.

        The `__Host-` prefix needs https. On this machine, where cookies ignore ports, the port keeps two checkouts
        from logging each other out.
        """
        adresse = urlsplit(self.base_url)
        return "__Host-tdba" if adresse.scheme == "https" else f"tdba-{adresse.port or 80}"


def lire_environnement(environnement: Mapping[str, str] | None = None) -> Configuration:
    """Build the configuration from the environment.

    Raises ConfigurationInvalide, naming every problem at once, when a value is missing, malformed or unsafe.
    """
    source = os.environ if environnement is None else environnement
    valeurs: dict[str, object] = {}
    problemes: list[str] = []
    for champ in fields(Configuration):
        variable = f"TDBA_{champ.name.upper()}"
        brut = source.get(variable, "").strip()
        if brut:
            try:
                valeurs[champ.name] = champ.type(brut) if callable(champ.type) else brut
            except ValueError:
                problemes.append(f"{variable} must be a number")
        elif champ.name in _OBLIGATOIRES:
            problemes.append(f"{variable} is missing")
    if not problemes:
        configuration = Configuration(**valeurs)  # type: ignore[arg-type]
        problemes = _verifier(configuration)
        if not problemes:
            return configuration
    raise ConfigurationInvalide("; ".join(problemes))


_OBLIGATOIRES: Final = frozenset(
    {
        "env",
        "secret_key",
        "database_url",
        "redis_url",
        "base_url",
        "oidc_issuer",
        "oidc_client_id",
        "oidc_client_secret",
    }
)


def _verifier(configuration: Configuration) -> list[str]:
    problemes = []
    if configuration.env not in ENVIRONNEMENTS:
        problemes.append(f"TDBA_ENV must be one of {', '.join(ENVIRONNEMENTS)}")
    for nom in ("secret_key", "oidc_client_secret"):
        valeur = getattr(configuration, nom)
        if len(valeur) < 32 or valeur.lower().strip("0") in SECRETS_CONNUS or len(set(valeur)) < 8:
            problemes.append(f"TDBA_{nom.upper()} must be a random value of 32 characters or more")
    if not configuration.database_url.startswith("postgresql+psycopg://"):
        problemes.append("TDBA_DATABASE_URL must start with postgresql+psycopg://")
    if configuration.est_production:
        problemes += [
            f"TDBA_{nom.upper()} must be an https address that is not this machine"
            for nom in ("base_url", "oidc_issuer")
            if not _adresse_publique(getattr(configuration, nom))
        ]
    elif configuration.env == "demo" and not _boucle_locale(configuration.oidc_issuer):
        problemes.append("TDBA_OIDC_ISSUER must be this machine in the demo")
    return problemes


def _boucle_locale(adresse: str) -> bool:
    hote = urlsplit(adresse).hostname or ""
    try:
        return ip_address(hote).is_loopback
    except ValueError:
        return hote == "localhost"


def _adresse_publique(adresse: str) -> bool:
    return urlsplit(adresse).scheme == "https" and not _boucle_locale(adresse)
