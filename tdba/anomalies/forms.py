"""Forms of the anomalies slice: shape and presence. Rules are in `service_silences`."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from tdba.anomalies.motifs import COMMENTAIRE_MAX, MOTIFS
from tdba.forms import BaseForm


class SilenceForm(BaseForm):
    """Why a check is silenced on one record."""

    motif = RadioField(
        "Pourquoi ne plus signaler ce point ?",
        choices=[SelectChoice(code, libelle) for code, libelle in MOTIFS.items()],
        validators=[InputRequired("Choisissez une raison.")],
        invalid_choice_message="Choisissez une raison dans la liste.",
    )
    commentaire = TextAreaField(
        "Précisions",
        description=f"{COMMENTAIRE_MAX} caractères au plus. N’écrivez ni donnée de santé ni numéro de sécurité sociale.",
        validators=[
            Optional(),
            Length(
                max=COMMENTAIRE_MAX, message=f"Ce texte est trop long : {COMMENTAIRE_MAX} caractères au plus."
            ),
        ],
    )
