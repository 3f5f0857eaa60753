"""Mails: written in the transaction of what they announce, sent by a job, tried again, never naming an apprentice.

A mail is a subject, paragraphs, some of which are links, and a last link: the plain text and the HTML part are made from the same words.
Its body may hold a one-time link, so it is erased once sent. Without `TDBA_SMTP_URL` (the demo) mails stay here, where
the demo shows them.
"""

import hashlib
import hmac
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import unquote, urlsplit

from itsdangerous import Signer
from markupsafe import Markup, escape
from sqlalchemy import CheckConstraint, ForeignKey, Index, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from tdba import horloge
from tdba.config import Configuration
from tdba.db import Base, Cle, db, table_de
from tdba.jobs import enqueue_after_commit, tache

REFUSABLES: Final[Mapping[str, str]] = {
    "revue_relance": "les rappels de la revue annuelle des accès",
    "acces_ouvert": "l’arrivée d’une personne dans votre organisation",
    "silence": "l’alerte quand votre logiciel ne transmet plus",
    "recap": "le récapitulatif de vos dossiers",
}
"""Kinds of mails that a person may turn off: without any other, an act of theirs or their security would be lost."""
A_COCHER: Final[Mapping[str, str]] = {genre: mots for genre, mots in REFUSABLES.items() if genre != "recap"}
"""Those that the account page offers as a box to tick; the digest is there too, with how often it comes."""

Paragraphe = str | tuple[str, str]
"""Words, or the words of a link with its absolute address."""

ESSAIS_MAX: Final = 100
"""Runs, one every five minutes, after which a server that still asks to come back later has refused."""
ADRESSE_IMPOSSIBLE: Final = 553
"""Code of a mailbox name not allowed (RFC 5321)."""
DELAI: Final = 20
"""Seconds that one exchange with the mail server may take."""


class Courriel(Base):
    """A mail to send, sent, or refused by the server of its address."""

    __tablename__ = "courriel"
    __table_args__ = (
        CheckConstraint("etat IN ('A_ENVOYER', 'ENVOYE', 'REFUSE')", name="etat"),
        Index("ix_courriel_cree_le", "cree_le"),
    )
    id: Mapped[Cle]
    genre: Mapped[str]
    """What it announces: `invitation`, `lien_acces`…"""
    destinataire: Mapped[str]
    personne_id: Mapped[int | None] = mapped_column(ForeignKey("personne.id"))
    sujet: Mapped[str]
    texte: Mapped[str | None]
    html: Mapped[str | None]
    etat: Mapped[str] = mapped_column(server_default=text("'A_ENVOYER'"))
    essais: Mapped[int] = mapped_column(server_default=text("0"))
    erreur: Mapped[str | None]
    """Code of the server's refusal, never its words."""
    cree_le: Mapped[datetime]
    envoye_le: Mapped[datetime | None]


def ecrire(
    genre: str,
    destinataire: str,
    sujet: str,
    paragraphes: Sequence[Paragraphe],
    *,
    lien: tuple[str, str] | None = None,
    personne_id: int | None = None,
) -> None:
    """Write a mail in the current transaction and ask for its sending. `lien` is (words, absolute address).

    Paragraphs name organisations and people who use the service, never an apprentice (decision 35). A kind that the
    person turned off is not written; one that they may turn off says how.
    """
    if personne_id is not None and genre in REFUSABLES:
        if any(refuse(personne_id, genre) for refuse in _refus):
            return
        adresse = lien_de_refus(personne_id, genre, _configuration[0])
        paragraphes = [*paragraphes, f"Pour ne plus recevoir ce genre de courriel : {adresse}"]
    corps, page = _texte(paragraphes, lien), _html(sujet, paragraphes, lien)
    rangee = {
        "genre": genre,
        "destinataire": destinataire,
        "personne_id": personne_id,
        "sujet": sujet,
        "texte": corps,
        "html": page,
        "cree_le": horloge.maintenant(),
    }
    # Inline: whoever asks for a mail may add rows, not read them back.
    db.session.execute(insert(table_de(Courriel)).values(rangee).inline())
    enqueue_after_commit("courriels.envoyer")


def _texte(paragraphes: Sequence[Paragraphe], lien: tuple[str, str] | None) -> str:
    tous = [*paragraphes, *([lien] if lien is not None else [])]
    blocs = [p if isinstance(p, str) else f"{p[0]} :\n{p[1]}" for p in tous]
    return "\n\n".join([*blocs, SIGNATURE]) + "\n"


def _html(sujet: str, paragraphes: Sequence[Paragraphe], lien: tuple[str, str] | None) -> str:
    blocs = [
        Markup("<p>{}</p>").format(p)
        if isinstance(p, str)
        else Markup('<p><a href="{}">{}</a></p>').format(p[1], p[0])
        for p in [*paragraphes, *([lien] if lien is not None else [])]
    ]
    blocs.append(Markup("<p>{}</p>").format(SIGNATURE))
    corps = Markup("\n").join(blocs)
    return f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>{escape(sujet)}</title></head>\n<body>\n{corps}\n</body></html>\n'


SIGNATURE: Final = "Le Tableau de bord de l’apprentissage"


