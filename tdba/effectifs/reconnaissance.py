"""Completing records when the référentiel learns of a certification or a commune after they were received.

What a source sent stays in `effectif_source`: it is read again under what is known today, so that the answer is the
one that a re-send would give. Records whose level or département is missing are gone through after each import, by a
job; all of them on demand, when a continuity or a validity changed (docs/referentiel.md).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from tdba import abonnes, horloge, journal, scope
from tdba.effectifs import sql_reception, sql_reconnaissance
from tdba.effectifs.parcours import par_lots
from tdba.effectifs.source_json import charger
from tdba.effectifs.valeurs import CHAMPS, CorrectionVue, de_la_source
from tdba.jobs import enqueue_after_commit
from tdba.organismes import connaissances, service_certifications
from tdba.organismes.connaissances import Connaissances
from tdba.tableaux import enregistrements

LOT: Final = 2000
DE_FORMATION: Final = ("rncp", "cfd", "formation", "niveau")
COMPLETEES: Final = (*DE_FORMATION, "code_insee", "departement")
"""Columns of `effectif` that the référentiel decides; those of the formation are counted, or shown with what is."""


_ARGUMENTS: Final = {
    "rncps": CHAMPS["rncp"],
    "cfds": CHAMPS["cfd"],
    "insees": CHAMPS["code_insee"],
    "postaux": CHAMPS["code_postal"],
}
_CODES: Final = frozenset({"rncp", "cfd", "code_insee", "code_postal"})


class Lu(NamedTuple):
    """A record as it is held, and what its source said."""

    id: int
    rncp: str | None
    cfd: str | None
    formation: str | None
    niveau: int | None
    code_insee: str | None
    departement: str | None
    code_postal: str | None
    date_entree: date | None
    date_fin: date | None
    valeurs: Mapping[str, Any] | None
    corriges: list[str] | None

    @property
    def dites(self) -> Mapping[str, Any]:
        """What its source said, corrections on top; without one, its own columns under the names of the source."""
        tenues = {nom: champ for nom, champ in CHAMPS.items() if nom in self._fields}
        if self.valeurs is None:
            return {champ: getattr(self, nom) for nom, champ in tenues.items()}
        return {**self.valeurs} | {
            champ: getattr(self, nom) for nom, champ in tenues.items() if nom in (self.corriges or ())
        }


def connaissances_pour(dites: Iterable[Mapping[str, Any]]) -> Connaissances:
    """What is known of the codes that these values of sources hold: the one reading of the référentiel for a batch."""
    codes: dict[str, set[str]] = {nom: set() for nom in _ARGUMENTS}
    for valeurs in dites:
        for nom, champ in _ARGUMENTS.items():
            code = valeurs.get(champ)
            if code is not None:
                codes[nom].add(code)
    return connaissances.pour(**codes)


def codes_corriges(corrections: Iterable[CorrectionVue]) -> Iterator[Mapping[str, Any]]:
    """The codes that corrections give in place of those of the source, as `connaissances_pour` takes them."""
    for correction in corrections:
        if correction.champ in _CODES and correction.contrat_id is None:
            yield {CHAMPS[correction.champ]: correction.valeur}


def completer_si_besoin(renouveler: Callable[[], None]) -> None:
    """Complete what lacks something, if the référentiel changed since the last time."""
    if connaissances.restant_a_appliquer():
        completer(renouveler, tous=False)


def completer(renouveler: Callable[[], None], *, tous: bool) -> int:
    """Read records again, those that lack something or all, and write what changed. `renouveler` commits each batch.

    Returns how many records changed. What a person corrected stays (decision 17).
    """
    a_appliquer = connaissances.restant_a_appliquer()
    connexion = scope.connexion("fiches complétées")
    organismes = [(o, n) for o, n in connexion.exec_driver_sql(sql_reconnaissance.ORGANISMES, {"tous": tous})]
    changees = 0
    for lot in par_lots(organismes, LOT):
        changees += _completer_lot(lot, tous=tous)
        renouveler()
    connaissances.noter_appliquees(a_appliquer)
    journal.consigner("effectifs.completes", lus=sum(n for _, n in organismes), modifies=changees)
    return changees


def _completer_lot(organisme_ids: list[int], *, tous: bool) -> int:
    connexion = scope.connexion("fiches complétées")
    for organisme_id in organisme_ids:
        connexion.exec_driver_sql(sql_reception.VERROU, {"organisme_id": organisme_id})
    portee = {"ids": organisme_ids, "tous": tous}
    connexion.exec_driver_sql(sql_reconnaissance.VERROUILLER, portee)
    lues = connexion.exec_driver_sql(sql_reconnaissance.LIRE, portee)
    lus = [Lu(*ligne) for ligne in lues]
    connues = connaissances_pour(lu.dites for lu in lus)
    rangees, annonces = [], []
    for lu in lus:
        voulu = _voulu(connues, lu)
        changees = {nom for nom in COMPLETEES if voulu[nom] != getattr(lu, nom)}
        if changees:
            rangees.append({"id": lu.id, **voulu})
        if not changees.isdisjoint(DE_FORMATION):
            annonces.append(lu.id)
    abonnes.annoncer("avant_parcours", annonces)
    if rangees:
        connexion.exec_driver_sql(sql_reconnaissance.ECRIRE, {"rangees": enregistrements(rangees)})
    abonnes.annoncer("apres_parcours", annonces)
    return len(rangees)


def _voulu(connues: Connaissances, lu: Lu) -> dict[str, Any]:
    """What the columns should hold. Without a source to read again, what is held stays unless something better is known."""
    tenu = {nom: getattr(lu, nom) for nom in COMPLETEES}
    gardes = {nom: tenu[nom] for nom in lu.corriges or () if nom in tenu}
    if lu.valeurs is not None:
        corriges = {nom: getattr(lu, nom) for nom in lu.corriges or () if nom in lu._fields}
        return connues.completer(de_la_source(charger(lu.valeurs)) | corriges) | gardes
    connu = connues.completer(lu._asdict())
    return tenu | {nom: valeur for nom, valeur in connu.items() if valeur is not None} | gardes


def signaler_codes_inconnus() -> None:
    """Tell the référentiel which codes records carry that it does not know, and have it ask for them."""
    connexion = scope.connexion("codes des fiches")
    codes = [code for (code,) in connexion.exec_driver_sql(sql_reconnaissance.CODES)]
    connues = connaissances.pour(
        rncps=[c for c in codes if c.startswith("RNCP")], cfds=[c for c in codes if not c.startswith("RNCP")]
    )
    inconnus = [code for code in codes if not connues.certifications.connait(code)]
    service_certifications.signaler_inconnus(inconnus, horloge.maintenant())
    enqueue_after_commit("organismes.completer_certifications")


def signaler_employeurs() -> None:
    """Have the public register asked about every employer that is not known yet. Runs as the system."""
    scope.connexion("employeurs à demander").exec_driver_sql(
        sql_reconnaissance.EMPLOYEURS, {"le": horloge.maintenant()}
    )
