"""Coming in by the facts alone, when a CFA has no administrator (issue "who comes in", §4).

A one-time link to the address of the référentiel, or the CFA's API key, makes who asked its administrator at once; the
SIRET of the login never does (identity-security.md §1.3).
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import insert, select, update

from tdba import horloge, journal, limites
from tdba.comptes import etats
from tdba.comptes import queries as comptes
from tdba.comptes.models import Personne
from tdba.db import db, table_de
from tdba.errors import ErreurMetier
from tdba.habilitations import acces, octrois, preuves, queries_acces, service_acces, service_acces_courriels
from tdba.habilitations.models import DemandeAcces, LienAcces
from tdba.habilitations.service_acces_courriels import Adresses
from tdba.organismes.models import Organisme

PAS_LIBRE: Final = (
    "Ce CFA a maintenant un administrateur : c’est lui qui décide. Votre demande reste ouverte, il la voit."
)


class LienRefuse(Exception):
    """A one-time link opens nothing; `raison` has its own page and is journaled."""

    def __init__(self, raison: str) -> None:
        super().__init__(raison)
        self.raison = raison


class DejaEntre(Exception):
    """The link was used by this very person, whose access holds: a double click, not a refusal."""

    def __init__(self, habilitation_id: int) -> None:
        super().__init__(habilitation_id)
        self.habilitation_id = habilitation_id


class EssaisEpuises(Exception):
    """Too many keys were tried by this person: the caller commits the count and answers 429."""


def envoyer_lien(personne: Personne, adresses: Adresses) -> str:
    """Mail a one-time link to the address that the référentiel holds. Returns that address, masked.

    The former link of the request stops working. Raises ErreurMetier when this way is not open, or asked too often.
    """
    demande = service_acces.a_soi(personne.id)
    organisme = _libre(demande, personne)
    if not organisme.courriel_referentiel:
        raise ErreurMetier("Le référentiel ne connaît pas d’adresse électronique pour ce CFA.")
    maintenant = horloge.maintenant()
    veille = maintenant - timedelta(days=1)
    if queries_acces.liens_envoyes(organisme.id, veille) >= acces.LIENS_PAR_JOUR:
        raise ErreurMetier(
            "Plusieurs liens ont déjà été envoyés à cette adresse depuis hier : ouvrez le dernier, ou revenez demain."
        )
    jeton = _nouveau_lien(demande.id, maintenant)
    service_acces_courriels.lien(organisme, personne, adresses.lien(jeton))
    journal.consigner(
        "acces.lien_envoye",
        organisme_id=demande.organisme_id,
        objet=("demande_acces", demande.id),
        demande_id=demande.id,
    )
    return acces.masquer(organisme.courriel_referentiel)


def _nouveau_lien(demande_id: int, maintenant: datetime) -> str:
    """Replace the link of a request. Returns its token in clear: the only time it is seen."""
    db.session.execute(
        update(LienAcces)
        .where(LienAcces.demande_acces_id == demande_id, LienAcces.expire_le > maintenant)
        .values(expire_le=maintenant)
    )
    jeton = secrets.token_urlsafe(32)
    valeurs = {
        "empreinte": empreinte(jeton),
        "demande_acces_id": demande_id,
        "cree_le": maintenant,
        "expire_le": maintenant + acces.DUREE_LIEN,
    }
    db.session.execute(insert(table_de(LienAcces)).values(valeurs))
    return jeton


def empreinte(jeton: str) -> bytes:
    """What is kept of a token: a random 256-bit value needs no salt."""
    return hashlib.sha256(jeton.encode()).digest()


def entrer_par_lien(jeton: str, personne: Personne, adresses: Adresses) -> int:
    """Use a one-time link: the person who asked becomes the first administrator. Returns the habilitation.

    Raises DejaEntre for a second click, and LienRefuse: unknown, asked by somebody else, used, replaced or expired,
    request closed, or somebody else came in meanwhile.
    """
    lien = queries_acces.lien(empreinte(jeton))
    if lien is None:
        raise LienRefuse("inconnu")
    maintenant = horloge.maintenant()
    demande = db.session.execute(
        select(DemandeAcces).where(DemandeAcces.id == lien.demande_acces_id).with_for_update()
    ).scalar_one()
    if demande.personne_id != personne.id:
        raise LienRefuse("autre_personne")
    if lien.utilise_le is not None:
        raise _second_clic(demande, horloge.jour_de_paris(maintenant))
    if demande.etat != "EN_ATTENTE":
        raise LienRefuse("demande_close")
    if maintenant >= lien.expire_le:
        raise LienRefuse("expire")
    try:
        organisme = _libre(demande, personne)
    except ErreurMetier:
        raise LienRefuse("administrateur_nomme") from None
    lien.utilise_le = maintenant
    return _premier_administrateur(demande, personne, organisme, "LIEN", adresses)


def _second_clic(demande: DemandeAcces, jour: date) -> Exception:
    """What a used link is worth to who used it: home while the access that it gave holds, a refusal after."""
    for habilitation, _ in comptes.habilitations_de(demande.personne_id):
        if habilitation.id == demande.habilitation_id and etats.en_cours(
            habilitation.debut, habilitation.fin, jour
        ):
            return DejaEntre(habilitation.id)
    return LienRefuse("deja_utilise")


def entrer_par_cle(cle: str, personne: Personne, adresses: Adresses) -> int | None:
    """Use the API key of the CFA. Returns the habilitation; None for a key that is not this CFA's, which is journaled.

    The caller commits in both cases. Raises ErreurMetier when this way is not open, EssaisEpuises past five tries in
    fifteen minutes, whatever the session.
    """
    demande = service_acces.a_soi(personne.id)
    organisme = _libre(demande, personne)
    compteur, maintenant = f"acces_cle:{personne.id}", horloge.maintenant()
    if limites.compter(compteur, fenetre=acces.FENETRE_CLE, maintenant=maintenant) > acces.ESSAIS_CLE:
        raise EssaisEpuises
    if preuves.organisme_de_la_cle(cle) != organisme.id:
        journal.consigner(
            "acces.cle_refusee",
            organisme_id=demande.organisme_id,
            objet=("demande_acces", demande.id),
            demande_id=demande.id,
        )
        return None
    limites.oublier(compteur)
    return _premier_administrateur(demande, personne, organisme, "CLE_API", adresses)


def entrer_par_certification(personne: Personne, adresses: Adresses, *, dirigeant: bool) -> int:
    """Come in as the director that the provider certified. Returns the habilitation.

    Raises ErreurMetier when this way is not open: no such certification in this session, another legal entity, or an
    administrator named meanwhile.
    """
    demande = service_acces.a_soi(personne.id)
    organisme = _libre(demande, personne)
    if not acces.certifie(personne.siret, organisme.siren, dirigeant=dirigeant):
        raise ErreurMetier("Votre fournisseur d’identité ne certifie pas que vous dirigez cet établissement.")
    return _premier_administrateur(demande, personne, organisme, "DIRIGEANT", adresses)


def _libre(demande: DemandeAcces, personne: Personne) -> Organisme:
    """The CFA of a request that facts alone may settle; raises ErreurMetier for any other.

    Locks the legal entity until the end of the transaction: two first administrators are seen one after the other.
    """
    organisme = queries_acces.organisme(demande.organisme_id) if demande.organisme_id else None
    if organisme is None or comptes.courriel_d_un_autre(personne):
        raise ErreurMetier(
            "Cette demande doit être acceptée par quelqu’un : vous serez prévenu par courriel."
        )
    octrois.verrouiller_cfa(organisme.siren)
    tenues = queries_acces.tenues([organisme.siren], horloge.aujourd_hui())[organisme.siren]
    if not acces.est_libre(tenues, organisme.id, demande.regle):
        raise ErreurMetier(PAS_LIBRE)
    return organisme


def _premier_administrateur(
    demande: DemandeAcces, personne: Personne, organisme: Organisme, voie: str, adresses: Adresses
) -> int:
    organisation_id = octrois.organisation_du_cfa(organisme, demande.regle)
    return service_acces.accorder(
        demande,
        personne,
        voie=voie,
        organisation_id=organisation_id,
        role=octrois.ADMINISTRATEUR,
        adresses=adresses,
    )
