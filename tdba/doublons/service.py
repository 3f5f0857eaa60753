"""Finding the records that may be one person, all of them or around a few (issue 5, "Duplicates"). Callers commit.

Both ways read the same keys and score by the same rules, so that what a change finds at once is what the night finds.
A change made by somebody who reaches a part of a family is looked at again by a job, for the rest of it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from tdba import horloge, journal, scope
from tdba.doublons import blocs, ressemblance, sql
from tdba.doublons.alignement import Connu, Ecarts, Voulu, aligner
from tdba.doublons.blocs import Candidats, Cles
from tdba.doublons.ressemblance import Identite
from tdba.effectifs.suites import Suite
from tdba.jobs import enqueue_after_commit
from tdba.points import service as points
from tdba.scope import Droit

FICHES_MAX: Final = 50
"""Records compared in the transaction that changes them; beyond, a job compares their establishments."""
ATTENTE: Final = timedelta(minutes=1)
"""What an establishment receives within a minute is compared once."""
LOT: Final = 30_000
"""Records compared between two commits."""

GENRE: Final = "DOUBLON"


class Bilan(NamedTuple):
    """What a search did. `coupes`: keys that too many records share to say anything."""

    compares: int = 0
    ouverts: int = 0
    disparus: int = 0
    coupes: int = 0

    def et(self, autre: "Bilan") -> "Bilan":
        return Bilan(*(a + b for a, b in zip(self, autre, strict=True)))


def suivre(effectif_ids: Sequence[int]) -> None:
    """Subscribed to `apres_parcours`: compare the records that change, at once when they are few."""
    if len(effectif_ids) <= FICHES_MAX:
        comparer_fiches(effectif_ids)
        return
    apres = horloge.maintenant() + ATTENTE
    for organisme_id in _lire(sql.ORGANISMES_DES_FICHES, ids=list(effectif_ids)):
        enqueue_after_commit("doublons.comparer_organisme", pas_avant=apres, organisme_id=organisme_id[0])


def comparer_fiches(effectif_ids: Sequence[int]) -> Bilan:
    """Make the pairs of these records right, as far as the current person reaches; a job does the rest."""
    fiches = [Cles(*ligne) for ligne in _lire(sql.CLES_DES_FICHES, ids=list(effectif_ids))]
    trouves = Candidats(set(), 0)
    if fiches:
        voisinage = _lire(sql.VOISINS, organismes=sorted({f.organisme_id for f in fiches}))
        _confier(effectif_ids, {voisin for _, voisin in voisinage})
        trouves = _autour(fiches, voisinage)
    connus = [Connu(*ligne) for ligne in _lire(sql.CONNUS_DES_FICHES, ids=list(effectif_ids))]
    ouverts, disparus = _ecrire(aligner(connus, _scorer(trouves.couples)))
    _poser(ouverts)
    for doublon_id, organisme_id in disparus:
        points.clore(GENRE, organisme_id, str(doublon_id))
    return Bilan(len(fiches), len(ouverts), len(disparus), trouves.coupes)


def suivre_le_deplacement(suite: Suite) -> None:
    """Subscribed to gestures: the pairs of a record that moves say where it is now, though nothing else of them changes."""
    if suite.nature in ("TRANSFERT", "TRANSFERT_ANNULE"):
        _poser(_lire(sql.OUVERTS_DE_LA_FICHE, id=suite.effectif_id))


def _poser(ouverts: Sequence[Sequence[Any]]) -> None:
    for doublon_id, organisme_id, effectif_id, annee, autre, score in ouverts:
        points.poser(
            GENRE,
            organisme_id,
            str(doublon_id),
            effectif_id=effectif_id,
            annee_scolaire=annee,
            details={"autre": autre, "score": score},
        )


def _confier(effectif_ids: Sequence[int], voisins: set[int]) -> None:
    """Ask for the rest of the family, when row-level security hides a part of it."""
    portee = scope.courant().portee(Droit.CORRIGER).organismes
    if portee is not None and not voisins <= portee:
        enqueue_after_commit("doublons.comparer_fiches", fiches=",".join(map(str, sorted(effectif_ids))))


def _autour(fiches: Sequence[Cles], voisinage: Sequence[Sequence[Any]]) -> Candidats:
    """The candidates around these records; each is compared within the family of its own establishment."""
    ecrits = [(f.organisme_id, nom) for f in fiches for nom in blocs.ecritures(f.recherche)]
    voisines = _lire(
        sql.VOISINES,
        organismes=[o for o, _ in voisinage],
        voisins=[v for _, v in voisinage],
        sites=[f.organisme_id for f in fiches],
        naissances=[f.date_naissance for f in fiches],
        ines=[f.ine for f in fiches],
        sites_noms=[o for o, _ in ecrits],
        noms=[nom for _, nom in ecrits],
    )
    connues = {f.id: f for f in (Cles(*ligne) for ligne in voisines)} | {f.id: f for f in fiches}
    familles: dict[int, set[int]] = {}
    for organisme_id, voisin in voisinage:
        familles.setdefault(organisme_id, set()).add(voisin)
    couples: set[blocs.Couple] = set()
    coupes = 0
    for organisme_id, famille in familles.items():
        siennes = frozenset(f.id for f in fiches if f.organisme_id == organisme_id)
        groupe = [f for f in connues.values() if f.organisme_id in famille]
        vus = blocs.candidats([groupe], autour=siennes)
        couples |= vus.couples
        coupes += vus.coupes
    return Candidats(couples, coupes)


def detecter(
    organisme_ids: Collection[int] | None = None, *, renouveler: Callable[[], None] | None = None
) -> Bilan:
    """Make every pair right, of all organismes or of the families of a few. Runs as the system.

    `renouveler` commits each batch.
    """
    bilan = Bilan()
    for lot in _lots(organisme_ids):
        bilan = bilan.et(_comparer_groupes(lot))
        if renouveler is not None:
            renouveler()
    return bilan


def detecter_tout(renouveler: Callable[[], None]) -> Bilan:
    """Every night: make every pair right, and close those whose establishments are of one family no more."""
    bilan = detecter(renouveler=renouveler)
    separes = _connexion().exec_driver_sql(sql.SEPARES, {"le": horloge.maintenant()}).rowcount
    bilan = bilan.et(Bilan(disparus=separes))
    journal.consigner("doublons.detectes", **bilan._asdict())
    return bilan


def _lots(organisme_ids: Collection[int] | None) -> Iterator[list[list[int]]]:
    """The groups to compare, by batches of about `LOT` records; a group found twice is compared once."""
    comptes = {organisme: n for organisme, n in _lire(sql.COMPTES)}  # noqa: C416 - rows, not tuples
    groupes = sorted({tuple(o for o in ligne[0] if o in comptes) for ligne in _lire(sql.GROUPES)})
    lot: list[list[int]] = []
    taille = 0
    for groupe in groupes:
        if not groupe or (organisme_ids is not None and set(groupe).isdisjoint(organisme_ids)):
            continue
        lot.append(list(groupe))
        taille += sum(comptes[o] for o in groupe)
        if taille >= LOT:
            yield lot
            lot, taille = [], 0
    if lot:
        yield lot


def _comparer_groupes(groupes: Sequence[Sequence[int]]) -> Bilan:
    organismes = sorted({o for groupe in groupes for o in groupe})
    par_organisme: dict[int, list[Cles]] = {o: [] for o in organismes}
    for ligne in _lire(sql.CLES, organismes=organismes):
        par_organisme[ligne[1]].append(Cles(*ligne))
    fiches = ([f for o in groupe for f in par_organisme[o]] for groupe in groupes)
    trouves = blocs.candidats(fiches)
    ensemble = {(a, b) for groupe in groupes for a in groupe for b in groupe}
    lus = (Connu(*ligne) for ligne in _lire(sql.CONNUS, organismes=organismes))
    connus = [c for c in lus if (c.organisme_id, c.autre_organisme_id) in ensemble]
    ouverts, disparus = _ecrire(aligner(connus, _scorer(trouves.couples)))
    points.remplacer(GENRE, organismes)
    return Bilan(sum(map(len, par_organisme.values())), len(ouverts), len(disparus), trouves.coupes)


def _scorer(couples: Collection[blocs.Couple]) -> Iterator[Voulu]:
    if not couples:
        return
    ids = sorted({cle for couple in couples for cle in couple})
    identites = {ligne[0]: Identite(*ligne) for ligne in _lire(sql.IDENTITES, ids=ids)}
    for premier, second in couples:
        a, b = identites[premier], identites[second]
        vue = ressemblance.doublon(a, b)
        if vue is not None:
            yield Voulu(a.id, a.organisme_id, b.id, b.organisme_id, a.annee_scolaire, vue.score, vue.raisons)


def _ecrire(ecarts: Ecarts) -> tuple[list[Any], list[Any]]:
    """Write what changes. Returns the pairs open from now on, and those that are no longer."""
    le = horloge.maintenant()
    ouverts: list[Any] = []
    if ecarts.nouveaux:
        ouverts += _lire(sql.OUVRIR, le=le, **_colonnes(ecarts.nouveaux))
    if ecarts.changes:
        voulus = [voulu for _, voulu in ecarts.changes]
        ouverts += _lire(
            sql.CHANGER,
            le=le,
            ids=[connu.id for connu, _ in ecarts.changes],
            scores=[v.score for v in voulus],
            raisons=[",".join(v.raisons) for v in voulus],
        )
    disparus = _lire(sql.DISPARAITRE, le=le, ids=[c.id for c in ecarts.disparus]) if ecarts.disparus else ()
    return ouverts, list(disparus)


def _colonnes(voulus: Iterable[Voulu]) -> dict[str, list[Any]]:
    colonnes = [list(colonne) for colonne in zip(*voulus, strict=True)]
    noms = ("effectifs", "organismes", "autres", "autres_organismes", "annees", "scores")
    return dict(zip(noms, colonnes, strict=False)) | {"raisons": [",".join(r) for r in colonnes[6]]}


def _connexion() -> Any:
    return scope.connexion("doublons")


def _lire(requete: str, **parametres: Any) -> Sequence[Sequence[Any]]:
    lignes: Sequence[Sequence[Any]] = _connexion().exec_driver_sql(requete, parametres).all()
    return lignes
