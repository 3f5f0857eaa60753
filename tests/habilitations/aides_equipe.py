"""A CFA of two sites with its administrator, a member, and the links of the mails written to people."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.courriels import Courriel
from tdba.habilitations.models import Invitation
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.pages import Navigateur, arbre


@dataclass
class Equipe:
    organisation: Organisation
    sites: list[Organisme]
    directrice: Habilitation
    membre: Habilitation


def une_equipe(session: Session) -> Equipe:
    f.les_territoires(session)
    sites = [f.un_organisme(session, "CFA de Rennes"), f.un_organisme(session, "CFA de Brest")]
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA de Rennes", regle="ETABLISSEMENTS", organismes=sites
    )
    directrice = f.une_habilitation(session, f.une_personne(session, "Camille", "Le Goff"), organisation)
    alix = f.une_personne(session, "Alix", "Morvan")
    membre = f.une_habilitation(session, alix, organisation, role="membre")
    session.commit()
    return Equipe(organisation, sites, directrice, membre)


def une_invitee(session: Session, courriel: str, *, etat: str = "EN_ATTENTE") -> Personne:
    """Somebody whom the provider certifies under that address, and who holds nothing yet."""
    personne = f.une_personne(session, "Noa", "Invitée", etat=etat)
    personne.courriel = courriel
    session.commit()
    return personne


def connectee_sans_habilitation(navigateur: Navigateur, personne: Personne) -> Navigateur:
    """The browser of a person who is logged in and holds no right."""

    class Aucune:
        id = None
        personne_id = personne.id

    return navigateur.comme(Aucune())  # type: ignore[arg-type]


def courriels(session: Session, genre: str = "invitation") -> list[Courriel]:
    requete = select(Courriel).where(Courriel.genre == genre).order_by(Courriel.id)
    return list(session.execute(requete).scalars())


def lien_recu(session: Session) -> str:
    """The path of the link in the last invitation mail."""
    html = courriels(session)[-1].html or ""
    return next(lien for lien in _liens(html) if "/invitation/" in lien).removeprefix("http://127.0.0.1:5000")


def _liens(html: str) -> list[str]:
    return [str(a.get("href")) for a in arbre(html).iter("a")]


def invitations(session: Session) -> list[Invitation]:
    return list(session.execute(select(Invitation).order_by(Invitation.id)).scalars())


def evenements(session: Session, debut: str) -> list[tuple[str, dict[str, Any]]]:
    requete = select(Evenement.evenement, Evenement.details).order_by(Evenement.id)
    return [(nom, details) for nom, details in session.execute(requete) if nom.startswith(debut)]


def habilitations(session: Session, organisation: Organisation) -> list[Habilitation]:
    requete = select(Habilitation).where(Habilitation.organisation_id == organisation.id)
    return list(session.execute(requete.order_by(Habilitation.id)).scalars())
