"""The post that a broken contract left vacant at its employer: how far it is, one state at a time. Routes commit."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from tdba import journal, scope
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.jobs import enqueue_after_commit
from tdba.offres import queries_poste
from tdba.offres.etats import ETATS
from tdba.offres.models import Poste
from tdba.organismes import entreprises
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.models import Dossier
from tdba.ruptures.regles import RUPTURE
from tdba.scope import Droit, Introuvable


class PosteChange(Exception):
    """Somebody changed the state of this post since it was read."""


def regler(dossier_id: int, etat: str, version: int, *, maintenant: datetime) -> bool:
    """Say how far a vacant post is; False when it already was. `version` 0: nothing was known of it.

    Raises Introuvable for a file that is no rupture, PosteChange, or ErreurMetier when no employer is known.
    """
    dossier = dossier_a_ecrire(dossier_id)
    if dossier.genre != RUPTURE:
        raise Introuvable
    if etat not in ETATS:
        raise ErreurMetier("Indiquez où en est ce poste.", champ="etat")
    connu = queries_poste.poste(dossier_id, verrou=True)
    if connu is not None and connu.etat == etat:
        return False
    if version != (0 if connu is None else connu.version):
        raise PosteChange
    siret = _employeur(dossier)
    if siret is not None and siret not in entreprises.connues([siret]):
        enqueue_after_commit("organismes.apprendre_entreprise", siret=siret)
    if connu is None:
        _ouvrir(dossier, siret, etat, maintenant)
    else:
        connu.etat, connu.maj_le = etat, maintenant
        connu.employeur_siret = siret or connu.employeur_siret
        connu.version += 1
        connu.personne_id = _auteur()
    journal.consigner(
        "poste.regle",
        organisme_id=dossier.organisme_id,
        objet=("effectif", dossier.effectif_id),
        dossier_id=dossier.id,
        etat=etat,
    )
    return True


def _employeur(dossier: Dossier) -> str | None:
    """The employer of the broken contract as it stands today: a correction of the record is followed."""
    contrat = queries_poste.contrat_rompu(dossier.effectif_id, dossier.contrat_debut)
    return contrat.employeur_siret if contrat else None


def _ouvrir(dossier: Dossier, siret: str | None, etat: str, maintenant: datetime) -> None:
    if siret is None:
        raise ErreurMetier(
            "L’employeur du contrat rompu n’est pas connu : ajoutez son SIRET sur la fiche, puis recommencez."
        )
    ajout = insert(Poste).values(
        dossier_id=dossier.id,
        organisme_id=dossier.organisme_id,
        annee_scolaire=dossier.annee_scolaire,
        employeur_siret=siret,
        etat=etat,
        personne_id=_auteur(),
        cree_le=maintenant,
        maj_le=maintenant,
    )
    db.session.execute(scope.pour_ecriture(ajout, Droit.CORRIGER))


def _auteur() -> int:
    personne_id = scope.courant().personne_id
    assert personne_id is not None  # noqa: S101 - a route: somebody is there
    return personne_id
