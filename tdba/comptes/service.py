"""What a person may reach, and what a verified identity becomes (decisions 20, 25 and 33, identity-security.md §1.10)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, journal, scope
from tdba.comptes import droits, etats, queries
from tdba.comptes.etats import Blocage
from tdba.comptes.models import Habilitation, Organisation, Personne
from tdba.comptes.queries import Usage
from tdba.db import db
from tdba.scope import Droit, Introuvable, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Identite:
    """What the identity provider certifies, once its signatures are verified."""

    emetteur: str
    sub: str
    courriel: str
    prenom: str
    nom: str
    siret: str
    idp_id: str | None
    """Which provider vouched behind the federation: an attribute, never part of the key."""
    niveau: str | None
    """Level of authentication (`acr`); None when the provider did not say: the lowest is assumed."""
    identifiee_le: int | None
    """When they last proved who they are to the provider, in seconds; None when it did not say."""


@dataclass(frozen=True, slots=True)
class Connexion:
    """What a login opens: a person, the habilitation to start with, or why there is none."""

    personne: Personne
    habilitation_id: int | None
    blocage: Blocage | None


def portee_de(usage: Usage, jour: date) -> Scope:
    """Return what an habilitation reaches on `jour`; nothing at all once it is over.

    The organisation's rule gives organismes, the matrix gives rights over them. Empty means nobody.
    """
    habilitation, organisation = usage.habilitation, usage.organisation
    if not _valide(habilitation, jour):
        return Scope(personne_id=habilitation.personne_id)
    mandat = droits.Mandat(
        organisation.type,
        validee=habilitation.validee_par_id is not None,
        datee=habilitation.fin is not None,
        reseau_responsable=usage.reseau_responsable,
        sites=usage.sites,
        personne_id=habilitation.personne_id,
        habilitation_id=habilitation.id,
    )
    portee = droits.scope_de(mandat, queries.organismes_de(organisation, jour))
    if organisation.type == "TETE_DE_RESEAU" and portee.a(Droit.CORRIGER):
        # A network that answers for its CFA corrects their records; their follow-up stays theirs (decision 26).
        siens = portee.portee(Droit.CORRIGER).organismes or frozenset()
        return replace(portee, suivi=queries.partagent_leur_suivi(siens, jour))
    return portee


def blocage_de(personne: Personne, habilitation: Habilitation | None, jour: date) -> Blocage | None:
    """Return why that person, with that habilitation in use, may not work here; None when nothing stops them."""
    if habilitation is None:
        return etats.blocage_de(personne.etat, None, None, jour)
    return etats.blocage_de(personne.etat, habilitation.debut, habilitation.fin, jour)


def preciser(blocage: Blocage, personne: Personne) -> Blocage:
    """Tell a first visit from one whose e-mail belongs to somebody already known."""
    if blocage is Blocage.EN_ATTENTE and queries.courriel_d_un_autre(personne):
        return Blocage.ADRESSE_CONNUE
    return blocage


def connecter(identite: Identite, maintenant: datetime) -> Connexion:
    """Find or record the person of a verified identity, wake them if need be, and journal the outcome.

    The key is (issuer, sub) alone: the same e-mail with another `sub` is another person, who waits. Somebody
    unknown is recorded as waiting, so that support can see and settle it.
    """
    personne = queries.personne_par_identite(identite.emetteur, identite.sub)
    if personne is None:
        personne = _inscrire(identite, maintenant)
    scope.entrer(Scope(personne_id=personne.id))
    _mettre_a_jour(personne, identite)
    personne.vue_le = maintenant
    jour = horloge.jour_de_paris(maintenant)
    habilitation = _de_depart(personne.id, jour)
    if habilitation is not None and etats.reveillable(personne.etat) and _valide(habilitation, jour):
        personne.etat = "ACTIVE"
    blocage = blocage_de(personne, habilitation, jour)
    if blocage is not None:
        blocage = preciser(blocage, personne)
    ouverte = habilitation.id if habilitation is not None and blocage is None else None
    scope.entrer(Scope(personne_id=personne.id, habilitation_id=ouverte))
    if blocage is None:
        journal.consigner("compte.connecte", niveau=identite.niveau or "absent")
    else:
        journal.consigner("compte.refuse", raison=blocage.value)
    return Connexion(personne, habilitation.id if habilitation else None, blocage)


def elever(identite: Identite, personne_id: int) -> bool:
    """Journal that somebody already here was identified anew, at a higher level; False when it is somebody else."""
    personne = queries.personne_par_identite(identite.emetteur, identite.sub)
    if personne is None or personne.id != personne_id:
        return False
    journal.consigner("compte.niveau_eleve", niveau=identite.niveau or "absent")
    return True


def _de_depart(personne_id: int, jour: date) -> Habilitation | None:
    """The oldest that is valid; else the last one, so that the page can say that it is over."""
    toutes = [habilitation for habilitation, _ in queries.habilitations_de(personne_id)]
    valides = [habilitation for habilitation in toutes if _valide(habilitation, jour)]
    retenues = valides or toutes[-1:]
    return retenues[0] if retenues else None


def _valide(habilitation: Habilitation, jour: date) -> bool:
    return etats.en_cours(habilitation.debut, habilitation.fin, jour)


def _inscrire(identite: Identite, maintenant: datetime) -> Personne:
    valeurs = {nom: getattr(identite, nom) for nom in ("emetteur", "sub", *_ATTRIBUTS)}
    # Two first visits at the same instant (a double click) are one person.
    db.session.execute(
        insert(Personne).values(**valeurs, etat="EN_ATTENTE", cree_le=maintenant).on_conflict_do_nothing()
    )
    personne = queries.personne_par_identite(identite.emetteur, identite.sub)
    assert personne is not None  # noqa: S101 - inserted just above, or by the other visit
    return personne


_ATTRIBUTS = ("courriel", "nom", "prenom", "siret", "idp_id")


def _mettre_a_jour(personne: Personne, identite: Identite) -> None:
    """Attributes follow the provider; the journal keeps which ones changed, not their values.

    An e-mail written with other capitals is the same one.
    """
    changes = [nom for nom in _ATTRIBUTS if getattr(personne, nom) != getattr(identite, nom)]
    if identite.idp_id is None and "idp_id" in changes:
        changes.remove("idp_id")  # not told this time: what is known stays
    if personne.courriel.casefold() == identite.courriel.casefold() and "courriel" in changes:
        changes.remove("courriel")
    for nom in changes:
        setattr(personne, nom, getattr(identite, nom))
    if changes:
        journal.consigner("compte.modifie", objet=("personne", personne.id), champs=changes)


def habilitations_valides(personne: Personne, jour: date) -> list[tuple[Habilitation, Organisation]]:
    """What a person may choose among on `jour`; nothing while their account is stopped."""
    if personne.etat != "ACTIVE":
        return []
    return [
        (h, organisation) for h, organisation in queries.habilitations_de(personne.id) if _valide(h, jour)
    ]


def choisir_habilitation(personne_id: int, habilitation_id: int | None, jour: date) -> Organisation:
    """Journal the choice of an habilitation; one that is not theirs, or not valid, does not exist."""
    for habilitation, organisation in queries.habilitations_de(personne_id):
        if habilitation.id == habilitation_id and _valide(habilitation, jour):
            journal.consigner("compte.organisation_choisie", organisation_id=organisation.id)
            return organisation
    raise Introuvable
