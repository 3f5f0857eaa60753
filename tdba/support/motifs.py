"""Why support opens a record, looks at a screen, or resets second factors: closed lists that the journal keeps (decisions 24 and 34). Pure."""

from collections.abc import Mapping
from typing import Final

MOTIFS: Final[Mapping[str, str]] = {
    "QUESTION": "Répondre à une question sur cette fiche",
    "STATUT": "Expliquer un statut ou un écart de chiffres",
    "CORRECTION": "Corriger une donnée",
    "DOUBLON": "Vérifier un doublon ou un rattachement",
    "PERSONNE": "Répondre à une demande de la personne elle-même",
}

MOTIFS_DE_PASSAGE: Final[Mapping[str, str]] = {
    "ECRAN": "Comprendre ce que la personne voit",
    "CHIFFRES": "Expliquer un écart de chiffres ou de liste",
    "DROITS": "Vérifier ce que ses droits lui ouvrent",
    "GUIDER": "La guider pas à pas, au téléphone",
}
"""Of "voir comme"; the organisation whose screen it is reads these words."""

MOTIFS_DE_REMISE: Final[Mapping[str, str]] = {
    "PERDUS": "L’appareil et les codes de secours sont perdus",
    "VOLES": "L’appareil a été volé",
    "CHANGES": "L’appareil a été changé sans reprendre ce qu’il contenait",
}
"""Why second factors are taken away; the second person of support reads these words."""
