"""API keys of an establishment: created and revoked by its administrators, ended by the system (decisions 12, 25, 27).

Creating asks for an administrator of the CFA; revoking also for support: taking a key back only closes a door.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import update

from tdba import formats, horloge, journal, scope
from tdba.access import AccesRefuse
from tdba.comptes import queries as comptes
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.habilitations import service_equipe
from tdba.organismes import queries as organismes
from tdba.scope import Droit
from tdba.transmissions import cles, echeances, queries_cles, service_avis
from tdba.transmissions.echeances import Cause, Pas
from tdba.transmissions.models import CleApi

RAISONS: Final[Mapping[str, str]] = {
    "ROTATION": "Une nouvelle clé la remplace",
    "DIVULGUEE": "Elle a été perdue ou vue par quelqu’un d’autre",
    "LOGICIEL": "Le logiciel a changé",
    "AUTRE": "Une autre raison",
}
"""Why a person revokes a key; the journal keeps the code."""
SANS_RAISON: Final = "NON_DITE"
SANS_USAGE: Final = "SANS_USAGE"
DEUX_CLES: Final = "Cet établissement a déjà deux clés en service : révoquez d’abord celle qui ne sert plus."


def administre() -> bool:
    """Whether the person may create keys and delegations: an administrator of a CFA, today, limited to no site."""
    try:
        exiger_administrateur()
    except AccesRefuse:
        return False
    return True


def exiger_administrateur() -> int:
    """Return who acts. Raises AccesRefuse for anybody but an administrator of a CFA, support included."""
    qui = service_equipe.administrateur(scope.courant().habilitation_id, horloge.aujourd_hui())
    if qui.organisation.type != "ORGANISME_FORMATION":
        raise AccesRefuse(Droit.CONFIGURER.value)
    return qui.personne_id


def creer(
    organisme_id: int, *, libelle: str, erp: str | None, derniere: int | None, maintenant: datetime
) -> str:
    """Create a key and return it in clear, once. `derniere`: the newest key when the form was shown (`cles.derniere`).

    Raises ErreurMetier past two live keys, for a closed establishment, and when the form was already sent.
    """
    organisme = queries_cles.a_configurer(organisme_id)
    personne_id = exiger_administrateur()
    if organisme.ferme:
        raise ErreurMetier("Cet établissement est fermé : il ne peut plus transmettre.")
    verifier_place(organisme_id, maintenant)
    if derniere != cles.derniere(organisme_id):
        raise ErreurMetier(
            "Une clé a été créée depuis l’ouverture de cette page, peut-être par ce même formulaire. "
            "Si vous ne l’avez pas conservée, révoquez-la, puis recommencez."
        )
    cle = cles.creer(organisme_id, libelle=libelle, personne_id=personne_id, erp=erp)
    annoncer(organisme_id, organisme.nom, cle, libelle=libelle, personne_id=personne_id)
    return cle


def verifier_place(organisme_id: int, maintenant: datetime) -> None:
    """Raises ErreurMetier when two keys of this establishment are live (decision 12: two at a time, for rotation)."""
    if cles.vivantes(organisme_id, maintenant) >= cles.VIVANTES_MAX:
        raise ErreurMetier(DEUX_CLES)


def annoncer(organisme_id: int, nom: str, cle: str, *, libelle: str, personne_id: int) -> None:
    """Tell the administrators that a key was created, and by whom."""
    par = comptes.personne(personne_id)
    service_avis.ecrire(
        organisme_id,
        "cle_api_creee",
        f"Une clé d’API a été créée pour {nom}",
        [
            f"{par.prenom} {par.nom} a créé la clé d’API « {libelle} », qui commence par {cle[:8]}, pour {nom}.",
            "Le logiciel qui la détient peut transmettre des dossiers d’apprenants au nom de cet établissement.",
            service_avis.SURPRISE,
        ],
        page=service_avis.CLES,
        mots="Voir les clés de l’établissement",
    )


def exiger_de_revoquer() -> None:
    """Support may close any key. Raises AccesRefuse for anybody else but an administrator of a CFA."""
    if not scope.courant().a(Droit.SUPPORT):
        exiger_administrateur()


def revoquer(cle_id: int, raison: str | None, maintenant: datetime) -> None:
    """Close a key at once. Raises ErreurMetier when it is closed already, AccesRefuse for a mere member."""
    cle = scope.get_or_404(CleApi, cle_id, Droit.CONFIGURER, verrou=True)
    exiger_de_revoquer()
    if cle.revoquee_le is not None:
        raise ErreurMetier("Cette clé est déjà révoquée.")
    cle.revoquee_le = maintenant
    db.session.flush()
    code = raison if raison in RAISONS else SANS_RAISON
    journal.consigner("cle_api.revoquee", organisme_id=cle.organisme_id, cle_id=cle.id, raison=code)
    par = "L’assistance" if scope.courant().a(Droit.SUPPORT) else _nom(scope.courant().personne_id)
    _ecrire(
        cle,
        "cle_api_revoquee",
        "La clé d’API « {libelle} » de {nom} est révoquée",
        [
            "{par} a révoqué la clé d’API « {libelle} », qui commence par {prefixe}, de {nom}.",
            "Le logiciel qui s’en servait ne transmet plus. Pour continuer, donnez-lui une autre clé.",
        ],
        par=par,
    )


def _nom(personne_id: int | None) -> str:
    assert personne_id is not None  # noqa: S101 - checked to be an administrator
    personne = comptes.personne(personne_id)
    return f"{personne.prenom} {personne.nom}"


# --- Every night -----------------------------------------------------------------------------------------------


def tenir(maintenant: datetime) -> None:
    """Tell of the keys that will end, revoke those without use for twelve months. May run twice."""
    for cle in queries_cles.a_examiner(maintenant):
        prevue = echeances.fin(cle.cree_le, cle.utilisee_le, cle.expire_le)
        pas = echeances.pas(prevue, cle.preavis_le, maintenant)
        if pas is Pas.PREVENIR:
            cle.preavis_le = maintenant
            db.session.flush()
            journal.consigner(
                "cle_api.preavis", organisme_id=cle.organisme_id, cle_id=cle.id, cause=prevue.cause.value
            )
            _prevenir(cle, prevue, maintenant)
        elif pas is Pas.REVOQUER and fermer_si_inutilisee(cle, maintenant):
            journal.consigner(
                "cle_api.revoquee", organisme_id=cle.organisme_id, cle_id=cle.id, raison=SANS_USAGE
            )
            _ecrire(
                cle,
                "cle_api_revoquee",
                "La clé d’API « {libelle} » de {nom} est révoquée",
                [
                    "La clé d’API « {libelle} », qui commence par {prefixe}, de {nom} n’a pas servi depuis douze mois : elle est révoquée.",
                    "Pour transmettre de nouveau, créez une autre clé.",
                ],
            )


def fermer_si_inutilisee(cle: CleApi, maintenant: datetime) -> bool:
    """Revoke, unless the key served since it was read: a sender at work must not be cut."""
    requete = (
        update(CleApi)
        .where(CleApi.id == cle.id, CleApi.revoquee_le.is_(None))
        .where(CleApi.utilisee_le.is_not_distinct_from(cle.utilisee_le))
        .values(revoquee_le=maintenant)
        .returning(CleApi.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(scope.pour_ecriture(requete, Droit.CONFIGURER)).scalar_one_or_none() is not None


def _prevenir(cle: CleApi, prevue: echeances.Fin, maintenant: datetime) -> None:
    if prevue.cause is Cause.EXPIRATION:
        fin = prevue.le
        sujet = "La clé d’API « {libelle} » de {nom} expire le {jour}"
        corps = [
            "La clé d’API « {libelle} », qui commence par {prefixe}, de {nom} expire le {jour}.",
            "Passé cette date, le logiciel qui s’en sert ne transmet plus.",
            "Créez dès maintenant la clé qui la remplace, donnez-la au logiciel, puis révoquez l’ancienne : deux clés peuvent servir en même temps.",
        ]
    else:
        fin = max(prevue.le, maintenant + echeances.PREAVIS)
        sujet = "La clé d’API « {libelle} » de {nom} sera révoquée le {jour}"
        corps = [
            "La clé d’API « {libelle} », qui commence par {prefixe}, de {nom} n’a pas servi depuis onze mois au moins.",
            "Sans transmission d’ici là, elle sera révoquée le {jour}. Si elle ne sert plus, vous n’avez rien à faire.",
        ]
    _ecrire(cle, "cle_api_preavis", sujet, corps, jour=formats.date_longue(fin))


def _ecrire(cle: CleApi, genre: str, sujet: str, paragraphes: Sequence[str], **mots: str) -> None:
    """Write to the administrators; sentences name the key, its establishment, and whatever `mots` holds."""
    organisme = organismes.par_ids([cle.organisme_id])[cle.organisme_id]
    valeurs = {"libelle": cle.libelle, "prefixe": cle.prefixe, "nom": organisme.nom, **mots}
    service_avis.ecrire(
        cle.organisme_id,
        genre,
        sujet.format(**valeurs),
        [paragraphe.format(**valeurs) for paragraphe in paragraphes],
        page=service_avis.CLES,
        mots="Voir les clés de l’établissement",
    )
