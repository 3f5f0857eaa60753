"""The sheet of one apprentice as its templates read it: values and where they stand, no words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from tdba.effectifs import champs_corriges
from tdba.effectifs.ajouts import Annotation, Geste
from tdba.effectifs.encarts import Encart
from tdba.effectifs.frise import Frise
from tdba.effectifs.models import Effectif
from tdba.effectifs.queries_fiche import ContratLu, FicheLue
from tdba.effectifs.raisons import EtapeLue
from tdba.formats import INSECABLE

CLOSES_MONTREES: Final = 5
"""Corrections no longer in force that the sheet itself shows; the story has them all."""
NON_COMPTE: Final = 1
URGENT: Final = 2
"""What is not counted, or runs against a legal delay, comes before what the slices to the right propose."""
CONTACT: Final = frozenset(
    {
        "telephone",
        "courriel",
        "courriel_responsable_1",
        "courriel_responsable_2",
        "adresse",
        "code_postal",
        "code_insee",
    }
)
"""Shown on demand only: neither their values nor what was corrected of them are in the first page (decision 21)."""


AFFICHES: Final = CONTACT | {
    "nom",
    "prenom",
    "sexe",
    "date_naissance",
    "ine",
    "formation",
    "rncp",
    "cfd",
    "annee_formation",
    "duree_mois",
    "date_inscription",
    "date_entree",
    "date_fin",
    "date_exclusion",
    "cause_exclusion",
    "debut",
    "fin",
    "rupture",
    "cause_legale",
    "employeur_siret",
}
"""Fields that have a place of their own on the sheet: what is wrong with another is said with the whole."""


class Action(NamedTuple):
    """The one thing to do, in the head. Without `url` it is the correction of the field."""

    phrase: str
    libelle: str
    url: str | None
    champ: str | None = None
    contrat_id: int | None = None


class Ancree(NamedTuple):
    """A field with something wrong, and where it is on the page."""

    libelle: str
    ancre: str


class ContratVu(NamedTuple):
    """A contract of the sheet. `corriges`: field → instant of its correction in force."""

    contrat: ContratLu
    rang: int
    corriges: Mapping[str, datetime]
    siret_recu: str | None
    """Employer's number received and not used (decision 13)."""
    cause: str | None
    """How it ended in law, in words."""
    cause_estimee: bool
    contestee: str | None
    """Why the CFA contests its rupture, in words that follow a colon."""


class LigneHistorique(NamedTuple):
    """One correction as the history tells it; values typed as their field."""

    id: int
    champ: str
    contrat_id: int | None
    rang: int | None
    libelle: str
    avant: Any
    valeur: Any
    conflit: Any
    motif: str
    """In words."""
    commentaire: str | None
    auteur: str
    demande_id: int | None
    etat: str
    le: datetime
    close_le: datetime | None
    en_vigueur: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """The sheet of one apprentice."""

    lue: FicheLue
    etape: EtapeLue | None
    """The step of the day; None before the first one, or without any."""
    suivante: EtapeLue | None
    dessin: Frise | None
    contrats: Sequence[ContratVu]
    historique: Sequence[LigneHistorique]
    corriges: Mapping[str, datetime]
    mises_de_cote: Mapping[str, str]
    mineur: bool
    contact: bool
    """How to reach the youth may be asked for: a right of its own (VOIR_COORDONNEES, decision 21)."""
    encarts: Sequence[Encart]
    annotations: Sequence[Annotation]
    gestes: Sequence[Geste]

    @property
    def effectif(self) -> Effectif:
        return self.lue.effectif

    @property
    def etapes(self) -> Sequence[EtapeLue]:
        return self.lue.etapes

    @property
    def action(self) -> Action | None:
        """What costs most to leave as it is, else what a slice proposes, else any point."""
        points = [Action(a.phrase, a.geste, a.url, a.champ, a.contrat_id) for a in self.annotations]
        urgents = [p for p, a in zip(points, self.annotations, strict=True) if a.consequence <= URGENT]
        proposes = [
            Action(f"{e.titre}{INSECABLE}: {e.phrase}", e.libelle or "Ouvrir", e.url)
            for e in self.encarts
            if e.url
        ]
        return next(iter((*urgents, *proposes, *points)), None)

    @property
    def ailleurs(self) -> Sequence[Annotation]:
        """What is wrong with the record as a whole."""
        return [a for a in self.annotations if a.champ is None and a.contrat_id is None]

    @property
    def ancrees(self) -> Sequence[Ancree]:
        """The fields with something wrong, the costliest first, each once."""
        fautifs = [a for a in self.annotations if a.champ is not None or a.contrat_id is not None]
        return list(dict.fromkeys(Ancree(libelle(a.champ or "contrat"), _ancre(a)) for a in fautifs))

    @property
    def non_comptee(self) -> bool:
        """A point already says that this record is counted nowhere."""
        return any(a.consequence == NON_COMPTE for a in self.annotations)

    def notes(self, champ: str | None, contrat_id: int | None = None) -> Sequence[Annotation]:
        """What is wrong with one field."""
        return [a for a in self.annotations if (a.champ, a.contrat_id) == (champ, contrat_id)]

    def anciennes(self, champ: str, contrat_id: int | None = None) -> Sequence[LigneHistorique]:
        """The corrections of one field, the last first: what it was worth before."""
        return [h for h in self.historique if (h.champ, h.contrat_id) == (champ, contrat_id)]

    @property
    def dernieres(self) -> Sequence[LigneHistorique]:
        """Corrections that the sheet lists: all those in force, and the last closed ones; none about contact."""
        montrables = [h for h in self.historique if h.champ not in CONTACT]
        closes = [h.id for h in montrables if not h.en_vigueur][:CLOSES_MONTREES]
        return [h for h in montrables if h.en_vigueur or h.id in closes]


def libelle(champ: str | None) -> str:
    """The name of a field, as on the sheet."""
    return champs_corriges.LIBELLES.get(champ or "", "Une valeur")


def _ancre(annotation: Annotation) -> str:
    if annotation.champ is None:
        return f"contrat-{annotation.contrat_id}"
    suffixe = f"-{annotation.contrat_id}" if annotation.contrat_id is not None else ""
    return f"champ-{annotation.champ}{suffixe}"


def ancrer(annotation: Annotation) -> Annotation:
    """Leave the field only when the sheet has a place for it."""
    return annotation if annotation.champ in AFFICHES else annotation._replace(champ=None)
