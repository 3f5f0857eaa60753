"""Applying received lines to the effectifs of one organisme: create, update, leave alone, hold.

Whole batches are read and written by sets. The transaction, and the job around it, belong to the caller; running the
same batch twice changes nothing the second time (fingerprints, decision 15).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, insert, update

from tdba import abonnes, scope
from tdba.db import table_de
from tdba.effectifs import ecriture_contrats, sql_reception, valeurs
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.models import Effectif
from tdba.effectifs.parcours import recalculer
from tdba.effectifs.source_json import charger, ecrire
from tdba.effectifs.valeurs import Arbitrage, CorrectionVue

CREEE: Final = "CREEE"
MODIFIEE: Final = "MODIFIEE"
INCHANGEE: Final = "INCHANGEE"
RETENUE: Final = "RETENUE"
"""A line about a record in the bin: held, rather than bring the record back (decision 19)."""


class Certification(NamedTuple):
    """What the référentiel knows of a formation."""

    intitule: str | None
    niveau: int | None


class LigneRecue(NamedTuple):
    """A validated line, on its way to becoming an effectif."""

    ligne_id: int
    annee_scolaire: str
    id_erp: str
    valeurs: Mapping[str, Any]
    mis_de_cote: Mapping[str, Any]
    contrats: Sequence[ContratRecu]
    empreinte: bytes
    responsable_id: int | None
    certification: Certification


class Resultat(NamedTuple):
    ligne_id: int
    etat: str
    effectif_id: int | None


@dataclass(frozen=True, slots=True)
class Envoi:
    """What all the lines of a batch share."""

    organisme_id: int
    source: str
    transmetteur_id: int
    transmission_id: int
    le: datetime


class Connu(NamedTuple):
    """An effectif that we hold for the key of a line."""

    id: int
    annee_scolaire: str
    id_erp: str
    en_corbeille: bool
    historique: list[list[Any]]
    empreinte: bytes | None
    source: str | None
    autres: dict[str, Any] | None


@dataclass(slots=True)
class _Lot:
    """One batch in which each key appears once."""

    envoi: Envoi
    connus: dict[tuple[str, str], Connu]
    corrections: dict[int, list[CorrectionVue]] = field(default_factory=lambda: defaultdict(list))
    arbitrages: list[Arbitrage] = field(default_factory=list)


def recevoir(envoi: Envoi, lignes: Sequence[LigneRecue]) -> list[Resultat]:
    """Apply `lignes` in order; a key sent twice is applied twice, the last one staying. Takes the organisme's lock."""
    connexion = scope.connexion("application des lignes reçues")
    connexion.exec_driver_sql(sql_reception.VERROU, {"organisme_id": envoi.organisme_id})
    resultats: list[Resultat] = []
    for tour in _tours(lignes):
        resultats += _appliquer(connexion, envoi, tour)
    return resultats


def _tours(lignes: Iterable[LigneRecue]) -> list[list[LigneRecue]]:
    tours: list[list[LigneRecue]] = []
    vues: dict[tuple[str, str], int] = defaultdict(int)
    for ligne in lignes:
        cle = (ligne.annee_scolaire, ligne.id_erp)
        if vues[cle] == len(tours):
            tours.append([])
        tours[vues[cle]].append(ligne)
        vues[cle] += 1
    return tours


def _appliquer(connexion: Connection, envoi: Envoi, lignes: Sequence[LigneRecue]) -> list[Resultat]:
    lot = _Lot(envoi, _connus(connexion, envoi, lignes))
    nouvelles, changees, resultats = [], [], []
    for ligne in lignes:
        connu = lot.connus.get((ligne.annee_scolaire, ligne.id_erp))
        if connu is None:
            nouvelles.append(ligne)
        elif connu.en_corbeille:
            resultats.append(Resultat(ligne.ligne_id, RETENUE, connu.id))
        elif connu.empreinte is not None and bytes(connu.empreinte) == ligne.empreinte:
            resultats.append(Resultat(ligne.ligne_id, INCHANGEE, connu.id))
        else:
            changees.append((connu, ligne))
    _lire_corrections(connexion, lot, [connu.id for connu, _ in changees])
    abonnes.annoncer("avant_parcours", [connu.id for connu, _ in changees])
    crees = _creer(connexion, lot, nouvelles)
    _modifier(connexion, lot, changees)
    couples = [*zip(crees, nouvelles, strict=True), *((connu.id, ligne) for connu, ligne in changees)]
    _sources(connexion, envoi, couples)
    ecriture_contrats.ecrire(
        connexion,
        envoi.organisme_id,
        [(effectif_id, ligne.annee_scolaire, ligne.contrats) for effectif_id, ligne in couples],
        lot.corrections,
        lot.arbitrages,
    )
    _clore_corrections(connexion, lot)
    ids = [effectif_id for effectif_id, _ in couples]
    recalculer(ids)
    abonnes.annoncer("apres_parcours", ids)
    vus = [r.effectif_id for r in resultats if r.etat == INCHANGEE]
    connexion.exec_driver_sql(sql_reception.VUS, {"le": envoi.le, "ids": vus})
    resultats += [Resultat(ligne.ligne_id, CREEE, i) for i, ligne in zip(crees, nouvelles, strict=True)]
    return resultats + [Resultat(ligne.ligne_id, MODIFIEE, connu.id) for connu, ligne in changees]


