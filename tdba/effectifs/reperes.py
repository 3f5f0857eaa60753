"""What helps somebody who types: communes of a postal code, the name behind a number. Never blocking."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import select

from tdba.db import db
from tdba.effectifs import derives
from tdba.effectifs.changements import Changement
from tdba.effectifs.queries import Ouvert
from tdba.jobs import enqueue_after_commit
from tdba.organismes import entreprises
from tdba.organismes.models import Commune
from tdba.organismes.residence import ARRONDIES

_MONTREES: Final = ("formation", "niveau", "code_insee", "departement")


class Suite(NamedTuple):
    """Another value that a correction changes by itself."""

    champ: str
    avant: str | int | None
    apres: str | int | None


class Employeur(NamedTuple):
    """What the public register says of an employer; `nom` None: it does not know this number, or not yet."""

    siret: str
    nom: str | None
    inconnu: bool
    ferme: bool


def communes_de(code_postal: str | None) -> list[tuple[str, str]]:
    """The communes of a postal code, by name: (INSEE code, words). Districts rather than Paris, Lyon or Marseille."""
    if not code_postal:
        return []
    requete = select(Commune.code_insee, Commune.nom).where(Commune.codes_postaux.contains([code_postal]))
    trouvees = {ligne.code_insee: ligne.nom for ligne in db.session.execute(requete.order_by(Commune.nom))}
    precises = {code: nom for code, nom in trouvees.items() if code not in ARRONDIES} or trouvees
    return [(code, f"{nom} ({code})") for code, nom in precises.items()]


def nom_de_la_commune(code_insee: str | None) -> str | None:
    """In words, when the code is known."""
    if code_insee is None:
        return None
    return db.session.scalar(select(Commune.nom).where(Commune.code_insee == code_insee))


def suites_de(ouvert: Ouvert, changements: Sequence[Changement]) -> list[Suite]:
    """What these corrections change besides: title and level of the formation, commune, département."""
    voulues = {champ: valeur for champ, contrat, valeur in changements if contrat is None}
    trouvees = derives.completees(ouvert, set(voulues), voulues)
    return [
        Suite(champ, getattr(ouvert.effectif, champ), trouvees[champ])
        for champ in _MONTREES
        if champ in trouvees and trouvees[champ] != getattr(ouvert.effectif, champ)
    ]


def employeur(siret: str) -> Employeur:
    """What is known of the number of an employer."""
    connu = entreprises.connues([siret]).get(siret)
    if connu is None:
        return Employeur(siret, None, inconnu=False, ferme=False)
    return Employeur(siret, connu.nom, inconnu=connu.inconnue, ferme=connu.fermee_le is not None)


def apprendre_employeur(siret: str) -> None:
    """Have the public register asked about a number that was just saved."""
    enqueue_after_commit("organismes.apprendre_entreprise", siret=siret)
