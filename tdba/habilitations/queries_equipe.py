"""Readings of an organisation's team: members, invitations, requests that wait, sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from tdba.comptes import queries
from tdba.comptes.droits import Etendue
from tdba.comptes.models import Habilitation, HabilitationSite, Organisation, Personne
from tdba.db import db
from tdba.habilitations import equipe, invitations
from tdba.habilitations.models import DemandeAcces, Invitation
from tdba.organismes.models import Organisme
from tdba.scope import Introuvable

INVITEES_MAX: Final = 200
"""Invitations shown at most: the list holds what is open or recent."""


@dataclass(frozen=True, slots=True)
class Membre:
    """One line of the team."""

    habilitation_id: int
    personne_id: int
    prenom: str
    nom: str
    courriel: str
    role: str
    sites: tuple[str, ...]
    """Names of the establishments that limit the person; empty: the whole reach."""
    debut: date
    dernier_jour: date | None
    vue_le: datetime | None
    etat: equipe.Etat


@dataclass(frozen=True, slots=True)
class Invitee:
    """An invitation that still waits, expired or not."""

    id: int
    courriel: str
    role: str
    par: str
    envois: int
    expire_le: datetime
    expiree: bool


@dataclass(frozen=True, slots=True)
class Demandeur:
    """Somebody who asks to join the organisation."""

    demande_id: int
    prenom: str
    nom: str
    fonction: str
    cree_le: datetime


_SITES: Final = (
    select(func.array_agg(Organisme.nom))
    .join(HabilitationSite, HabilitationSite.organisme_id == Organisme.id)
    .where(HabilitationSite.habilitation_id == Habilitation.id)
    .correlate(Habilitation)
    .scalar_subquery()
)


def membres(organisation_id: int, jour: date) -> list[Membre]:
    """Everybody who holds a right in the organisation, today or later, by name."""
    requete = _membres(organisation_id, jour).order_by(Personne.nom, Personne.prenom, Habilitation.id)
    return [_membre(h, p, genre, sites, jour) for h, p, genre, sites in db.session.execute(requete)]


def membre(habilitation_id: int, organisation_id: int, jour: date) -> Membre:
    """One line of that team. Raises Introuvable for a right of another organisation, or over."""
    requete = _membres(organisation_id, jour).where(Habilitation.id == habilitation_id)
    ligne = db.session.execute(requete).one_or_none()
    if ligne is None:
        raise Introuvable
    habilitation, personne, genre, sites = ligne
    return _membre(habilitation, personne, genre, sites, jour)


def _membres(organisation_id: int, jour: date) -> Select[Any]:
    return (
        select(Habilitation, Personne, Organisation.type, _SITES)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Habilitation.organisation_id == organisation_id, _pas_finie(jour))
    )


def _membre(h: Habilitation, p: Personne, genre: str, sites: Sequence[str] | None, jour: date) -> Membre:
    a_valider = genre != "ORGANISME_FORMATION" and h.validee_par_id is None
    return Membre(
        h.id,
        p.id,
        p.prenom,
        p.nom,
        p.courriel,
        h.role,
        tuple(sorted(sites or ())),
        h.debut,
        equipe.dernier_jour(h.fin),
        p.vue_le,
        equipe.etat_de(p.etat, h.debut, jour, a_valider=a_valider),
    )


def _pas_finie(jour: date) -> ColumnElement[bool]:
    return or_(Habilitation.fin.is_(None), Habilitation.fin > jour)


def habilitation_de_l_equipe(habilitation_id: int, organisation_id: int, jour: date) -> Habilitation:
    """A right of this organisation that is not over. Raises Introuvable for any other."""
    requete = select(Habilitation).where(
        Habilitation.id == habilitation_id, Habilitation.organisation_id == organisation_id, _pas_finie(jour)
    )
    habilitation = db.session.execute(requete).scalar_one_or_none()
    if habilitation is None:
        raise Introuvable
    return habilitation


def sites_de(habilitation_id: int) -> list[int]:
    requete = select(HabilitationSite.organisme_id).where(HabilitationSite.habilitation_id == habilitation_id)
    return sorted(db.session.execute(requete).scalars())


def sites_possibles(organisation_id: int, jour: date) -> list[tuple[int, str]]:
    """The establishments that a member of a CFA may be limited to; none when there is nothing to choose."""
    organisation = db.session.get_one(Organisation, organisation_id)
    if organisation.type != "ORGANISME_FORMATION":
        return []
    ids = queries.organismes_de(organisation, jour).par_etendue()[Etendue.AVEC_FORMATEURS] or frozenset()
    if len(ids) < 2:
        return []
    requete = select(Organisme.id, Organisme.nom, Organisme.commune).where(Organisme.id.in_(ids))
    lignes = db.session.execute(requete.order_by(Organisme.nom, Organisme.id)).all()
    return [(cle, f"{nom}, {commune}" if commune else nom) for cle, nom, commune in lignes]


def invitees(organisation_id: int, maintenant: datetime) -> list[Invitee]:
    """Invitations that nobody accepted nor withdrew, the last sent first."""
    requete = (
        _ouvertes(organisation_id)
        .add_columns(Personne.prenom, Personne.nom)
        .join(Personne, Personne.id == Invitation.invitee_par_id)
        .order_by(Invitation.expire_le.desc(), Invitation.id.desc())
        .limit(INVITEES_MAX)
    )
    return [
        Invitee(i.id, i.courriel, i.role, f"{prenom} {nom}", i.envois, i.expire_le, maintenant >= i.expire_le)
        for i, prenom, nom in db.session.execute(requete)
    ]


def _ouvertes(organisation_id: int) -> Select[Any]:
    return select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.acceptee_le.is_(None),
        Invitation.retiree_le.is_(None),
    )


def invitation_ouverte(invitation_id: int, organisation_id: int) -> Invitation:
    """An invitation of this organisation that still waits, locked. Raises Introuvable for any other."""
    requete = _ouvertes(organisation_id).where(Invitation.id == invitation_id).with_for_update()
    trouvee: Invitation | None = db.session.execute(requete).scalar_one_or_none()
    if trouvee is None:
        raise Introuvable
    return trouvee


def invitation_a(courriel: str, organisation_id: int) -> Invitation | None:
    """The invitation of that address that still waits in this organisation, locked."""
    requete = _ouvertes(organisation_id).where(func.lower(Invitation.courriel) == func.lower(courriel))
    trouvee: Invitation | None = db.session.execute(requete.with_for_update()).scalar_one_or_none()
    return trouvee


def invitation_du_jeton(jeton: str, *, verrou: bool = False) -> Invitation | None:
    """The invitation of a link, by the hash of its token."""
    requete = select(Invitation).where(Invitation.empreinte == invitations.empreinte(jeton))
    return db.session.execute(requete.with_for_update() if verrou else requete).scalar_one_or_none()


def est_membre(courriel: str, organisation_id: int, jour: date) -> bool:
    """Somebody with that address holds a right in this organisation, today or later."""
    requete = (
        select(Habilitation.id)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Habilitation.organisation_id == organisation_id, _pas_finie(jour))
        .where(func.lower(Personne.courriel) == func.lower(courriel))
        .limit(1)
    )
    return db.session.execute(requete).scalar_one_or_none() is not None


def demandeurs(organisation_id: int, jour: date) -> list[Demandeur]:
    """Who asks to join this organisation, or one of its own establishments, and waits; the oldest first."""
    organisation = db.session.get_one(Organisation, organisation_id)
    visee: ColumnElement[bool] = DemandeAcces.organisation_id == organisation_id
    if organisation.type == "ORGANISME_FORMATION":
        siens = queries.organismes_de(organisation, jour).base or frozenset()
        visee = or_(visee, and_(DemandeAcces.organisation_id.is_(None), DemandeAcces.organisme_id.in_(siens)))
    requete = (
        select(DemandeAcces, Personne.prenom, Personne.nom)
        .join(Personne, Personne.id == DemandeAcces.personne_id)
        .where(visee, DemandeAcces.etat == "EN_ATTENTE")
        .order_by(DemandeAcces.cree_le, DemandeAcces.id)
    )
    return [
        Demandeur(d.id, prenom, nom, d.fonction, d.cree_le) for d, prenom, nom in db.session.execute(requete)
    ]
