"""The one door through which habilitations are written (decisions 20, 21, 25).

PostgreSQL lets only the national role write them: whoever calls has checked who may ask, and says why. Nothing here
opens a session or a page; a right taken away ends the sessions of its person at once (decision 27).
"""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, func, insert, select, update

from tdba import horloge, journal, scope
from tdba.comptes import etats, service_sessions
from tdba.comptes.models import Habilitation, HabilitationSite, Organisation, OrganisationOrganisme, Personne
from tdba.comptes.queries import habilitations_de
from tdba.db import db, table_de
from tdba.errors import ErreurMetier
from tdba.habilitations import equipe, service_courriel_retrait
from tdba.organismes.models import Organisme

ADMINISTRATEUR: Final = equipe.ADMINISTRATEUR
MEMBRE: Final = equipe.MEMBRE


def accorder(
    *,
    personne_id: int,
    organisation_id: int,
    role: str,
    motif: str,
    par: int | None,
    sites: Collection[int] = (),
    fin: date | None = None,
) -> int:
    """Give a right from today on, and wake the account. Returns the id of the habilitation.

    `par` is who decided; None: the facts did (one-time link, key, certified director). `motif` is a code.
    Raises ErreurMetier when the person holds a right in that organisation already.
    """
    with _porte():
        # A form sent twice, or two ways in at once, must not both find that nothing is held.
        db.session.execute(select(Personne.id).where(Personne.id == personne_id).with_for_update())
    _refuser_si_deja(personne_id, organisation_id)
    valeurs = {
        "personne_id": personne_id,
        "organisation_id": organisation_id,
        "role": role,
        "debut": horloge.aujourd_hui(),
        "fin": fin,
        "accordee_par_id": par,
        "motif": motif,
        "cree_le": horloge.maintenant(),
    }
    with _porte():
        ajout = insert(table_de(Habilitation)).values(valeurs).returning(Habilitation.id)
        habilitation_id: int = db.session.execute(ajout).scalar_one()
        _limiter(habilitation_id, sites)
        reveil = update(Personne).where(
            Personne.id == personne_id, Personne.etat.in_(("EN_ATTENTE", "ENDORMIE"))
        )
        db.session.execute(reveil.values(etat="ACTIVE"))
    objet = ("habilitation", habilitation_id)
    journal.consigner(
        "habilitation.accordee", objet=objet, organisation_id=organisation_id, role=role, motif=motif
    )
    return habilitation_id


def _refuser_si_deja(personne_id: int, organisation_id: int) -> None:
    jour = horloge.aujourd_hui()
    tenues = [h for h, _ in habilitations_de(personne_id) if h.organisation_id == organisation_id]
    if any(etats.en_cours(h.debut, h.fin, jour) or h.debut > jour for h in tenues):
        raise ErreurMetier("Cette personne a déjà accès à cette organisation.")


def changer(habilitation: Habilitation, *, role: str, sites: Collection[int], fin: date | None) -> None:
    """Change the role, the sites or the end of a right; sessions end, so that nothing former stays open.

    A right that two persons had signed and that is made to last longer waits for a second signature again: whoever
    prolongs it grants it (decision 25). Raises ErreurMetier when it would leave the organisation without an administrator.
    """
    if role != ADMINISTRATEUR or fin is not None:
        _refuser_si_dernier(habilitation)
    valeurs: dict[str, Any] = {"role": role, "fin": fin}
    if habilitation.validee_par_id is not None and _prolonge(habilitation.fin, fin):
        par = scope.courant().personne_id
        valeurs |= {"accordee_par_id": par, "validee_par_id": None, "validee_le": None}
    with _porte():
        db.session.execute(
            update(Habilitation)
            .where(Habilitation.id == habilitation.id)
            .values(valeurs)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            delete(HabilitationSite).where(HabilitationSite.habilitation_id == habilitation.id)
        )
        _limiter(habilitation.id, sites)
    service_sessions.fermer_sessions(habilitation.personne_id)
    journal.consigner(
        "habilitation.changee", objet=("habilitation", habilitation.id), role=role, sites=len(sites)
    )


def _prolonge(avant: date | None, apres: date | None) -> bool:
    return avant is not None and (apres is None or apres > avant)


def retirer(habilitation: Habilitation, *, motif: str) -> None:
    """Take a right back today, end the person's sessions, and tell them.

    Raises ErreurMetier for the last administrator of an organisation.
    """
    _refuser_si_dernier(habilitation)
    jour = horloge.aujourd_hui()
    service_sessions.fermer_sessions(habilitation.personne_id)
    with _porte():
        # One granted today, or to come, is moved to yesterday: an end equal to its start would be no period.
        debut = min(habilitation.debut, jour - timedelta(days=1))
        db.session.execute(
            update(Habilitation)
            .where(Habilitation.id == habilitation.id)
            .values(debut=debut, fin=jour)
            .execution_options(synchronize_session=False)
        )
    journal.consigner("habilitation.retiree", objet=("habilitation", habilitation.id), motif=motif)
    service_courriel_retrait.prevenir(habilitation, motif, jour)


