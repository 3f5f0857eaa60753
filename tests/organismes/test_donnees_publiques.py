"""The real public files, when they lie beside the project: each is read, twice.

Run with `-s` to see counts and durations. Nothing of them is copied here.
"""

import time
from pathlib import Path

from sqlalchemy.orm import Session

from tdba.organismes import service
from tdba.organismes.jeux import Jeu
from tdba.organismes.service import Bilan
from tests.organismes.exemples import comptes

FICHIERS = (
    "territoires/regions.csv",
    "territoires/departements.csv",
    "territoires/communes.csv",
    "organismes/organismes_france.csv",
    "reseaux/reseaux.csv",
    "reseaux/organismes_par_reseau.csv",
    "certifications/cfd.csv",
    "certifications/cfd_rncp.csv",
    "certifications/rncp_rome.csv",
    "certifications/niveaux_formation_diplome.csv",
)
LISTES_BRUTES = 16
# Two networks publish only UAI, SIRET and network: nothing to make an organisme of.
SANS_NOM = ("afpa", "eduservice")


def _importer(chemin: Path, jeu: Jeu | None = None) -> Bilan:
    debut = time.perf_counter()
    bilan = service.importer(chemin.read_bytes(), jeu=jeu)
    duree = time.perf_counter() - debut
    print(f"{chemin.name} {jeu or ''}: {comptes(bilan)} in {duree:.2f} s")  # noqa: T201 - the report of this test
    return bilan


def test_chaque_fichier_s_importe_et_son_second_import_ne_change_rien(
    session: Session, donnees_publiques: Path
) -> None:
    for nom in FICHIERS:
        premier = comptes(_importer(donnees_publiques / nom))
        assert premier[0] + premier[1] > 0, nom
        second = comptes(_importer(donnees_publiques / nom))
        assert second == (0, 0, sum(premier[:3]), premier[3]), nom


def test_les_listes_brutes_des_reseaux_completent_les_organismes_puis_donnent_les_appartenances(
    session: Session, donnees_publiques: Path
) -> None:
    for nom in FICHIERS[:5]:
        _importer(donnees_publiques / nom)
    listes = sorted((donnees_publiques / "reseaux" / "raw").glob("*.csv"))
    assert len(listes) == LISTES_BRUTES
    for liste in listes:
        if not liste.stem.endswith(SANS_NOM):
            _importer(liste, Jeu.ORGANISMES)
    for liste in listes:
        premier = comptes(_importer(liste))
        assert comptes(_importer(liste)) == (0, 0, sum(premier[:3]), premier[3]), liste.name
