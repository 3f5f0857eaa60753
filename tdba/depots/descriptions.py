"""What the template says of each field, in words of the CFA. Pure.

Whether a field is required, and which values it takes, come from the rules (`tdba.transmissions`), not from here: here
are only the words. A test holds that every field of the template has its words and that its example passes the rules.
"""

from collections.abc import Callable
from typing import NamedTuple

from tdba.transmissions import champs, dates, normes
from tdba.transmissions.champs import CHAMPS, FICHIER, SUFFIXES_DE_CONTRAT, Champ

HORS_MODELE = frozenset(
    {
        # Made by us, or only known to an ERP (domain.md §4.3: the 62 columns of the template).
        "id_erp_apprenant",
        "code_commune_insee_de_naissance_apprenant",
        "code_commune_insee_apprenant",
        "statut_apprenant",
        "date_metier_mise_a_jour_statut",
        "custom_statut_apprenant",
        "duree_theorique_formation",
    }
)
CHAMPS_DU_MODELE: tuple[Champ, ...] = tuple(champ for champ in CHAMPS if champ.nom not in HORS_MODELE)

_DE_CONTRAT = {
    f"{base}{suffixe}": (base, rang)
    for rang, suffixe in enumerate(SUFFIXES_DE_CONTRAT, start=1)
    for base in (
        "contrat_date_debut",
        "contrat_date_fin",
        "siret_employeur",
        "contrat_date_rupture",
        "cause_rupture_contrat",
    )
}
# Asked for as soon as there is a contract, or an exit: two stars (domain.md §4.3).
_SELON_LE_CAS = frozenset(
    {
        "date_exclusion_formation",
        *(nom for nom, (base, _) in _DE_CONTRAT.items() if not base.startswith("cause")),
    }
)


class Exigence(NamedTuple):
    etoiles: str
    mots: str


OBLIGATOIRE = Exigence(" *", "Oui")
SELON_LE_CAS = Exigence(" **", "Si le cas se présente")
FACULTATIF = Exigence("", "Non")


def exigence(champ: Champ) -> Exigence:
    """Say whether a column is required, as the rules do."""
    if FICHIER in champ.obligatoire:
        return OBLIGATOIRE
    return SELON_LE_CAS if champ.nom in _SELON_LE_CAS else FACULTATIF


_FORMATS: dict[Callable[[object], object], str] = {
    normes.nom: "Texte, 255 caractères au plus",
    normes.texte_ou_nombre: "Texte, 255 caractères au plus",
    normes.adresse_de_cellule: "Texte, 500 caractères au plus",
    normes.libelle: "Texte, de 2 à 255 caractères",
    dates.date_de_cellule: "Date : JJ/MM/AAAA ou AAAA-MM-JJ",
    normes.booleen_de_cellule: "oui ou non (vrai, faux, 1 et 0 sont acceptés)",
    normes.sexe: "M ou F (H, 1 et 2 sont acceptés)",
    normes.email: "Adresse électronique",
    normes.telephone: "Numéro à dix chiffres, ou avec l’indicatif du pays (+33…)",
    normes.code_postal: "5 chiffres",
    normes.code_postal_secondaire: "5 chiffres",
    normes.ine: "11 caractères, chiffres et lettres",
    normes.uai: "7 chiffres, puis une lettre",
    normes.siret: "14 chiffres",
    normes.siret_secondaire: "14 chiffres",
    normes.dernier_organisme: "UAI (7 chiffres puis une lettre), ou numéro de département",
    normes.situation: "Code de la feuille « Codes »",
    normes.type_cfa: "De 01 à 10 : voir la feuille « Codes »",
    normes.annee_scolaire: "AAAA-AAAA",
    normes.annee_de_formation: "Chiffre de 0 à 5",
    normes.rncp: "RNCP suivi de 2 à 5 chiffres",
    normes.cfd: "8 chiffres ou lettres",
    normes.duree_en_mois: "Nombre de mois, de 1 à 48",
}


def format_de(champ: Champ) -> str:
    return _FORMATS[champ.fichier]


