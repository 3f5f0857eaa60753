"""Receiving a transmission: read, resolve, store, answer (decisions 12 to 15).

Nothing is acknowledged before it is stored: the lines, their errors and the jobs that will apply them are one
transaction, committed by the route before the answer leaves.
"""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from tdba import horloge, journal, scope
from tdba.db import db
from tdba.jobs import enqueue_after_commit
from tdba.organismes import queries as organismes
from tdba.transmissions import lignes, sql
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.lignes import Erreur
from tdba.transmissions.models import Transmission

LIGNES_MAX: Final = 2000

Couples = dict[tuple[str | None, str], int]

NON_TROUVE: Final = {
    "formateur": "organisme formateur non trouvé",
    "responsable": "organisme responsable non trouvé",
}
NON_AUTORISE: Final = (
    "Votre clé ne permet pas de transmettre pour cet établissement : il doit être le vôtre, un formateur dont vous "
    "êtes pleinement responsable, ou vous avoir donné délégation."
)


class LigneStockee(NamedTuple):
    """One line as it will be kept and as it is answered."""

    contenu: dict[str, Any]
    erreurs: list[dict[str, Any]]
    organisme_id: int | None
    responsable_id: int | None
    annee_scolaire: str | None


def recevoir(
    recues: Sequence[object], emetteur: Emetteur, *, source: str
) -> tuple[Transmission, list[LigneStockee]]:
    """Store a transmission and ask for its lines to be applied. The caller commits, then answers.

    Lines that are wrong, for an unknown couple, or for an organisme the sender may not write for are stored refused.
    """
    couples = organismes.couples(_couples_cites(recues))
    stockees = [_lire(recue, source, couples, emetteur) for recue in recues]
    maintenant = horloge.maintenant()
    refusees = sum(1 for ligne in stockees if ligne.erreurs)
    transmission = Transmission(
        uuid=uuid.uuid4(),
        transmetteur_id=emetteur.organisme_id,
        cle_api_id=emetteur.cle_id,
        source=source,
        recue_le=maintenant,
        nb_lignes=len(stockees),
        nb_refusees=refusees,
    )
    if refusees == len(stockees):
        transmission.etat, transmission.traitee_le = "TRAITEE", maintenant
    db.session.add(transmission)
    db.session.flush()
    _stocker(transmission, stockees)
    for organisme_id in sorted({s.organisme_id for s in stockees if s.organisme_id and not s.erreurs}):
        enqueue_after_commit("transmissions.appliquer", organisme_id=organisme_id)
    journal.consigner(
        "transmission.recue", transmission_id=transmission.id, lignes=len(stockees), refusees=refusees
    )
    return transmission, stockees


def _couples_cites(recues: Iterable[object]) -> set[tuple[str, str]]:
    """The (UAI, SIRET) couples that the lines name, normalised as the rules do."""
    cites: set[tuple[str, str]] = set()
    for recue in recues:
        if isinstance(recue, dict):
            for cote in NON_TROUVE:
                cites.add(_couple_brut(recue, cote))
    return cites


def _couple_brut(recue: dict[str, Any], cote: str) -> tuple[str, str]:
    uai = str(recue.get(f"etablissement_{cote}_uai", "")).strip().upper()
    siret = str(recue.get(f"etablissement_{cote}_siret", "")).translate(_SEPARATEURS)
    return uai[:8], siret[:14]


_SEPARATEURS: Final = str.maketrans("", "", " .-\x00\u00a0")


def _lire(recue: object, source: str, couples: Couples, emetteur: Emetteur) -> LigneStockee:
    lue = lignes.lire(
        recue, source=source, couple_connu=lambda uai, siret: (uai, siret) in couples, sifa=False
    )
    erreurs = list(lue.erreurs)
    formateur = _resoudre(lue.valeurs, "formateur", couples, erreurs)
    responsable = _resoudre(lue.valeurs, "responsable", couples, erreurs)
    if formateur is not None and formateur not in emetteur.ecriture:
        erreurs += [Erreur(f"etablissement_formateur_{cle}", NON_AUTORISE) for cle in ("uai", "siret")]
        formateur = None
    return LigneStockee(
        contenu=lignes.sans_donnees_interdites(recue),
        erreurs=[{"message": e.message, "path": [e.champ] if e.champ else []} for e in erreurs],
        organisme_id=formateur,
        responsable_id=responsable,
        annee_scolaire=lue.valeurs.get("annee_scolaire"),
    )


def _resoudre(valeurs: dict[str, Any], cote: str, couples: Couples, erreurs: list[Erreur]) -> int | None:
    """Find the organisme of one side. SIRET alone is not enough: the couple must be known (domain.md §4.4)."""
    uai, siret = valeurs.get(f"etablissement_{cote}_uai"), valeurs.get(f"etablissement_{cote}_siret")
    if uai is None or siret is None:
        return None
    trouve = couples.get((uai, siret))
    if trouve is None:
        erreurs += [Erreur(f"etablissement_{cote}_{cle}", NON_TROUVE[cote]) for cle in ("uai", "siret")]
    return trouve


def _stocker(transmission: Transmission, stockees: Sequence[LigneStockee]) -> None:
    connexion = scope.connexion("stockage des lignes reçues")
    connexion.exec_driver_sql(
        sql.STOCKER_LIGNES,
        {
            "transmission_id": transmission.id,
            "transmetteur_id": transmission.transmetteur_id,
            "rangs": list(range(1, len(stockees) + 1)),
            "organismes": [s.organisme_id for s in stockees],
            "responsables": [s.responsable_id for s in stockees],
            "annees": [s.annee_scolaire for s in stockees],
            "contenus": [json.dumps(s.contenu, ensure_ascii=False) for s in stockees],
            "erreurs": [json.dumps(s.erreurs, ensure_ascii=False) if s.erreurs else "[]" for s in stockees],
        },
    )
    nombres: Counter[int] = Counter()
    refus: Counter[int] = Counter()
    for s in stockees:
        organisme_id = s.organisme_id or transmission.transmetteur_id
        nombres[organisme_id] += 1
        refus[organisme_id] += bool(s.erreurs)
    connexion.exec_driver_sql(
        sql.STOCKER_RECEPTIONS,
        {
            "transmission_id": transmission.id,
            "le": transmission.recue_le,
            "organismes": list(nombres),
            "lignes": list(nombres.values()),
            "refusees": [refus[organisme_id] for organisme_id in nombres],
        },
    )
