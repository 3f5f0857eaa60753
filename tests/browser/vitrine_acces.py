"""What the screens of access show: a team, an invitation, a question of the yearly review, requests at each stage."""

from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import courriels, horloge
from tdba.comptes import totp
from tdba.comptes.models import Facteur, Habilitation, Organisation, PauseLecture, Personne
from tdba.courriels import Courriel
from tdba.habilitations.models import DemandeAcces, Invitation, Revue
from tests import factories as f
from tests.access.monde import Monde
from tests.pages import Navigateur, champs

EXPIREE = "habilitation expirée"
INVITE = "directeur de Falaises"


def garnir(app: Flask, session: Session, monde: Monde, directrice: Habilitation) -> dict[str, str]:
    """Make it; what people do goes through the pages. Returns the addresses."""
    organisation = session.get_one(Organisation, directrice.organisation_id)
    membre = f.une_habilitation(
        session, f.une_personne(session, "Alix", "Morvan de Kerguelen"), organisation, role="membre"
    )
    session.add(
        Revue(habilitation_id=membre.id, organisation_id=organisation.id, ouverte_le=horloge.maintenant())
    )
    _second_facteur(app, session, monde)
    session.add(
        PauseLecture(personne_id=membre.personne_id, depuis=horloge.maintenant(), nombre=1200, habitude=20)
    )
    session.commit()
    administratrice = Navigateur(app, session).comme(directrice)
    return {
        "membre à changer": f"/equipe/{membre.id}/changer",
        "membre à retirer": f"/equipe/{membre.id}/retirer",
        "refus d’un courriel": urlsplit(
            courriels.lien_de_refus(membre.personne_id, "revue_relance", app.extensions["tdba"])
        ).path,
        "invitation": _inviter(session, monde, administratrice),
        "demande d’accès": _demander_au_cfa(app, session, monde),
        "lien d’accès": _demander_un_lien(app, session, monde),
    }


def _second_facteur(app: Flask, session: Session, monde: Monde) -> None:
    """An application of codes, for the support."""
    support = monde.habilitations["support"]
    assert support is not None
    secret = totp.chiffrer(totp.nouveau_secret(), cle=str(app.secret_key), personne_id=support.personne_id)
    session.add(
        Facteur(
            personne_id=support.personne_id,
            genre="TOTP",
            nom="Téléphone de service",
            secret=secret,
            cree_le=horloge.maintenant(),
        )
    )


def _inviter(session: Session, monde: Monde, administratrice: Navigateur) -> str:
    invite = monde.habilitations[INVITE]
    assert invite is not None
    courriel = session.get_one(Personne, invite.personne_id).courriel
    adresse = "/equipe/inviter"
    saisie = champs(administratrice.get(adresse), adresse) | {"courriel": courriel, "role": "membre"}
    assert administratrice.post(adresse, saisie).status_code == 303
    assert session.execute(select(Invitation)).scalars().one().courriel == courriel
    return "/invitation/" + _secret(session, "invitation", "/invitation/")


def _demander_au_cfa(app: Flask, session: Session, monde: Monde) -> str:
    """Somebody who has just arrived asks a CFA that has an administrator."""
    arrivante = f.une_personne(session, "Noa", "Arrivante", etat="EN_ATTENTE")
    session.commit()
    qui = Navigateur(app, session).comme(Habilitation(personne_id=arrivante.id))
    _demander(qui, monde.organismes["F"].id)
    demande = session.execute(
        select(DemandeAcces).where(DemandeAcces.personne_id == arrivante.id)
    ).scalar_one()
    return f"/demandes-acces/{demande.id}"


def _demander_un_lien(app: Flask, session: Session, monde: Monde) -> str:
    """Somebody whose right is over asks a CFA without administrator, whose address the référentiel holds."""
    seul = f.un_organisme(session, "CFA sans administrateur du Pays de Lorient")
    seul.courriel_referentiel = "accueil@cfa.invalid"
    session.commit()
    expiree = monde.habilitations[EXPIREE]
    assert expiree is not None
    qui = Navigateur(app, session).comme(expiree)
    _demander(qui, seul.id, lien="oui")
    return "/acces/lien/" + _secret(session, "lien_acces", "/acces/lien/")


def _demander(qui: Navigateur, organisme_id: int, **choix: str) -> None:
    page = qui.get(f"/acces/entrer?organisme={organisme_id}")
    saisie = champs(page, "/acces/entrer") | {"fonction": "directrice"} | choix
    assert qui.post("/acces/entrer", saisie).status_code == 303


def _secret(session: Session, genre: str, chemin: str) -> str:
    requete = select(Courriel.texte).where(Courriel.genre == genre).order_by(Courriel.id.desc()).limit(1)
    texte = session.execute(requete).scalar_one() or ""
    return texte.split(chemin)[1].split()[0]
