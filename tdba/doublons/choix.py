"""Two records side by side, and what a merge takes from each (issue 5, "Duplicates"). Pure.

Sides are « a » (the smaller id) and « b ». A field chosen is a side; without a choice, the record kept speaks, unless it
says nothing and the other one does.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tdba.effectifs.champs_corriges import ADRESSE, CONTRAT, FICHE, GROUPES

COTES: Final = ("a", "b")
CONTACT: Final = frozenset(
    {"telephone", "courriel", "courriel_responsable_1", "courriel_responsable_2", "adresse"}
)
"""Keys of what is contact data: shown to who may see it."""

DE_LA_RUPTURE: Final = ("cause_legale", "mediateur_le", "employeur_informe_le", "contestation")
"""What is only said of a rupture: it goes with it."""
DU_CONTRAT: Final = ("fin", "rupture", "employeur_siret", *DE_LA_RUPTURE)
"""Fields of one contract that two records may tell differently."""
D_UN_AJOUT: Final = (
    "debut",
    "fin",
    "rupture",
    "employeur_siret",
    "cause_legale",
    "mediateur_le",
    "employeur_informe_le",
)
"""What a contract taken from the other record brings."""


class Ligne(NamedTuple):
    """One row of the comparison. An address is one row, that is chosen as a whole."""

    cle: str
    libelle: str
    champs: tuple[str, ...]
    a: tuple[Any, ...]
    b: tuple[Any, ...]

    @property
    def differe(self) -> bool:
        return self.a != self.b

    @property
    def contact(self) -> bool:
        return self.cle in CONTACT

    def de(self, cote: str) -> tuple[Any, ...]:
        return self.a if cote == "a" else self.b


class Rapproche(NamedTuple):
    """A contract of each record, or of one only; `lignes` are the fields on which the two differ."""

    a: Any | None
    b: Any | None
    lignes: tuple[Ligne, ...] = ()

    def de(self, cote: str) -> Any | None:
        return self.a if cote == "a" else self.b


class Comparaison(NamedTuple):
    lignes: tuple[Ligne, ...]
    contrats: tuple[Rapproche, ...]

    @property
    def a_choisir(self) -> list[Ligne]:
        """The rows that ask for a choice."""
        return [ligne for ligne in self._toutes() if ligne.differe]

    def _toutes(self) -> Iterable[Ligne]:
        yield from self.lignes
        for rapproche in self.contrats:
            yield from rapproche.lignes


class Voulu(NamedTuple):
    """What the record kept takes from the other one."""

    champs: dict[str, Any]
    contrats: list[tuple[Any, str, Any]]
    """Contract of the record kept, field, value."""
    ajouts: list[Any]
    """Contracts of the other record."""


def comparer(a: Any, b: Any, contrats_a: Sequence[Any], contrats_b: Sequence[Any]) -> Comparaison:
    """Compare two records, field by field."""
    groupe = GROUPES[ADRESSE]
    lignes = [
        _ligne(
            cle,
            "Adresse" if cle == groupe[0] else FICHE[cle].libelle,
            groupe if cle == groupe[0] else (cle,),
            a,
            b,
        )
        for cle in FICHE
        if cle not in groupe[1:]
    ]
    return Comparaison(tuple(lignes), tuple(_rapprocher(contrats_a, contrats_b)))


def _ligne(cle: str, libelle: str, champs: tuple[str, ...], a: Any, b: Any) -> Ligne:
    return Ligne(
        cle, libelle, champs, tuple(getattr(a, c) for c in champs), tuple(getattr(b, c) for c in champs)
    )


def _rapprocher(contrats_a: Sequence[Any], contrats_b: Sequence[Any]) -> Iterable[Rapproche]:
    """The same start with the same employer is one contract; an employer that is not known may be any."""
    libres = list(contrats_b)
    for a in contrats_a:
        b = next((autre for autre in libres if _meme_contrat(a, autre)), None)
        if b is None:
            yield Rapproche(a, None)
            continue
        libres.remove(b)
        lignes = [_ligne(f"contrat-{a.id}-{champ}", CONTRAT[champ], (champ,), a, b) for champ in DU_CONTRAT]
        yield Rapproche(a, b, tuple(ligne for ligne in lignes if ligne.differe))
    yield from (Rapproche(None, b) for b in libres)


def _meme_contrat(a: Any, b: Any) -> bool:
    if a.debut is None or a.debut != b.debut:
        return False
    return a.employeur_siret == b.employeur_siret or not a.employeur_siret or not b.employeur_siret


def cote_de(ligne: Ligne, garder: str, choix: Mapping[str, str]) -> str:
    """The side whose value is taken for this row.

    >>> cote_de(Ligne("ine", "INE", ("ine",), (None,), ("123456789AB",)), "a", {})
    'b'
    """
    choisi = choix.get(ligne.cle)
    if choisi in COTES:
        return choisi
    vide = all(valeur is None for valeur in ligne.de(garder))
    return autre(garder) if vide else garder


def autre(cote: str) -> str:
    return "b" if cote == "a" else "a"


def vouloir(vue: Comparaison, garder: str, choix: Mapping[str, str]) -> Voulu:
    """What the record kept must take: the values chosen on the other side, and the contracts it does not have."""
    champs: dict[str, Any] = {}
    for ligne in vue.lignes:
        if ligne.differe and cote_de(ligne, garder, choix) != garder:
            pris = zip(ligne.champs, ligne.de(autre(garder)), ligne.de(garder), strict=True)
            champs |= {champ: valeur for champ, valeur, actuelle in pris if valeur != actuelle}
    contrats = [pris for rapproche in vue.contrats for pris in _du_contrat(rapproche, garder, choix)]
    ajouts = [r.de(autre(garder)) for r in vue.contrats if r.de(garder) is None]
    return Voulu(champs, contrats, ajouts)


def _du_contrat(
    rapproche: Rapproche, garder: str, choix: Mapping[str, str]
) -> Iterable[tuple[Any, str, Any]]:
    """What a contract kept takes from the same one; without a rupture, nothing is said of one."""
    garde = rapproche.de(garder)
    pris = {
        ligne.champs[0]: ligne.de(autre(garder))[0]
        for ligne in rapproche.lignes
        if cote_de(ligne, garder, choix) != garder
    }
    if rapproche.lignes and pris.get("rupture", getattr(garde, "rupture", None)) is None:
        pris |= dict.fromkeys(DE_LA_RUPTURE)
    return [(garde, champ, valeur) for champ, valeur in pris.items() if valeur != getattr(garde, champ)]


def suggerer(a: Any, b: Any, contrats: Sequence[int]) -> str:
    """Which record to keep when nobody said: the one last sent, then the one with more contracts, then the older."""
    recus = [fiche.transmis_le.timestamp() if fiche.transmis_le else 0.0 for fiche in (a, b)]
    return "b" if (recus[1], contrats[1]) > (recus[0], contrats[0]) else "a"
