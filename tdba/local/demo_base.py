"""`flask demo preparer`: the invented country, its organisations and its people, written once in one transaction.

Runs as the system. The database says what it is (decision 44): the first run on an empty one marks it, and nothing of
the demo ever writes to a database marked otherwise, or unmarked and not empty.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from tdba import horloge, scope
from tdba.comptes.models import Personne
from tdba.db import Base, db
from tdba.installation import MauvaiseBase
from tdba.liaisons import service_missions
from tdba.local import demo_base_comptes, demo_comptes, demo_entreprises, demo_organismes
from tdba.local.demo_certifications import CERTIFICATIONS
from tdba.local.demo_identifiants import cle_api, empreinte_cle
from tdba.local.demo_marque import lire_marque, poser_marque, prendre
from tdba.local.demo_metiers import ROMES, ROMES_DE, liste_des_missions
from tdba.local.demo_territoires import COMMUNES, COORDONNEES, DEPARTEMENTS, REGIONS
from tdba.organismes.academies import ACADEMIE_DU_DEPARTEMENT, ACADEMIES
from tdba.organismes.models import (
    Academie,
    Certification,
    CertificationRome,
    Commune,
    Departement,
    Entreprise,
    Organisme,
    Region,
    RelationOrganisme,
    Reseau,
    ReseauOrganisme,
    Rome,
)
from tdba.organismes.rapprochement import recherche
from tdba.scope import Droit
from tdba.transmissions.models import CleApi, Delegation

Rangees = list[dict[str, Any]]

LIBELLE_CLE: Final = "Logiciel de scolarité (démonstration)"
PREPAREE: Final = "demo.preparee"
VERSION: Final = "3"
"""To raise with any change of the invented country: an older demo database then asks to be made again."""


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
            demo_base_comptes.ecrire(organismes, emetteur)
            _entreprises()
            service_missions.importer(liste_des_missions(), horloge.maintenant())
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
    departements = [
        {"code": code, "nom": nom, "region_code": region, "academie_code": ACADEMIE_DU_DEPARTEMENT[code]}
        for code, nom, region in DEPARTEMENTS
    ]
    communes = [
        {
            "code_insee": c.insee,
            "nom": c.nom,
            "departement_code": c.departement,
            "codes_postaux": [c.code_postal],
            "population": c.population,
            "latitude": COORDONNEES.get(c.insee, (None, None))[0],
            "longitude": COORDONNEES.get(c.insee, (None, None))[1],
        }
        for c in COMMUNES.values()
    ]
    champs = ("rncp", "cfd", "intitule", "niveau", "diplome", "echeance")
    certifications = [{champ: getattr(c, champ) for champ in champs} for c in CERTIFICATIONS]
    return [
        (Region, [{"code": code, "nom": nom} for code, nom in REGIONS]),
        (Academie, [{"code": code, "nom": nom} for code, nom in ACADEMIES.items()]),
        (Departement, departements),
        (Commune, communes),
        (Certification, certifications),
        (Rome, [{"code": code, "libelle": libelle} for code, libelle in ROMES.items()]),
        (CertificationRome, [{"rncp": rncp, "romes": romes} for rncp, romes in ROMES_DE.items()]),
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
    par_siret = dict(session.execute(select(Organisme.siret, Organisme.id)).all())
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
        {"organisme_id": ids[de], "delegue_id": ids[a], "debut": jour - demo_base_comptes.ANCIENNETE}
        for de, a in demo_organismes.DELEGATIONS
    ]
    session.execute(scope.pour_ecriture(insert(Delegation).values(delegations), Droit.CONFIGURER))
    return ids


def _entreprises() -> None:
    """What the public register says of the employers of the guided visit."""
    connues = demo_entreprises.rangees(horloge.maintenant(), horloge.aujourd_hui())
    db.session().execute(insert(Entreprise).on_conflict_do_nothing(), connues)


def transmetteurs() -> list[str]:
    """Codes of the organismes that have a key: those that send, for themselves or for others."""
    return sorted({o.transmetteur for o in demo_organismes.ORGANISMES if o.transmetteur})


def _cles(secret: str) -> None:
    """One key for each sender. Another secret gives other keys: the former ones are replaced."""
    session, maintenant = db.session(), horloge.maintenant()
    voulues = {code: cle_api(secret, code) for code in transmetteurs()}
    connues = scope.select_for(CleApi, Droit.CONFIGURER, CleApi.empreinte).where(
        CleApi.libelle == LIBELLE_CLE, CleApi.revoquee_le.is_(None)
    )
    if set(session.execute(connues).scalars()) == {empreinte_cle(cle) for cle in voulues.values()}:
        return
    sirets = {demo_organismes.PAR_CODE[code].siret: code for code in voulues}
    organismes = session.execute(select(Organisme.siret, Organisme.id).where(Organisme.siret.in_(sirets)))
    for siret, organisme_id in organismes:
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
