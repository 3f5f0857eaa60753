"""Inviting, sending again, withdrawing, accepting (issue of access, domain.md §5.5).

The address of the link is made by the caller (`lien`: token → absolute address); only the token's hash is stored. No
answer depends on whether somebody outside the organisation has that address.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from tdba import courriels, formats, journal
from tdba.comptes import queries
from tdba.comptes.models import Organisation
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.habilitations import equipe, invitations, octrois, queries_equipe
from tdba.habilitations.invitations import DUREE, ENTRE_ENVOIS, Etat, LigneInvitation
from tdba.habilitations.models import Invitation
from tdba.habilitations.service_equipe import Administrateur, Choix, administrateur, verifier
from tdba.scope import Introuvable

Lien = Callable[[str], str]

MOTIF: Final = "INVITATION"


class InvitationRefusee(Exception):
    """The link opens nothing to who reads it. `etat` chooses the page and is the journal's reason."""

    def __init__(self, etat: Etat, invitation_id: int) -> None:
        super().__init__(etat.value)
        self.etat, self.invitation_id = etat, invitation_id


@dataclass(frozen=True, slots=True)
class Resultat:
    """What became of one line of a list: sent, left out as a double, or refused with its reason."""

    ligne: LigneInvitation
    refus: str | None

    @property
    def envoyee(self) -> bool:
        return self.refus is None and self.ligne.doublon_de is None


def inviter(
    acteur_id: int | None, courriel: str, choix: Choix, lien: Lien, *, maintenant: datetime, jour: date
) -> None:
    """Invite one address. Raises ErreurMetier for a wrong address or choice, a member, or an invitation that waits."""
    qui = administrateur(acteur_id, jour)
    _inviter(qui, courriel, choix, lien, maintenant, jour)


def inviter_en_nombre(
    acteur_id: int | None,
    lignes: Sequence[LigneInvitation],
    lien: Lien,
    *,
    maintenant: datetime,
    jour: date,
) -> list[Resultat]:
    """Invite the right lines; nothing is sent for the others, which come back with their reason."""
    qui = administrateur(acteur_id, jour)
    resultats = []
    for ligne in lignes:
        refus = ligne.refus
        if refus is None and ligne.doublon_de is None:
            try:
                choix = Choix(role=ligne.role, fin=ligne.fin)
                _inviter(qui, ligne.courriel, choix, lien, maintenant, jour)
            except ErreurMetier as erreur:
                refus = erreur.message
        resultats.append(Resultat(ligne, refus))
    return resultats


def _inviter(
    qui: Administrateur, courriel: str, choix: Choix, lien: Lien, maintenant: datetime, jour: date
) -> None:
    organisation = qui.organisation
    if refus := invitations.refus_de_courriel(courriel):
        raise ErreurMetier(refus, champ="courriel")
    verifier(choix, organisation.id, jour)
    if queries_equipe.est_membre(courriel, organisation.id, jour):
        raise ErreurMetier("Cette personne a déjà accès à votre organisation.", champ="courriel")
    _liberer(courriel, organisation.id, maintenant)
    jeton = secrets.token_urlsafe(32)
    invitation = Invitation(
        empreinte=invitations.empreinte(jeton),
        organisation_id=organisation.id,
        courriel=courriel,
        role=choix.role,
        sites=sorted(set(choix.sites)),
        fin=choix.fin,
        invitee_par_id=qui.personne_id,
        cree_le=maintenant,
        expire_le=maintenant + DUREE,
    )
    try:
        with db.session.begin_nested():
            db.session.add(invitation)
    except IntegrityError:  # another administrator, at the same instant
        raise ErreurMetier(DEJA_INVITEE, champ="courriel") from None
    journal.consigner("invitation.envoyee", objet=("invitation", invitation.id), role=choix.role)
    _ecrire(invitation, organisation, qui.personne_id, lien(jeton))


DEJA_INVITEE: Final = (
    "Une invitation attend déjà pour cette adresse. Renvoyez-la ou retirez-la depuis la page de l’équipe."
)


def _liberer(courriel: str, organisation_id: int, maintenant: datetime) -> None:
    """One invitation waits for each address: an expired one gives its place, another one refuses."""
    precedente = queries_equipe.invitation_a(courriel, organisation_id)
    if precedente is None:
        return
    if maintenant < precedente.expire_le:
        raise ErreurMetier(DEJA_INVITEE, champ="courriel")
    precedente.retiree_le = maintenant
    db.session.flush()


