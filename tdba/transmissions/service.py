"""Receiving a transmission: read, resolve, store, answer (decisions 12 to 15).

Nothing is acknowledged before it is stored: the lines, their errors and the jobs that will apply them are one
transaction, committed by the route before the answer leaves.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from json import JSONEncoder
from typing import Any, Final, NamedTuple

from tdba import horloge, journal, scope, tableaux
from tdba.db import db
from tdba.effectifs import a_part
from tdba.jobs import enqueue_after_commit
from tdba.memoire import sans_ramasse_miettes
from tdba.organismes import queries as organismes
from tdba.transmissions import lignes, mise_en_attente, sql
from tdba.transmissions.api_options import Options
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.lignes import Erreur
from tdba.transmissions.models import Transmission

LIGNES_MAX: Final = 2000
SANS_OPTION: Final = Options()

_JSON: Final = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""Keys in order: what PostgreSQL gives back later reads the same."""

Couples = dict[tuple[str | None, str], int]

NON_TROUVE: Final = {
    "formateur": "organisme formateur non trouvé",
    "responsable": "organisme responsable non trouvé",
}
NON_AUTORISE_A_UNE_PERSONNE: Final = (
    "Vous ne pouvez pas déposer de fiches pour cet établissement : il doit être dans votre périmètre, et être le vôtre ou "
    "un formateur dont votre établissement est pleinement responsable."
)
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
    id_erp: str | None
    empreinte: bytes | None
    attendu: tuple[str, str] | None = None
    """The unknown couple that alone refuses it."""
    texte: str = "{}"
    """`contenu` as JSON: stored, then answered, written once."""


def examiner(recues: Sequence[object], emetteur: Emetteur, *, source: str) -> list[LigneStockee]:
    """Read lines under every rule: fields, establishments, what the sender may write. Stores nothing."""
    couples = _couples(recues, emetteur)
    return [_lire(recue, source, couples, emetteur) for recue in recues]


def recevoir(
    recues: Sequence[object], emetteur: Emetteur, *, source: str, options: Options = SANS_OPTION
) -> tuple[Transmission, list[LigneStockee]]:
    """Store a transmission and ask for its lines to be applied. The caller commits, then answers.

    Lines that are wrong, for an unknown couple, or for an organisme the sender may not write for are stored refused.
    """
    couples = _couples(recues, emetteur)
    with sans_ramasse_miettes():
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
        idempotence=options.idempotence.cle if options.idempotence else None,
        empreinte_corps=options.idempotence.corps if options.idempotence else None,
        complete=options.complete,
        envoi=options.envoi,
        partie=options.partie,
        parties=options.parties,
    )
    if refusees == len(stockees):
        transmission.etat, transmission.traitee_le = "TRAITEE", maintenant
    db.session.add(transmission)
    db.session.flush()
    stocker(transmission, stockees)
    attendus = [(rang, s.attendu) for rang, s in enumerate(stockees, 1) if s.attendu is not None]
    mise_en_attente.retenir(transmission.id, emetteur.organisme_id, attendus, maintenant)
    _compter(transmission, stockees)
    for organisme_id in sorted({s.organisme_id for s in stockees if s.organisme_id and not s.erreurs}):
        enqueue_after_commit("transmissions.appliquer", organisme_id=organisme_id)
    journal.consigner(
        "transmission.recue", transmission_id=transmission.id, lignes=len(stockees), refusees=refusees
    )
    if transmission.etat == "TRAITEE":
        enqueue_after_commit("transmissions.faire_le_point", transmission_id=transmission.id)
    if transmission.complete and transmission.etat == "TRAITEE":
        enqueue_after_commit("transmissions.clore_envoi", transmission_id=transmission.id)
    return transmission, stockees


def _couples(recues: Iterable[object], emetteur: Emetteur) -> Couples:
    """The organisme of each couple named: as the référentiel knows it, else as somebody recognised it for this sender."""
    return mise_en_attente.decidees(emetteur.organisme_id) | organismes.couples(_couples_cites(recues))


