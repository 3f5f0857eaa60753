"""From one received line to typed values, or to what is wrong with it. Pure: no database, no clock, no I/O.

The rules are those of the existing service (domain.md §4.2, §4.3, and §4.4 step 4), made stricter by decision 13.
Each field has its row in `champs`, each rule its function in `normes`, `dates`, `telephones`, `identifiants`.

Written by hand rather than with a validation library: normalising comes before checking on nearly every field, wrong
values are set aside rather than refused on some, and the wording of each refusal is fixed. `benchmarks/lignes.py`
measures it: 33,000 to 36,000 full lines (37 fields) a second on one of two cores, Python 3.11; 28,000 or more with
phone numbers from overseas or days sent as instants; json.loads reads 175,000 of the same lines.
"""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from hashlib import blake2b
from json import JSONEncoder
from typing import Any, NamedTuple

from tdba.transmissions import champs, refus
from tdba.transmissions.champs import ERP, FICHIER
from tdba.transmissions.conservation import Conservable, conserver, sans_donnees_interdites
from tdba.transmissions.identifiants import est_un_nir, siret_valide, uai_valide
from tdba.transmissions.refus import Refus

__all__ = [
    "CHAMPS_SIFA",
    "ERP",
    "FICHIER",
    "REGLES_EMPREINTE",
    "VERSION_REGLES",
    "ContratLu",
    "Erreur",
    "LigneLue",
    "Signalement",
    "contrats",
    "empreinte",
    "identifiant_de_fichier",
    "lire",
    "sans_donnees_interdites",
]

# To raise with any rule that gives other values to the same line: unchanged lines are then applied again (decision 15).
VERSION_REGLES = 2

REGLES_EMPREINTE = VERSION_REGLES.to_bytes(2, "big")
"""How a fingerprint begins: one made under other rules is told apart without reading the line again."""

CHAMPS_SIFA = champs.CHAMPS_SIFA

CoupleConnu = Callable[[str, str], bool]


class Erreur(NamedTuple):
    """Why a line is refused: the field (its API name, "" for the whole line) and the sentence to show."""

    champ: str
    message: str


class Signalement(NamedTuple):
    """A wrong value that does not refuse the line: kept as received, not used, an anomaly later (decision 13)."""

    champ: str
    recu: Conservable


class LigneLue(NamedTuple):
    """A line once read. `valeurs` has the fields that are sent and right, and no other; a field in `erreurs` is not in it."""

    valeurs: dict[str, Any]
    erreurs: tuple[Erreur, ...] = ()
    signalements: tuple[Signalement, ...] = ()

    @property
    def valide(self) -> bool:
        return not self.erreurs


class ContratLu(NamedTuple):
    """One contract of a line; it exists when its start is sent (domain.md §4.4 step 5)."""

    debut: date
    fin: date | None
    rupture: date | None
    cause: str | None
    siret_employeur: str | None


class _ChampsDeContrat(NamedTuple):
    debut: str
    fin: str
    rupture: str
    cause: str
    siret: str


_CONTRATS = tuple(
    _ChampsDeContrat(
        f"contrat_date_debut{suffixe}",
        f"contrat_date_fin{suffixe}",
        f"contrat_date_rupture{suffixe}",
        f"cause_rupture_contrat{suffixe}",
        f"siret_employeur{suffixe}",
    )
    for suffixe in champs.SUFFIXES_DE_CONTRAT
)
_NORMALISEURS = {
    (source, sifa): champs.normaliseurs(source, sifa=sifa)
    for source in champs.SOURCES
    for sifa in (True, False)
}


def lire(
    ligne: object, *, source: str, couple_connu: CoupleConnu | None = None, sifa: bool = True
) -> LigneLue:
    """Read one line of the API (`source="ERP"`) or of a spreadsheet (`source="FICHIER"`). Whatever the line, no exception.

    `couple_connu(uai, siret)` says whether the référentiel knows a couple; it is asked only when a key is wrong, and a
    known couple is then accepted (decision 13). What it raises is not caught: a database that is down is not a wrong line.
    With `sifa=False` the SIFA fields are ignored like unknown ones (decision 16).
    """
    normaliseurs = _NORMALISEURS.get((source, sifa))
    if normaliseurs is None:
        raise ValueError(f"unknown source: {source!r}")
    if not isinstance(ligne, dict):
        return LigneLue({}, (Erreur("", refus.LIGNE_INATTENDUE.message),))
    valeurs: dict[str, Any] = {}
    refuses: dict[str, Refus] = {}
    signalements: list[Signalement] = []
    for champ, recu in (_cellules(ligne) if source == FICHIER else ligne).items():
        if recu is None or (normaliseur := normaliseurs.get(champ)) is None:
            continue
        lu = normaliseur(recu)
        if type(lu) is Refus:
            if champ in champs.CHAMPS_MIS_DE_COTE:
                signalements.append(Signalement(champ, conserver(recu)))
            else:
                refuses[champ] = lu
        elif lu is not None:
            valeurs[champ] = lu
    _controler(valeurs, refuses, source, couple_connu)
    for champ in refuses:
        valeurs.pop(champ, None)
    return LigneLue(valeurs, _en_ordre(refuses), tuple(sorted(signalements, key=_rang)))


def contrats(valeurs: dict[str, Any]) -> list[ContratLu]:
    """Return the contracts of a line, in the order of their suffixes; a lone employer or end is not a contract."""
    return [
        ContratLu(
            valeurs[noms.debut],
            valeurs.get(noms.fin),
            valeurs.get(noms.rupture),
            valeurs.get(noms.cause),
            valeurs.get(noms.siret),
        )
        for noms in _CONTRATS
        if noms.debut in valeurs
    ]


