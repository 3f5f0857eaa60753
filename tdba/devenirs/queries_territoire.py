"""Reading outcomes from the counting table alone (decision 29): by CFA, by region for the nation, and for anybody.

No personal table is named here. Only reliable, open organismes count outside their own family.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, String, and_, cast, func, select, true

from tdba import scope
from tdba.db import db
from tdba.devenirs.etats import JALONS
from tdba.devenirs.filtres import Demande
from tdba.devenirs.models import Bilan
from tdba.devenirs.territoire import Comptes, Ensemble, Lu
from tdba.organismes.models import Organisme, Region
from tdba.scope import Droit

FIABLES: Final = and_(Organisme.fiable, Organisme.ferme.is_(False))


class Publie(NamedTuple):
    """What the whole country gives, milestone by milestone."""

    par_jalon: Mapping[int, Comptes]
    calcule_le: datetime | None


def lire(demande: Demande, *, chez_soi: bool) -> Lu:
    """The counts of the reach, CFA by CFA (region by region for the nation), and their total a year before.

    `chez_soi`: the reader is a CFA, or support: all its organismes count, and every figure is true.
    """
    nation = scope.courant().portee(Droit.VOIR_INDICATEURS).organismes is None
    cle = Organisme.region_code if nation else cast(Organisme.id, String)
    nom = func.coalesce(Region.nom, "Région non connue") if nation else Organisme.nom
    ancien = Bilan.annee_scolaire != demande.annee_scolaire
    requete = _sommes(demande, cle, nom, ancien.label("avant"), Bilan.etat, nation=nation)
    requete = requete.where(true() if chez_soi else FIABLES).group_by(cle, nom, "avant", Bilan.etat)
    lus: dict[tuple[str | None, str], dict[str, int]] = {}
    avant: dict[str, int] = {}
    calcule: list[datetime] = []
    for cle_lue, nom_lu, vieux, etat, n, calcule_le in db.session.execute(requete):
        calcule.append(calcule_le)
        comptes = avant if vieux else lus.setdefault((cle_lue, nom_lu), {})
        comptes[etat] = comptes.get(etat, 0) + n
    vrais = _vrais(nation=nation)
    ensembles = [
        Ensemble(c, libelle, Comptes(comptes), chez_soi or (c is not None and c in vrais))
        for (c, libelle), comptes in lus.items()
    ]
    return Lu(ensembles, Comptes(avant), max(calcule, default=None))


def _sommes(demande: Demande, cle: Any, nom: Any, *autres: Any, nation: bool) -> Select[Any]:
    annees = (demande.annee_scolaire, f"{demande.annee - 1}-{demande.annee}")
    requete = scope.select_for(
        Bilan, Droit.VOIR_INDICATEURS, cle, nom, *autres, func.sum(Bilan.n), func.max(Bilan.calcule_le)
    ).join(Organisme, Organisme.id == Bilan.organisme_id)
    if nation:
        requete = requete.outerjoin(Region, Region.code == Organisme.region_code)
    return requete.where(
        Bilan.annee_scolaire.in_(annees), Bilan.genre == demande.genre, Bilan.jalon == demande.jalon
    )


def _vrais(*, nation: bool) -> frozenset[str]:
    """The CFA whose people the reader may name, whatever their status: their figures are true for them."""
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF)
    if nation or portee.statuts is not None or portee.organismes is None:
        return frozenset()
    return frozenset(map(str, portee.organismes))


def national(demande: Demande) -> Publie:
    """The counts of the country at each milestone, for whoever reads the public page: sums, never a CFA's."""
    requete = (
        select(
            Bilan.jalon,
            Bilan.etat,
            func.sum(Bilan.n),
            func.max(Bilan.calcule_le),
        )
        .join(Organisme, Organisme.id == Bilan.organisme_id)
        .where(FIABLES, Bilan.annee_scolaire == demande.annee_scolaire, Bilan.genre == demande.genre)
        .group_by(Bilan.jalon, Bilan.etat)
    )
    # Public figures: nobody's reach applies, and the table holds no person.
    lignes = db.session.execute(scope.autorisee(requete, Droit.VOIR_INDICATEURS)).all()
    comptes: dict[int, dict[str, int]] = {jalon: {} for jalon in JALONS}
    for jalon, etat, n, _ in lignes:
        comptes[jalon][etat] = int(n)
    return Publie(
        {jalon: Comptes(par_etat) for jalon, par_etat in comptes.items()},
        max((ligne[3] for ligne in lignes), default=None),
    )