# Field → what it is, what it serves, an example that the rules accept.
_MOTS: dict[str, tuple[str, str, str]] = {
    "nom_apprenant": ("Nom de l’apprenant", "Reconnaître la personne d’un envoi à l’autre", "MARTIN"),
    "prenom_apprenant": ("Premier prénom de l’apprenant", "Reconnaître la personne d’un envoi à l’autre", "Camille"),
    "date_de_naissance_apprenant": ("Date de naissance", "Reconnaître la personne ; calculer son âge", "14/03/2006"),
    "sexe_apprenant": ("Sexe", "Statistiques et enquête SIFA", "F"),
    "code_postal_de_naissance_apprenant": ("Code postal de la commune de naissance", "Enquête SIFA", "44000"),
    "email_contact": ("Adresse électronique de l’apprenant", "Joindre le jeune en cas de rupture", "camille.martin@exemple.fr"),
    "adresse_apprenant": ("Numéro et voie où habite l’apprenant", "Trouver la Mission Locale compétente", "12 rue des Lilas"),
    "code_postal_apprenant": ("Code postal du domicile", "Trouver la Mission Locale compétente", "44100"),
    "ine_apprenant": ("Identifiant national de l’élève, le dernier attribué", "Enquête SIFA", "0123456789A"),
    "tel_apprenant": ("Téléphone de l’apprenant", "Joindre le jeune en cas de rupture", "06 12 34 56 78"),
    "rqth_apprenant": ("Reconnaissance de la qualité de travailleur handicapé", "Enquête SIFA seulement", "non"),
    "date_rqth_apprenant": ("Date de cette reconnaissance", "Enquête SIFA seulement", "01/09/2024"),
    "responsable_apprenant_mail1": ("Adresse électronique d’un responsable légal", "Joindre la famille d’un mineur", "parent1@exemple.fr"),
    "responsable_apprenant_mail2": ("Adresse électronique de l’autre responsable légal", "Joindre la famille d’un mineur", "parent2@exemple.fr"),
    "dernier_organisme_uai": ("Établissement fréquenté l’année précédente", "Enquête SIFA", "0440005S"),
    "derniere_situation": ("Situation de l’année précédente", "Enquête SIFA", "4101"),
    "type_cfa": ("Catégorie de votre CFA", "Enquête SIFA", "09"),
    "etablissement_responsable_uai": ("UAI de l’établissement qui signe la convention de formation", "Savoir qui est responsable de la formation", "0440005S"),
    "etablissement_responsable_siret": ("SIRET de l’établissement qui signe la convention de formation", "Savoir qui est responsable de la formation", "73282932000074"),
    "etablissement_formateur_uai": ("UAI de l’établissement où l’apprenant est formé", "Ranger l’apprenant dans le bon établissement", "0440010X"),
    "etablissement_formateur_siret": ("SIRET de l’établissement où l’apprenant est formé", "Ranger l’apprenant dans le bon établissement", "43937112100013"),
    "etablissement_lieu_de_formation_uai": ("UAI du lieu des cours, s’il est différent", "Situer la formation", "0440010X"),
    "etablissement_lieu_de_formation_siret": ("SIRET du lieu des cours, s’il est différent", "Situer la formation", "43937112100013"),
    "etablissement_lieu_de_formation_adresse": ("Adresse du lieu des cours", "Situer la formation", "3 quai de la Fosse"),
    "etablissement_lieu_de_formation_code_postal": ("Code postal du lieu des cours", "Situer la formation", "44000"),
    "annee_scolaire": ("Année scolaire en cours", "Compter l’apprenant dans la bonne année", "2025-2026"),
    "annee_formation": ("Année de la formation que suit l’apprenant", "Statistiques et enquête SIFA", "1"),
    "formation_rncp": ("Code RNCP du diplôme ou du titre préparé", "Reconnaître la certification", "RNCP38363"),
    "formation_cfd": ("Code de la formation diplôme", "Reconnaître la certification, à défaut de code RNCP", "50022145"),
    "date_inscription_formation": ("Jour de l’inscription, avec ou sans contrat", "Calculer le statut de l’apprenant", "25/08/2025"),
    "date_entree_formation": ("Premier jour de la formation", "Calculer le statut de l’apprenant", "01/09/2025"),
    "date_fin_formation": ("Dernier jour prévu de la formation", "Calculer le statut de l’apprenant", "31/08/2027"),
    "duree_theorique_formation_mois": ("Durée prévue de la formation, en mois", "Enquête SIFA", "24"),
    "libelle_court_formation": ("Nom court de la formation", "Vous repérer dans vos listes", "CAP Pâtissier"),
    "obtention_diplome_formation": ("Diplôme obtenu ; à laisser vide en cours de formation", "Suivre la réussite", ""),
    "date_obtention_diplome_formation": ("Date d’obtention du diplôme", "Suivre la réussite", ""),
    "date_exclusion_formation": ("Jour où l’apprenant a quitté la formation avant son terme", "Calculer le statut de l’apprenant", ""),
    "cause_exclusion_formation": ("Raison de ce départ", "Comprendre les départs", ""),
    "formation_presentielle": ("Formation en présence ; non si tout est à distance", "Statistiques", "oui"),
    "nom_referent_handicap_formation": ("Nom du référent handicap du CFA", "Orienter le jeune", "DURAND"),
    "prenom_referent_handicap_formation": ("Prénom du référent handicap du CFA", "Orienter le jeune", "Sacha"),
    "email_referent_handicap_formation": ("Adresse électronique du référent handicap", "Orienter le jeune", "referent.handicap@exemple.fr"),
}  # fmt: skip
_MOTS_DE_CONTRAT: dict[str, tuple[str, str, str]] = {
    "contrat_date_debut": ("Premier jour du contrat d’apprentissage", "Calculer le statut de l’apprenant", "08/09/2025"),
    "contrat_date_fin": ("Dernier jour prévu du contrat", "Calculer le statut de l’apprenant", "31/08/2027"),
    "siret_employeur": ("SIRET de l’employeur", "Joindre l’employeur", "73282932000074"),
    "contrat_date_rupture": ("Jour de la rupture du contrat, s’il a été rompu", "Repérer tôt les jeunes à accompagner", ""),
    "cause_rupture_contrat": ("Raison de la rupture", "Comprendre les ruptures", ""),
}  # fmt: skip
_ORDRES = ("", "premier ", "deuxième ", "troisième ", "quatrième ")


