"""Readings of the pages that explain rights: one's own habilitation, and who can see a CFA."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Integer, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from tdba.comptes import queries as comptes
from tdba.comptes.models import Habilitation, HabilitationSite, Organisation, OrganisationOrganisme, Personne
from tdba.comptes.queries import Usage
from tdba.db import db, table_de
from tdba.habilitations import transparence
from tdba.habilitations.transparence import Acces, Etablissement, Regard, Responsable
from tdba.organismes.models import (
    Academie,
    Departement,
    Organisme,
    Region,
    RelationOrganisme,
    Reseau,
    ReseauOrganisme,
)


@dataclass(frozen=True, slots=True)
class Raison:
    """The habilitation in use, as its page explains it."""

    usage: Usage
    territoire: str | None
    """Name of the region, département, académie or network of the rule."""
    sites: list[str]
    accordee_par: str | None
    """Organisations of who granted it, never a name; None: the facts did, or they have left."""


def raison(habilitation_id: int, jour: date) -> Raison | None:
    usage = comptes.usage_de(habilitation_id)
    if usage is None:
        return None
    par = usage.habilitation.accordee_par_id
    noms = [o.nom for h, o in comptes.habilitations_de(par) if h.debut <= jour] if par else []
    sites = select(Organisme.nom).where(Organisme.id.in_(usage.sites)).order_by(Organisme.nom)
    return Raison(
        usage,
        territoire=_territoire(usage.organisation),
        sites=list(db.session.execute(sites).scalars()) if usage.sites else [],
        accordee_par=" ou ".join(dict.fromkeys(noms)) or None,
    )


def _territoire(organisation: Organisation) -> str | None:
    codes = (
        (Reseau, organisation.reseau_code),
        (Region, organisation.region_code),
        (Departement, organisation.departement_code),
        (Academie, organisation.academie_code),
    )
    noms = [
        db.session.execute(select(modele.nom).where(modele.code == code)).scalar_one()
        for modele, code in codes
        if code is not None
    ]
    return ", ".join(noms) or None


def qui_voit(organismes: Collection[int], jour: date) -> list[Regard]:
    """Every organisation whose people can see one of these establishments. Five statements, whatever their number."""
    etablissements = _etablissements(organismes, jour)
    responsables = _responsables(organismes)
    concernes = {e.id for e in etablissements} | {r.id for r in responsables}
    return transparence.regards(_acces(jour), etablissements, responsables, _listes(concernes))


def _etablissements(organismes: Collection[int], jour: date) -> list[Etablissement]:
    reseaux = (
        select(func.array_agg(ReseauOrganisme.reseau_code))
        .where(ReseauOrganisme.organisme_id == Organisme.id, ReseauOrganisme.debut <= jour)
        .where(or_(ReseauOrganisme.fin.is_(None), ReseauOrganisme.fin > jour))
        .correlate(Organisme)
        .scalar_subquery()
    )
    requete = select(
        Organisme.id,
        Organisme.siren,
        Organisme.region_code,
        Organisme.departement_code,
        Organisme.academie_code,
        reseaux,
    ).where(Organisme.id == func.any(sorted(organismes)))
    return [
        Etablissement(ident, siren, region, departement, academie, frozenset(codes or ()))
        for ident, siren, region, departement, academie, codes in db.session.execute(requete)
    ]


def _responsables(organismes: Collection[int]) -> list[Responsable]:
    requete = (
        select(Organisme.id, Organisme.siren, RelationOrganisme.formateur_id, RelationOrganisme.partielle)
        .join(RelationOrganisme, RelationOrganisme.responsable_id == Organisme.id)
        .where(RelationOrganisme.formateur_id == func.any(sorted(organismes)))
    )
    return [Responsable(*ligne) for ligne in db.session.execute(requete)]


def reseaux_de(organismes: Collection[int], jour: date) -> list[Reseau]:
    """The networks that one of these establishments belongs to on `jour`, by name."""
    membres = (
        select(ReseauOrganisme.reseau_code)
        .where(ReseauOrganisme.organisme_id == func.any(sorted(organismes)), ReseauOrganisme.debut <= jour)
        .where(or_(ReseauOrganisme.fin.is_(None), ReseauOrganisme.fin > jour))
    )
    requete = select(Reseau).where(Reseau.code.in_(membres)).order_by(Reseau.nom, Reseau.code)
    return list(db.session.execute(requete).scalars())


def _listes(concernes: Collection[int]) -> dict[int, frozenset[int]]:
    requete = (
        select(OrganisationOrganisme.organisation_id, func.array_agg(OrganisationOrganisme.organisme_id))
        .where(OrganisationOrganisme.organisme_id == func.any(sorted(concernes)))
        .group_by(OrganisationOrganisme.organisation_id)
    )
    return {ident: frozenset(ids) for ident, ids in db.session.execute(requete)}


_SITE = table_de(HabilitationSite)
_SITES = (
    select(func.array_agg(_SITE.c.organisme_id))
    .where(_SITE.c.habilitation_id == Habilitation.id)
    .correlate(Habilitation)
    .scalar_subquery()
)
_COLONNES: Final = (
    Organisation.id.label("organisation_id"),
    Organisation.nom.label("organisation_nom"),
    Organisation.type,
    Organisation.regle,
    Organisation.siren,
    Organisation.reseau_code,
    Organisation.region_code,
    Organisation.departement_code,
    Organisation.academie_code,
    func.coalesce(Reseau.responsable, False).label("reseau_responsable"),
    Habilitation.role,
    Habilitation.validee_par_id.is_not(None).label("validee"),
    Habilitation.fin.is_not(None).label("datee"),
    func.coalesce(_SITES, cast([], ARRAY(Integer))).label("sites"),
    (Personne.prenom + " " + Personne.nom).label("personne"),
)
"""The fields of `transparence.Acces`, under their names."""


def _acces(jour: date) -> list[Acces]:
    """Every habilitation valid today of an account that may be used."""
    requete = (
        select(*_COLONNES)
        .join(Habilitation, Habilitation.organisation_id == Organisation.id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .outerjoin(Reseau, Reseau.code == Organisation.reseau_code)
        .where(Personne.etat.in_(("ACTIVE", "ENDORMIE")), Habilitation.debut <= jour)
        .where(or_(Habilitation.fin.is_(None), Habilitation.fin > jour))
        .order_by(Personne.nom, Personne.prenom, Habilitation.id)
    )
    return [
        Acces(**(dict(ligne) | {"sites": frozenset(ligne["sites"])}))
        for ligne in db.session.execute(requete).mappings()
    ]
