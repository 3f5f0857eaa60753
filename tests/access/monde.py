"""The small world of the access tests: eight organismes, their records, and the whole cast.

Every personal column holds a canary that names its organisme and status, so that any answer tells what leaked.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes import service_sessions
from tdba.comptes.models import Habilitation, Organisation, SessionWeb
from tdba.effectifs.models import Contrat, Effectif
from tdba.jobs import Tache
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tdba.transmissions import cles, service
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.models import Transmission
from tests import factories as f
from tests.pages import Navigateur

CANARI = re.compile(r"(NOM|TEL|MEL|INE|LIG)CANARI([A-Z])(\d)")
ABSENTE = 987_654
A_UNE_PERSONNE = (
    "demande_id",
    "session_id",
    "correction_id",
    "habilitation_id",
    "invitation_id",
    "facteur_id",
    "pause_id",
    "personne_id",
    "remise_id",
)
"""Arguments that name what belongs to a person, or what only support may name. The key of nobody is asked of
everybody; whom a real one opens to is for their own tests, support cases apart (distribution.py)."""
STATUTS = ("INSCRIT", "APPRENTI", "RUPTURANT", "ABANDON", "FIN_DE_FORMATION", "A_VENIR")


@dataclass
class Objet:
    """Something that a URL can name: its key, whose it is, and in which status."""

    cle: Any
    organisme: str
    statut: str | None = None
    personne: str | None = None
    """Whose own it is, when it belongs to a person and not to an organisme."""
    absent: bool = False
    """Nobody's: no row has that key."""
    autres: dict[str, Any] = field(default_factory=dict)
    """What the other arguments of its addresses name inside it: the line of a file, the row of a comparison."""
    nominatif: bool = False
    """Holds names without a status: PostgreSQL shows it to who reads names there, and to support."""
    etat: str | None = None
    """Where it stands, when some views are about others (`matrice.EN_ETAT`)."""
    aussi: str = ""
    """The other organisme that must be reached too: a pair of records, both ends of a transfer."""
    droit: str | None = None
    """A right that this one asks for besides that of the view."""
    au_cfa: bool = False
    """The CFA's own: its network is refused it."""


@dataclass
class Monde:
    organismes: dict[str, Organisme] = field(default_factory=dict)
    effectifs: dict[tuple[str, str], Effectif] = field(default_factory=dict)
    habilitations: dict[str, Habilitation | None] = field(default_factory=dict)
    objets: dict[str, list[Objet]] = field(default_factory=dict)
    donnees: dict[str, dict[str, int]] = field(default_factory=dict)
    """What the web session of somebody holds from the start."""


def construire(app: Flask, session: Session) -> Monde:
    """Make the world, as the system."""
    monde = Monde()
    f.les_territoires(session)
    _organismes(session, monde)
    for lettre in monde.organismes:
        for rang, statut in enumerate(STATUTS):
            # Every status where the reach stops (two regions); elsewhere one that the State sees and one it does not.
            if lettre not in "AS" and statut not in ("APPRENTI", "RUPTURANT"):
                continue
            monde.effectifs[lettre, statut] = _effectif(session, monde.organismes[lettre], lettre, rang)
    _distribution(session, monde)
    _transmissions(app, session, monde)
    _objets(session, monde)
    session.commit()
    return monde


def _organismes(session: Session, monde: Monde) -> None:
    dunes = "112233445"
    noms = {"A": "Dunes Nord", "B": "Dunes Sud", "C": "Dunes Est"}
    for lettre, nom in noms.items():
        monde.organismes[lettre] = f.un_organisme(session, nom, siren=dunes)
    monde.organismes["F"] = f.un_organisme(session, "Falaises", departement="29")
    monde.organismes["T"] = f.un_organisme(session, "Tour")
    monde.organismes["L"] = f.un_organisme(session, "Atelier")
    monde.organismes["P"] = f.un_organisme(session, "Campus")
    monde.organismes["S"] = f.un_organisme(session, "Sud", departement="31")
    o = monde.organismes
    f.une_relation(session, o["T"], o["L"])
    f.une_relation(session, o["T"], o["P"], partielle=True)
    f.un_reseau(session, "NORD", [o["A"], o["F"], o["S"]])
    f.un_reseau(session, "RESP", [o["L"]], responsable=True)


