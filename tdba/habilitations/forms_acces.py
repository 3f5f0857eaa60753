"""Forms of the first access: shape and words; their rules are in `service_acces` and `service_acces_decisions`."""

from typing import Final

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from tdba.forms import BaseForm
from tdba.habilitations.equipe import ADMINISTRATEUR, MEMBRE

FONCTION_MAX: Final = 120
RAISON_MAX: Final = 500
CLE_MAX: Final = 200

REGLES: Final = {
    "ETABLISSEMENTS": "Cet établissement seulement",
    "SIREN": "Tous les établissements de la même entité juridique",
}
ROLES: Final = {
    MEMBRE: "Membre : consulte et travaille, sans gérer les accès",
    ADMINISTRATEUR: "Administrateur : gère aussi les accès des autres",
}


def _fonction() -> StringField:
    return StringField(
        "Votre fonction",
        validators=[
            DataRequired("Écrivez votre fonction."),
            Length(max=FONCTION_MAX, message=f"{FONCTION_MAX} caractères au plus."),
        ],
        description="Par exemple : directrice, responsable pédagogique, chargé de mission apprentissage.",
    )


class CfaForm(BaseForm):
    """What asks for a CFA. `regle` and `lien` are removed when they offer no choice."""

    organisme = HiddenField()
    fonction = _fonction()
    regle = RadioField(
        "Ce que vous demandez",
        choices=dict(REGLES),
        default="ETABLISSEMENTS",
        validators=[InputRequired("Choisissez.")],
    )
    lien = BooleanField("Envoyer tout de suite un lien d’entrée à l’adresse du CFA", default=True)


class AutreForm(BaseForm):
    """What asks for another kind of organisation; `territoire` is removed for a national one."""

    territoire = SelectField("Territoire", validate_choice=True)
    fonction = _fonction()


class CleForm(BaseForm):
    cle = PasswordField(
        "Clé d’API du CFA",
        validators=[
            DataRequired("Collez la clé."),
            Length(max=CLE_MAX, message="Cette clé est trop longue."),
        ],
        description="C’est celle que votre logiciel de gestion utilise pour nous envoyer vos effectifs.",
    )


class CasesMultiples(SelectMultipleField):  # type: ignore[misc]
    """Several boxes under one legend."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AccepterForm(BaseForm):
    role = RadioField("Rôle", choices=dict(ROLES), validators=[InputRequired("Choisissez un rôle.")])
    sites = CasesMultiples(
        "Limiter à certains sites",
        coerce=int,
        description="Pour un membre. Sans case cochée, la personne voit tous les sites.",
    )


class RefuserForm(BaseForm):
    raison = TextAreaField(
        "Pourquoi refusez-vous ?",
        validators=[
            DataRequired("Écrivez pourquoi : la personne le lira."),
            Length(max=RAISON_MAX, message=f"{RAISON_MAX} caractères au plus."),
        ],
        description="La personne qui demande lira cette phrase.",
    )
