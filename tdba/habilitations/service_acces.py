"""First access: asking, taking back, and closing a request by an habilitation (issue "who comes in", §4)."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tdba import horloge, journal
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.habilitations import acces, octrois, queries_acces, queries_acces_moyens, service_acces_courriels
from tdba.habilitations.models import DemandeAcces
from tdba.habilitations.service_acces_courriels import Adresses
from tdba.scope import Introuvable

DEJA: Final = "Vous avez déjà une demande en cours : annulez-la pour en faire une autre."


def demander_cfa(
    personne: Personne, organisme_id: int, *, regle: str, fonction: str, adresses: Adresses
) -> DemandeAcces:
    """Ask for a CFA. Raises Introuvable for an establishment that cannot be, ErreurMetier for a rule that is not open."""
    organisme = queries_acces.organisme(organisme_id)
    if organisme is None:
        raise Introuvable
    if regle == "SIREN" and not queries_acces_moyens.peut_demander_l_entite(organisme, personne):
        raise ErreurMetier("Demandez cet établissement seulement.", "regle")
    demande = _inserer(
        DemandeAcces(
            personne_id=personne.id,
            type=acces.CFA,
            organisme_id=organisme.id,
            regle=regle,
            fonction=fonction,
            cree_le=horloge.maintenant(),
        )
    )
    service_acces_courriels.demande_recue(demande, personne, organisme, adresses)
    return demande


def demander_autre(personne: Personne, genre: str, code: str | None, *, fonction: str) -> DemandeAcces:
    """Ask for an organisation other than a CFA: support accepts, a second person signs for names (decision 25)."""
    regle, libelle = acces.GENRES[genre].regle, acces.GENRES[genre].libelle
    noms = dict(queries_acces.territoires(regle))
    if regle != "NATION" and code not in noms:
        raise ErreurMetier("Choisissez dans la liste.", "territoire")
    if regle == "NATION":
        nom, code = libelle, None
    else:
        nom = noms[code or ""] if genre == acces.RESEAU else f"{libelle} – {noms[code or '']}"
    _refuser_si_ouverte(personne.id)
    return _inserer(
        DemandeAcces(
            personne_id=personne.id,
            type=genre,
            organisation_id=octrois.organisation_du_territoire(genre, regle, code, nom),
            regle=regle,
            fonction=fonction,
            cree_le=horloge.maintenant(),
        )
    )


def _refuser_si_ouverte(personne_id: int) -> None:
    if queries_acces.ma_demande(personne_id) is not None:
        raise ErreurMetier(DEJA)


def _inserer(demande: DemandeAcces) -> DemandeAcces:
    """One is open at a time: the second of a double click meets the unique index."""
    _refuser_si_ouverte(demande.personne_id)
    demande.etat = "EN_ATTENTE"
    try:
        with db.session.begin_nested():
            db.session.add(demande)
            db.session.flush()
    except IntegrityError:
        raise ErreurMetier(DEJA) from None
    journal.consigner(
        "acces.demande",
        organisme_id=demande.organisme_id,
        objet=("demande_acces", demande.id),
        demande_id=demande.id,
        type=demande.type,
    )
    return demande


def annuler(personne_id: int) -> None:
    """Take one's own request back; its link opens nothing any more. Raises Introuvable when there is none."""
    demande = a_soi(personne_id)
    demande.etat, demande.decidee_le = "ANNULEE", horloge.maintenant()
    journal.consigner(
        "acces.annule",
        organisme_id=demande.organisme_id,
        objet=("demande_acces", demande.id),
        demande_id=demande.id,
    )


def a_soi(personne_id: int) -> DemandeAcces:
    """One's own open request, locked."""
    requete = select(DemandeAcces).where(
        DemandeAcces.personne_id == personne_id, DemandeAcces.etat == "EN_ATTENTE"
    )
    demande = db.session.execute(requete.with_for_update()).scalar_one_or_none()
    if demande is None:
        raise Introuvable
    return demande


def accorder(
    demande: DemandeAcces,
    personne: Personne,
    *,
    voie: str,
    organisation_id: int,
    role: str,
    adresses: Adresses,
    par: int | None = None,
    sites: frozenset[int] = frozenset(),
) -> int:
    """Close a request by an habilitation, and tell the person and the administrators. `par` None: the facts decided."""
    service_acces_courriels.accordee(personne, organisation_id, adresses)
    habilitation_id = octrois.accorder(
        personne_id=demande.personne_id,
        organisation_id=organisation_id,
        role=role,
        motif=voie,
        par=par,
        sites=sites,
    )
    demande.etat, demande.voie, demande.decidee_le = "ACCORDEE", voie, horloge.maintenant()
    demande.decidee_par_id, demande.habilitation_id = par, habilitation_id
    demande.organisation_id = organisation_id
    journal.consigner(
        "acces.accorde",
        organisme_id=demande.organisme_id,
        objet=("demande_acces", demande.id),
        demande_id=demande.id,
        voie=voie,
    )
    return habilitation_id
