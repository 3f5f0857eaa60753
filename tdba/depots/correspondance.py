"""Which field each column of a file means: what we propose to the CFA, and why. Pure.

Issue 4: "mapping proposed from headers and content, remembered by the CFA". The name of a column is looked at first,
then its cells, by the very rules that will judge them; a layout already confirmed, or our template, asks nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from tdba.depots.cellules import Cellule
from tdba.depots.conversion import Correspondance, accepte
from tdba.depots.noms_usuels import (
    A_CORRIGER,
    CIBLES,
    COMPOSES,
    champ_de_l_api,
    champ_usuel,
    est_un_nir,
    normaliser,
)
from tdba.transmissions.champs import COUPLES_OBLIGATOIRES, FICHIER, OBLIGATOIRES, RANGS
from tdba.transmissions.identifiants import MASQUE_NIR

IGNOREE = ""
"""In a remembered layout: the CFA said that this column is not read."""


class Confiance(StrEnum):
    CERTAINE = "CERTAINE"
    PROBABLE = "PROBABLE"
    AUCUNE = "AUCUNE"


class Raison(StrEnum):
    """Why a column is proposed so."""

    MODELE = "MODELE"
    RETENUE = "RETENUE"
    NOM = "NOM"
    CONTENU = "CONTENU"
    NOM_CONTREDIT = "NOM_CONTREDIT"
    DOUBLON = "DOUBLON"
    CHAMP_DEJA_PRIS = "CHAMP_DEJA_PRIS"
    INTERDITE = "INTERDITE"
    IGNOREE = "IGNOREE"
    INCONNUE = "INCONNUE"
    VIDE = "VIDE"


class Colonne(NamedTuple):
    """What is proposed for one column."""

    entete: str
    champ: str | None
    confiance: Confiance
    raison: Raison


class Proposition(NamedTuple):
    colonnes: tuple[Colonne, ...]
    manquants: tuple[str, ...]
    """Required fields that no column gives: they want a constant, or the file is refused line by line."""
    copies: Mapping[str, str]
    """A responsable that no column gives and a formateur that one does, or the reverse: the same, unless told otherwise."""

    @property
    def correspondance(self) -> Correspondance:
        return Correspondance(tuple(colonne.champ for colonne in self.colonnes), {}, self.copies)

    @property
    def sans_question(self) -> bool:
        """Nothing to ask: our template, or a layout that was confirmed before."""
        retenues = (Raison.MODELE, Raison.RETENUE)
        return not self.manquants and all(
            c.raison in retenues or (c.champ is None and c.raison is not Raison.INCONNUE)
            for c in self.colonnes
        )


class _Candidat(NamedTuple):
    note: int
    champ: str
    confiance: Confiance
    raison: Raison


_A_CORRIGER = normaliser(A_CORRIGER)
_EXEMPLES_LUS = 20
_ACCEPTATION = 0.5
_RECONNAISSANCE = 0.8
_EXEMPLES_MINIMAUX = 2

# What cells say by their shape alone, and the fields they may then be, the likeliest first.
_FORMES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"), ("email_contact",)),
    (re.compile(r"(?:RNCP|rncp) ?[0-9]{2,5}"), ("formation_rncp",)),
    (re.compile(r"20[0-9]{2}\s*[-/]\s*(?:20)?[0-9]{2}"), ("annee_scolaire",)),
    (re.compile(r"(?:\+33|0033|0)[ .-]?[1-79](?:[ .-]?[0-9]{2}){4}"), ("tel_apprenant",)),
    (re.compile(r"[0-9]{7}[A-Za-z]"), ("etablissement_formateur_uai", "etablissement_responsable_uai")),
    (
        re.compile(r"[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{5}"),
        ("etablissement_formateur_siret", "siret_employeur"),
    ),
    (re.compile(r"[0-9]{9}[A-Za-z]{2}|[0-9]{10}[A-Za-z]|[0-9]{9}[A-Za-z0-9][A-Za-z]"), ("ine_apprenant",)),
    (re.compile(r"M\.?|Mme|Mlle|H|F|Monsieur|Madame|Homme|Femme", re.IGNORECASE), ("sexe_apprenant",)),
)


def proposer(
    entetes: Sequence[str], exemples: Sequence[Sequence[Cellule]], retenue: Mapping[str, str] | None = None
) -> Proposition:
    """Propose a field for each column; `exemples` are some rows of the file, `retenue` what `memoire` gave before.

    A field is proposed once: to the column that is the surest of it, then to the first one. Never raises.
    """
    par_colonne = [_valeurs(exemples, rang) for rang in range(len(entetes))]
    prises: dict[str, int] = {}
    choix: dict[int, Colonne] = {}
    candidats: list[tuple[int, int, _Candidat]] = []
    vus: set[str] = set()
    for rang, entete in enumerate(entetes):
        cle = normaliser(entete)
        if hors_jeu := _hors_jeu(entete, par_colonne[rang], double=bool(cle) and cle in vus):
            choix[rang] = hors_jeu
        elif retenue is not None and retenue.get(cle) == IGNOREE and cle:
            choix[rang] = Colonne(entete, None, Confiance.AUCUNE, Raison.IGNOREE)
        else:
            candidats += [(-c.note, rang, c) for c in _candidats(entete, par_colonne[rang], retenue or {})]
        vus.add(cle)
    for _, rang, candidat in sorted(candidats, key=lambda c: c[:2]):
        if rang not in choix and not _pris(candidat.champ, prises):
            prises[candidat.champ] = rang
            choix[rang] = Colonne(entetes[rang], candidat.champ, candidat.confiance, candidat.raison)
    voulaient = {rang for _, rang, _ in candidats}
    colonnes = tuple(
        choix.get(rang) or _sans_champ(entete, par_colonne[rang], voulait=rang in voulaient)
        for rang, entete in enumerate(entetes)
    )
    copies = copies_proposees(prises)
    return Proposition(colonnes, champs_manquants(prises, copies), copies)


def champs_manquants(donnes: Iterable[str], copies: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the required fields that are not among those given, in the order of the template (domain.md §4.2)."""
    connus = set(donnes)
    if connus & set(COMPOSES):
        connus |= {"nom_apprenant", "prenom_apprenant"}
    connus |= {champ for champ, origine in (copies or {}).items() if origine in connus}
    return tuple(sorted(OBLIGATOIRES[FICHIER] - connus, key=RANGS.__getitem__))


