"""Opening a sealed letter, and answering it, by somebody who has no account (ADR 0024).

Runs under an empty scope: nothing here may reach a table about people. What happened is told to the file by a job,
asked for in the same transaction. Routes commit, also when a code is wrong: the count must stay.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tdba.db import db
from tdba.jobs import enqueue_after_commit
from tdba.liaisons import scellement
from tdba.liaisons.etats import ESSAIS_MAX
from tdba.liaisons.models import REPONSES, Pli


class PliFerme(Exception):
    """The link opens nothing: never existed, opened, withdrawn, expired, destroyed. All the same to who asks."""


class CodeIllisible(Exception):
    """What was typed cannot be a code: nothing is counted."""


class CodeFaux(Exception):
    """Wrong code; `restants` more may be tried."""

    def __init__(self, restants: int) -> None:
        super().__init__(restants)
        self.restants = restants


@dataclass(frozen=True, slots=True)
class Lettre:
    """What the letter says, shown once."""

    de: str
    cfa: str
    envoyee_le: datetime
    lignes: list[tuple[str, str]]
    cle_reponse: str
    """Opens the page where it is answered, once."""
    expire_le: datetime


def verifier(jeton: str, maintenant: datetime) -> None:
    """Raise PliFerme unless this link still opens something."""
    _scelle(jeton, maintenant)


def ouvrir(jeton: str, saisie: str, *, secret: str, maintenant: datetime) -> Lettre:
    """Open once: the content is erased here as it is returned. Raises PliFerme, CodeIllisible or CodeFaux."""
    code = scellement.code_lu(saisie)
    pli = _scelle(jeton, maintenant, verrou=True)
    if code is None:
        raise CodeIllisible
    assert pli.contenu is not None  # noqa: S101 - `_scelle` gives none that is empty
    clair = scellement.ouvrir(pli.contenu, pli.uuid, pli.code_hash, jeton=jeton, code=code, secret=secret)
    if clair is None:
        _compter(pli)
        raise CodeFaux(ESSAIS_MAX - pli.essais)
    cle = scellement.nouveau_jeton()
    pli.contenu, pli.ouvert_le, pli.reponse_hash = None, maintenant, scellement.empreinte(cle)
    _prevenir(pli)
    return _lettre(json.loads(clair), cle, pli.expire_le)


def _scelle(jeton: str, maintenant: datetime, *, verrou: bool = False) -> Pli:
    requete = select(Pli).where(Pli.jeton_hash == scellement.empreinte(jeton))
    pli = db.session.execute(requete.with_for_update() if verrou else requete).scalar_one_or_none()
    if pli is None or pli.contenu is None or maintenant >= pli.expire_le:
        raise PliFerme
    return pli


def _compter(pli: Pli) -> None:
    """One more wrong code; the last one destroys the letter."""
    pli.essais += 1
    if pli.essais >= ESSAIS_MAX:
        pli.contenu = None
        _prevenir(pli)


def _lettre(lue: dict[str, Any], cle: str, expire_le: datetime) -> Lettre:
    lignes = [(str(libelle), str(valeur)) for libelle, valeur in lue["lignes"]]
    return Lettre(lue["de"], lue["cfa"], datetime.fromisoformat(lue["le"]), lignes, cle, expire_le)


def reponse_donnee(cle: str, maintenant: datetime) -> str | None:
    """The answer already given with this key, or None. Raises PliFerme when the key answers nothing."""
    return _ouvert(cle, maintenant).reponse


def repondre(cle: str, reponse: str, maintenant: datetime) -> str:
    """Note the answer; returns the one that stands: the first given, whatever is sent after. Raises PliFerme."""
    pli = _ouvert(cle, maintenant, verrou=True)
    if pli.reponse is None:
        assert reponse in REPONSES, reponse  # noqa: S101 - the form offers no other
        pli.reponse, pli.repondu_le = reponse, maintenant
        _prevenir(pli)
    return pli.reponse


def _ouvert(cle: str, maintenant: datetime, *, verrou: bool = False) -> Pli:
    requete = select(Pli).where(Pli.reponse_hash == scellement.empreinte(cle))
    pli = db.session.execute(requete.with_for_update() if verrou else requete).scalar_one_or_none()
    if pli is None or maintenant >= pli.expire_le:
        raise PliFerme
    return pli


def _prevenir(pli: Pli) -> None:
    enqueue_after_commit("liaisons.recevoir", uuid=str(pli.uuid))
