"""Organisations and people of the demo, with what each may show. Pure data.

`MISES_EN_SCENE` are the people of the guided visit: the identity provider offers them, the launcher names them. Every
other CFA that has its own legal entity gets one ordinary director, so that contact lists are not empty.
"""

from typing import Final, NamedTuple

from tdba.local.demo_identifiants import siret
from tdba.local.demo_organismes import ORGANISMES, PAR_CODE, SIREN_DES_DUNES

DOMAINE: Final = "demo.invalid"
DEUX_FACTEURS: Final = "eidas1-mfa"
UN_FACTEUR: Final = "eidas1"

SUPPORT_UN: Final = "demo-support-1"
SUPPORT_DEUX: Final = "demo-support-2"


class OrganisationDemo(NamedTuple):
    """`cible` is what the rule points at: a network, a region, a département, an académie."""

    cle: str
    type: str
    nom: str
    regle: str
    cible: str | None = None
    organismes: tuple[str, ...] = ()
    partage_depuis_jours: int | None = None


class PersonneDemo(NamedTuple):
    """`organisation` None: no habilitation. `accordee_par`, `validee_par`: the two people of decision 25."""

    sub: str
    prenom: str
    nom: str
    fonction: str
    organisation: str | None
    description: str
    role: str = "membre"
    accordee_par: str | None = SUPPORT_UN
    validee_par: str | None = SUPPORT_DEUX
    acr: str = UN_FACTEUR
    etat: str = "ACTIVE"
    sites: tuple[str, ...] = ()
    duree_jours: int | None = None
    """Days from today to the end of the habilitation; None: no end."""


def _organisations_de_formation() -> tuple[OrganisationDemo, ...]:
    """One organisation for each legal entity: by SIREN for the one with several sites, else by establishment."""
    vues: dict[str, OrganisationDemo] = {}
    for o in ORGANISMES:
        if o.siren == SIREN_DES_DUNES:
            vues.setdefault(
                o.siren, OrganisationDemo(o.code, "ORGANISME_FORMATION", o.nom, "SIREN", o.siren, (), 30)
            )
        else:
            vues[o.siren] = OrganisationDemo(
                o.code, "ORGANISME_FORMATION", o.nom, "ETABLISSEMENTS", None, (o.code,)
            )
    return tuple(vues.values())


ORGANISATIONS: Final = (
    *_organisations_de_formation(),
    OrganisationDemo(
        "R_METIERS", "TETE_DE_RESEAU", "Réseau des Métiers du Littoral", "RESEAU", "RES_METIERS"
    ),
    OrganisationDemo("R_BATIR", "TETE_DE_RESEAU", "Bâtir Ensemble", "RESEAU", "RES_BATIR"),
    OrganisationDemo("R_ETABLI", "TETE_DE_RESEAU", "Compagnons de l’Établi", "RESEAU", "RES_ETABLI"),
    OrganisationDemo("R_CHAMPS", "TETE_DE_RESEAU", "Maisons des Champs", "RESEAU", "RES_CHAMPS"),
    OrganisationDemo(
        "R_METIERS_53",
        "TETE_DE_RESEAU",
        "Réseau des Métiers du Littoral, Bretagne",
        "RESEAU_REGION",
        "RES_METIERS/53",
    ),
    OrganisationDemo("DREETS_53", "DREETS", "DREETS Bretagne", "REGION", "53"),
    OrganisationDemo("DREETS_76", "DREETS", "DREETS Occitanie", "REGION", "76"),
    OrganisationDemo("DREETS_32", "DREETS", "DREETS Hauts-de-France", "REGION", "32"),
    OrganisationDemo("DDETS_35", "DDETS", "DDETS d’Ille-et-Vilaine", "DEPARTEMENT", "35"),
    OrganisationDemo("ACA_14", "ACADEMIE", "Académie de Rennes", "ACADEMIE", "14"),
    OrganisationDemo("DRAAF_76", "DRAAF", "DRAAF Occitanie", "REGION", "76"),
    OrganisationDemo("DRAFPIC_32", "DRAFPIC", "DRAFPIC Hauts-de-France", "REGION", "32"),
    OrganisationDemo("CR_53", "CONSEIL_REGIONAL", "Conseil régional de Bretagne", "REGION", "53"),
    OrganisationDemo("CO_76", "CARIF_OREF_REGIONAL", "Carif-Oref Occitanie", "REGION", "76"),
    OrganisationDemo("CO_FR", "CARIF_OREF_NATIONAL", "Réseau des Carif-Oref", "NATION"),
    OrganisationDemo("OPN", "OPERATEUR_PUBLIC_NATIONAL", "Ministère (démonstration)", "NATION"),
    OrganisationDemo("ML_RENNES", "MISSION_LOCALE", "Mission locale de l’Îlot", "AUCUNE"),
    OrganisationDemo("SUPPORT", "SUPPORT", "Équipe d’assistance", "AUCUNE"),
    OrganisationDemo("DPO", "CONFORMITE", "Délégation à la protection des données", "AUCUNE"),
    OrganisationDemo("AUDIT", "AUDIT", "Mission d’audit", "AUCUNE"),
)

