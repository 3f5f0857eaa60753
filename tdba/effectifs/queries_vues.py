"""The views and the columns that people keep for their list. They belong to a person, not to an establishment."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, literal, null, or_, select, union_all

from tdba import scope
from tdba.comptes.models import Habilitation
from tdba.db import db, table_de
from tdba.effectifs.models_gestes import ReglageListe, Vue
from tdba.organismes.models import Organisme
from tdba.scope import Droit, Introuvable
from tdba.textes import sans_accents


class VueLue(NamedTuple):
    """A view that the current person may open."""

    id: int
    nom: str
    parametres: str
    colonnes: list[str]
    partagee: bool
    sienne: bool


class Cadre(NamedTuple):
    """What surrounds the list."""

    sites: list[tuple[int, str]]
    """The organismes of the reach, by name; none when there is only one to choose from."""
    vues: list[VueLue]
    colonnes: list[str] | None
    """None: never chosen."""

    def vue(self, vue_id: int | None) -> VueLue | None:
        return next((vue for vue in self.vues if vue.id == vue_id), None)


_VUE, _COLONNES, _SITE = "V", "C", "S"


def cadre() -> Cadre:
    """Sites of the reach, views of the person and of the organisation in use, columns chosen: one statement."""
    moi = scope.courant().personne_id
    partagee, sienne = Vue.organisation_id.is_not(None), Vue.personne_id == moi
    vues = select(literal(_VUE), Vue.id, Vue.nom, Vue.parametres, Vue.colonnes, partagee, sienne).where(
        _visible()
    )
    choix = select(
        literal(_COLONNES), literal(0), null(), null(), ReglageListe.colonnes, literal(False), literal(True)
    ).where(ReglageListe.personne_id == moi)
    lues: Sequence[Any] = db.session.execute(union_all(vues, choix, *_sites())).all()
    choisies = next((colonnes for genre, _, _, _, colonnes, *_ in lues if genre == _COLONNES), None)
    sites = [
        (cle, f"{nom} ({commune})" if commune else nom)
        for genre, cle, nom, commune, *_ in lues
        if genre == _SITE
    ]
    siennes = [VueLue(*ligne[1:]) for ligne in lues if ligne[0] == _VUE]
    return Cadre(
        sorted(sites, key=lambda s: (sans_accents(s[1]), s[0])),
        sorted(siennes, key=lambda v: (sans_accents(v.nom), v.id)),
        choisies,
    )


def _sites() -> list[Select[Any]]:
    portee = scope.courant().portee(Droit.VOIR_NOMINATIF).organismes
    if portee is None or len(portee) < 2:
        return []
    o = Organisme
    colonnes: tuple[Any, ...] = (
        literal(_SITE),
        o.id,
        o.nom,
        o.commune,
        null(),
        literal(False),
        literal(False),
    )
    return [select(*colonnes).where(scope.parmi(table_de(o).c.id, portee))]


def colonnes_de(vue_id: int | None) -> list[str]:
    """The columns that the person sees with that view; empty: the usual ones."""
    lus = cadre()
    vue = lus.vue(vue_id)
    return (vue.colonnes if vue is not None else None) or lus.colonnes or []


def organisation_courante() -> int | None:
    """The organisation for which the person acts now."""
    trouvee: int | None = db.session.execute(_organisation()).scalar_one_or_none()
    return trouvee


def sienne(vue_id: int) -> Vue:
    """A view of the current person, locked. Another’s answers as one that does not exist: Introuvable."""
    requete = select(Vue).where(Vue.id == vue_id, Vue.personne_id == scope.courant().personne_id)
    trouvee = db.session.execute(requete.with_for_update()).scalar_one_or_none()
    if trouvee is None:
        raise Introuvable
    return trouvee


def siennes() -> list[Vue]:
    """The views of the current person, locked: two savings at once queue."""
    requete = select(Vue).where(Vue.personne_id == scope.courant().personne_id).order_by(Vue.nom, Vue.id)
    return list(db.session.execute(requete.with_for_update()).scalars())


def _visible() -> ColumnElement[bool]:
    partagee = Vue.organisation_id == _organisation().scalar_subquery()
    return or_(Vue.personne_id == scope.courant().personne_id, partagee)


def _organisation() -> Select[Any]:
    return select(Habilitation.organisation_id).where(Habilitation.id == scope.courant().habilitation_id)
