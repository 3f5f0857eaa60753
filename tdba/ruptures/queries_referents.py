"""Who may follow a file: the people of the CFA, or of the one that answers for it, who correct its records today.

A network's staff are no one's colleagues: they follow nobody, even where they may correct (decision 26).
"""

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, and_, exists, func, or_, select, union_all

from tdba import scope
from tdba.comptes.models import Habilitation, HabilitationSite, Organisation, OrganisationOrganisme, Personne
from tdba.db import db
from tdba.organismes.models import Organisme, RelationOrganisme

CFA: Final = "ORGANISME_FORMATION"


class Referent(NamedTuple):
    """Somebody who may follow files, and the establishments where they may, within reach of who asks."""

    id: int
    nom: str
    organismes: frozenset[int]


def referents(jour: date) -> list[Referent]:
    """Those who hold CORRIGER on the establishments that the person follows, by name. One statement."""
    lues = db.session.execute(_requete(jour))
    return [Referent(ident, nom, frozenset(organismes)) for ident, nom, organismes in lues]


def _requete(jour: date) -> Select[Any]:
    """The matrix gives CORRIGER to a CFA on its establishments and on those it fully answers for (domain.md §5.2)."""
    titulaires = _titulaires().subquery()
    tient = or_(
        and_(
            Organisation.regle == "ETABLISSEMENTS",
            exists().where(
                OrganisationOrganisme.organisation_id == Organisation.id,
                OrganisationOrganisme.organisme_id == titulaires.c.titulaire_id,
            ),
        ),
        and_(Organisation.regle == "SIREN", Organisation.siren == titulaires.c.siren),
    )
    limite = HabilitationSite.habilitation_id == Habilitation.id
    sur_ce_site = HabilitationSite.organisme_id == titulaires.c.organisme_id
    return (
        select(
            Personne.id,
            func.concat_ws(" ", Personne.prenom, Personne.nom),
            func.array_agg(titulaires.c.organisme_id.distinct()),
        )
        .select_from(titulaires)
        .join(Organisation, and_(Organisation.type == CFA, tient))
        .join(Habilitation, Habilitation.organisation_id == Organisation.id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Habilitation.debut <= jour, or_(Habilitation.fin.is_(None), Habilitation.fin > jour))
        .where(Personne.etat.in_(("ACTIVE", "ENDORMIE")))
        .where(or_(~exists().where(limite), exists().where(limite, sur_ce_site)))
        .group_by(Personne.id)
        .order_by(Personne.nom, Personne.prenom, Personne.id)
    )


def _titulaires() -> Select[Any]:
    """(establishment followed, who holds its records, that one's SIREN): itself, and its full responsables."""
    siens = select(Organisme.id.label("organisme_id"), Organisme.id.label("titulaire_id"), Organisme.siren)
    responsables = (
        select(RelationOrganisme.formateur_id, RelationOrganisme.responsable_id, Organisme.siren)
        .join(Organisme, Organisme.id == RelationOrganisme.responsable_id)
        .where(RelationOrganisme.partielle.is_(False))
    )
    suivis = scope.courant().portee_suivi.organismes
    if suivis is not None:
        siens = siens.where(scope.parmi(Organisme.__table__.c.id, suivis))
        responsables = responsables.where(scope.parmi(RelationOrganisme.__table__.c.formateur_id, suivis))
    lignes = union_all(siens, responsables).subquery()
    return select(lignes)