def _effectif(session: Session, organisme: Organisme, lettre: str, rang: int) -> Effectif:
    marque = f"CANARI{lettre}{rang}"
    options: dict[str, Any] = {
        "nom": f"NOM{marque}",
        "prenom": "Élie-Noël",
        "telephone": f"TEL{marque}",
        "courriel": f"MEL{marque}@exemple.invalid",
        "ine": f"INE{marque}",
    }
    jour = horloge.aujourd_hui()
    match STATUTS[rang]:
        case "INSCRIT":
            return f.un_sans_contrat(session, organisme, **options)
        case "APPRENTI":
            return f.un_apprenti(session, organisme, **options)
        case "RUPTURANT":
            return f.une_rupture(session, organisme, **options)
        case "ABANDON":
            return f.un_sorti(session, organisme, **options)
        case "FIN_DE_FORMATION":
            return f.un_diplome(session, organisme, **options)
        case _:
            return f.un_effectif(session, organisme, entree=jour + timedelta(days=20), **options)


def _distribution(session: Session, monde: Monde) -> None:
    """One person per line of the table."""
    o = monde.organismes
    garant = f.une_personne(session, "Gisèle", "Garante")

    def habiliter(qui: str, organisation: Organisation, **options: Any) -> None:
        etat = options.pop("etat", "ACTIVE")
        personne = f.une_personne(session, qui, etat=etat)
        monde.habilitations[qui] = f.une_habilitation(session, personne, organisation, **options)

    monde.habilitations["anonyme"] = None
    dunes = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA des Dunes", regle="SIREN", siren=o["A"].siren
    )
    habiliter("directrice de Dunes", dunes)
    habiliter("membre limité au site A", dunes, role="membre", sites=[o["A"]])
    habiliter("personne suspendue", dunes, etat="SUSPENDUE")
    habiliter("habilitation expirée", dunes, fin=date(2026, 10, 1))
    for qui, lettre in (
        ("directeur de Falaises", "F"),
        ("directrice de Tour", "T"),
        ("directeur de l’Atelier", "L"),
        ("directrice du Campus", "P"),
    ):
        cfa = f.une_organisation(
            session, "ORGANISME_FORMATION", qui, regle="ETABLISSEMENTS", organismes=[o[lettre]]
        )
        habiliter(qui, cfa)
    reseau = {"regle": "RESEAU", "reseau_code": "NORD"}
    habiliter("tête du réseau NORD", f.une_organisation(session, "TETE_DE_RESEAU", "Nord", **reseau))
    regional = {"regle": "RESEAU_REGION", "reseau_code": "NORD", "region_code": "53"}
    habiliter(
        "tête du réseau NORD en Bretagne",
        f.une_organisation(session, "TETE_DE_RESEAU", "Nord 53", **regional),
    )
    responsable = f.une_organisation(
        session, "TETE_DE_RESEAU", "Responsable", regle="RESEAU", reseau_code="RESP"
    )
    habiliter("tête du réseau responsable", responsable, validee_par=garant)
    bretagne = {"regle": "REGION", "region_code": "53"}
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", **bretagne)
    habiliter("agente DREETS Bretagne", dreets, validee_par=garant)
    habiliter("agent DREETS sans seconde signature", dreets)
    autres: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("agente DDETS Ille-et-Vilaine", "DDETS", {"regle": "DEPARTEMENT", "departement_code": "35"}),
        ("agent de l’académie de Rennes", "ACADEMIE", {"regle": "ACADEMIE", "academie_code": "14"}),
        ("agent DRAAF Bretagne", "DRAAF", bretagne),
        ("agente DRAFPIC Bretagne", "DRAFPIC", bretagne),
        ("agente du conseil régional", "CONSEIL_REGIONAL", bretagne),
        ("agent du Carif-Oref régional", "CARIF_OREF_REGIONAL", bretagne),
        ("agente du Carif-Oref national", "CARIF_OREF_NATIONAL", {"regle": "NATION"}),
        ("agent d’un opérateur national", "OPERATEUR_PUBLIC_NATIONAL", {"regle": "NATION"}),
        ("conseillère de mission locale", "MISSION_LOCALE", {"regle": "AUCUNE"}),
        ("agent d’une ARML", "ARML", bretagne),
        ("agent France Travail", "FRANCE_TRAVAIL", bretagne),
        ("support", "SUPPORT", {"regle": "NATION"}),
        ("déléguée à la protection des données", "CONFORMITE", {"regle": "NATION"}),
    )
    organisations: dict[str, Organisation] = {}
    for qui, type_, regle in autres:
        organisations[qui] = f.une_organisation(session, type_, qui, **regle)
        habiliter(qui, organisations[qui], validee_par=garant)
    habiliter("support sans seconde signature", organisations["support"])
    audit = f.une_organisation(session, "AUDIT", "Audit", regle="NATION")
    habiliter("auditrice", audit, fin=date(2027, 6, 30), validee_par=garant)