class Description(NamedTuple):
    sens: str
    utilite: str
    exemple: str


def description(nom: str) -> Description:
    """Return the words of a field of the template. Only the first contract of the example is filled."""
    if nom in _DE_CONTRAT:
        base, rang = _DE_CONTRAT[nom]
        sens, utilite, exemple = _MOTS_DE_CONTRAT[base]
        return Description(f"{sens} ({_ORDRES[rang]}contrat)", utilite, exemple if rang == 1 else "")
    return Description(*_MOTS[nom])


def section(nom: str) -> str:
    """Group of columns a field belongs to, for the sheet that describes them."""
    if nom in _DE_CONTRAT:
        return "Contrats"
    if nom.startswith("etablissement_"):
        return "Établissements"
    apprenant = champs.RANGS[nom] < champs.RANGS["etablissement_responsable_uai"]
    return "Apprenant" if apprenant else "Formation"


def est_une_date(champ: Champ) -> bool:
    return champ.fichier is dates.date_de_cellule


SEXES = (("M", "Masculin"), ("F", "Féminin"))
OUI_NON = (("oui", "Oui, vrai"), ("non", "Non, faux"))
TYPES_CFA = (
    ("01", "CFA public (Éducation nationale)"),
    ("02", "CFA public (enseignement supérieur)"),
    ("03", "CFA public agricole"),
    ("04", "CFA de collectivité territoriale"),
    ("05", "Autre CFA public"),
    ("06", "CFA consulaire"),
    ("07", "CFA de branche"),
    ("08", "CFA d’entreprise"),
    ("09", "CFA associatif"),
    ("10", "Autre CFA privé"),
)
ANNEES_DE_FORMATION = tuple(
    (str(n), f"{n}e année" if n > 1 else ("1re année" if n else "Avant la 1re année")) for n in range(6)
)
