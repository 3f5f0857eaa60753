"""Invented lines shared by the tests of the intake. Keys of establishments are right, people do not exist."""

from typing import Any

from tdba.transmissions.lignes import LigneLue, lire

MINIMALE: dict[str, Any] = {
    "nom_apprenant": "Lenôtre",
    "prenom_apprenant": "Gaston",
    "date_de_naissance_apprenant": "2005-10-28",
    "id_erp_apprenant": "A-17",
    "annee_scolaire": "2025-2026",
    "date_inscription_formation": "2025-09-01",
    "date_entree_formation": "2025-09-02",
    "date_fin_formation": "2027-07-31",
    "etablissement_responsable_uai": "0440005S",
    "etablissement_responsable_siret": "73282932000074",
    "etablissement_formateur_uai": "0440010X",
    "etablissement_formateur_siret": "43937112100013",
}

TELEVERSEE: dict[str, Any] = {
    **{champ: valeur for champ, valeur in MINIMALE.items() if champ != "id_erp_apprenant"},
    "sexe_apprenant": "F",
    "email_contact": "gaston@exemple.fr",
    "adresse_apprenant": "64 bis, route de Paris",
    "code_postal_apprenant": 44000.0,
    "annee_formation": 2.0,
}

_CHAMPS_DE_L_API = """
    nom_apprenant prenom_apprenant date_de_naissance_apprenant annee_scolaire statut_apprenant
    date_metier_mise_a_jour_statut id_erp_apprenant ine_apprenant email_contact tel_apprenant libelle_court_formation
    annee_formation formation_rncp contrat_date_debut contrat_date_fin contrat_date_rupture custom_statut_apprenant
    adresse_apprenant code_postal_apprenant code_postal_de_naissance_apprenant code_commune_insee_apprenant
    code_commune_insee_de_naissance_apprenant sexe_apprenant rqth_apprenant date_rqth_apprenant
    responsable_apprenant_mail1 responsable_apprenant_mail2 obtention_diplome_formation
    date_obtention_diplome_formation date_exclusion_formation cause_exclusion_formation
    nom_referent_handicap_formation prenom_referent_handicap_formation email_referent_handicap_formation
    cause_rupture_contrat contrat_date_debut_2 contrat_date_fin_2 contrat_date_rupture_2 cause_rupture_contrat_2
    contrat_date_debut_3 contrat_date_fin_3 contrat_date_rupture_3 cause_rupture_contrat_3 contrat_date_debut_4
    contrat_date_fin_4 contrat_date_rupture_4 cause_rupture_contrat_4 siret_employeur siret_employeur_2
    siret_employeur_3 siret_employeur_4 formation_presentielle duree_theorique_formation
    duree_theorique_formation_mois date_inscription_formation date_entree_formation date_fin_formation
    etablissement_responsable_uai etablissement_responsable_siret etablissement_formateur_uai
    etablissement_formateur_siret etablissement_lieu_de_formation_uai etablissement_lieu_de_formation_siret
    etablissement_lieu_de_formation_adresse etablissement_lieu_de_formation_code_postal formation_cfd
    derniere_situation dernier_organisme_uai type_cfa
"""
TOUS_LES_CHAMPS = frozenset(_CHAMPS_DE_L_API.split())


def lire_erp(**champs: Any) -> LigneLue:
    """Read the smallest right line of the API, with these fields on top."""
    return lire(MINIMALE | champs, source="ERP")


def lire_fichier(**champs: Any) -> LigneLue:
    """Read the smallest right row of a spreadsheet, with these cells on top."""
    return lire(TELEVERSEE | champs, source="FICHIER")


def messages(lue: LigneLue) -> dict[str, str]:
    return {erreur.champ: erreur.message for erreur in lue.erreurs}
