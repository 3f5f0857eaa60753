"""`docs/securite/sessions.md` says the durations that the service applies (ASVS 7.1)."""

import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

from tdba.comptes import (
    appelant,
    routes_connexion,
    routes_facteurs,
    routes_saisies,
    service_facteurs,
    service_sessions,
    verrou,
)
from tdba.config import Configuration
from tdba.support import service_remises, service_voir_comme

RACINE = Path(__file__).resolve().parents[2]
TEXTE = (RACINE / "docs" / "securite" / "sessions.md").read_text(encoding="utf-8")
DEFAUT = {champ.name: champ.default for champ in fields(Configuration)}


def en_mots(duree: timedelta | int) -> str:
    """`12 heures`: in the greatest unit that divides it."""
    secondes = int(duree.total_seconds()) if isinstance(duree, timedelta) else duree
    for taille, mot in ((86_400, "jour"), (3600, "heure"), (60, "minute")):
        if secondes % taille == 0:
            n = secondes // taille
            return f"{n} {mot}{'s' if n > 1 else ''}"
    raise AssertionError(secondes)


def tableau(titre: str) -> dict[str, list[str]]:
    """The rows of the table under that heading, by their first cell."""
    section = TEXTE.split(f"## {titre}\n")[1].split("\n## ")[0]
    lignes = [ligne.strip("| ").split(" | ") for ligne in re.findall(r"^\|.*\|$", section, re.MULTILINE)]
    return {premiere: reste for premiere, *reste in lignes[2:]}


def test_le_document_des_sessions_dit_les_durees_du_service() -> None:
    autres, total = DEFAUT["session_inactivite_autres"], en_mots(int(str(DEFAUT["session_duree"])))
    cfa, anonyme = DEFAUT["session_inactivite"], en_mots(service_sessions.DUREE_ANONYME)
    apres = [f"fin après {en_mots(int(str(autres)))}", total]
    assert list(tableau("Par profil").values()) == [
        [f"fin après {en_mots(int(str(cfa)))}", total, "aucun"],
        [*apres, "aucun"],
        [*apres, f"après {en_mots(int(str(DEFAUT['session_verrou'])))}"],
        [*apres, "aucun"],
        [*apres, "aucun"],
        [f"fin après {anonyme}", anonyme, "aucun"],
    ]


def test_le_document_des_sessions_dit_les_durees_des_preuves() -> None:
    assert [ligne[0] for ligne in tableau("Par preuve et par passage").values()] == [
        en_mots(duree)
        for duree in (
            service_facteurs.DUREE,
            service_facteurs.DUREE_GESTION,
            routes_connexion.DUREE_TENTATIVE,
            routes_facteurs.DUREE_DEFI,
            appelant.DUREE,
            service_voir_comme.DUREE,
            service_remises.DUREE,
            routes_saisies.AGE_MAX,
            service_sessions.PRECISION,
        )
    ]


def test_seule_l_assistance_se_verrouille_et_le_document_le_dit() -> None:
    assert verrou.VERROUILLABLE == "SUPPORT"
    assert [nom for nom, durees in tableau("Par profil").items() if durees[-1] != "aucun"] == ["Assistance"]


def test_le_preavis_annonce_est_celui_du_script() -> None:
    (preavis,) = re.findall(
        r"PREAVIS = ([0-9_]+)", (RACINE / "tdba/static/js/session.js").read_text(encoding="utf-8")
    )
    assert int(preavis) == 120_000
    assert "Deux minutes avant la fin" in TEXTE
