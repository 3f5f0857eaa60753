"""Jobs that the certifications of the demo lead to, and the missions locales around its CFA. Pure data.

Codes and titles of jobs are those of the public ROME nomenclature, typed here for the few certifications that the demo
teaches. Missions locales, their addresses and their telephones are invented; two communes have none, on purpose.
"""

from typing import Final

from tdba.local.demo_identifiants import siret

_ROMES: Final = """
A1203 Aménagement et entretien des espaces verts;A1416 Polyculture, élevage;C1504 Transaction immobilière
D1101 Boucherie;D1102 Boulangerie - viennoiserie;D1104 Pâtisserie, confiserie, chocolaterie et glacerie;D1202 Coiffure
D1214 Vente en habillement et accessoires de la personne;D1402 Relation commerciale grands comptes et entreprises
D1403 Relation commerciale auprès de particuliers;D1502 Management/gestion de rayon produits alimentaires
D1505 Personnel de caisse;D1507 Mise en rayon libre-service;F1602 Électricité bâtiment;F1703 Maçonnerie
G1602 Personnel de cuisine;G1803 Service en restauration;H2206 Réalisation de menuiserie bois et tonnellerie
I1309 Maintenance électrique;I1310 Maintenance mécanique industrielle;I1604 Mécanique automobile et entretien de véhicules
J1307 Préparation en pharmacie;J1506 Soins infirmiers généralistes;K1303 Assistance auprès d’enfants
M1203 Comptabilité;M1604 Assistanat de direction;M1607 Secrétariat;M1805 Études et développement informatique
"""
_CERTIFICATIONS: Final = """
37537 D1102;35316 D1104;37553 G1602;37554 G1803;37535 D1101;34670 D1202;30328 F1602;35715 F1703;36112 H2206
34947 D1507 D1505;28048 K1303;19118 I1604;24928 A1203;38231 D1202;34956 G1602;37491 D1102;37312 J1307;38303 F1703
25353 F1602;19117 I1604;32208 D1214 D1505;35698 I1309 I1310;29267 A1416;37717 D1403;38362 D1502;38368 D1402 D1403
38364 M1604;38363 M1607;35521 M1203;35340 M1805;35346 I1309;36968 I1309 I1310;38380 C1504;24440 A1416;37674 M1805
35475 M1805;37873 M1805;8940 J1506
"""


def _cellules(texte: str) -> list[str]:
    return [cellule for ligne in texte.strip().split("\n") for cellule in ligne.split(";")]


ROMES: Final[dict[str, str]] = {cellule[:5]: cellule[6:] for cellule in _cellules(_ROMES)}
ROMES_DE: Final[dict[str, list[str]]] = {
    f"RNCP{rncp}": codes for rncp, *codes in (cellule.split() for cellule in _cellules(_CERTIFICATIONS))
}
"""RNCP → jobs; a certification that is not here shows what a screen does without them."""

# town | INSEE code of the seat | end of the telephone | communes served
_MISSIONS: Final = """
de la Côte des Dunes|35288|41|35288
du Trégor-Argoat|22113|42|22113,22278,22093
de la Cornouaille aux Ajoncs|29232|43|29232,29039
des Trois Rades|29019|44|29019,29103
de l’Îlot|35238|45|35238,35051,35115
du Golfe Bleu|56260|46|56260,56121,56083
des Violettes|31555|47|31555,31149,31069
des Beffrois|59350|48|59350,59009,59512,59599
"""
"""Vitré (35360) and Ploemeur (56162) have none here: the screen says so."""

PREMIER_NUMERO: Final = 18_000
"""SIREN numbers: between the named employers and the crowd of employers."""


def liste_des_missions() -> bytes:
    """The list as an administrator would import it."""
    lignes = ["nom;siret;code insee;courriel;telephone;adresse;communes"]
    for rang, ligne in enumerate(_MISSIONS.strip().split("\n"), 1):
        nom, siege, numero, communes = ligne.split("|")
        courriel = f"accueil.{siege}@missions-locales.invalid"
        cellules = (
            f"Mission locale {nom}",
            siret(PREMIER_NUMERO + rang),
            siege,
            courriel,
            f"02 61 91 09 {numero}",
            f"{rang} place de l’Avenir",
            communes.replace(",", "|"),
        )
        lignes.append(";".join(cellules))
    return "\n".join(lignes).encode()
