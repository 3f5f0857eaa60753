"""The sixty invented organismes of the demo, their relations and networks. Pure data.

Towns are real, names and identifiers are not. What the country must hold: one legal entity with three sites (CFA des
Dunes), a responsable with three formateurs, one partial responsibility, one delegation, one CFA that stopped sending,
some that never sent, one closed, one out of the référentiel, one without UAI.
"""

from functools import cache
from typing import Final, NamedTuple

from tdba.local.demo_certifications import PARTS_DES_PROFILS
from tdba.local.demo_identifiants import siren, siret, uai
from tdba.local.demo_jeunes import Etablissement
from tdba.local.demo_territoires import COMMUNES, REGION_DU_DEPARTEMENT

# code | name | commune | legal entity, site | profile | trades | weight | nature | who sends (x: itself, -: nobody)
_TABLE = """
DUN|CFA des Dunes|35288|1,1|METIERS|ALIM COM BEAU|0|RF|x
DU2|CFA des Dunes, site de Lannion|22113|1,2|METIERS|BTP AUTO|0|F|DUN
DU3|CFA des Dunes, site de Concarneau|29039|1,3|METIERS|ALIM SOIN|0|F|DUN
EST|CFA de l’Estuaire|29019|2,1|METIERS|INDUS NUM COM|9|RF|x
BAI|Institut de la Baie|35238|3,1|SUPERIEUR|NUM GEST INDUS|12|RF|x
AJO|CFA des Ajoncs|56260|4,1|METIERS|BEAU SOIN COM|8|RF|x
MEN|CFA du Menhir Bleu|56121|5,1|METIERS|INDUS AUTO BTP|7|RF|x
LAN|Maison familiale des Landes Fleuries|22093|6,1|METIERS|AGRI SOIN|4|RF|x
POI|École des Métiers de la Pointe|29232|7,1|METIERS|ALIM BTP COM|11|RF|x
RAD|Campus numérique de la Rade|29019|8,1|MIXTE|NUM INDUS|9|RF|x
ARG|CFA Bâtiment de l’Argoat|22278|9,1|METIERS|BTP INDUS|8|RF|x
EMB|Institut supérieur des Embruns|35238|10,1|SUPERIEUR|COM GEST|22|RF|x
GEN|CFA des Genêts d’Or|35115|11,1|METIERS|ALIM AGRI COM|6|RF|x
GRA|École de commerce du Grand Phare|35238|12,1|SUPERIEUR|COM GEST|16|RF|x
ABE|CFA du Pays des Aulnes|29103|13,1|METIERS|AGRI ALIM|5|RF|x
VIL|CFA de la Haute Vallée|35360|14,1|METIERS|INDUS ALIM|4|RF|GEN
MAR|Campus des Marées|35051|15,1|MIXTE|COM GEST NUM|12|RF|x
BRU|CFA des Bruyères|56083|16,1|METIERS|BTP AUTO|3|RF|-
PON|Institut de gestion du Ponant|56260|17,1|SUPERIEUR|GEST COM|9|RF|x
PEN|CFA de Penn-ar-Roc’h|56162|18,1|METIERS|SOIN|2|F|-
MID|CFA régional des Métiers du Midi|31555|19,1|METIERS|COM|0|R|x
VIO|CFA des Violettes|31555|20,1|METIERS|BEAU ALIM COM|12|F|MID
CAN|CFA du Canal|11069|21,1|METIERS|BTP AUTO ALIM|6|F|MID
GAR|CFA des Garrigues|30189|22,1|METIERS|AGRI BTP ALIM|8|F|MID
TUI|CFA des Tuiles Roses|82121|23,1|MIXTE|BTP COM GEST|8|RF|x
AUT|Institut supérieur de l’Autan|31555|24,1|SUPERIEUR|INDUS NUM GEST|24|RF|x
ETA|CFA des Étangs|34301|25,1|METIERS|ALIM SOIN|5|RF|x
CAU|École des Métiers du Causse|81004|26,1|METIERS|ALIM BEAU BTP|7|RF|x
DEU|CFA Bâtiment des Deux Rives|66136|27,1|METIERS|BTP INDUS|7|RF|x
MIC|Campus numérique des Micocouliers|34172|28,1|SUPERIEUR|NUM|13|RF|x
CIG|CFA des Cigales|34172|29,1|MIXTE|COM SOIN GEST|13|RF|x
GES|École de gestion du Grand Platane|31555|30,1|SUPERIEUR|GEST COM|15|RF|x
PAS|Maison familiale du Haut-Pastel|81065|31,1|METIERS|AGRI SOIN|4|RF|x
PIC|CFA du Pic Blanc|65440|32,1|METIERS|ALIM AUTO BTP|6|RF|x
OLI|CFA des Oliviers|11262|33,1|METIERS|AGRI ALIM COM|6|RF|x
SOI|Institut des Soins de l’Aube Claire|34172|34,1|METIERS|SOIN BEAU|9|RF|x
CRO|CFA de la Croisée|34032|35,1|MIXTE|AUTO COM ALIM|7|RF|x
ING|École d’ingénierie du Midi|31069|36,1|SUPERIEUR|INDUS NUM|14|RF|x
CEV|CFA des Cévennes Vives|30007|37,1|METIERS|BTP AGRI|3|RF|-
REL|CFA de l’Ancien Relais|31149|38,1|METIERS|COM|2|RF|-
FAL|CFA des Falaises|62160|39,1|METIERS|ALIM COM BEAU|10|RF|x
MAI|CFA des Marais|80021|40,1|METIERS|BTP ALIM AUTO|8|RF|x
BEF|CFA des Beffrois|59350|41,1|MIXTE|COM ALIM SOIN|14|RF|x
CAR|Institut supérieur du Carillon|59350|42,1|SUPERIEUR|COM GEST NUM|26|RF|x
TER|CFA des Terrils Verts|62498|43,1|METIERS|INDUS AUTO BTP|10|RF|x
LYS|Campus numérique du Canal d’Argent|59009|44,1|SUPERIEUR|NUM|14|RF|x
HOU|CFA du Houblon|02691|45,1|METIERS|ALIM AGRI COM|6|RF|x
PCD|École des Métiers du Vieux Rempart|60057|46,1|METIERS|ALIM BTP BEAU|8|RF|x
TRC|CFA Automobile des Trois Canaux|59178|47,1|METIERS|AUTO INDUS|7|RF|x
ECL|CFA Bâtiment du Nord-Écluse|59606|48,1|MIXTE|BTP INDUS|8|RF|x
DRA|École de commerce des Drapiers|59512|49,1|SUPERIEUR|COM GEST|17|RF|x
GEA|CFA des Géants|59183|50,1|METIERS|INDUS ALIM COM|9|RF|x
SEP|Maison familiale des Sept Moulins|62041|51,1|METIERS|AGRI SOIN|4|RF|x
DEN|CFA de la Dentelle|62193|52,1|METIERS|BEAU COM ALIM|7|RF|x
GRE|Institut du Grès Rose|60159|53,1|SUPERIEUR|INDUS GEST|10|RF|x
TIS|CFA des Tisserands|59599|54,1|METIERS|COM INDUS SOIN|8|RF|x
WEP|École de santé du Beau Verger|59378|55,1|METIERS|SOIN BEAU|7|RF|x
OIS|CFA de la Rivière Claire|60175|56,1|METIERS|BTP COM|3|RF|-
MOU|CFA du Moulin Neuf|59650|57,1|METIERS|AUTO ALIM|4|RF|x
QUA|Lieu de formation des Quais|59183|58,1|METIERS|COM|1|?|-
"""

