"""The missions locales known here: imported from a list, completed commune by commune by a job."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, journal
from tdba.db import db
from tdba.liaisons import queries
from tdba.liaisons.annuaire import Annuaire
from tdba.liaisons.liste import Communes, MissionLue, Refus, lire_liste
from tdba.liaisons.models import MissionLocale, MissionLocaleCommune
from tdba.organismes.appels import ApiFermee, ApiIndisponible
from tdba.organismes.models import Commune

LOT: Final = 20
DEMANDES_MAX: Final = 500
"""Communes asked about in one run; the others wait for the next night."""
ECHECS_MAX: Final = 3


@dataclass(slots=True)
class Bilan:
    """What an import did."""

    refus: Sequence[Refus]
    encodage: str
    crees: int = 0
    modifies: int = 0
    inchanges: int = 0

    @property
    def rien_accepte(self) -> bool:
        return not (self.crees or self.modifies or self.inchanges)


def importer(contenu: bytes, maintenant: datetime) -> Bilan:
    """Import a list; a second import of the same file changes nothing. Raises FichierRefuse.

    A cell that the list leaves empty keeps what was known; communes, when it gives some, replace those known.
    """
    communes = Communes(
        (code, nom, anciens)
        for code, nom, anciens in db.session.execute(
            select(Commune.code_insee, Commune.nom, Commune.anciens_codes)
        )
    )
    missions, refus, encodage = lire_liste(contenu, communes)
    bilan = Bilan(refus, encodage)
    connues = {m.siret: m for m in db.session.scalars(select(MissionLocale).with_for_update())}
    for mission in missions:
        _importer(mission, connues.get(mission.siret), bilan, maintenant)
    journal.consigner(
        "referentiel.importe",
        jeu="missions_locales",
        crees=bilan.crees,
        modifies=bilan.modifies,
        inchanges=bilan.inchanges,
        refuses=len(refus),
    )
    return bilan


def _importer(lue: MissionLue, connue: MissionLocale | None, bilan: Bilan, maintenant: datetime) -> None:
    valeurs = _dites(lue)
    if connue is None:
        connue = MissionLocale(**valeurs, maj_le=maintenant)
        db.session.add(connue)
        db.session.flush()
        _desservir(connue.id, lue.communes)
        bilan.crees += 1
        return
    autres = {nom: valeur for nom, valeur in valeurs.items() if getattr(connue, nom) != valeur}
    desservies = set(
        db.session.scalars(
            select(MissionLocaleCommune.code_insee).where(MissionLocaleCommune.mission_locale_id == connue.id)
        )
    )
    if not autres and (not lue.communes or desservies == set(lue.communes)):
        bilan.inchanges += 1
        return
    for nom, valeur in autres.items():
        setattr(connue, nom, valeur)
    connue.maj_le = maintenant
    if lue.communes:
        db.session.execute(
            delete(MissionLocaleCommune).where(MissionLocaleCommune.mission_locale_id == connue.id)
        )
        _desservir(connue.id, lue.communes)
    bilan.modifies += 1


def _dites(lue: MissionLue) -> dict[str, str]:
    """The columns that the list says something of."""
    return {nom: valeur for nom, valeur in asdict(lue).items() if valeur is not None and nom != "communes"}


def _desservir(mission_id: int, communes: Sequence[str]) -> None:
    rangees = [{"mission_locale_id": mission_id, "code_insee": code} for code in communes]
    if rangees:
        db.session.execute(insert(MissionLocaleCommune).values(rangees).on_conflict_do_nothing())


@dataclass(slots=True)
class Compte:
    """What one run asked, counted in communes."""

    attendues: int
    demandees: int = 0
    trouvees: int = 0
    echecs: int = 0


def completer(renouveler: Callable[[], None], annuaire: Annuaire | None) -> None:
    """Ask about the communes of open files whose mission locale is not known. No transaction is open meanwhile."""
    if annuaire is None:
        return
    codes = queries.a_demander(DEMANDES_MAX, horloge.aujourd_hui())
    compte = Compte(len(codes))
    for debut in range(0, len(codes), LOT):
        renouveler()
        if not _lot(annuaire, codes[debut : debut + LOT], compte):
            break
    journal.consigner(
        "missions_locales.demandees",
        attendues=compte.attendues,
        demandees=compte.demandees,
        trouvees=compte.trouvees,
        echecs=compte.echecs,
    )


def _lot(annuaire: Annuaire, codes: Sequence[str], compte: Compte) -> bool:
    """Ask about these, then write. False when there is no point in going on."""
    trouvees = []
    continuer = True
    for code in codes:
        try:
            mission = annuaire.mission_locale(code)
        except ApiIndisponible as erreur:
            compte.echecs += 1
            continuer = compte.echecs < ECHECS_MAX and not isinstance(erreur, ApiFermee)
            if not continuer:
                break
        else:
            compte.demandees += 1
            trouvees += [mission] if mission else []
    compte.trouvees += len(trouvees)
    for mission in trouvees:
        _apprendre(mission, horloge.maintenant())
    return continuer


def _apprendre(lue: MissionLue, maintenant: datetime) -> None:
    """Add what is missing; what an import said stays."""
    requete = insert(MissionLocale).values(**_dites(lue), maj_le=maintenant)
    completees = {
        nom: func.coalesce(getattr(MissionLocale, nom), requete.excluded[nom])
        for nom in ("courriel", "telephone", "adresse")
    }
    sans_perte = requete.on_conflict_do_update(
        index_elements=["siret"], set_=completees | {"maj_le": maintenant}
    )
    mission_id = db.session.execute(sans_perte.returning(MissionLocale.id)).scalar_one()
    _desservir(mission_id, lue.communes)