def _ecrire(invitation: Invitation, organisation: Organisation, par: int, adresse: str) -> None:
    hote = queries.personne(par)
    paragraphes = [
        f"{hote.prenom} {hote.nom} vous invite à rejoindre « {organisation.nom} » avec le rôle de {invitation.role}.",
        "Ouvrez ce lien et identifiez-vous avec ProConnect, avec l’adresse qui a reçu ce message.",
        f"Le lien sert une seule fois, jusqu’au {formats.date_heure(invitation.expire_le)}.",
        "Si vous n’attendiez pas cette invitation, ne faites rien : elle expirera seule.",
    ]
    courriels.ecrire(
        "invitation",
        invitation.courriel,
        f"Invitation à rejoindre {organisation.nom}",
        paragraphes,
        lien=("Répondre à l’invitation", adresse),
    )


def renvoyer(
    acteur_id: int | None, invitation_id: int, lien: Lien, *, maintenant: datetime, jour: date
) -> Invitation:
    """Send an invitation again, with a new link for 96 hours: the former link opens nothing any more."""
    qui = administrateur(acteur_id, jour)
    invitation = queries_equipe.invitation_ouverte(invitation_id, qui.organisation.id)
    if maintenant - (invitation.expire_le - DUREE) < ENTRE_ENVOIS:
        raise ErreurMetier("Cette invitation vient de partir : attendez une minute avant de la renvoyer.")
    if equipe.refus_de_fin(invitation.fin, jour):
        raise ErreurMetier(
            "Le dernier jour d’accès prévu est passé : retirez cette invitation, puis invitez de nouveau."
        )
    jeton = secrets.token_urlsafe(32)
    invitation.empreinte = invitations.empreinte(jeton)
    invitation.expire_le = maintenant + DUREE
    invitation.envois += 1
    # Whoever sends it again answers for it.
    invitation.invitee_par_id = qui.personne_id
    journal.consigner("invitation.renvoyee", objet=("invitation", invitation.id), envois=invitation.envois)
    _ecrire(invitation, qui.organisation, qui.personne_id, lien(jeton))
    return invitation


def retirer(acteur_id: int | None, invitation_id: int, *, maintenant: datetime, jour: date) -> None:
    """Withdraw an invitation: its link then says so."""
    qui = administrateur(acteur_id, jour)
    invitation = queries_equipe.invitation_ouverte(invitation_id, qui.organisation.id)
    invitation.retiree_le = maintenant
    journal.consigner("invitation.retiree", objet=("invitation", invitation.id))


def lire(
    jeton: str, personne_id: int, *, maintenant: datetime, **options: Any
) -> tuple[Invitation, Organisation]:
    """Return what a link invites to. Raises Introuvable for an unknown token, InvitationRefusee otherwise.

    The address is compared first: somebody else learns nothing of the invitation, not even that it was used.
    """
    invitation = queries_equipe.invitation_du_jeton(jeton, **options)
    if invitation is None:
        raise Introuvable
    if not invitations.meme_adresse(invitation.courriel, queries.personne(personne_id).courriel):
        raise InvitationRefusee(Etat.AUTRE_ADRESSE, invitation.id)
    etat = invitations.etat_de(
        acceptee_le=invitation.acceptee_le,
        retiree_le=invitation.retiree_le,
        expire_le=invitation.expire_le,
        maintenant=maintenant,
    )
    if etat is Etat.OUVERTE and not _hote_en_place(invitation):
        etat = Etat.RETIREE
    if etat is not Etat.OUVERTE:
        raise InvitationRefusee(etat, invitation.id)
    return invitation, db.session.get_one(Organisation, invitation.organisation_id)


def _hote_en_place(invitation: Invitation) -> bool:
    """What an administrator sent falls with them, unless another one sends it again."""
    en_place = octrois.administrateurs(invitation.organisation_id)
    return any(h.personne_id == invitation.invitee_par_id for h in en_place)


def accepter(jeton: str, personne_id: int, *, maintenant: datetime, jour: date) -> tuple[int, Organisation]:
    """Accept an invitation: the right is granted by who invited. Returns the habilitation and the organisation.

    Outside a CFA, names wait for a second person (decision 25). Raises as `lire`, and ErreurMetier for a member.
    """
    invitation, organisation = lire(jeton, personne_id, maintenant=maintenant, verrou=True)
    if equipe.refus_de_fin(invitation.fin, jour):
        raise InvitationRefusee(Etat.EXPIREE, invitation.id)
    habilitation_id = octrois.accorder(
        personne_id=personne_id,
        organisation_id=organisation.id,
        role=invitation.role,
        motif=MOTIF,
        par=invitation.invitee_par_id,
        sites=invitation.sites,
        fin=invitation.fin,
    )
    invitation.acceptee_le, invitation.habilitation_id = maintenant, habilitation_id
    journal.consigner(
        "invitation.acceptee", objet=("invitation", invitation.id), habilitation_id=habilitation_id
    )
    return habilitation_id, organisation


def consigner_refus(refus: InvitationRefusee) -> None:
    """Journal a link that opened nothing, with the reason."""
    journal.consigner(
        "invitation.refusee", objet=("invitation", refus.invitation_id), raison=refus.etat.value
    )
