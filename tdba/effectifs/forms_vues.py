"""Form that keeps a state of the list as a view."""

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from tdba.effectifs.vues import NOM_MAX
from tdba.forms import BaseForm


class VueForm(BaseForm):
    """Its rules are in `vues` and `service_vues`. Every POST is checked by the application: several stand on one page."""

    class Meta(BaseForm.Meta):
        csrf = False

    nom = StringField(
        "Nom de la vue",
        description=f"{NOM_MAX} caractères au plus. N’écrivez pas le nom d’un apprenant.",
        validators=[InputRequired()],
        render_kw={"maxlength": NOM_MAX},
    )
    partagee = BooleanField("La partager avec mon organisation")
