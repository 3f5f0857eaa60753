"""Reading the facts that the checks look at, many records at once; and what was silenced on one record."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple

from tdba import scope
from tdba.anomalies import sql
from tdba.anomalies.catalogue import CATALOGUE
from tdba.anomalies.dossier import ContratLu, Dossier, Validite
from tdba.anomalies.models import AnomalieTue
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs import annees, sources
from tdba.effectifs.source_json import charger
from tdba.effectifs.statuts import Statut
from tdba.points.models import Point
from tdba.points.queries import du_cfa
from tdba.scope import Droit
from tdba.tableaux import nombres

GENRE: Final = "ANOMALIE"


def dossiers(requete: str, ids: Sequence[int], jour: date) -> list[Dossier]:
    """The facts of the records that `requete` reads: those whose year counts, out of the bin."""
    connexion = scope.connexion("faits à contrôler")
    portee = {"ids": list(ids), "jour": jour, "annees": list(annees.actives(jour))}
    lus = connexion.exec_driver_sql(requete, portee).all()
    if not lus:
        return []
    contrats = connexion.exec_driver_sql(sql.LIRE_CONTRATS, {"ids": nombres(lu.id for lu in lus)}).all()
    par_effectif = {cle: list(groupe) for cle, groupe in groupby(contrats, key=attrgetter("effectif_id"))}
    comptees = annees.comptees(jour)
    return [_dossier(lu, par_effectif.get(lu.id, ()), comptees) for lu in lus]


def _dossier(lu: Any, contrats: Sequence[Any], comptees: Sequence[str]) -> Dossier:
    cotes = sources.mises_de_cote(lu.valeurs) if lu.valeurs else {}
    return Dossier(
        id=lu.id,
        organisme_id=lu.organisme_id,
        annee_scolaire=lu.annee_scolaire,
        date_naissance=lu.date_naissance,
        sexe=lu.sexe,
        ine=lu.ine,
        courriel=lu.courriel,
        courriel_cfa=lu.courriel_referentiel,
        telephone=lu.telephone,
        adresse=lu.adresse,
        code_postal=lu.code_postal,
        code_insee=lu.code_insee,
        rncp=lu.rncp,
        cfd=lu.cfd,
        niveau=lu.niveau,
        annee_formation=lu.annee_formation,
        duree_mois=lu.duree_mois,
        date_inscription=lu.date_inscription,
        date_entree=lu.date_entree,
        date_fin=lu.date_fin,
        date_exclusion=lu.date_exclusion,
        cause_exclusion=lu.cause_exclusion,
        sans_parcours=frozenset(lu.anomalies) if lu.anomalies else _RIEN,
        statut=_STATUTS[lu.statut or 0],
        statut_depuis=lu.statut_depuis,
        code_postal_connu=lu.code_postal_connu,
        validite_rncp=None
        if lu.rncp_connu is None
        else Validite(lu.rncp_connu, lu.rncp_ouverture, lu.rncp_fermeture),
        validite_cfd=None
        if lu.cfd_connu is None
        else Validite(lu.cfd_connu, lu.cfd_ouverture, lu.cfd_fermeture),
        comptee=lu.annee_scolaire in comptees,
        ecartes=frozenset(cotes) if cotes else _RIEN,
        contrats=_contrats(contrats, lu.valeurs, cotes),
        tues=frozenset(lu.tues) if lu.tues else _RIEN,
    )


_RIEN: Final[frozenset[str]] = frozenset()
_STATUTS: Final = (None, *Statut)
"""By their stored value: reading an enum member costs as much as making a date."""


def _contrats(
    lus: Sequence[Any], valeurs: Mapping[str, Any] | None, cotes: Mapping[str, str]
) -> tuple[ContratLu, ...]:
    ecartes = _sirets_ecartes(lus, valeurs, cotes) if cotes and valeurs else _AUCUN
    return tuple(
        ContratLu(
            id=lu.id,
            debut=lu.debut,
            fin=lu.fin,
            rupture=lu.rupture,
            cause_rupture=lu.cause_rupture,
            cause_legale=lu.cause_legale,
            mediateur_le=lu.mediateur_le,
            employeur_informe_le=lu.employeur_informe_le,
            employeur_siret=lu.employeur_siret,
            siret_ecarte=lu.id in ecartes,
            employeur_ferme_le=lu.fermee_le,
            employeur_inconnu=lu.inconnue,
        )
        for lu in lus
    )


_AUCUN: Final[frozenset[int]] = frozenset()


def _sirets_ecartes(
    lus: Iterable[Any], valeurs: Mapping[str, Any], cotes: Mapping[str, str]
) -> frozenset[int]:
    """The contracts whose employer was received and not used."""
    suffixes = {champ.removeprefix(_SIRET) for champ in cotes if champ.startswith(_SIRET)}
    if not suffixes:
        return _AUCUN
    dits = sources.contrats_dits(charger(valeurs))
    trouves = ((lu.id, sources.contrat_dit(dits, rang=lu.rang, debut_source=lu.debut_source)) for lu in lus)
    return frozenset(cle for cle, dit in trouves if dit is not None and dit.suffixe in suffixes)


_SIRET: Final = "siret_employeur"


class OuverteLue(NamedTuple):
    """An anomaly of one record, open in the list of points."""

    code: str
    details: Mapping[str, Any]
    le: datetime

    @property
    def contrat_id(self) -> int | None:
        contrat: int | None = self.details.get("contrat")
        return contrat


class TueLue(NamedTuple):
    """An anomaly that somebody silenced on one record."""

    tue: AnomalieTue
    prenom: str
    nom: str


def ouvertes(effectif_id: int) -> list[OuverteLue]:
    """What is wrong with one record, what costs most first."""
    requete = (
        scope.select_for(Point, Droit.CORRIGER, Point.details, Point.cree_le)
        .where(du_cfa(), Point.effectif_id == effectif_id, Point.genre == GENRE, Point.clos_le.is_(None))
        .order_by(Point.consequence, Point.id)
    )
    lues = [OuverteLue(details["code"], details, le) for details, le in db.session.execute(requete)]
    return [lue for lue in lues if lue.code in CATALOGUE]


def tues(effectif_id: int) -> list[TueLue]:
    """Every silence of one record, lifted ones included, the last first."""
    requete = (
        scope.select_for(AnomalieTue, Droit.CORRIGER, AnomalieTue, Personne.prenom, Personne.nom)
        .join(Personne, Personne.id == AnomalieTue.personne_id)
        .where(du_cfa(), AnomalieTue.effectif_id == effectif_id)
        .order_by(AnomalieTue.id.desc())
    )
    return [TueLue(*ligne) for ligne in db.session.execute(requete)]


def silence_en_cours(effectif_id: int, code: str) -> AnomalieTue | None:
    """The silence in force of one check on one record."""
    requete = scope.select_for(AnomalieTue, Droit.CORRIGER).where(
        AnomalieTue.effectif_id == effectif_id, AnomalieTue.code == code, AnomalieTue.levee_le.is_(None)
    )
    silence: AnomalieTue | None = db.session.execute(requete).scalar_one_or_none()
    return silence
