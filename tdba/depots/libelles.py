"""Words for what a file says: its fields, the columns of a record, why a column is proposed, its values. Pure."""

from datetime import date
from typing import Final

from tdba.depots import descriptions
from tdba.depots.correspondance import Raison
from tdba.depots.noms_usuels import NOM_ET_PRENOM, PRENOM_ET_NOM
from tdba.transmissions.champs import CHAMPS

_HORS_MODELE: Final = {
    "id_erp_apprenant": "Identifiant dans votre logiciel",
    "code_commune_insee_de_naissance_apprenant": "Code INSEE de la commune de naissance",
    "code_commune_insee_apprenant": "Code INSEE de la commune du domicile",
    "statut_apprenant": "Statut donné par le logiciel",
    "date_metier_mise_a_jour_statut": "Date de ce statut",
    "custom_statut_apprenant": "Statut propre au logiciel",
    "duree_theorique_formation": "Durée prévue de la formation, en années",
    NOM_ET_PRENOM: "Nom puis prénom, dans la même colonne",
    PRENOM_ET_NOM: "Prénom puis nom, dans la même colonne",
}

RAISONS: Final[dict[str, str]] = {
    Raison.MODELE: "nom du modèle",
    Raison.RETENUE: "choix de votre établissement, la dernière fois",
    Raison.NOM: "d’après le titre",
    Raison.CONTENU: "d’après le contenu",
    Raison.NOM_CONTREDIT: "d’après le titre, mais le contenu ne ressemble pas : vérifiez",
    Raison.DOUBLON: "colonne en double : la première est lue",
    Raison.CHAMP_DEJA_PRIS: "une autre colonne convient mieux",
    Raison.INTERDITE: "numéro de sécurité sociale : ni lu, ni gardé",
    Raison.IGNOREE: "non lue, comme la dernière fois",
    Raison.INCONNUE: "titre inconnu : choisissez, ou laissez non lue",
    Raison.VIDE: "colonne vide",
}

_FICHE: Final = {
    "nom": "Nom",
    "prenom": "Prénom",
    "sexe": "Sexe",
    "date_naissance": "Date de naissance",
    "ine": "INE",
    "courriel": "Courriel",
    "telephone": "Téléphone",
    "courriel_responsable_1": "Courriel du responsable légal",
    "courriel_responsable_2": "Courriel de l’autre responsable légal",
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "code_insee": "Commune (code INSEE)",
    "rncp": "Code RNCP",
    "cfd": "Code de la formation diplôme",
    "formation": "Formation",
    "niveau": "Niveau",
    "annee_formation": "Année de formation",
    "duree_mois": "Durée de la formation (mois)",
    "date_inscription": "Date d’inscription",
    "date_entree": "Date d’entrée",
    "date_fin": "Fin prévue de la formation",
    "date_exclusion": "Date de sortie anticipée",
    "cause_exclusion": "Cause de la sortie",
    "responsable_id": "Établissement responsable",
}
_CONTRAT: Final = {
    "debut": "début",
    "fin": "fin",
    "rupture": "rupture",
    "cause_rupture": "cause de la rupture",
    "employeur_siret": "SIRET de l’employeur",
}


def champ(nom: str) -> str:
    """What a field is, in words of the CFA."""
    if not nom:
        return "Toute la ligne"
    return _HORS_MODELE.get(nom) or descriptions.description(nom).sens


def colonne(nom: str) -> str:
    """What a column of a record is: `contrat_1.fin` is the end of the second contract."""
    if nom.startswith("contrat_"):
        rang, _, quoi = nom.removeprefix("contrat_").partition(".")
        numero = f" {int(rang) + 1}" if rang != "0" else ""
        return f"Contrat{numero} : {_CONTRAT.get(quoi, quoi)}"
    return _FICHE.get(nom, nom.replace("_", " ").capitalize())


def valeur(texte: str | None) -> str:
    """A value as people read it: a day in the French way, nothing as words."""
    if texte is None or texte == "":
        return "rien"
    if len(texte) == 10 and texte[4] == "-":
        try:
            return date.fromisoformat(texte).strftime("%d/%m/%Y")
        except ValueError:
            return texte
    return texte


CHOIX: Final[list[tuple[str, str]]] = [
    (NOM_ET_PRENOM, champ(NOM_ET_PRENOM)),
    (PRENOM_ET_NOM, champ(PRENOM_ET_NOM)),
    *((c.nom, champ(c.nom)) for c in CHAMPS),
]
"""Every field that a column may mean, in the order of the template."""
