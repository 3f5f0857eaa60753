"""The one search box of support: CFA, transmissions, cases, and records under their mask."""

from dataclasses import dataclass, field
from uuid import UUID

from tdba.organismes import queries as organismes
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Introuvable
from tdba.support import queries, queries_fiches
from tdba.support.queries import DemandeVue
from tdba.support.queries_fiches import FicheMasquee
from tdba.support.recherche import Question
from tdba.transmissions import queries as transmissions
from tdba.transmissions.queries import ReceptionVue


@dataclass(frozen=True, slots=True)
class Resultats:
    """Everything that a question found."""

    question: Question
    demande: DemandeVue | None = None
    receptions: list[ReceptionVue] = field(default_factory=list)
    organismes: list[OrganismeVu] = field(default_factory=list)
    fiches: list[FicheMasquee] = field(default_factory=list)
    fiches_suite: bool = False
    """There are more records than shown."""
    approchees: bool = False
    """No record matches exactly: these are one typing mistake away."""

    @property
    def vide(self) -> bool:
        return not (self.demande or self.receptions or self.organismes or self.fiches)


def chercher(question: Question) -> Resultats:
    """Look everywhere the question makes sense."""
    if question.transmission is not None:
        return Resultats(question, receptions=_receptions(question.transmission))
    fiches, suite, approchees = queries_fiches.chercher(question)
    return Resultats(
        question,
        demande=_demande(question.demande_id),
        organismes=organismes.chercher(question.texte),
        fiches=fiches,
        fiches_suite=suite,
        approchees=approchees,
    )


def _receptions(uuid: UUID) -> list[ReceptionVue]:
    try:
        return transmissions.detail(uuid)
    except Introuvable:
        return []


def _demande(demande_id: int | None) -> DemandeVue | None:
    try:
        return None if demande_id is None else queries.demande(demande_id)
    except Introuvable:
        return None