MISES_EN_SCENE: Final = (
    PersonneDemo(
        "demo-directrice-dunes", "Camille", "Le Goff", "Directrice", "DUN",
        "Directrice d’un CFA à trois sites", "administrateur",
    ),
    PersonneDemo(
        "demo-membre-lannion", "Enora", "Kervella", "Chargée de suivi", "DUN",
        "Membre du même CFA, limitée au site de Lannion", sites=("DU2",),
    ),
    PersonneDemo(
        "demo-membre-dunes", "Gildas", "Prigent", "Chargé des relations avec les entreprises", "DUN",
        "Membre du même CFA, sur ses trois sites",
    ),
    PersonneDemo(
        "demo-directeur-falaises", "Bastien", "Wacquez", "Directeur", "FAL",
        "Directeur d’un autre CFA", "administrateur",
    ),
    PersonneDemo(
        "demo-directrice-marais", "Odile", "Lecocq", "Directrice", "MAI",
        "Directrice d’un CFA qui ne transmet plus", "administrateur",
    ),
    PersonneDemo(
        "demo-directeur-midi", "Xavier", "Puig", "Directeur", "MID",
        "Directeur d’un organisme responsable de trois formateurs", "administrateur",
    ),
    PersonneDemo(
        "demo-directrice-baie", "Nour", "Haddad", "Directrice", "BAI",
        "Directrice d’un responsable partiel : des chiffres, pas de noms", "administrateur",
    ),
    PersonneDemo(
        "demo-tete-reseau", "Thierry", "Vasseur", "Délégué général", "R_METIERS",
        "Tête de réseau, sans accès aux noms",
    ),
    PersonneDemo(
        "demo-tete-reseau-bretagne", "Maïwenn", "Riou", "Déléguée régionale", "R_METIERS_53",
        "Tête de réseau limitée à la Bretagne",
    ),
    PersonneDemo(
        "demo-tete-reseau-responsable", "Pierre-Yves", "Cabrol", "Directeur", "R_ETABLI",
        "Tête d’un réseau responsable : les noms de ses membres",
    ),
    PersonneDemo(
        "demo-dreets-bretagne", "Solenn", "Morvan", "Chargée de mission apprentissage", "DREETS_53",
        "Agente de la DREETS Bretagne, accès validé par deux personnes", acr=DEUX_FACTEURS,
    ),
    PersonneDemo(
        "demo-dreets-attente", "Julien", "Bonnafous", "Chargé de mission", "DREETS_76",
        "Agent de la DREETS Occitanie, encore à valider : pas de noms", validee_par=None, acr=DEUX_FACTEURS,
    ),
    PersonneDemo(
        "demo-ddets", "Aïcha", "Benali", "Cheffe de service", "DDETS_35",
        "Agente de la DDETS d’Ille-et-Vilaine", acr=DEUX_FACTEURS,
    ),
    PersonneDemo(
        "demo-academie", "François", "Hamon", "Délégué à la formation professionnelle", "ACA_14",
        "Agent de l’académie de Rennes", acr=DEUX_FACTEURS,
    ),
    PersonneDemo(
        "demo-conseil-regional", "Rozenn", "Cadiou", "Chargée d’études", "CR_53",
        "Agente du Conseil régional de Bretagne, sans noms",
    ),
    PersonneDemo(
        "demo-draaf", "Mathieu", "Laffont", "Chargé de mission", "DRAAF_76",
        "Agent de la DRAAF Occitanie", acr=DEUX_FACTEURS,
    ),
    PersonneDemo(
        "demo-national", "Hélène", "Carpentier", "Chargée d’études", "OPN",
        "Agente d’un opérateur public national, sans noms",
    ),
    PersonneDemo(
        SUPPORT_UN, "Samir", "Mansouri", "Assistance", "SUPPORT", "Assistance",
        accordee_par="demo-dpo", validee_par=SUPPORT_DEUX, acr=DEUX_FACTEURS,
    ),
    PersonneDemo(
        SUPPORT_DEUX, "Élise", "Nowak", "Assistance", "SUPPORT", "Assistance, seconde personne",
        accordee_par="demo-dpo", validee_par=SUPPORT_UN, acr=DEUX_FACTEURS,
    ),
    PersonneDemo(
        "demo-dpo", "Agathe", "Delmas", "Déléguée à la protection des données", "DPO",
        "Déléguée à la protection des données", acr=DEUX_FACTEURS,
    ),
    PersonneDemo(
        "demo-audit", "Gaspard", "Prévost", "Auditeur", "AUDIT",
        "Auditeur, en lecture seule pour trente jours", acr=DEUX_FACTEURS, duree_jours=30,
    ),
    PersonneDemo(
        "demo-suspendue", "Loïc", "Cariou", "Ancien responsable", "AJO",
        "Personne suspendue : n’entre pas", etat="SUSPENDUE",
    ),
    PersonneDemo(
        "demo-sans-habilitation", "Inès", "Fabre", "Assistante", None,
        "Personne connue, sans habilitation",
    ),
)  # fmt: skip