NATURES: Final = {"RF": "responsable_formateur", "R": "responsable", "F": "formateur", "?": "inconnue"}
PARTS_DES_DUNES: Final = {"DUN": 0.011, "DU2": 0.0055, "DU3": 0.0035}
"""Of all the records of the demo: 400 out of 20,000."""

SANS_UAI: Final = frozenset({"PEN"})
FERMES: Final = frozenset({"REL"})
NON_FIABLES: Final = frozenset({"MOU", "QUA"})
N_ENVOIE_PLUS: Final = "MAI"
"""The CFA whose software broke forty days ago."""
JOURS_DE_SILENCE: Final = 40


class Organisme(NamedTuple):
    etablissement: Etablissement
    nom: str
    uai: str | None
    siret: str
    nature: str
    poids: int
    transmetteur: str | None
    """Code of the organisme whose key sends its records; None: it sends nothing."""

    @property
    def code(self) -> str:
        return self.etablissement.code

    @property
    def siren(self) -> str:
        return self.siret[:9]


def _lire(rang: int, ligne: str) -> Organisme:
    code, nom, insee, numeros, profil, filieres, poids, nature, envoi = ligne.split("|")
    commune = COMMUNES[insee]
    entite, site = map(int, numeros.split(","))
    etablissement = Etablissement(
        code, rang, commune, REGION_DU_DEPARTEMENT[commune.departement], profil, tuple(filieres.split())
    )
    return Organisme(
        etablissement,
        nom,
        None if code in SANS_UAI else uai(commune.departement, rang),
        siret(entite, site),
        NATURES[nature],
        int(poids),
        {"x": code, "-": None}.get(envoi, envoi),
    )


