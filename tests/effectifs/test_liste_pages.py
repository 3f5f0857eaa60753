"""Pages of the list: a cursor on the last row, for every order, forwards and backwards."""

import itertools
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba.db import table_de
from tdba.effectifs import filtres, parcours, queries_liste
from tdba.effectifs.models import Effectif
from tests import factories as f
from tests.effectifs.aides import lien, noms, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, arbre, liens, tableau, texte


@pytest.fixture
def foule(session: Session, decor: Decor) -> None:
    """120 records, whose sort values repeat and miss, copied from one: the factory would take seconds."""
    modele = f.un_effectif(session, decor.cfa)
    copies = [c.name for c in table_de(Effectif).columns if c.name != "id"]
    entrees = itertools.cycle([date(2026, 9, 1), date(2026, 9, 2), None, date(2026, 10, 1)])
    formations = itertools.cycle(["CAP", None, "Bac"])
    effectifs = [
        Effectif(
            **{nom: getattr(modele, nom) for nom in copies}
            | {
                "id_erp": f"foule-{n}",
                "recherche": f"NOM {n % 40:02}",
                "date_entree": next(entrees),
                "formation": next(formations),
                "rncp": None,
            }
        )
        for n in range(119)
    ]
    session.add_all(effectifs)
    session.flush()
    parcours.recalculer([e.id for e in effectifs])
    session.commit()


def est_une_fiche(adresse: str) -> bool:
    return adresse.removeprefix("/effectifs/").partition("?")[0].isdigit()


def parcourir(navigateur: Navigateur, adresse: str, sens: str = "Suivants") -> list[list[str]]:
    pages = []
    while True:
        reponse = navigateur.get(adresse)
        pages.append([a.partition("?")[0] for a in liens(reponse) if est_une_fiche(a)])
        suite = [str(a.get("href")) for a in arbre(reponse).iter("a") if texte(a) == sens]
        if not suite:
            return pages
        adresse = suite[0]


@pytest.mark.parametrize("tri", filtres.TRIS)
@pytest.mark.parametrize("sens", ["asc", "desc"])
@pytest.mark.usefixtures("foule")
def test_les_pages_couvrent_tout_sans_doublon_et_se_remontent(
    directrice: Navigateur, tri: str, sens: str
) -> None:
    pages = parcourir(directrice, f"/effectifs?tri={tri}&sens={sens}")
    assert [len(p) for p in pages] == [50, 50, 20]
    assert len(set(itertools.chain.from_iterable(pages))) == 120
    dernier = pages[-1][0].rsplit("/", 1)[1]
    remontee = parcourir(directrice, f"/effectifs?tri={tri}&sens={sens}&avant={dernier}", "Précédents")
    assert remontee == [pages[1], pages[0]]


@pytest.mark.usefixtures("foule")
def test_les_valeurs_absentes_sont_a_la_fin_dans_les_deux_sens(directrice: Navigateur) -> None:
    for sens in ("asc", "desc"):
        premiere = tableau(directrice.get(f"/effectifs?tri=entree&sens={sens}"))
        assert all(ligne["Entrée"] != "non renseignée" for ligne in premiere)


@pytest.mark.usefixtures("foule")
def test_la_position_est_dite_en_mots(directrice: Navigateur) -> None:
    premiere = directrice.get("/effectifs")
    assert "120 apprenants" in phrases(premiere)
    assert "Lignes 1 à 50 sur 120" in phrases(premiere)
    seconde = directrice.get(lien(premiere, "Suivants"))
    assert "Lignes 51 à 100 sur 120" in phrases(seconde)
    assert "Lignes 1 à 50 sur 120" in phrases(directrice.get(lien(seconde, "Précédents")))


@pytest.mark.usefixtures("foule")
def test_au_dela_du_compte_exact_on_dit_plus_de(
    directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_liste, "COMPTE_EXACT", 100)
    premiere = directrice.get("/effectifs")
    assert "Plus de 10 000 apprenants" in phrases(premiere)
    assert "sur plus de" in phrases(directrice.get(lien(premiere, "Suivants")))


def test_un_curseur_perdu_donne_la_premiere_page_et_le_dit(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="ABADIE")
    ailleurs = f.un_apprenti(session, decor.voisin)
    for perdu in (ailleurs.id, 999_999):
        reponse = directrice.get(f"/effectifs?apres={perdu}")
        assert noms(reponse) == ["ABADIE Alix"]
        assert "Voici la première page" in phrases(reponse)


def test_un_nom_suivi_d_un_homonyme_ne_se_perd_pas_entre_deux_pages(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    for _ in range(53):
        f.un_apprenti(session, decor.cfa, nom="MARTIN")
    pages = parcourir(directrice, "/effectifs")
    assert [len(p) for p in pages] == [50, 3]
