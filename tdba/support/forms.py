"""Forms of cases: shape and words; their rules are in `service`."""

import secrets
from typing import Any

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tdba.forms import BaseForm
from tdba.support.motifs import MOTIFS
from tdba.support.service import OBJET_MAX, TEXTE_MAX, Saisie

REQUIS = InputRequired("Écrivez quelques mots.")
SANS_NOM = (
    "Il n’est pas nécessaire d’écrire de nom : nous savons de quelle page vous écrivez, et de quelle fiche "
    "il s’agit si la page en montre une."
)


def _au_plus(maximum: int) -> Length:
    return Length(max=maximum, message=f"Ce texte est trop long : {maximum} caractères au plus.")


class DemandeForm(BaseForm):
    """What asks for help. The hidden key makes a double click one case."""

    objet = StringField("Objet", validators=[REQUIS, _au_plus(OBJET_MAX)])
    texte = TextAreaField("Votre message", validators=[REQUIS, _au_plus(TEXTE_MAX)], description=SANS_NOM)
    cle_formulaire = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.cle_formulaire.data:
            self.cle_formulaire.data = secrets.token_urlsafe(16)

    def saisie(
        self, *, page: str | None = None, effectif_id: int | None = None, organisme_id: int | None = None
    ) -> Saisie:
        """What was typed, once validated, and what the page says."""
        return Saisie(
            objet=self.objet.data,
            texte=self.texte.data or None,
            page=page,
            effectif_id=effectif_id,
            organisme_id=organisme_id,
            cle_formulaire=self.cle_formulaire.data,
        )


class DossierForm(DemandeForm):
    """A case that support opens for a caller: the subject is enough."""

    texte = TextAreaField(
        "Ce que demande la personne",
        validators=[_au_plus(TEXTE_MAX)],
        description="Sans nom d’apprenant : la fiche s’ouvre depuis la demande.",
    )


class MessageForm(BaseForm):
    texte = TextAreaField("Votre message", validators=[REQUIS, _au_plus(TEXTE_MAX)])


class OuvertureForm(BaseForm):
    """Why a record is opened."""

    motif = RadioField(
        "Pourquoi ouvrez-vous cette fiche ?",
        choices=dict(MOTIFS),
        validators=[InputRequired("Choisissez une raison.")],
        description="Cette raison est consignée. Elle est demandée une fois par demande et par fiche.",
    )
