"""What the tests of help at hand make and read."""

import copy
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.offres.models import Poste, RechercheAlentour
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit

RENNES: Final = (48.1173, -1.6778)
BREST: Final = (48.3904, -4.4861)

COMMUNE: Final = {
    "nom": "Rennes",
    "code": {"insee": "35238", "postaux": ["35000"]},
    "localisation": {"centre": {"type": "Point", "coordinates": [-1.6778, 48.1173]}},
    "mission_locale": None,
}


def un_point(latitude: float, longitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


def une_offre(titre: str = "Apprenti boulanger", **autres: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "identifier": {"id": "1"},
        "workplace": {
            "siret": "11000001500013",
            "brand": None,
            "name": "Au bon pain",
            "location": {"address": "1 rue du Four 35000 Rennes", "geopoint": un_point(48.12, -1.68)},
        },
        "apply": {"url": "https://offres.exemple.invalid/1", "phone": "0299000000"},
        "contract": {"start": "2026-12-01T00:00:00.000Z", "type": ["Apprentissage"]},
        "offer": {"title": titre, "rome_codes": ["D1102"], "publication": {"expiration": "2027-01-01"}},
    }
    return copy.deepcopy(base) | autres


def une_entreprise(nom: str = "Fournil du port", **autres: Any) -> dict[str, Any]:
    return {
        "identifier": {"id": "2"},
        "workplace": {
            "brand": nom,
            "location": {"address": "Saint-Malo", "geopoint": un_point(48.65, -2.02)},
            "domain": {"naf": {"code": "1071C", "label": "Boulangerie"}, "opco": None},
        },
        "apply": {"url": "https://offres.exemple.invalid/2", "phone": None},
    } | autres


def une_formation(cle: str = "cle-1", **autres: Any) -> dict[str, Any]:
    return {
        "identifiant": {"cle_ministere_educatif": cle},
        "formateur": {
            "organisme": {
                "identifiant": {"uai": "0350000A", "siret": "11000002300017"},
                "etablissement": {"enseigne": "CFA des Métiers"},
                "unite_legale": {"raison_sociale": "ASSOCIATION DES METIERS"},
            },
            "connu": True,
        },
        "certification": {"valeur": {"intitule": {"rncp": "Boulanger", "cfd": {"long": "BOULANGER (CAP)"}}}},
        "lieu": {
            "adresse": {"label": "2 rue X", "code_postal": "35400", "commune": {"nom": "Saint-Malo"}},
            "geolocalisation": un_point(48.65, -2.02),
        },
        "contact": {"email": "quelqu.un@exemple.invalid", "telephone": None},
        "sessions": [{"debut": "2025-09-01"}, {"debut": "2027-09-01"}, {"debut": "2026-12-01", "fin": None}],
    } | autres


def dossier_de(effectif: Effectif) -> Dossier:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.effectif_id == effectif.id)
    trouve: Dossier = db.session.execute(requete).scalar_one()
    return trouve


def demarches(session: Session) -> list[tuple[str, str | None, int | None]]:
    with scope.systeme("test"):
        requete = scope.select_for(
            Demarche, Droit.CORRIGER, Demarche.nature, Demarche.resultat, Demarche.nombre
        ).order_by(Demarche.id)
        return [tuple(ligne) for ligne in session.execute(requete)]


def recherches(session: Session) -> dict[str, RechercheAlentour]:
    session.expire_all()
    return {r.nature: r for r in session.scalars(select(RechercheAlentour))}


def postes(session: Session) -> list[tuple[str, int, str]]:
    with scope.systeme("test"):
        requete = scope.select_for(Poste, Droit.CORRIGER, Poste.etat, Poste.version, Poste.employeur_siret)
        return [tuple(ligne) for ligne in session.execute(requete)]
