"""Applying received lines to the effectifs of one organisme: create, update, leave alone, hold.

Whole batches are read and written by sets. The transaction, and the job around it, belong to the caller; running the
same batch twice changes nothing the second time (fingerprints, decision 15).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection

from tdba import abonnes, scope
from tdba.effectifs import (
    a_part,
    avant_images,
    ecriture_contrats,
    ecriture_effectifs,
    sql_reception,
    transferees,
    valeurs,
)
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.lot_recu import (
    CREEE,
    INCHANGEE,
    MODIFIEE,
    RETENUE,
    Connu,
    Envoi,
    LigneRecue,
    Lot,
    Resultat,
)
from tdba.effectifs.parcours import Ne, colonnes_de, de_naissance, ecrire_periodes, recalculer
from tdba.effectifs.reconnaissance import codes_corriges, connaissances_pour
from tdba.effectifs.source_json import charger, ecrire
from tdba.effectifs.statuts import ContratDates
from tdba.effectifs.valeurs import CorrectionVue
from tdba.tableaux import nombres


def recevoir(envoi: Envoi, lignes: Sequence[LigneRecue]) -> list[Resultat]:
    """Apply `lignes` in order; a key sent twice is applied twice, the last one staying. Takes the organisme's lock."""
    connexion = scope.connexion("application des lignes reçues")
    connexion.exec_driver_sql(sql_reception.VERROU, {"organisme_id": envoi.organisme_id})
    resultats: list[Resultat] = []
    for tour in _tours(lignes):
        resultats += _appliquer(connexion, envoi, tour)
    return resultats


def toujours_transmis(
    connexion: Connection, organisme_id: int, effectif_ids: Sequence[int], le: datetime
) -> None:
    """Say that these records are still being sent (decision 14), and joined by their source where they were moved."""
    parametres = {"organisme_id": organisme_id, "ids": nombres(effectif_ids), "le": le}
    connexion.exec_driver_sql(sql_reception.VUS, parametres)


def _tours(lignes: Iterable[LigneRecue]) -> list[list[LigneRecue]]:
    tours: list[list[LigneRecue]] = []
    vues: dict[tuple[str, str], int] = defaultdict(int)
    for ligne in lignes:
        cle = ligne.cle
        if vues[cle] == len(tours):
            tours.append([])
        tours[vues[cle]].append(ligne)
        vues[cle] += 1
    return tours


def _appliquer(connexion: Connection, envoi: Envoi, lignes: Sequence[LigneRecue]) -> list[Resultat]:
    lot = lot_pour(connexion, envoi, lignes)
    tri = _trier(connexion, lot, lignes)
    modifies = [connu.id for connu, _ in tri.changees]
    abonnes.annoncer("avant_parcours", modifies)
    # Once the records are locked: a correction saved just before would be unknown here, hence overwritten.
    lire_corrections(connexion, lot, modifies)
    if envoi.defaisable:
        avant_images.prendre(connexion, envoi.transmission_id, modifies)
    nes = _creer(connexion, lot, tri.nouvelles)
    _modifier(connexion, lot, tri.changees)
    crees = [ne.id for ne in nes]
    couples = [*zip(crees, tri.nouvelles, strict=True), *((connu.id, ligne) for connu, ligne in tri.changees)]
    _accompagner(connexion, lot, couples, nouvelles=len(crees))
    ecrire_periodes(nes)
    recalculer(modifies)
    abonnes.annoncer("apres_parcours", [effectif_id for effectif_id, _ in couples])
    if envoi.defaisable:
        avant_images.dater(connexion, envoi.transmission_id, crees=crees, changes=modifies)
    vus = [r.effectif_id for r in tri.resultats if r.etat == INCHANGEE and r.effectif_id is not None]
    toujours_transmis(connexion, envoi.organisme_id, [*vus, *modifies], envoi.le)
    creees = [Resultat(ligne.ligne_id, CREEE, i) for i, ligne in zip(crees, tri.nouvelles, strict=True)]
    return [
        *tri.resultats,
        *creees,
        *(Resultat(ligne.ligne_id, MODIFIEE, connu.id) for connu, ligne in tri.changees),
    ]


class Tri(NamedTuple):
    """What is to be done with each line of a batch; `resultats` are those of the lines that change nothing."""

    nouvelles: list[LigneRecue]
    changees: list[tuple[Connu, LigneRecue]]
    resultats: list[Resultat]


def _trier(connexion: Connection, lot: Lot, lignes: Sequence[LigneRecue]) -> Tri:
    tri = Tri([], [], [])
    for ligne in lignes:
        connu = lot.connus.get(ligne.cle)
        if connu is None:
            tri.nouvelles.append(ligne)
        elif connu.en_corbeille:
            tri.resultats.append(Resultat(ligne.ligne_id, RETENUE, connu.id))
        elif connu.empreinte is not None and bytes(connu.empreinte) == ligne.empreinte:
            tri.resultats.append(Resultat(ligne.ligne_id, INCHANGEE, connu.id))
        else:
            tri.changees.append((connu, ligne))
    ailleurs = transferees.ailleurs(connexion, lot.envoi.organisme_id, [ligne.cle for ligne in tri.nouvelles])
    if not ailleurs:
        return tri
    partis = [ligne for ligne in tri.nouvelles if ligne.cle in ailleurs]
    retenues = [Resultat(ligne.ligne_id, RETENUE, ailleurs[ligne.cle]) for ligne in partis]
    restent = [ligne for ligne in tri.nouvelles if ligne.cle not in ailleurs]
    return Tri(restent, tri.changees, tri.resultats + retenues)


