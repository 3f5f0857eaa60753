"""Records that are all right, to be spoilt by one fact at a time."""

from datetime import date
from typing import Any

from tdba.anomalies import controles
from tdba.anomalies.dossier import ContratLu, Dossier, Validite
from tdba.effectifs.statuts import Statut

JOUR = date(2026, 11, 18)
ENTREE = date(2026, 9, 1)
FIN = date(2028, 8, 31)


def un_contrat(**faits: Any) -> ContratLu:
    """A contract that follows its formation, at a known employer."""
    return ContratLu(**({"id": 7, "debut": ENTREE, "fin": FIN, "employeur_siret": "11000001500013"} | faits))


def un_dossier(*contrats: ContratLu, **faits: Any) -> Dossier:
    """An apprentice about whom nothing is to be said."""
    sains: dict[str, Any] = {
        "id": 1,
        "organisme_id": 3,
        "annee_scolaire": "2026-2027",
        "date_naissance": date(2008, 5, 4),
        "sexe": "F",
        "ine": "120890177HB",
        "courriel": "alix.canari@famille.fr",
        "courriel_cfa": "contact@cfa.fr",
        "telephone": "0612457809",
        "adresse": True,
        "code_postal": "35000",
        "code_postal_connu": True,
        "code_insee": "35238",
        "rncp": "RNCP38322",
        "cfd": "50022143",
        "validite_rncp": Validite(True, date(2023, 1, 1), date(2028, 12, 31)),
        "validite_cfd": Validite(True, date(2020, 9, 1), None),
        "niveau": 3,
        "annee_formation": 1,
        "duree_mois": 24,
        "date_inscription": date(2026, 6, 15),
        "date_entree": ENTREE,
        "date_fin": FIN,
        "statut": Statut.APPRENTI,
        "statut_depuis": ENTREE,
    }
    return Dossier(**(sains | {"contrats": contrats or (un_contrat(),)} | faits))


def codes(dossier: Dossier, jour: date = JOUR) -> list[str]:
    """What is wrong with it, by code."""
    return [trouvee.code for trouvee in controles.controler(dossier, jour)]
