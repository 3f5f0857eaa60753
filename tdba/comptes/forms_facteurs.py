"""Forms of the second factor: a code, the name and first code of an application, the answer of a passkey."""

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from tdba.forms import BaseForm

_NOM = "Pour le reconnaître si vous en avez plusieurs : « mon téléphone », « clé du bureau »."


class CodeForm(BaseForm):
    """The code that proves: of an application, or of recovery."""

    code = StringField(
        "Code",
        [InputRequired("Saisissez un code."), Length(max=40, message="Ce code est trop long.")],
        description="Les 6 chiffres affichés par votre application, ou l’un de vos codes de secours.",
    )


class ApplicationForm(BaseForm):
    """A new application: its name, and the first code that it shows."""

    nom = StringField(
        "Nom de l’application ou de l’appareil",
        [InputRequired("Donnez-lui un nom."), Length(max=60, message="60 caractères au plus.")],
        description=_NOM,
        default="Mon téléphone",
    )
    code = StringField(
        "Premier code",
        [
            InputRequired("Saisissez le code affiché par l’application."),
            Length(max=20, message="Ce code est trop long."),
        ],
        description="Les 6 chiffres que l’application affiche après avoir lu l’image.",
    )


class CleForm(BaseForm):
    """A new passkey: its name; the browser's answer is put in by the script."""

    nom = StringField(
        "Nom de la clé d’accès",
        [InputRequired("Donnez-lui un nom."), Length(max=60, message="60 caractères au plus.")],
        description=_NOM,
        default="Ma clé d’accès",
    )
    reponse_cle = HiddenField()
