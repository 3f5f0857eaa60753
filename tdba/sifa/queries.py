"""Reading what the survey needs: an establishment in four statements, one record in three. Everything within CORRIGER.

The reach is checked before any raw statement, and row-level security holds on its own behind it (decision 22).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from tdba import scope
from tdba.db import db
from tdba.depots import emetteurs
from tdba.effectifs import raisons
from tdba.effectifs.models import Effectif
from tdba.effectifs.raisons import EtapeLue
from tdba.memoire import sans_ramasse_miettes
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit, Introuvable
from tdba.sifa import calendrier, champs, colonnes, regles, sql
from tdba.sifa.colonnes import Contrat, Employeur, Personne, Rangee
from tdba.sifa.models import CampagneSifa, FichierSifa
from tdba.sifa.regles import Gravite, Regle
from tdba.tableaux import nombres

_RAISON: Final = "enquête SIFA d’un établissement, dont l’accès vient d’être vérifié"


class _Lue(NamedTuple):
    """A row of `sql.FICHES`, in its order."""

    effectif_id: int
    organisme_id: int
    version: int
    ine: str | None
    nom: str
    prenom: str
    sexe: str | None
    date_naissance: date
    adresse: str | None
    code_postal: str | None
    code_insee: str | None
    telephone: str | None
    courriel: str | None
    rncp: str | None
    cfd: str | None
    duree_mois: int | None
    annee_formation: int | None
    date_entree: date | None
    date_fin: date | None
    uai_responsable: str | None
    uai_formateur: str | None
    statut: int | None
    postal_naissance: str | None
    commune_naissance: str | None
    derniere_situation: str | None
    dernier_organisme: str | None
    type_cfa: str | None
    recues: dict[str, Any] | None
    saisies: dict[str, str] | None


_REPRIS: Final = tuple(nom for nom in _Lue._fields if nom in Personne.__dataclass_fields__)


class Dossier(NamedTuple):
    """An apprentice, the line of the file that they make, and the rules that it breaks."""

    personne: Personne
    rangee: Rangee
    fautes: list[Regle]

    @property
    def effectif_id(self) -> int:
        return self.personne.effectif_id

    @property
    def complet(self) -> bool:
        return regles.complete(self.fautes)

    @property
    def refuse(self) -> bool:
        return regles.refusee(self.fautes)

    @property
    def bloquantes(self) -> list[Regle]:
        """What is missing or wrong, without what is only to be verified."""
        return [regle for regle in self.fautes if regle.gravite is not Gravite.ALERTE]

    @property
    def questions(self) -> list[str]:
        """The questions that are left without a right answer, those that block first."""
        nommees = sorted((r for r in self.fautes if r.question), key=lambda r: r.gravite)
        return list(dict.fromkeys(str(r.question) for r in nommees))

    @property
    def sur_la_fiche(self) -> list[Regle]:
        """What is to be corrected on the record itself."""
        return [regle for regle in self.bloquantes if regle.question is None]


def mes_etablissements() -> list[OrganismeVu]:
    """The establishments of the reach, by name; none for support, who opens one record under a case."""
    return emetteurs.mes_etablissements()


def etablissement(organisme_id: int) -> OrganismeVu:
    """Raise Introuvable for one that is not theirs."""
    for site in mes_etablissements():
        if site.id == organisme_id:
            return site
    raise Introuvable


def nombres_comptes(organisme_ids: Collection[int], annee: int) -> dict[int, int]:
    """How many each establishment counts on the reference day."""
    parametres = _parametres(annee) | {"organismes": sorted(organisme_ids)}
    lues = scope.connexion(_RAISON).exec_driver_sql(sql.NOMBRES, parametres)
    return {organisme_id: n for organisme_id, n in lues}  # noqa: C416 - rows are not typed as pairs


def dossiers(organisme_id: int, annee: int) -> list[Dossier]:
    """Everybody whom the survey counts in an establishment, by name. The caller has checked that it is theirs."""
    lues = scope.connexion(_RAISON).exec_driver_sql(
        sql.FICHES, _parametres(annee) | {"organisme_id": organisme_id}
    )
    reponses = campagne_de(organisme_id, annee)
    with sans_ramasse_miettes():
        return _dossiers([_Lue(*ligne) for ligne in lues], annee, reponses.reponses if reponses else {})


def dossier(effectif_id: int) -> Dossier:
    """One record, counted or not, as the campaign of its school year sees it. Raise Introuvable when not theirs."""
    effectif = scope.get_or_404(Effectif, effectif_id, Droit.CORRIGER)
    annee = calendrier.annee_de(effectif.annee_scolaire)
    lues = scope.connexion(_RAISON).exec_driver_sql(
        sql.FICHE, {"effectif_id": effectif_id, "jour": calendrier.jour_de(annee)}
    )
    reponses = campagne_de(effectif.organisme_id, annee)
    trouves = _dossiers([_Lue(*ligne) for ligne in lues], annee, reponses.reponses if reponses else {})
    if not trouves:  # seen by the first lock alone
        raise Introuvable
    return trouves[0]


def _parametres(annee: int) -> dict[str, Any]:
    return {"jour": calendrier.jour_de(annee), "annees": list(calendrier.annees_comptees(annee))}


def _dossiers(lues: Sequence[_Lue], annee: int, etablissement_dit: Mapping[str, str]) -> list[Dossier]:
    jour = calendrier.jour_de(annee)
    contrats, employeurs = _contrats([ligne.effectif_id for ligne in lues])
    lieux = _lieux({li.postal_naissance for li in lues if li.postal_naissance and not li.commune_naissance})
    return [
        _dossier(
            Personne(
                **{nom: getattr(ligne, nom) for nom in _REPRIS},
                reponses=_reponses(ligne, etablissement_dit, lieux),
                contrat=(
                    contrat := calendrier.contrat_du_jour(
                        contrats.get(ligne.effectif_id, ()), jour, ligne.date_fin
                    )
                ),
                employeur=employeurs.get(contrat.siret or "", Employeur()),
                reference=jour,
            )
        )
        for ligne in lues
    ]


def _dossier(personne: Personne) -> Dossier:
    rangee = colonnes.rangee(personne)
    return Dossier(personne, rangee, regles.fautes(rangee))


def _reponses(ligne: _Lue, etablissement_dit: Mapping[str, str], lieux: Mapping[str, str]) -> dict[str, str]:
    """What people typed, else what the establishment answered once, else what the source sent, else what follows from it."""
    dites = {nom: dite for nom in _DE_LA_SOURCE if (dite := getattr(ligne, nom))}
    if "commune_naissance" not in dites and (postal := ligne.postal_naissance):
        # 99xxx is the code of a country, postal or not.
        lieu = postal if postal.startswith("99") else lieux.get(postal)
        if lieu:
            dites["commune_naissance"] = lieu
    dites |= {nom: dite for nom, dite in etablissement_dit.items() if dite}
    for champ in SENSIBLES_RECUS if ligne.recues else ():
        recue = champs.depuis_la_source(champ, (ligne.recues or {}).get(champ.source or ""))
        if recue:
            dites[champ.nom] = recue
    return dites | (ligne.saisies or {})


_DE_LA_SOURCE: Final = ("commune_naissance", "derniere_situation", "dernier_organisme", "type_cfa")
SENSIBLES_RECUS: Final = tuple(c for c in champs.CHAMPS.values() if c.source and c.sensible)
"""Answers that a transmission may give and that only `sifa_fiche` holds."""


def _contrats(ids: Sequence[int]) -> tuple[dict[int, list[Contrat]], dict[str, Employeur]]:
    par_effectif: dict[int, list[Contrat]] = defaultdict(list)
    employeurs: dict[str, Employeur] = {}
    if ids:
        lues = scope.connexion(_RAISON).exec_driver_sql(sql.CONTRATS, {"ids": nombres(ids)})
        for effectif_id, debut, fin, rupture, siret, rang, naf, code_insee in lues:
            par_effectif[effectif_id].append(Contrat(debut, fin, rupture, siret, rang))
            if siret:
                employeurs[siret] = Employeur(naf, code_insee)
    return par_effectif, employeurs


def _lieux(postaux: set[str]) -> dict[str, str]:
    if not postaux:
        return {}
    lues = scope.connexion("communes").exec_driver_sql(sql.LIEUX, {"codes": sorted(postaux)})
    return {postal: code for postal, code in lues}  # noqa: C416 - rows are not typed as pairs


def codes_postaux(cites: Collection[str]) -> frozenset[str]:
    """Of these codes, those that are postal codes and no commune's."""
    lues = scope.connexion("communes").exec_driver_sql(sql.POSTAUX, {"codes": sorted(cites)})
    return frozenset(lues.scalars())


