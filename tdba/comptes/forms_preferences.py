"""Form of the mails that a person wants."""

from wtforms import SelectMultipleField

from tdba.courriels import REFUSABLES
from tdba.forms import BaseForm


class PreferencesForm(BaseForm):
    """Ticked: received. What is not ticked is not sent any more."""

    recus = SelectMultipleField("Recevoir par courriel", choices=dict(REFUSABLES))

    def refuses(self) -> list[str]:
        """The kinds that the person does not want, once validated."""
        return [genre for genre in REFUSABLES if genre not in (self.recus.data or ())]
