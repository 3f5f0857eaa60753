"""Form of the mails that a person wants."""

from wtforms import SelectMultipleField

from tdba.courriels import A_COCHER
from tdba.forms import BaseForm


class PreferencesForm(BaseForm):
    """Ticked: received. What is not ticked is not sent any more."""

    recus = SelectMultipleField("Recevoir par courriel", choices=dict(A_COCHER))

    def refuses(self) -> list[str]:
        """The kinds that the person does not want, once validated."""
        return [genre for genre in A_COCHER if genre not in (self.recus.data or ())]
