"""The search of the apprentice whose contract was broken."""

from wtforms import SearchField
from wtforms.validators import InputRequired, Length

from tdba.effectifs.recherche import LONGUEUR_MAX
from tdba.forms import BaseForm


class DeclarerForm(BaseForm):
    q = SearchField(
        "Apprenti concerné",
        description="Un nom, une date de naissance ou un INE.",
        validators=[
            InputRequired("Indiquez un nom, une date de naissance ou un INE."),
            Length(max=LONGUEUR_MAX, message=f"{LONGUEUR_MAX} caractères au plus."),
        ],
    )
