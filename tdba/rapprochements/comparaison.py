"""Two lists of people, and every unit of their difference with its reason. Pure.

Issue 4, "Rapprochement": one person of one list meets one record of the other, once; whoever is left is one row, with
one reason. So what is counted here, with the rows that are missing and without those in excess, is what is announced.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeVar

Personne = tuple[str, date]
"""Normalised name and birth date: what makes two records the same person."""


class Raison(StrEnum):
    """Why a person makes a difference. The first ones are announced and not counted here, the others the reverse."""

    DOUBLE_LISTE = "DOUBLE_LISTE"
    AUTRE_STATUT = "AUTRE_STATUT"
    CORBEILLE = "CORBEILLE"
    REFUSEE = "REFUSEE"
    EN_ATTENTE = "EN_ATTENTE"
    INCONNU = "INCONNU"
    AUTRE_SITE = "AUTRE_SITE"
    AUTRE_ANNEE = "AUTRE_ANNEE"
    JAMAIS = "JAMAIS"
    STATUT_COMPTE = "STATUT_COMPTE"
    DOUBLON = "DOUBLON"
    DOUBLON_AILLEURS = "DOUBLON_AILLEURS"
    PLUS_TRANSMISE = "PLUS_TRANSMISE"
    ABSENTE = "ABSENTE"


EN_TROP: Final = frozenset(
    {
        Raison.STATUT_COMPTE,
        Raison.DOUBLON,
        Raison.DOUBLON_AILLEURS,
        Raison.PLUS_TRANSMISE,
        Raison.ABSENTE,
    }
)
"""Counted here, not announced. Every other reason is announced and not counted here."""

COTE_ERP: Final = frozenset({Raison.DOUBLE_LISTE, Raison.AUTRE_SITE})
"""Settled in what the ERP counts; the others in what is counted here."""


class Dit(NamedTuple):
    """One person that the ERP announces. `compte`: as one of those compared (an apprentice, say)."""

    rang: int
    id_erp: str | None = None
    recherche: str | None = None
    naissance: date | None = None
    compte: bool = True
    ligne: int | None = None
    """The line that it is, when what the ERP sent is the list."""


class Fiche(NamedTuple):
    """One record of the establishment, in the years that figures count. `compte`: counted on that day."""

    id: int
    id_erp: str
    recherche: str
    naissance: date
    compte: bool
    corbeille: bool = False
    plus_transmise: bool = False


class Ailleurs(NamedTuple):
    """A record of another establishment or of another year. `compte`: counted there on that day."""

    id: int
    id_erp: str
    recherche: str
    naissance: date
    ici: bool
    """Of the same establishment: only its year is another."""
    compte: bool


class Recue(NamedTuple):
    """A line received for the establishment that made no record, the last one about its person."""

    id: int
    id_erp: str | None
    recherche: str | None
    naissance: date | None
    raison: Raison
    """REFUSEE, EN_ATTENTE, or INCONNU: its establishment is not known."""


class Appariement(NamedTuple):
    """Who met whom, and who is left on each side."""

    paires: dict[int, int]
    """Rank in the list → record."""
    manquants: list[Dit]
    en_trop: list[Fiche]
    annonces: int
    comptes: int


class Ecart(NamedTuple):
    """One unit of the difference. `lie`: the other record, or the line, that explains it."""

    raison: Raison
    dit: int | None
    effectif_id: int | None
    lie: int | None = None


class Comptes(NamedTuple):
    """The two counts."""

    annonces: int
    comptes: int


def apparier(dits: Iterable[Dit], fiches: Iterable[Fiche]) -> Appariement:
    """Meet each announced person with one counted record: by identifier, then name and birth date, then name alone."""
    annonces = [d for d in dits if d.compte]
    comptees = [f for f in fiches if f.compte]
    paires: dict[int, int] = {}
    prises: set[int] = set()
    for cle_dit, cle_fiche, unique in _PASSES:
        index = _ranger(comptees, cle_fiche)
        for d in annonces:
            cle = None if d.rang in paires else cle_dit(d)
            libres = [f for f in index.get(cle, ()) if f.id not in prises] if cle is not None else []
            if libres and (not unique or len(libres) == 1):
                paires[d.rang] = libres[0].id
                prises.add(libres[0].id)
    manquants = [d for d in annonces if d.rang not in paires]
    en_trop = [f for f in comptees if f.id not in prises]
    return Appariement(paires, manquants, en_trop, len(annonces), len(comptees))


def expliquer(
    appariement: Appariement,
    dits: Sequence[Dit],
    fiches: Sequence[Fiche],
    ailleurs: Sequence[Ailleurs] = (),
    recues: Sequence[Recue] = (),
) -> list[Ecart]:
    """Give its reason to whoever is left: exactly one row for each unit of the difference."""
    return [
        *_manquants(appariement, dits, fiches, ailleurs, recues),
        *_en_trop(appariement, dits, fiches, ailleurs),
    ]


def apres(avant: Comptes, raisons: Iterable[str]) -> Comptes:
    """The two counts once every row is settled: they are equal, whatever the rows (`test_comparaison`)."""
    annonces, comptes = avant
    for raison in map(Raison, raisons):
        sens = 1 if raison in EN_TROP else -1
        if raison in COTE_ERP:
            annonces += sens
        else:
            comptes -= sens
    return Comptes(annonces, comptes)


def _manquants(
    appariement: Appariement,
    dits: Sequence[Dit],
    fiches: Sequence[Fiche],
    ailleurs: Sequence[Ailleurs],
    recues: Sequence[Recue],
) -> Iterator[Ecart]:
    vus: dict[Hashable, int | None] = {
        cle: appariement.paires[d.rang] for d in dits if d.rang in appariement.paires for cle in _cles(d)
    }
    # A record that is held is a better reason than one in the bin; one counted elsewhere than one that is not.
    tenues = _Index(sorted((f for f in fiches if not f.compte), key=lambda f: f.corbeille))
    lignes = _Index(recues)
    autres = _Index(sorted(ailleurs, key=lambda a: (not (a.compte and not a.ici), not a.ici)))
    for d in appariement.manquants:
        cles = _cles(d)
        if deja := [vus[cle] for cle in cles if cle in vus]:
            yield Ecart(Raison.DOUBLE_LISTE, d.rang, deja[0])
            continue
        vus |= dict.fromkeys(cles)
        if fiche := tenues.trouver(d):
            raison = Raison.CORBEILLE if fiche.corbeille else Raison.AUTRE_STATUT
            yield Ecart(raison, d.rang, fiche.id)
        elif ligne := lignes.trouver(d):
            yield Ecart(ligne.raison, d.rang, None, ligne.id)
        elif autre := autres.trouver(d):
            raison = Raison.AUTRE_ANNEE if autre.ici else Raison.AUTRE_SITE
            yield Ecart(raison, d.rang, autre.id)
        elif d.ligne is not None:
            # Received, and about nobody who can be told: only a refusal leaves that.
            yield Ecart(Raison.REFUSEE, d.rang, None, d.ligne)
        else:
            yield Ecart(Raison.JAMAIS, d.rang, None)


def _en_trop(
    appariement: Appariement, dits: Sequence[Dit], fiches: Sequence[Fiche], ailleurs: Sequence[Ailleurs]
) -> Iterator[Ecart]:
    autrement = _Index([d for d in dits if not d.compte])
    dits_pris: set[int] = set()
    restent = {f.id for f in appariement.en_trop}
    # The twin that the list holds first; then the first of those it does not.
    jumelles = _ranger(sorted((f for f in fiches if f.compte), key=lambda f: f.id in restent), _personne)
    chez_d_autres = _ranger((a for a in ailleurs if a.compte and not a.ici), _personne)
    for f in appariement.en_trop:
        premiere = jumelles[_personne(f)][0]
        autre = next(iter(chez_d_autres.get(_personne(f), ())), None)
        dit = autrement.trouver(f)
        if dit is not None and dit.rang not in dits_pris:
            dits_pris.add(dit.rang)
            yield Ecart(Raison.STATUT_COMPTE, dit.rang, f.id)
        elif premiere.id != f.id:
            yield Ecart(Raison.DOUBLON, None, f.id, premiere.id)
        elif autre is not None:
            yield Ecart(Raison.DOUBLON_AILLEURS, None, f.id, autre.id)
        elif f.plus_transmise:
            yield Ecart(Raison.PLUS_TRANSMISE, None, f.id)
        else:
            yield Ecart(Raison.ABSENTE, None, f.id)


Objet = TypeVar("Objet", bound=Any)


def _personne(objet: Any) -> Personne | None:
    return (objet.recherche, objet.naissance) if objet.recherche and objet.naissance else None


def _cles(d: Dit) -> list[Hashable]:
    """What tells a person of the list from another: its identifier, its name and birth date, or its name alone."""
    personne = _personne(d)
    cles: list[Hashable] = [cle for cle in (d.id_erp, personne) if cle is not None]
    return cles or [("nom", d.recherche)]


def _ranger(objets: Iterable[Objet], cle: Any) -> dict[Any, list[Objet]]:
    index: dict[Any, list[Objet]] = defaultdict(list)
    for objet in objets:
        index[cle(objet)].append(objet)
    return dict(index)


def _nom_seul(d: Any) -> str | None:
    """A name alone names somebody only when neither an identifier nor a birth date was given."""
    return d.recherche if d.naissance is None and not d.id_erp else None


_PASSES: Final = (
    (lambda d: d.id_erp, lambda f: f.id_erp, False),
    (_personne, _personne, False),
    (_nom_seul, lambda f: f.recherche, True),
)


class _Index:
    """Objects found by what is known of a person: the identifier, which names must not contradict, then the names."""

    def __init__(self, objets: Collection[Any]) -> None:
        self.par_id = _ranger((o for o in objets if o.id_erp), lambda o: o.id_erp)
        self.par_personne = _ranger((o for o in objets if _personne(o)), _personne)
        self.par_nom = _ranger((o for o in objets if o.recherche), lambda o: o.recherche)

    def trouver(self, cherche: Any) -> Any:
        if cherche.id_erp:
            for objet in self.par_id.get(cherche.id_erp, ()):
                noms = {objet.recherche, cherche.recherche}
                if None in noms or len(noms) == 1 or objet.naissance == cherche.naissance:
                    return objet
        trouves = self.par_personne.get(_personne(cherche), ())
        if not trouves and (nom := _nom_seul(cherche)):
            trouves = self.par_nom.get(nom, ())
            trouves = trouves if len({o.naissance for o in trouves}) == 1 else ()
        return trouves[0] if trouves else None
