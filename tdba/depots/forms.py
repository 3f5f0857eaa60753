"""Forms of files: shape and words; their rules are in the services."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import BooleanField, FileField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from tdba.depots import libelles
from tdba.formats import siret
from tdba.forms import BaseForm
from tdba.organismes.queries import OrganismeVu
from tdba.transmissions.champs import FICHIER, OBLIGATOIRES

VALEUR_MAX: Final = 500


def choix_de(etablissements: Sequence[OrganismeVu]) -> list[tuple[str, str]]:
    return [
        (str(o.id), f"{o.nom}, UAI {o.uai or 'inconnue'}, SIRET {siret(o.siret)}") for o in etablissements
    ]


class DepotForm(BaseForm):
    """Its file comes last: what it is for is known before its first byte."""

    organisme = SelectField("Pour quel établissement ?", validators=[DataRequired()])
    complete = BooleanField(
        "Ce fichier contient tous mes apprenants de l’année",
        description=(
            "Les fiches que vous aviez transmises pour ces établissements et ces années, et que le fichier ne contient "
            "plus, seront signalées comme « plus transmises ». Aucune n’est supprimée."
        ),
    )
    fichier = FileField(
        "Fichier",
        description="Au format .xlsx, .csv ou .ods, 30 Mo au plus.",
        validators=[DataRequired("Choisissez un fichier sur votre ordinateur.")],
    )

    def __init__(self, etablissements: Sequence[OrganismeVu], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisme.choices = [SelectChoice(cle, mots) for cle, mots in choix_de(etablissements)]
        if len(etablissements) == 1:
            del self.organisme


class ActeForm(BaseForm):
    """An act without anything to type."""

    quand_meme = HiddenField()


class PartoutForm(BaseForm):
    """A wrong value and the right one; the page writes it by hand, once by value."""

    champ = HiddenField()
    ancienne = HiddenField()
    nouvelle = StringField()


def formulaire_ligne(champs: Sequence[str], valeurs: Mapping[str, str]) -> BaseForm:
    """The wrong fields of one line, as they were typed."""

    class LigneForm(BaseForm):
        pass

    for nom in champs:
        champ = StringField(
            libelles.champ(nom),
            validators=[Optional(), Length(max=VALEUR_MAX, message="Cette valeur est trop longue.")],
        )
        setattr(LigneForm, nom, champ)
    form = LigneForm(data={nom: valeurs.get(nom, "") for nom in champs})
    for nom in champs:
        form[nom].flags.required = nom in OBLIGATOIRES[FICHIER]
    return form
