"""The files that the contracts of a record ask for, those that it has, and the difference between the two.

Read by one statement for many records; the rules are in `regles` and `fins` (pure).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from tdba import horloge, scope
from tdba.effectifs.historique import contrats_of, session_of
from tdba.effectifs.statuts import ContratDates
from tdba.ruptures import sql_dossiers
from tdba.ruptures.fins import fins_voulues
from tdba.ruptures.regles import (
    FIN_DE_CONTRAT,
    PARTI,
    RUPTURE,
    RUPTURE_ANNULEE,
    SANS_CONTRAT,
    SANS_OBJET,
    DossierVoulu,
    Fenetre,
    dossiers_voulus,
    fenetre_sans_contrat,
)


class DossierConnu(NamedTuple):
    """A file as it is stored."""

    id: int
    genre: str
    contrat_debut: date | None
    parti_le: date | None
    fenetre: Fenetre


class Rangee(NamedTuple):
    """A row of `sql_dossiers.LIRE`: contracts, then files, as one array for each column; None without any."""

    effectif_id: int
    organisme_id: int
    annee_scolaire: str
    entree: date | None
    fin: date | None
    exclusion: date | None
    historique: list[list[Any]] | None
    """Read only when the entry or the end of the formation is missing."""
    debuts: list[date | None] | None
    fins: list[date | None] | None
    ruptures: list[date | None] | None
    ids: list[int] | None
    genres: list[str] | None
    contrats: list[date | None] | None
    partis: list[date | None] | None
    ouverts: list[date] | None
    clos: list[date | None] | None
    causes: list[str | None] | None


class Lu(NamedTuple):
    """What one effectif asks for, and the files it has."""

    effectif_id: int
    organisme_id: int
    annee_scolaire: str
    entree: date | None
    fin: date | None
    exclusion: date | None
    contrats: list[ContratDates]
    connus: list[DossierConnu]


class Ecart(NamedTuple):
    """A file to write: `connu` None opens it."""

    lu: Lu
    connu: DossierConnu | None
    genre: str
    contrat_debut: date | None
    fenetre: Fenetre


def lire(sql: str, effectif_ids: Sequence[int]) -> list[Lu]:
    """Read these effectifs by one of the `LIRE` of `sql_dossiers`."""
    lignes = scope.connexion("contrats et dossiers").exec_driver_sql(sql, {"ids": list(effectif_ids)})
    return [_lu(Rangee(*ligne)) for ligne in lignes.all()]


def ecarts(lu: Lu) -> Iterator[Ecart]:
    """What must be written so that the stored files are those that the contracts ask for.

    Files of ruptures are opened here. Those of ended contracts and of youths without one are only kept in step: they
    are opened when someone is in that case on the day (`ouverture`).
    """
    termes = _de_genre(lu, FIN_DE_CONTRAT)
    fins = _apparier(termes, _fins(lu)) if termes else []
    perdus = {connu.contrat_debut: connu for connu, voulu in fins if connu and voulu is None}
    ruptures = dossiers_voulus(fin=lu.fin, contrats=lu.contrats, exclusion=lu.exclusion)
    for connu, voulu in _apparier(_de_genre(lu, RUPTURE), ruptures):
        if voulu is None:
            assert connu is not None  # noqa: S101 - a couple has one side at least
            yield from _a_ecrire(lu, connu, RUPTURE, connu.contrat_debut, _vide(connu, RUPTURE_ANNULEE))
        else:
            # The contract had reached its term, and is now said broken: the same follow-up goes on.
            tenu = connu or perdus.pop(voulu.contrat_debut, None)
            yield from _a_ecrire(lu, tenu, RUPTURE, voulu.contrat_debut, Fenetre(*voulu[1:]))
    for connu, voulu in fins:
        if connu is not None and voulu is not None:
            yield from _a_ecrire(lu, connu, FIN_DE_CONTRAT, voulu.contrat_debut, Fenetre(*voulu[1:]))
    for connu in perdus.values():
        yield from _a_ecrire(lu, connu, FIN_DE_CONTRAT, connu.contrat_debut, _vide(connu, SANS_OBJET))
    for connu in _de_genre(lu, SANS_CONTRAT):
        yield from _a_ecrire(lu, connu, SANS_CONTRAT, None, _sans_contrat(lu) or _vide(connu, SANS_OBJET))


def a_ouvrir(lu: Lu, jour: date) -> Iterator[Ecart]:
    """The file of an ended contract, or of a youth without one, open on `jour` and not written yet."""
    fenetre = _sans_contrat(lu)
    if fenetre and ouverte(fenetre, jour) and not _de_genre(lu, SANS_CONTRAT):
        yield Ecart(lu, None, SANS_CONTRAT, None, fenetre)
    for connu, voulu in _apparier(_de_genre(lu, FIN_DE_CONTRAT), _fins(lu)):
        if connu is None and voulu is not None and ouverte(Fenetre(*voulu[1:]), jour):
            yield Ecart(lu, None, FIN_DE_CONTRAT, voulu.contrat_debut, Fenetre(*voulu[1:]))


def ouverte(fenetre: Fenetre, jour: date) -> bool:
    """Whether a file of these days is open on that one (decision 31)."""
    return fenetre.ouvert_du <= jour and (fenetre.clos_du is None or jour < fenetre.clos_du)


def ecrire(a_faire: Sequence[Ecart]) -> None:
    """Write these differences: one statement for the files that change, one for those that open."""
    connexion = scope.connexion("dossiers de suivi")
    changes = [ecart for ecart in a_faire if ecart.connu is not None]
    if changes:
        ids = [ecart.connu.id for ecart in changes if ecart.connu is not None]
        connexion.exec_driver_sql(sql_dossiers.MODIFIER, {"ids": ids, **_colonnes(changes)})
    nouveaux = [ecart for ecart in a_faire if ecart.connu is None]
    if nouveaux:
        connexion.exec_driver_sql(
            sql_dossiers.OUVRIR,
            {
                "cree_le": horloge.maintenant(),
                "effectifs": [e.lu.effectif_id for e in nouveaux],
                "organismes": [e.lu.organisme_id for e in nouveaux],
                "annees": [e.lu.annee_scolaire for e in nouveaux],
                **_colonnes(nouveaux),
            },
        )


def _colonnes(a_faire: Sequence[Ecart]) -> dict[str, list[Any]]:
    return {
        "genres": [e.genre for e in a_faire],
        "contrats": [e.contrat_debut for e in a_faire],
        "ouverts": [e.fenetre.ouvert_du for e in a_faire],
        "clos": [e.fenetre.clos_du for e in a_faire],
        "causes": [e.fenetre.cause_cloture for e in a_faire],
    }


def _lu(r: Rangee) -> Lu:
    entree, fin, exclusion = r.entree, r.fin, r.exclusion
    dates = zip(r.debuts or (), r.fins or (), r.ruptures or (), strict=True)
    contrats = [ContratDates(*contrat) for contrat in dates]
    if r.historique is not None:
        entree, fin = session_of(entree, fin, None, r.annee_scolaire) or (entree, fin)
    if r.historique:
        # The former way of saying a parcours: same reading as the statuses, which ignore the contracts then.
        faits = [(int(code), date.fromisoformat(jour)) for code, jour in r.historique]
        contrats = [ContratDates(debut, None, rupture) for debut, rupture in contrats_of(faits)]
        exclusion = None
    dossiers = zip(r.ids or (), r.genres or (), r.contrats or (), r.partis or (), strict=True)
    fenetres = zip(r.ouverts or (), r.clos or (), r.causes or (), strict=True)
    connus = [DossierConnu(*d, Fenetre(*f)) for d, f in zip(dossiers, fenetres, strict=True)]
    return Lu(r.effectif_id, r.organisme_id, r.annee_scolaire, entree, fin, exclusion, contrats, connus)


def _de_genre(lu: Lu, genre: str) -> list[DossierConnu]:
    return [connu for connu in lu.connus if connu.genre == genre]


def _fins(lu: Lu) -> list[DossierVoulu]:
    return fins_voulues(entree=lu.entree, fin=lu.fin, contrats=lu.contrats, exclusion=lu.exclusion)


def _sans_contrat(lu: Lu) -> Fenetre | None:
    if lu.entree is None:
        return None
    return fenetre_sans_contrat(entree=lu.entree, fin=lu.fin, contrats=lu.contrats, exclusion=lu.exclusion)


def _vide(connu: DossierConnu, cause: str) -> Fenetre:
    """Days of a file that nothing asks for any more: none; its steps are kept."""
    return Fenetre(connu.fenetre.ouvert_du, connu.fenetre.ouvert_du, cause)


def _a_ecrire(
    lu: Lu, connu: DossierConnu | None, genre: str, contrat_debut: date | None, fenetre: Fenetre
) -> Iterator[Ecart]:
    if connu is None:
        yield Ecart(lu, None, genre, contrat_debut, fenetre)
        return
    fenetre = _jusqu_au_depart(fenetre, connu.parti_le)
    if (connu.genre, connu.contrat_debut, connu.fenetre) != (genre, contrat_debut, fenetre):
        yield Ecart(lu, connu, genre, contrat_debut, fenetre)


def _jusqu_au_depart(fenetre: Fenetre, parti_le: date | None) -> Fenetre:
    """A youth known to have left for another CFA is followed here up to that day at the latest."""
    if parti_le is None or (fenetre.clos_du is not None and fenetre.clos_du <= parti_le):
        return fenetre
    if fenetre.clos_du == fenetre.ouvert_du:
        return fenetre
    return Fenetre(fenetre.ouvert_du, max(parti_le, fenetre.ouvert_du), PARTI)


def _apparier(
    connus: Sequence[DossierConnu], voulus: Sequence[DossierVoulu]
) -> list[tuple[DossierConnu | None, DossierVoulu | None]]:
    """Pair files by the start of the contract, else by the day they opened.

    The second rule keeps the steps already taken when only the start of the broken or ended contract is corrected.
    """
    libres = {connu.contrat_debut: connu for connu in connus}
    trouves = {voulu: libres.pop(voulu.contrat_debut, None) for voulu in voulus}
    for voulu, connu in trouves.items():
        if connu is None:
            meme_jour = [c for c in libres.values() if c.fenetre.ouvert_du == voulu.ouvert_du]
            if meme_jour:
                trouves[voulu] = libres.pop(meme_jour[0].contrat_debut)
    return [(connu, voulu) for voulu, connu in trouves.items()] + [(c, None) for c in libres.values()]
