"""Académies of the Ministry of Education, and the départements each one covers. Pure table.

Written from domain.md §1: the codes are the Ministry's, not the regions' numbers. Normandie (70) replaced Caen and
Rouen in 2020. Saint-Barthélemy and Saint-Martin depend on Guadeloupe, Clipperton on French Polynesia; the southern and
antarctic lands on none, hence 00.
"""

from typing import Final

# Of each code, the name and the départements.
_TABLE: Final = {
    "00": ("Étranger", "984"),
    "01": ("Paris", "75"),
    "02": ("Aix-Marseille", "04 05 13 84"),
    "03": ("Besançon", "25 39 70 90"),
    "04": ("Bordeaux", "24 33 40 47 64"),
    "06": ("Clermont-Ferrand", "03 15 43 63"),
    "07": ("Dijon", "21 58 71 89"),
    "08": ("Grenoble", "07 26 38 73 74"),
    "09": ("Lille", "59 62"),
    "10": ("Lyon", "01 42 69"),
    "11": ("Montpellier", "11 30 34 48 66"),
    "12": ("Nancy-Metz", "54 55 57 88"),
    "13": ("Poitiers", "16 17 79 86"),
    "14": ("Rennes", "22 29 35 56"),
    "15": ("Strasbourg", "67 68"),
    "16": ("Toulouse", "09 12 31 32 46 65 81 82"),
    "17": ("Nantes", "44 49 53 72 85"),
    "18": ("Orléans-Tours", "18 28 36 37 41 45"),
    "19": ("Reims", "08 10 51 52"),
    "20": ("Amiens", "02 60 80"),
    "22": ("Limoges", "19 23 87"),
    "23": ("Nice", "06 83"),
    "24": ("Créteil", "77 93 94"),
    "25": ("Versailles", "78 91 92 95"),
    "27": ("Corse", "2A 2B"),
    "28": ("La Réunion", "974"),
    "31": ("Martinique", "972"),
    "32": ("Guadeloupe", "971 977 978"),
    "33": ("Guyane", "973"),
    "40": ("Nouvelle-Calédonie", "988"),
    "41": ("Polynésie française", "987 989"),
    "42": ("Wallis-et-Futuna", "986"),
    "43": ("Mayotte", "976"),
    "44": ("Saint-Pierre-et-Miquelon", "975"),
    "70": ("Normandie", "14 27 50 61 76"),
}

ACADEMIES: Final = {code: nom for code, (nom, _) in _TABLE.items()}
"""Code → name."""

ACADEMIE_DU_DEPARTEMENT: Final = {
    departement: code for code, (_, departements) in _TABLE.items() for departement in departements.split()
}
"""Code of a département → code of its académie."""
