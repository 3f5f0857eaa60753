"""API keys: recognising one, making one, and what its organisme may write (decision 12)."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, NamedTuple

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.organismes import queries as organismes
from tdba.scope import Droit, Portee, RoleSql, Scope
from tdba.transmissions import sql, sql_cles
from tdba.transmissions.models import CleApi

DUREE: Final = timedelta(days=365)
VIVANTES_MAX: Final = 2
"""Live keys of one organisme: the one in use, and the one that will replace it (decision 12)."""


class RefusCle(Enum):
    """Why a key opens nothing; the value is the sentence answered to the sender."""

    ABSENTE = "Clé d’API manquante : ajoutez l’en-tête « Authorization: Bearer <votre clé> »."
    FORME = "L’en-tête Authorization doit commencer par « Bearer » suivi de la clé d’API."
    INCONNUE = "Clé d’API inconnue."
    EXPIREE = "Clé d’API expirée : demandez-en une nouvelle à l’administrateur de votre organisme."
    REVOQUEE = "Clé d’API révoquée : demandez-en une nouvelle à l’administrateur de votre organisme."
    FERME = "L’établissement de cette clé d’API est fermé."


class CleRefusee(Exception):
    """The key does not open the API."""

    def __init__(self, raison: RefusCle) -> None:
        super().__init__(raison.name)
        self.raison = raison


class Emetteur(NamedTuple):
    """Who sends: the key (None: a person, by a file), its organisme, and the organismes it may write for."""

    cle_id: int | None
    organisme_id: int
    ecriture: frozenset[int]


def empreinte(cle: str) -> bytes:
    """Hash of a key: a random 256-bit value needs no salt nor slow hash."""
    return hashlib.sha256(cle.encode()).digest()


def reconnaitre(entete: str | None, *, adresse: str | None) -> Emetteur:
    """Return who sends, from the Authorization header. Raises CleRefusee with its reason.

    The last use is written at most once a minute, so that parallel calls do not queue on one row.
    """
    if not entete:
        raise CleRefusee(RefusCle.ABSENTE)
    forme, _, cle = entete.partition(" ")
    if forme.lower() != "bearer" or not cle.strip():
        raise CleRefusee(RefusCle.FORME)
    connexion = scope.connexion("recherche d’une clé d’API")
    trouvee = connexion.exec_driver_sql(sql.CLE, {"empreinte": empreinte(cle.strip())}).one_or_none()
    if trouvee is None:
        raise CleRefusee(RefusCle.INCONNUE)
    cle_id, organisme_id, expire_le, revoquee_le, utilisee_le, ferme = trouvee
    maintenant = horloge.maintenant()
    _verifier(maintenant, expire_le, revoquee_le, ferme=ferme)
    if utilisee_le is None or maintenant - utilisee_le > timedelta(minutes=1):
        connexion.exec_driver_sql(sql.CLE_UTILISEE, {"id": cle_id, "le": maintenant, "adresse": adresse})
    delegues = connexion.exec_driver_sql(
        sql.DELEGUES, {"organisme_id": organisme_id, "jour": horloge.aujourd_hui()}
    ).scalars()
    return Emetteur(cle_id, organisme_id, organismes.famille_ecriture(organisme_id) | frozenset(delegues))


def _verifier(
    maintenant: datetime, expire_le: datetime | None, revoquee_le: datetime | None, *, ferme: bool
) -> None:
    if revoquee_le is not None:
        raise CleRefusee(RefusCle.REVOQUEE)
    if expire_le is not None and expire_le <= maintenant:
        raise CleRefusee(RefusCle.EXPIREE)
    if ferme:
        raise CleRefusee(RefusCle.FERME)


def organisme_de(cle: str) -> int | None:
    """The organisme of a key that opens the API now, without counting it as a use; None for any other.

    The lookup is by the hash of what was typed: how long it takes says nothing of a key that exists.
    """
    connexion = scope.connexion("preuve d’un premier accès par une clé d’API")
    trouvee = connexion.exec_driver_sql(sql.CLE, {"empreinte": empreinte(cle.strip())}).one_or_none()
    if trouvee is None:
        return None
    _, organisme_id, expire_le, revoquee_le, _, ferme = trouvee
    try:
        _verifier(horloge.maintenant(), expire_le, revoquee_le, ferme=ferme)
    except CleRefusee:
        return None
    return int(organisme_id)


def existe(organisme_id: int) -> bool:
    """The organisme has a key that opens the API now."""
    connexion = scope.connexion("moyens d’un premier accès")
    valeurs = {"organisme_id": organisme_id, "maintenant": horloge.maintenant()}
    return bool(connexion.exec_driver_sql(sql.CLE_EXISTE, valeurs).scalar_one())


def scope_de(emetteur: Emetteur) -> Scope:
    """What a key reaches: it writes lines in the name of its own organisme, and reads nothing of the records."""
    soi = Portee(frozenset({emetteur.organisme_id}))
    return Scope(
        droits={Droit.CORRIGER: soi, Droit.VOIR_NOMINATIF: soi},
        role=RoleSql.FAMILLE,
        organisme_acteur_id=emetteur.organisme_id,
    )


def scope_de_lecture(emetteur: Emetteur) -> Scope:
    """What a key reads by name: the records of those it may write for, to take back what they corrected."""
    scope_ = scope_de(emetteur)
    return replace(scope_, droits={**scope_.droits, Droit.VOIR_NOMINATIF: Portee(emetteur.ecriture)})


def vivantes(organisme_id: int, maintenant: datetime) -> int:
    """How many keys of this organisme open the API. Waits for whoever is creating one, until the transaction ends."""
    connexion = scope.connexion("au plus deux clés par organisme, quelle que soit la portée")
    connexion.exec_driver_sql(sql_cles.SEUL, {"organisme_id": organisme_id})
    valeurs = {"organisme_id": organisme_id, "maintenant": maintenant}
    return int(connexion.exec_driver_sql(sql_cles.VIVANTES, valeurs).scalar_one())


def derniere(organisme_id: int) -> int:
    """Id of the newest key of this organisme, 0 without any: tells a form sent twice from a new request."""
    connexion = scope.connexion("dernière clé d’un organisme")
    return int(connexion.exec_driver_sql(sql_cles.DERNIERE, {"organisme_id": organisme_id}).scalar_one())


def creer(
    organisme_id: int,
    *,
    libelle: str,
    personne_id: int | None = None,
    erp: str | None = None,
    cle: str | None = None,
) -> str:
    """Create a key and return it in clear: the only time it is seen. The caller checked the limit, and commits."""
    cle = cle or secrets.token_urlsafe(32)
    maintenant = horloge.maintenant()
    rangee = CleApi(
        organisme_id=organisme_id,
        empreinte=empreinte(cle),
        prefixe=cle[:8],
        libelle=libelle,
        cree_le=maintenant,
        creee_par_id=personne_id,
        expire_le=maintenant + DUREE,
        erp=erp,
    )
    db.session.add(rangee)
    db.session.flush()
    journal.consigner("cle_api.creee", organisme_id=organisme_id, cle_id=rangee.id)
    return cle
