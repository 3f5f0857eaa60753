"""Territories the demo needs: facts of the official geographic code (INSEE). Pure data.

Only what an invented country needs: every region and département, and the large communes. A production
installation imports the whole code instead; rows already there are left as they are.
"""

from typing import Final, NamedTuple


class Commune(NamedTuple):
    insee: str
    nom: str
    departement: str
    code_postal: str
    population: int


_REGIONS = """
01 Guadeloupe;02 Martinique;03 Guyane;04 La Réunion;06 Mayotte;11 Île-de-France;24 Centre-Val de Loire
27 Bourgogne-Franche-Comté;28 Normandie;32 Hauts-de-France;44 Grand Est;52 Pays de la Loire;53 Bretagne
75 Nouvelle-Aquitaine;76 Occitanie;84 Auvergne-Rhône-Alpes;93 Provence-Alpes-Côte d'Azur;94 Corse
"""

# département, name, region
_DEPARTEMENTS = """
01,Ain,84;02,Aisne,32;03,Allier,84;04,Alpes-de-Haute-Provence,93;05,Hautes-Alpes,93;06,Alpes-Maritimes,93
07,Ardèche,84;08,Ardennes,44;09,Ariège,76;10,Aube,44;11,Aude,76;12,Aveyron,76;13,Bouches-du-Rhône,93
14,Calvados,28;15,Cantal,84;16,Charente,75;17,Charente-Maritime,75;18,Cher,24;19,Corrèze,75;21,Côte-d'Or,27
22,Côtes-d'Armor,53;23,Creuse,75;24,Dordogne,75;25,Doubs,27;26,Drôme,84;27,Eure,28;28,Eure-et-Loir,24
29,Finistère,53;2A,Corse-du-Sud,94;2B,Haute-Corse,94;30,Gard,76;31,Haute-Garonne,76;32,Gers,76;33,Gironde,75
34,Hérault,76;35,Ille-et-Vilaine,53;36,Indre,24;37,Indre-et-Loire,24;38,Isère,84;39,Jura,27;40,Landes,75
41,Loir-et-Cher,24;42,Loire,84;43,Haute-Loire,84;44,Loire-Atlantique,52;45,Loiret,24;46,Lot,76
47,Lot-et-Garonne,75;48,Lozère,76;49,Maine-et-Loire,52;50,Manche,28;51,Marne,44;52,Haute-Marne,44;53,Mayenne,52
54,Meurthe-et-Moselle,44;55,Meuse,44;56,Morbihan,53;57,Moselle,44;58,Nièvre,27;59,Nord,32;60,Oise,32;61,Orne,28
62,Pas-de-Calais,32;63,Puy-de-Dôme,84;64,Pyrénées-Atlantiques,75;65,Hautes-Pyrénées,76;66,Pyrénées-Orientales,76
67,Bas-Rhin,44;68,Haut-Rhin,44;69,Rhône,84;70,Haute-Saône,27;71,Saône-et-Loire,27;72,Sarthe,52;73,Savoie,84
74,Haute-Savoie,84;75,Paris,11;76,Seine-Maritime,28;77,Seine-et-Marne,11;78,Yvelines,11;79,Deux-Sèvres,75
80,Somme,32;81,Tarn,76;82,Tarn-et-Garonne,76;83,Var,93;84,Vaucluse,93;85,Vendée,52;86,Vienne,75
87,Haute-Vienne,75;88,Vosges,44;89,Yonne,27;90,Territoire de Belfort,27;91,Essonne,11;92,Hauts-de-Seine,11
93,Seine-Saint-Denis,11;94,Val-de-Marne,11;95,Val-d'Oise,11;971,Guadeloupe,01;972,Martinique,02;973,Guyane,03
974,La Réunion,04;976,Mayotte,06
"""

