"""Who may reach what, written by hand from domain.md §5.2 and decisions 20 to 26.

This file imports nothing from the application: it is the other opinion. Organismes are named by the letters of the
world (monde.py): A, B, C are the three sites of Dunes; F is Falaises; T is Tour, fully responsible for L (Atelier)
and partially for P (Campus); S is in another region.
"""

from dataclasses import dataclass, field

TOUTES = frozenset("ABCFTLPS")
BRETAGNE = frozenset("ABCFTLP")
ILLE_ET_VILAINE = frozenset("ABCTLP")
TOUS_STATUTS = frozenset({"INSCRIT", "APPRENTI", "RUPTURANT", "ABANDON", "FIN_DE_FORMATION", "A_VENIR"})
ETAT = frozenset({"INSCRIT", "RUPTURANT", "ABANDON"})


@dataclass(frozen=True)
class Personnage:
    """A member of the cast: what each right reaches, and on which statuses names are seen."""

    qui: str
    droits: dict[str, frozenset[str]] = field(default_factory=dict)
    statuts: frozenset[str] = TOUS_STATUTS
    connecte: bool = True
    arrete: bool = False
    """Known, but stopped at the door: suspended, expired, nothing granted."""
    administre: bool = True
    """Administrator of the organisation, limited to no site: may change its team."""
    decide: bool = False
    """Settles requests for access: the administrators of CFA and of networks, and support."""
    suivi: frozenset[str] | None = None
    """Whose follow-up is read, when not all that may be corrected: a network's is the part that CFA share (decision 26)."""
    ouvertes: frozenset[str] = frozenset()
    """Support: the records opened under the case in use, each by its organisme and the rank of its status."""
    regarde: bool = False
    """Support, seeing as the person whose rights these are: reads their screens and writes nothing (decision 24)."""

    def atteint(self, droit: str) -> frozenset[str]:
        return self.droits.get(droit, frozenset())


def _chiffres(organismes: frozenset[str]) -> dict[str, frozenset[str]]:
    return dict.fromkeys(("VOIR_INDICATEURS", "VOIR_TRANSMISSIONS", "VOIR_CONTACTS"), organismes)


def _cfa(soi: str, pleins: str = "", partiels: str = "") -> dict[str, frozenset[str]]:
    noms = frozenset(soi + pleins)
    return (
        _chiffres(frozenset(soi + pleins + partiels))
        | dict.fromkeys(("VOIR_NOMINATIF", "VOIR_COORDONNEES", "CORRIGER"), noms)
        | {"CONFIGURER": frozenset(soi)}
    )


def _etat(organismes: frozenset[str], *, coordonnees: bool = True) -> dict[str, frozenset[str]]:
    noms = ("VOIR_NOMINATIF", "VOIR_COORDONNEES") if coordonnees else ("VOIR_NOMINATIF",)
    return _chiffres(organismes) | dict.fromkeys(noms, organismes)


TOUT = "VOIR_INDICATEURS VOIR_TRANSMISSIONS VOIR_CONTACTS VOIR_NOMINATIF VOIR_COORDONNEES CORRIGER CONFIGURER SUPPORT"

