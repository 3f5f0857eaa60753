"""Writing the contracts of received lines: paired with those held, corrections on top (decisions 14 and 17)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from tdba.effectifs import sql_reception, valeurs
from tdba.effectifs.contrats import Appariement, ContratConnu, ContratRecu, apparier
from tdba.effectifs.source_json import charger
from tdba.effectifs.sources import contrats_dits
from tdba.effectifs.valeurs import Arbitrage, CorrectionVue
from tdba.tableaux import enregistrements

Recus = Sequence[tuple[int, str, Sequence[ContratRecu]]]
"""(effectif id, année scolaire, contracts in the order sent)."""

_COLONNES: Final = "debut, fin, rupture, cause_rupture, employeur_siret, debut_source, rang"
_DES_SOURCES: Final = ("debut", "fin", "rupture", "cause_rupture", "employeur_siret")
_LUES: Final = "n.debut, n.fin, n.rupture, n.cause_rupture, n.employeur_siret, n.debut_source, n.rang"
_RANGEES: Final = "json_populate_recordset(NULL::contrat, %(rangees)s::json) AS n"
INSERER: Final = f"""
INSERT INTO contrat (effectif_id, organisme_id, annee_scolaire, {_COLONNES})
SELECT n.effectif_id, n.organisme_id, n.annee_scolaire, {_LUES} FROM {_RANGEES}
"""  # noqa: S608 - constant column names
MODIFIER: Final = f"""
UPDATE contrat c SET ({_COLONNES}) = ROW({_LUES}),
  contestation = CASE WHEN n.rupture IS NOT NULL THEN c.contestation END
FROM {_RANGEES} WHERE c.id = n.id
"""  # noqa: S608 - constant column names
SUPPRIMER: Final = "DELETE FROM contrat WHERE id = ANY(%(ids)s)"


def de_la_meilleure(
    source: str, recus: Sequence[ContratRecu], autres: Mapping[str, Mapping[str, Any]]
) -> Sequence[ContratRecu]:
    """The contracts received from `source`, unless a more trusted one has said its own (decision 17)."""
    meilleures = valeurs.PRIORITE[: valeurs.PRIORITE.index(source)]
    dites = next((autres[nom] for nom in meilleures if nom in autres), None)
    return recus if dites is None else [ContratRecu(*dit[1:]) for dit in contrats_dits(charger(dites))]


def ecrire(
    connexion: Connection,
    organisme_id: int,
    recus: Recus,
    corrections: Mapping[int, Sequence[CorrectionVue]],
    arbitrages: list[Arbitrage],
) -> None:
    """Write the contracts of these effectifs; what becomes of their corrections is added to `arbitrages`."""
    connus = contrats_connus(connexion, [effectif_id for effectif_id, _, _ in recus])
    nouveaux: list[dict[str, Any]] = []
    modifies: list[dict[str, Any]] = []
    disparus: list[int] = []
    for effectif_id, annee_scolaire, contrats in recus:
        corriges = _par_contrat(corrections.get(effectif_id, ()))
        cles = {"effectif_id": effectif_id, "organisme_id": organisme_id, "annee_scolaire": annee_scolaire}
        for paire in apparier(connus.get(effectif_id, ()), contrats):
            if paire.connu is None:
                nouveaux.append(cles | _colonnes(paire, (), arbitrages))
            elif paire.recu is not None:
                siennes = corriges.get(paire.connu.id, ())
                modifies.append({"id": paire.connu.id} | _colonnes(paire, siennes, arbitrages))
            elif paire.connu.debut_source is not None and paire.connu.id not in corriges:
                disparus.append(paire.connu.id)
            # A contract added or corrected by hand outlives the source that no longer sends it (decision 17).
    for sql, rangees in ((INSERER, nouveaux), (MODIFIER, modifies)):
        if rangees:
            connexion.exec_driver_sql(sql, {"rangees": enregistrements(rangees)})
    if disparus:
        connexion.exec_driver_sql(SUPPRIMER, {"ids": disparus})


def contrats_connus(connexion: Connection, ids: Sequence[int]) -> dict[int, list[ContratConnu]]:
    """The contracts held for these effectifs, in order."""
    connus: dict[int, list[ContratConnu]] = defaultdict(list)
    for effectif_id, *reste in connexion.exec_driver_sql(sql_reception.CONTRATS, {"ids": list(ids)}):
        connus[effectif_id].append(ContratConnu(*reste))
    return connus


def _par_contrat(corrections: Sequence[CorrectionVue]) -> dict[int, list[CorrectionVue]]:
    par_contrat: dict[int, list[CorrectionVue]] = defaultdict(list)
    for correction in corrections:
        if correction.contrat_id is not None:
            par_contrat[correction.contrat_id].append(correction)
    return par_contrat


def _colonnes(
    paire: Appariement, corrections: Sequence[CorrectionVue], arbitrages: list[Arbitrage]
) -> dict[str, Any]:
    recu = paire.recu
    assert recu is not None  # noqa: S101 - the caller pairs what was received
    source = {"debut": recu.debut, "fin": recu.fin, "rupture": recu.rupture, "cause_rupture": recu.cause}
    # A contract added by hand that the source sends is adopted: it says the addition too (decision 17).
    dites: dict[str, Any] = source | {"employeur_siret": recu.employeur, "contrat": "AJOUT"}
    if recu.rupture is None:  # and it grants what was contested
        dites |= {c.champ: c.valeur for c in corrections if c.champ == "contestation"}
    effectives, issues = valeurs.effectives(dites, corrections)
    arbitrages += issues
    return {nom: effectives[nom] for nom in _DES_SOURCES} | {"debut_source": recu.debut, "rang": paire.rang}