Refus = Callable[[int, str], bool]
_refus: Final[list[Refus]] = []


def refuser_selon(refus: Refus) -> None:
    """Ask `refus` (person, kind) before a mail that may be turned off. The kernel knows no person: a slice subscribes."""
    if refus not in _refus:
        _refus.append(refus)


def lien_de_refus(personne_id: int, genre: str, configuration: Configuration) -> str:
    """The address that turns off one kind of mail for one person, in one click and without a login (RFC 8058)."""
    signature = _signer(personne_id, genre, configuration)
    return f"{configuration.base_url}/courriels/refuser/{personne_id}/{genre}/{signature}"


def refus_authentique(personne_id: int, genre: str, signature: str, configuration: Configuration) -> bool:
    """The address comes from a mail of ours, for a kind that may be turned off."""
    attendue = _signer(personne_id, genre, configuration)
    return genre in REFUSABLES and hmac.compare_digest(signature.encode(), attendue.encode())


def _signer(personne_id: int, genre: str, configuration: Configuration) -> str:
    signataire = Signer(configuration.secret_key, salt="courriels.refus", digest_method=hashlib.sha256)
    return signataire.get_signature(f"{personne_id}:{genre}").decode()


class EnvoiImpossible(Exception):
    """The mail server cannot be reached or asks to come back later: the job is to run again."""


def envoyer_en_attente(configuration: Configuration) -> int:
    """Send what waits, each mail in its own turn; returns how many left. Without a server, nothing does.

    A mail refused for good is kept for support to see; one refused for now waits for the next run, after the others.
    A server that cannot be reached, or refuses us, raises EnvoiImpossible: nothing is wrong with the mails.
    """
    if not configuration.smtp_url:
        return 0
    requete = select(Courriel).where(Courriel.etat == "A_ENVOYER").order_by(Courriel.essais, Courriel.id)
    attente = db.session.execute(requete.limit(200).with_for_update(skip_locked=True)).scalars().all()
    envoyes = 0
    if not attente:
        return 0
    try:
        with _serveur(configuration) as serveur:
            for courriel in attente:
                envoyes += _envoyer(serveur, courriel, configuration)
    except (OSError, smtplib.SMTPException) as erreur:
        if not envoyes:
            raise EnvoiImpossible(type(erreur).__name__) from erreur
    return envoyes


def _envoyer(serveur: smtplib.SMTP, courriel: Courriel, configuration: Configuration) -> bool:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = configuration.courriel_expediteur, courriel.destinataire
    message["Subject"] = courriel.sujet
    # One address for the same mail tried twice: servers and readers can tell.
    domaine = configuration.courriel_expediteur.rpartition("@")[2].rstrip(">")
    message["Message-ID"] = f"<tdba-{courriel.id}@{domaine}>"
    if courriel.personne_id is not None and courriel.genre in REFUSABLES:
        adresse = lien_de_refus(courriel.personne_id, courriel.genre, configuration)
        message["List-Unsubscribe"] = f"<{adresse}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(courriel.texte or "")
    message.add_alternative(courriel.html or "", subtype="html")
    courriel.essais += 1
    try:
        serveur.send_message(message)
    except smtplib.SMTPRecipientsRefused as refus:
        return _refuse(courriel, next(iter(refus.recipients.values()))[0])
    except smtplib.SMTPDataError as refus:
        return _refuse(courriel, refus.smtp_code)
    except smtplib.SMTPNotSupportedError:
        # An address outside ASCII, that this server cannot carry: it never will.
        return _refuse(courriel, ADRESSE_IMPOSSIBLE)
    courriel.etat, courriel.envoye_le, courriel.texte, courriel.html = (
        "ENVOYE",
        horloge.maintenant(),
        None,
        None,
    )
    return True


def _refuse(courriel: Courriel, code: int) -> bool:
    """Give one mail up, or keep it for the next run: it must not hold back those that come after it."""
    if code >= 500 or courriel.essais >= ESSAIS_MAX:
        courriel.etat, courriel.erreur, courriel.texte, courriel.html = "REFUSE", str(code), None, None
    return False


def _serveur(configuration: Configuration) -> smtplib.SMTP:
    """Open the server of `TDBA_SMTP_URL`: `smtps://user:password@host:465`, or `smtp://…:587` with STARTTLS."""
    adresse = urlsplit(configuration.smtp_url)
    hote, contexte = adresse.hostname or "", ssl.create_default_context()
    if adresse.scheme == "smtps":
        serveur: smtplib.SMTP = smtplib.SMTP_SSL(hote, adresse.port or 465, timeout=DELAI, context=contexte)
    else:
        serveur = smtplib.SMTP(hote, adresse.port or 587, timeout=DELAI)
        if configuration.est_production:
            serveur.starttls(context=contexte)
    if adresse.username:
        serveur.login(unquote(adresse.username), unquote(adresse.password or ""))
    return serveur


_configuration: list[Configuration] = []


def installer(configuration: Configuration) -> None:
    """Tell the job which server to use. Called once, by the application factory."""
    _configuration[:] = [configuration]


@tache("courriels.envoyer", minutes=5)
def envoyer() -> None:
    """Send the mails that wait."""
    envoyer_en_attente(_configuration[0])