def empreinte(valeurs: dict[str, Any], signalements: Iterable[Signalement] = ()) -> bytes:
    """Return 18 bytes that are the same for the same values under the same rules, whatever the order of keys (decision 15).

    The first two are `REGLES_EMPREINTE`. Give the `signalements` too, so that a line whose only change is a value set
    aside is not taken for unchanged.
    """
    texte = _CANONIQUE([valeurs, sorted(signalements, key=_rang)])
    return REGLES_EMPREINTE + blake2b(texte.encode("ascii"), digest_size=16).digest()


def identifiant_de_fichier(nom: str, prenom: str, naissance: date) -> str:
    """Return the id of somebody a spreadsheet names without an id: 32 hexadecimal characters (domain.md §4.3).

    Case, accents and punctuation do not count, so that "Léa-Maë" and "LEA MAE" stay one record.
    """
    cle = "|".join([_lettres(prenom), _lettres(nom), naissance.isoformat()])
    return blake2b(cle.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _cellules(ligne: dict[Any, object]) -> dict[Any, object]:
    """Return the cells of a row that hold something: texts trimmed, blank cells gone (domain.md §4.3)."""
    cellules = {champ: recu.strip() if isinstance(recu, str) else recu for champ, recu in ligne.items()}
    return {champ: recu for champ, recu in cellules.items() if recu != ""}


def _controler(
    valeurs: dict[str, Any], refuses: dict[str, Refus], source: str, couple_connu: CoupleConnu | None
) -> None:
    """Add to `refuses` what only the whole line can tell."""
    naissance = valeurs.get("date_de_naissance_apprenant")
    for champ in champs.IDENTIFIANTS_DE_PERSONNE:
        if champ in valeurs and est_un_nir(valeurs[champ], naissance):
            refuses[champ] = refus.RESSEMBLE_A_UN_NIR
    if (
        source == FICHIER
    ):  # after: an id of ours is hexadecimal, and digits of it may look like a NIR by accident
        _completer(valeurs)
    if not champs.OBLIGATOIRES[source] <= valeurs.keys():
        for champ in champs.OBLIGATOIRES[source] - valeurs.keys() - refuses.keys():
            refuses[champ] = refus.CHAMP_OBLIGATOIRE
    for champ_uai, champ_siret in champs.COUPLES_OBLIGATOIRES:
        _controler_couple(valeurs, refuses, (champ_uai, champ_siret), couple_connu)
    for noms in _CONTRATS:
        if noms.debut not in valeurs:
            _controler_contrat_sans_debut(valeurs, refuses, noms)
    entree, fin = valeurs.get("date_entree_formation"), valeurs.get("date_fin_formation")
    if entree and fin and fin < entree:
        refuses["date_fin_formation"] = refus.FIN_AVANT_ENTREE


def _completer(valeurs: dict[str, Any]) -> None:
    """Give a row of a spreadsheet the id that the template has no column for."""
    nom, prenom = valeurs.get("nom_apprenant"), valeurs.get("prenom_apprenant")
    naissance = valeurs.get("date_de_naissance_apprenant")
    if "id_erp_apprenant" not in valeurs and nom and prenom and naissance:
        valeurs["id_erp_apprenant"] = identifiant_de_fichier(nom, prenom, naissance)


def _controler_couple(
    valeurs: dict[str, Any],
    refuses: dict[str, Refus],
    noms: tuple[str, str],
    couple_connu: CoupleConnu | None,
) -> None:
    """Check the keys of a required establishment; a couple known to our référentiel is right (decision 13)."""
    uai, siret = valeurs.get(noms[0]), valeurs.get(noms[1])
    uai_faux = uai is not None and not uai_valide(uai)
    siret_faux = siret is not None and not siret_valide(siret)
    if not (uai_faux or siret_faux):
        return
    if couple_connu is not None and uai is not None and siret is not None and couple_connu(uai, siret):
        return
    if uai_faux:
        refuses[noms[0]] = refus.UAI_LETTRE_FAUSSE
    if siret_faux:
        refuses[noms[1]] = refus.SIRET_CLE_FAUSSE


def _controler_contrat_sans_debut(
    valeurs: dict[str, Any], refuses: dict[str, Refus], noms: _ChampsDeContrat
) -> None:
    """A contract told without its start: one issue on what is told, one on the start (domain.md §4.4 step 4).

    A start that is sent but unreadable is already an issue of its own. A lone employer is not a contract.
    """
    orphelins = [champ for champ in (noms.fin, noms.rupture, noms.cause) if champ in valeurs]
    if orphelins and noms.debut not in refuses:
        refuses[orphelins[0]] = refus.contrat_sans_debut(orphelins, noms.debut)
        refuses[noms.debut] = refus.debut_manquant(orphelins, noms.debut)


def _en_ordre(refuses: dict[str, Refus]) -> tuple[Erreur, ...]:
    """Return the errors in the order of the fields, not in that of the keys received."""
    return tuple(sorted((Erreur(champ, motif.message) for champ, motif in refuses.items()), key=_rang))


def _rang(element: Erreur | Signalement) -> int:
    return champs.RANGS[element.champ]


def _lettres(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte).casefold()
    return "".join(caractere for caractere in decompose if caractere.isalnum())


_CANONIQUE = JSONEncoder(sort_keys=True, separators=(",", ":"), default=date.isoformat).encode
