"""Asking what is around a commune for a certification: by a person's gesture, answered by a job, kept a while.

Searches name nobody: (nature, RNCP, commune) is shared by all who need it. A failure keeps the former results.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, journal
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.jobs import enqueue_after_commit
from tdba.offres import queries
from tdba.offres.connecteur import Service
from tdba.offres.liens import Point
from tdba.offres.models import FORMATIONS, NATURES, RechercheAlentour
from tdba.offres.reponses import Resultat
from tdba.organismes.appels import ApiFermee, ApiIndisponible
from tdba.organismes.models import CertificationRome, Commune
from tdba.ruptures.acces_dossier import dossier_a_ecrire

FRAICHE: Final = timedelta(days=7)
"""How long results are shown without being asked again."""
GARDE: Final = timedelta(days=60)
"""How long a search that nobody asks again is kept."""
PERDUE: Final = timedelta(hours=1)
"""Age from which a search without an answer may be asked again."""

CLE: Final = "CLE"
INDISPONIBLE: Final = "INDISPONIBLE"
FORME: Final = "FORME"
COMMUNE: Final = "COMMUNE"
METIER: Final = "METIER"


def demander(dossier_id: int, *, possible: bool, maintenant: datetime) -> int:
    """Have what is around a youth's commune looked for; how many searches were really asked (none while fresh).

    Raises Introuvable, SuiviGele, or ErreurMetier when nobody can be asked (`possible` false), or when the commune or the
    certification is not known.
    """
    dossier = dossier_a_ecrire(dossier_id)
    if not possible:
        raise ErreurMetier(
            "Aucune recherche ne peut être faite d’ici : le service n’a pas de clé. Suivez le lien vers les offres."
        )
    faits = queries.faits(dossier.id)
    if faits.rncp is None or faits.code_insee is None:
        manque = "la commune" if faits.code_insee is None else "le code RNCP de la formation"
        raise ErreurMetier(
            f"La recherche demande {manque}, qui n’est pas sur la fiche : complétez la fiche, puis recommencez."
        )
    ids = _inscrire(faits.rncp, faits.code_insee, maintenant)
    for recherche_id in ids:
        enqueue_after_commit("offres.chercher", recherche_id=recherche_id)
    if ids:
        journal.consigner(
            "offres.demandees", organisme_id=dossier.organisme_id, dossier_id=dossier.id, nombre=len(ids)
        )
    return len(ids)


def _inscrire(rncp: str, code_insee: str, maintenant: datetime) -> list[int]:
    """The searches to make: those never made, failed, old, or lost on the way."""
    rangees = [
        {"nature": nature, "rncp": rncp, "code_insee": code_insee, "demandee_le": maintenant}
        for nature in NATURES
    ]
    requete = insert(RechercheAlentour).values(rangees)
    r = RechercheAlentour
    attendue = and_(
        r.echec.is_(None),
        or_(r.faite_le.is_(None), r.demandee_le > r.faite_le),
        r.demandee_le > maintenant - PERDUE,
    )
    perimee = or_(r.faite_le.is_(None), r.faite_le < maintenant - FRAICHE, r.echec.is_not(None))
    ecriture = requete.on_conflict_do_update(
        index_elements=["nature", "rncp", "code_insee"],
        set_={"demandee_le": maintenant, "echec": None},
        where=and_(~attendue, perimee),
    ).returning(RechercheAlentour.id)
    return sorted(db.session.execute(ecriture).scalars())


class Demande(NamedTuple):
    """What is to be asked, read before the first call: no transaction is open while an answer is awaited."""

    id: int
    nature: str
    rncp: str
    code_insee: str
    romes: list[str]
    centre: Point | None


class Trouve(NamedTuple):
    """What the service answered: results, or the code of what failed."""

    resultats: list[Resultat] | None = None
    echec: str | None = None
    centre: Point | None = None


def chercher(renouveler: Callable[[], None], recherche_id: int, service: Service | None) -> None:
    """Make one search, unless it is done or nobody can be asked. Two calls, and one for each training kept."""
    demande = _demande(recherche_id)
    if demande is None or service is None:
        return
    renouveler()
    trouve = _demander(renouveler, service, demande)
    maintenant = horloge.maintenant()
    valeurs: dict[str, Any] = {"echec": trouve.echec}
    if trouve.resultats is not None:
        valeurs |= {"faite_le": maintenant, "resultats": trouve.resultats}
    db.session.execute(update(RechercheAlentour).where(RechercheAlentour.id == demande.id).values(valeurs))
    if trouve.centre is not None and demande.centre is None:
        ou = {"latitude": trouve.centre.latitude, "longitude": trouve.centre.longitude}
        db.session.execute(update(Commune).where(Commune.code_insee == demande.code_insee).values(ou))
    journal.consigner(
        "offres.cherchees",
        nature=demande.nature,
        trouvees=len(trouve.resultats or ()),
        echec=trouve.echec,
    )


def _demande(recherche_id: int) -> Demande | None:
    """The search, unless it is gone or answered since it was asked."""
    r = RechercheAlentour
    requete = (
        select(
            r.id, r.nature, r.rncp, r.code_insee, CertificationRome.romes, Commune.latitude, Commune.longitude
        )
        .outerjoin(CertificationRome, CertificationRome.rncp == r.rncp)
        .outerjoin(Commune, Commune.code_insee == r.code_insee)
        .where(r.id == recherche_id, r.echec.is_(None), or_(r.faite_le.is_(None), r.faite_le < r.demandee_le))
    )
    lue = db.session.execute(requete).one_or_none()
    if lue is None:
        return None
    identifiant, nature, rncp, code_insee, romes, latitude, longitude = lue
    centre = None if latitude is None or longitude is None else Point(latitude, longitude)
    return Demande(identifiant, nature, rncp, code_insee, list(romes or ()), centre)


def _demander(renouveler: Callable[[], None], service: Service, demande: Demande) -> Trouve:
    centre = demande.centre
    try:
        if demande.nature == FORMATIONS and not demande.romes:
            return Trouve(echec=METIER)
        centre = centre or service.centre(demande.code_insee)
        if centre is None:
            return Trouve(echec=COMMUNE)
        if demande.nature == FORMATIONS:
            resultats = service.formations(centre, demande.romes, horloge.aujourd_hui())
            _joindre_les_liens(renouveler, service, resultats)
        else:
            resultats = service.offres(centre, demande.rncp, demande.romes)
    except ApiFermee:
        return Trouve(echec=CLE, centre=centre)
    except ApiIndisponible as erreur:
        return Trouve(echec=FORME if str(erreur) == "shape" else INDISPONIBLE, centre=centre)
    return Trouve(resultats, centre=centre)


def _joindre_les_liens(renouveler: Callable[[], None], service: Service, resultats: list[Resultat]) -> None:
    """The form of appointment of each training. Without the right to ask for it, trainings are listed without."""
    for resultat in resultats:
        if resultat["cle"]:
            renouveler()
            try:
                resultat["lien_prdv"] = service.lien_prdv(resultat["cle"])
            except ApiIndisponible:
                return


def purger(maintenant: datetime) -> None:
    """Forget the searches that nobody asked for in a while."""
    anciennes = delete(RechercheAlentour).where(RechercheAlentour.demandee_le < maintenant - GARDE)
    oubliees = db.session.execute(anciennes.returning(RechercheAlentour.id)).scalars().all()
    if oubliees:
        journal.consigner("offres.oubliees", nombre=len(oubliees))
