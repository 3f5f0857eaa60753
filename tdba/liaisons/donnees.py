"""What a dossier de liaison may hold: kinds of data, their words, and the minimum. Pure.

The name and one way to reach the youth are the minimum; all else is ticked by the référent (issue 6 part 3). Health is
told apart, and only with the youth's dated agreement (decision 16). Codes are stored in `liaison.donnees`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdba.formats import date_longue, liste_et, telephone
from tdba.ruptures.circonstances import OBSTACLES, SANTE, SOUHAITS

IDENTITE: Final = "IDENTITE"
MOYENS: Final[Mapping[str, str]] = {
    "TELEPHONE": "Téléphone",
    "COURRIEL": "Courriel",
    "RESPONSABLE": "Courriel d’un responsable",
}
CHOIX: Final[Mapping[str, str]] = {
    "NAISSANCE": "Date de naissance",
    "COMMUNE": "Commune",
    "FORMATION": "Formation",
    "SITUATION": "Situation",
    "OBSTACLES": "Difficultés signalées",
    "SOUHAIT": "Souhait",
    "REFERENT": "Personne à contacter au CFA",
}
LIBELLES: Final[Mapping[str, str]] = {
    IDENTITE: "Nom et prénom",
    **MOYENS,
    **CHOIX,
    SANTE: "Santé, avec son accord",
}
"""Code → words, in the order in which they are read."""

SITUATIONS: Final[Mapping[str, str]] = {
    "RUPTURE": "contrat rompu le",
    "FIN_DE_CONTRAT": "contrat arrivé à terme sans suite, sans contrat depuis le",
    "SANS_CONTRAT": "sans contrat depuis le",
}
REPONSES: Final[Mapping[str, str]] = {
    "RENDEZ_VOUS": "rendez-vous pris",
    "INJOIGNABLE": "injoignable",
    "AUTRE": "autre suite",
}
VALEUR_MAX: Final = 200
"""Characters of one value: a sealed letter has a bounded size, whatever an ERP sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matiere:
    """The facts of one file that a dossier de liaison may be made of."""

    nom: str
    prenom: str
    date_naissance: date
    genre: str
    depuis: date
    telephone: str | None = None
    courriel: str | None = None
    courriel_responsable: str | None = None
    commune: str | None = None
    formation: str | None = None
    obstacles: Sequence[str] = ()
    accord_sante_le: date | None = None
    souhait: str | None = None
    referent: str | None = None


def valeurs(m: Matiere) -> dict[str, str]:
    """What each kind would say of this youth, in words; a kind of which nothing is known is absent."""
    obstacles = [mots.lower() for code, mots in OBSTACLES.items() if code in m.obstacles and code != SANTE]
    dites = {
        IDENTITE: f"{m.prenom} {m.nom}",
        "TELEPHONE": telephone(m.telephone) if m.telephone else None,
        "COURRIEL": m.courriel,
        "RESPONSABLE": m.courriel_responsable,
        "NAISSANCE": date_longue(m.date_naissance),
        "COMMUNE": m.commune,
        "FORMATION": m.formation,
        "SITUATION": f"{SITUATIONS[m.genre]} {date_longue(m.depuis)}",
        "OBSTACLES": liste_et(obstacles) if obstacles else None,
        "SOUHAIT": SOUHAITS.get(m.souhait or ""),
        "REFERENT": m.referent,
        SANTE: _sante(m),
    }
    return {code: _bornee(dites[code]) for code in LIBELLES if dites[code]}


def _sante(m: Matiere) -> str | None:
    """Nothing of the kind of trouble is ever known: only that there is one, and that the youth agreed to say so."""
    if SANTE not in m.obstacles or m.accord_sante_le is None:
        return None
    return f"une difficulté de santé, signalée avec son accord du {date_longue(m.accord_sante_le)}"


def _bornee(valeur: str | None) -> str:
    nette = " ".join((valeur or "").split())
    return nette if len(nette) <= VALEUR_MAX else f"{nette[: VALEUR_MAX - 1]}…"


def contenu(m: Matiere, codes: Collection[str]) -> list[tuple[str, str]]:
    """The lines (words, value) of the kinds chosen, in the order in which they are read."""
    return [(LIBELLES[code], valeur) for code, valeur in valeurs(m).items() if code in codes]


def en_mots(codes: Collection[str]) -> str:
    """The kinds of data in a sentence: « nom et prénom, téléphone et commune »."""
    return liste_et(mots[0].lower() + mots[1:] for code, mots in LIBELLES.items() if code in codes)
