"""The columns of each export: words, kind, and the rights that they need beside those of the list. Pure.

What an agent of the State reads on screen is what they may take away, and no more: every other column needs CORRIGER.
Contact data needs VOIR_COORDONNEES and is never chosen in advance (issue 5 part 7). What is asked for SIFA alone is in no
other export (decision 16).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from tdba import formats
from tdba.effectifs.statuts import Motif, Statut
from tdba.portee import Droit
from tdba.ruptures import natures
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT

Cellule = str | int | date | None


class Genre(Enum):
    """How a cell is typed in a workbook."""

    TEXTE = "texte"
    JOUR = "jour"
    NOMBRE = "nombre"


@dataclass(frozen=True, slots=True)
class Colonne:
    """One column on offer. `dire` turns what SQL gives into what is written."""

    code: str
    libelle: str
    genre: Genre = Genre.TEXTE
    droits: frozenset[Droit] = frozenset()
    """Rights needed beside the one of the list."""
    defaut: bool = False
    dire: Callable[[Any], Cellule] | None = None

    @property
    def coordonnee(self) -> bool:
        return Droit.VOIR_COORDONNEES in self.droits


CFA: Final = frozenset({Droit.CORRIGER})
CONTACT: Final = frozenset({Droit.VOIR_COORDONNEES})

SANS_STATUT: Final = -1
"""What SQL gives for a record that no rule could place (decision 8); 0 is an entry still to come."""

_MOTS: Final[Mapping[tuple[Statut, Motif | None], str]] = {
    (Statut.INSCRIT, None): "inscrit sans contrat",
    (Statut.APPRENTI, None): "apprenti",
    (Statut.RUPTURANT, Motif.RUPTURE): "en rupture",
    (Statut.RUPTURANT, Motif.FIN_DE_CONTRAT): "contrat arrivé à terme",
    (Statut.ABANDON, Motif.EXCLUSION): "sorti",
    (Statut.ABANDON, Motif.DELAI_SANS_CONTRAT): "délai dépassé",
    (Statut.ABANDON, Motif.DELAI_APRES_RUPTURE): "délai dépassé",
    (Statut.FIN_DE_FORMATION, None): "fin de formation",
}
STATUTS: Final[Mapping[int, str]] = {
    SANS_STATUT: "sans statut",
    0: "entrée à venir",
    **{int(s) * 100 + (0 if m is None else int(m)): mot for (s, m), mot in _MOTS.items()},
}
"""Status × 100 + motif → the words of the screen: nobody is "en rupture" without a broken contract (decision 9)."""


def _telephone(recu: str | None) -> str | None:
    return formats.telephone(recu).replace(formats.INSECABLE, " ") if recu else None


def _oui(recu: Any) -> str | None:
    return "oui" if recu else None


def _sexe(recu: str | None) -> str | None:
    return {"F": "féminin", "M": "masculin"}.get(recu or "")


NOM: Final = Colonne("nom", "Nom", defaut=True)
PRENOM: Final = Colonne("prenom", "Prénom", defaut=True)
NAISSANCE: Final = Colonne("date_naissance", "Date de naissance", Genre.JOUR, CFA, defaut=True)
AGE: Final = Colonne("age", "Âge", Genre.NOMBRE, defaut=True)
FORMATION: Final = Colonne("formation", "Formation", defaut=True)
ETABLISSEMENT: Final = Colonne("etablissement", "Établissement", defaut=True)
TELEPHONE: Final = Colonne("telephone", "Téléphone", droits=CONTACT, dire=_telephone)
COURRIEL: Final = Colonne("courriel", "Courriel", droits=CONTACT)

EFFECTIFS: Final = (
    NOM,
    PRENOM,
    NAISSANCE,
    AGE,
    Colonne("sexe", "Sexe", droits=CFA, dire=_sexe),
    Colonne("statut", "Statut", defaut=True, dire=STATUTS.get),
    Colonne("depuis", "Statut depuis le", Genre.JOUR, defaut=True),
    FORMATION,
    Colonne("rncp", "Code RNCP"),
    Colonne("cfd", "Code formation diplôme", droits=CFA),
    Colonne("niveau", "Niveau", Genre.NOMBRE, defaut=True),
    Colonne("annee_formation", "Année de formation", Genre.NOMBRE, CFA),
    Colonne("annee_scolaire", "Année scolaire", defaut=True),
    ETABLISSEMENT,
    Colonne("uai", "UAI de l’établissement"),
    Colonne("siret", "SIRET de l’établissement"),
    Colonne("date_inscription", "Inscription", Genre.JOUR, CFA),
    Colonne("date_entree", "Entrée en formation", Genre.JOUR, CFA, defaut=True),
    Colonne("date_fin", "Fin de formation", Genre.JOUR, CFA, defaut=True),
    Colonne("contrat_debut", "Dernier contrat, début", Genre.JOUR, CFA, defaut=True),
    Colonne("contrat_fin", "Dernier contrat, fin prévue", Genre.JOUR, CFA),
    Colonne("contrat_rupture", "Dernier contrat, rupture", Genre.JOUR, CFA),
    Colonne("employeur_siret", "SIRET de l’employeur", droits=CFA),
    Colonne("id_erp", "Numéro dans l’ERP", droits=CFA),
    Colonne("ine", "INE", droits=CFA),
    Colonne("corrige", "Corrigé ici", droits=CFA, dire=_oui),
    TELEPHONE,
    COURRIEL,
    Colonne("adresse", "Adresse", droits=CFA | CONTACT),
    Colonne("code_postal", "Code postal", droits=CFA | CONTACT),
    Colonne("courriel_responsable_1", "Courriel du responsable légal", droits=CFA | CONTACT),
    Colonne("courriel_responsable_2", "Courriel du second responsable légal", droits=CFA | CONTACT),
)


def _demarche(recue: Sequence[str | None] | None) -> str | None:
    """Nature and result of a step: « appel, joint »."""
    if not recue or recue[0] is None:
        return None
    return natures.en_mots(recue[0], recue[1])


_DEPUIS: Final[Mapping[str, tuple[str, str]]] = {
    RUPTURE: ("Rupture du", "Maintien jusqu’au"),
    FIN_DE_CONTRAT: ("Contrat à terme, sans suite depuis le", "Formation jusqu’au"),
    SANS_CONTRAT: ("Sans contrat depuis le", "Trois mois le"),
}


def _issue(recue: str | None) -> str | None:
    """What a step announced of the end: « employeur trouvé »."""
    return natures.en_mots(recue) if recue else None


def de_suivi(genre: str) -> tuple[Colonne, ...]:
    """The columns of a worklist: what its rows say."""
    depuis, echeance = _DEPUIS[genre]
    return (
        NOM,
        PRENOM,
        NAISSANCE,
        AGE,
        FORMATION,
        ETABLISSEMENT,
        Colonne("depuis", depuis, Genre.JOUR, defaut=True),
        Colonne("jours", "Jours", Genre.NOMBRE, defaut=True),
        Colonne("echeance", echeance, Genre.JOUR, defaut=True),
        Colonne("referent", "Référent", defaut=True),
        Colonne("derniere_le", "Dernière démarche le", Genre.JOUR, defaut=True),
        Colonne("derniere", "Dernière démarche", defaut=True, dire=_demarche),
        Colonne("prochaine_le", "Prochaine étape le", Genre.JOUR, defaut=True),
        Colonne("issue", "Issue annoncée", dire=_issue),
        TELEPHONE,
        COURRIEL,
    )


A_REGLER: Final = (
    Colonne("consequence", "Conséquence", defaut=True),
    Colonne("objet", "Ce qui est à régler", defaut=True),
    Colonne("phrase", "En détail", defaut=True),
    Colonne("geste", "Ce qu’il faut faire", defaut=True),
    Colonne("acteur", "Qui", defaut=True),
    NOM,
    PRENOM,
    Colonne("annee_scolaire", "Année scolaire", defaut=True),
    ETABLISSEMENT,
    Colonne("depuis", "Depuis le", Genre.JOUR, defaut=True),
)


def permises(colonnes: Iterable[Colonne], a: Callable[[Droit], bool]) -> list[Colonne]:
    """Those that somebody with these rights may choose."""
    return [c for c in colonnes if all(a(droit) for droit in c.droits)]
