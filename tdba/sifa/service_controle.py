"""Checking the file that an ERP made, for somebody who waits for the page: nothing of it is kept (issue 5 part 8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tdba import journal
from tdba.depots import bac
from tdba.depots.bac import Limites
from tdba.depots.garde import MO
from tdba.depots.refus import FichierRefuse
from tdba.errors import ErreurMetier
from tdba.formats import quantite
from tdba.sifa import controle, queries
from tdba.sifa.colonnes import NOMS
from tdba.sifa.controle import ColonnesAbsentes, Constat, Differences, Ligne, Lu, Notre
from tdba.sifa.queries import Compte

TAILLE_MAX: Final = 10 * MO
LIMITES: Final = Limites(processeur=20, attente=20.0, lignes=20_000)


@dataclass(frozen=True, slots=True)
class EnTrop:
    """A line of theirs that our list has not, and why: the record that bears that name, if any."""

    ligne: Ligne
    notre: Compte | None
    autre_site: bool
    """The line says another training site."""


@dataclass(frozen=True, slots=True)
class Controle:
    """All that is said of a file, for one page."""

    lignes: int
    absentes: tuple[str, ...]
    constats: list[Constat]
    differences: Differences
    en_trop: list[EnTrop]
    comptes: int


def controler(organisme_id: int, annee: int, uai: str | None, blocs: Iterable[bytes], nom: str) -> Controle:
    """Read a file and judge it against the rules and our list. Raises ErreurMetier."""
    lu = _lire(blocs, nom)
    dossiers = queries.dossiers(organisme_id, annee)
    notres = [Notre(d.effectif_id, d.rangee) for d in dossiers]
    differences = controle.comparer(lu, notres)
    trouve = Controle(
        lignes=len(lu.lignes),
        absentes=lu.absentes,
        constats=controle.constats(lu, queries.codes_postaux(controle.cites(lu))),
        differences=differences,
        en_trop=_en_trop(organisme_id, annee, uai, differences.en_trop),
        comptes=len(dossiers),
    )
    journal.consigner("sifa.fichier_controle", organisme_id=organisme_id, annee=annee, lignes=trouve.lignes)
    return trouve


def _lire(blocs: Iterable[bytes], nom: str) -> Lu:
    if not nom:
        raise ErreurMetier("Choisissez un fichier sur votre ordinateur.", champ="fichier")
    contenu = bytearray()
    for bloc in blocs:
        contenu += bloc
        if len(contenu) > TAILLE_MAX:
            raise ErreurMetier("Ce fichier dépasse 10 Mo : ce n’est pas un fichier SIFA.", champ="fichier")
    try:
        avec, decalage = controle.avec_entete(bytes(contenu))
        with bac.ouvrir([avec], nom, limites=LIMITES) as feuille:
            return controle.lire(feuille.entetes, feuille.lignes, decalage)
    except FichierRefuse as refus:
        raise ErreurMetier(refus.phrase, champ="fichier") from refus
    except ColonnesAbsentes as absence:
        raise ErreurMetier(
            f"Ce fichier n’est pas un fichier SIFA : il a {quantite(absence.trouvees, 'colonne')}, que nous ne reconnaissons pas. "
            f"Sans ligne de titres, il en faut {len(NOMS)}, dans l’ordre de l’enquête ; avec une ligne de titres, elle "
            "nomme au moins NOM, PRENOM1 et DATE_NAIS.",
            champ="fichier",
        ) from absence


def _en_trop(organisme_id: int, annee: int, uai: str | None, lignes: list[Ligne]) -> list[EnTrop]:
    if not lignes:
        return []
    connus = {
        controle.cle_de(c.nom, c.prenom, c.date_naissance): c for c in queries.comptes(organisme_id, annee)
    }
    return [
        EnTrop(
            ligne,
            connus.get(controle.cle_de_la_ligne(ligne)),
            bool(uai and ligne.rangee["SIT_FORM"] and ligne.rangee["SIT_FORM"] != uai),
        )
        for ligne in lignes
    ]