ORGANISMES: Final = tuple(
    _lire(rang, ligne) for rang, ligne in enumerate((li for li in _TABLE.split("\n") if li), 1)
)
PAR_CODE: Final = {organisme.code: organisme for organisme in ORGANISMES}
SIREN_DES_DUNES: Final = siren(1)

# responsable, formateur, partial: partial when the formateur answers to another legal entity too (domain.md §1).
RELATIONS: Final = (
    ("DUN", "DU2", False),
    ("DUN", "DU3", False),
    ("MID", "VIO", False),
    ("MID", "CAN", False),
    ("MID", "GAR", False),
    ("BAI", "EST", True),
    ("AJO", "PEN", False),
)
DELEGATIONS: Final = (("VIL", "GEN"),)
"""The first lets the second send for it."""

RESEAUX: Final = (
    ("RES_METIERS", "Réseau des Métiers du Littoral", False),
    ("RES_BATIR", "Bâtir Ensemble", False),
    ("RES_ETABLI", "Compagnons de l’Établi", True),
    ("RES_CHAMPS", "Maisons des Champs", False),
)
# network, organisme, years since it joined, days since it left (None: still a member)
ADHESIONS: Final = (
    *(("RES_METIERS", code, 6, None) for code in ("DUN", "DU2", "DU3", "FAL", "POI", "ETA", "GEA", "DEN", "PIC")),
    *(("RES_BATIR", code, 4, None) for code in ("ARG", "DEU", "ECL", "TUI", "CAN")),
    *(("RES_ETABLI", code, 8, None) for code in ("MEN", "CAU", "TER", "TRC")),
    *(("RES_CHAMPS", code, 10, None) for code in ("LAN", "PAS", "SEP", "GAR", "ABE")),
    ("RES_METIERS", "OLI", 5, 120),
)  # fmt: skip


@cache
def quotas(effectifs: int) -> dict[str, int]:
    """Records of each organisme that sends, adding up to `effectifs`: by weight, once profiles have their share."""
    voulus = {code: part * effectifs for code, part in PARTS_DES_DUNES.items()}
    dunes = sum(voulus.values())
    for profil, part in PARTS_DES_PROFILS.items():
        membres = [o for o in ORGANISMES if o.transmetteur and o.poids and o.etablissement.profil == profil]
        total = sum(o.poids for o in membres)
        masse = part * effectifs - (dunes if profil == "METIERS" else 0)
        voulus |= {o.code: masse * o.poids / total for o in membres}
    entiers = {code: int(voulu) for code, voulu in voulus.items()}
    restes = sorted(voulus, key=lambda code: (entiers[code] - voulus[code], code))
    for code in restes[: effectifs - sum(entiers.values())]:
        entiers[code] += 1
    return entiers


def responsable_de(code: str) -> str:
    """The organisme that signs for `code`: its full responsable, else itself."""
    return next((r for r, formateur, partielle in RELATIONS if formateur == code and not partielle), code)
