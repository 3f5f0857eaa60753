"""A file read for somebody who has no right yet: checked, shown to them alone, and nothing of it is kept (issue 3)."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from tdba import journal
from tdba.depots import bac
from tdba.depots.bac import Limites
from tdba.depots.conversion import Correspondance, appliquer, lire_ligne
from tdba.depots.correspondance import champs_manquants, copies_proposees, proposer
from tdba.depots.refus import FichierRefuse
from tdba.depots.service_lecture import EXEMPLES
from tdba.effectifs import a_part
from tdba.errors import ErreurMetier
from tdba.organismes import queries as organismes
from tdba.transmissions import normes
from tdba.transmissions.lignes import Erreur, LigneLue
from tdba.transmissions.service import NON_TROUVE

LIGNES_MAX: Final = 2_000
TAILLE_MAX: Final = 5_000_000
PREMIERES: Final = 10
RANGS_MAX: Final = 20
LIMITES: Final = Limites(processeur=20, attente=20.0, lignes=LIGNES_MAX)


class Cause(NamedTuple):
    champ: str
    message: str
    rangs: list[int]


class Rapport(NamedTuple):
    """What the rules say of a file. `premieres`: row, name, first name, whether it is accepted."""

    lignes: int
    refusees: int
    causes: list[Cause]
    colonnes: list[tuple[str, str | None]]
    manquants: list[str]
    remarques: list[str]
    premieres: list[tuple[int, str, str, bool]]


def essayer(nom: str, blocs: Iterable[bytes]) -> Rapport:
    """Read a file and say what would be accepted. Stores nothing; journals counts only. Raises ErreurMetier."""
    if not nom:
        raise ErreurMetier("Choisissez un fichier sur votre ordinateur.", champ="fichier")
    try:
        with bac.ouvrir(_bornes(blocs), nom, limites=LIMITES) as feuille:
            rangees = list(feuille.lignes)
    except FichierRefuse as refus:
        raise ErreurMetier(refus.phrase, champ="fichier") from refus
    exemples = [cellules for _, cellules in islice(rangees, EXEMPLES)]
    proposition = proposer(feuille.entetes, exemples)
    donnes = [c.champ for c in proposition.colonnes if c.champ]
    correspondance = Correspondance(
        tuple(c.champ for c in proposition.colonnes), {}, copies_proposees(donnes)
    )
    lues = _lire(correspondance, rangees)
    refusees = sum(1 for _, lue in lues if lue.erreurs)
    journal.consigner("depot.essai", lignes=len(lues), refusees=refusees)
    return Rapport(
        len(lues),
        refusees,
        _causes(lues),
        [(c.entete, c.champ) for c in proposition.colonnes],
        list(champs_manquants(donnes, correspondance.copies)),
        [remarque.phrase for remarque in feuille.remarques],
        [_premiere(rang, lue) for rang, lue in lues[:PREMIERES]],
    )


def _bornes(blocs: Iterable[bytes]) -> Iterable[bytes]:
    taille = 0
    for bloc in blocs:
        taille += len(bloc)
        if taille > TAILLE_MAX:
            raise ErreurMetier("Pour cet essai, un fichier pèse 5 Mo au plus.", champ="fichier")
        yield bloc


def _lire(correspondance: Correspondance, rangees: Sequence[Any]) -> list[tuple[int, LigneLue]]:
    """Under every rule but one's rights: a couple that nobody knows is said too."""
    cites = {
        couple
        for _, cellules in rangees
        for cote in ("formateur", "responsable")
        if (couple := _couple(appliquer(correspondance, cellules).champs, cote))
    }
    connus = set(organismes.couples(cites))
    sifa = a_part.attendu()
    lues = (
        (rang, lire_ligne(correspondance, cellules, couple_connu=lambda u, s: (u, s) in connus, sifa=sifa))
        for rang, cellules in rangees
    )
    return [(rang, _inconnus(lue, connus)) for rang, lue in lues]


def _inconnus(lue: LigneLue, connus: set[tuple[str | None, str]]) -> LigneLue:
    """Add what the intake says of an establishment that nobody knows."""
    erreurs = list(lue.erreurs)
    for cote, phrase in NON_TROUVE.items():
        cles = [f"etablissement_{cote}_{quoi}" for quoi in ("uai", "siret")]
        uai, siret = (lue.valeurs.get(cle) for cle in cles)
        if uai and siret and (uai, siret) not in connus:
            erreurs += [Erreur(cle, phrase) for cle in cles]
    return lue._replace(erreurs=tuple(erreurs))


def _couple(champs: dict[str, Any], cote: str) -> tuple[str, str] | None:
    uai = normes.uai(champs.get(f"etablissement_{cote}_uai"))
    siret = normes.siret(champs.get(f"etablissement_{cote}_siret"))
    return (uai, siret) if isinstance(uai, str) and isinstance(siret, str) else None


def _causes(lues: Sequence[tuple[int, LigneLue]]) -> list[Cause]:
    """The reasons of refusal, the most frequent first, with the first lines of each."""
    rangs: dict[tuple[str, str], list[int]] = {}
    for rang, lue in lues:
        for erreur in lue.erreurs:
            rangs.setdefault((erreur.champ, erreur.message), []).append(rang)
    trouvees = [Cause(champ, message, siens) for (champ, message), siens in rangs.items()]
    return sorted(trouvees, key=lambda c: (-len(c.rangs), c.champ, c.message))


def _premiere(rang: int, lue: LigneLue) -> tuple[int, str, str, bool]:
    valeurs = lue.valeurs
    return rang, valeurs.get("nom_apprenant", ""), valeurs.get("prenom_apprenant", ""), lue.valide
