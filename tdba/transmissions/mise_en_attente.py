"""Lines that wait: nothing is wrong with them but an establishment that nobody knows (issue 4, part 6).

They are refused to the sender, who may correct them; they wait here for somebody to say which establishment it is. That
answer is kept: it resolves the couple in all that the same sender sends next.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from tdba import scope
from tdba.tableaux import nombres
from tdba.transmissions import normes, refus, sql_quarantaines
from tdba.transmissions.lignes import Erreur

ATTENTES_MAX: Final = 200
"""Unknown couples of one sender that wait at once: past it, their lines are simply refused."""

COTES: Final = ("formateur", "responsable")

Couples = dict[tuple[str | None, str], int]

_CHAMPS: Final = {f"etablissement_{cote}_{cle}": cote for cote in COTES for cle in ("uai", "siret")}
_CLES_FAUSSES: Final = {refus.UAI_LETTRE_FAUSSE.message, refus.SIRET_CLE_FAUSSE.message}


def couple_brut(recue: dict[str, Any], cote: str) -> tuple[str, str] | None:
    """None when either half is not even shaped like one: nothing else may reach the database."""
    uai = normes.uai(recue.get(f"etablissement_{cote}_uai"))
    siret = normes.siret(recue.get(f"etablissement_{cote}_siret"))
    return (uai, siret) if isinstance(uai, str) and isinstance(siret, str) else None


def couple_attendu(
    recue: object, erreurs: Sequence[Erreur], inconnus: Collection[str], couples: Couples
) -> tuple[str, str] | None:
    """The first unknown couple that a line waits for; None when anything else is wrong with it.

    `inconnus`: the sentences that say a couple is unknown. A key that is wrong makes a couple unknown too.
    """
    cotes = []
    for champ, message in erreurs:
        if champ not in _CHAMPS or not (message in inconnus or message in _CLES_FAUSSES):
            return None
        cotes.append(_CHAMPS[champ])
    if not isinstance(recue, dict):
        return None
    attendus = [couple_brut(recue, cote) for cote in COTES if cote in cotes]
    if not attendus or any(couple is None or couple in couples for couple in attendus):
        return None
    return attendus[0]


def decidees(transmetteur_id: int) -> Couples:
    """The couples of this sender that somebody recognised, with the organisme each turned out to be."""
    lues = scope.connexion("établissements reconnus pour un émetteur").exec_driver_sql(
        sql_quarantaines.DECIDEES, {"transmetteur_id": transmetteur_id}
    )
    return {(uai, siret): organisme_id for uai, siret, organisme_id in lues}


def retenir(
    transmission_id: int,
    transmetteur_id: int,
    attendus: Sequence[tuple[int, tuple[str, str]]],
    le: datetime,
) -> None:
    """Make these lines wait, given by their rank with the couple of each. One row of quarantine a couple."""
    if not attendus:
        return
    connexion = scope.connexion("lignes d’un établissement inconnu")
    couples = sorted({couple for _, couple in attendus})
    cles = {"transmission_id": transmission_id, "transmetteur_id": transmetteur_id, "le": le}
    ouverture = {"uais": [uai for uai, _ in couples], "sirets": [siret for _, siret in couples]}
    connexion.exec_driver_sql(sql_quarantaines.OUVRIR, cles | ouverture | {"maximum": ATTENTES_MAX})
    connexion.exec_driver_sql(
        sql_quarantaines.RETENIR,
        cles
        | {
            "rangs": nombres(rang for rang, _ in attendus),
            "uais": [uai for _, (uai, _) in attendus],
            "sirets": [siret for _, (_, siret) in attendus],
        },
    )
