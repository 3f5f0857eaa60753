"""Forms of the corrections: shape and presence. Rules that look at the record are in `changements`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import Field, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from tdba.effectifs import champs_corriges
from tdba.effectifs.champs_corriges import COMMUNE, COURRIEL, DATE, FICHE, NOMBRE, SEXE, TELEPHONE, Champ
from tdba.effectifs.motifs import COMMENTAIRE_MAX, MOTIFS
from tdba.forms import BaseForm, DateFr

SEXES: Final = (("", "non renseigné"), ("F", "féminin"), ("M", "masculin"))


class VersionForm(BaseForm):
    """On which version of the record it was typed: a stale one is never saved in silence (decision 18)."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Rechargez la fiche.")])


class CorrectionForm(VersionForm):
    """What a sensitive correction asks: why."""

    motif = RadioField(
        "Pourquoi cette correction ?",
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
                max=COMMENTAIRE_MAX, message=f"Ce texte est trop long : {COMMENTAIRE_MAX} caractères au plus."
            ),
        ],
    )


class AnnulationForm(BaseForm):
    """Undoing needs no reason: it says that the correction was one too many. It undoes what the page showed."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


_MODES: Final = {NOMBRE: {"inputmode": "numeric"}, TELEPHONE: {"type": "tel"}, COURRIEL: {"type": "email"}}


def _controle(champ: Champ, communes: Sequence[tuple[str, str]]) -> Any:
    options: dict[str, Any] = {"description": champ.aide, "render_kw": _MODES.get(champ.saisie)}
    if champ.obligatoire:
        manque = f"Indiquez une valeur : « {champ.libelle} » ne peut pas être vide."
        options["validators"] = [InputRequired(manque)]
    if champ.saisie == DATE:
        return DateFr(champ.libelle, **options)
    if champ.saisie == SEXE:
        return SelectField(champ.libelle, choices=[SelectChoice(v, t) for v, t in SEXES])
    if champ.saisie == COMMUNE:
        choix = [SelectChoice("", "à choisir d’après le code postal"), *(SelectChoice(*c) for c in communes)]
        return SelectField(
            champ.libelle,
            choices=choix,
            validate_choice=False,
            description="La liste suit le code postal : « Voir l’effet » la met à jour.",
        )
    return StringField(champ.libelle, **options)


class ChampsForm(VersionForm):
    """One field of the record, called `valeur`, or a group of them, each under its name."""

    def __init__(self, *args: Any, noms: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noms = noms

    def textes(self) -> dict[str, str | None]:
        """Column → what was typed."""
        return {colonne: _texte(self[nom].data) for nom, colonne in self.noms.items()}


def formulaire_de(
    champs: Sequence[str], valeurs: Mapping[str, Any], *, communes: Sequence[tuple[str, str]] = ()
) -> ChampsForm:
    """The form of these columns of the record, filled with `valeurs`; it asks why when one of them is sensitive."""
    seul = len(champs) == 1
    noms = {"valeur" if seul else champ: champ for champ in champs}
    controles: dict[str, Any] = {nom: _controle(FICHE[c], communes) for nom, c in noms.items()}
    bases: tuple[type, ...] = (ChampsForm,)
    if champs_corriges.sensibles(tuple(champs)):
        bases = (ChampsForm, CorrectionForm)
    classe = type("FormulaireDeChamps", bases, controles)
    donnees = {nom: valeurs[champ] for nom, champ in noms.items()}
    formulaire: ChampsForm = classe(data=donnees | {"version": valeurs["version"]}, noms=noms)
    return formulaire


def choisir_communes(formulaire: ChampsForm, communes: Sequence[tuple[str, str]]) -> None:
    """Offer these communes, those of the postal code just typed."""
    controle: Field = formulaire["code_insee"]
    premiere = SelectChoice("", "à choisir d’après le code postal")
    controle.choices = [premiere, *(SelectChoice(*commune) for commune in communes)]


def _texte(donnee: Any) -> str | None:
    return None if donnee is None else donnee.isoformat() if hasattr(donnee, "isoformat") else str(donnee)
