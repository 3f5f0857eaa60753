"""Certifications taught in the demo: real public codes and titles (RNCP, nomenclature of diplomas). Pure data.

Weights inside a level, shares of girls and durations are ours, set so that the whole follows the published figures:
levels and girls from SIFA 2023-2024 (DEPP), ruptures within nine months from Dares (July 2024).
"""

from datetime import date
from typing import Final, NamedTuple


class Certification(NamedTuple):
    rncp: str
    cfd: str
    intitule: str
    niveau: int
    diplome: str
    echeance: date
    annees: int
    """How many school years it takes."""
    filiere: str
    poids: int
    """Against the others of its level."""
    part_filles: float


# RNCP, CFD, title, level, diploma, end of registration, years, trade, weight, girls (%)
_TABLE = """
37537|50022137|Boulanger|3|CAP|2026-08-31|2|ALIM|10|24
35316|50022141|Pâtissier|3|CAP|2024-08-31|2|ALIM|12|55
37553|50022139|Cuisine|3|CAP|2024-08-31|2|ALIM|15|34
37554|50033412|Commercialisation et services en hôtel-café-restaurant|3|CAP|2024-08-31|2|ALIM|8|52
37535|50022143|Boucher|3|CAP|2028-08-31|2|ALIM|6|10
34670|50033616|Métiers de la coiffure|3|CAP|2024-08-31|2|BEAU|12|85
30328|50025524|Électricien|3|CAP|2025-01-01|2|BTP|7|2
35715|50023224|Maçon|3|CAP|2026-08-31|2|BTP|7|2
36112|50023447|Menuisier fabricant|3|CAP|2026-08-31|2|BTP|6|12
34947|50031224|Équipier polyvalent du commerce|3|CAP|2025-08-31|2|COM|13|57
28048|50033205|Accompagnant éducatif petite enfance|3|CAP|2025-01-01|2|SOIN|12|95
19118|50025218|Maintenance des véhicules, option A voitures particulières|3|CAP|2025-01-01|2|AUTO|9|6
24928|50321405|Jardinier paysagiste|3|CAPA|2025-01-01|2|AGRI|6|12
38231|45033608|Coiffure|4|BP|2028-08-31|2|BEAU|11|85
34956|45022109|Arts de la cuisine|4|BP|2026-08-31|2|ALIM|6|32
37491|45022108|Boulanger|4|BP|2026-08-31|2|ALIM|5|22
37312|45033104|Préparateur en pharmacie|4|BP|2024-12-31|2|SOIN|10|85
38303|45023216|Maçon|4|BP|2028-08-31|2|BTP|4|2
25353|40025510|Métiers de l’électricité et de ses environnements connectés|4|Bac pro|2025-01-01|3|BTP|9|3
19117|40025214|Maintenance des véhicules, option A voitures particulières|4|Bac pro|2025-01-01|3|AUTO|9|5
32208|40031213|Métiers du commerce et de la vente, option A|4|Bac pro|2025-01-01|3|COM|13|57
35698|40025012|Maintenance des systèmes de production connectés|4|Bac pro|2026-08-31|3|INDUS|9|6
29267|40321004|Conduite et gestion de l’entreprise agricole|4|Bac pro|2024-01-01|3|AGRI|6|38
37717|46T31202|Conseiller commercial|4|TP|2028-07-31|1|COM|9|49
38362|32031213|Management commercial opérationnel|5|BTS|2028-12-31|2|COM|20|55
38368|32031212|Négociation et digitalisation de la relation client|5|BTS|2028-12-31|2|COM|14|49
38364|32032409|Support à l’action managériale|5|BTS|2027-12-31|2|GEST|8|87
38363|32031409|Gestion de la PME|5|BTS|2027-12-31|2|GEST|12|79
35521|32031408|Comptabilité et gestion|5|BTS|2024-08-31|2|GEST|10|59
35340|32032614|Services informatiques aux organisations, option B|5|BTS|2025-08-31|2|NUM|10|10
35346|32025520|Électrotechnique|5|BTS|2025-08-31|2|INDUS|8|4
36968|32025014|Maintenance des systèmes, option A systèmes de production|5|BTS|2027-08-31|2|INDUS|9|5
38380|32031312|Professions immobilières|5|BTS|2026-12-31|2|COM|6|63
24440|32321014|Analyse, conduite et stratégie de l’entreprise agricole|5|BTSA|2025-01-01|2|AGRI|5|40
37674|36T32604|Développeur web et web mobile|5|TP|2028-09-01|1|NUM|5|22
35475|25132605|Informatique : réalisation d’applications|6|BUT|2026-08-31|3|NUM|8|14
35354|25131204|Techniques de commercialisation : marketing digital|6|BUT|2026-08-31|3|COM|8|53
35375|25131301|Gestion des entreprises et des administrations|6|BUT|2026-08-31|3|GEST|7|55
35464|25125101|Génie mécanique et productique|6|BUT|2026-08-31|3|INDUS|6|12
30060|2503123C|E-commerce et marketing numérique|6|LP|2025-01-01|1|COM|8|57
29740|2503123A|Commerce et distribution|6|LP|2025-01-01|1|COM|8|53
30141|25023227|Métiers du BTP : bâtiment et construction|6|LP|2025-01-01|1|BTP|5|22
37873|26T32601|Concepteur développeur d’applications|6|TP|2028-12-18|1|NUM|7|20
8940|26033101|Infirmier ou infirmière|6|DE|2025-01-01|3|SOIN|4|82
35907|13531276|Marketing, vente|7|Master|2026-08-31|2|COM|13|63
35912|13531550|Gestion des ressources humaines|7|Master|2026-08-31|2|GEST|9|79
34126|1353261J|Informatique|7|Master|2024-08-31|2|NUM|9|20
35913|13531391|Finance|7|Master|2026-08-31|2|GEST|8|45
31471|1353261M|Méthodes informatiques appliquées à la gestion des entreprises|7|Master|2025-01-01|2|NUM|5|28
"""


def _lire(ligne: str) -> Certification:
    rncp, cfd, intitule, niveau, diplome, echeance, annees, filiere, poids, filles = ligne.split("|")
    return Certification(
        f"RNCP{rncp}",
        cfd,
        f"{intitule} ({diplome})",
        int(niveau),
        diplome,
        date.fromisoformat(echeance),
        int(annees),
        filiere,
        int(poids),
        int(filles) / 100,
    )


CERTIFICATIONS: Final = tuple(_lire(ligne) for ligne in _TABLE.split("\n") if ligne)

GROUPES: Final = (3, 4, 5, 6)
"""Levels as SIFA publishes them: 6, 7 and 8 are one group."""


def groupe(niveau: int) -> int:
    return min(niveau, 6)


PARTS_PAR_GROUPE: Final = {3: 0.2164, 4: 0.1606, 5: 0.2301, 6: 0.3929}
"""Of the 1,021,500 apprentices of 2023-2024 (DEPP, SIFA): 221,000; 164,000; 235,000; 400,800."""

# What each kind of CFA teaches. With PARTS_DES_PROFILS, the mean is PARTS_PAR_GROUPE.
PROFILS: Final = {
    "METIERS": {3: 0.440, 4: 0.320, 5: 0.200, 6: 0.040},
    "SUPERIEUR": {3: 0.0, 4: 0.0, 5: 0.180, 6: 0.820},
    "MIXTE": {3: 0.108, 4: 0.098, 5: 0.422, 6: 0.372},
}
PARTS_DES_PROFILS: Final = {"METIERS": 0.45, "SUPERIEUR": 0.38, "MIXTE": 0.17}
