"""The form that hands files to a référent: what was shown comes back with it, so that nothing else changes."""

from typing import Any, Final

from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from tdba.errors import ErreurMetier
from tdba.forms import BaseForm
from tdba.ruptures.queries_affectation import Concerne
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT
from tdba.ruptures.service_affectation import Attendus

_LETTRES: Final = {RUPTURE: "R", FIN_DE_CONTRAT: "T", SANS_CONTRAT: "S"}
_GENRES: Final = {lettre: genre for genre, lettre in _LETTRES.items()}
_LOT_MAX: Final = 50_000
ILLISIBLE: Final = "Ce lot n’a pas pu être relu. Revenez à la liste et choisissez de nouveau les dossiers."


class AffectationForm(BaseForm):
    """Who receives the files, and which files, each with who followed it when the effect was shown."""

    referent = HiddenField(validators=[InputRequired()])
    lot = HiddenField(validators=[InputRequired(), Length(max=_LOT_MAX)])

    def montrer(self, referent_id: int, confies: list[Concerne]) -> None:
        """Keep what is shown: « R12-5 S14-0 »."""
        self.referent.data = str(referent_id)
        self.lot.data = " ".join(f"{_LETTRES[c.genre]}{c.effectif_id}-{c.referent_id or 0}" for c in confies)

    def referent_id(self) -> int:
        return _nombre(self.referent.data)

    def attendus(self) -> Attendus:
        """What was shown. Raises ErreurMetier when it cannot be read."""
        return dict(_lire(morceau) for morceau in self.lot.data.split())


def _lire(morceau: str) -> tuple[tuple[int, str], int | None]:
    effectif_id, _, ancien = morceau[1:].partition("-")
    if morceau[0] not in _GENRES:
        raise ErreurMetier(ILLISIBLE)
    return (_nombre(effectif_id), _GENRES[morceau[0]]), _nombre(ancien) or None


def _nombre(texte: Any) -> int:
    if not (isinstance(texte, str) and texte.isascii() and texte.isdigit() and len(texte) < 19):
        raise ErreurMetier(ILLISIBLE)
    return int(texte)
