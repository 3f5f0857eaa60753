"""Who the rules name on a day, in SQL: the rules of `regles` over the facts of `faits`; a test says that they agree.

`raisons` gives one row for each rule that names somebody, `personnes` one for each of them, with what was looked at.
"""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from tdba import scope
from tdba.comptes.models import Habilitation
from tdba.effectifs.statuts import JOURS_TERME_PROCHE, Statut
from tdba.ruptures.regles import MOIS_DE_MAINTIEN, SANS_CONTRAT
from tdba.vigilance import regles
from tdba.vigilance.faits import TOUJOURS, jour_de
from tdba.vigilance.models import Geste, Reglage
from tdba.vigilance.regles import Regle

ORDRE: Final = {regle: rang for rang, regle in enumerate(Regle)}


def eteintes() -> Select[Any]:
    """The rules that the organisation of the habilitation in use has turned off; the system turns none off."""
    return (
        select(Reglage.regle)
        .join(Habilitation, Habilitation.organisation_id == Reglage.organisation_id)
        .where(Habilitation.id == scope.courant().habilitation_id, not_(Reglage.active))
    )


def raisons(faits: CTE, jour: date) -> CTE:
    """One row for each rule that names somebody: since when, the day that matters, and until when it was seen."""
    c, au = faits.c, jour_de(jour)
    tenues = union_all(
        *(
            select(
                c.effectif_id,
                c.organisme_id,
                literal(str(regle), Text).label("regle"),
                literal(ORDRE[regle]).label("rang"),
                cast(depuis, Date).label("depuis"),
                cast(echeance, Date).label("echeance"),
            ).where(tient, depuis <= au)
            for regle, tient, depuis, echeance in _regles(c, au)
        )
    ).subquery("tenues")
    vu = vu_jusqu_au(tenues.c.effectif_id, tenues.c.regle).label("vu_jusqu_au")
    return select(tenues, vu).where(tenues.c.regle.not_in(eteintes())).cte("raisons")


def vu_jusqu_au(effectif_id: Any, regle: Any) -> ColumnElement[date]:
    """Until when the last look at this rule keeps it silent; NULL when nobody looked."""
    return (
        select(func.coalesce(Geste.revoir_le, TOUJOURS))
        .where(Geste.effectif_id == effectif_id, Geste.regle == regle)
        .order_by(Geste.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def personnes(raisons: CTE, jour: date) -> CTE:
    """One row for each person named: what is still to be looked at, and what was (`vues`)."""
    c = raisons.c
    visible = or_(c.vu_jusqu_au.is_(None), c.vu_jusqu_au <= jour_de(jour))

    def codes(lesquelles: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.array_agg(aggregate_order_by(c.regle, c.rang)).filter(lesquelles)

    return (
        select(
            c.effectif_id,
            c.organisme_id,
            codes(visible).label("regles"),
            codes(not_(visible)).label("vues"),
            func.min(c.echeance).filter(visible).label("echeance"),
            func.min(c.depuis).filter(visible).label("depuis"),
            func.count().filter(visible).label("nombre"),
            func.min(c.vu_jusqu_au).filter(not_(visible)).label("revoir_le"),
        )
        .group_by(c.effectif_id, c.organisme_id)
        .cte("personnes")
    )


def ordre(personnes: Any, *, vues: bool = False) -> list[ColumnElement[Any]]:
    """The soonest day that matters, then how many rules; of those seen, the soonest to be looked at again."""
    c = personnes.c
    if vues:
        return [c.revoir_le, c.effectif_id]
    return [c.echeance.asc().nulls_last(), c.nombre.desc(), c.effectif_id]


_Tenue = tuple[Regle, ColumnElement[bool], Any, Any]


def _regles(c: Any, au: ColumnElement[date]) -> list[_Tenue]:
    """Each rule: when it holds, since when, and the day that matters; as `regles.constats` says it."""
    dernier_essai = c.debut + (regles.JOURS_DE_L_ESSAI - 1)
    sans_contrat = c.entree + regles.JOURS_SANS_CONTRAT
    terme_proche = and_(
        not_(c.rompu),
        not_(c.suivi),
        c.terme <= au + regles.JOURS_AVANT_TERME,
        c.fin_formation - c.terme > JOURS_TERME_PROCHE,
    )
    avant_terme = func.greatest(c.debut, c.terme - regles.JOURS_AVANT_TERME)
    deux = c.ruptures >= regles.RUPTURES_AVANT
    return [
        (Regle.PREMIERS_JOURS, au <= dernier_essai, c.debut, dernier_essai),
        _entre(Regle.TROISIEME_MOIS, c.debut, au, regles.MOIS_TROISIEME),
        _entre(Regle.NEUF_A_DOUZE, c.debut, au, regles.MOIS_NEUF_A_DOUZE),
        (Regle.FIN_PROCHE, terme_proche, avant_terme, c.terme),
        (
            Regle.SANS_CONTRAT_45,
            c.statut == int(Statut.INSCRIT),
            sans_contrat,
            _mois_apres(c.entree, MOIS_DE_MAINTIEN[SANS_CONTRAT]),
        ),
        (Regle.DEUX_RUPTURES, and_(deux, c.debut.is_not(None)), c.debut, null()),
        (
            Regle.EMPLOYEUR,
            c.employeur_derniere.is_not(None),
            func.greatest(c.debut, c.employeur_derniere),
            null(),
        ),
    ]


def _entre(regle: Regle, debut: Any, au: ColumnElement[date], mois: tuple[int, int]) -> _Tenue:
    premier, apres = (_mois_apres(debut, n) for n in mois)
    return regle, apres > au, premier, cast(apres - timedelta(days=1), Date)


def _mois_apres(jour: Any, mois: int) -> ColumnElement[date]:
    """The same day so many months later, or the last of the month: what `ajouter_mois` gives."""
    return cast(jour + func.make_interval(0, mois), Date)
