"""The template that a CFA downloads, made from the rules: what they require, accept and set aside. Pure.

Columns are those of the existing template, in its order (domain.md §4.3), so that its files keep working here.
`constant_memory` passes rows by an unnamed temporary file of the system: it holds rules and invented people only.
"""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tdba.depots import descriptions as d
from tdba.depots.cellules import lettres
from tdba.depots.codes_situation import situations
from tdba.transmissions import normes
from tdba.transmissions.champs import Champ
from tdba.transmissions.dates import date_de_cellule

FEUILLE_MODELE = "Modèle"
FEUILLE_DESCRIPTION = "Description des données"
FEUILLE_CODES = "Codes"
FEUILLE_EXEMPLE = "Exemple rempli"

_LIGNES_PREPAREES = 2_000  # rows that carry the lists and the formats of the columns
# A file with the same content has the same bytes: no clock in it.
CREE_LE = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)

_LISTES: tuple[tuple[str, str, Sequence[tuple[str, str]]], ...] = (
    ("Sexe", "sexe_apprenant", d.SEXES),
    ("Situation de l’année précédente", "derniere_situation", situations()),
    ("Type de CFA", "type_cfa", d.TYPES_CFA),
    ("Année de formation", "annee_formation", d.ANNEES_DE_FORMATION),
    ("Oui ou non", "rqth_apprenant", d.OUI_NON),
)


class _Formats(NamedTuple):
    titre: Format
    obligatoire: Format
    texte: Format
    date: Format
    long: Format


def ecrire_modele() -> bytes:
    """Return the .xlsx of the template: its columns, their description, the codes, a filled example."""
    tampon = io.BytesIO()
    with xlsxwriter.Workbook(tampon, {"constant_memory": True, "strings_to_formulas": False}) as classeur:
        classeur.set_properties({"title": "Modèle de liste d’apprenants", "created": CREE_LE})
        formats = _Formats(
            classeur.add_format({"bold": True, "bg_color": "#EEEEEE", "num_format": "@"}),
            classeur.add_format({"bold": True, "bg_color": "#CACAFB", "num_format": "@"}),
            classeur.add_format({"num_format": "@"}),
            classeur.add_format({"num_format": "dd/mm/yyyy"}),
            classeur.add_format({"text_wrap": True, "valign": "top"}),
        )
        _colonnes(classeur.add_worksheet(FEUILLE_MODELE), formats, listes=True)
        _description(classeur.add_worksheet(FEUILLE_DESCRIPTION), formats)
        _codes(classeur.add_worksheet(FEUILLE_CODES), formats)
        exemple = classeur.add_worksheet(FEUILLE_EXEMPLE)
        _colonnes(exemple, formats, listes=False)
        _exemple(exemple, formats)
    return tampon.getvalue()


def entete(champ: Champ) -> str:
    return champ.nom + d.exigence(champ).etoiles


def exemple() -> dict[str, str]:
    """Return the filled example, as typed: an invented apprentice, whose establishments have right keys."""
    return {champ.nom: d.description(champ.nom).exemple for champ in d.CHAMPS_DU_MODELE}


def _colonnes(feuille: Worksheet, formats: _Formats, *, listes: bool) -> None:
    """Headers, formats of the columns, and closed lists; formats first, since rows are written as they come."""
    feuille.freeze_panes(1, 2)
    for rang, champ in enumerate(d.CHAMPS_DU_MODELE):
        feuille.set_column(rang, rang, 18, formats.date if d.est_une_date(champ) else formats.texte)
    for rang, champ in enumerate(d.CHAMPS_DU_MODELE):
        requis = d.exigence(champ) is d.OBLIGATOIRE
        feuille.write_string(0, rang, entete(champ), formats.obligatoire if requis else formats.titre)
        if listes and (source := _source_de_liste(champ)):
            feuille.data_validation(
                1,
                rang,
                _LIGNES_PREPAREES,
                rang,
                {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True,
                 "error_title": "Valeur inattendue", "error_message": "Choisissez une valeur de la liste."},
            )  # fmt: skip


def _source_de_liste(champ: Champ) -> str | None:
    """Return where the accepted values of a field are, in the sheet of codes."""
    cherche = "rqth_apprenant" if champ.fichier is normes.booleen_de_cellule else champ.nom
    for rang, (_, nom, valeurs) in enumerate(_LISTES):
        if nom == cherche:
            colonne = lettres(rang * 3)
            return f"='{FEUILLE_CODES}'!${colonne}$3:${colonne}${len(valeurs) + 2}"
    return None


def _description(feuille: Worksheet, formats: _Formats) -> None:
    largeurs = (16, 42, 18, 52, 44, 28, 44)
    for rang, largeur in enumerate(largeurs):
        feuille.set_column(rang, rang, largeur)
    feuille.freeze_panes(1, 2)
    titres = (
        "Rubrique",
        "Colonne",
        "Obligatoire",
        "Ce que c’est",
        "Valeurs acceptées",
        "Exemple",
        "À quoi cela sert",
    )
    _ligne(feuille, 0, titres, formats.titre)
    for rang, champ in enumerate(d.CHAMPS_DU_MODELE, start=1):
        dit = d.description(champ.nom)
        cellules = (
            d.section(champ.nom), entete(champ), d.exigence(champ).mots, dit.sens, d.format_de(champ), dit.exemple, dit.utilite,
        )  # fmt: skip
        _ligne(feuille, rang, cellules, formats.long)


def _codes(feuille: Worksheet, formats: _Formats) -> None:
    """One list every three columns: code, words, nothing. Written by rows, as `constant_memory` asks."""
    for rang in range(len(_LISTES)):
        feuille.set_column(rang * 3, rang * 3, 10, formats.texte)
        feuille.set_column(rang * 3 + 1, rang * 3 + 1, 48)
    for rang, (titre, _, _) in enumerate(_LISTES):
        feuille.write_string(0, rang * 3, titre, formats.titre)
    for rang in range(len(_LISTES)):
        feuille.write_string(1, rang * 3, "Code", formats.titre)
        feuille.write_string(1, rang * 3 + 1, "Sens", formats.titre)
    for ligne in range(max(len(valeurs) for _, _, valeurs in _LISTES)):
        for rang, (_, _, valeurs) in enumerate(_LISTES):
            if ligne < len(valeurs):
                feuille.write_string(ligne + 2, rang * 3, valeurs[ligne][0], formats.texte)
                feuille.write_string(ligne + 2, rang * 3 + 1, valeurs[ligne][1])


def _exemple(feuille: Worksheet, formats: _Formats) -> None:
    """Dates are written as dates, everything else as text."""
    valeurs = exemple()
    for rang, champ in enumerate(d.CHAMPS_DU_MODELE):
        valeur = valeurs[champ.nom]
        if not valeur:
            continue
        jour = date_de_cellule(valeur) if d.est_une_date(champ) else None
        if isinstance(jour, date):
            feuille.write_datetime(1, rang, jour, formats.date)
        else:
            feuille.write_string(1, rang, valeur, formats.texte)


def _ligne(feuille: Worksheet, rang: int, cellules: Sequence[str], forme: Format) -> None:
    for colonne, texte in enumerate(cellules):
        feuille.write_string(rang, colonne, texte, forme)
