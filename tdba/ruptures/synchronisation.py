"""Keeping the files in step with the contracts, in the transaction that changes them (decisions 18 and 31).

Subscribed to `apres_parcours`: the intake calls it for thousands of effectifs, a correction for one. One statement
reads, at most two write, and only what differs.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from tdba import horloge, scope
from tdba.effectifs.historique import contrats_of, session_of
from tdba.effectifs.statuts import ContratDates
from tdba.ruptures import sql_dossiers
from tdba.ruptures.regles import (
    NOUVEAU_CONTRAT,
    RUPTURE,
    RUPTURE_ANNULEE,
    SANS_CONTRAT,
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
    """A file to write: `id` None opens it."""

    lu: Lu
    id: int | None
    contrat_debut: date | None
    fenetre: Fenetre


def synchroniser(effectif_ids: Sequence[int]) -> None:
    """Open, move and close the files of these effectifs. Running it again changes nothing."""
    ecarts = [ecart for lu in _lire(effectif_ids) for ecart in _ecarts(lu)]
    connexion = scope.connexion("dossiers de rupture")
    changes = [ecart for ecart in ecarts if ecart.id is not None]
    if changes:
        connexion.exec_driver_sql(
            sql_dossiers.MODIFIER, {"ids": [e.id for e in changes], **_fenetres(changes)}
        )
    nouveaux = [ecart for ecart in ecarts if ecart.id is None]
    if nouveaux:
        connexion.exec_driver_sql(
            sql_dossiers.OUVRIR,
            {
                "genre": RUPTURE,
                "cree_le": horloge.maintenant(),
                "effectifs": [e.lu.effectif_id for e in nouveaux],
                "organismes": [e.lu.organisme_id for e in nouveaux],
                "annees": [e.lu.annee_scolaire for e in nouveaux],
                **_fenetres(nouveaux),
            },
        )


def _fenetres(ecarts: Sequence[Ecart]) -> dict[str, list[Any]]:
    return {
        "contrats": [e.contrat_debut for e in ecarts],
        "ouverts": [e.fenetre.ouvert_du for e in ecarts],
        "clos": [e.fenetre.clos_du for e in ecarts],
        "causes": [e.fenetre.cause_cloture for e in ecarts],
    }


def _lire(effectif_ids: Sequence[int]) -> list[Lu]:
    lignes = scope.connexion("contrats et dossiers").exec_driver_sql(
        sql_dossiers.LIRE, {"ids": list(effectif_ids)}
    )
    return [_lu(Rangee(*ligne)) for ligne in lignes.all()]


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
    dossiers = zip(r.ids or (), r.genres or (), r.contrats or (), strict=True)
    fenetres = zip(r.ouverts or (), r.clos or (), r.causes or (), strict=True)
    connus = [DossierConnu(*d, Fenetre(*f)) for d, f in zip(dossiers, fenetres, strict=True)]
    return Lu(r.effectif_id, r.organisme_id, r.annee_scolaire, entree, fin, exclusion, contrats, connus)


def _ecarts(lu: Lu) -> Iterator[Ecart]:
    """What must be written so that the stored files are those that the contracts ask for."""
    voulus = dossiers_voulus(fin=lu.fin, contrats=lu.contrats, exclusion=lu.exclusion)
    couples = _apparier([d for d in lu.connus if d.genre == RUPTURE], voulus)
    for connu, voulu in couples:
        if voulu is None:
            assert connu is not None  # noqa: S101 - a couple has one side at least
            ouvert_du = connu.fenetre.ouvert_du
            yield from _si_change(
                lu, connu, connu.contrat_debut, Fenetre(ouvert_du, ouvert_du, RUPTURE_ANNULEE)
            )
        else:
            yield from _si_change(lu, connu, voulu.contrat_debut, Fenetre(*voulu[1:]))
    for connu in lu.connus:
        if connu.genre == SANS_CONTRAT:
            yield from _si_change(lu, connu, None, _fenetre_sans_contrat(lu, connu))


def _si_change(
    lu: Lu, connu: DossierConnu | None, contrat_debut: date | None, fenetre: Fenetre
) -> Iterator[Ecart]:
    if connu is None:
        yield Ecart(lu, None, contrat_debut, fenetre)
    elif (connu.contrat_debut, connu.fenetre) != (contrat_debut, fenetre):
        yield Ecart(lu, connu.id, contrat_debut, fenetre)


def _apparier(
    connus: Sequence[DossierConnu], voulus: Sequence[DossierVoulu]
) -> list[tuple[DossierConnu | None, DossierVoulu | None]]:
    """Pair files by the start of the contract, else by the day of the rupture.

    The second rule keeps the steps already taken when only the start of the broken contract is corrected.
    """
    libres = {connu.contrat_debut: connu for connu in connus}
    trouves = {voulu: libres.pop(voulu.contrat_debut, None) for voulu in voulus}
    for voulu, connu in trouves.items():
        if connu is None:
            meme_jour = [c for c in libres.values() if c.fenetre.ouvert_du == voulu.ouvert_du]
            if meme_jour:
                trouves[voulu] = libres.pop(meme_jour[0].contrat_debut)
    return [(connu, voulu) for voulu, connu in trouves.items()] + [(c, None) for c in libres.values()]


def _fenetre_sans_contrat(lu: Lu, connu: DossierConnu) -> Fenetre:
    """Days without a contract as known now; a file whose youth was never in that case is open on no day."""
    fenetre = None
    if lu.entree is not None:
        fenetre = fenetre_sans_contrat(
            entree=lu.entree, fin=lu.fin, contrats=lu.contrats, exclusion=lu.exclusion
        )
    return fenetre or Fenetre(connu.fenetre.ouvert_du, connu.fenetre.ouvert_du, NOUVEAU_CONTRAT)
