"""One transmission: why its lines were refused, and the refused lines, for those who may read them."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from tdba import scope
from tdba.db import db
from tdba.scope import Droit
from tdba.transmissions import causes as catalogue
from tdba.transmissions.models import Ligne
from tdba.transmissions.queries import FAUTIVE, PAGE, LigneRefusee, lignes_lisibles

_EXEMPLES: Final = slice(1, catalogue.EXEMPLES)


class Faute(NamedTuple):
    """One error of one refused line, with the value received."""

    ligne_id: int
    rang: int
    id_erp: str | None
    champ: str
    recu: str | None
    message: str


def groupes(transmission_id: int) -> list[catalogue.Groupe]:
    """The refused lines of a transmission, counted by the errors they have in common."""
    requete = (
        lignes_lisibles(
            transmission_id,
            Ligne.erreurs,
            func.count(),
            func.array_agg(aggregate_order_by(Ligne.rang, Ligne.rang))[_EXEMPLES],
        )
        .where(FAUTIVE)
        .group_by(Ligne.erreurs)
    )
    return [catalogue.Groupe(*ligne) for ligne in db.session.execute(requete)]


def refusees(
    transmission_id: int, *, apres: int = 0, erreurs: Sequence[Any] | None = None
) -> tuple[list[LigneRefusee], bool]:
    """A page of refused lines in the order sent, after rank `apres`, and whether others follow.

    `erreurs`: only lines with one of these sets of errors (`causes.de_cette_cause`).
    """
    requete = (
        lignes_lisibles(
            transmission_id,
            Ligne.id,
            Ligne.rang,
            Ligne.contenu["id_erp_apprenant"].astext,
            Ligne.contenu["nom_apprenant"].astext,
            Ligne.contenu["prenom_apprenant"].astext,
            Ligne.erreurs,
            Ligne.etat,
        )
        .where(FAUTIVE, Ligne.rang > apres)
        .order_by(Ligne.rang)
        .limit(PAGE + 1)
    )
    if erreurs is not None:
        requete = requete.where(Ligne.erreurs.in_(erreurs))
    lignes = [LigneRefusee(*ligne) for ligne in db.session.execute(requete)]
    return lignes[:PAGE], len(lignes) > PAGE


def fautes(transmission_id: int) -> Iterator[Faute]:
    """Every error of every refused line, in the order sent, less those that a later sending replaced.

    Only the value at fault leaves the line.
    """
    erreurs = (
        lignes_lisibles(
            transmission_id,
            Ligne.id,
            Ligne.rang,
            Ligne.contenu,
            func.jsonb_array_elements(Ligne.erreurs, type_=JSONB).label("erreur"),
        )
        .where(FAUTIVE, Ligne.etat != "ECARTEE")
        .subquery()
    )
    c: Any = erreurs.c
    champ = func.coalesce(c.erreur["path"][0].astext, "")
    requete = select(
        c.id,
        c.rang,
        c.contenu["id_erp_apprenant"].astext,
        champ,
        func.jsonb_extract_path_text(c.contenu, champ),
        c.erreur["message"].astext,
    ).order_by(c.rang, champ)
    for ligne in db.session.execute(scope.autorisee(requete, Droit.VOIR_NOMINATIF)):
        yield Faute(*ligne)
