"""Reading what a dossier de liaison is made of, what was sent already, and the mission locale of a youth's commune.

All within CORRIGER and the follow-up that the person may read (decision 26).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from tdba import horloge, scope
from tdba.comptes.models import Personne
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.formats import telephone
from tdba.liaisons.donnees import Matiere
from tdba.liaisons.etats import Envoi
from tdba.liaisons.models import Liaison, MissionLocale, MissionLocaleCommune, Pli
from tdba.organismes.models import Commune, Organisme
from tdba.ruptures.acces_dossier import lit_la_sante
from tdba.ruptures.circonstances import SANTE
from tdba.ruptures.models import Circonstance, Dossier
from tdba.ruptures.queries_jumeaux import ids_des_jumeaux
from tdba.scope import Droit, Introuvable

ENVOIS_MAX: Final = 20


class Sujet(NamedTuple):
    """One file and its youth, as the pages of this slice show them."""

    dossier_id: int
    effectif_id: int
    organisme_id: int
    site: str
    transmis_a: str | None
    transmis_le: date | None
    matiere: Matiere


_QUI: Final = [Dossier.id, Dossier.effectif_id, Dossier.organisme_id, Organisme.nom]
_CIRCONSTANCE: Final = [Circonstance.transmis_ailleurs_a, Circonstance.transmis_ailleurs_le]
_VALEURS: Final = {
    "nom": Effectif.nom,
    "prenom": Effectif.prenom,
    "date_naissance": Effectif.date_naissance,
    "genre": Dossier.genre,
    "depuis": Dossier.ouvert_du,
    "commune": Commune.nom,
    "formation": Effectif.formation,
    "obstacles": Circonstance.obstacles,
    "accord_sante_le": Circonstance.accord_sante_le,
    "souhait": Circonstance.souhait,
}
_JOINDRE: Final = (
    Effectif.telephone,
    Effectif.courriel,
    Effectif.courriel_responsable_1,
    Effectif.courriel_responsable_2,
)
_REFERENT: Final = (Personne.prenom, Personne.nom, Personne.telephone, Personne.courriel)
_COLONNES: Final[list[Any]] = [*_QUI, *_CIRCONSTANCE, *_VALEURS.values(), *_JOINDRE, *_REFERENT]
_REQUETE: Final[Select[Any]] = (
    select(*_COLONNES)
    .select_from(Dossier)
    .join(Effectif, and_(Effectif.id == Dossier.effectif_id, Effectif.organisme_id == Dossier.organisme_id))
    .join(Organisme, Organisme.id == Dossier.organisme_id)
    .outerjoin(Commune, Commune.code_insee == Effectif.code_insee)
    .outerjoin(
        Circonstance,
        and_(Circonstance.dossier_id == Dossier.id, Circonstance.organisme_id == Dossier.organisme_id),
    )
    .outerjoin(Personne, Personne.id == Dossier.referent_id)
)


def sujet(dossier_id: int, moi: Personne) -> Sujet:
    """The file and its facts; `moi` stands for the référent of a file that has none. Raises Introuvable.

    How to reach the youth is left out for who may not see it (VOIR_COORDONNEES); health, for a network (decision 16).
    """
    requete = (
        scope.limiter(_REQUETE, Dossier, Droit.CORRIGER)
        .where(scope.predicat(Effectif, Droit.CORRIGER), scope.suivi(Effectif), Dossier.id == dossier_id)
        .add_columns(scope.predicat(Effectif, Droit.VOIR_COORDONNEES))
    )
    lue = db.session.execute(requete).one_or_none()
    if lue is None:
        raise Introuvable
    *tout, joignable = lue
    fin = len(_QUI) + len(_CIRCONSTANCE)
    valeurs = dict(zip(_VALEURS, tout[fin:], strict=False))
    valeurs["obstacles"] = tuple(valeurs["obstacles"] or ())
    if not lit_la_sante():
        valeurs |= {
            "obstacles": tuple(code for code in valeurs["obstacles"] if code != SANTE),
            "accord_sante_le": None,
        }
    telephone_, courriel, responsable, autre = tout[fin + len(_VALEURS) :][:4] if joignable else (None,) * 4
    prenom, nom, ligne, adresse = tout[-4:]
    matiere = Matiere(
        **valeurs,
        telephone=telephone_,
        courriel=courriel,
        courriel_responsable=responsable or autre,
        referent=coordonnees(prenom, nom, ligne, adresse) if nom else personne_en_mots(moi),
    )
    return Sujet._make([*tout[:fin], matiere])


def personne_en_mots(personne: Personne) -> str:
    """How to reach a person of the CFA, in one line."""
    return coordonnees(personne.prenom, personne.nom, personne.telephone, personne.courriel)


def coordonnees(prenom: str, nom: str, ligne: str | None, courriel: str) -> str:
    return ", ".join([f"{prenom} {nom}", *([telephone(ligne)] if ligne else []), courriel])


# Missions locales ----------------------------------------------------------------------------------------------------

_VILLE: Final = case(
    (Effectif.code_insee.like("751%"), "75056"),
    (Effectif.code_insee.like("132__"), "13055"),
    (Effectif.code_insee.like("6938_"), "69123"),
    else_=Effectif.code_insee,
)
"""Lists name Paris, Marseille and Lyon as a whole; homes have the code of their arrondissement."""

_DESSERT: Final = (
    select(MissionLocaleCommune.mission_locale_id)
    .where(MissionLocaleCommune.code_insee.in_([Effectif.code_insee, _VILLE]))
    .order_by(MissionLocaleCommune.mission_locale_id)
    .limit(1)
    .correlate(Effectif)
    .scalar_subquery()
)
_SIEGE: Final = (
    select(MissionLocale.id)
    .where(MissionLocale.commune_code.in_([Effectif.code_insee, _VILLE]))
    .order_by(MissionLocale.id)
    .limit(1)
    .correlate(Effectif)
    .scalar_subquery()
)
CONNUE: Final[ColumnElement[int]] = case((_DESSERT.is_not(None), _DESSERT), else_=_SIEGE)
"""The mission locale that serves the commune of this `effectif`, else the one whose seat is there."""


class Vue(NamedTuple):
    """What the page of a file says: the commune, its mission locale, the sendings of the file, the latest first."""

    code_insee: str | None
    commune: str | None
    mission: MissionLocale | None
    envois: list[Envoi]


_AUTEUR: Final = aliased(Personne)
_ENVOI: Final = (
    Liaison.id,
    Liaison.contact,
    Liaison.donnees,
    Liaison.cree_le,
    Liaison.expire_le,
    _AUTEUR.prenom + " " + _AUTEUR.nom,
    Liaison.ouverte_le,
    Liaison.reponse,
    Liaison.repondu_le,
    Liaison.revoquee_le,
    Pli.essais,
)
_COLONNES_VUE: Final[list[Any]] = [Effectif.code_insee, Commune.nom, MissionLocale, *_ENVOI]
_VUE: Final[Select[Any]] = (
    select(*_COLONNES_VUE)
    .select_from(Effectif)
    .outerjoin(Commune, Commune.code_insee == Effectif.code_insee)
    .outerjoin(MissionLocale, MissionLocale.id == CONNUE)
)


def vue(effectif_id: int, dossier_id: int) -> Vue:
    """See `Vue`; one SELECT. Raises Introuvable."""
    requete = (
        scope.limiter(_VUE, Effectif, Droit.CORRIGER)
        .outerjoin(
            Liaison,
            and_(
                Liaison.dossier_id == dossier_id,
                Liaison.organisme_id == Effectif.organisme_id,
                scope.suivi(Liaison),
            ),
        )
        .outerjoin(_AUTEUR, _AUTEUR.id == Liaison.personne_id)
        .outerjoin(Pli, Pli.uuid == Liaison.uuid)
        .where(Effectif.id == effectif_id)
        .order_by(Liaison.id.desc())
        .limit(ENVOIS_MAX)
    )
    lignes = db.session.execute(requete).all()
    if not lignes:
        raise Introuvable
    code, commune, mission = lignes[0][:3]
    return Vue(code, commune, mission, [_envoi(ligne[3:]) for ligne in lignes if ligne[3] is not None])


def _envoi(valeurs: Sequence[Any]) -> Envoi:
    cle, contact, donnees, cree, expire, auteur, ouverte, reponse, repondu, revoquee, essais = valeurs
    return Envoi(
        id=cle,
        contact=contact,
        donnees=tuple(code for code in donnees if code != SANTE or lit_la_sante()),
        cree_le=cree,
        expire_le=expire,
        auteur=auteur,
        ouverte_le=ouverte,
        reponse=reponse,
        repondu_le=repondu,
        revoquee_le=revoquee,
        essais=essais,
    )


# Already passed on ---------------------------------------------------------------------------------------------------


def deja_envoyes(s: Sujet, maintenant: datetime) -> list[tuple[datetime, str]]:
    """Sendings that were or may be opened, of this record and of the same person's other files in reach: when, where."""
    jumeaux = ids_des_jumeaux(s.effectif_id, s.dossier_id, horloge.jour_de_paris(maintenant))
    requete = (
        scope.select_for(Liaison, Droit.CORRIGER, Liaison.cree_le, Organisme.nom)
        .join(Dossier, and_(Dossier.id == Liaison.dossier_id, Dossier.organisme_id == Liaison.organisme_id))
        .join(Organisme, Organisme.id == Liaison.organisme_id)
        .where(or_(Dossier.effectif_id == s.effectif_id, Dossier.id.in_(jumeaux)))
        .where(or_(Liaison.ouverte_le.is_not(None), Liaison.expire_le > maintenant))
        .where(Liaison.revoquee_le.is_(None), scope.suivi(Liaison))
        .order_by(Liaison.id.desc())
        .limit(5)
    )
    return [(le, site) for le, site in db.session.execute(requete)]


