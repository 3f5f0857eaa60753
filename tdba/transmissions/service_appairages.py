"""Pairing: an ERP asks for a key, a person says yes in their own session, the ERP takes it (RFC 8628, decision 12).

No secret is ever in an address, and the key's clear text is never stored: it is made when the ERP takes it, once. The
code that a person types opens nothing by itself: it only names a request, to somebody who may create keys.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects.postgresql import insert

from tdba import journal, limites
from tdba.db import db, table_de
from tdba.errors import ErreurMetier
from tdba.organismes import queries as organismes
from tdba.scope import Introuvable
from tdba.transmissions import cles, queries_cles, service_cles
from tdba.transmissions.models import Appairage

DUREE: Final = timedelta(minutes=15)
INTERVALLE: Final = timedelta(seconds=5)
"""What an ERP waits between two questions; one second early is not too fast."""
TOLERANCE: Final = timedelta(seconds=1)
OUBLI: Final = timedelta(days=1)
"""How long an ended request is kept, to be told apart from one that never was."""
LETTRES: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Consonants alone (RFC 8628 §6.1): no word comes out, no letter reads as a digit."""
LONGUEUR: Final = 8
ESSAIS_MAX: Final = 10
FENETRE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Demande:
    """What an ERP is answered when it asks: its own secret, and what the person types."""

    code_appareil: str
    code_utilisateur: str


class CodeRefuse(Enum):
    """Why a typed code leads nowhere. A result, not an exception: its count is committed."""

    INCONNU = "Ce code n’est pas reconnu, ou n’est plus valable : un code dure quinze minutes et sert une fois. Vérifiez-le dans votre logiciel, ou demandez-lui-en un autre."
    TROP = "Trop de codes essayés en peu de temps. Réessayez dans 15 minutes, ou écrivez au support."


class Suite(Enum):
    """What an ERP that asks for its key is answered, with the sentence for its user."""

    ATTEND = "La personne n’a pas encore répondu : redemandez dans quelques secondes."
    TROP_VITE = "Demandes trop rapprochées : attendez cinq secondes entre deux."
    REFUSE = "La personne a refusé de donner une clé à ce logiciel."
    PLEIN = "L’établissement a déjà deux clés en service : révoquez-en une sur le Tableau de bord, puis recommencez la connexion."
    EXPIRE = "Cette demande a expiré : recommencez la connexion depuis le logiciel."
    REMIS = "La clé de cette demande a déjà été remise, une seule fois. Si elle est perdue, recommencez la connexion."
    INCONNU = "Cette demande n’existe pas : recommencez la connexion depuis le logiciel."
    ACCORDE = "Clé remise."


@dataclass(frozen=True, slots=True)
class Remise:
    """The answer to an ERP; the key and its organisme when it is handed over, this once."""

    suite: Suite
    cle: str = ""
    organisme_id: int | None = None


# --- The ERP asks ----------------------------------------------------------------------------------------------


def demander(erp: str, *, uai: str | None, siret: str | None, maintenant: datetime) -> Demande:
    """Open a request for fifteen minutes. `uai` and `siret` only help the person to choose."""
    while True:
        demande = Demande(
            secrets.token_urlsafe(32), "".join(secrets.choice(LETTRES) for _ in range(LONGUEUR))
        )
        ajout = insert(table_de(Appairage)).values(
            empreinte_appareil=_empreinte(demande.code_appareil),
            empreinte_code=_empreinte(demande.code_utilisateur),
            erp=erp,
            uai=uai,
            siret=siret,
            cree_le=maintenant,
            expire_le=maintenant + DUREE,
        )
        # The typed code is short: one that another request holds is drawn again.
        appairage_id = db.session.execute(
            ajout.on_conflict_do_nothing().returning(Appairage.id)
        ).scalar_one_or_none()
        if appairage_id is not None:
            break
    journal.consigner("appairage.demande", objet=("appairage", appairage_id), appairage_id=appairage_id)
    return demande


def lisible(code: str) -> str:
    """`BCDF-GHJK`: as the software shows it."""
    return f"{code[:4]}-{code[4:]}"


def normaliser(saisi: str) -> str:
    """The letters of a typed code, whatever separates them."""
    return "".join(lettre for lettre in saisi.upper() if lettre.isalnum())


# --- The person answers ----------------------------------------------------------------------------------------


def reconnaitre(saisi: str, personne_id: int, maintenant: datetime) -> int | CodeRefuse:
    """The request named by a typed code. Each try is counted by person before it is looked at."""
    essais = limites.compter(f"appairage_code:{personne_id}", fenetre=FENETRE, maintenant=maintenant)
    if essais > ESSAIS_MAX:
        return CodeRefuse.TROP
    requete = select(Appairage.id).where(
        Appairage.empreinte_code == _empreinte(normaliser(saisi)),
        Appairage.etat == "ATTEND",
        Appairage.expire_le > maintenant,
    )
    appairage_id = db.session.execute(requete).scalar_one_or_none()
    if appairage_id is None:
        journal.consigner("appairage.code_refuse", raison=CodeRefuse.INCONNU.name)
        return CodeRefuse.INCONNU
    return appairage_id


