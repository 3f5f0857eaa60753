"""Form of a guide: shape and words; its rules are in `service_guides`."""

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdba.forms import BaseForm
from tdba.transmissions.guides import NOM_MAX, TEXTE_MAX


class GuideForm(BaseForm):
    """The name of a software, and how one corrects in it."""

    nom = StringField(
        "Nom du logiciel",
        validators=[
            InputRequired("Écrivez le nom du logiciel, comme les CFA l’appellent."),
            Length(max=NOM_MAX, message=f"Ce nom est trop long : {NOM_MAX} caractères au plus."),
        ],
        description="Le guide est proposé aux CFA dont la clé d’API porte ce nom de logiciel.",
    )
    texte = TextAreaField(
        "Texte du guide",
        validators=[
            InputRequired("Écrivez le guide."),
            Length(max=TEXTE_MAX, message=f"Ce texte est trop long : {TEXTE_MAX} caractères au plus."),
        ],
        description=(
            "En Markdown : « # Titre », « - point », « **important** », « [mots](adresse) ». Sans nom d’apprenant ni de CFA."
        ),
    )
    version = HiddenField(validators=[Length(max=40)])