# INSEE code, name, département, postal code, inhabitants
_COMMUNES = """
35238,Rennes,35,35000,230890;29019,Brest,29,29200,142346;29232,Quimper,29,29000,64385
56121,Lorient,56,56100,58329;56260,Vannes,56,56000,55790;35288,Saint-Malo,35,35400,47439
22278,Saint-Brieuc,22,22000,44364;29039,Concarneau,29,29900,20845;22113,Lannion,22,22300,20315
35115,Fougères,35,35300,20307;35360,Vitré,35,35500,19365;56162,Ploemeur,56,56270,18872
35051,Cesson-Sévigné,35,35510,18761;22093,Lamballe-Armor,22,22400,17241;29103,Landerneau,29,29800,16363
56083,Hennebont,56,56700,15910
31555,Toulouse,31,31000,514819;34172,Montpellier,34,34000,310240;30189,Nîmes,30,30000,151839
66136,Perpignan,66,66000,121616;34032,Béziers,34,34500,81545;82121,Montauban,82,82000,62945
11262,Narbonne,11,11100,57587;81004,Albi,81,81000,51290;30007,Alès,30,30100,46125
11069,Carcassonne,11,11000,46080;34301,Sète,34,34200,45337;65440,Tarbes,65,65000,44399
81065,Castres,81,81100,42505;31149,Colomiers,31,31770,40882;31069,Blagnac,31,31700,27604
59350,Lille,59,59000,238246;80021,Amiens,80,80000,136449;59599,Tourcoing,59,59200,98772
59512,Roubaix,59,59100,98286;59183,Dunkerque,59,59140,86263;62193,Calais,62,62100,67571
59009,Villeneuve-d'Ascq,59,59491,62868;60057,Beauvais,60,60000,55550;02691,Saint-Quentin,02,02100,52813
59606,Valenciennes,59,59300,43468;62041,Arras,62,62000,42875;59650,Wattrelos,59,59150,40847
60159,Compiègne,60,60200,40761;62160,Boulogne-sur-Mer,62,62200,40539;59178,Douai,59,59500,40250
59378,Marcq-en-Barœul,59,59700,40184;60175,Creil,60,60100,36301;62498,Lens,62,62300,32920
75056,Paris,75,75001,2103778;93066,Saint-Denis,93,93200,149077;92012,Boulogne-Billancourt,92,92100,119019
37261,Tours,37,37000,139259;45234,Orléans,45,45000,116357;18033,Bourges,18,18000,64186
21231,Dijon,21,21000,161830;25056,Besançon,25,25000,118489;90010,Belfort,90,90000,45912
76351,Le Havre,76,76600,166687;76540,Rouen,76,76000,117662;14118,Caen,14,14000,109400
67482,Strasbourg,67,67000,293771;51454,Reims,51,51100,177674;57463,Metz,57,57000,122572
44109,Nantes,44,44000,327734;49007,Angers,49,49000,159022;72181,Le Mans,72,72000,146249
33063,Bordeaux,33,33000,267991;87085,Limoges,87,87000,129937;86194,Poitiers,86,86000,89916
69123,Lyon,69,69001,519127;42218,Saint-Étienne,42,42000,173136;38185,Grenoble,38,38000,156140
13055,Marseille,13,13001,886040;06088,Nice,06,06000,357737;83137,Toulon,83,83000,179116
2A004,Ajaccio,2A,20000,76320;2B033,Bastia,2B,20200,46867;97101,Les Abymes,971,97139,51055
97103,Baie-Mahault,971,97122,30924;97209,Fort-de-France,972,97200,75506;97213,Le Lamentin,972,97232,39400
97302,Cayenne,973,97300,62675;97411,Saint-Denis,974,97400,155634;97415,Saint-Paul,974,97411,108088
97416,Saint-Pierre,974,97410,85038;97611,Mamoudzou,976,97600,71437
"""


# INSEE code, latitude, longitude: where the CFA of the demo are, for the links that look around a commune.
_COORDONNEES = """
35238,48.11,-1.68;29019,48.39,-4.49;29232,48.00,-4.10;56121,47.75,-3.37;56260,47.66,-2.76;35288,48.65,-2.00
22278,48.51,-2.76;29039,47.88,-3.92;22113,48.73,-3.46;35115,48.35,-1.20;35360,48.12,-1.21;56162,47.74,-3.43
35051,48.12,-1.60;22093,48.47,-2.52;29103,48.45,-4.25;56083,47.80,-3.28;31555,43.60,1.44;59350,50.63,3.06
"""


def _cellules(texte: str) -> list[str]:
    return [cellule.strip() for cellule in texte.replace("\n", ";").split(";") if cellule.strip()]


REGIONS: Final = tuple((cellule[:2], cellule[3:]) for cellule in _cellules(_REGIONS))
DEPARTEMENTS: Final = tuple(
    (code, nom, region) for code, nom, region in (cellule.split(",") for cellule in _cellules(_DEPARTEMENTS))
)
COMMUNES: Final = {
    insee: Commune(insee, nom, departement, code_postal, int(population))
    for insee, nom, departement, code_postal, population in (
        cellule.split(",") for cellule in _cellules(_COMMUNES)
    )
}
COORDONNEES: Final = {
    insee: (float(latitude), float(longitude))
    for insee, latitude, longitude in (cellule.split(",") for cellule in _cellules(_COORDONNEES))
}
REGION_DU_DEPARTEMENT: Final = {code: region for code, _, region in DEPARTEMENTS}

COMMUNES_PAR_REGION: Final[dict[str, tuple[Commune, ...]]] = {
    code: tuple(c for c in COMMUNES.values() if REGION_DU_DEPARTEMENT[c.departement] == code)
    for code, _ in REGIONS
}
