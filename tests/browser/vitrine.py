"""A CFA as large as the pages must bear: six establishments, long names, every status, corrections, steps, a case."""

from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.comptes.models import Habilitation
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.access.monde import Monde
from tests.pages import Navigateur, arbre, champs, liens, texte

NOM = "CFA des métiers de la mer, du littoral et de l’artisanat d’art"
SITES = ("Rennes", "Saint-Malo", "Fougères", "Redon", "Vitré", "Bain-de-Bretagne-et-Pays-de-Grand-Fougeray")
NOMS = (
    "LE BIHAN",
    "NGUYỄN",
    "D’ESTRÉES",
    "ÇELIK",
    "BEN YOUSSEF",
    "ROUX-DELAHAYE",
    "O’BRIEN",
    "KONATÉ",
    "LŒUILLET",
)
PRENOMS = ("Élodie", "Maël", "Anaïs", "Yaël", "Jean-Noël", "Fatoumata", "Zoé", "Loïc")
NOM_LONG = "DE LA VILLEHUCHET-KERMARREC DE SAINT-ANDRÉ-DES-EAUX-SUR-RANCE"
FORMATIONS = (
    "CAP Boulanger",
    "BTS Management commercial opérationnel",
    "Titre professionnel Technicien d’intervention",
)
LONGUEURS = (2, 20, 44, 50, 71, 88, 120, 170)
"""Days without a contract: every segment of the worklists."""


def garnir(app: Flask, session: Session) -> tuple[Habilitation, dict[str, str]]:
    """Make it, as the system; what people do there goes through the pages. Returns its director and the addresses."""
    sites = [f.un_organisme(session, f"CFA de la mer, site de {site}") for site in SITES]
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", NOM, regle="ETABLISSEMENTS", organismes=sites
    )
    personne = f.une_personne(session, "Marie-Françoise", "de Kermadec-Trévélec")
    directrice = f.une_habilitation(session, personne, organisation)
    _effectifs(session, sites)
    rompu = f.une_rupture(session, sites[0], nom=NOM_LONG, prenom="Élodie-Marie", depuis=40, **_joignable())
    sans_contrat = f.un_sans_contrat(session, sites[0], nom="ABGRALL", prenom="Ewen")
    adresses = {
        "fiche": f"/effectifs/{rompu.id}",
        "sans contrat": f"/sans-contrat/{sans_contrat.id}",
        "appel à noter, sans contrat": f"/effectifs/{sans_contrat.id}/demarches",
        "organisme": f"/organismes/{sites[0].id}",
        "fiche masquée": f"/support/fiches/{rompu.id}",
        "organisme vu du support": f"/support/organismes/{sites[0].id}",
        "nom à corriger": f"/effectifs/{rompu.id}/corriger/nom",
    }
    navigateur = Navigateur(app, session).comme(directrice)
    return directrice, adresses | _corriger(navigateur, adresses["fiche"]) | _noter(navigateur) | _ecrire(
        navigateur, adresses["fiche"]
    )


def adresses_du_monde(monde: Monde) -> dict[str, str]:
    """What the pages of the access tests' world are about."""
    par_organisme = {objet.organisme: objet.cle for objet in monde.objets["transmission_uuid"]}
    return {
        "transmission": f"/transmissions/{par_organisme['A']}",
        "fiche d’un autre": f"/effectifs/{monde.effectifs['F', 'APPRENTI'].id}",
    }


def _effectifs(session: Session, sites: list[Organisme]) -> None:
    suite = zip(cycle(sites), cycle(NOMS), cycle(PRENOMS), cycle(FORMATIONS), strict=False)
    for rang, (site, nom, prenom, formation) in enumerate(islice(suite, 30)):
        identite = {
            "nom": nom,
            "prenom": prenom,
            "formation": formation,
            "sexe": "FM"[rang % 2],
            **_joignable(rang),
        }
        depuis = LONGUEURS[rang % len(LONGUEURS)]
        match rang % 6:
            case 0 | 1:
                f.une_rupture(session, site, depuis=depuis, **identite)
            case 2 | 3:
                f.un_sans_contrat(session, site, depuis=depuis, **identite)
            case 4:
                f.un_apprenti(session, site, naissance=date(2009, 3, 1), **identite)
            case _:
                (f.un_sorti, f.un_diplome)[rang % 4 // 2](session, site, **identite)


def _joignable(rang: int = 0) -> dict[str, Any]:
    return {
        "telephone": f"+336123456{rang:02d}",
        "courriel": f"prenom.nom.tres.long.{rang}@exemple-de-domaine.invalid",
    }


def _corriger(navigateur: Navigateur, fiche: str) -> dict[str, str]:
    """The term of its contract is put forward, with a comment."""
    adresse = next(lien for lien in liens(navigateur.get(fiche)) if lien.startswith("/contrats/"))
    saisie = champs(navigateur.get(adresse), adresse)
    saisie |= {"fin": "2027-07-15", "motif": "PIECE_VUE", "commentaire": "Avenant signé le 3 novembre."}
    _envoyer(navigateur, adresse, saisie | {"action": "enregistrer"})
    annuler = next(lien for lien in liens(navigateur.get(fiche)) if lien.startswith("/corrections/"))
    return {"contrat à corriger": adresse, "correction à annuler": annuler}


def _noter(navigateur: Navigateur) -> dict[str, str]:
    """A call to two youths in rupture."""
    adresses = [lien for lien in liens(navigateur.get("/ruptures")) if lien.endswith("/demarches")][:2]
    for adresse in adresses:
        saisie = champs(navigateur.get(adresse), adresse)
        prefixe = next(nom for nom in saisie if nom.endswith("prochaine_le")).removesuffix("prochaine_le")
        saisie |= {
            f"{prefixe}resultat": "JOINT",
            f"{prefixe}prochaine_le": (horloge.aujourd_hui() + timedelta(days=5)).isoformat(),
            f"{prefixe}note": "Rappeler après le conseil de classe ; l’entreprise de Vitré cherche un apprenti.",
        }
        _envoyer(navigateur, adresse, saisie)
    return {"appel à noter": adresses[0], "dossier": adresses[0].removesuffix("/demarches")}


def _ecrire(navigateur: Navigateur, fiche: str) -> dict[str, str]:
    """A question to support about a record."""
    adresse = f"/support/ecrire?page={fiche}"
    saisie = champs(navigateur.get(adresse), adresse)
    saisie |= {
        "objet": "Un statut que je ne comprends pas",
        "texte": "Le contrat est rompu,\nl’ERP dit autre chose.",
    }
    numero = _envoyer(navigateur, adresse, saisie).rsplit("/", 1)[1]
    dossier = f"/support/dossiers/{numero}"
    return {
        "demande": f"/support/demandes/{numero}",
        "dossier du support": dossier,
        "remise à demander": f"{dossier}/seconds-facteurs",
    }


def _envoyer(navigateur: Navigateur, adresse: str, saisie: dict[str, str]) -> str:
    reponse = navigateur.post(adresse, saisie)
    assert reponse.status_code == 303, texte(arbre(reponse))
    return str(reponse.location)
