"""Forms of the team: shape and words; their rules are in `equipe` and in the services."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tdba.forms import BaseForm, DateFr
from tdba.habilitations import equipe
from tdba.habilitations.invitations import COURRIEL_MAX, LIGNES_MAX
from tdba.habilitations.service_equipe import Choix

TEXTE_MAX = 20_000


class MembreForm(BaseForm):
    """What a member holds: a role, sites, an end."""

    role = RadioField(
        "Rôle",
        choices=[SelectChoice(code, libelle) for code, libelle in equipe.ROLES.items()],
        default=equipe.MEMBRE,
        validators=[InputRequired("Choisissez un rôle.")],
        invalid_choice_message="Choisissez un rôle dans la liste.",
    )
    sites = SelectMultipleField(
        "Sites",
        coerce=int,
        description="Cochez des sites pour limiter un membre à eux seuls. Sans coche, il a accès à toute l’organisation.",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
        validators=[Optional()],
    )
    dernier_jour = DateFr(
        "Dernier jour d’accès",
        description="Pour un remplacement ou une délégation. Sans date, l’accès dure jusqu’à la prochaine revue annuelle.",
        validators=[Optional()],
    )

    def __init__(self, *args: Any, sites_possibles: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites.choices = [SelectChoice(cle, nom) for cle, nom in sites_possibles]

    @property
    def choix(self) -> Choix:
        return Choix(
            role=self.role.data,
            sites=self.sites.data or (),
            fin=equipe.fin_apres(self.dernier_jour.data),
        )


class InvitationForm(MembreForm):
    courriel = StringField(
        "Adresse électronique",
        description="Celle avec laquelle la personne s’identifie sur ProConnect : elle seule pourra accepter.",
        validators=[
            InputRequired("Indiquez l’adresse de la personne à inviter."),
            Length(max=COURRIEL_MAX, message="Cette adresse est trop longue."),
        ],
    )


class ListeForm(BaseForm):
    """Several people at once: lines typed or pasted, or a file."""

    texte = TextAreaField(
        "Lignes à inviter",
        description=f"Une personne par ligne, {LIGNES_MAX} au plus : courriel;role;fin. Le rôle est « membre » ou « administrateur » ; la fin, facultative, est le dernier jour d’accès. Exemple : camille.martin@exemple.fr;membre;31/08/2027",
        validators=[Optional(), Length(max=TEXTE_MAX, message="Ce texte est trop long.")],
    )
    fichier = FileField(
        "Fichier CSV",
        description="Avec les mêmes colonnes, séparées par des points-virgules. Ses lignes s’ajoutent à celles du dessus.",
        validators=[Optional()],
    )


class RetraitForm(BaseForm):
    motif = RadioField(
        "Pourquoi retirer cet accès ?",
        choices=[SelectChoice(code, libelle) for code, libelle in equipe.MOTIFS_RETRAIT.items()],
        validators=[InputRequired("Choisissez une raison.")],
        invalid_choice_message="Choisissez une raison dans la liste.",
    )