INCONNUE: Final = PersonneDemo(
    "demo-inconnue", "Zoé", "Lemaître", "Directrice", None, "Première visite, d’un CFA sans administrateur"
)
"""Only the identity provider knows her."""
SANS_DIRECTION: Final = "MAR"
"""The CFA that she directs: it transmits, and nobody here may open it yet."""

_PRENOMS: Final = (
    "Anne",
    "Karim",
    "Brigitte",
    "Yann",
    "Lucie",
    "Moussa",
    "Sandrine",
    "Hugo",
    "Mei",
    "Patrick",
)
_NOMS: Final = (
    "Abgrall", "Baron", "Camara", "Dewaele", "Escoffier", "Fontaine", "Guivarc’h", "Huynh", "Jaouen", "Kaya", "Lévêque",
)  # fmt: skip


def personnes() -> tuple[PersonneDemo, ...]:
    """Everybody the database knows: the guided visit, and a director for each other CFA."""
    pourvues = {p.organisation for p in MISES_EN_SCENE if p.role == "administrateur"}
    directions = tuple(
        PersonneDemo(
            f"demo-direction-{organisation.cle.lower()}",
            _PRENOMS[rang % len(_PRENOMS)],
            _NOMS[rang % len(_NOMS)],
            "Direction",
            organisation.cle,
            f"Direction, {organisation.nom}",
            "administrateur",
        )
        for rang, organisation in enumerate(_organisations_de_formation())
        if organisation.cle not in pourvues and organisation.cle != SANS_DIRECTION
    )
    return (*MISES_EN_SCENE, *directions)


def organisation_de(personne: PersonneDemo) -> OrganisationDemo | None:
    return next((o for o in ORGANISATIONS if o.cle == personne.organisation), None)


def siret_de(personne: PersonneDemo) -> str:
    """What the identity provider says of the employer: the CFA's own, an invented one for administrations."""
    if personne is INCONNUE:
        return PAR_CODE[SANS_DIRECTION].siret
    if personne.organisation in PAR_CODE:
        return PAR_CODE[personne.sites[0] if personne.sites else personne.organisation].siret
    cles = [o.cle for o in ORGANISATIONS]
    return siret(9_000 + (cles.index(personne.organisation) if personne.organisation else 999))


def courriel_de(personne: PersonneDemo) -> str:
    return f"{personne.sub.removeprefix('demo-')}@{DOMAINE}"


def pour_fournisseur() -> list[dict[str, str]]:
    """What the demo identity provider offers to log in as."""
    fiches = []
    for personne in (*MISES_EN_SCENE, INCONNUE):
        organisation = organisation_de(personne)
        fiches.append(
            {
                "sub": personne.sub,
                "given_name": personne.prenom,
                "usual_name": personne.nom,
                "email": courriel_de(personne),
                "siret": siret_de(personne),
                "organization_label": organisation.nom if organisation else "Structure de démonstration",
                "acr": personne.acr,
                "description": personne.description,
            }
        )
    return fiches


def pour_banniere() -> list[str]:
    """One line for each main person: "Directrice d’un CFA à trois sites — Camille Le Goff"."""
    largeur = max(len(p.description) for p in MISES_EN_SCENE)
    return [f"  {p.description:<{largeur}} — {p.prenom} {p.nom}" for p in (*MISES_EN_SCENE, INCONNUE)]