def valider(habilitation: Habilitation, par: int) -> None:
    """The second person of decision 25. Raises ErreurMetier for who granted it, or who would receive it."""
    if par in (habilitation.accordee_par_id, habilitation.personne_id):
        raise ErreurMetier("Une autre personne que vous doit valider cet accès.")
    with _porte():
        signee = db.session.execute(
            update(Habilitation)
            .where(Habilitation.id == habilitation.id, Habilitation.validee_par_id.is_(None))
            .values(validee_par_id=par, validee_le=horloge.maintenant())
            .returning(Habilitation.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
    if signee is None:
        raise ErreurMetier("Cet accès a déjà été validé.")
    service_sessions.fermer_sessions(habilitation.personne_id)
    journal.consigner("habilitation.validee", objet=("habilitation", habilitation.id))


def organisation_du_cfa(organisme: Organisme, regle: str) -> int:
    """Find or create the organisation of a CFA: one establishment, or every one of its legal entity (decision 20)."""
    trouvee = db.session.execute(_requete_du_cfa(organisme, regle)).scalar_one_or_none()
    if trouvee is not None:
        return int(trouvee)
    siren = organisme.siren if regle == "SIREN" else None
    with _porte():
        organisation_id: int = db.session.execute(
            insert(table_de(Organisation))
            .values(type="ORGANISME_FORMATION", nom=organisme.nom, regle=regle, siren=siren)
            .returning(Organisation.id)
        ).scalar_one()
        if regle == "ETABLISSEMENTS":
            lien = {"organisation_id": organisation_id, "organisme_id": organisme.id}
            db.session.execute(insert(table_de(OrganisationOrganisme)).values(lien))
    return organisation_id


def organisation_du_territoire(type_: str, regle: str, code: str | None, nom: str) -> int:
    """Find or create the one organisation of that type for a territory or a network; it opens nothing by itself.

    `code` is that of the region, département, académie or network of `regle`; None for the nation.
    """
    colonne = _CODES.get(regle)
    requete = select(Organisation.id).where(Organisation.type == type_, Organisation.regle == regle)
    if colonne is not None:
        requete = requete.where(getattr(Organisation, colonne) == code)
    with _porte():
        # Two people who ask for the same one at the same instant must not make two.
        db.session.execute(
            select(func.pg_advisory_xact_lock(func.hashtext(f"organisation {type_} {regle} {code}")))
        )
        trouvee: int | None = db.session.execute(
            requete.order_by(Organisation.id).limit(1)
        ).scalar_one_or_none()
        if trouvee is not None:
            return trouvee
        valeurs = {"type": type_, "nom": nom, "regle": regle} | ({colonne: code} if colonne else {})
        creee: int = db.session.execute(
            insert(table_de(Organisation)).values(valeurs).returning(Organisation.id)
        ).scalar_one()
    return creee


_CODES: Final = {
    "REGION": "region_code",
    "DEPARTEMENT": "departement_code",
    "ACADEMIE": "academie_code",
    "RESEAU": "reseau_code",
}
"""The column that says what a rule is about."""


def partager_suivi(organisation_id: int, depuis: date | None) -> bool:
    """Share a CFA's follow-up with its network from that day on, or no more (None). False: it was so already."""
    partage = Organisation.partage_suivi_depuis
    avant = partage.is_(None) if depuis else partage.is_not(None)
    with _porte():
        change = db.session.execute(
            update(Organisation)
            .where(Organisation.id == organisation_id, Organisation.type == "ORGANISME_FORMATION", avant)
            .values(partage_suivi_depuis=depuis)
            .returning(Organisation.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
    return change is not None


def verrouiller_cfa(siren: str) -> None:
    """Wait for whoever is entering this legal entity: two first administrators never come in at once unseen."""
    verrou = select(Organisme.id).where(Organisme.siren == siren).order_by(Organisme.id)
    with _porte():
        db.session.execute(verrou.with_for_update())


def administrateurs(organisation_id: int) -> list[Habilitation]:
    """Habilitations of administrators valid today whose person is active."""
    jour = horloge.aujourd_hui()
    requete = (
        select(Habilitation)
        .join(Personne, Personne.id == Habilitation.personne_id)
        .where(Habilitation.organisation_id == organisation_id, Habilitation.role == ADMINISTRATEUR)
        .where(Personne.etat.in_(("ACTIVE", "ENDORMIE")))
    )
    # Read again what this transaction wrote past the session: two removed at once must not count each other.
    trouvees = db.session.execute(requete.execution_options(populate_existing=True)).scalars()
    return [h for h in trouvees if etats.en_cours(h.debut, h.fin, jour)]


def _requete_du_cfa(organisme: Organisme, regle: str) -> Select[Any]:
    cfa = select(Organisation.id).where(
        Organisation.type == "ORGANISME_FORMATION", Organisation.regle == regle
    )
    if regle == "SIREN":
        return cfa.where(Organisation.siren == organisme.siren).limit(1)
    seuls = (
        select(OrganisationOrganisme.organisation_id)
        .group_by(OrganisationOrganisme.organisation_id)
        .having(func.array_agg(OrganisationOrganisme.organisme_id) == [organisme.id])
    )
    return cfa.where(Organisation.id.in_(seuls)).order_by(Organisation.id).limit(1)


def _refuser_si_dernier(habilitation: Habilitation) -> None:
    """Never zero administrator, today or when dated ones end: the last lasting one hands over before leaving."""
    if habilitation.role != ADMINISTRATEUR:
        return
    # Two administrators who leave at once must not both believe that the other stays.
    verrou = select(Organisation.id).where(Organisation.id == habilitation.organisation_id)
    with _porte():
        db.session.execute(verrou.with_for_update())
    autres = [h for h in administrateurs(habilitation.organisation_id) if h.id != habilitation.id]
    if not autres or (habilitation.fin is None and all(h.fin for h in autres)):
        raise ErreurMetier("C’est le dernier administrateur : nommez-en un autre d’abord.")


def _limiter(habilitation_id: int, sites: Collection[int]) -> None:
    lignes = [{"habilitation_id": habilitation_id, "organisme_id": site} for site in sorted(set(sites))]
    if lignes:
        db.session.execute(insert(table_de(HabilitationSite)), lignes)


def _porte() -> AbstractContextManager[None]:
    """Take the national role for a few statements of the current transaction, then go back to one's own."""
    return scope.eleve("octroi d’une habilitation")
