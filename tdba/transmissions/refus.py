"""Every sentence by which a field is refused: one place, one wording. Pure.

Sentences are those of domain.md §4.2 where it gives one; a received value is never repeated in them (decision 35).
"""

from typing import NamedTuple


class Refus(NamedTuple):
    """What a normaliser returns instead of a value; cheaper than an exception, and visible in its type."""

    message: str


def texte_trop_long(maximum: int) -> Refus:
    return Refus(f"Texte trop long ({maximum} caractères maximum)")


CHAMP_OBLIGATOIRE = Refus("Champ obligatoire")
LIGNE_EN_DOUBLE = Refus("La même fiche figure aussi à la ligne {} : c’est cette dernière qui compte.")
"""Of a file; `{}` is the number of the other line."""
LIGNE_INATTENDUE = Refus("Objet attendu : une ligne est un objet qui associe un champ à une valeur")

TEXTE_ATTENDU = Refus("Texte attendu")
NOMBRE_ATTENDU = Refus("Nombre attendu")
ENTIER_ATTENDU = Refus("Nombre entier attendu")
BOOLEEN_ATTENDU = Refus("Booléen attendu")
OUI_OU_NON_ATTENDU = Refus("Oui ou non attendu")
DATE_INVALIDE = Refus("Date invalide")

TEXTE_TROP_COURT = Refus("Texte trop court (2 caractères minimum)")
CARACTERE_INTERDIT = Refus("Caractère interdit dans le texte")
RESSEMBLE_A_UN_NIR = Refus(
    "Ce texte ressemble à un numéro de sécurité sociale (NIR), qui ne doit pas être transmis"
)

ANNEE_SCOLAIRE_INVALIDE = Refus(
    "Format invalide (format attendu : 2023-2024). "
    "Les années doivent être consécutives ou identiques (ex : 2023-2024 ou 2023-2023)"
)
UAI_INVALIDE = Refus("UAI invalide")
UAI_LETTRE_FAUSSE = Refus("UAI invalide : la lettre ne correspond pas aux chiffres")
SIRET_INVALIDE = Refus("Siret invalide. Format attendu : 14 chiffres")
SIRET_CLE_FAUSSE = Refus("Siret invalide : la clé de contrôle ne correspond pas aux chiffres")
STATUT_INVALIDE = Refus("Valeurs possibles: 0,2,3")
SEXE_INVALIDE = Refus("M, H ou F attendu")
EMAIL_INVALIDE = Refus("Email non valide")
CODE_POSTAL_INVALIDE = Refus("Le code postal doit faire 5 caractères numériques exactement")
FORMAT_INVALIDE = Refus("Format invalide")
ANNEE_TROP_GRANDE = Refus("Le chiffre doit être inférieur ou égal à 5")
ANNEE_TROP_PETITE = Refus("Le chiffre doit être supérieur ou égal à 0")
RNCP_INVALIDE = Refus("Code RNCP invalide")
CFD_INVALIDE = Refus("Code CFD invalide")
SITUATION_INVALIDE = Refus("Code de situation inconnu de la nomenclature SIFA")
DERNIER_ORGANISME_INVALIDE = Refus("UAI ou département")
TYPE_CFA_INVALIDE = Refus("Valeurs possibles : 01 à 10")
DUREE_INVALIDE = Refus("Durée hors limites")

TELEPHONE_INVALIDE = Refus("Numéro de téléphone invalide")
TELEPHONE_SPECIAL = Refus("Le numéro de téléphone est un numéro spécial")

FIN_AVANT_ENTREE = Refus("La date de fin de formation doit être supérieure à la date d'entrée en formation")


def contrat_sans_debut(orphelins: list[str], debut: str) -> Refus:
    return Refus(f"Information de contrat incomplète : {', '.join(orphelins)} sans {debut}")


def debut_manquant(orphelins: list[str], debut: str) -> Refus:
    return Refus(
        f"Information de contrat incomplète : {debut} manque alors que {', '.join(orphelins)} est renseigné"
    )