def copies_proposees(donnes: Iterable[str]) -> dict[str, str]:
    """An establishment told once is both the responsable and the formateur, unless the CFA says otherwise."""
    connus = set(donnes)
    copies = {}
    for responsable, formateur in zip(*COUPLES_OBLIGATOIRES, strict=True):
        if formateur in connus and responsable not in connus:
            copies[responsable] = formateur
        if responsable in connus and formateur not in connus:
            copies[formateur] = responsable
    return copies


def signature(entetes: Sequence[str]) -> str:
    """Return what makes two files the same layout, whatever the case, the accents and the order of their columns."""
    noms = sorted({normaliser(entete) for entete in entetes} - {"", _A_CORRIGER})
    return blake2b("\n".join(noms).encode(), digest_size=16).hexdigest()


def memoire(entetes: Sequence[str], correspondance: Correspondance) -> dict[str, str]:
    """Return what is to be remembered of a confirmed correspondance: name of column → field, "" when not read."""
    retenue: dict[str, str] = {}
    for entete, champ in zip(entetes, correspondance.colonnes, strict=False):
        if cle := normaliser(entete):
            retenue.setdefault(cle, champ or IGNOREE)
    return retenue


def _valeurs(exemples: Sequence[Sequence[Cellule]], rang: int) -> list[Cellule]:
    pleines = (r[rang] for r in exemples if rang < len(r) and r[rang] is not None)
    return [valeur for valeur, _ in zip(pleines, range(_EXEMPLES_LUS), strict=False)]


def _hors_jeu(entete: str, valeurs: list[Cellule], *, double: bool) -> Colonne | None:
    """A column that is never read, whatever was remembered of it."""
    if est_un_nir(entete) or MASQUE_NIR in valeurs:
        return Colonne(entete, None, Confiance.CERTAINE, Raison.INTERDITE)
    if normaliser(entete) == _A_CORRIGER:
        return Colonne(entete, None, Confiance.CERTAINE, Raison.IGNOREE)
    return Colonne(entete, None, Confiance.CERTAINE, Raison.DOUBLON) if double else None


