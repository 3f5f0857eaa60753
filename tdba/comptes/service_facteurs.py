"""A second factor of our own (decision 27): an application of codes, passkeys, recovery codes. Never an e-mail.

Each proof is counted before it is looked at, by person and in PostgreSQL: another session, another browser or two
attempts at once do not start the count again. Adding or removing a factor writes to the person, who may not be the one
who did it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from sqlalchemy import delete

from tdba import courriels, journal, limites
from tdba.comptes import cles_acces, queries, queries_facteurs, totp
from tdba.comptes.cles_acces import CleRefusee
from tdba.comptes.models import CodeSecours, Facteur
from tdba.db import db
from tdba.errors import ErreurMetier

ESSAIS_MAX: Final = 5
FENETRE: Final = timedelta(minutes=15)
DUREE: Final = timedelta(hours=12)
"""How long a factor shown in a session answers for its sensitive acts."""
DUREE_GESTION: Final = timedelta(minutes=15)
"""The same to change one's factors: a session left open must not lose its owner theirs."""
FACTEURS_MAX: Final = 10

TOTP: Final = "TOTP"
CLE_ACCES: Final = "CLE_ACCES"
SECOURS: Final = "CODE_SECOURS"
NOMS: Final = {TOTP: "une application de codes", CLE_ACCES: "une clé d’accès"}


class Verdict(Enum):
    """What a proof is worth. A refusal is a result, not an exception: its count is committed."""

    ACCEPTE = "accepte"
    REFUSE = "refuse"
    TROP = "trop"


@dataclass(frozen=True, slots=True)
class Contexte:
    """Who proves, and what the verification depends on."""

    personne_id: int
    secret_key: str
    base_url: str
    maintenant: datetime


def recent(facteur_le: datetime | None, duree: timedelta, maintenant: datetime) -> bool:
    """A factor was shown less than `duree` ago in this session."""
    return facteur_le is not None and maintenant - facteur_le < duree


# --- Proving ---------------------------------------------------------------------------------------------------


def presenter_code(contexte: Contexte, saisi: str) -> Verdict:
    """Check a code of an application, or a recovery code: each serves once."""
    texte = totp.normaliser(saisi)
    if len(texte) == totp.CHIFFRES and texte.isdecimal():
        return _essayer(contexte, TOTP, lambda: _code_juste(contexte, texte))
    return _essayer(contexte, SECOURS, lambda: _secours_juste(contexte, texte))


def presenter_cle(contexte: Contexte, reponse: str, defi: bytes | None) -> Verdict:
    """Check the signature of a passkey over the challenge of this session."""
    return _essayer(contexte, CLE_ACCES, lambda: defi is not None and _cle_juste(contexte, reponse, defi))


def _essayer(contexte: Contexte, moyen: str, juste: Callable[[], bool]) -> Verdict:
    cle = f"second_facteur:{contexte.personne_id}"
    essais = limites.compter(cle, fenetre=FENETRE, maintenant=contexte.maintenant)
    if essais > ESSAIS_MAX:
        return Verdict.TROP
    if not juste():
        journal.consigner("facteur.refuse", objet=("personne", contexte.personne_id), moyen=moyen)
        return Verdict.REFUSE
    limites.oublier(cle)
    journal.consigner("facteur.verifie", objet=("personne", contexte.personne_id), moyen=moyen)
    return Verdict.ACCEPTE


def _code_juste(contexte: Contexte, saisi: str) -> bool:
    instant = contexte.maintenant.timestamp()
    for facteur in queries_facteurs.facteurs_de(contexte.personne_id, genre=TOTP, verrou=True):
        secret = totp.dechiffrer(facteur.secret, cle=contexte.secret_key, personne_id=contexte.personne_id)
        if secret is None:
            continue
        pas = totp.pas_accepte(secret, saisi, instant=instant, dernier=facteur.compteur)
        if pas is not None:
            facteur.compteur, facteur.utilise_le = pas, contexte.maintenant
            return True
    return False


def _secours_juste(contexte: Contexte, saisi: str) -> bool:
    empreinte = totp.empreinte_de_secours(saisi, cle=contexte.secret_key, personne_id=contexte.personne_id)
    code = queries_facteurs.code_de_secours(contexte.personne_id, empreinte)
    if code is None:
        return False
    code.utilise_le = contexte.maintenant
    return True


def _cle_juste(contexte: Contexte, reponse: str, defi: bytes) -> bool:
    try:
        facteur = queries_facteurs.cle_de(contexte.personne_id, cles_acces.cle_annoncee(reponse))
        if facteur is None:
            return False
        facteur.compteur = cles_acces.verifier_preuve(
            contexte.base_url,
            reponse=reponse,
            defi=defi,
            publique=facteur.secret,
            compteur=facteur.compteur,
        )
    except CleRefusee:
        return False
    facteur.utilise_le = contexte.maintenant
    return True


# --- Adding and removing ---------------------------------------------------------------------------------------


