"""Screens of invitations: an administrator invites; the invited person answers the link of the mail."""

from typing import Final, cast

from flask import Response, current_app, flash, session, url_for

from tdba import horloge, scope
from tdba.access import connecte, second_facteur
from tdba.config import Configuration
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.forms import BaseForm
from tdba.habilitations import invitations, queries_equipe, service_equipe, service_equipe_invitations
from tdba.habilitations.blueprint import bp
from tdba.habilitations.forms_equipe import TEXTE_MAX, InvitationForm, ListeForm
from tdba.habilitations.invitations import LIGNES_MAX, Etat, ListeTropLongue
from tdba.habilitations.routes_equipe import (
    DONNER,
    POUR_ADMINISTRATEUR,
    acteur,
    code_du_formulaire,
    refuse,
    rendre,
    vers,
)
from tdba.habilitations.service_equipe_invitations import InvitationRefusee, Resultat

ARRETES: Final = ("suspendue", "fermee")
"""Accounts that no invitation wakes: people decided so."""
CODES_HTTP: Final = {Etat.AUTRE_ADRESSE: 403}
"""All other refusals are 410: the link did open something, and does no more."""


def _lien(jeton: str) -> str:
    """The absolute address of a link: from the configuration, never from the request's host."""
    configuration = cast("Configuration", current_app.extensions["tdba"])
    return configuration.base_url + url_for("habilitations.invitation", jeton=jeton)


@bp.route("/equipe/inviter", methods=["GET", "POST"])
@connecte(POUR_ADMINISTRATEUR)
@second_facteur(DONNER)
def inviter() -> Response:
    """Invite one person."""
    maintenant, jour = horloge.maintenant(), horloge.aujourd_hui()
    qui = service_equipe.administrateur(acteur().habilitation_id, jour)
    nom = qui.organisation.nom
    form = InvitationForm(sites_possibles=queries_equipe.sites_possibles(qui.organisation.id, jour))
    if form.validate_on_submit():
        try:
            service_equipe_invitations.inviter(
                acteur().habilitation_id,
                form.courriel.data,
                form.choix,
                _lien,
                maintenant=maintenant,
                jour=jour,
            )
            db.session.commit()
        except ErreurMetier as erreur:
            refuse(form, erreur)
        else:
            flash("L’invitation est envoyée. Son lien est valable quatre jours.", "success")
            return vers("habilitations.equipe")
    return rendre(
        "habilitations/invitation_envoyer.html", code=code_du_formulaire(), form=form, organisation=nom
    )


@bp.route("/equipe/inviter-en-nombre", methods=["GET", "POST"])
@connecte(POUR_ADMINISTRATEUR)
@second_facteur(DONNER)
def inviter_en_nombre() -> Response:
    """Invite up to fifty people: the right lines leave, the others stay in the form with their reason."""
    service_equipe.administrateur(acteur().habilitation_id, horloge.aujourd_hui())
    form = ListeForm()
    resultats: list[Resultat] = []
    if form.validate_on_submit():
        try:
            resultats = _envoyer(form)
            db.session.commit()
        except ErreurMetier as erreur:
            refuse(form, erreur)
        else:
            fautives = [r.ligne.texte for r in resultats if r.refus]
            form.texte.data = "\n".join(fautives)
            if not fautives:
                return _toutes_parties(resultats)
    return rendre(
        "habilitations/invitation_liste.html",
        code=code_du_formulaire(),
        form=form,
        resultats=resultats,
        envoyees=sum(r.envoyee for r in resultats),
    )


def _envoyer(form: ListeForm) -> list[Resultat]:
    jour = horloge.aujourd_hui()
    octets = form.fichier.data.read(TEXTE_MAX + 1) if form.fichier.data else b""
    if len(octets) > TEXTE_MAX:
        raise ErreurMetier("Ce fichier est trop gros pour une liste de personnes.", champ="fichier")
    texte = f"{form.texte.data or ''}\n{invitations.decoder(octets)}"
    try:
        lignes = invitations.lire_liste(texte, jour)
    except ListeTropLongue:
        raise ErreurMetier(
            f"Cette liste a plus de {LIGNES_MAX} lignes : envoyez-la en plusieurs fois."
        ) from None
    if not lignes:
        raise ErreurMetier("Écrivez au moins une ligne, ou choisissez un fichier.", champ="texte")
    return service_equipe_invitations.inviter_en_nombre(
        acteur().habilitation_id, lignes, _lien, maintenant=horloge.maintenant(), jour=jour
    )


