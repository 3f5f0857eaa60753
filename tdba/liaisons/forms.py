"""The form of a dossier de liaison, and the two of its reader. Shape and words; the rules are in the services."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from tdba.forms import BaseForm
from tdba.liaisons.adresses import COURRIEL_MAX, NOM_MAX
from tdba.liaisons.donnees import CHOIX, LIBELLES, MOYENS
from tdba.liaisons.service import Choix
from tdba.ruptures.circonstances import SANTE


class Cases(SelectMultipleField):  # type: ignore[misc]
    """Boxes to tick, several at once."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LiaisonForm(BaseForm):
    """What is passed on, to whom, and the youth's agreement. `connues`: what the file knows, by kind, in words."""

    moyens = Cases(
        "Comment joindre le jeune",
        description="Au moins un moyen, celui que le jeune préfère.",
    )
    donnees = Cases(
        "Ajouter seulement ce qui est utile au conseiller",
        description="Rien n’est coché d’avance.",
    )
    sante = BooleanField("Signaler une difficulté de santé, comme le jeune l’a accepté")
    accord = BooleanField("Le jeune a été informé de cette transmission et il est d’accord")
    contact = StringField(
        "Prénom et nom du conseiller",
        description="Une personne, pas un service : le lien lui est personnel.",
        validators=[Length(max=NOM_MAX, message=f"{NOM_MAX} caractères au plus.")],
    )
    courriel = EmailField(
        "Son adresse électronique professionnelle",
        validators=[Length(max=COURRIEL_MAX, message=f"{COURRIEL_MAX} caractères au plus.")],
    )
    cle_formulaire = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, connues: Mapping[str, str], mineur: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moyens.choices = _choix(connues, MOYENS)
        self.donnees.choices = _choix(connues, CHOIX)
        self.moyens.flags.required = self.contact.flags.required = self.courriel.flags.required = True
        if mineur:
            self.accord.label.text = (
                "Le jeune et son représentant légal ont été informés de cette transmission et sont d’accord"
            )
        if SANTE not in connues:
            del self.sante
        if not self.is_submitted():
            self.moyens.data = list(self.moyens.choices)[:1]
            self.donnees.data = []
        if not self.cle_formulaire.data:
            self.cle_formulaire.data = secrets.token_urlsafe(32)

    def choix(self) -> Choix:
        """What was ticked."""
        sante = [SANTE] if "sante" in self._fields and self.sante.data else []
        codes = [*(self.moyens.data or []), *(self.donnees.data or []), *sante]
        return Choix(codes=codes, accord=self.accord.data)


def _choix(connues: Mapping[str, str], codes: Iterable[str]) -> dict[str, str]:
    """Each kind with what it would say: what is ticked is what is read."""
    return {code: f"{LIBELLES[code]} : {connues[code]}" for code in codes if code in connues}


class CodeForm(BaseForm):
    """What the reader types to open a letter. Without a token: the secret of its address stands for one."""

    class Meta(BaseForm.Meta):
        csrf = False

    code = StringField(
        "Code à 8 chiffres",
        description="La personne qui vous a écrit vous le donne de vive voix.",
        validators=[InputRequired("Écrivez le code."), Length(max=40, message="Le code a 8 chiffres.")],
    )


class ReponseForm(BaseForm):
    """The answer of the reader."""

    class Meta(BaseForm.Meta):
        csrf = False

    reponse = RadioField(
        "Où en êtes-vous avec ce jeune ?",
        choices={
            "RENDEZ_VOUS": "Un rendez-vous est pris",
            "INJOIGNABLE": "Je n’ai pas pu le joindre",
            "AUTRE": "Autre suite",
        },
        validators=[InputRequired("Choisissez une réponse.")],
    )