def ajouter_application(contexte: Contexte, *, nom: str, secret: bytes, code: str) -> list[str]:
    """Record an application once it has given its first code; returns recovery codes to show, if new ones were made."""
    instant = contexte.maintenant.timestamp()
    pas = totp.pas_accepte(secret, totp.normaliser(code), instant=instant, dernier=0)
    if pas is None:
        raise ErreurMetier(
            "Ce code n’est pas celui qui est attendu. Vérifiez que l’heure de votre appareil est exacte, "
            "puis saisissez le code affiché en ce moment.",
            champ="code",
        )
    chiffre = totp.chiffrer(secret, cle=contexte.secret_key, personne_id=contexte.personne_id)
    facteur = Facteur(genre=TOTP, nom=nom, secret=chiffre, compteur=pas)
    return _ajouter(contexte, facteur)


def ajouter_cle(contexte: Contexte, *, nom: str, reponse: str, defi: bytes | None) -> list[str]:
    """Record a passkey; returns recovery codes to show, if new ones were made."""
    refus = ErreurMetier(
        "La clé d’accès n’a pas pu être enregistrée. Recommencez, ou essayez avec un autre appareil."
    )
    if defi is None:
        raise refus
    try:
        cle = cles_acces.verifier_creation(contexte.base_url, reponse=reponse, defi=defi)
    except CleRefusee:
        raise refus from None
    if queries_facteurs.cle_connue(cle.cle_id):
        raise refus
    facteur = Facteur(genre=CLE_ACCES, nom=nom, secret=cle.publique, cle_id=cle.cle_id, compteur=cle.compteur)
    return _ajouter(contexte, facteur)


def _ajouter(contexte: Contexte, facteur: Facteur) -> list[str]:
    if len(queries_facteurs.facteurs_de(contexte.personne_id)) >= FACTEURS_MAX:
        raise ErreurMetier(f"Vous avez déjà {FACTEURS_MAX} seconds facteurs. Retirez-en un d’abord.")
    facteur.personne_id, facteur.cree_le = contexte.personne_id, contexte.maintenant
    facteur.utilise_le = contexte.maintenant
    db.session.add(facteur)
    db.session.flush()
    journal.consigner("facteur.ajoute", objet=("facteur", facteur.id), genre=facteur.genre)
    _prevenir(contexte, f"Un second facteur a été ajouté à votre compte : {NOMS[facteur.genre]}.")
    return [] if queries_facteurs.codes_restants(contexte.personne_id) else creer_codes(contexte)


def retirer(contexte: Contexte, facteur_id: int) -> None:
    """Remove one's own factor; recovery codes go with the last one, for they would replace nothing any more."""
    facteur = queries_facteurs.un_facteur(contexte.personne_id, facteur_id)
    genre = facteur.genre
    db.session.delete(facteur)
    db.session.flush()
    journal.consigner("facteur.retire", objet=("facteur", facteur_id), genre=genre)
    _prevenir(contexte, f"Un second facteur a été retiré de votre compte : {NOMS[genre]}.")
    if not queries_facteurs.a_un_facteur(contexte.personne_id):
        _oublier_les_codes(contexte.personne_id)


def tout_retirer(personne_id: int) -> int:
    """Forget every factor and recovery code of a person who lost them; returns how many factors.

    The two people that it takes are checked by the caller, who also tells the person.
    """
    facteurs = queries_facteurs.facteurs_de(personne_id, verrou=True)
    for facteur in facteurs:
        db.session.delete(facteur)
        journal.consigner("facteur.retire", objet=("facteur", facteur.id), genre=facteur.genre)
    db.session.flush()
    _oublier_les_codes(personne_id)
    return len(facteurs)


def creer_codes(contexte: Contexte) -> list[str]:
    """Make ten recovery codes in place of the former ones; they are shown once, only their digests are kept."""
    if not queries_facteurs.a_un_facteur(contexte.personne_id):
        raise ErreurMetier("Ajoutez d’abord une application de codes ou une clé d’accès.")
    _oublier_les_codes(contexte.personne_id)
    codes = totp.nouveaux_codes()
    db.session.add_all(
        CodeSecours(
            personne_id=contexte.personne_id,
            empreinte=totp.empreinte_de_secours(
                code, cle=contexte.secret_key, personne_id=contexte.personne_id
            ),
            cree_le=contexte.maintenant,
        )
        for code in codes
    )
    journal.consigner("facteur.codes_crees", objet=("personne", contexte.personne_id), nombre=len(codes))
    return codes


def _oublier_les_codes(personne_id: int) -> None:
    db.session.execute(delete(CodeSecours).where(CodeSecours.personne_id == personne_id))


def _prevenir(contexte: Contexte, phrase: str) -> None:
    """Tell the person by mail: a factor changed by somebody else must not go unseen. The mail proves nothing."""
    personne = queries.personne(contexte.personne_id)
    courriels.ecrire(
        "second_facteur",
        personne.courriel,
        "Votre second facteur a changé",
        [phrase, "Si ce n’est pas vous, fermez vos sessions depuis « Mon compte » et écrivez au support."],
        lien=("Voir mon compte", f"{contexte.base_url}/mon-compte"),
        personne_id=personne.id,
    )
