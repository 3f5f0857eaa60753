"""Code lists of the survey, with words of ours for each code (domain.md §2.1). Pure.

Codes are those of the survey and of the contract's form. Those that the rules accept without words (4023 to 4027) are
not offered, and are right when an ERP sends them.
"""

from collections.abc import Mapping
from typing import Final

from tdba.depots.codes_situation import situations
from tdba.depots.descriptions import TYPES_CFA
from tdba.transmissions import normes

Liste = Mapping[str, str]

TYPE_CFA: Final[Liste] = dict(TYPES_CFA)
DERNIERE_SITUATION: Final[Liste] = dict(situations())
SITUATIONS_ADMISES: Final = frozenset(map(str, normes.SITUATIONS))

SEXE: Final[Liste] = {"1": "Masculin", "2": "Féminin"}
OUI_NON: Final[Liste] = {"oui": "Oui", "non": "Non"}

NATIONALITE: Final[Liste] = {
    "1": "Française",
    "2": "D’un autre pays de l’Union européenne",
    "3": "D’un pays hors de l’Union européenne",
}
REGIME: Final[Liste] = {
    "I": "Interne",
    "D": "Demi-pensionnaire",
    "E": "Externe",
    "IE": "Interne externé",
}
SITUATION_AVANT: Final[Liste] = {
    "11": "Collège (SEGPA, MFR et dispositifs de découverte compris)",
    "12": "Institut médico-éducatif ou pédagogique",
    "21": "Lycée général ou technologique",
    "31": "Lycée professionnel (MFR comprises)",
    "41": "Enseignement supérieur (classes préparatoires comprises)",
    "51": "Contrat de professionnalisation",
    "52": "Stage",
    "53": "Emploi",
    "54": "Recherche d’emploi",
    "90": "Autre situation",
    "99": "Situation inconnue",
}
DIPLOME: Final[Liste] = {
    "01": "Aucun diplôme",
    "02": "Certificat de formation générale",
    "03": "Brevet des collèges",
    "04": "CAP ou CAP agricole",
    "05": "BEP ou BEP agricole",
    "06": "Autre diplôme de niveau 3",
    "07": "Baccalauréat général ou technologique",
    "08": "Baccalauréat professionnel",
    "09": "Brevet professionnel, brevet de maîtrise",
    "10": "Autre diplôme de niveau 4",
    "11": "BTS ou BTS agricole",
    "12": "DUT",
    "13": "Autre diplôme de niveau 5",
    "14": "Diplôme de niveau 6, 7 ou 8",
    "15": "BUT",
    "99": "Diplôme inconnu",
}
TYPE_EMPLOYEUR: Final[Liste] = {
    "11": "Privé : répertoire des métiers, ou registre des entreprises d’Alsace-Moselle",
    "12": "Privé : registre du commerce et des sociétés seulement",
    "13": "Privé : mutualité sociale agricole",
    "14": "Privé : profession libérale",
    "15": "Privé : association",
    "16": "Privé : autre employeur",
    "21": "Public : service de l’État",
    "22": "Public : commune",
    "23": "Public : département",
    "24": "Public : région",
    "25": "Public : établissement hospitalier",
    "26": "Public : collège ou lycée (EPLE)",
    "27": "Public : établissement administratif de l’État",
    "28": "Public : établissement administratif local, intercommunalité",
    "29": "Public : autre employeur",
    "30": "Public : établissement industriel et commercial",
}
PCS: Final[Liste] = {
    "10": "Agriculteur exploitant",
    "21": "Artisan",
    "22": "Commerçant",
    "23": "Chef d’entreprise de dix salariés ou plus",
    "31": "Profession libérale",
    "33": "Cadre de la fonction publique",
    "34": "Professeur, profession scientifique",
    "35": "Profession de l’information, des arts et du spectacle",
    "37": "Cadre administratif ou commercial d’entreprise",
    "38": "Ingénieur, cadre technique d’entreprise",
    "42": "Professeur des écoles",
    "43": "Profession intermédiaire de la santé ou du travail social",
    "44": "Clergé, religieux",
    "45": "Profession intermédiaire administrative de la fonction publique",
    "46": "Profession intermédiaire administrative ou commerciale d’entreprise",
    "47": "Technicien",
    "48": "Contremaître, agent de maîtrise",
    "52": "Employé civil, agent de service de la fonction publique",
    "53": "Policier, militaire",
    "54": "Employé administratif d’entreprise",
    "55": "Employé de commerce",
    "56": "Personnel des services aux particuliers",
    "61": "Ouvrier qualifié",
    "66": "Ouvrier non qualifié",
    "69": "Ouvrier agricole",
    "71": "Retraité, ancien agriculteur exploitant",
    "72": "Retraité, ancien artisan, commerçant ou chef d’entreprise",
    "73": "Retraité, ancien cadre ou profession intermédiaire",
    "76": "Retraité, ancien employé ou ouvrier",
    "81": "Chômeur n’ayant jamais travaillé",
    "82": "Sans activité professionnelle",
    "99": "Non renseigné ou sans objet",
}