TABLE: tuple[Personnage, ...] = (
    Personnage("anonyme", connecte=False, administre=False),
    Personnage("directrice de Dunes", _cfa("ABC"), decide=True),
    Personnage(
        "membre limité au site A",
        dict.fromkeys(
            (
                "VOIR_INDICATEURS",
                "VOIR_TRANSMISSIONS",
                "VOIR_CONTACTS",
                "VOIR_NOMINATIF",
                "VOIR_COORDONNEES",
                "CORRIGER",
                "CONFIGURER",
            ),
            frozenset("A"),
        ),
        administre=False,
    ),
    Personnage("directeur de Falaises", _cfa("F"), decide=True),
    Personnage("directrice de Tour", _cfa("T", "L", "P"), decide=True),
    Personnage("directeur de l’Atelier", _cfa("L"), decide=True),
    Personnage("directrice du Campus", _cfa("P"), decide=True),
    Personnage("tête du réseau NORD", _chiffres(frozenset("AFS")), decide=True),
    Personnage("tête du réseau NORD en Bretagne", _chiffres(frozenset("AF")), decide=True),
    Personnage(
        "tête du réseau responsable",
        _chiffres(frozenset("L"))
        | dict.fromkeys(("VOIR_NOMINATIF", "VOIR_COORDONNEES", "CORRIGER"), frozenset("L")),
        decide=True,
        suivi=frozenset(),
    ),
    Personnage("agente DREETS Bretagne", _etat(BRETAGNE), ETAT),
    Personnage("agent DREETS sans seconde signature", _chiffres(BRETAGNE), ETAT),
    Personnage("agente DDETS Ille-et-Vilaine", _etat(ILLE_ET_VILAINE), ETAT),
    Personnage("agent de l’académie de Rennes", _etat(BRETAGNE), ETAT),
    Personnage("agent DRAAF Bretagne", _etat(BRETAGNE, coordonnees=False), ETAT),
    Personnage("agente DRAFPIC Bretagne", _etat(BRETAGNE, coordonnees=False), ETAT),
    Personnage("agente du conseil régional", _chiffres(BRETAGNE)),
    Personnage("agent du Carif-Oref régional", _chiffres(BRETAGNE)),
    Personnage("agente du Carif-Oref national", _chiffres(TOUTES)),
    Personnage("agent d’un opérateur national", _chiffres(TOUTES)),
    Personnage("conseillère de mission locale"),
    Personnage("agent d’une ARML"),
    Personnage("agent France Travail"),
    Personnage("support", dict.fromkeys(TOUT.split(), TOUTES), decide=True),
    Personnage(
        "support, une fiche de Dunes ouverte sous un dossier",
        dict.fromkeys(TOUT.split(), TOUTES),
        decide=True,
        ouvertes=frozenset({"A2"}),
    ),
    Personnage("support sans seconde signature", _chiffres(TOUTES)),
    Personnage("déléguée à la protection des données", {"CONFORMITE": TOUTES}),
    Personnage("auditrice", {"AUDITER": TOUTES}),
    Personnage("personne suspendue", arrete=True),
    Personnage("habilitation expirée", arrete=True),
    Personnage("compte endormi", arrete=True),
    Personnage("compte fermé", arrete=True),
    Personnage("compte en attente", arrete=True),
    Personnage("personne sans habilitation", arrete=True),
    Personnage("déléguée d’un seul jour, aujourd’hui", _cfa("F"), administre=False),
    Personnage("déléguée à partir de demain", arrete=True),
    Personnage("déléguée jusqu’à hier", arrete=True),
    Personnage("directrice de deux établissements", _cfa("LF"), decide=True),
    Personnage("agente DREETS limitée à Falaises", _etat(frozenset("F")), ETAT, administre=False),
    Personnage("tête du réseau responsable sans seconde signature", _chiffres(frozenset("L")), decide=True),
    Personnage(
        "tête du réseau responsable en région 53",
        _chiffres(frozenset("L"))
        | dict.fromkeys(("VOIR_NOMINATIF", "VOIR_COORDONNEES", "CORRIGER"), frozenset("L")),
        decide=True,
        suivi=frozenset(),
    ),
    Personnage(
        "tête d’un réseau dont Tour partage son suivi",
        _chiffres(frozenset("TC"))
        | dict.fromkeys(("VOIR_NOMINATIF", "VOIR_COORDONNEES", "CORRIGER"), frozenset("TC")),
        decide=True,
        suivi=frozenset("T"),
    ),
    # No member of that network there: a rule that gives nobody gives no right.
    Personnage("tête du réseau responsable en région 76", decide=True),
    Personnage("auditrice sans date de fin"),
    Personnage("deux casquettes, à Falaises", _cfa("F"), decide=True),
    Personnage("deux casquettes, à la DREETS", _etat(BRETAGNE), ETAT),
    Personnage("support qui voit comme : directrice de Dunes", _cfa("ABC"), decide=True, regarde=True),
    Personnage("support qui voit comme : agente DREETS Bretagne", _etat(BRETAGNE), ETAT, regarde=True),
)
