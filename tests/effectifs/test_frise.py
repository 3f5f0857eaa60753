"""The drawing of a parcours: places from 0 to 1000, months under it, the day when it is on it."""

from datetime import date

from tdba.effectifs import frise, raisons
from tdba.effectifs.raisons import EtapeLue
from tdba.effectifs.statuts import ContratDates, parcours

ENTREE, FIN, JOUR = date(2026, 9, 1), date(2027, 8, 31), date(2026, 11, 18)


def etapes(*contrats: ContratDates, entree: date = ENTREE, fin: date = FIN) -> list[EtapeLue]:
    return [raisons.depuis_calcul(e) for e in parcours(entree=entree, fin=fin, contrats=contrats).etapes]


def test_rien_a_dessiner_sans_etape() -> None:
    assert frise.dessiner([], fin=FIN, jour=JOUR) is None


def test_les_etapes_se_suivent_sans_trou_de_gauche_a_droite() -> None:
    dessin = frise.dessiner(etapes(ContratDates(date(2026, 10, 1), FIN)), fin=FIN, jour=JOUR)
    assert dessin is not None
    assert [s.etape.statut for s in dessin.segments] == ["INSCRIT", "APPRENTI", "FIN_DE_FORMATION"]
    assert dessin.segments[0].x0 == 0
    assert [s.x1 for s in dessin.segments[:-1]] == [s.x0 for s in dessin.segments[1:]]
    assert dessin.segments[-1].x1 == frise.LARGEUR


def test_une_etape_d_un_jour_reste_visible() -> None:
    dessin = frise.dessiner(etapes(ContratDates(date(2026, 9, 2), FIN)), fin=FIN, jour=JOUR)
    assert dessin is not None
    assert dessin.segments[0].x1 - dessin.segments[0].x0 >= frise.LARGEUR_MIN


def test_le_jour_est_a_sa_place() -> None:
    dessin = frise.dessiner(etapes(), fin=FIN, jour=ENTREE)
    assert dessin is not None
    assert dessin.aujourdhui == 0


def test_une_entree_a_venir_commence_le_dessin_aujourd_hui() -> None:
    dessin = frise.dessiner(etapes(), fin=FIN, jour=date(2026, 8, 1))
    assert dessin is not None
    assert dessin.aujourdhui == 0
    assert dessin.segments[0].x0 > 0


def test_un_parcours_fini_depuis_longtemps_ne_montre_pas_le_jour() -> None:
    dessin = frise.dessiner(etapes(), fin=FIN, jour=date(2029, 1, 1))
    assert dessin is not None
    assert dessin.aujourdhui is None


def test_les_mois_sont_assez_rares_pour_etre_lus() -> None:
    for fin in (date(2026, 10, 1), FIN, date(2029, 8, 31), date(2046, 8, 31)):
        dessin = frise.dessiner(etapes(fin=fin), fin=fin, jour=JOUR)
        assert dessin is not None
        assert 1 <= len(dessin.reperes) <= frise.REPERES_MAX + 1
        assert [r.x for r in dessin.reperes] == sorted({r.x for r in dessin.reperes})


def test_un_repere_est_le_premier_jour_d_un_mois() -> None:
    dessin = frise.dessiner(etapes(), fin=FIN, jour=ENTREE)
    assert dessin is not None
    assert dessin.reperes[0] == (0, "sept. 26")
