"""Why a whole file is refused, and what is said about one that is read. Pure.

One exception, a closed list of codes, one sentence each: what happened, then the way out (issue 4, "Bad input").
A cell of the file is never repeated in them, only names of columns and of sheets (decision 35).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Code(StrEnum):
    """Every reason to refuse a file."""

    VIDE = "VIDE"
    TROP_GROS = "TROP_GROS"
    PAS_UN_TABLEUR = "PAS_UN_TABLEUR"
    ANCIEN_XLS = "ANCIEN_XLS"
    CLASSEUR_BINAIRE = "CLASSEUR_BINAIRE"
    MOT_DE_PASSE = "MOT_DE_PASSE"
    MACROS = "MACROS"
    ABIME = "ABIME"
    ARCHIVE_DANGEREUSE = "ARCHIVE_DANGEREUSE"
    ENTITES = "ENTITES"
    ENCODAGE = "ENCODAGE"
    GUILLEMETS = "GUILLEMETS"
    SANS_ENTETE = "SANS_ENTETE"
    SANS_LIGNE = "SANS_LIGNE"
    TROP_DE_LIGNES = "TROP_DE_LIGNES"
    TROP_DE_COLONNES = "TROP_DE_COLONNES"
    TROP_LONG = "TROP_LONG"
    TROP_LOURD = "TROP_LOURD"


PHRASES: dict[Code, str] = {
    Code.VIDE: "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre ordinateur, puis déposez-le à nouveau.",
    Code.TROP_GROS: (
        "Ce fichier dépasse {maximum} Mo, la taille la plus grande que nous lisons. "
        "Retirez les images et les feuilles inutiles, ou déposez vos apprenants en plusieurs fichiers."
    ),
    Code.PAS_UN_TABLEUR: (
        "Ce fichier n’est pas un tableau que nous savons lire : son contenu est de type « {nature} ». "
        "Ouvrez votre liste dans votre tableur, enregistrez-la au format .xlsx ou .csv, puis déposez ce nouveau fichier."
    ),
    Code.ANCIEN_XLS: (
        "Ce fichier est au format .xls d’avant 2007, que nous ne lisons pas. "
        "Ouvrez-le dans votre tableur, choisissez « Enregistrer sous », le format « Classeur Excel (.xlsx) », puis déposez-le."
    ),
    Code.CLASSEUR_BINAIRE: (
        "Ce fichier est un classeur binaire (.xlsb), que nous ne lisons pas. "
        "Ouvrez-le dans votre tableur, choisissez « Enregistrer sous », le format « Classeur Excel (.xlsx) », puis déposez-le."
    ),
    Code.MOT_DE_PASSE: (
        "Ce fichier est protégé par un mot de passe : nous ne pouvons pas l’ouvrir, et nous ne vous le demanderons jamais. "
        "Enregistrez-en une copie sans mot de passe, puis déposez cette copie."
    ),
    Code.MACROS: (
        "Ce fichier contient des macros, que nous refusons pour votre sécurité et la nôtre. "
        "Enregistrez-le au format « Classeur Excel (.xlsx) », sans macros, puis déposez-le."
    ),
    Code.ABIME: (
        "Ce fichier est incomplet ou abîmé : l’envoi a pu être coupé. "
        "Ouvrez-le dans votre tableur, enregistrez-le à nouveau au format .xlsx, puis déposez-le."
    ),
    Code.ARCHIVE_DANGEREUSE: (
        "Une fois ouvert, ce fichier prendrait beaucoup plus de place qu’une liste d’apprenants : nous ne l’ouvrons pas. "
        "Copiez les seules lignes utiles dans un classeur neuf, enregistrez-le au format .xlsx, puis déposez-le."
    ),
    Code.ENTITES: (
        "Ce fichier contient des définitions que les tableurs n’écrivent pas, et qui peuvent être dangereuses : nous ne l’ouvrons pas. "
        "Copiez vos lignes dans un classeur neuf, enregistrez-le au format .xlsx, puis déposez-le."
    ),
    Code.ENCODAGE: (
        "Les accents de ce fichier ne peuvent pas être lus avec certitude. "
        "Enregistrez-le au format « CSV UTF-8 », ou mieux au format .xlsx, puis déposez-le."
    ),
    Code.GUILLEMETS: (
        "Un guillemet ouvert dans ce fichier n’est jamais refermé, à partir de la ligne {ligne} : la suite serait perdue. "
        "Corrigez cette ligne, ou déposez le fichier au format .xlsx."
    ),
    Code.SANS_ENTETE: (
        "Nous n’avons pas trouvé la ligne des titres de colonnes parmi les premières lignes de ce fichier. "
        "Ajoutez au-dessus de vos apprenants une ligne qui nomme chaque colonne, ou partez de notre modèle."
    ),
    Code.SANS_LIGNE: (
        "Ce fichier a des titres de colonnes, mais aucune ligne en dessous. "
        "Vérifiez que vos apprenants sont dans la première feuille visible, puis déposez-le à nouveau."
    ),
    Code.TROP_DE_LIGNES: (
        "Ce fichier a plus de {maximum} lignes, le plus que nous lisons à la fois dans ce format. "
        "{issue}"
    ),
    Code.TROP_DE_COLONNES: (
        "Ce fichier a plus de {maximum} colonnes. "
        "Supprimez celles qui ne servent pas, puis déposez-le à nouveau."
    ),
    Code.TROP_LONG: (
        "La lecture de ce fichier a duré trop longtemps et a été arrêtée ; rien n’a été enregistré. "
        "Déposez vos apprenants en plusieurs fichiers. Si cela se reproduit, écrivez à l’assistance."
    ),
    Code.TROP_LOURD: (
        "La lecture de ce fichier demandait trop de mémoire et a été arrêtée ; rien n’a été enregistré. "
        "Copiez les seules lignes utiles dans un classeur neuf, ou déposez vos apprenants en plusieurs fichiers."
    ),
}  # fmt: skip

ISSUE_ODS = "Enregistrez-le au format .xlsx ou .csv, pour lesquels nous lisons jusqu’à {autre} lignes, ou coupez-le en deux."
ISSUE_AUTRE = "Déposez vos apprenants en plusieurs fichiers."

Detail = str | int


class FichierRefuse(Exception):
    """The file is refused as a whole. `phrase` is what its depositor reads."""

    def __init__(self, code: Code, **details: Detail) -> None:
        self.code = code
        self.details: Mapping[str, Detail] = details
        super().__init__(code.value)

    @property
    def phrase(self) -> str:
        return PHRASES[self.code].format_map({nom: _nombre(valeur) for nom, valeur in self.details.items()})

    def __reduce__(self) -> tuple[object, ...]:
        return (_refaire, (self.code, dict(self.details)))


class CodeRemarque(StrEnum):
    """What is said about a file that is read all the same."""

    EXTENSION_TROMPEUSE = "EXTENSION_TROMPEUSE"
    AUTRES_FEUILLES = "AUTRES_FEUILLES"
    LIGNES_DE_TITRE = "LIGNES_DE_TITRE"
    SECOND_ENTETE = "SECOND_ENTETE"
    CELLULES_FUSIONNEES = "CELLULES_FUSIONNEES"
    COLONNE_EN_DOUBLE = "COLONNE_EN_DOUBLE"
    COLONNE_INTERDITE = "COLONNE_INTERDITE"
    CARACTERES_NULS = "CARACTERES_NULS"
    ENCODAGE_DEVINE = "ENCODAGE_DEVINE"


PHRASES_REMARQUES: dict[CodeRemarque, str] = {
    CodeRemarque.EXTENSION_TROMPEUSE: "Le nom du fichier finit par « {extension} », mais son contenu est au format {genre} : nous l’avons lu ainsi.",
    CodeRemarque.AUTRES_FEUILLES: "Seule la feuille « {lue} » est lue. Les autres feuilles ne le sont pas.",
    CodeRemarque.LIGNES_DE_TITRE: "Les titres de colonnes ont été trouvés à la ligne {ligne} ; ce qui est au-dessus n’est pas lu.",
    CodeRemarque.SECOND_ENTETE: "La ligne {ligne} répète des titres de colonnes : elle n’est pas lue comme un apprenant.",
    CodeRemarque.CELLULES_FUSIONNEES: "Des cellules sont fusionnées : leur valeur a été reprise sur chaque ligne qu’elles couvrent.",
    CodeRemarque.COLONNE_EN_DOUBLE: "La colonne « {colonne} » est présente plusieurs fois : seule la première est lue.",
    CodeRemarque.COLONNE_INTERDITE: "La colonne « {colonne} » semble contenir des numéros de sécurité sociale : elle n’est ni lue ni gardée.",
    CodeRemarque.CARACTERES_NULS: "Des caractères invisibles ont été retirés du fichier.",
    CodeRemarque.ENCODAGE_DEVINE: "Les accents ont été lus selon le jeu de caractères {encodage} : vérifiez quelques noms dans l’aperçu.",
}  # fmt: skip


class Remarque(NamedTuple):
    code: CodeRemarque
    details: dict[str, Detail]

    @property
    def phrase(self) -> str:
        return PHRASES_REMARQUES[self.code].format_map(self.details)


def _refaire(code: Code, details: dict[str, Detail]) -> FichierRefuse:
    return FichierRefuse(code, **details)


def _nombre(valeur: Detail) -> str:
    """Write 50000 as « 50 000 », with the space that does not break."""
    return f"{valeur:,}".replace(",", "\u202f") if isinstance(valeur, int) else valeur
