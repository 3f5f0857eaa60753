"""Forms of the corrections: shape and presence. Rules that look at the record are in `correction`."""

from typing import Any

from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from tdba.effectifs.motifs import COMMENTAIRE_MAX, MOTIFS
from tdba.effectifs.statuts import ContratDates
from tdba.forms import BaseForm, DateFr


class CorrectionForm(BaseForm):
    """What every correction asks: why, and on which version of the record it was typed."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Rechargez la fiche.")])
    motif = RadioField(
        "Pourquoi cette correction ?",
        choices=[SelectChoice(code, libelle) for code, libelle in MOTIFS.items()],
        validators=[InputRequired("Choisissez une raison.")],
        invalid_choice_message="Choisissez une raison dans la liste.",
    )
    commentaire = TextAreaField(
        "Précisions",
        description="250 caractères au plus. N’écrivez ni donnée de santé ni numéro de sécurité sociale.",
        validators=[
            Optional(),
            Length(
                max=COMMENTAIRE_MAX, message=f"Ce texte est trop long : {COMMENTAIRE_MAX} caractères au plus."
            ),
        ],
    )


class ContratForm(CorrectionForm):
    """The three dates of a contract, corrected together."""

    debut = DateFr("Début du contrat", validators=[InputRequired("Indiquez le début du contrat.")])
    fin = DateFr(
        "Fin prévue",
        description="Sans fin prévue, le contrat est compté jusqu’à la fin de la formation.",
        validators=[Optional()],
    )
    rupture = DateFr(
        "Rupture", description="Premier jour sans contrat, s’il a été rompu.", validators=[Optional()]
    )

    @property
    def dates(self) -> ContratDates:
        return ContratDates(self.debut.data, self.fin.data, self.rupture.data)


class NomForm(CorrectionForm):
    """A family name or a first name."""

    valeur = StringField(validators=[InputRequired("Indiquez le nom : il ne peut pas être vide.")])

    def __init__(self, *args: Any, libelle: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.valeur.label.text = libelle


class AnnulationForm(BaseForm):
    """Undoing needs no reason: it says that the correction was one too many."""
