"""Who may import whom (style of the house, decision 39), read from the source with `ast`."""

import ast
from pathlib import Path

import pytest

from tdba.tranches import ORDRE

RACINE = Path(__file__).resolve().parents[2]
TDBA = RACINE / "tdba"

SOMMET = {"application", "tranches", "sante"}
"""Kernel modules that assemble the others."""
SANS_NOUS = {
    "horloge",
    "formats",
    "textes",
    "roles_sql",
    "portee",
    "tableaux",
    "petits_nombres",
    "evenements",
}
"""Import nothing of ours: usable anywhere."""
FLASK_NOYAU = {
    "application",
    "access",
    "web",
    "lectures",
    "errors",
    "forms",
    "tranches",
    "sante",
    "file_rq",
    "__init__",
}
FLASK_TRANCHE = {"routes", "blueprint", "api", "proconnect", "sessions", "tranche", "commandes"}
"""And the `routes_…` of a slice whose screens are split by subject."""
PURS = {
    "effectifs": {
        "statuts",
        "historique",
        "valeurs",
        "contrats",
        "source_json",
        "frise",
        "filtres",
        "consequence",
        "annees",
        "causes",
        "champs_corriges",
        "controles",
        "motifs",
        "motifs_gestes",
        "sources",
        "suites",
        "fautes",
        "recherche",
        "etiquettes",
        "colonnes_liste",
        "vues",
        "groupees",
        "mots_activite",
    },
    "anomalies": {
        "calendrier",
        "catalogue",
        "catalogue_contrats",
        "catalogue_formation",
        "catalogue_identite",
        "controles",
        "controles_contrats",
        "controles_formation",
        "controles_identite",
        "dossier",
        "motifs",
        "mots",
    },
    "doublons": {"alignement", "blocs", "choix", "ressemblance"},
    "exports": {"apropos", "colonnes", "ecriture", "ecriture_ods", "ecriture_xlsx", "finalites", "refus"},
    "sifa": {"champs", "codes", "colonnes", "regles", "fichier", "controle", "campagne", "calendrier"},
    "transmissions": {
        "lignes",
        "champs",
        "normes",
        "dates",
        "telephones",
        "identifiants",
        "refus",
        "conservation",
        "api_options",
        "openapi_champs",
        "openapi_exemples",
        "echeances",
        "delegations",
        "causes",
        "catalogue_causes",
        "silences",
        "guides",
        "periode",
        "libelles",
        "mots",
        "refusees_csv",
        "quarantaines",
    },
    "points": {"genres", "mots", "reports"},
    "rapprochements": {
        "absents",
        "comparaison",
        "populations",
        "annonces",
        "demandes",
        "liste",
        "motifs",
        "export",
    },
    "organismes": {"certifications", "residence", "reponse_api"},
    "depots": {
        "refus",
        "cellules",
        "garde",
        "lecture",
        "lecture_csv",
        "lecture_classeur",
        "entetes",
        "noms_usuels",
        "conversion",
        "correspondance",
        "descriptions",
        "codes_situation",
        "modele",
        "fichier_erreurs",
        "libelles",
    },
    "ruptures": {
        "regles",
        "pages",
        "natures",
        "fins",
        "priorites",
        "presence",
        "circonstances",
        "formalites",
    },
    "vigilance": {"regles", "mots"},
    "offres": {"liens", "reponses", "bilan", "annonce", "cerfa", "etats", "tranches_effectif"},
    "liaisons": {"adresses", "donnees", "etats", "liste", "scellement"},
    "devenirs": {"etats", "mots", "filtres", "resultats", "territoire", "fichier"},
    "recaps": {"mots", "rythme"},
    "comptes": {
        "appelant",
        "cles_acces",
        "document",
        "habitudes",
        "droits",
        "etats",
        "jetons",
        "refus",
        "saisies",
        "totp",
        "verrou",
    },
    "habilitations": {"equipe", "invitations", "revues", "engagement", "acces", "transparence"},
    "indicateurs": {"tableau", "filtres", "phrases"},
    "support": {"masque", "recherche", "motifs", "durees"},
}
INTERDITS_AUX_PURS = {
    "flask",
    "sqlalchemy",
    "psycopg",
    "requests",
    "redis",
    "os",
    "socket",
    "tdba.db",
    "tdba.scope",
}
PUBLIC_D_UNE_TRANCHE = {"routes", "api", "forms", "tranche", "commandes", "proconnect", "sessions"}
"""Modules of a slice that no other slice may import."""


