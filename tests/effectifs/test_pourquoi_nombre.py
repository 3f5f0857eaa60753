"""A list and the figures of the same filters have the same total; when they do not, a page says why."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.indicateurs import queries as chiffres
from tests import factories as f
from tests.effectifs.aides import lien, noms, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur

STATUTS = {
    "apprentis": "APPRENTI,FIN_DE_FORMATION",
    "inscrits": "INSCRIT",
    "rupturants": "RUPTURANT",
    "sorties": "ABANDON",
}


@pytest.fixture
def peuple(session: Session, decor: Decor) -> None:
    """Every status, on two sites and two levels; and what figures leave out: other years, no status, the bin."""
    for site, niveau in ((decor.cfa, 3), (decor.annexe, 4)):
        f.un_apprenti(session, site, niveau=niveau)
        f.un_diplome(session, site, niveau=niveau)
        f.une_rupture(session, site, niveau=niveau)
        f.un_sorti(session, site, niveau=niveau)
        f.un_sans_contrat(session, site, niveau=niveau, depuis=200)
        f.un_sans_contrat(session, site, niveau=niveau, annee_scolaire="2026-2026")
        f.un_sans_contrat(session, site, niveau=niveau, annee_scolaire="2025-2026")
        f.un_effectif(session, site, niveau=niveau, entree=date(2027, 1, 4))
        f.un_effectif(session, site, niveau=niveau, entree=None, fin=None)


@pytest.mark.usefixtures("peuple")
@pytest.mark.parametrize("niveau", [None, 3, 4])
@pytest.mark.parametrize("sites", [("cfa",), ("annexe",), ("cfa", "annexe")])
def test_le_total_de_la_liste_est_celui_des_chiffres_pour_les_memes_filtres(
    decor: Decor, directrice: Navigateur, niveau: int | None, sites: tuple[str, ...]
) -> None:
    ids = [getattr(decor, site).id for site in sites]
    comptes = chiffres.comparaison(horloge.aujourd_hui(), ids, niveau=niveau).statuts
    adresse = "/effectifs?annee=comptees" + (f"&niveau={niveau}" if niveau else "")
    adresse += f"&site={ids[0]}" if len(ids) == 1 else ""
    listes = {nom: len(noms(directrice.get(f"{adresse}&statut={statut}"))) for nom, statut in STATUTS.items()}
    assert listes == {nom: getattr(comptes, nom) for nom in STATUTS}
    assert (sum(listes.values()) == 0) == (niveau is not None and len(ids) == 1 and _autre(niveau, sites[0]))


def _autre(niveau: int, site: str) -> bool:
    """That site has nobody at that level."""
    return {"cfa": 3, "annexe": 4}[site] != niveau


@pytest.mark.usefixtures("peuple")
def test_la_page_dit_ce_que_les_chiffres_comptent_et_pourquoi_pas_le_reste(directrice: Navigateur) -> None:
    liste = directrice.get("/effectifs")
    assert "18 apprenants" in phrases(liste)
    page = directrice.get(lien(liste, "Pourquoi ce nombre"))
    mots = phrases(page)
    assert "votre liste compte 18 fiches ; les chiffres en comptent 12" in mots
    assert "2 fiches d’une autre année" in mots
    assert "4 fiches sans statut ce jour" in mots
    assert "4 apprentis" in mots
    comptees = directrice.get(lien(page, "Voir la liste des années"))
    assert "16 apprenants" in phrases(comptees)


@pytest.mark.usefixtures("peuple")
def test_une_liste_que_les_chiffres_comptent_toute_le_dit(directrice: Navigateur) -> None:
    mots = phrases(directrice.get("/effectifs/pourquoi-ce-nombre?annee=comptees&statut=RUPTURANT"))
    assert "les chiffres les comptent toutes" in mots
    assert "ne comptent pas" not in mots
    assert "aucun chiffre" not in mots


def test_un_filtre_que_les_chiffres_n_ont_pas_est_dit(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.une_rupture(session, decor.cfa)
    mots = phrases(directrice.get("/effectifs/pourquoi-ce-nombre?age=18-20&statut=RUPTURE"))
    assert "réduite par l’âge et la raison du statut" in mots


def test_un_etablissement_qui_n_est_pas_fiable_est_ecarte_des_chiffres_des_autres_et_pas_des_siens(
    session: Session, decor: Decor, directrice: Navigateur, agent: Callable[[str], Navigateur]
) -> None:
    decor.cfa.fiable = False
    decor.annexe.ferme = True
    for site in (decor.cfa, decor.annexe, decor.voisin):
        f.une_rupture(session, site)
    adresse = "/effectifs/pourquoi-ce-nombre?annee=comptees"
    assert "2 fiches dans un établissement fermé" in phrases(agent("DREETS").get(adresse))
    assert "les chiffres les comptent toutes" in phrases(directrice.get(adresse))


def test_l_assistance_n_a_pas_cette_page(assistante: Navigateur) -> None:
    assert assistante.get("/effectifs/pourquoi-ce-nombre").status_code == 403
    assert assistante.get("/effectifs/employeurs").status_code == 403
