"""Reading what the sheet of a new contract is about; within reach of CORRIGER and of the follow-up."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from tdba import scope
from tdba.db import db
from tdba.effectifs.models import Contrat, Effectif
from tdba.offres import cerfa
from tdba.offres.queries_employeur import employeur
from tdba.organismes.models import Certification, CodeCertification, Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit, Introuvable


class Qui(NamedTuple):
    """Whose contract it is: for the head of the page."""

    effectif_id: int
    nom: str
    prenom: str


def feuille(dossier_id: int) -> tuple[Qui, cerfa.Feuille]:
    """The sheet of one file. Raises Introuvable."""
    requete = (
        select(Effectif, Organisme, Dossier.contrat_debut)
        .select_from(Dossier)
        .join(Effectif, Effectif.id == Dossier.effectif_id)
        .join(Organisme, Organisme.id == Effectif.organisme_id)
        .where(scope.predicat(Dossier, Droit.CORRIGER), scope.predicat(Effectif, Droit.CORRIGER))
        .where(Dossier.id == dossier_id, scope.suivi(Effectif))
    )
    lue = db.session.execute(scope.autorisee(requete, Droit.CORRIGER)).one_or_none()
    if lue is None:
        raise Introuvable
    effectif, cfa, contrat_debut = lue
    contrat = _nouveau_contrat(effectif.id, contrat_debut)
    siret = contrat.employeur_siret if contrat else None
    return Qui(effectif.id, effectif.nom, effectif.prenom), cerfa.Feuille(
        cfa=cerfa.Cfa(cfa.nom, cfa.uai, cfa.siret, cfa.fiable, cfa.ferme),
        formation=_formation(effectif),
        naissance=effectif.date_naissance,
        contrat=contrat,
        employeur=employeur(siret) if siret else None,
    )


def _nouveau_contrat(effectif_id: int, apres: date | None) -> cerfa.NouveauContrat | None:
    """The last unbroken contract that began after the one the file is about; any, without such a one."""
    requete = scope.select_for(
        Contrat, Droit.CORRIGER, Contrat.debut, Contrat.fin, Contrat.employeur_siret
    ).where(Contrat.effectif_id == effectif_id, Contrat.rupture.is_(None))
    if apres is not None:
        requete = requete.where(Contrat.debut > apres)
    requete = requete.order_by(Contrat.debut.desc().nulls_last(), Contrat.id.desc()).limit(1)
    lu = db.session.execute(requete).one_or_none()
    return cerfa.NouveauContrat(*lu) if lu else None


def _formation(e: Effectif) -> cerfa.Formation:
    """The certification as it is known: its couple, else its RNCP code alone."""
    couple, code = None, None
    if e.rncp is not None:
        couple = db.session.scalars(
            select(Certification)
            .where(Certification.rncp == e.rncp)
            .order_by(Certification.cfd.is_not_distinct_from(e.cfd).desc(), Certification.id)
            .limit(1)
        ).one_or_none()
        code = db.session.scalars(
            select(CodeCertification).where(CodeCertification.code == e.rncp)
        ).one_or_none()
    return cerfa.Formation(
        intitule=e.formation,
        rncp=e.rncp,
        cfd=e.cfd,
        diplome=couple.diplome if couple else None,
        niveau=e.niveau,
        entree=e.date_entree,
        fin=e.date_fin,
        rncp_connu=couple is not None or code is not None,
        ouverture=(code.ouverture if code else None) or (couple.ouverture if couple else None),
        fermeture=(code.fermeture if code else None) or (couple.echeance if couple else None),
    )
