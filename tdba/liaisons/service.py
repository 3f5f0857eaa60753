"""Sending a dossier de liaison, and printing it (issue 6 part 3, ADR 0024). Routes commit.

`liaison` says which kinds of data went to whom, never a value; `pli` holds the values, sealed. The link leaves by mail,
without any name of a youth; the code is returned to the sender, who tells it by another channel.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert

from tdba import courriels, journal, scope
from tdba.comptes import queries as comptes
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.formats import date_heure, telephone
from tdba.liaisons import adresses, donnees, queries, scellement, service_retraits
from tdba.liaisons.donnees import IDENTITE, MOYENS, Matiere
from tdba.liaisons.etats import DUREE
from tdba.liaisons.models import Liaison, Pli
from tdba.liaisons.queries import Sujet
from tdba.ruptures import service as ruptures
from tdba.ruptures.acces_dossier import dossier_a_ecrire
from tdba.ruptures.circonstances import SANTE
from tdba.ruptures.models import Dossier
from tdba.scope import Droit, Introuvable
from tdba.textes import ressemble_a_un_nir

Lien = Callable[[str], str]
CLE_MIN: Final = 32
"""Characters of a form's key: the code is derived from it, so that it must not be guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choix:
    """What the référent ticked: kinds of data, and that the youth was informed and agrees."""

    codes: Sequence[str]
    accord: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Envoye:
    """A letter that has left, and the code to tell. `nouveau` is False for the same form sent twice."""

    code: str
    contact: str
    expire_le: datetime
    nouveau: bool
    remplace: int = 0
    """How many former links of this file, not opened yet, it withdrew."""


def moi() -> Personne:
    """Who acts."""
    personne_id = scope.courant().personne_id
    if personne_id is None:
        raise Introuvable
    return comptes.personne(personne_id)


def envoyer(
    dossier_id: int,
    choix: Choix,
    *,
    contact: str,
    courriel: str,
    cle_formulaire: str,
    lien: Lien,
    secret: str,
    maintenant: datetime,
) -> Envoye:
    """Seal, write the mail, and return the code. Raises Introuvable, or ErreurMetier for a wrong choice or address."""
    dossier = dossier_a_ecrire(dossier_id)
    qui = moi()
    if len(cle_formulaire) < CLE_MIN:
        raise ErreurMetier("Ce formulaire n’est plus valable. Rouvrez-le, puis recommencez.")
    # Of this person and this file: sent again elsewhere, the same key is another letter, with another code.
    cle_formulaire = f"{qui.id}:{dossier_id}:{cle_formulaire}"
    code = scellement.code_du_formulaire(cle_formulaire, secret)
    deja = _deja_envoye(dossier_id, cle_formulaire, qui.id)
    if deja is not None:
        return Envoye(code=code, contact=deja.contact or "", expire_le=deja.expire_le, nouveau=False)
    sujet = queries.sujet(dossier_id, qui)
    codes = verifier(sujet.matiere, choix)
    destinataire, adresse = _contact(contact, courriel, sujet.matiere)
    remplace = service_retraits.remplacer(sujet, maintenant)
    liaison = _liaison(dossier, sujet, codes, destinataire, adresse, maintenant)
    liaison.personne_id, liaison.cle_formulaire = qui.id, scellement.empreinte_du_formulaire(cle_formulaire)
    db.session.add(liaison)
    db.session.flush()
    jeton = _sceller(liaison.uuid, sujet, codes, code, secret, qui, maintenant)
    _ecrire(adresse, sujet, qui, lien(jeton), liaison.expire_le)
    _noter(dossier, liaison.uuid, maintenant)
    _consigner("liaison.envoyee", sujet, liaison_id=liaison.id, donnees=_codes_au_journal(codes))
    return Envoye(
        code=code, contact=destinataire, expire_le=liaison.expire_le, nouveau=True, remplace=remplace
    )


def _liaison(
    dossier: Dossier, sujet: Sujet, codes: list[str], contact: str, courriel: str, maintenant: datetime
) -> Liaison:
    return Liaison(
        uuid=uuid4(),
        dossier_id=dossier.id,
        organisme_id=dossier.organisme_id,
        annee_scolaire=dossier.annee_scolaire,
        mission_locale_id=_mission(sujet),
        contact=contact,
        courriel=courriel,
        donnees=codes,
        cree_le=maintenant,
        expire_le=maintenant + DUREE,
    )


def _noter(dossier: Dossier, uuid: UUID, maintenant: datetime) -> None:
    """The sending is a step of the file at once; its answer will be another, with a result. A promised step stays."""
    etape = ruptures.Saisie(
        nature="MISSION_LOCALE",
        resultat=None,
        prochaine_le=dossier.prochaine_le,
        note=None,
        cle_formulaire=f"liaison-envoi-{uuid}",
    )
    ruptures.inscrire(dossier, etape, maintenant)


def _deja_envoye(dossier_id: int, cle_formulaire: str, personne_id: int) -> Liaison | None:
    """The sending that this very form made already. The file is locked: two clicks come one after the other."""
    requete = scope.select_for(Liaison, Droit.CORRIGER).where(
        Liaison.cle_formulaire == scellement.empreinte_du_formulaire(cle_formulaire),
        Liaison.dossier_id == dossier_id,
        Liaison.personne_id == personne_id,
    )
    trouvee: Liaison | None = db.session.execute(requete).scalar_one_or_none()
    return trouvee


