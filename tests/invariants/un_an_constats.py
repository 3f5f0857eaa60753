"""What must be true of the files every day: the table, the worklists and the statuses against the oracle."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import select, text

from tdba import horloge, scope
from tdba.db import db
from tdba.ruptures import queries, regles, selection
from tdba.scope import Droit
from tests.invariants.un_an_monde import Annee
from tests.invariants.un_an_oracle import (
    APPRENTI,
    FIN_DE_FORMATION,
    GENRES,
    MOIS,
    RUPTURE,
    SANS_CONTRAT,
    Fenetre,
    Jour,
    echeance,
    segment,
)
from tests.invariants.un_an_vies import REMARQUABLES, Fiche

_TABLE: Final = """
SELECT e.id, d.id, d.genre, d.ouvert_du, d.clos_du, d.cause_cloture
FROM dossier d JOIN effectif e ON e.id = d.effectif_id WHERE e.corbeille_le IS NULL
"""
_OUVERTS: Final = """
SELECT effectif_id, id FROM dossier WHERE ouvert_du <= :jour AND (clos_du IS NULL OR clos_du > :jour)
"""
_STATUTS: Final = "SELECT id, statuts[width_bucket(cast(:jour AS date), bornes)] FROM effectif"
_EMPREINTE: Final = "SELECT md5(string_agg(d::text || d.xmin::text, ',' ORDER BY id)) FROM dossier d"


class Range(NamedTuple):
    """A stored file."""

    id: int
    genre: str
    ouvert_du: date
    clos_du: date | None
    cause: str | None

    def ouverte(self, jour: date) -> bool:
        return self.ouvert_du <= jour and (self.clos_du is None or jour < self.clos_du)


def empreinte(annee: Annee) -> Any:
    """Every byte of every file, and who wrote it last."""
    return annee.session.execute(text(_EMPREINTE)).scalar_one()


def lire(annee: Annee) -> dict[int, list[Range]]:
    lues: dict[int, list[Range]] = {}
    for effectif_id, *reste in annee.session.execute(text(_TABLE)):
        lues.setdefault(effectif_id, []).append(Range(*reste))
    return lues


def relire_les_ouverts(annee: Annee) -> None:
    """The files that people find open now."""
    lus = annee.session.execute(text(_OUVERTS), {"jour": annee.jour})
    annee.ouverts = {un[0]: un[1] for un in lus}


def table_juste(annee: Annee) -> None:
    """Exactly those of decision 31 have an open file, one each, with its days; and every close has a cause."""
    lues = lire(annee)
    ecarts = []
    for fiche in annee.connues():
        rangees = lues.pop(fiche.effectif_id, [])
        attendu = _attendu(annee, fiche)
        ouvertes = [r for r in rangees if r.ouverte(annee.jour)]
        trouve = [(r.genre, r.ouvert_du, r.clos_du, r.cause) for r in ouvertes]
        if trouve != ([tuple(attendu)] if attendu else []):
            ecarts.append(f"{_qui(fiche)}: {attendu} expected, {trouve} found")
        if any((r.clos_du is None) != (r.cause is None) for r in rangees):
            ecarts.append(f"{_qui(fiche)}: a close without its cause {rangees}")
        ecarts += _ruptures_toutes(fiche, rangees)
        annee.ecrits.update(_cle(fiche, r.genre, r.ouvert_du) for r in rangees)
    ecarts += [f"{cle}: files of nobody {rangees}" for cle, rangees in lues.items()]
    _exiger(annee, "table", ecarts)


def _attendu(annee: Annee, fiche: Fiche) -> Fenetre | None:
    """The file that must be open today, with the day and the cause of its close as they are known today."""
    jour, genre = annee.au(fiche), annee.ouvert(fiche)
    if jour is None or genre is None or jour.depuis is None:
        return None
    # Three cases keep the files they have and write none: who objected; who is replaced by the next year's record; and
    # the last day of a formation without a contract, whose status is already FIN_DE_FORMATION while decision 31 says
    # "formation not ended".
    garde = fiche.opposee or fiche.remplacee or jour.statut == FIN_DE_FORMATION
    if garde and genre != RUPTURE and _cle(fiche, genre, jour.depuis) not in annee.ecrits:
        return None
    fenetre = fiche.vie.fenetre(annee.jour)
    assert fenetre is not None
    return _jusqu_au_depart(fiche, fenetre)


def _cle(fiche: Fiche, genre: str, depuis: date) -> tuple[int, str, date | None]:
    """What tells a written file from another one of the same record."""
    return fiche.effectif_id, genre, None if genre == SANS_CONTRAT else depuis


def _jusqu_au_depart(fiche: Fiche, fenetre: Fenetre) -> Fenetre:
    parti = fiche.partis.get(fenetre.genre)
    if parti is None or fenetre.clos_du <= parti:
        return fenetre
    return fenetre._replace(clos_du=max(parti, fenetre.ouvert_du), cause="PARTI")


def _ruptures_toutes(fiche: Fiche, rangees: list[Range]) -> Iterator[str]:
    """Files of ruptures, past and future ones included, are those of the dates known today; others are open on no day."""
    voulues = [_jusqu_au_depart(fiche, une) for une in fiche.vie.ruptures]
    attendues = sorted(tuple(une) for une in voulues if une.ouvert_du < une.clos_du)
    trouvees = sorted(r[1:] for r in rangees if r.genre == RUPTURE and r.ouvert_du != r.clos_du)
    if attendues != trouvees:
        yield f"{_qui(fiche)}: ruptures {attendues} expected, {trouvees} found"


def statuts_justes(annee: Annee) -> None:
    """The status of the day, read as lists do (decision 10), is the one painted."""
    lus = {un[0]: un[1] for un in annee.session.execute(text(_STATUTS), {"jour": annee.jour})}
    ecarts = []
    for fiche in annee.connues():
        jour = annee.au(fiche)
        if lus[fiche.effectif_id] != (jour.statut if jour else None):
            ecarts.append(f"{_qui(fiche)}: status {jour}, {lus[fiche.effectif_id]} found")
    _exiger(annee, "statuses", ecarts)


def listes_justes(annee: Annee) -> None:
    """The worklists, whether or not the night has run: who, since when, until when, in which segment; frozen left out."""
    attendues = {fiche.effectif_id: jour for fiche in annee.connues() if (jour := _en_liste(annee, fiche))}
    with annee.directrice():
        lignes = selection.tous_ouverts(horloge.aujourd_hui())
        c = lignes.c
        requete = select(c.effectif_id, c.genre, c.depuis, c.echeance, c.jours, c.passee, c.dossier_id)
        lues = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).all()
        a_compter = GENRES if annee.jour.weekday() == 0 or annee.jour in REMARQUABLES else ()
        comptes = {genre: queries.compter(genre, horloge.aujourd_hui()) for genre in a_compter}
    doubles = [cle for cle, n in Counter(ligne[0] for ligne in lues).items() if n > 1]
    annee.virtuels = {(ligne[0], ligne[1]) for ligne in lues if ligne[-1] is None}
    trouvees = {ligne[0]: tuple(ligne[1:-1]) for ligne in lues}
    voulues = {cle: _rangee(annee.jour, jour) for cle, jour in attendues.items()}
    noms = {fiche.effectif_id: _qui(fiche) for fiche in annee.fiches}
    ecarts = [f"{noms[cle]}: twice in the lists" for cle in doubles]
    ecarts += [
        f"{noms[cle]}: {voulues.get(cle)} expected, {trouvees.get(cle)} found"
        for cle in voulues.keys() | trouvees.keys()
        if voulues.get(cle) != trouvees.get(cle)
    ]
    for genre, compte in comptes.items():
        rangs = Counter(segment(genre, v[3]) for v in voulues.values() if v[0] == genre)
        if (compte.total, list(compte.segments.values())) != (rangs.total(), [rangs[n] for n in range(4)]):
            ecarts.append(f"{genre}: {rangs} expected, {compte} counted")
    _exiger(annee, "worklists", ecarts)


def _en_liste(annee: Annee, fiche: Fiche) -> Jour | None:
    """Today's row: the file of the day, but for frozen people, and for those whom no list calls today.

    Not called: a record that the next year's replaces; whoever another contract keeps in APPRENTI; whoever is in
    FIN_DE_FORMATION without ever a contract, on the last day.
    """
    jour, genre = annee.au(fiche), annee.ouvert(fiche)
    tu = {RUPTURE: APPRENTI, SANS_CONTRAT: FIN_DE_FORMATION}
    if jour is None or genre is None or fiche.opposee or fiche.remplacee or jour.statut == tu.get(genre):
        return None
    return jour


def _rangee(jour: date, un: Jour) -> tuple[Any, ...]:
    assert un.genre is not None
    assert un.depuis is not None
    limite = echeance(un.genre, un.depuis)
    return un.genre, un.depuis, limite, (jour - un.depuis).days, int(limite < jour)


def delais_justes(annee: Annee) -> None:
    """The facts of each open file as screens tell them, against the calendar."""
    tolerance = {genre: 90 if genre == SANS_CONTRAT else 180 for genre in MOIS}
    ecarts = []
    for fiche in annee.connues():
        un = _en_liste(annee, fiche)
        if un is None or un.genre is None or un.depuis is None:
            continue
        lue = regles.situation(un.genre, un.depuis, annee.jour)
        jours = (annee.jour - un.depuis).days
        depasse = un.depuis + timedelta(days=tolerance[un.genre]) if jours >= tolerance[un.genre] else None
        limite = echeance(un.genre, un.depuis)
        rang = list(regles.SEGMENTS[un.genre]).index(lue.segment) if lue.segment else None
        trouve = (lue.jours, rang, lue.echeance, lue.echeance_passee, lue.depasse_le)
        if trouve != (jours, segment(un.genre, jours), limite, limite < annee.jour, depasse):
            ecarts.append(f"{_qui(fiche)}: {lue} of a file of {un.depuis}")
    _exiger(annee, "delays", ecarts)


def _qui(fiche: Fiche) -> str:
    return f"{fiche.cle} {fiche.annee} ({fiche.faits if fiche.recu else None}, left {fiche.partis})"


def _exiger(annee: Annee, quoi: str, ecarts: list[str]) -> None:
    assert not ecarts, f"{annee.jour}: {quoi}, {len(ecarts)} differences\n" + "\n".join(ecarts[:6])
