"""What the field of a line is called by those who fill it in: short words, in French. Pure."""

from collections.abc import Mapping
from typing import Final

from tdba.transmissions.champs import SUFFIXES_DE_CONTRAT

TOUTE_LA_LIGNE: Final = "toute la ligne"

_CONTRAT: Final[Mapping[str, str]] = {
    "contrat_date_debut": "début du contrat",
    "contrat_date_fin": "fin du contrat",
    "siret_employeur": "SIRET de l’employeur",
    "contrat_date_rupture": "rupture du contrat",
    "cause_rupture_contrat": "motif de rupture du contrat",
}

LIBELLES: Final[Mapping[str, str]] = {
    "nom_apprenant": "nom",
    "prenom_apprenant": "prénom",
    "date_de_naissance_apprenant": "date de naissance",
    "id_erp_apprenant": "identifiant dans votre logiciel",
    "sexe_apprenant": "sexe",
    "code_postal_de_naissance_apprenant": "code postal de naissance",
    "code_commune_insee_de_naissance_apprenant": "code Insee de la commune de naissance",
    "email_contact": "courriel de l’apprenant",
    "adresse_apprenant": "adresse de l’apprenant",
    "code_postal_apprenant": "code postal de l’apprenant",
    "code_commune_insee_apprenant": "code Insee de la commune de l’apprenant",
    "ine_apprenant": "INE",
    "tel_apprenant": "téléphone de l’apprenant",
    "rqth_apprenant": "RQTH",
    "date_rqth_apprenant": "date de la RQTH",
    "responsable_apprenant_mail1": "courriel du représentant légal",
    "responsable_apprenant_mail2": "courriel du second représentant légal",
    "dernier_organisme_uai": "établissement de l’année précédente",
    "derniere_situation": "situation de l’année précédente",
    "type_cfa": "type de CFA",
    "statut_apprenant": "statut de l’apprenant",
    "date_metier_mise_a_jour_statut": "date du statut",
    "custom_statut_apprenant": "statut propre à votre logiciel",
    "etablissement_responsable_uai": "UAI de l’établissement responsable",
    "etablissement_responsable_siret": "SIRET de l’établissement responsable",
    "etablissement_formateur_uai": "UAI de l’établissement formateur",
    "etablissement_formateur_siret": "SIRET de l’établissement formateur",
    "etablissement_lieu_de_formation_uai": "UAI du lieu de formation",
    "etablissement_lieu_de_formation_siret": "SIRET du lieu de formation",
    "etablissement_lieu_de_formation_adresse": "adresse du lieu de formation",
    "etablissement_lieu_de_formation_code_postal": "code postal du lieu de formation",
    "annee_scolaire": "année scolaire",
    "annee_formation": "année dans la formation",
    "formation_rncp": "code RNCP",
    "formation_cfd": "code diplôme (CFD)",
    "date_inscription_formation": "date d’inscription",
    "date_entree_formation": "date d’entrée en formation",
    "date_fin_formation": "date de fin de formation",
    "duree_theorique_formation": "durée de la formation en années",
    "duree_theorique_formation_mois": "durée de la formation en mois",
    "libelle_court_formation": "intitulé de la formation",
    "obtention_diplome_formation": "diplôme obtenu",
    "date_obtention_diplome_formation": "date d’obtention du diplôme",
    "date_exclusion_formation": "date de sortie du CFA",
    "cause_exclusion_formation": "motif de sortie du CFA",
    "formation_presentielle": "formation en présentiel",
    "nom_referent_handicap_formation": "nom du référent handicap",
    "prenom_referent_handicap_formation": "prénom du référent handicap",
    "email_referent_handicap_formation": "courriel du référent handicap",
    **{
        f"{champ}{suffixe}": mots if rang == 1 else f"{mots} n° {rang}"
        for rang, suffixe in enumerate(SUFFIXES_DE_CONTRAT, start=1)
        for champ, mots in _CONTRAT.items()
    },
}


def libelle(champ: str) -> str:
    """The words of a field; a name that is not one of ours is shown as it is."""
    return LIBELLES.get(champ, champ) if champ else TOUTE_LA_LIGNE
