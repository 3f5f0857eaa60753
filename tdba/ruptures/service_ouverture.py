"""Writing the file of a youth whom no one touched yet, so that something can hang on it (issue 6, part 2)."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.errors import ErreurMetier
from tdba.ruptures import oppositions
from tdba.ruptures.acces_dossier import exiger_le_suivi
from tdba.ruptures.models import Dossier
from tdba.ruptures.regles import FIN_DE_CONTRAT, SANS_CONTRAT
from tdba.ruptures.synchronisation import synchroniser
from tdba.scope import Droit

REFUS: Final = {
    SANS_CONTRAT: "Cet apprenant n’est pas sans contrat : cette démarche n’a pas de dossier où être notée.",
    FIN_DE_CONTRAT: "Le dernier contrat de cet apprenant n’est pas arrivé à terme sans suite : cette démarche n’a pas "
    "de dossier où être notée. Vérifiez ses contrats sur sa fiche.",
}


def ouvrir(effectif_id: int, genre: str, *, maintenant: datetime, jour: date) -> Dossier:
    """The file of that kind of this youth, locked; written now when it was not. Twice is once.

    Raises Introuvable, SuiviGele after an objection, or ErreurMetier when the youth is not in that case.
    """
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER)
    exiger_le_suivi(effectif.organisme_id)
    oppositions.exiger_libre(effectif_id)
    deja = _verrouiller(effectif_id, genre, jour)
    if deja is not None:
        return deja
    if genre == SANS_CONTRAT:
        _inserer(effectif, maintenant, jour)
    synchroniser([effectif_id])
    ecrit = _verrouiller(effectif_id, genre, jour)
    if ecrit is None:
        raise ErreurMetier(REFUS[genre])
    journal.consigner(
        "dossier.ouvert",
        organisme_id=ecrit.organisme_id,
        objet=("effectif", effectif_id),
        dossier_id=ecrit.id,
        genre=genre,
    )
    return ecrit


def _inserer(effectif: Effectif, maintenant: datetime, jour: date) -> None:
    if not effectif.statuts or effectif.statuts[0] != Statut.INSCRIT or effectif.bornes[0] > jour:
        raise ErreurMetier(REFUS[SANS_CONTRAT])
    ouverture = insert(Dossier).values(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,
        annee_scolaire=effectif.annee_scolaire,
        genre=SANS_CONTRAT,
        ouvert_du=effectif.bornes[0],
        cree_le=maintenant,
    )
    cle = ["effectif_id", "genre", "contrat_debut"]
    sans_doublon = ouverture.on_conflict_do_nothing(index_elements=cle)
    db.session.execute(scope.pour_ecriture(sans_doublon, Droit.CORRIGER))


def _verrouiller(effectif_id: int, genre: str, jour: date) -> Dossier | None:
    """Of several contracts ended one after the other, the file of the last one."""
    requete = (
        scope.select_for(Dossier, Droit.CORRIGER)
        .where(Dossier.effectif_id == effectif_id, Dossier.genre == genre)
        .where(or_(Dossier.ouvert_du <= jour, Dossier.genre == SANS_CONTRAT))
        .order_by(Dossier.ouvert_du.desc())
        .limit(1)
    )
    trouve: Dossier | None = db.session.execute(requete.with_for_update()).scalar_one_or_none()
    return trouve