def modules() -> list[Path]:
    return sorted(f for f in TDBA.rglob("*.py") if "local" not in f.relative_to(TDBA).parts)


def importes(fichier: Path) -> set[str]:
    """Every module named by an import of the file, at any depth, `from x import y` giving x and x.y."""
    noms: set[str] = set()
    for noeud in ast.walk(ast.parse(fichier.read_text())):
        if isinstance(noeud, ast.Import):
            noms |= {a.name for a in noeud.names}
        elif isinstance(noeud, ast.ImportFrom) and noeud.module:
            noms.add(noeud.module)
            noms |= {f"{noeud.module}.{a.name}" for a in noeud.names}
    return noms


def tranche_de(module: str) -> str | None:
    morceaux = module.split(".")
    return morceaux[1] if len(morceaux) > 1 and morceaux[0] == "tdba" and morceaux[1] in ORDRE else None


def _au_bord(tranche: str | None, nom: str) -> bool:
    if tranche is None:
        return nom in FLASK_NOYAU
    return nom in FLASK_TRANCHE or nom.startswith("routes_")


def fautes(fichier: Path, noms: set[str]) -> list[str]:
    """The rules that this file breaks."""
    relatif = fichier.relative_to(TDBA)
    nom = relatif.stem
    tranche = relatif.parts[0] if len(relatif.parts) > 1 else None
    trouvees = []
    for importe in sorted(noms):
        autre = tranche_de(importe)
        if importe.startswith("tdba.local"):
            trouvees.append(f"{relatif}: local is imported by none")
        if tranche is None and autre and nom not in SOMMET:
            trouvees.append(f"{relatif}: the kernel knows no slice ({importe})")
        if tranche is None and nom in SANS_NOUS and importe.startswith("tdba."):
            trouvees.append(f"{relatif}: imports nothing of ours ({importe})")
        if tranche and autre and autre != tranche:
            if ORDRE.index(autre) > ORDRE.index(tranche):
                trouvees.append(f"{relatif}: {autre} is to the right of {tranche}")
            morceaux = importe.split(".")
            if len(morceaux) > 2 and (
                morceaux[2] in PUBLIC_D_UNE_TRANCHE or morceaux[2].startswith("routes_")
            ):
                trouvees.append(f"{relatif}: {importe} belongs to {autre} alone")
        if importe.split(".")[0] == "flask" and not _au_bord(tranche, nom):
            trouvees.append(f"{relatif}: flask stays in routes and in the kernel's edge")
        if (
            tranche
            and nom in PURS.get(tranche, set())
            and (importe in INTERDITS_AUX_PURS or importe.split(".")[0] in INTERDITS_AUX_PURS)
        ):
            trouvees.append(f"{relatif}: a pure module does not import {importe}")
    return trouvees


def test_les_imports_suivent_l_ordre_des_tranches() -> None:
    assert [faute for f in modules() for faute in fautes(f, importes(f))] == []


def test_les_modules_purs_de_la_liste_existent() -> None:
    manquants = [f"{t}/{m}" for t, noms in PURS.items() for m in noms if not (TDBA / t / f"{m}.py").exists()]
    assert manquants == []


@pytest.mark.parametrize(
    ("fichier", "importe"),
    [
        ("scope.py", "tdba.effectifs.models"),
        ("horloge.py", "tdba.db"),
        ("organismes/service.py", "tdba.effectifs.models"),
        ("support/service.py", "tdba.effectifs.routes"),
        ("effectifs/service.py", "flask"),
        ("effectifs/statuts.py", "sqlalchemy"),
        ("ruptures/service.py", "tdba.local.demo"),
    ],
)
def test_la_regle_voit_un_mauvais_import(fichier: str, importe: str) -> None:
    """The control: each rule sees a bad example."""
    assert fautes(TDBA / fichier, {importe}) != []
