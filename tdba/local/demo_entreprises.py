"""Employers of the CFA des Dunes, as the public register of companies would name them. Pure data, all invented.

One is closed and one is unknown to the register, so that both can be seen on a sheet and in "À régler". The demo asks
nothing of the real register: these rows stand for its answers.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from tdba.local.demo_identifiants import siret
from tdba.local.demo_territoires import COMMUNES
from tdba.local.demo_tirage import Roue

PREMIER_NUMERO: Final = 15_000
"""SIREN numbers: organismes are under 10,000, administrations under 20,000, the crowd of employers above."""


class Employeur(NamedTuple):
    siret: str
    nom: str
    naf: str
    insee: str
    poids: int
    """Against the others: how many of the contracts it signs."""
    nature: str
    tranche: str


# name | activity | commune | weight | legal form (INSEE) | bracket of headcount (INSEE)
_TABLE = """
Boulangerie du Vieux Port|1071C|35288|6|5499|02
Pâtisserie Fleur de Sel|1071D|35288|5|5710|02
Maison Guivarc’h, boulanger|1071C|29039|4|1000|01
Le Fournil d’Énora|1071C|22113|4|5499|01
Boucherie des Halles|4722Z|35288|4|5499|02
Charcuterie Riou et fils|4722Z|29039|2|5499|01
Restaurant L’Amer|5610A|35288|6|5710|11
Brasserie du Sillon|5610A|35288|5|5710|12
Crêperie Ty Mamm|5610A|29039|3|1000|01
Hôtel des Remparts|5510Z|35288|4|5710|12
Auberge de la Vallée du Léguer|5510Z|22113|2|5499|03
Traiteur Marée Haute|5621Z|35288|3|5499|02
Salon Camélia|9602A|35288|5|1000|01
Coiffure Aux Ciseaux d’Argent|9602A|22113|4|5499|01
L’Atelier de Maëlle|9602A|29039|3|1000|00
Institut Perle Marine|9602B|35288|4|5499|01
Pharmacie de la Place|4773Z|35288|4|5585|02
Pharmacie du Moros|4773Z|29039|3|5585|02
Supermarché des Dunes|4711D|35288|6|5710|21
Jardinerie de l’Arguenon|4776Z|35288|2|5710|11
Prêt-à-porter Cap Ouest|4771Z|35288|3|5499|01
Quincaillerie Bréhat|4752A|22113|2|5499|02
Maçonnerie Le Corre|4399C|22113|5|5499|03
Menuiserie du Trégor|4332A|22113|5|5499|02
Électricité Cadiou|4321A|22113|5|5499|03
Plomberie Hélias|4322A|22113|3|1000|01
Couverture Armor Ardoise|4391B|22113|3|5499|02
Travaux publics de la Côte de Granit|4211Z|22113|3|5710|12
Garage Kerloc’h|4520A|22113|4|5499|02
Carrosserie de l’Estran|4520A|22113|3|5499|02
Concession Auto Bleu Nuit|4511Z|22113|3|5710|12
Crèche Les Petits Goémons|8891A|29039|4|9220|11
Résidence Ker Avel|8710A|29039|4|7364|22
Micro-crèche La Cabane|8891A|29039|2|9220|02
Conserverie de Cornouaille|1020Z|29039|3|5710|22
Mairie du Bourg-aux-Sables|8411Z|35288|2|7210|21
Association Cap Insertion|8899B|22113|2|9220|03
Brasserie de la Digue|5610A|35288|0|5710|11
Agence Immobilière du Phare|6831Z|35288|3|5499|01
"""


def _lire(rang: int, ligne: str) -> Employeur:
    nom, naf, insee, poids, nature, tranche = ligne.split("|")
    return Employeur(siret(PREMIER_NUMERO + rang), nom, naf, insee, int(poids), nature, tranche)


EMPLOYEURS: Final = tuple(
    _lire(rang, ligne) for rang, ligne in enumerate((li for li in _TABLE.split("\n") if li), 1)
)
PAR_NOM: Final = {e.nom: e.siret for e in EMPLOYEURS}
"""One of weight 0 signs only with those whom the visit names."""
FERME: Final = Employeur(
    siret(PREMIER_NUMERO + 90), "Traiteur de la Grève", "5621Z", "35288", 2, "5499", "NN"
)
INCONNU: Final = siret(PREMIER_NUMERO + 91)
"""Well written, and of no establishment."""
NOMBRE_D_OR: Final = 0.618_033_988_749_895
"""Spreads numbers evenly: one SIRET drawn always becomes the same named employer."""
FERMETURE: Final = timedelta(days=70)
"""Before the day of the demo."""

_RARES: Final = {7: FERME.siret, 31: INCONNU}
_ROUE: Final = Roue([(e.siret, e.poids) for e in EMPLOYEURS])
_PAR_COMMUNE: Final = {
    insee: Roue([(e.siret, e.poids) for e in EMPLOYEURS if e.insee == insee])
    for insee in {e.insee for e in EMPLOYEURS}
}


def connu_pour(numero: str, insee: str, rang: int) -> str:
    """The named employer that stands for the SIRET `numero` drawn for youth number `rang` of a site of `insee`.

    One in four anywhere, the others near the site; two youths in fifty have an employer that is closed or unknown.
    """
    if rang % 50 in _RARES:
        return _RARES[rang % 50]
    hasard = int(numero[3:12]) * NOMBRE_D_OR % 1
    partout = int(numero[-3:]) % 4 == 0 or insee not in _PAR_COMMUNE
    return (_ROUE if partout else _PAR_COMMUNE[insee]).a(hasard)


def rangees(maintenant: datetime, jour: date) -> list[dict[str, Any]]:
    """Rows of `entreprise`: what the register would have answered."""
    commun = {"demandee_le": maintenant, "maj_le": maintenant}
    connues = [
        {
            "siret": e.siret,
            "nom": e.nom,
            "naf": e.naf,
            "code_insee": e.insee,
            "code_postal": COMMUNES[e.insee].code_postal,
            "nature_juridique": e.nature,
            "tranche_effectif": e.tranche,
            "fermee_le": jour - FERMETURE if e is FERME else None,
            "inconnue": False,
            **commun,
        }
        for e in (*EMPLOYEURS, FERME)
    ]
    return [*connues, dict.fromkeys(connues[0]) | {"siret": INCONNU, "inconnue": True, **commun}]
