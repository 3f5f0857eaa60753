"""Situation of the year before: the codes of the SIFA survey that have a label, for the template. Pure.

The nomenclature is that of the survey; the wording is ours. x0xx is a pupil, x1xx the same year as an apprentice
(domain.md §2.1). Codes that the rules accept without a label (4023 to 4027) are not offered.
"""

_COLLEGE_ET_LYCEE = {
    1003: "Sixième, SEGPA comprise",
    1005: "Cinquième, SEGPA comprise",
    1009: "Institut médico-éducatif ou pédagogique",
    1017: "Quatrième générale",
    1019: "Autre quatrième (agricole, SEGPA…)",
    1021: "Troisième générale",
    1023: "Autre troisième (agricole, insertion, projet professionnel, SEGPA…)",
    2001: "Seconde générale ou technologique",
    2003: "Première générale ou technologique",
    2005: "Terminale générale",
    2007: "Terminale technologique",
    3117: "Première année de brevet professionnel",
    3119: "Dernière année de brevet professionnel",
    4009: "Classe préparatoire aux grandes écoles",
}
_SCOLAIRE_OU_APPRENTI = {
    3001: "Première année de CAP en deux ans",
    3003: "Dernière année de CAP",
    3009: "Mention complémentaire de niveau 3",
    3011: "Autre diplôme ou certification de niveau 3",
    3021: "Mention complémentaire de niveau 4",
    3023: "Autre diplôme ou certification de niveau 4",
    3031: "Baccalauréat professionnel, première année (seconde)",
    3032: "Baccalauréat professionnel, deuxième année (première)",
    3033: "Baccalauréat professionnel, dernière année (terminale)",
    4001: "Première année de BTS",
    4003: "Dernière année de BTS",
    4005: "Première année de DUT",
    4007: "Dernière année de DUT",
    4011: "Licence, licence professionnelle",
    4013: "Master, master professionnel",
    4015: "Diplôme d’ingénieur ou d’école de commerce",
    4017: "Autre diplôme ou certification du supérieur, niveau 5",
    4019: "Autre diplôme ou certification du supérieur, niveau 6",
    4021: "Autre diplôme ou certification du supérieur, niveaux 7 et 8",
}
_AUTRES = {
    5901: "Contrat de professionnalisation",
    5903: "Emploi",
    5905: "Stage",
    5907: "Sans emploi",
    5909: "Formation continue",
    9900: "Autre situation",
    9999: "Situation inconnue",
}


def situations() -> tuple[tuple[str, str], ...]:
    """Return the codes and their words, in the order of the codes."""
    toutes = _COLLEGE_ET_LYCEE | _AUTRES
    for code, mots in _SCOLAIRE_OU_APPRENTI.items():
        toutes[code] = f"{mots}, scolaire"
        toutes[code + 100] = f"{mots}, apprenti"
    return tuple((str(code), toutes[code]) for code in sorted(toutes))
