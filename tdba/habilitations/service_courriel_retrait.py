"""The mail to somebody whose right is taken back: what, since when, why, and whom to ask (decision 35: no other name)."""

from datetime import date

from sqlalchemy import select

from tdba import courriels, formats
from tdba.comptes import queries as comptes
from tdba.comptes.models import Habilitation, Organisation
from tdba.db import db
from tdba.habilitations import equipe


def prevenir(habilitation: Habilitation, motif: str, jour: date) -> None:
    """Tell the person, in the transaction that takes the right back."""
    personne = comptes.personne(habilitation.personne_id)
    requete = select(Organisation.nom).where(Organisation.id == habilitation.organisation_id)
    organisation = db.session.execute(requete).scalar_one()
    phrases = [
        f"Votre accès pour « {organisation} » est retiré depuis le {formats.date_longue(jour)}.",
        "Votre travail est conservé.",
    ]
    if motif in equipe.RAISONS_DITES:
        phrases.append(f"Raison : {equipe.RAISONS_DITES[motif]}.")
    phrases.append(
        f"Si c’est une erreur, demandez à un administrateur de « {organisation} » de vous inviter de nouveau. Sans "
        "réponse, écrivez au support : son contact est sur la page de connexion."
    )
    courriels.ecrire(
        "acces_retire",
        personne.courriel,
        f"Votre accès pour « {organisation} » est retiré",
        phrases,
        personne_id=personne.id,
    )
