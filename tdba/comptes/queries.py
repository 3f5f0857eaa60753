"""Readings: the session with its person, the organismes of an organisation, a person's habilitations and sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from tdba.comptes.droits import Organismes
from tdba.comptes.models import (
    Habilitation,
    HabilitationSite,
    Organisation,
    OrganisationOrganisme,
    Personne,
    SessionWeb,
)
from tdba.db import db, table_de
from tdba.organismes.models import Organisme, RelationOrganisme, Reseau, ReseauOrganisme


@dataclass(frozen=True, slots=True)
class Usage:
    """An habilitation in use, with what its reach depends on."""

    habilitation: Habilitation
    organisation: Organisation
    reseau_responsable: bool
    sites: frozenset[int]


@dataclass(frozen=True, slots=True)
class SessionLue:
    """A stored session with its person and the habilitation in use; both are None before the login."""

    session: SessionWeb
    personne: Personne | None
    usage: Usage | None
    habilitations: int
    """How many habilitations the person may choose among today."""


_SITES = (
    select(func.array_agg(HabilitationSite.organisme_id))
    .where(HabilitationSite.habilitation_id == Habilitation.id)
    .correlate(Habilitation)
    .scalar_subquery()
)


_JOUR: Final = bindparam("jour", type_=Date)
_AUTRES: Final = table_de(Habilitation).alias("autres")
_NOMBRE: Final = (
    select(func.count())
    .where(_AUTRES.c.personne_id == Personne.id, _AUTRES.c.debut <= _JOUR)
    .where(or_(_AUTRES.c.fin.is_(None), _AUTRES.c.fin > _JOUR))
    .correlate(Personne)
    .scalar_subquery()
)
# Built once: every page runs it, and building it costs as much as running it.
_SESSION: Final = (
    select(SessionWeb, Personne, Habilitation, Organisation, Reseau.responsable, _SITES, _NOMBRE)
    .outerjoin(Personne, Personne.id == SessionWeb.personne_id)
    # The person is compared again: an habilitation put in somebody else's session must open nothing.
    .outerjoin(
        Habilitation,
        and_(Habilitation.id == SessionWeb.habilitation_id, Habilitation.personne_id == Personne.id),
    )
    .outerjoin(Organisation, Organisation.id == Habilitation.organisation_id)
    .outerjoin(Reseau, Reseau.code == Organisation.reseau_code)
    .where(SessionWeb.empreinte == bindparam("empreinte"))
)


def session_lue(empreinte: bytes, jour: date) -> SessionLue | None:
    """Read a session, its person, the habilitation in use and its organisation in one statement (decision 27)."""
    ligne = db.session.execute(_SESSION, {"empreinte": empreinte, "jour": jour}).one_or_none()
    if ligne is None:
        return None
    session, personne, habilitation, organisation, responsable, sites, compte = ligne
    # It is looked at again after the page, whose transaction is over by then: it must not be read a second time.
    db.session.expunge(session)
    usage = (
        None
        if habilitation is None
        else Usage(habilitation, organisation, bool(responsable), frozenset(sites or ()))
    )
    return SessionLue(session, personne, usage, compte)


def usage_de(habilitation_id: int) -> Usage | None:
    """Read one habilitation with what its reach depends on."""
    requete = (
        select(Habilitation, Organisation, Reseau.responsable, _SITES)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .outerjoin(Reseau, Reseau.code == Organisation.reseau_code)
        .where(Habilitation.id == habilitation_id)
    )
    ligne = db.session.execute(requete).one_or_none()
    if ligne is None:
        return None
    habilitation, organisation, responsable, sites = ligne
    return Usage(habilitation, organisation, bool(responsable), frozenset(sites or ()))


def organismes_de(organisation: Organisation, jour: date) -> Organismes:
    """Resolve the organisation's rule to organismes on `jour`, closed ones included (decision 20).

    One statement; the formateurs come with it for a CFA. A rule that gives nothing gives nobody.
    """
    if organisation.regle == "NATION":
        return Organismes(base=None)
    base = _BASES.get(organisation.regle)
    if base is None:
        return Organismes()
    valeurs = {"jour": jour} | {nom: getattr(organisation, nom) for nom in _DONNEES}
    if organisation.type != "ORGANISME_FORMATION":
        return Organismes(base=frozenset(db.session.execute(base, valeurs).scalars()))
    par_lien: dict[bool | None, set[int]] = {None: set(), False: set(), True: set()}
    for organisme_id, partielle in db.session.execute(_AVEC_FORMATEURS[organisation.regle], valeurs).all():
        par_lien[partielle].add(organisme_id)
    return Organismes(frozenset(par_lien[None]), frozenset(par_lien[False]), frozenset(par_lien[True]))


_DONNEES: Final = ("id", "siren", "reseau_code", "region_code", "departement_code", "academie_code")
"""What a rule may depend on, bound under the same names; `jour` is the day."""

_DU_RESEAU: Final = (
    select(ReseauOrganisme.organisme_id)
    .distinct()
    .where(
        ReseauOrganisme.reseau_code == bindparam("reseau_code"), ReseauOrganisme.debut <= bindparam("jour")
    )
    .where(or_(ReseauOrganisme.fin.is_(None), ReseauOrganisme.fin > bindparam("jour")))
)


def _selon(colonne: str) -> Select[Any]:
    """Every organisme whose `colonne` is the organisation's; one whose column is empty is nobody's."""
    return select(Organisme.id).where(getattr(Organisme, colonne) == bindparam(colonne))


# Built once, like the session's statement: every page runs one of them.
_BASES: Final[Mapping[str, Select[Any]]] = {
    "ETABLISSEMENTS": select(OrganisationOrganisme.organisme_id).where(
        OrganisationOrganisme.organisation_id == bindparam("id")
    ),
    "SIREN": _selon("siren"),
    "RESEAU": _DU_RESEAU,
    "RESEAU_REGION": _DU_RESEAU.join(Organisme, Organisme.id == ReseauOrganisme.organisme_id).where(
        Organisme.region_code == bindparam("region_code")
    ),
    "REGION": _selon("region_code"),
    "DEPARTEMENT": _selon("departement_code"),
    "ACADEMIE": _selon("academie_code"),
}


def _avec_formateurs(base: Select[Any]) -> CompoundSelect[Any]:
    """The organismes of `base`, and their formateurs with whether the responsibility is partial."""
    cte = base.cte("base")
    formateurs = select(RelationOrganisme.formateur_id, RelationOrganisme.partielle).join(
        cte, cte.c[0] == RelationOrganisme.responsable_id
    )
    return union_all(select(cte.c[0], literal(None)), formateurs)


_AVEC_FORMATEURS: Final = {regle: _avec_formateurs(base) for regle, base in _BASES.items()}


def partagent_leur_suivi(organismes: frozenset[int], jour: date) -> frozenset[int]:
    """Those among `organismes` whose CFA shares its follow-up with its network on `jour` (decision 26)."""
    # Both named: left to itself, the inner subquery would take an organisme of its own, and one CFA that shares
    # would open every other's.
    par_liste = (
        exists()
        .where(
            OrganisationOrganisme.organisation_id == Organisation.id,
            OrganisationOrganisme.organisme_id == Organisme.id,
        )
        .correlate(Organisation, Organisme)
    )
    par_siren = and_(Organisation.regle == "SIREN", Organisation.siren == Organisme.siren)
    cfa = exists().where(
        Organisation.type == "ORGANISME_FORMATION",
        Organisation.partage_suivi_depuis <= jour,
        or_(par_liste, par_siren),
    )
    requete = select(Organisme.id).where(Organisme.id == func.any(sorted(organismes)), cfa)
    return frozenset(db.session.execute(requete).scalars())


def habilitations_de(personne_id: int) -> list[tuple[Habilitation, Organisation]]:
    """Every habilitation of a person, past and to come included, the oldest first."""
    requete = (
        select(Habilitation, Organisation)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Habilitation.personne_id == personne_id)
        .order_by(Habilitation.debut, Habilitation.id)
    )
    return [(habilitation, organisation) for habilitation, organisation in db.session.execute(requete)]


def sessions_de(personne_id: int) -> list[tuple[SessionWeb, str | None]]:
    """A person's stored sessions with the type of the organisation each acts for, the last seen first."""
    requete = (
        select(SessionWeb, Organisation.type)
        .outerjoin(Habilitation, Habilitation.id == SessionWeb.habilitation_id)
        .outerjoin(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(SessionWeb.personne_id == personne_id)
        .order_by(SessionWeb.vue_le.desc(), SessionWeb.id.desc())
    )
    return [(session, genre) for session, genre in db.session.execute(requete)]


def personne(personne_id: int) -> Personne:
    return db.session.execute(select(Personne).where(Personne.id == personne_id)).scalar_one()


def personne_par_identite(emetteur: str, sub: str) -> Personne | None:
    """The one key to a person: issuer and subject. Never the e-mail."""
    requete = select(Personne).where(Personne.emetteur == emetteur, Personne.sub == sub).with_for_update()
    return db.session.execute(requete).scalar_one_or_none()


def courriel_d_un_autre(personne: Personne) -> bool:
    """Somebody else, known before, has the same e-mail."""
    requete = select(
        select(Personne.id)
        .where(func.lower(Personne.courriel) == personne.courriel.lower(), Personne.id < personne.id)
        .exists()
    )
    return bool(db.session.execute(requete).scalar_one())
