"""The file that a person gives: kept by blocks while it is needed, gone once it is read (decision 41)."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert

from tdba import horloge, scope
from tdba.db import db
from tdba.depots import sql
from tdba.depots.garde import MO, TAILLE_MAXIMALE
from tdba.depots.models import Depot
from tdba.errors import ErreurMetier
from tdba.fichiers import Fichier, FichierBloc
from tdba.scope import Droit

GENRE: Final = "depot"
GARDE: Final = timedelta(days=7)
"""How long a file waits for its columns to be matched, and a preview to be confirmed."""
NOM_MAX: Final = 200


def garder(organisme_id: int, personne_id: int, nom: str, blocs: Iterable[bytes]) -> Fichier:
    """Write a file block by block, as it comes. Raises ErreurMetier when it is empty or too big."""
    maintenant = horloge.maintenant()
    fichier = Fichier(
        uuid=uuid.uuid4(),
        organisme_id=organisme_id,
        personne_id=personne_id,
        genre=GENRE,
        nom=nom,
        taille=0,
        cree_le=maintenant,
        expire_le=maintenant + GARDE,
    )
    db.session.add(fichier)
    db.session.flush()
    for rang, bloc in enumerate(blocs):
        fichier.taille += len(bloc)
        if fichier.taille > TAILLE_MAXIMALE:
            raise ErreurMetier(
                f"Ce fichier dépasse {TAILLE_MAXIMALE // MO} Mo, la taille la plus grande que nous lisons.",
                champ="fichier",
            )
        valeurs = {"fichier_id": fichier.id, "organisme_id": organisme_id, "rang": rang, "contenu": bloc}
        db.session.execute(scope.pour_ecriture(insert(FichierBloc).values(valeurs), Droit.CORRIGER))
    if not fichier.taille:
        raise ErreurMetier(
            "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre ordinateur, puis déposez-le à nouveau.",
            champ="fichier",
        )
    return fichier


def blocs_de(fichier_id: int) -> Iterator[bytes]:
    """The bytes of a kept file, one block in memory at a time."""
    connexion, rang = scope.connexion("lecture d’un fichier déposé"), 0
    while (
        bloc := connexion.exec_driver_sql(sql.BLOC, {"fichier_id": fichier_id, "rang": rang}).scalar()
    ) is not None:
        yield bytes(bloc)
        rang += 1


def effacer(depot: Depot) -> None:
    """The file goes as soon as it is of no more use, and its first rows with it."""
    fichier_id, depot.fichier_id, depot.apercu = depot.fichier_id, None, {}
    if fichier_id is not None:
        db.session.flush()
        _supprimer(Fichier.id == fichier_id)


def effacer_expires(maintenant: datetime) -> int:
    """Files that nobody came back for. Returns how many."""
    return _supprimer((Fichier.genre == GENRE) & (Fichier.expire_le < maintenant))


def _supprimer(condition: object) -> int:
    requete = scope.pour_ecriture(delete(Fichier).where(condition), Droit.CORRIGER)  # type: ignore[arg-type]
    return int(db.session.execute(requete).rowcount)  # type: ignore[attr-defined]
