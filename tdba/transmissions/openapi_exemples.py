"""Examples of the document: invented people, in establishments whose keys are right. Each is read by the rules in a test."""

from typing import Any, Final

MINIMALE: Final[dict[str, Any]] = {
    "nom_apprenant": "Lenôtre",
    "prenom_apprenant": "Gaston",
    "date_de_naissance_apprenant": "2007-10-28",
    "id_erp_apprenant": "A-17",
    "annee_scolaire": "2026-2027",
    "date_inscription_formation": "2026-09-01",
    "date_entree_formation": "2026-09-02",
    "date_fin_formation": "2028-07-31",
    "etablissement_responsable_uai": "0440005S",
    "etablissement_responsable_siret": "73282932000074",
    "etablissement_formateur_uai": "0440010X",
    "etablissement_formateur_siret": "43937112100013",
}

COMPLETE: Final[dict[str, Any]] = MINIMALE | {
    "sexe_apprenant": "M",
    "ine_apprenant": "123456789AB",
    "email_contact": "gaston.lenotre@exemple.fr",
    "tel_apprenant": "06 28 00 00 00",
    "adresse_apprenant": "64 bis, route de Paris",
    "code_postal_apprenant": "44000",
    "code_commune_insee_apprenant": "44109",
    "responsable_apprenant_mail1": "parent@exemple.fr",
    "dernier_organisme_uai": "044",
    "derniere_situation": 1003,
    "type_cfa": "01",
    "annee_formation": 1,
    "formation_rncp": "RNCP38322",
    "formation_cfd": "50022141",
    "libelle_court_formation": "CAP PATISSIER",
    "duree_theorique_formation_mois": 24,
    "formation_presentielle": True,
    "contrat_date_debut": "2026-09-15",
    "contrat_date_fin": "2028-08-31",
    "siret_employeur": "73282932000074",
    "contrat_date_rupture": "2026-11-03",
    "cause_rupture_contrat": "Commun accord",
    "contrat_date_debut_2": "2026-11-16",
    "contrat_date_fin_2": "2028-08-31",
    "siret_employeur_2": "43937112100013",
}

FAUSSE: Final[dict[str, Any]] = MINIMALE | {"id_erp_apprenant": "A-18", "annee_formation": 9}
ERREURS: Final = [{"message": "Le chiffre doit être inférieur ou égal à 5", "path": ["annee_formation"]}]

ENVOI: Final = [MINIMALE, COMPLETE]
UUID_EXEMPLE: Final = "3f0e6f5c-2d4b-4a59-9a53-6f3a1d0c8e21"
