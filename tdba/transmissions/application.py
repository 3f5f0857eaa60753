"""Applying stored lines to the effectifs of one organisme, by batches that commit (decision 15).

A worker killed in the middle leaves its batch to be taken again: a line is closed in the transaction that applied it.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from tdba import horloge, journal, scope
from tdba.effectifs import reception, sql_reception
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.reception import Certification, Envoi, LigneRecue, Resultat
from tdba.organismes import queries as organismes
from tdba.organismes.queries import CertificationVue
from tdba.transmissions import lignes, sql

LOT: Final = 1000

_COMPTES: Final = {
    "CREEE": "creees",
    "MODIFIEE": "modifiees",
    "INCHANGEE": "inchangees",
    "RETENUE": "retenues",
    "REFUSEE": "refusees",
}


class _ATraiter(NamedTuple):
    id: int
    transmission_id: int
    transmetteur_id: int
    responsable_id: int | None
    contenu: dict[str, Any]
    source: str


def appliquer(renouveler: Callable[[], None], organisme_id: int) -> None:
    """Apply every line waiting for this organisme, oldest first. `renouveler` commits each batch."""
    while _appliquer_lot(organisme_id):
        renouveler()


def _appliquer_lot(organisme_id: int) -> bool:
    connexion = scope.connexion("application des lignes reçues")
    connexion.exec_driver_sql(sql_reception.VERROU, {"organisme_id": organisme_id})
    parametres = {"organisme_id": organisme_id, "lot": LOT}
    attente = [_ATraiter(*ligne) for ligne in connexion.exec_driver_sql(sql.A_TRAITER, parametres)]
    maintenant = horloge.maintenant()
    for (transmission_id, transmetteur_id, source), groupe in groupby(
        attente, key=lambda a: (a.transmission_id, a.transmetteur_id, a.source)
    ):
        envoi = Envoi(organisme_id, source, transmetteur_id, transmission_id, maintenant)
        _appliquer_transmission(connexion, envoi, list(groupe))
    return bool(attente)


def _appliquer_transmission(connexion: Connection, envoi: Envoi, attente: Sequence[_ATraiter]) -> None:
    """Read again under today's rules (a newer version may refuse), apply, count."""
    lues = [
        (a, lignes.lire(a.contenu, source=envoi.source, couple_connu=_connu, sifa=False)) for a in attente
    ]
    valides = [(a, lue) for a, lue in lues if lue.valide]
    certifications = organismes.certification_pour(
        {(lue.valeurs.get("formation_rncp"), lue.valeurs.get("formation_cfd")) for _, lue in valides}
    )
    recues = [_preparer(a, lue, certifications) for a, lue in valides]
    resultats = reception.recevoir(envoi, recues)
    refusees = [(a.id, lue.erreurs) for a, lue in lues if not lue.valide]
    for ligne_id, erreurs in refusees:
        texte = json.dumps([{"message": e.message, "path": [e.champ]} for e in erreurs], ensure_ascii=False)
        connexion.exec_driver_sql(sql.REFUSER_LIGNE, {"id": ligne_id, "erreurs": texte, "le": envoi.le})
    _clore(connexion, envoi, resultats, len(refusees))


def _connu(_uai: str, _siret: str) -> bool:
    """The couple of a stored line was resolved when it was received."""
    return True


def _preparer(
    attente: _ATraiter,
    lue: lignes.LigneLue,
    certifications: dict[tuple[str | None, str | None], CertificationVue],
) -> LigneRecue:
    valeurs = lue.valeurs
    trouvee = certifications.get((valeurs.get("formation_rncp"), valeurs.get("formation_cfd")))
    return LigneRecue(
        ligne_id=attente.id,
        annee_scolaire=valeurs["annee_scolaire"],
        id_erp=valeurs["id_erp_apprenant"],
        valeurs=valeurs,
        mis_de_cote={s.champ: s.recu for s in lue.signalements},
        contrats=[ContratRecu(*contrat) for contrat in lignes.contrats(valeurs)],
        empreinte=lignes.empreinte(valeurs, lue.signalements),
        responsable_id=attente.responsable_id,
        certification=Certification(trouvee.intitule, trouvee.niveau)
        if trouvee
        else Certification(None, None),
    )


def _clore(connexion: Connection, envoi: Envoi, resultats: Sequence[Resultat], refusees: int) -> None:
    connexion.exec_driver_sql(
        sql.CLORE_LIGNES,
        {
            "ids": [r.ligne_id for r in resultats],
            "etats": [r.etat for r in resultats],
            "effectifs": [r.effectif_id for r in resultats],
            "le": envoi.le,
        },
    )
    etats = Counter(r.etat for r in resultats) + Counter({"REFUSEE": refusees})
    comptes = {nom: etats.get(etat, 0) for etat, nom in _COMPTES.items()}
    cles = {"transmission_id": envoi.transmission_id, "organisme_id": envoi.organisme_id, "le": envoi.le}
    connexion.exec_driver_sql(sql.COMPTER, cles | comptes | {"total": len(resultats) + refusees})
    if resultats:
        connexion.exec_driver_sql(sql.DATER_ORGANISME, _date_reception(envoi))
    if connexion.exec_driver_sql(sql.CLORE_TRANSMISSION, cles).one_or_none() is not None:
        journal.consigner("transmission.traitee", transmission_id=envoi.transmission_id)


def _date_reception(envoi: Envoi) -> dict[str, int | datetime]:
    return {"organisme_id": envoi.organisme_id, "le": envoi.le}
