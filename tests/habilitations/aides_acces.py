"""People who have just logged in for the first time, and the links of the mails that let them in."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes import queries
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.courriels import Courriel
from tdba.habilitations.models import DemandeAcces
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.pages import Navigateur, arbre, champs, tableau, texte

ENTRER = "/acces/entrer"
SUIVI = "/acces/suivi"
FILE = "/demandes-acces"


def un_cfa(
    session: Session, nom: str = "CFA de Rennes", *, courriel: str | None = None, **options: Any
) -> Organisme:
    """An establishment of the référentiel, with the address that it holds."""
    organisme = f.un_organisme(session, nom, **options)
    organisme.courriel_referentiel = courriel
    session.commit()
    return organisme


def une_arrivante(
    session: Session, prenom: str = "Camille", *, siret: str | None = None, etat: str = "EN_ATTENTE"
) -> Personne:
    personne = f.une_personne(session, prenom, "Le Goff", etat=etat)
    personne.siret = siret
    session.commit()
    return personne


def chez(navigateur: Navigateur, personne: Personne) -> Navigateur:
    """The browser of somebody logged in without any habilitation."""
    sans_droit = Habilitation(personne_id=personne.id)
    return navigateur.comme(sans_droit)


def demander(qui: Navigateur, organisme: Organisme, *, lien: bool = False, **saisie: Any) -> Any:
    """Ask for that establishment through the page, as a browser would."""
    page = qui.get(f"{ENTRER}?organisme={organisme.id}")
    assert page.status_code == 200
    valeurs = champs(page, ENTRER) | {"fonction": "directrice"} | saisie
    if not lien:
        valeurs.pop("lien", None)
    return qui.post(ENTRER, valeurs)


def demandes(session: Session) -> list[DemandeAcces]:
    return list(session.execute(select(DemandeAcces).order_by(DemandeAcces.id)).scalars())


def courriels(session: Session, genre: str) -> list[Courriel]:
    requete = select(Courriel).where(Courriel.genre == genre).order_by(Courriel.id)
    return list(session.execute(requete).scalars())


def lien_recu(session: Session) -> str:
    """The path of the last one-time link, as read in the mailbox of the CFA."""
    texte = courriels(session, "lien_acces")[-1].texte or ""
    return "/acces/lien/" + texte.split("/acces/lien/")[1].split()[0]


def evenements(session: Session, nom: str) -> list[dict[str, Any]]:
    requete = select(Evenement.details).where(Evenement.evenement == nom).order_by(Evenement.id)
    return list(session.execute(requete).scalars())


def tenues(session: Session, personne: Personne) -> list[tuple[str, str, str]]:
    """What somebody holds: (organisation, role, reason)."""
    return [(o.nom, h.role, h.motif) for h, o in queries.habilitations_de(personne.id)]


def une_direction(
    session: Session, organisme: Organisme, prenom: str = "Dominique", **options: Any
) -> Habilitation:
    """An administrator of the CFA, under its own organisation."""
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", organisme.nom, regle="ETABLISSEMENTS", organismes=[organisme]
    )
    return f.une_habilitation(session, f.une_personne(session, prenom), organisation, **options)


def le_support(session: Session, prenom: str, organisation: Organisation | None = None) -> Habilitation:
    organisation = organisation or f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    second = f.une_personne(session, "Second")
    return f.une_habilitation(session, f.une_personne(session, prenom), organisation, validee_par=second)


def dans(**ecart: float) -> Any:
    """Move the clock forward, for a block."""
    return horloge.regler(horloge.maintenant() + timedelta(**ecart))


def noms(qui: Navigateur) -> list[str]:
    page = qui.get(FILE)
    assert page.status_code == 200
    return [ligne["Personne"] for ligne in tableau(page)]


def la_demande(session: Session) -> str:
    return f"{FILE}/{demandes(session)[-1].id}"


def accepter(qui: Navigateur, session: Session, **saisie: object) -> int:
    return qui.post(f"{la_demande(session)}/accepter", {"role": "membre"} | saisie).status_code


def chez_elle(navigateur: Navigateur, session: Session, habilitation_id: int) -> Navigateur:
    habilitation = session.get(Habilitation, habilitation_id)
    assert habilitation is not None
    return navigateur.comme(habilitation)


def mots(reponse: object) -> str:
    return texte(arbre(reponse))  # type: ignore[arg-type]
