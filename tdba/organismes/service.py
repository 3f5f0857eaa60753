"""Import of reference data. One file is one transaction, ended by the caller, under `scope.systeme(sql.RAISON)`.

Files add and update; none removes: a file never says that it is complete. An organisme gone from the référentiel, a
relation that ended, are out of reach of an import (docs/referentiel.md says what to do).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from tdba import horloge, journal
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.organismes import (
    rapprochement,
    reponse_api,
    responsabilites,
    service_certifications,
    sql,
    territoires,
)
from tdba.organismes.academies import ACADEMIE_DU_DEPARTEMENT
from tdba.organismes.champs import citer
from tdba.organismes.interpretation import Fichier, Refus, comprendre
from tdba.organismes.jeux import Jeu
from tdba.organismes.models import (
    Academie,
    Commune,
    Departement,
    Organisme,
    Region,
    RelationOrganisme,
    Reseau,
    Rome,
)
from tdba.organismes.rapprochement import Connus, Territoires
from tdba.organismes.sql import Compte
from tdba.textes import sans_accents

Resultat = tuple[Compte, list[Refus]]


@dataclass(frozen=True, slots=True)
class Bilan:
    """What an import did. Counts are of rows of ours: a line of a network list may be two memberships or none."""

    jeu: Jeu
    libelle: str
    compte: Compte
    refus: tuple[Refus, ...]
    encodage: str = "UTF-8"

    @property
    def rien_accepte(self) -> bool:
        """True when every line was refused: most often another file had to be loaded first."""
        return bool(self.refus) and self.compte == Compte()


def importer(contenu: bytes, *, jeu: Jeu | None = None) -> Bilan:
    """Import one CSV file, recognised by its headers unless `jeu` is given.

    Raises FichierRefuse when it is not a file we know, ErreurMetier when another import is running: nothing is written.
    """
    return appliquer(comprendre(contenu, jeu))


def appliquer(fichier: Fichier) -> Bilan:
    """Import a file already read (see `importer`)."""
    _prendre_le_tour()
    compte, refus = _APPLICATIONS[fichier.format.nom](fichier)
    tous = tuple(sorted([*fichier.refus, *refus], key=lambda r: r.numero))
    compte += Compte(inchanges=fichier.doublons)
    bilan = Bilan(fichier.format.jeu, fichier.format.libelle, compte, tous, fichier.encodage)
    _consigner(bilan)
    return bilan


def importer_territoires(regions: bytes, departements: bytes, communes: bytes) -> Bilan:
    """Load régions, académies, départements and communes from the three JSON files of the npm package."""
    _prendre_le_tour()
    compte = (
        sql.fusionner(Region, ["code"], territoires.lire(territoires.REGIONS, regions))
        + _academies()
        + sql.fusionner(Departement, ["code"], territoires.lire(territoires.DEPARTEMENTS, departements))
        + sql.fusionner(Commune, ["code_insee"], territoires.communes(communes))
    )
    bilan = Bilan(Jeu.TERRITOIRES, "régions, académies, départements et communes", compte, ())
    _consigner(bilan)
    return bilan


def importer_reponses(contenu: bytes) -> Bilan:
    """Load recorded answers of the public API of certifications: one JSON list, each item a certification.

    Raises FichierRefuse when it is not such a list; an answer that cannot be read is refused alone, by its rank.
    """
    _prendre_le_tour()
    lues, refus = reponse_api.lire_fichier(contenu)
    compte = service_certifications.enregistrer(lues)
    rejets = tuple(Refus(rang, "réponse d’une forme inconnue") for rang in refus)
    bilan = Bilan(Jeu.CERTIFICATIONS, "réponses de l’API des certifications", compte, rejets)
    _consigner(bilan)
    return bilan


def _prendre_le_tour() -> None:
    if not sql.prendre_le_tour():
        raise ErreurMetier("Un autre import du référentiel est en cours : recommencez quand il sera terminé.")


def _consigner(bilan: Bilan) -> None:
    journal.consigner(
        "referentiel.importe",
        jeu=bilan.jeu.value,
        crees=bilan.compte.crees,
        modifies=bilan.compte.modifies,
        inchanges=bilan.compte.inchanges,
        refuses=len(bilan.refus),
    )


def _organismes(fichier: Fichier) -> Resultat:
    rangees, refus = rapprochement.organismes(fichier.lignes, _connus(), _territoires())
    compte = sql.fusionner(Organisme, ["uai", "siret"], rangees, remplacer=fichier.format.remplacer)
    return compte, refus


def _relations(fichier: Fichier) -> Resultat:
    liens, refus = responsabilites.relations(fichier.lignes, _connus())
    formateurs = {lien.formateur_id for lien in liens}
    connues = [lien for lien in _liens() if lien.formateur_id in formateurs]
    nouvelles, voisines = responsabilites.responsabilites(liens, connues)
    cle = ["responsable_id", "formateur_id"]
    compte = sql.fusionner(RelationOrganisme, cle, nouvelles)
    compte += sql.fusionner(RelationOrganisme, cle, voisines)
    # Relations of an organisme with itself are used, not stored: nothing changes for them.
    return compte + Compte(inchanges=len(liens) - len(nouvelles)), refus


def _reseaux(fichier: Fichier) -> Resultat:
    return sql.fusionner(Reseau, ["code"], _telles_quelles(fichier)), []


def _appartenances(fichier: Fichier) -> Resultat:
    rangees, refus = rapprochement.appartenances(
        fichier.lignes, _connus(), _orthographes(), horloge.aujourd_hui()
    )
    return sql.affilier(rangees), refus


def _metiers_nommes(fichier: Fichier) -> Resultat:
    return sql.fusionner(Rome, ["code"], _telles_quelles(fichier)), []


def _regions(fichier: Fichier) -> Resultat:
    rangees = [{"code": r["code"], "nom": r["nom"]} for r in _telles_quelles(fichier)]
    return sql.fusionner(Region, ["code"], rangees), []


def _departements(fichier: Fichier) -> Resultat:
    compte = _academies()
    regions = set(db.session.scalars(select(Region.code)))
    rangees, refus = [], []
    for ligne in fichier.lignes:
        v = ligne.valeurs
        if v["region_code"] not in regions:
            refus.append(Refus(ligne.numero, f"région inconnue : {citer(v['region_code'])}"))
            continue
        academie = ACADEMIE_DU_DEPARTEMENT.get(v["code"])
        reprises = {nom: v[nom] for nom in ("code", "nom", "region_code")}
        rangees.append({**reprises, "academie_code": academie})
    return compte + sql.fusionner(Departement, ["code"], rangees), refus


def _communes(fichier: Fichier) -> Resultat:
    departements = set(db.session.scalars(select(Departement.code)))
    rangees, refus = [], []
    for ligne in fichier.lignes:
        v = ligne.valeurs
        if v["departement_code"] in departements:
            rangees.append({**v, "codes_postaux": list(v["codes_postaux"])})
        else:
            raison = f"département inconnu : {citer(v['departement_code'])}"
            refus.append(Refus(ligne.numero, raison))
    return sql.fusionner(Commune, ["code_insee"], rangees), refus


def _communes_anciennes(fichier: Fichier) -> Resultat:
    """Former communes: each line adds a code to the commune that absorbed it."""
    connues = {c: sorted(a) for c, a in db.session.execute(select(Commune.code_insee, Commune.anciens_codes))}
    voulues: dict[str, set[str]] = {}
    refus = []
    for ligne in fichier.lignes:
        ancien, actuelle = ligne.valeurs["code_insee"], ligne.valeurs["commune_code"]
        if actuelle not in connues:
            refus.append(Refus(ligne.numero, f"commune inconnue : {citer(actuelle)}"))
        elif ancien not in connues:
            voulues.setdefault(actuelle, set(connues[actuelle])).add(ancien)
    rangees = [{"code_insee": code, "anciens_codes": sorted(codes)} for code, codes in voulues.items()]
    return sql.fusionner(Commune, ["code_insee"], rangees), refus


_APPLICATIONS: Final[Mapping[str, Callable[[Fichier], Resultat]]] = {
    "organismes": _organismes,
    "relations": _relations,
    "reseaux": _reseaux,
    "appartenances": _appartenances,
    "certifications": service_certifications.couples,
    "metiers": service_certifications.metiers,
    "rome": _metiers_nommes,
    "nomenclature": lambda fichier: service_certifications.nomenclature(fichier, horloge.aujourd_hui()),
    "niveaux": service_certifications.niveaux,
    "regions": _regions,
    "departements": _departements,
    "communes": _communes,
    "communes_anciennes": _communes_anciennes,
}


def _academies() -> Compte:
    return sql.fusionner(Academie, ["code"], territoires.academies())


def _telles_quelles(fichier: Fichier) -> list[dict[str, Any]]:
    return [ligne.valeurs for ligne in fichier.lignes]


def _connus() -> Connus:
    requete = select(Organisme.uai, Organisme.siret, Organisme.id, Organisme.ferme)
    lignes = db.session.execute(requete).all()
    couples = {(uai, siret): identifiant for uai, siret, identifiant, _ in lignes}
    return Connus(couples, frozenset((uai, siret) for uai, siret, _, ferme in lignes if ferme))


def _territoires() -> Territoires:
    departements = select(Departement.code, Departement.region_code, Departement.academie_code)
    communes = (
        select(Commune.departement_code, Commune.nom, func.min(Commune.code_insee))
        .group_by(Commune.departement_code, Commune.nom)
        .having(func.count() == 1)
    )
    return Territoires(
        {code: (region, academie) for code, region, academie in db.session.execute(departements)},
        {(code, sans_accents(nom)): insee for code, nom, insee in db.session.execute(communes)},
    )


def _orthographes() -> dict[str, str]:
    """Every accepted spelling of a network (its code, its name) → its code."""
    reseaux = db.session.execute(select(Reseau.code, Reseau.nom)).all()
    noms = {rapprochement.code_reseau(nom): code for code, nom in reseaux}
    return noms | {rapprochement.code_reseau(code): code for code, _ in reseaux}


def _liens() -> list[responsabilites.Lien]:
    responsable, formateur = aliased(Organisme), aliased(Organisme)
    requete = (
        select(
            RelationOrganisme.responsable_id,
            responsable.siren,
            RelationOrganisme.formateur_id,
            formateur.siren,
            RelationOrganisme.partielle,
        )
        .join(responsable, responsable.id == RelationOrganisme.responsable_id)
        .join(formateur, formateur.id == RelationOrganisme.formateur_id)
    )
    return [responsabilites.Lien(*ligne) for ligne in db.session.execute(requete)]