def verifier(matiere: Matiere, choix: Choix) -> list[str]:
    """The kinds to send, the minimum included, in their order. Raises ErreurMetier.

    Only kinds of which something is known can be chosen: health is not known without its dated agreement.
    """
    connues = donnees.valeurs(matiere)
    if not any(moyen in connues for moyen in MOYENS):
        raise ErreurMetier(
            "Aucun moyen de joindre ce jeune n’est connu. Ajoutez un téléphone ou un courriel sur sa fiche, "
            "puis revenez ici."
        )
    codes = [code for code in connues if code == IDENTITE or code in choix.codes]
    if not any(moyen in codes for moyen in MOYENS):
        raise ErreurMetier("Cochez au moins un moyen de joindre ce jeune.", champ="moyens")
    if SANTE in choix.codes and SANTE not in connues:
        raise ErreurMetier("La santé ne peut être transmise sans l’accord daté du jeune.", champ="sante")
    if not choix.accord:
        raise ErreurMetier(
            "Sans l’accord du jeune, rien n’est transmis. Informez-le d’abord, puis cochez cette case.",
            champ="accord",
        )
    return codes


def _contact(contact: str, courriel: str, matiere: Matiere) -> tuple[str, str]:
    nom = adresses.nom(contact)
    if nom is None or ressemble_a_un_nir(contact):
        raise ErreurMetier(
            f"Écrivez le prénom et le nom de la personne, {adresses.NOM_MAX} caractères au plus.",
            champ="contact",
        )
    adresse = adresses.courriel(courriel)
    if adresse is None:
        raise ErreurMetier(
            "Cette adresse électronique n’est pas complète. Écrivez-la ainsi\u00a0: prenom.nom@exemple.fr.",
            champ="courriel",
        )
    if adresse.casefold() in {a.casefold() for a in (matiere.courriel, matiere.courriel_responsable) if a}:
        raise ErreurMetier(
            "C’est l’adresse du jeune ou d’un responsable. Indiquez celle du conseiller.", champ="courriel"
        )
    return nom, adresse


def _mission(sujet: Sujet) -> int | None:
    mission = queries.vue(sujet.effectif_id, sujet.dossier_id).mission
    return mission.id if mission else None


def _sceller(
    uuid: UUID,
    sujet: Sujet,
    codes: Sequence[str],
    code: str,
    secret: str,
    qui: Personne,
    maintenant: datetime,
) -> str:
    """Write the sealed letter; returns the token of its link, kept nowhere but in the mail."""
    lettre = {
        "de": f"{qui.prenom} {qui.nom}",
        "cfa": sujet.site,
        "le": maintenant.isoformat(),
        "lignes": donnees.contenu(sujet.matiere, codes),
    }
    jeton = scellement.nouveau_jeton()
    contenu = json.dumps(lettre, ensure_ascii=False).encode()
    preuve, scelle = scellement.sceller(contenu, uuid, jeton=jeton, code=code, secret=secret)
    pli = insert(Pli).values(
        uuid=uuid,
        jeton_hash=scellement.empreinte(jeton),
        code_hash=preuve,
        contenu=scelle,
        expire_le=maintenant + DUREE,
    )
    db.session.execute(pli)
    return jeton


def _ecrire(adresse: str, sujet: Sujet, qui: Personne, lien: str, expire_le: datetime) -> None:
    """The mail: a link, and who sends it. Nothing typed by a person enters it, no name of a youth either."""
    nom = f"{qui.prenom} {qui.nom}"
    rappel = f" au {telephone(qui.telephone)}" if qui.telephone else ""
    paragraphes = [
        f"{nom}, de « {sujet.site} », vous transmet un dossier de liaison.",
        f"Pour l’ouvrir, il faut un code que {nom} vous donne de vive voix.",
        f"Si vous ne l’avez pas encore, appelez cette personne{rappel}.",
        f"Le lien vous est personnel et sert une seule fois, jusqu’au {date_heure(expire_le)}. Ne le transférez pas.",
        "Si vous n’attendiez pas ce message, ne faites rien : le lien expirera seul.",
    ]
    courriels.ecrire(
        "liaison",
        adresse,
        "Un dossier de liaison vous est transmis",
        paragraphes,
        lien=("Ouvrir le dossier de liaison", lien),
    )


def imprimer(dossier_id: int, choix: Choix) -> tuple[Sujet, list[tuple[str, str]]]:
    """The same minimum, on paper. Raises Introuvable, or ErreurMetier."""
    dossier_a_ecrire(dossier_id)
    sujet = queries.sujet(dossier_id, moi())
    codes = verifier(sujet.matiere, choix)
    _consigner("liaison.imprimee", sujet, donnees=_codes_au_journal(codes))
    return sujet, donnees.contenu(sujet.matiere, codes)


def _codes_au_journal(codes: Sequence[str]) -> list[str]:
    """The journal is never erased, so that it does not say of anybody that there is a trouble of health (decision 16)."""
    return [code for code in codes if code != SANTE]


def _consigner(evenement: str, sujet: Sujet, **details: Any) -> None:
    journal.consigner(
        evenement,
        organisme_id=sujet.organisme_id,
        objet=("effectif", sujet.effectif_id),
        dossier_id=sujet.dossier_id,
        **details,
    )