def _accompagner(
    connexion: Connection, lot: Lot, couples: Sequence[tuple[int, LigneRecue]], *, nouvelles: int
) -> None:
    """What goes with the records: what the source said, their contracts, what becomes of their corrections."""
    _sources(connexion, lot.envoi, couples)
    a_part.garder(connexion, lot.envoi, couples, nouvelles=nouvelles)
    ecriture_contrats.ecrire(
        connexion,
        lot.envoi.organisme_id,
        [(effectif_id, ligne.annee_scolaire, contrats_de(lot, ligne)) for effectif_id, ligne in couples],
        lot.corrections,
        lot.arbitrages,
    )
    _clore_corrections(connexion, lot)


def contrats_de(lot: Lot, ligne: LigneRecue) -> Sequence[ContratRecu]:
    """The contracts that the record takes: its best source speaks, for them as for its fields."""
    connu = lot.connus.get(ligne.cle)
    if connu is None or not connu.autres:
        return ligne.contrats
    return ecriture_contrats.de_la_meilleure(lot.envoi.source, ligne.contrats, connu.autres)


def lot_pour(connexion: Connection, envoi: Envoi, lignes: Sequence[LigneRecue]) -> Lot:
    """A batch, with what we hold for its keys."""
    connus = _connus(connexion, envoi, lignes)
    autres = (dites for connu in connus.values() if connu.autres for dites in connu.autres.values())
    return Lot(envoi, connus, connaissances_pour(chain((ligne.valeurs for ligne in lignes), autres)))


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


def lire_corrections(connexion: Connection, lot: Lot, ids: Sequence[int]) -> None:
    """Read the corrections in force of these records into the batch, and what is known of the codes that they give."""
    if ids:
        for effectif_id, *reste in connexion.exec_driver_sql(sql_reception.CORRECTIONS, {"ids": list(ids)}):
            lot.corrections[effectif_id].append(CorrectionVue(*reste))
        if corriges := list(codes_corriges(chain.from_iterable(lot.corrections.values()))):
            lot.connaissances = connaissances_pour(corriges)


def colonnes(lot: Lot, ligne: LigneRecue, connu: Connu | None) -> dict[str, Any]:
    """The columns of `effectif` that this line gives, corrections on top."""
    sources: dict[str, Mapping[str, Any]] = {lot.envoi.source: ligne.valeurs}
    if connu is not None and connu.autres:
        sources |= {nom: charger(dites) for nom, dites in connu.autres.items()}
    dites = valeurs.meilleure(sources)
    source = valeurs.de_la_source(dites)
    corrections = [c for c in lot.corrections[connu.id] if c.contrat_id is None] if connu else []
    effectives, arbitrages = valeurs.effectives(source, corrections)
    lot.arbitrages += arbitrages
    corriges = {c.champ for c in corrections}
    reconnues = lot.connaissances.completer(effectives)
    effectives |= {nom: valeur for nom, valeur in reconnues.items() if nom not in corriges}
    return effectives | {
        "recherche": valeurs.recherche(effectives["nom"], effectives["prenom"]),
        "historique": valeurs.historique(connu.historique if connu else [], dites),
        "source": next(nom for nom in valeurs.PRIORITE if nom in sources),
        "responsable_id": ligne.responsable_id,
        "transmetteur_id": lot.envoi.transmetteur_id,
        "maj_le": lot.envoi.le,
        "transmis_le": lot.envoi.le,
        "plus_transmis_depuis": None,
    }


def _creer(connexion: Connection, lot: Lot, lignes: Sequence[LigneRecue]) -> list[Ne]:
    """Insert new records with the parcours that their dates give; no correction can bear on them yet."""
    organisme_id = lot.envoi.organisme_id
    rangees, trouves = [], []
    for ligne in lignes:
        rangee = colonnes(lot, ligne, None) | {
            "organisme_id": organisme_id,
            "annee_scolaire": ligne.annee_scolaire,
            "id_erp": ligne.id_erp,
            "cree_le": lot.envoi.le,
            "version": 1,
        }
        contrats = [ContratDates(c.debut, c.fin, c.rupture) for c in ligne.contrats]
        trouve = de_naissance(rangee, contrats)
        rangees.append(rangee | colonnes_de(trouve))
        trouves.append(trouve)
    ids = ecriture_effectifs.creer(connexion, rangees)
    return [
        Ne(effectif_id, organisme_id, ligne.annee_scolaire, trouve)
        for effectif_id, ligne, trouve in zip(ids, lignes, trouves, strict=True)
    ]


def _modifier(connexion: Connection, lot: Lot, changees: Sequence[tuple[Connu, LigneRecue]]) -> None:
    ecriture_effectifs.modifier(
        connexion, [colonnes(lot, ligne, connu) | {"id": connu.id} for connu, ligne in changees]
    )


def _sources(connexion: Connection, envoi: Envoi, couples: Sequence[tuple[int, LigneRecue]]) -> None:
    ecriture_effectifs.ecrire_sources(
        connexion,
        [
            (
                effectif_id,
                ligne.annee_scolaire,
                ecrire(ligne.valeurs, ligne.mis_de_cote),
                ligne.empreinte,
            )
            for effectif_id, ligne in couples
        ],
        organisme_id=envoi.organisme_id,
        source=envoi.source,
        transmission_id=envoi.transmission_id,
        recu_le=envoi.le,
    )


def _clore_corrections(connexion: Connection, lot: Lot) -> None:
    rangees = [
        {"id": a.correction_id, "etat": a.etat.value, "valeur_conflit": a.valeur_conflit, "le": lot.envoi.le}
        for a in lot.arbitrages
    ]
    if rangees:
        connexion.exec_driver_sql(sql_reception.ARBITRER, rangees)
        connexion.exec_driver_sql(sql_reception.MARQUER_CORRIGES, {"ids": list(lot.corrections)})