class Compte(NamedTuple):
    """A record of the years, and why the survey counts it or not. `etape` None: no step on that day."""

    effectif_id: int
    nom: str
    prenom: str
    date_naissance: date
    annee_scolaire: str
    compte: bool
    etape: EtapeLue | None
    datee: bool
    """It has a parcours, before or after the day."""


def comptes(organisme_id: int, annee: int) -> list[Compte]:
    """Every record of the years of a campaign, by name."""
    lues = scope.connexion(_RAISON).exec_driver_sql(
        sql.TOUTES, _parametres(annee) | {"organisme_id": organisme_id}
    )
    return [
        Compte(
            id_,
            nom,
            prenom,
            naissance,
            scolaire,
            statut in calendrier.COMPTES,
            None if raison is None else raisons.lire(statut, motif, raison, reperes, du, au),
            datee,
        )
        for id_, nom, prenom, naissance, scolaire, statut, motif, raison, reperes, du, au, datee in lues
    ]


def campagne_de(organisme_id: int, annee: int) -> CampagneSifa | None:
    """What an establishment answered for all its records that year."""
    requete = select(CampagneSifa).where(
        CampagneSifa.organisme_id == organisme_id, CampagneSifa.annee == annee
    )
    return db.session.execute(requete.execution_options(populate_existing=True)).scalar_one_or_none()


def campagnes_de(organisme_ids: Collection[int], annee: int) -> dict[int, CampagneSifa]:
    requete = select(CampagneSifa).where(
        CampagneSifa.organisme_id.in_(organisme_ids), CampagneSifa.annee == annee
    )
    return {c.organisme_id: c for c in db.session.execute(requete).scalars()}


def fichiers_de(organisme_id: int, annee: int, limite: int = 10) -> list[FichierSifa]:
    """The files made for that campaign, the last first."""
    requete = (
        select(FichierSifa)
        .where(FichierSifa.organisme_id == organisme_id, FichierSifa.annee == annee)
        .order_by(FichierSifa.id.desc())
        .limit(limite)
    )
    return list(db.session.execute(requete).scalars())
