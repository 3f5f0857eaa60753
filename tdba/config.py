"""Settings: everything comes from the environment, read once, frozen. A missing value refuses to boot.

`docs/configuration.md` lists the variables for those who deploy; a test keeps the two in step.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

ENVIRONNEMENTS: Final = ("production", "demo", "test", "bench")
SECRETS_CONNUS: Final = ("secret", "changeme", "change-me", "dev", "password", "tdba", "0" * 32)
FORME_ACR: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#+-]{0,127}")
"""A name of a level: a short code or an address, safe to journal."""

SEUIL_MIN: Final = 3
"""Below it, a count says something of one person or of two who know each other."""

MOIS_JOUR: Final = re.compile(
    r"02-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(0[1-9]|[12][0-9]|30)|(0[13578]|1[02])-31"
)
"""A day that every year has."""


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
    oidc_acr_demandes: str = ""
    """Levels of authentication asked of the provider, separated by commas. Names belong to the provider: only here."""
    oidc_acr_connexion: str = ""
    """Levels accepted to log in. Empty: any, even one that the provider does not tell."""
    oidc_acr_sensible: str = ""
    """Levels accepted for sensitive acts without a second factor of ours. Empty: none is."""
    oidc_acr_dirigeant: str = ""
    """Levels by which the provider certifies that the person directs the entity of their SIRET. Empty: none does."""
    support_contact: str = "l’assistance du Tableau de bord"
    """How to reach support, in words, on the pages that refuse."""
    smtp_url: str = field(default="", repr=False)
    """Mail server: `smtps://user:password@host:465`, or `smtp://user:password@host:587` (STARTTLS). Empty: mails wait."""
    courriel_expediteur: str = "ne-repondez-pas@localhost"
    """Address that mails come from; one that can be answered is better."""
    securite_contact: str = ""
    """Address told of unusual readings of names. Empty: the journal alone says it."""
    api_apprentissage_url: str = "https://api.apprentissage.beta.gouv.fr/api"
    """Public API of certifications, asked by a job alone."""
    api_apprentissage_cle: str = field(default="", repr=False)
    """Its key. Empty: nothing is asked, certifications are those of the imports."""
    lba_url: str = "https://labonnealternance.apprentissage.beta.gouv.fr"
    """Public page of apprenticeship offers, that screens link to; nothing about anybody is in the links."""
    api_entreprises_url: str = ""
    """Public register of companies, asked by jobs about employers' SIRET. Empty: nothing is asked."""
    debits: bool = True
    """Whether limits by address, person and key apply: `oui` or `non`."""
    proxys: int = 0
    """Trusted proxies in front of the service, whose last words on the caller's address are believed."""
    theme_dir: str = ""
    """Directory searched first for templates and static files, for an authorised theme (decision 3)."""
    session_inactivite: int = 7200
    """Idle time after which a CFA's session ends (decision 27)."""
    session_inactivite_autres: int = 3600
    """The same for everybody else."""
    session_duree: int = 43200
    """Longest life of a session."""
    session_verrou: int = 900
    """Idle time after which support's session locks, to resume in place (decision 27)."""
    second_facteur: str = ""
    """`oui` or `non`: a second factor is asked for sensitive acts. Empty: in production only."""
    engagement: bool = True
    """Whether everybody accepts the confidentiality commitment before anything else: `oui` or `non`."""
    sifa: bool = False
    """Whether the SIFA survey is prepared here, answers on disability and on families included: `oui` or `non`."""
    sifa_ouverture: str = "01-05"
    """Month and day on which the survey's campaign opens; it asks about the 31 December before (or after, from August)."""
    sifa_cloture: str = "02-28"
    """Month and day on which it closes."""
    conservation_lignes_jours: int = 90
    """Days a raw line is kept (decision 33)."""
    seuil_public: int = 5
    """On public pages, counts from 1 to this number less one are not written (decision 28). 3 at least in production."""
    seuil_territoire: int = 5
    """The same for the finer crossings that a network or a territory reads."""
    delai_requete_ms: int = 15000
    """Longest a statement of a page may run, in milliseconds."""
    pool_taille: int = 2
    """Database connections kept by one process."""

    @property
    def acr_demandes(self) -> tuple[str, ...]:
        return _liste(self.oidc_acr_demandes)

    @property
    def acr_connexion(self) -> tuple[str, ...]:
        return _liste(self.oidc_acr_connexion)

    @property
    def acr_sensible(self) -> tuple[str, ...]:
        return _liste(self.oidc_acr_sensible)

    @property
    def acr_dirigeant(self) -> tuple[str, ...]:
        return _liste(self.oidc_acr_dirigeant)

    @property
    def est_production(self) -> bool:
        return self.env == "production"

    @property
    def debits_actifs(self) -> bool:
        """Limits apply, but where the load itself is what is measured."""
        return self.debits and self.env != "bench"

    @property
    def second_facteur_exige(self) -> bool:
        """Sensitive acts need a second factor of ours, unless the provider certified one (decision 27)."""
        return self.second_facteur == "oui" or (self.est_production and not self.second_facteur)

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
                valeurs[champ.name] = _lire(champ.type, brut)
            except ValueError:
                attendu = "oui or non" if champ.type is bool else "a number"
                problemes.append(f"{variable} must be {attendu}")
        elif champ.name in _OBLIGATOIRES:
            problemes.append(f"{variable} is missing")
    if not problemes:
        configuration = Configuration(**valeurs)  # type: ignore[arg-type]
        problemes = _verifier(configuration)
        if not problemes:
            return configuration
    raise ConfigurationInvalide("; ".join(problemes))


