"""From one sheet to the next inside the list it was opened from."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.effectifs import filtres, recherche, voisinage
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models import Effectif
from tdba.effectifs.voisinage import Voisins
from tdba.scope import Droit, Portee, Scope
from tests import factories as f
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, liens

Autour = Callable[..., Voisins | None]


@pytest.fixture
def chez_soi(session: Session, decor: Decor) -> Callable[[], AbstractContextManager[None]]:
    """The scope of a director of the two CFA, for one reading."""
    portee = Portee(frozenset({decor.cfa.id, decor.annexe.id}))

    @contextmanager
    def entrer() -> Iterator[None]:
        session.commit()
        with scope.sous(Scope({Droit.VOIR_NOMINATIF: portee, Droit.CORRIGER: portee})):
            yield
            session.rollback()

    return entrer


@pytest.fixture
def autour(chez_soi: Callable[[], AbstractContextManager[None]]) -> Autour:
    def lire(effectif: Effectif, **etat: Any) -> Voisins | None:
        with chez_soi():
            return voisinage.autour(Filtres(**etat), None, effectif.id, horloge.aujourd_hui())

    return lire


@pytest.fixture
def cinq(session: Session, decor: Decor) -> list[Effectif]:
    """Five records by name; two share their entry, one has none; and one of another CFA between them."""
    entrees = [date(2026, 9, 2), date(2026, 9, 1), date(2026, 9, 1), None, date(2026, 9, 3)]
    f.un_apprenti(session, decor.voisin, nom="NB")
    return [
        f.un_apprenti(session, decor.cfa, nom=f"N{lettre}", entree=entree, fin=date(2027, 8, 31))
        for lettre, entree in zip("ABCDE", entrees, strict=True)
    ]


@pytest.mark.parametrize("tri", filtres.TRIS)
@pytest.mark.parametrize("sens", filtres.SENS)
def test_on_avance_d_un_bout_a_l_autre_et_l_on_revient(
    autour: Autour, cinq: list[Effectif], tri: str, sens: str
) -> None:
    par_id = {e.id: e for e in cinq}
    premier = next(e for e in cinq if (v := autour(e, tri=tri, sens=sens)) and v.precedent is None)
    vus, ici = [premier.id], autour(premier, tri=tri, sens=sens)
    while ici and ici.suivant:
        assert ici.rang == len(vus)
        suite = autour(par_id[ici.suivant], tri=tri, sens=sens)
        assert suite is not None
        assert suite.precedent == vus[-1]
        vus.append(ici.suivant)
        ici = suite
    assert sorted(vus) == sorted(par_id)


def test_une_fiche_sortie_de_la_liste_garde_sa_place_entre_les_autres(
    session: Session, autour: Autour, cinq: list[Effectif]
) -> None:
    cinq[1].niveau = 4
    session.commit()
    voisins = autour(cinq[1], niveau=3)
    assert voisins == Voisins(cinq[0].id, cinq[2].id, None, 4, "niveau=3")
    assert voisins.retour == "?niveau=3"


def test_une_fiche_hors_de_portee_n_a_pas_de_voisines(session: Session, decor: Decor, autour: Autour) -> None:
    assert autour(f.un_apprenti(session, decor.voisin)) is None


def test_la_liste_d_une_recherche_est_celle_de_la_session(
    chez_soi: Callable[[], AbstractContextManager[None]], cinq: list[Effectif]
) -> None:
    jour, maintenant = horloge.aujourd_hui(), horloge.maintenant()

    def de_la_fiche(etat: str | None, texte: str, effectif: Effectif) -> Voisins | None:
        gardees = recherche.ranger({}, "AbCdEf_-12", texte, maintenant)
        with chez_soi():
            return voisinage.de_la_fiche(etat, gardees, effectif.id, jour, maintenant)

    exacte = de_la_fiche("r=AbCdEf_-12&annee=toutes", "ND", cinq[3])
    assert exacte is not None
    assert (exacte.rang, exacte.total) == (1, 1)
    approchee = de_la_fiche("r=AbCdEf_-12", "Alxi", cinq[3])
    assert approchee is not None
    assert (approchee.precedent, approchee.suivant, approchee.total) == (cinq[2].id, cinq[4].id, 5)
    oubliee = de_la_fiche("r=Autre_-12345&niveau=3", "ND", cinq[3])
    assert oubliee is not None
    assert oubliee.total == 5
    assert de_la_fiche(None, "ND", cinq[3]) is None


def test_les_lignes_de_la_liste_emportent_son_etat(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    fiche = next(a for a in liens(directrice.get("/effectifs?niveau=3&tri=entree")) if f"/{effectif.id}" in a)
    assert parse_qs(urlsplit(fiche).query) == {"liste": ["niveau=3&tri=entree"]}
    assert directrice.get(fiche).status_code == 200
