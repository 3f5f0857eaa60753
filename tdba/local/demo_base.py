"""`flask demo preparer`: the invented country, its organisations and its people, written once in one transaction.

Runs as the system. The database says what it is (decision 44): the first run on an empty one marks it, and nothing of
the demo ever writes to a database marked otherwise, or unmarked and not empty.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, scope
from tdba.comptes.models import (
    Habilitation,
    HabilitationSite,
    Organisation,
    OrganisationOrganisme,
    Personne,
)
from tdba.db import Base, db
from tdba.installation import Marque, MauvaiseBase, exiger_nature
from tdba.local import demo_comptes, demo_organismes
from tdba.local.demo_certifications import CERTIFICATIONS
from tdba.local.demo_comptes import OrganisationDemo, PersonneDemo
from tdba.local.demo_identifiants import cle_api, empreinte_cle
from tdba.local.demo_territoires import COMMUNES, DEPARTEMENTS, REGIONS
from tdba.organismes.academies import ACADEMIE_DU_DEPARTEMENT, ACADEMIES
from tdba.organismes.models import (
    Academie,
    Certification,
    Commune,
    Departement,
    Organisme,
    Region,
    RelationOrganisme,
    Reseau,
    ReseauOrganisme,
)
from tdba.organismes.rapprochement import recherche
from tdba.scope import Droit
from tdba.transmissions.models import CleApi, Delegation

Rangees = list[dict[str, Any]]

ENVIRONNEMENTS: Final = ("demo", "test", "bench")
PREPAREE: Final = "demo.preparee"
VERSION: Final = "1"
"""To raise with any change of the invented country: an older demo database then asks to be made again."""
ANCIENNETE: Final = timedelta(days=900)
"""Age of the organisations and habilitations: they were there before the school years shown."""


def prendre(env: str) -> None:
    """Refuse any database that is not of this environment; mark an empty one. Raises MauvaiseBase."""
    if env not in ENVIRONNEMENTS:
        raise MauvaiseBase(f"the demo never runs in {env!r}")
    session = db.session()
    if lire_marque("nature") is None and not session.scalar(select(func.count()).select_from(Organisme)):
        poser_marque("nature", env)
    exiger_nature(session, env)


def lire_marque(nom: str) -> str | None:
    return db.session().scalar(select(Marque.valeur).where(Marque.nom == nom))


def poser_marque(nom: str, valeur: str) -> None:
    requete = insert(Marque).values(nom=nom, valeur=valeur)
    db.session().execute(
        requete.on_conflict_do_update(index_elements=["nom"], set_={"valeur": requete.excluded.valeur})
    )


def preparer(env: str, emetteur: str, secret: str) -> bool:
    """Write the country unless it is there. Keys and issuer follow the installation. Returns whether it was written."""
    with scope.systeme("demo"):
        prendre(env)
        faite = lire_marque(PREPAREE)
        if faite not in (None, VERSION):
            raise MauvaiseBase("this demo database was made by another version: delete it and start again")
        if faite is None:
            referentiel()
            organismes = _organismes()
            _comptes(organismes, emetteur)
            poser_marque(PREPAREE, VERSION)
        _cles(secret)
        db.session().execute(
            update(Personne)
            .where(Personne.sub.startswith("demo-"), Personne.emetteur != emetteur)
            .values(emetteur=emetteur)
        )
        db.session().commit()
    return faite is None


def rangees_du_referentiel() -> list[tuple[type[Base], Rangees]]:
    """Territories and certifications, parents first."""
    return [
        (Region, [{"code": code, "nom": nom} for code, nom in REGIONS]),
        (Academie, [{"code": code, "nom": nom} for code, nom in ACADEMIES.items()]),
        (
            Departement,
            [
                {
                    "code": code,
                    "nom": nom,
                    "region_code": region,
                    "academie_code": ACADEMIE_DU_DEPARTEMENT[code],
                }
                for code, nom, region in DEPARTEMENTS
            ],
        ),
        (
            Commune,
            [
                {
                    "code_insee": c.insee,
                    "nom": c.nom,
                    "departement_code": c.departement,
                    "codes_postaux": [c.code_postal],
                    "population": c.population,
                }
                for c in COMMUNES.values()
            ],
        ),
        (
            Certification,
            [
                {
                    "rncp": c.rncp,
                    "cfd": c.cfd,
                    "intitule": c.intitule,
                    "niveau": c.niveau,
                    "diplome": c.diplome,
                    "echeance": c.echeance,
                }
                for c in CERTIFICATIONS
            ],
        ),
    ]


def referentiel() -> None:
    """Territories and certifications, where they are not known yet."""
    for modele, rangees in rangees_du_referentiel():
        db.session().execute(insert(modele).on_conflict_do_nothing(), rangees)


def rangee_organisme(o: demo_organismes.Organisme) -> dict[str, Any]:
    commune = o.etablissement.commune
    return {
        "uai": o.uai,
        "siret": o.siret,
        "nom": o.nom,
        "raison_sociale": o.nom,
        "recherche": recherche(o.uai, o.siret, o.nom),
        "nature": o.nature,
        "adresse": f"{o.etablissement.rang} rue de l’Apprentissage",
        "commune": commune.nom,
        "commune_code": commune.insee,
        "departement_code": commune.departement,
        "region_code": o.etablissement.region,
        "academie_code": ACADEMIE_DU_DEPARTEMENT[commune.departement],
        "fiable": o.code not in demo_organismes.NON_FIABLES | demo_organismes.FERMES,
        "ferme": o.code in demo_organismes.FERMES,
        "courriel_referentiel": f"contact.{o.code.lower()}@{demo_comptes.DOMAINE}",
    }


def _organismes() -> dict[str, int]:
    """Organismes, relations, networks, delegations. Returns the id of each code."""
    session, jour = db.session(), horloge.aujourd_hui()
    session.execute(insert(Organisme), [rangee_organisme(o) for o in demo_organismes.ORGANISMES])
    par_siret = dict(session.execute(select(Organisme.siret, Organisme.id)).tuples().all())
    ids = {o.code: par_siret[o.siret] for o in demo_organismes.ORGANISMES}
    session.execute(
        insert(RelationOrganisme),
        [
            {"responsable_id": ids[r], "formateur_id": ids[f], "partielle": partielle}
            for r, f, partielle in demo_organismes.RELATIONS
        ],
    )
    session.execute(
        insert(Reseau), [{"code": c, "nom": n, "responsable": r} for c, n, r in demo_organismes.RESEAUX]
    )
    session.execute(
        insert(ReseauOrganisme),
        [
            {
                "reseau_code": reseau,
                "organisme_id": ids[code],
                "debut": jour - timedelta(days=365 * ans),
                "fin": None if depart is None else jour - timedelta(days=depart),
            }
            for reseau, code, ans, depart in demo_organismes.ADHESIONS
        ],
    )
    delegations = [
        {"organisme_id": ids[de], "delegue_id": ids[a], "debut": jour - ANCIENNETE}
        for de, a in demo_organismes.DELEGATIONS
    ]
    session.execute(scope.pour_ecriture(insert(Delegation).values(delegations), Droit.CONFIGURER))
    return ids


def _comptes(organismes: Mapping[str, int], emetteur: str) -> None:
    session, maintenant = db.session(), horloge.maintenant()
    depuis = _il_y_a(maintenant, ANCIENNETE)
    organisations = _organisations(organismes)
    personnes = demo_comptes.personnes()
    session.execute(insert(Personne), [_rangee_personne(p, emetteur, depuis) for p in personnes])
    ids = dict(session.execute(select(Personne.sub, Personne.id)).tuples().all())
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


def transmetteurs() -> list[str]:
    """Codes of the organismes that have a key: those that send, for themselves or for others."""
    return sorted({o.transmetteur for o in demo_organismes.ORGANISMES if o.transmetteur})


def _cles(secret: str) -> None:
    """One key for each sender. Another secret gives other keys: the former ones are replaced."""
    session, maintenant = db.session(), horloge.maintenant()
    voulues = {code: cle_api(secret, code) for code in transmetteurs()}
    connues = scope.select_for(CleApi, Droit.CONFIGURER, CleApi.empreinte).where(CleApi.libelle == LIBELLE_CLE)
    if set(session.execute(connues).scalars()) == {empreinte_cle(cle) for cle in voulues.values()}:
        return
    sirets = {demo_organismes.PAR_CODE[code].siret: code for code in voulues}
    organismes = session.execute(select(Organisme.siret, Organisme.id).where(Organisme.siret.in_(sirets)))
    for siret, organisme_id in organismes.tuples().all():
        cle = voulues[sirets[siret]]
        valeurs = {"empreinte": empreinte_cle(cle), "prefixe": cle[:8]}
        session.execute(
            scope.pour_ecriture(
                insert(CleApi)
                .values(organisme_id=organisme_id, libelle=LIBELLE_CLE, cree_le=maintenant, **valeurs)
                .on_conflict_do_nothing(),
                Droit.CONFIGURER,
            )
        )
    perimees = update(CleApi).where(
        CleApi.libelle == LIBELLE_CLE,
        CleApi.empreinte.not_in([empreinte_cle(cle) for cle in voulues.values()]),
    )
    session.execute(scope.pour_ecriture(perimees.values(revoquee_le=maintenant), Droit.CONFIGURER))


LIBELLE_CLE: Final = "Logiciel de scolarité (démonstration)"