def _lire(type_: object, brut: str) -> object:
    """The value of one variable. Raises ValueError when it is not of its type."""
    if type_ is bool:
        if brut.lower() not in ("oui", "non"):
            raise ValueError(brut)
        return brut.lower() == "oui"
    return type_(brut) if callable(type_) else brut


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
    if not 0 <= configuration.proxys <= 5:
        problemes.append("TDBA_PROXYS must be between 0 and 5")
    if configuration.second_facteur not in ("", "oui", "non"):
        problemes.append("TDBA_SECOND_FACTEUR must be oui or non")
    if not configuration.database_url.startswith("postgresql+psycopg://"):
        problemes.append("TDBA_DATABASE_URL must start with postgresql+psycopg://")
    if configuration.est_production:
        if not _adresse_publique(configuration.api_apprentissage_url):
            problemes.append("TDBA_API_APPRENTISSAGE_URL must be an https address that is not this machine")
        problemes += [
            f"TDBA_{nom.upper()} must be an https address that is not this machine"
            for nom in ("base_url", "oidc_issuer", "lba_url")
            if not _adresse_publique(getattr(configuration, nom))
        ]
        problemes += [
            f"TDBA_{nom.upper()} must be {SEUIL_MIN} or more"
            for nom in ("seuil_public", "seuil_territoire")
            if getattr(configuration, nom) < SEUIL_MIN
        ]
    elif configuration.env == "demo" and not _boucle_locale(configuration.oidc_issuer):
        problemes.append("TDBA_OIDC_ISSUER must be this machine in the demo")
    return problemes + _verifier_acr(configuration) + _verifier_sifa(configuration)


def _verifier_acr(configuration: Configuration) -> list[str]:
    problemes = [
        f"TDBA_{nom.upper()} must be names of levels separated by commas"
        for nom in ("oidc_acr_demandes", "oidc_acr_connexion", "oidc_acr_sensible", "oidc_acr_dirigeant")
        if not all(FORME_ACR.fullmatch(acr) for acr in _liste(getattr(configuration, nom)))
    ]
    demandes, acceptes = set(configuration.acr_demandes), set(configuration.acr_connexion)
    if demandes and acceptes and not demandes & acceptes:
        problemes.append(
            "TDBA_OIDC_ACR_CONNEXION accepts no level of TDBA_OIDC_ACR_DEMANDES: nobody would get in"
        )
    return problemes


def _verifier_sifa(configuration: Configuration) -> list[str]:
    problemes = [
        f"TDBA_{nom.upper()} must be a month and a day of every year, such as 01-05"
        for nom in ("sifa_ouverture", "sifa_cloture")
        if not MOIS_JOUR.fullmatch(getattr(configuration, nom))
    ]
    if _saison(configuration.sifa_cloture) < _saison(configuration.sifa_ouverture):
        problemes.append("TDBA_SIFA_CLOTURE must come after TDBA_SIFA_OUVERTURE")
    return problemes


def _saison(mois_jour: str) -> tuple[bool, str]:
    """The order of the days of a school year, which begins in August."""
    return mois_jour < "08", mois_jour


def _liste(valeur: str) -> tuple[str, ...]:
    return tuple(element for morceau in valeur.split(",") if (element := morceau.strip()))


def _boucle_locale(adresse: str) -> bool:
    hote = urlsplit(adresse).hostname or ""
    try:
        return ip_address(hote).is_loopback
    except ValueError:
        return hote == "localhost"


def _adresse_publique(adresse: str) -> bool:
    return urlsplit(adresse).scheme == "https" and not _boucle_locale(adresse)