def _connus(
    connexion: Connection, envoi: Envoi, lignes: Sequence[LigneRecue]
) -> dict[tuple[str, str], Connu]:
    parametres = {
        "organisme_id": envoi.organisme_id,
        "source": envoi.source,
        "annees": [ligne.annee_scolaire for ligne in lignes],
        "ids_erp": [ligne.id_erp for ligne in lignes],
    }
    trouves = (Connu(*ligne) for ligne in connexion.exec_driver_sql(sql_reception.CONNUS, parametres))
    return {(connu.annee_scolaire, connu.id_erp): connu for connu in trouves}


def _lire_corrections(connexion: Connection, lot: _Lot, ids: Sequence[int]) -> None:
    if ids:
        for effectif_id, *reste in connexion.exec_driver_sql(sql_reception.CORRECTIONS, {"ids": list(ids)}):
            lot.corrections[effectif_id].append(CorrectionVue(*reste))


def _colonnes(lot: _Lot, ligne: LigneRecue, connu: Connu | None) -> dict[str, Any]:
    """The columns of `effectif` that this line gives, corrections on top."""
    sources: dict[str, Mapping[str, Any]] = {lot.envoi.source: ligne.valeurs}
    if connu is not None and connu.autres:
        sources |= {nom: charger(dites) for nom, dites in connu.autres.items()}
    dites = valeurs.meilleure(sources)
    source = valeurs.de_la_source(dites)
    source["formation"] = ligne.certification.intitule or source["formation"]
    corrections = [c for c in lot.corrections[connu.id] if c.contrat_id is None] if connu else []
    colonnes, arbitrages = valeurs.effectives(source, corrections)
    lot.arbitrages += arbitrages
    return colonnes | {
        "recherche": valeurs.recherche(colonnes["nom"], colonnes["prenom"]),
        "niveau": ligne.certification.niveau,
        "historique": valeurs.historique(connu.historique if connu else [], dites),
        "source": next(nom for nom in valeurs.PRIORITE if nom in sources),
        "responsable_id": ligne.responsable_id,
        "transmetteur_id": lot.envoi.transmetteur_id,
        "maj_le": lot.envoi.le,
        "transmis_le": lot.envoi.le,
    }


def _creer(connexion: Connection, lot: _Lot, lignes: Sequence[LigneRecue]) -> list[int]:
    if not lignes:
        return []
    rangees = [
        _colonnes(lot, ligne, None)
        | {
            "organisme_id": lot.envoi.organisme_id,
            "annee_scolaire": ligne.annee_scolaire,
            "id_erp": ligne.id_erp,
            "cree_le": lot.envoi.le,
        }
        for ligne in lignes
    ]
    requete = insert(table_de(Effectif)).returning(Effectif.id, sort_by_parameter_order=True)
    return list(connexion.execute(requete, rangees).scalars())


def _modifier(connexion: Connection, lot: _Lot, changees: Sequence[tuple[Connu, LigneRecue]]) -> None:
    if not changees:
        return
    rangees = [_colonnes(lot, ligne, connu) | {"cle": connu.id} for connu, ligne in changees]
    table = table_de(Effectif)
    nouvelles: dict[str, Any] = {nom: bindparam(nom) for nom in rangees[0] if nom != "cle"}
    requete = update(table).where(table.c.id == bindparam("cle"))
    connexion.execute(requete.values(nouvelles | {"version": table.c.version + 1}), rangees)


def _sources(connexion: Connection, envoi: Envoi, couples: Sequence[tuple[int, LigneRecue]]) -> None:
    rangees = [
        {
            "effectif_id": effectif_id,
            "organisme_id": envoi.organisme_id,
            "source": envoi.source,
            "annee_scolaire": ligne.annee_scolaire,
            "valeurs": ecrire(ligne.valeurs, ligne.mis_de_cote),
            "empreinte": ligne.empreinte,
            "transmission_id": envoi.transmission_id,
            "recu_le": envoi.le,
        }
        for effectif_id, ligne in couples
    ]
    if rangees:
        connexion.exec_driver_sql(sql_reception.SOURCE, rangees)


def _clore_corrections(connexion: Connection, lot: _Lot) -> None:
    rangees = [
        {"id": a.correction_id, "etat": a.etat.value, "valeur_conflit": a.valeur_conflit, "le": lot.envoi.le}
        for a in lot.arbitrages
    ]
    if rangees:
        connexion.exec_driver_sql(sql_reception.ARBITRER, rangees)
        connexion.exec_driver_sql(sql_reception.MARQUER_CORRIGES, {"ids": list(lot.corrections)})
