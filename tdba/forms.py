"""Base of every form: French messages, trimmed text, one way to attach a refused rule to its field."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, Field, StringField, TextAreaField

from tdba.errors import ErreurMetier


def _propre(valeur: Any) -> Any:
    """Trim text and drop NUL characters, which PostgreSQL refuses; "" stays "" so that Optional works."""
    return valeur.replace("\x00", "").strip() if isinstance(valeur, str) else valeur


class BaseForm(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("fr",)

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            filtres = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(unbound_field.field_class, (StringField, TextAreaField)):
                filtres.append(_propre)
            return unbound_field.bind(form=form, filters=filtres, **options)

    def refuser(self, erreur: ErreurMetier) -> None:
        """Show a refused rule by its field, or at the head of the form when it has none."""
        champ: Field | None = self._fields.get(erreur.champ) if erreur.champ else None
        if champ is None:
            self.form_errors: list[str] = [*getattr(self, "form_errors", ()), erreur.message]
        else:
            champ.errors = [*champ.errors, erreur.message]


class DateFr(DateField):  # type: ignore[misc]
    """A day: what a date control sends, or dd/mm/yyyy as people type it without one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", ["%Y-%m-%d", "%d/%m/%Y"])
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse the typed day; an empty control means "no day", not an error."""
        # Kept clean, so that what asks for a day does not take blanks for one.
        self.raw_data = [_propre(v) for v in valuelist]
        if self.raw_data and not self.raw_data[0]:
            self.data = None
            return
        try:
            super().process_formdata(self.raw_data)
        except ValueError:
            raise ValueError("Cette date n’existe pas. Écrivez-la ainsi : 03/03/2026.") from None
