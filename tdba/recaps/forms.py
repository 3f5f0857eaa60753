"""Form of how often a person wants a digest."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from tdba.forms import BaseForm
from tdba.recaps.rythme import MOTS


class RythmeForm(BaseForm):
    rythme = RadioField(
        "Recevoir le récapitulatif",
        choices=[SelectChoice(code, libelle) for code, libelle in MOTS.items()],
        validators=[InputRequired("Choisissez quand le recevoir.")],
        invalid_choice_message="Choisissez dans la liste.",
    )
