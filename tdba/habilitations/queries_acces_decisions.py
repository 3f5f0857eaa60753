"""Readings of those who settle requests: which ones wait for them, and what is asked (decisions 20, 25)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, exists, func, or_, select

from tdba import scope
from tdba.comptes import queries as comptes
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.db import db, table_de
from tdba.habilitations import acces, queries_acces
from tdba.habilitations.acces import Decideur, Examen
from tdba.habilitations.models import DemandeAcces
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable

ATTENTE_MAX: Final = 500
"""Requests examined for one page, the oldest first: beyond it, settling some shows the next."""


@dataclass(frozen=True, slots=True)
class DemandeVue:
    """A request, who makes it, about what, and by which right the reader settles it."""

    demande: DemandeAcces
    personne: Personne
    organisme: Organisme | None
    organisation: Organisation | None
    adresse_connue: bool
    voie: str

    @property
    def nom(self) -> str:
        if self.organisme:
            return self.organisme.nom
        return self.organisation.nom if self.organisation else ""


def decideur() -> Decideur | None:
    """Who looks, from the habilitation in use; None when it settles no request at all."""
    courant = scope.courant()
    usage = comptes.usage_de(courant.habilitation_id) if courant.habilitation_id else None
    if usage is None or courant.personne_id is None:
        return None
    organisation, support = usage.organisation, courant.a(Droit.SUPPORT)
    administrateur = usage.habilitation.role == "administrateur" and organisation.type in (
        acces.CFA,
        acces.RESEAU,
    )
    if not (support or administrateur):
        return None
    return Decideur(
        personne_id=courant.personne_id,
        organisation_id=organisation.id,
        organisation_nom=organisation.nom,
        type=organisation.type,
        validee=usage.habilitation.validee_par_id is not None,
        support=support,
        garant_de=_garant_de(organisation.type),
    )


def _garant_de(genre: str) -> frozenset[int]:
    """A CFA answers for the formateurs it is fully responsible for; the head of a network for its members."""
    courant = scope.courant()
    if genre == acces.CFA:
        return courant.portee(Droit.CORRIGER).organismes or frozenset()
    if genre == acces.RESEAU:
        return courant.portee(Droit.VOIR_INDICATEURS).organismes or frozenset()
    return frozenset()


_CONNUE: Final = table_de(Personne).alias("connue")


def _attente() -> Select[*tuple[Any, ...]]:
    connue = exists(
        select(_CONNUE.c.id)
        .where(func.lower(_CONNUE.c.courriel) == func.lower(Personne.courriel), _CONNUE.c.id < Personne.id)
        .correlate(Personne)
    )
    return (
        select(DemandeAcces, Personne, Organisme, Organisation, connue)
        .join(Personne, Personne.id == DemandeAcces.personne_id)
        .outerjoin(Organisme, Organisme.id == DemandeAcces.organisme_id)
        .outerjoin(Organisation, Organisation.id == DemandeAcces.organisation_id)
        .where(DemandeAcces.etat == "EN_ATTENTE")
        .order_by(DemandeAcces.cree_le, DemandeAcces.id)
    )


def en_attente(qui: Decideur, maintenant: Any, jour: date) -> list[DemandeVue]:
    """The requests that this person settles, the oldest first."""
    requete = _attente()
    if not qui.support:
        siens = scope.courant().portee(Droit.CONFIGURER).organismes or frozenset()
        requete = requete.where(scope.parmi(DemandeAcces.__table__.c.organisme_id, siens | qui.garant_de))
    return _examiner(db.session.execute(requete.limit(ATTENTE_MAX)).all(), qui, maintenant, jour)


def une_demande(demande_id: int, qui: Decideur, maintenant: Any, jour: date, *, verrou: bool) -> DemandeVue:
    """One request that this person settles; anything else does not exist for them (404)."""
    requete = _attente().where(DemandeAcces.id == demande_id)
    if verrou:
        requete = requete.with_for_update(of=DemandeAcces)
    vues = _examiner(db.session.execute(requete).all(), qui, maintenant, jour)
    if not vues:
        raise Introuvable
    return vues[0]


def _examiner(lignes: Iterable[Any], qui: Decideur, maintenant: Any, jour: date) -> list[DemandeVue]:
    """Keep what this person settles. Two statements whatever the number of requests."""
    lignes = list(lignes)
    sirens = {o.siren for _, _, o, _, _ in lignes if o is not None}
    tenues = queries_acces.tenues(sirens, jour) if sirens else {}
    entites = _par_entite({o.siren for d, _, o, _, _ in lignes if o is not None and d.regle == "SIREN"})
    vues = []
    for demande, personne, organisme, organisation, connue in lignes:
        du_cfa = tenues.get(organisme.siren, []) if organisme else []
        demandes = entites.get(organisme.siren) if organisme and demande.regle == "SIREN" else None
        cle = demande.organisme_id or 0
        examen = Examen(
            type=demande.type,
            demandeur_id=demande.personne_id,
            cree_le=demande.cree_le,
            adresse_connue=connue,
            libre=acces.est_libre(du_cfa, cle, demande.regle),
            decideurs=frozenset(t.organisation_id for t in acces.decideurs(du_cfa, cle, demande.regle)),
            organismes=demandes or (frozenset({cle}) if organisme else frozenset()),
        )
        voie = acces.voie_de(qui, examen, maintenant)
        if voie is not None:
            vues.append(DemandeVue(demande, personne, organisme, organisation, connue, voie))
    return vues


def _par_entite(sirens: set[str]) -> dict[str, frozenset[int]]:
    if not sirens:
        return {}
    requete = select(Organisme.siren, func.array_agg(Organisme.id)).where(Organisme.siren.in_(sirens))
    lignes = db.session.execute(requete.group_by(Organisme.siren))
    return {siren: frozenset(ids) for siren, ids in lignes}


def a_valider(jour: date) -> list[tuple[Habilitation, Personne, Organisation]]:
    """Habilitations that open names or support once a second person has signed, the oldest first (decision 25)."""
    requete = (
        select(Habilitation, Personne, Organisation)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Habilitation.validee_par_id.is_(None), Organisation.type.in_(acces.ATTENDENT_VALIDATION))
        .where(or_(Habilitation.fin.is_(None), Habilitation.fin > jour))
        .order_by(Habilitation.cree_le, Habilitation.id)
        .limit(ATTENTE_MAX)
    )
    return [(h, p, o) for h, p, o in db.session.execute(requete)]


def habilitation_a_valider(habilitation_id: int, jour: date) -> Habilitation:
    """One of them, locked: two second persons at once are one. Takes the rights of support, who alone asks."""
    requete = (
        select(Habilitation)
        .join(Organisation, Organisation.id == Habilitation.organisation_id)
        .where(Habilitation.id == habilitation_id, Habilitation.validee_par_id.is_(None))
        .where(Organisation.type.in_(acces.ATTENDENT_VALIDATION))
        .where(or_(Habilitation.fin.is_(None), Habilitation.fin > jour))
        .with_for_update(of=Habilitation)
    )
    trouvee = db.session.execute(requete).scalar_one_or_none()
    if trouvee is None:
        raise Introuvable
    return trouvee
