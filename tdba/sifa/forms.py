"""Forms of the survey: made from the questions that they ask; the rules of answers are in `champs`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wtforms import FileField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from tdba.forms import BaseForm
from tdba.sifa import champs
from tdba.sifa.champs import Champ, Genre, ReponseRefusee

_SAISIE: Mapping[Genre, dict[str, str]] = {
    Genre.DATE: {"type": "date"},
    Genre.NOMBRE: {"inputmode": "numeric"},
    Genre.TELEPHONE: {"type": "tel", "inputmode": "tel"},
    Genre.COURRIEL: {"type": "email", "inputmode": "email"},
}


class ReponsesForm(BaseForm):
    """Some questions of the survey about one record, or about an establishment."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Rechargez la page.")])
    questions: Sequence[Champ] = ()

    def lues(self) -> dict[str, str | None] | None:
        """The answers as they are kept; None when one is no answer, which its field then says."""
        lues: dict[str, str | None] = {}
        juste = True
        for question in self.questions:
            try:
                lues[question.nom] = champs.lire(question, self[question.nom].data or "")
            except ReponseRefusee as refus:
                self[question.nom].errors = [refus.phrase]
                juste = False
        return lues if juste else None


def reponses(
    noms: Sequence[str], valeurs: Mapping[str, str], version: int, *, attendues: Collection[str] = ()
) -> ReponsesForm:
    """A form that asks these questions; `attendues`: those without which the record is not complete."""
    questions = [champs.CHAMPS[nom] for nom in noms]
    attributs: dict[str, Any] = {q.nom: _champ(q, valeurs.get(q.nom)) for q in questions}
    classe = type("QuestionsForm", (ReponsesForm,), attributs | {"questions": questions})
    form: ReponsesForm = classe(data=dict(valeurs) | {"version": version})
    for nom in attendues:
        if nom in form:
            form[nom].flags.required = True
    return form


def _champ(question: Champ, connue: str | None) -> Any:
    if not question.choix:
        attributs = {"autocomplete": "off"} | _SAISIE.get(question.genre, {})
        return StringField(question.libelle, description=question.aide, render_kw=attributs)
    choix = [SelectChoice("", "Sans réponse")]
    choix += [
        SelectChoice(code, f"{mots} ({code})" if code.isdigit() else mots)
        for code, mots in question.choix.items()
    ]
    if connue and connue not in question.choix:  # a code that the rules accept and nobody words
        choix.append(SelectChoice(connue, f"Code {connue}"))
    return SelectField(question.libelle, description=question.aide, choices=choix, validate_choice=False)


class ControleForm(BaseForm):
    """The file of an ERP; it comes last, so that its token is checked before its first byte."""

    fichier = FileField(
        "Fichier SIFA de votre ERP",
        description="Au format .csv ou .xlsx, avec ou sans ligne de titres, 20 000 lignes et 10 Mo au plus.",
        validators=[InputRequired("Choisissez un fichier sur votre ordinateur.")],
    )
