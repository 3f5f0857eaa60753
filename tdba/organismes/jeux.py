"""The files we know how to import: which columns they have and how each cell is read. Pure, declarative.

`docs/referentiel.md` says the same to those who prepare files.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tdba.organismes import champs
from tdba.organismes.lecture_csv import entete


class Jeu(StrEnum):
    """Data sets, in the order they depend on each other."""

    TERRITOIRES = "territoires"
    ORGANISMES = "organismes"
    RELATIONS = "relations"
    RESEAUX = "reseaux"
    APPARTENANCES = "appartenances"
    CERTIFICATIONS = "certifications"


@dataclass(frozen=True, slots=True)
class Colonne:
    nom: str
    lire: Callable[[str], Any]
    entetes: tuple[str, ...]
    """Accepted headers, in order of preference."""
    facultative: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    nom: str
    """Name of the service function that applies it."""
    jeu: Jeu
    libelle: str
    colonnes: tuple[Colonne, ...]
    cle: tuple[str, ...] = ()
    """Columns that identify a row: two rows with the same key must agree. Empty: rows are compared later."""
    remplacer: bool = True
    """False for a secondary source: it adds what is missing and never overwrites."""
    explicite: bool = False
    """True when the headers cannot tell it from another format: only `--jeu` chooses it."""

    @property
    def rang(self) -> int:
        """Place of the format among those it depends on: files are imported in that order."""
        return RANGS.index(self.nom)

    def manquantes(self, entetes: Iterable[str]) -> list[str]:
        presentes = set(entetes)
        return [c.entetes[0] for c in self.colonnes if not c.facultative and not presentes & set(c.entetes)]


def _colonne(nom: str, lecteur: Callable[[str], Any], *entetes: str, facultative: bool = False) -> Colonne:
    return Colonne(nom, lecteur, tuple(entete(e) for e in (entetes or (nom,))), facultative)


_SIRET: Final = _colonne("siret", champs.siret)
_UAI: Final = _colonne("uai", champs.uai, "uai", "UAI validée")
_FERME: Final = _colonne("ferme", champs.ferme, "etat_administratif", facultative=True)

FORMATS: Final = (
    Format(
        "organismes",
        Jeu.ORGANISMES,
        "référentiel des organismes",
        (
            _UAI,
            _SIRET,
            _colonne("raison_sociale", champs.texte),
            _colonne("enseigne", champs.texte),
            _colonne("nature", champs.nature),
            _colonne("departement_code", champs.departement, "code_departement"),
            _colonne("commune", champs.texte),
            _colonne("adresse", champs.texte),
            _FERME,
        ),
        cle=("uai", "siret"),
    ),
    Format(
        "organismes",
        Jeu.ORGANISMES,
        "organismes d’une liste de réseau",
        (
            _UAI,
            _SIRET,
            _colonne("raison_sociale", champs.texte),
            _colonne("enseigne", champs.texte),
            _colonne("nature", champs.nature),
            _colonne("adresse", champs.texte),
            _FERME,
        ),
        cle=("uai", "siret"),
        remplacer=False,
        explicite=True,
    ),
    Format(
        "relations",
        Jeu.RELATIONS,
        "relations entre responsables et formateurs",
        (
            _colonne("responsable_uai", champs.uai),
            _colonne("responsable_siret", champs.siret),
            _colonne("formateur_uai", champs.uai),
            _colonne("formateur_siret", champs.siret),
            _colonne("partielle", champs.booleen_ou_rien, facultative=True),
        ),
        cle=("responsable_uai", "responsable_siret", "formateur_uai", "formateur_siret"),
    ),
    Format(
        "reseaux",
        Jeu.RESEAUX,
        "liste des réseaux",
        (
            _colonne("code", champs.texte_obligatoire),
            _colonne("nom", champs.texte_obligatoire, "libelle"),
            _colonne("responsable", champs.booleen),
        ),
        cle=("code",),
    ),
    Format(
        "appartenances",
        Jeu.APPARTENANCES,
        "organismes par réseau",
        (
            _colonne("reseaux", champs.liste, "Réseaux à jour", "reseau"),
            _UAI,
            _SIRET,
            _colonne("debut", champs.jour, "debut", "Date d'import", "date_import", facultative=True),
            _colonne("fin", champs.jour, facultative=True),
        ),
    ),
    Format(
        "certifications",
        Jeu.CERTIFICATIONS,
        "couples CFD et RNCP",
        (
            _colonne("cfd", champs.cfd),
            _colonne("rncp", champs.rncp, "code_rncp"),
            _colonne("intitule", champs.texte_obligatoire),
            _colonne("niveau", champs.niveau),
            _colonne("diplome", champs.texte, "type_diplome"),
            _colonne("echeance", champs.jour, "date_echeance"),
            _colonne("active", champs.booleen),
        ),
        cle=("rncp", "cfd"),
    ),
    Format(
        "nomenclature",
        Jeu.CERTIFICATIONS,
        "nomenclature des codes formation diplôme",
        (
            _colonne("cfd", champs.cfd),
            _colonne("intitule", champs.texte_obligatoire, "libelle_long"),
            _colonne("diplome", champs.texte, "libelle_court"),
            _colonne("ouverture", champs.jour, "date_ouverture", facultative=True),
            _colonne("echeance", champs.jour, "date_fermeture"),
            _colonne("groupe", champs.texte, "niveau_formation_diplome"),
            _colonne("anciens", champs.liste, "anciens_cfd", facultative=True),
            _colonne("nouveaux", champs.liste, "nouveaux_cfd", facultative=True),
        ),
        cle=("cfd",),
    ),
    Format(
        "metiers",
        Jeu.CERTIFICATIONS,
        "certifications avec leurs métiers",
        (
            _colonne("rncp", champs.rncp, "code_rncp"),
            _colonne("cfd", champs.cfd),
            _colonne("intitule", champs.texte_obligatoire, "libelle"),
            _colonne("niveau", champs.niveau, "niveau_europeen"),
            _colonne("diplome", champs.texte, "type_diplome"),
            _colonne("romes", champs.romes, "codes_rome", facultative=True),
        ),
        cle=("rncp", "cfd"),
        remplacer=False,
    ),
    Format(
        "rome",
        Jeu.CERTIFICATIONS,
        "métiers (ROME)",
        (_colonne("code", champs.rome, "code_rome"), _colonne("libelle", champs.texte_obligatoire)),
        cle=("code",),
    ),
    Format(
        "niveaux",
        Jeu.CERTIFICATIONS,
        "niveaux de formation diplôme",
        (
            _colonne("prefixe", champs.texte_obligatoire, "code"),
            _colonne("niveau", champs.niveau_obligatoire, "niveau_rncp"),
            _colonne("interministeriel", champs.texte, "niveau_interministeriel"),
        ),
        cle=("prefixe",),
    ),
    Format(
        "regions",
        Jeu.TERRITOIRES,
        "régions",
        (
            _colonne("code", champs.texte_obligatoire),
            _colonne("nom", champs.texte_obligatoire),
            _colonne("zone", champs.texte),
        ),
        cle=("code",),
    ),
    Format(
        "departements",
        Jeu.TERRITOIRES,
        "départements",
        (
            _colonne("code", champs.texte_obligatoire),
            _colonne("nom", champs.texte_obligatoire),
            _colonne("region_code", champs.texte_obligatoire, "code_region"),
            _colonne("zone", champs.texte),
        ),
        cle=("code",),
    ),
    Format(
        "communes",
        Jeu.TERRITOIRES,
        "communes",
        (
            _colonne("code_insee", champs.texte_obligatoire),
            _colonne("nom", champs.texte_obligatoire),
            _colonne("departement_code", champs.texte_obligatoire, "code_departement"),
            _colonne("codes_postaux", champs.liste),
            _colonne("population", champs.entier),
        ),
        cle=("code_insee",),
    ),
    Format(
        "communes_anciennes",
        Jeu.TERRITOIRES,
        "anciennes communes",
        (
            _colonne("code_insee", champs.texte_obligatoire),
            _colonne("commune_code", champs.texte_obligatoire, "commune_actuelle"),
        ),
        cle=("code_insee",),
    ),
)

RANGS: Final = (
    "regions",
    "departements",
    "communes",
    "communes_anciennes",
    "organismes",
    "relations",
    "reseaux",
    "appartenances",
    "nomenclature",
    "certifications",
    "metiers",
    "niveaux",
    "rome",
)
"""Names of formats, in the order they depend on each other."""