def en_attente(appairage_id: int, maintenant: datetime) -> Appairage | None:
    """The request, while somebody may still answer it."""
    requete = select(Appairage).where(Appairage.id == appairage_id)
    appairage = db.session.execute(requete).scalar_one_or_none()
    attend = appairage is not None and appairage.etat == "ATTEND" and appairage.expire_le > maintenant
    return appairage if attend else None


def accorder(appairage_id: int, organisme_id: int, maintenant: datetime) -> Appairage:
    """Let the ERP take a key of this establishment. Raises ErreurMetier when it cannot have one."""
    organisme = queries_cles.a_configurer(organisme_id)
    personne_id = service_cles.exiger_administrateur()
    appairage = _a_repondre(appairage_id, maintenant)
    if organisme.ferme:
        raise ErreurMetier("Cet établissement est fermé : il ne peut plus transmettre.", champ="organisme")
    try:
        service_cles.verifier_place(organisme_id, maintenant)
    except ErreurMetier as erreur:
        raise ErreurMetier(erreur.message, champ="organisme") from None
    appairage.etat, appairage.organisme_id, appairage.personne_id = "ACCORDE", organisme_id, personne_id
    db.session.flush()
    journal.consigner(
        "appairage.accorde",
        organisme_id=organisme_id,
        objet=("appairage", appairage_id),
        appairage_id=appairage_id,
    )
    return appairage


def refuser(appairage_id: int, maintenant: datetime) -> None:
    """Say no. Raises ErreurMetier when the request was answered or has expired."""
    personne_id = service_cles.exiger_administrateur()
    appairage = _a_repondre(appairage_id, maintenant)
    appairage.personne_id = personne_id
    _fermer(appairage, "PERSONNE")


def _a_repondre(appairage_id: int, maintenant: datetime) -> Appairage:
    requete = select(Appairage).where(Appairage.id == appairage_id).with_for_update()
    appairage = db.session.execute(requete.execution_options(populate_existing=True)).scalar_one_or_none()
    if appairage is None:
        raise Introuvable
    if appairage.etat != "ATTEND":
        raise ErreurMetier("Cette demande a déjà reçu une réponse.")
    if appairage.expire_le <= maintenant:
        raise ErreurMetier(
            "Cette demande a expiré : un code dure quinze minutes. Redemandez-en un dans votre logiciel."
        )
    return appairage


def _fermer(appairage: Appairage, raison: str) -> None:
    appairage.etat = "REFUSE"
    db.session.flush()
    journal.consigner(
        "appairage.refuse", objet=("appairage", appairage.id), appairage_id=appairage.id, raison=raison
    )


# --- The ERP takes its key -------------------------------------------------------------------------------------


def remettre(code_appareil: str, maintenant: datetime) -> Remise:
    """Hand the key over to the ERP that asked, once, when the person said yes; the row is locked meanwhile."""
    requete = select(Appairage).where(Appairage.empreinte_appareil == _empreinte(code_appareil))
    appairage = db.session.execute(
        requete.with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if appairage is None:
        return Remise(Suite.INCONNU)
    if appairage.etat in ("REFUSE", "REMIS"):
        return Remise(Suite[appairage.etat])
    if appairage.expire_le <= maintenant:
        return Remise(Suite.EXPIRE)
    fenetre = INTERVALLE - TOLERANCE
    if limites.compter(f"appairage:{appairage.id}", fenetre=fenetre, maintenant=maintenant) > 1:
        return Remise(Suite.TROP_VITE)
    return Remise(Suite.ATTEND) if appairage.etat == "ATTEND" else _remettre(appairage, maintenant)


def _remettre(appairage: Appairage, maintenant: datetime) -> Remise:
    organisme_id, personne_id = appairage.organisme_id, appairage.personne_id
    assert organisme_id is not None  # noqa: S101 - both were written with ACCORDE
    assert personne_id is not None  # noqa: S101
    if cles.vivantes(organisme_id, maintenant) >= cles.VIVANTES_MAX:
        _fermer(appairage, "DEUX_CLES")  # another one was created since the person said yes
        return Remise(Suite.PLEIN)
    cle = cles.creer(organisme_id, libelle=appairage.erp, personne_id=personne_id, erp=appairage.erp)
    appairage.etat, appairage.cle_id = "REMIS", cles.derniere(organisme_id)
    db.session.flush()
    journal.consigner(
        "appairage.remis",
        organisme_id=organisme_id,
        objet=("appairage", appairage.id),
        appairage_id=appairage.id,
        cle_id=appairage.cle_id,
    )
    nom = organismes.par_ids([organisme_id])[organisme_id].nom
    service_cles.annoncer(organisme_id, nom, cle, libelle=appairage.erp, personne_id=personne_id)
    return Remise(Suite.ACCORDE, cle, organisme_id)


def purger(maintenant: datetime) -> int:
    """Forget the requests that ended more than a day ago. Returns how many."""
    requete = delete(Appairage).where(Appairage.expire_le <= maintenant - OUBLI)
    return cast("CursorResult[Any]", db.session.execute(requete)).rowcount


def _empreinte(code: str) -> bytes:
    """A hash without salt: one code is random, the other short-lived, counted, and useless by itself."""
    return hashlib.sha256(code.encode()).digest()
