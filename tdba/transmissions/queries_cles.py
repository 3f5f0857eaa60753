"""Reading API keys: those of an establishment, those that will end soon; and who configures an establishment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import and_, func, or_, select

from tdba import scope
from tdba.comptes.models import Habilitation, Organisation, OrganisationOrganisme, Personne
from tdba.db import db
from tdba.habilitations.octrois import ADMINISTRATEUR
from tdba.organismes import queries as organismes
from tdba.organismes.models import Organisme
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit, Introuvable
from tdba.transmissions import echeances
from tdba.transmissions.models import CleApi

CLES_MAX: Final = 50
"""Keys shown of one establishment, the newest first: two live ones, and those of many years."""


class Etat(StrEnum):
    """What a key is worth today."""

    VIVANTE = "vivante"
    EXPIREE = "expiree"
    REVOQUEE = "revoquee"


@dataclass(frozen=True, slots=True)
class CleVue:
    """A key as its organisme sees it: never its value, which nobody has any more."""

    id: int
    prefixe: str
    libelle: str
    erp: str | None
    cree_le: datetime
    par: str | None
    """Who created it."""
    expire_le: datetime | None
    revoquee_le: datetime | None
    utilisee_le: datetime | None
    adresse: str | None
    etat: Etat
    fin: echeances.Fin
    proche: bool
    """It ends within thirty days: its administrators were told, or will be tonight."""


def a_configurer(organisme_id: int) -> OrganismeVu:
    """An establishment whose transmission the person may configure. Raises Introuvable for any other."""
    portee = scope.courant().portee(Droit.CONFIGURER)
    trouve = organismes.par_ids([organisme_id]).get(organisme_id)
    if trouve is None or (portee.organismes is not None and organisme_id not in portee.organismes):
        raise Introuvable
    return trouve


def les_miens() -> list[OrganismeVu]:
    """The establishments whose transmission the person may configure, by name; none for support, which reaches all."""
    siens = scope.courant().portee(Droit.CONFIGURER).organismes or frozenset()
    return sorted(organismes.par_ids(siens).values(), key=lambda o: (o.ferme, o.nom, o.id))


def cles(organisme_id: int, maintenant: datetime) -> list[CleVue]:
    """The keys of an establishment within reach: live ones first, then the newest."""
    requete = (
        scope.select_for(CleApi, Droit.CONFIGURER, CleApi, Personne.prenom, Personne.nom)
        .outerjoin(Personne, Personne.id == CleApi.creee_par_id)
        .where(CleApi.organisme_id == organisme_id)
        .order_by(CleApi.revoquee_le.is_not(None), CleApi.id.desc())
        .limit(CLES_MAX)
    )
    vues = [_vue(cle, prenom, nom, maintenant) for cle, prenom, nom in db.session.execute(requete)]
    return sorted(vues, key=lambda vue: (vue.etat is not Etat.VIVANTE, -vue.id))


def cle(cle_id: int, maintenant: datetime) -> tuple[OrganismeVu, CleVue]:
    """One key within reach, and its establishment. Raises Introuvable."""
    trouvee = scope.get_or_404(CleApi, cle_id, Droit.CONFIGURER)
    return a_configurer(trouvee.organisme_id), _vue(trouvee, None, None, maintenant)


def _vue(cle: CleApi, prenom: str | None, nom: str | None, maintenant: datetime) -> CleVue:
    etat = Etat.VIVANTE
    if cle.revoquee_le is not None:
        etat = Etat.REVOQUEE
    elif cle.expire_le is not None and cle.expire_le <= maintenant:
        etat = Etat.EXPIREE
    fin = echeances.fin(cle.cree_le, cle.utilisee_le, cle.expire_le)
    return CleVue(
        id=cle.id,
        prefixe=cle.prefixe,
        libelle=cle.libelle,
        erp=cle.erp,
        cree_le=cle.cree_le,
        par=f"{prenom} {nom}" if nom else None,
        expire_le=cle.expire_le,
        revoquee_le=cle.revoquee_le,
        utilisee_le=cle.utilisee_le,
        adresse=cle.adresse,
        etat=etat,
        fin=fin,
        proche=etat is Etat.VIVANTE and fin.le - echeances.PREAVIS <= maintenant,
    )


def a_examiner(maintenant: datetime) -> Sequence[CleApi]:
    """Live keys that end within thirty days, or should have ended: what the nightly job looks at."""
    oubliee = func.coalesce(CleApi.utilisee_le, CleApi.cree_le)
    requete = (
        scope.select_for(CleApi, Droit.CONFIGURER)
        .where(CleApi.revoquee_le.is_(None), or_(CleApi.expire_le.is_(None), CleApi.expire_le > maintenant))
        .where(
            or_(
                CleApi.expire_le <= maintenant + echeances.PREAVIS,
                oubliee <= maintenant + echeances.PREAVIS - echeances.SANS_USAGE,
            )
        )
        .order_by(CleApi.id)
    )
    return db.session.execute(requete).scalars().all()


def administrateurs(organisme_id: int, jour: date) -> Sequence[Personne]:
    """The administrators of the CFA that this establishment belongs to: those who are written to."""
    listee = select(OrganisationOrganisme.organisation_id).where(
        OrganisationOrganisme.organisme_id == organisme_id
    )
    siren = select(Organisme.siren).where(Organisme.id == organisme_id).scalar_subquery()
    couvre = or_(
        and_(Organisation.regle == "ETABLISSEMENTS", Organisation.id.in_(listee)),
        and_(Organisation.regle == "SIREN", Organisation.siren == siren),
    )
    tenues = (
        select(Habilitation.personne_id)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Organisation.type == "ORGANISME_FORMATION", couvre, Habilitation.role == ADMINISTRATEUR)
        .where(Habilitation.debut <= jour, or_(Habilitation.fin.is_(None), Habilitation.fin > jour))
    )
    requete = select(Personne).where(Personne.id.in_(tenues), Personne.etat.in_(("ACTIVE", "ENDORMIE")))
    return db.session.execute(requete.order_by(Personne.id)).scalars().all()