def _couples_cites(recues: Iterable[object]) -> set[tuple[str, str]]:
    """The (UAI, SIRET) couples that the lines name, normalised as the rules do."""
    cites: set[tuple[str, str]] = set()
    for recue in recues:
        if isinstance(recue, dict):
            for cote in NON_TROUVE:
                if couple := mise_en_attente.couple_brut(recue, cote):
                    cites.add(couple)
    return cites


def _lire(recue: object, source: str, couples: Couples, emetteur: Emetteur) -> LigneStockee:
    sifa = a_part.attendu()
    lue = lignes.lire(
        recue, source=source, couple_connu=lambda uai, siret: (uai, siret) in couples, sifa=sifa
    )
    erreurs = list(lue.erreurs)
    formateur = _resoudre(lue.valeurs, "formateur", couples, erreurs)
    responsable = _resoudre(lue.valeurs, "responsable", couples, erreurs)
    if formateur is not None and formateur not in emetteur.ecriture:
        phrase = NON_AUTORISE if emetteur.cle_id else NON_AUTORISE_A_UNE_PERSONNE
        erreurs += [Erreur(f"etablissement_formateur_{cle}", phrase) for cle in ("uai", "siret")]
        formateur = None
    # A refused line is shown, corrected and given back as a file: it never holds what only the survey's screens show.
    contenu = lignes.sans_donnees_interdites(recue, sifa=sifa and not erreurs)
    return LigneStockee(
        contenu=contenu,
        erreurs=[{"message": e.message, "path": [e.champ] if e.champ else []} for e in erreurs],
        organisme_id=formateur,
        responsable_id=responsable,
        annee_scolaire=lue.valeurs.get("annee_scolaire"),
        id_erp=lue.valeurs.get("id_erp_apprenant"),
        empreinte=None if erreurs else lignes.empreinte(lue.valeurs, lue.signalements),
        attendu=mise_en_attente.couple_attendu(recue, erreurs, NON_TROUVE.values(), couples)
        if erreurs
        else None,
        texte=_JSON(contenu),
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


def stocker(
    transmission: Transmission,
    stockees: Sequence[LigneStockee],
    *,
    rangs: Iterable[int] | None = None,
    etat: str = "A_TRAITER",
) -> None:
    """Keep these lines, those without error in this state. `rangs`: their places in what was sent, 1 first."""
    scope.connexion("stockage des lignes reçues").exec_driver_sql(
        sql.STOCKER_LIGNES,
        {
            "transmission_id": transmission.id,
            "transmetteur_id": transmission.transmetteur_id,
            "etat": etat,
            "rangs": tableaux.nombres(rangs or range(1, len(stockees) + 1)),
            "organismes": tableaux.nombres(s.organisme_id for s in stockees),
            "responsables": tableaux.nombres(s.responsable_id for s in stockees),
            "annees": tableaux.textes(s.annee_scolaire or "" for s in stockees),
            "ids_erp": [s.id_erp for s in stockees],
            "empreintes": tableaux.textes(s.empreinte.hex() if s.empreinte else "" for s in stockees),
            "contenus": tableaux.textes(s.texte for s in stockees),
            "erreurs": tableaux.textes(_JSON(s.erreurs) if s.erreurs else "" for s in stockees),
        },
    )


def _compter(transmission: Transmission, stockees: Sequence[LigneStockee]) -> None:
    nombres: Counter[int] = Counter()
    refus: Counter[int] = Counter()
    for s in stockees:
        organisme_id = s.organisme_id or transmission.transmetteur_id
        nombres[organisme_id] += 1
        refus[organisme_id] += bool(s.erreurs)
    scope.connexion("compte de ce qui est reçu").exec_driver_sql(
        sql.STOCKER_RECEPTIONS,
        {
            "transmission_id": transmission.id,
            "le": transmission.recue_le,
            "organismes": list(nombres),
            "lignes": list(nombres.values()),
            "refusees": [refus[organisme_id] for organisme_id in nombres],
        },
    )
