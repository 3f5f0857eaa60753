"""The demo's organisations, people and habilitations, from data to rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from tdba import horloge
from tdba.comptes.models import (
    Habilitation,
    HabilitationSite,
    Organisation,
    OrganisationOrganisme,
    Personne,
)
from tdba.db import db
from tdba.habilitations.engagement import VERSION
from tdba.habilitations.models import Engagement
from tdba.local import demo_comptes
from tdba.local.demo_comptes import OrganisationDemo, PersonneDemo

ANCIENNETE: Final = timedelta(days=900)
"""Age of the organisations and habilitations: they were there before the school years shown."""


def ecrire(organismes: Mapping[str, int], emetteur: str) -> None:
    session, maintenant = db.session(), horloge.maintenant()
    depuis = _il_y_a(maintenant, ANCIENNETE)
    organisations = _organisations(organismes)
    personnes = demo_comptes.personnes()
    session.execute(insert(Personne), [_rangee_personne(p, emetteur, depuis) for p in personnes])
    ids = dict(session.execute(select(Personne.sub, Personne.id)).all())
    session.execute(insert(Engagement), [_engagement(cle, depuis) for cle in ids.values()])
    for personne in personnes:
        if personne.organisation is None:
            continue
        habilitation_id = session.scalar(
            insert(Habilitation)
            .values(
                _rangee_habilitation(personne, ids, organisations[personne.organisation], maintenant, depuis)
            )
            .returning(Habilitation.id)
        )
        if personne.sites:
            sites = [
                {"habilitation_id": habilitation_id, "organisme_id": organismes[code]}
                for code in personne.sites
            ]
            session.execute(insert(HabilitationSite), sites)


def _engagement(personne_id: int, depuis: datetime) -> dict[str, Any]:
    """Everybody of the demo accepted the commitment: the visit starts with their work."""
    return {"personne_id": personne_id, "version": VERSION, "accepte_le": depuis}


def _il_y_a(maintenant: datetime, duree: timedelta) -> datetime:
    return datetime.combine((maintenant - duree).date(), time(8), tzinfo=horloge.PARIS)


def _organisations(organismes: Mapping[str, int]) -> dict[str, int]:
    """Returns the id of each key."""
    session, jour = db.session(), horloge.aujourd_hui()
    ids: dict[str, int] = {}
    for o in demo_comptes.ORGANISATIONS:
        cree = session.scalar(
            insert(Organisation).values(_rangee_organisation(o, jour)).returning(Organisation.id)
        )
        assert cree is not None  # noqa: S101 - RETURNING of an INSERT that cannot be skipped
        ids[o.cle] = cree
    liens = [
        {"organisation_id": ids[o.cle], "organisme_id": organismes[code]}
        for o in demo_comptes.ORGANISATIONS
        for code in o.organismes
    ]
    session.execute(insert(OrganisationOrganisme), liens)
    return ids


_CIBLES: Final[Mapping[str, Sequence[str]]] = {
    "SIREN": ("siren",),
    "RESEAU": ("reseau_code",),
    "RESEAU_REGION": ("reseau_code", "region_code"),
    "REGION": ("region_code",),
    "DEPARTEMENT": ("departement_code",),
    "ACADEMIE": ("academie_code",),
}


def _rangee_organisation(o: OrganisationDemo, jour: date) -> dict[str, Any]:
    partage = None if o.partage_depuis_jours is None else jour - timedelta(days=o.partage_depuis_jours)
    cibles = dict(zip(_CIBLES.get(o.regle, ()), (o.cible or "").split("/"), strict=False))
    return {"type": o.type, "nom": o.nom, "regle": o.regle, "partage_suivi_depuis": partage, **cibles}


def _rangee_personne(personne: PersonneDemo, emetteur: str, depuis: datetime) -> dict[str, Any]:
    return {
        "emetteur": emetteur,
        "sub": personne.sub,
        "courriel": demo_comptes.courriel_de(personne),
        "nom": personne.nom,
        "prenom": personne.prenom,
        "siret": demo_comptes.siret_de(personne),
        "fonction": personne.fonction,
        "etat": personne.etat,
        "cree_le": depuis,
    }


def _rangee_habilitation(
    personne: PersonneDemo,
    ids: Mapping[str, int],
    organisation_id: int,
    maintenant: datetime,
    depuis: datetime,
) -> dict[str, Any]:
    duree = personne.duree_jours
    return {
        "personne_id": ids[personne.sub],
        "organisation_id": organisation_id,
        "role": personne.role,
        "debut": depuis.date(),
        "fin": None if duree is None else maintenant.date() + timedelta(days=duree),
        "accordee_par_id": ids[personne.accordee_par] if personne.accordee_par else None,
        "motif": "Compte de démonstration",
        "validee_par_id": ids[personne.validee_par] if personne.validee_par else None,
        "validee_le": depuis if personne.validee_par else None,
        "cree_le": depuis,
    }
