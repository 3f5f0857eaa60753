"""Words of the checks of the person. Pure."""

from typing import Final

from tdba.anomalies.mots import Anomalie
from tdba.points.genres import CONFORT, SIFA

IDENTITE: Final = (
    Anomalie(
        "SEXE_MANQUANT",
        SIFA,
        "sexe",
        "Sexe non renseigné",
        "Le sexe manque : SIFA le demande.",
        "Compléter le sexe",
    ),
    Anomalie(
        "INE_MANQUANT",
        SIFA,
        "ine",
        "INE manquant",
        "L’INE manque : SIFA s’en sert pour reconnaître le jeune.",
        "Compléter l’INE",
    ),
    Anomalie(
        "INE_INCOMPLET",
        SIFA,
        "ine",
        "INE incomplet",
        "L’INE n’a aucune des formes connues, de onze signes.",
        "Corriger l’INE",
    ),
    Anomalie(
        "ADRESSE_MANQUANTE",
        SIFA,
        "adresse",
        "Adresse manquante",
        "L’adresse manque : SIFA la demande.",
        "Compléter l’adresse",
    ),
    Anomalie(
        "CODE_POSTAL_MANQUANT",
        SIFA,
        "code_postal",
        "Code postal manquant",
        "Le code postal manque : la commune et le département ne sont pas connus.",
        "Compléter le code postal",
    ),
    Anomalie(
        "CODE_POSTAL_INCONNU",
        SIFA,
        "code_postal",
        "Code postal inconnu",
        "Le code postal n’est celui d’aucune commune.",
        "Corriger le code postal",
    ),
    Anomalie(
        "COMMUNE_INCERTAINE",
        SIFA,
        "code_insee",
        "Commune à préciser",
        "Plusieurs communes ont ce code postal : SIFA demande laquelle.",
        "Choisir la commune",
    ),
    Anomalie(
        "TROP_JEUNE",
        CONFORT,
        "date_naissance",
        "Moins de 15 ans à l’entrée",
        "Moins de 15 ans à l’entrée en formation, le {entree}.",
        "Vérifier la date de naissance",
    ),
    Anomalie(
        "TROP_AGE",
        CONFORT,
        "date_naissance",
        "Plus de 35 ans à l’entrée",
        "Plus de 35 ans à l’entrée en formation, le {entree}.",
        "Vérifier la date de naissance",
    ),
    Anomalie(
        "INJOIGNABLE",
        CONFORT,
        "telephone",
        "Ni téléphone ni adresse électronique",
        "Ni téléphone ni adresse électronique : personne ne peut joindre ce jeune.",
        "Compléter le téléphone",
    ),
    Anomalie(
        "TELEPHONE_INUTILISABLE",
        CONFORT,
        "telephone",
        "Téléphone inutilisable",
        "Le numéro de téléphone ne peut joindre personne.",
        "Corriger le téléphone",
    ),
    Anomalie(
        "COURRIEL_INUTILISABLE",
        CONFORT,
        "courriel",
        "Adresse électronique inutilisable",
        "L’adresse électronique ne peut joindre personne.",
        "Corriger l’adresse électronique",
    ),
    Anomalie(
        "COURRIEL_DU_CFA",
        CONFORT,
        "courriel",
        "Adresse électronique du CFA",
        "L’adresse électronique est celle du CFA, pas celle du jeune.",
        "Corriger l’adresse électronique",
    ),
)
