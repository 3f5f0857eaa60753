"""Reading a list that somebody gives, pasted or as a file, in the process that has limits (`tdba.depots.bac`)."""

from collections.abc import Collection, Iterable
from typing import Final

from tdba.depots import bac
from tdba.depots.bac import Limites
from tdba.depots.garde import MO
from tdba.depots.refus import FichierRefuse
from tdba.errors import ErreurMetier
from tdba.rapprochements import liste
from tdba.rapprochements.liste import Liste, SansColonne
from tdba.rapprochements.service import PERSONNES_MAX

TAILLE_MAX: Final = 5 * MO
LIGNES_COLLEES_MAX: Final = 3_000
LIMITES: Final = Limites(processeur=15, attente=20.0, lignes=PERSONNES_MAX)
"""Somebody waits for the page: twenty seconds in all."""


def collee(texte: str, comptees: Collection[str]) -> Liste:
    """Read a pasted text: one identifier a line, or a table whose first line names the columns."""
    if not texte:
        raise ErreurMetier("Collez la liste de votre ERP, une personne par ligne.", champ="liste")
    if len(texte.splitlines()) > LIGNES_COLLEES_MAX:
        raise ErreurMetier(
            "Cette liste compte plus de 3 000 lignes : donnez-la dans un fichier, qui peut en compter 5 000.",
            champ="liste",
        )
    if (lue := liste.identifiants(texte)) is not None:
        return lue
    return _lire([texte.encode()], "liste.csv", comptees, champ="liste")


def fichier(blocs: Iterable[bytes], nom: str, comptees: Collection[str]) -> Liste:
    """Read a file of 5 MB at most, whose first line names the columns."""
    if not nom:
        raise ErreurMetier("Choisissez un fichier sur votre ordinateur.", champ="fichier")
    contenu = bytearray()
    for bloc in blocs:
        contenu += bloc
        if len(contenu) > TAILLE_MAX:
            raise ErreurMetier(
                "Ce fichier dépasse 5 Mo : gardez-en les colonnes utiles seulement.", champ="fichier"
            )
    return _lire([bytes(contenu)], nom, comptees, champ="fichier")


def _lire(blocs: Iterable[bytes], nom: str, comptees: Collection[str], *, champ: str) -> Liste:
    try:
        with bac.ouvrir(blocs, nom, limites=LIMITES) as feuille:
            return liste.tableau(feuille.entetes, feuille.lignes, comptees)
    except FichierRefuse as refus:
        raise ErreurMetier(refus.phrase, champ=champ) from refus
    except SansColonne:
        raise ErreurMetier(
            "Aucune colonne de cette liste ne donne l’identifiant des apprenants dans votre ERP, ni leur nom et leur "
            "prénom. Nommez ces colonnes sur la première ligne, par exemple « Identifiant », « Nom », « Prénom ».",
            champ=champ,
        ) from None
