"""The form that asks for a file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from tdba.exports.colonnes import Colonne
from tdba.exports.ecriture_ods import LIGNES_MAX as LIGNES_ODS
from tdba.exports.finalites import AUTRE, FINALITES, PRECISION_MAX
from tdba.forms import BaseForm

FORMATS = {
    "XLSX": "Classeur Excel (.xlsx)",
    "CSV": "Texte (.csv, dans une archive .zip avec sa notice)",
    "ODS": "Classeur LibreOffice (.ods)",
}


class Cases(SelectMultipleField):  # type: ignore[misc]
    """Boxes to tick, several at once."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ExportForm(BaseForm):
    finalite = RadioField(
        "À quoi servira ce fichier ?",
        choices=dict(FINALITES),
        validators=[InputRequired("Dites à quoi servira ce fichier.")],
    )
    precision = StringField(
        "Si c’est autre chose, précisez",
        description="Sans nom de personne.",
        validators=[Length(max=PRECISION_MAX, message="200 caractères au plus.")],
    )
    format = RadioField("Format", default="XLSX", validators=[InputRequired("Choisissez un format.")])
    colonnes = Cases("Colonnes")
    coordonnees = Cases(
        "Coordonnées",
        description="Elles ne sont pas choisies d’avance : ajoutez seulement celles dont vous avez besoin.",
    )
    jeton = HiddenField()

    def __init__(self, offertes: Sequence[Colonne], lignes: int, **options: Any) -> None:
        super().__init__(**options)
        siennes = [c for c in offertes if not c.coordonnee]
        self.colonnes.choices = {c.code: c.libelle for c in siennes}
        self.coordonnees.choices = {c.code: c.libelle for c in offertes if c.coordonnee}
        self.format.choices = {
            code: mots for code, mots in FORMATS.items() if code != "ODS" or lignes <= LIGNES_ODS
        }
        self.colonnes.flags.required = True  # said by the legend, not by each box
        if not self.is_submitted():
            self.colonnes.data = [c.code for c in siennes if c.defaut]
            self.jeton.data = str(uuid4())
        if not self.coordonnees.choices:
            del self.coordonnees

    def validate_precision(self, champ: StringField) -> None:
        """« Autre » alone says nothing."""
        if self.finalite.data == AUTRE and not champ.data:
            raise ValidationError("Précisez à quoi servira ce fichier.")

    def validate_jeton(self, champ: HiddenField) -> None:
        try:
            UUID(champ.data or "")
        except ValueError:
            raise ValidationError("Ce formulaire n’est pas complet : rouvrez-le depuis la liste.") from None

    def choisies(self) -> list[str]:
        """The codes of every ticked column."""
        return [*(self.colonnes.data or ()), *((self.coordonnees.data or ()) if self.coordonnees else ())]
