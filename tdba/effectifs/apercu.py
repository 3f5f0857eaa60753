"""What applying received lines would do, without doing it: new, changed field by field, unchanged, held.

It follows `reception` step by step on the same functions, so that what is shown is what confirming writes.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, RowMapping

from tdba import scope
from tdba.effectifs import reception, sql_apercu, transferees
from tdba.effectifs.contrats import ContratRecu, apparier
from tdba.effectifs.ecriture_contrats import contrats_connus
from tdba.effectifs.lot_recu import CREEE, INCHANGEE, MODIFIEE, RETENUE, Envoi, LigneRecue
from tdba.effectifs.valeurs import DATES_CONTRAT

SANS_EFFET: Final = "SANS_EFFET"
"""The line is not the one received before, and changes nothing that is read: a better source or a correction stands."""

Ecarts = dict[str, list[str | None]]
"""Column of `effectif`, or `contrat_<rank>.<column>` → [value held, value received], as texts."""

_TECHNIQUES: Final = frozenset(
    {
        "recherche",
        "historique",
        "source",
        "departement",
        "transmetteur_id",
        "maj_le",
        "transmis_le",
        "plus_transmis_depuis",
    }
)

_CONTRAT: Final = (*sorted(DATES_CONTRAT), "cause_rupture", "employeur_siret")


class Apercu(NamedTuple):
    """What would become of one line."""

    ligne_id: int
    verdict: str
    effectif_id: int | None
    ecarts: Ecarts


def apercevoir(envoi: Envoi, lignes: Sequence[LigneRecue]) -> list[Apercu]:
    """Say what `reception.recevoir` would do with these lines. Writes nothing.

    A record named twice is compared both times with what is held; the last line is the one that will stay.
    """
    connexion = scope.connexion("aperçu des lignes d’un fichier")
    lot = reception.lot_pour(connexion, envoi, lignes)
    inconnues = [ligne.cle for ligne in lignes if ligne.cle not in lot.connus]
    ailleurs = transferees.ailleurs(connexion, envoi.organisme_id, inconnues)
    trouves: list[Apercu] = []
    a_comparer = []
    for ligne in lignes:
        connu = lot.connus.get(ligne.cle)
        if ligne.cle in ailleurs:
            trouves.append(Apercu(ligne.ligne_id, RETENUE, ailleurs[ligne.cle], {}))
        elif connu is None:
            trouves.append(Apercu(ligne.ligne_id, CREEE, None, {}))
        elif connu.en_corbeille:
            trouves.append(Apercu(ligne.ligne_id, RETENUE, connu.id, {}))
        elif connu.empreinte is not None and bytes(connu.empreinte) == ligne.empreinte:
            trouves.append(Apercu(ligne.ligne_id, INCHANGEE, connu.id, {}))
        else:
            a_comparer.append((connu, ligne))
    ids = [connu.id for connu, _ in a_comparer]
    reception.lire_corrections(connexion, lot, ids)
    tenues = _tenues(connexion, ids)
    contrats = contrats_connus(connexion, ids)
    dates = _dates(connexion, ids)
    for connu, ligne in a_comparer:
        colonnes = reception.colonnes(lot, ligne, connu)
        ecarts = _ecarts(tenues[connu.id], colonnes)
        corriges = {c.contrat_id for c in lot.corrections[connu.id]}
        for paire in apparier(contrats.get(connu.id, ()), reception.contrats_de(lot, ligne)):
            # A contract corrected or added by hand outlives what the source says (decision 17).
            if paire.connu is None or paire.connu.id not in corriges:
                tenu = dates.get(paire.connu.id) if paire.connu else None
                if paire.recu is not None or (paire.connu and paire.connu.debut_source is not None):
                    ecarts |= _ecarts_de_contrat(paire.rang, tenu, paire.recu)
        verdict = MODIFIEE if ecarts else SANS_EFFET
        trouves.append(Apercu(ligne.ligne_id, verdict, connu.id, ecarts))
    return trouves


def _ecarts(tenue: RowMapping, colonnes: Mapping[str, Any]) -> Ecarts:
    return {
        nom: [_texte(tenue[nom]), _texte(valeur)]
        for nom, valeur in colonnes.items()
        if nom not in _TECHNIQUES and _texte(tenue[nom]) != _texte(valeur)
    }


def _ecarts_de_contrat(rang: int, tenu: RowMapping | None, recu: ContratRecu | None) -> Ecarts:
    dit = (
        {}
        if recu is None
        else {
            "debut": recu.debut,
            "fin": recu.fin,
            "rupture": recu.rupture,
            "cause_rupture": recu.cause,
            "employeur_siret": recu.employeur,
        }
    )
    avant = {nom: _texte(tenu[nom]) if tenu else None for nom in _CONTRAT}
    return {
        f"contrat_{rang}.{nom}": [avant[nom], _texte(dit.get(nom))]
        for nom in _CONTRAT
        if avant[nom] != _texte(dit.get(nom))
    }


def _texte(valeur: Any) -> str | None:
    if valeur is None or valeur == "":
        return None
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)


def _tenues(connexion: Connection, ids: Sequence[int]) -> dict[int, RowMapping]:
    lues = connexion.exec_driver_sql(sql_apercu.TENUES, {"ids": list(ids)}).mappings()
    return {tenue["id"]: tenue for tenue in lues}


def _dates(connexion: Connection, ids: Sequence[int]) -> dict[int, RowMapping]:
    lues = connexion.exec_driver_sql(sql_apercu.CONTRATS, {"ids": list(ids)}).mappings()
    return {contrat["id"]: contrat for contrat in lues}