def histoire(effectif_id: int) -> list[Envoi]:
    """The sendings of all the files of a record, for its story."""
    requete = (
        scope.select_for(Liaison, Droit.CORRIGER, *_ENVOI)
        .join(Dossier, and_(Dossier.id == Liaison.dossier_id, Dossier.organisme_id == Liaison.organisme_id))
        .join(_AUTEUR, _AUTEUR.id == Liaison.personne_id)
        .outerjoin(Pli, Pli.uuid == Liaison.uuid)
        .where(Dossier.effectif_id == effectif_id, scope.suivi(Liaison))
        .order_by(Liaison.id.desc())
        .limit(ENVOIS_MAX)
    )
    return [_envoi(ligne) for ligne in db.session.execute(requete)]


def a_demander(combien: int, jour: date) -> list[str]:
    """Communes of young people whose file is open and whose mission locale is not known, in another order each day.

    Runs as the system. Nobody's name is read: codes of communes alone are asked about.
    """
    melange = func.md5(Effectif.code_insee + jour.isoformat())
    requete = (
        scope.select_for(Dossier, Droit.CORRIGER, Effectif.code_insee)
        .join(
            Effectif, and_(Effectif.id == Dossier.effectif_id, Effectif.organisme_id == Dossier.organisme_id)
        )
        .join(Commune, Commune.code_insee == Effectif.code_insee)
        .where(or_(Dossier.clos_du.is_(None), Dossier.clos_du > jour), CONNUE.is_(None))
        .where(Effectif.corbeille_le.is_(None))
        .group_by(Effectif.code_insee)
        .order_by(melange)
        .limit(combien)
    )
    return list(db.session.scalars(requete))
