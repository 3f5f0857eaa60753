"""Forms of API keys: shape and words; their rules are in `service_cles`."""

from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from tdba.forms import BaseForm
from tdba.transmissions.service_cles import RAISONS

LIBELLE_MAX = 60
ERP_MAX = 80


class CleForm(BaseForm):
    libelle = StringField(
        "Nom de la clé",
        description="Pour la reconnaître plus tard : « Production », « Serveur de Brest ».",
        validators=[
            DataRequired("Donnez un nom à cette clé."),
            Length(max=LIBELLE_MAX, message=f"Ce nom est trop long : {LIBELLE_MAX} caractères au plus."),
        ],
    )
    erp = StringField(
        "Logiciel",
        description="Celui qui se servira de la clé : Ymag, Gesti, SC Form…",
        validators=[
            Optional(),
            Length(max=ERP_MAX, message=f"Ce nom est trop long : {ERP_MAX} caractères au plus."),
        ],
    )
    derniere = HiddenField()
    """The newest key when the form was shown: sent twice, it creates one key."""

    @property
    def derniere_connue(self) -> int | None:
        texte = self.derniere.data or ""
        return int(texte) if texte.isascii() and texte.isdigit() else None


class RevocationForm(BaseForm):
    raison = RadioField(
        "Pourquoi la révoquer ?",
        choices=[SelectChoice(code, libelle) for code, libelle in RAISONS.items()],
        validators=[Optional()],
        invalid_choice_message="Choisissez une raison dans la liste, ou aucune.",
    )