def _toutes_parties(resultats: list[Resultat]) -> Response:
    nombre = sum(r.envoyee for r in resultats)
    doublons = len(resultats) - nombre
    phrase = "L’invitation est envoyée." if nombre == 1 else f"{nombre} invitations sont envoyées."
    flash(phrase + (f" Lignes en double laissées de côté : {doublons}." if doublons else ""), "success")
    return vers("habilitations.equipe")


@bp.post("/equipe/invitations/<int:invitation_id>/renvoyer")
@connecte(POUR_ADMINISTRATEUR)
@second_facteur(DONNER)
def renvoyer_invitation(invitation_id: int) -> Response:
    try:
        service_equipe_invitations.renvoyer(
            acteur().habilitation_id,
            invitation_id,
            _lien,
            maintenant=horloge.maintenant(),
            jour=horloge.aujourd_hui(),
        )
        db.session.commit()
    except ErreurMetier as erreur:
        db.session.rollback()
        flash(erreur.message, "error")
    else:
        flash("L’invitation est renvoyée. Le lien précédent n’ouvre plus rien.", "success")
    return vers("habilitations.equipe")


@bp.post("/equipe/invitations/<int:invitation_id>/retirer")
@connecte(POUR_ADMINISTRATEUR)
def retirer_invitation(invitation_id: int) -> Response:
    service_equipe_invitations.retirer(
        acteur().habilitation_id,
        invitation_id,
        maintenant=horloge.maintenant(),
        jour=horloge.aujourd_hui(),
    )
    db.session.commit()
    flash("L’invitation est retirée. Son lien n’ouvre plus rien.", "success")
    return vers("habilitations.equipe")


@bp.get("/invitation/<jeton:jeton>")
@connecte("seule l’adresse invitée, certifiée à la connexion, lit son invitation", meme_arrete=True)
def invitation(jeton: str) -> Response:
    """What the link of the mail opens: the name of the organisation, and a button."""
    if _arrete():
        return vers("comptes.sans_acces")
    try:
        _, organisation = service_equipe_invitations.lire(
            jeton, acteur().personne_id, maintenant=horloge.maintenant()
        )
    except InvitationRefusee as refus:
        return _refus(refus)
    return rendre(
        "habilitations/invitation.html",
        jeton=jeton,
        form=BaseForm(),
        organisation=organisation.nom,
        menu=None,  # somebody who waits could follow none of its links
    )


@bp.post("/invitation/<jeton:jeton>")
@connecte("seule l’adresse invitée, certifiée à la connexion, accepte son invitation", meme_arrete=True)
def accepter_invitation(jeton: str) -> Response:
    """Accept, and act at once for the organisation."""
    if _arrete():
        return vers("comptes.sans_acces")
    try:
        habilitation_id, organisation = service_equipe_invitations.accepter(
            jeton, acteur().personne_id, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui()
        )
        nom = organisation.nom
        db.session.commit()
    except InvitationRefusee as refus:
        return _refus(refus)
    except ErreurMetier:
        db.session.rollback()
        flash("Vous avez déjà accès à cette organisation.", "info")
        return vers("comptes.accueil")
    session.habilitation_id = habilitation_id  # type: ignore[attr-defined]
    flash(f"Vous agissez maintenant pour {nom}.", "success")
    return vers("comptes.accueil")


def _arrete() -> bool:
    blocage = acteur().blocage
    return blocage is not None and blocage.value in ARRETES


def _refus(refus: InvitationRefusee) -> Response:
    """Journal the refusal in a transaction of its own, the page's being read-only, then say it."""
    db.session.rollback()
    with scope.sous(scope.courant()):
        service_equipe_invitations.consigner_refus(refus)
        db.session.commit()
    code = CODES_HTTP.get(refus.etat, 410)
    return rendre("habilitations/invitation_refusee.html", code=code, etat=refus.etat.value, menu=None)