def _candidats(entete: str, valeurs: list[Cellule], retenue: Mapping[str, str]) -> list[_Candidat]:
    cle = normaliser(entete)
    retenu = retenue.get(cle) if cle else None
    if retenu in CIBLES:
        return [_Candidat(100, retenu, Confiance.CERTAINE, Raison.RETENUE)]
    if exact := champ_de_l_api(entete):
        return [_Candidat(90, exact, Confiance.CERTAINE, Raison.MODELE)]
    candidats = []
    usuel = champ_usuel(entete)
    if usuel == "etablissement_formateur_siret" and normaliser(entete).endswith("siret") and _varie(valeurs):
        usuel = None  # "SIRET" and nothing else: its cells say whose
    if usuel is not None:
        candidats.append(_par_le_nom(usuel, entete, valeurs))
    candidats += _par_le_contenu(entete, valeurs)
    return candidats


def _par_le_nom(champ: str, entete: str, valeurs: list[Cellule]) -> _Candidat:
    """A known name; its cells may contradict it. Full cells weigh more than none: "Tél 1" empty, "Portable" full."""
    if champ not in COMPOSES and accepte(champ, valeurs) < _ACCEPTATION:
        return _Candidat(20, champ, Confiance.PROBABLE, Raison.NOM_CONTREDIT)
    # Of two names of the same field, the plainer one: "Nom" before "Nom d'usage", "Date de fin" before "Date de fin prévue".
    precision = max(0, 9 - len(normaliser(entete).split()))
    return _Candidat((60 if valeurs else 50) + precision, champ, Confiance.CERTAINE, Raison.NOM)


def _par_le_contenu(entete: str, valeurs: list[Cellule]) -> list[_Candidat]:
    textes = [str(valeur) for valeur in valeurs if not isinstance(valeur, bool)]
    if len(textes) < _EXEMPLES_MINIMAUX:
        return []
    for motif, champs in _FORMES:
        if sum(motif.fullmatch(texte) is not None for texte in textes) >= _RECONNAISSANCE * len(textes):
            possibles = _possibles(entete, champs, textes)
            return [_Candidat(40 - i, c, Confiance.PROBABLE, Raison.CONTENU) for i, c in enumerate(possibles)]
    return []


def _possibles(entete: str, champs: tuple[str, ...], textes: list[str]) -> tuple[str, ...]:
    """Of the fields that cells may be, those that the name of the column allows, the likeliest first."""
    if _SIRET_EMPLOYEUR in champs:
        if _DE_L_EMPLOYEUR & set(normaliser(entete).split()):
            return (_SIRET_EMPLOYEUR,)
        return tuple(reversed(champs)) if _varie(textes) else champs
    return () if (_DE_L_EMPLOYEUR | _D_UN_AUTRE) & set(normaliser(entete).split()) else champs


def _varie(valeurs: Sequence[Cellule]) -> bool:
    """The SIRET of the CFA is nearly the same on every line, those of employers are not."""
    return len(valeurs) >= 5 and len(set(valeurs)) * 2 > len(valeurs)


# Words that make a column one of somebody else than the apprentice, whatever its cells look like.
_DE_L_EMPLOYEUR = frozenset(["employeur", "entreprise", "societe"])
_D_UN_AUTRE = frozenset(
    ["tuteur", "maitre", "mere", "pere", "responsable", "representant", "referent", "formateur", "opco"]
)
_SIRET_EMPLOYEUR = "siret_employeur"


def _pris(champ: str, prises: Mapping[str, int]) -> bool:
    if champ in prises:
        return True
    if champ in COMPOSES:
        return any(autre in prises for autre in (*COMPOSES, "nom_apprenant", "prenom_apprenant"))
    return champ in ("nom_apprenant", "prenom_apprenant") and any(autre in prises for autre in COMPOSES)


def _sans_champ(entete: str, valeurs: list[Cellule], *, voulait: bool) -> Colonne:
    raison = Raison.CHAMP_DEJA_PRIS if voulait else Raison.INCONNUE if valeurs else Raison.VIDE
    return Colonne(entete, None, Confiance.AUCUNE, raison)
