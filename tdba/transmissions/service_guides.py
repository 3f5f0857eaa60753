"""Guides by ERP: written, changed and withdrawn by support, without code (issue 4, "a guide per ERP")."""

from datetime import datetime
from typing import Final

from tdba import journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.transmissions import guides, queries_guides
from tdba.transmissions.models import GuideErp

CHANGE: Final = (
    "Ce guide a été modifié depuis que vous l’avez ouvert. Votre texte est conservé ci-dessous : comparez-le à la "
    "version en ligne, puis enregistrez de nouveau."
)


def creer(*, nom: str, texte: str, maintenant: datetime) -> str:
    """Write the guide of a software; returns its code. Raises ErreurMetier when the name cannot be one, or has a guide."""
    code = guides.code(nom)
    if not code or code in guides.RESERVES:
        raise ErreurMetier("Ce nom ne peut pas servir d’adresse : écrivez le nom du logiciel.", champ="nom")
    if queries_guides.existe(code):
        raise ErreurMetier("Ce logiciel a déjà un guide : modifiez celui-ci.", champ="nom")
    db.session.add(
        GuideErp(code=code, nom=nom, texte=texte, maj_le=maintenant, personne_id=scope.courant().personne_id)
    )
    db.session.flush()
    journal.consigner("guide.ecrit", code=code)
    return code


def modifier(code: str, *, nom: str, texte: str, version: str, maintenant: datetime) -> None:
    """Write it anew. Its address stays. Raises Introuvable, and ErreurMetier when somebody wrote since `version`."""
    guide = queries_guides.a_modifier(code)
    if guide.maj_le.isoformat() != version:
        raise ErreurMetier(CHANGE)
    guide.nom, guide.texte, guide.maj_le = nom, texte, maintenant
    guide.personne_id = scope.courant().personne_id
    journal.consigner("guide.ecrit", code=code)


def retirer(code: str) -> None:
    """Take it away: links to it go with it. Raises Introuvable."""
    db.session.delete(queries_guides.a_modifier(code))
    journal.consigner("guide.retire", code=code)