def _transmissions(app: Flask, session: Session, monde: Monde) -> None:
    """One transmission per organisme, with one line refused that carries a name."""
    del app
    for lettre, organisme in monde.organismes.items():
        cle = cles.creer(organisme.id, libelle="monde")
        session.commit()
        emetteur = cles.reconnaitre(f"Bearer {cle}", adresse=None)
        ligne = {
            "nom_apprenant": f"LIGCANARI{lettre}0",
            "prenom_apprenant": "Zoé",
            "id_erp_apprenant": lettre,
        }
        with scope.sous(cles.scope_de(emetteur)):
            session.commit()
            transmission, _ = service.recevoir([ligne], emetteur, source="ERP")
            session.commit()
        monde.objets.setdefault("transmission_uuid", []).append(Objet(transmission.uuid, lettre))


def _objets(session: Session, monde: Monde) -> None:
    """What URL arguments may name."""
    monde.objets["organisme_id"] = [Objet(o.id, lettre) for lettre, o in monde.organismes.items()]
    monde.objets["effectif_id"] = [
        Objet(effectif.id, lettre, statut) for (lettre, statut), effectif in monde.effectifs.items()
    ]
    par_effectif = {e.id: (lettre, statut) for (lettre, statut), e in monde.effectifs.items()}
    contrats = session.execute(scope.select_for(Contrat, Droit.CORRIGER)).scalars()
    monde.objets["contrat_id"] = [Objet(c.id, *par_effectif[c.effectif_id]) for c in contrats]
    dossiers = session.execute(scope.select_for(Dossier, Droit.CORRIGER)).scalars()
    monde.objets["dossier_id"] = [Objet(d.id, *par_effectif[d.effectif_id]) for d in dossiers]
    tache = session.execute(select(Tache.id).limit(1)).scalar_one_or_none()
    monde.objets["tache_id"] = [Objet(tache, "")] if tache else []
    for nom in A_UNE_PERSONNE:
        monde.objets[nom] = [Objet(ABSENTE, "", absent=True)]


def navigateurs(app: Flask, session: Session, monde: Monde) -> dict[str, Navigateur]:
    """One browser per member of the cast."""
    inconnu = Navigateur(app, session)
    tous = {
        qui: inconnu.comme(h) if h else Navigateur(app, session) for qui, h in monde.habilitations.items()
    }
    for qui, donnees in monde.donnees.items():
        empreinte = service_sessions.empreinte(tous[qui].identifiant or "")
        ligne = session.execute(select(SessionWeb).where(SessionWeb.empreinte == empreinte)).scalar_one()
        ligne.donnees = ligne.donnees | donnees
    session.commit()
    return tous


__all__ = ["CANARI", "STATUTS", "Emetteur", "Monde", "Objet", "Transmission", "construire", "navigateurs"]
