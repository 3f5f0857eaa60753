"""What a correction would change is computed by the rules, on the dates as they would be."""

from datetime import date

from tdba.effectifs.consequence import Consequence, comparer
from tdba.effectifs.statuts import ContratDates, Parcours, parcours

JOUR, ENTREE, FIN = date(2026, 11, 18), date(2026, 9, 1), date(2027, 8, 31)


def effet(avant: ContratDates, apres: ContratDates) -> Consequence:
    def calculer(contrat: ContratDates) -> Parcours:
        return parcours(entree=ENTREE, fin=FIN, contrats=[contrat])

    return comparer(calculer(avant), calculer(apres), fin=FIN, jour=JOUR)


def test_retirer_une_rupture_rend_apprenti_et_clot_le_dossier() -> None:
    c = effet(ContratDates(ENTREE, FIN, date(2026, 10, 5)), ContratDates(ENTREE, FIN))
    assert c.statut_change
    assert c.avant is not None
    assert c.apres is not None
    assert (c.avant.statut, c.avant.motif, c.apres.statut) == ("RUPTURANT", "RUPTURE", "APPRENTI")
    assert c.dossier == "CLOS"


def test_ajouter_une_rupture_passee_ouvre_un_dossier() -> None:
    c = effet(ContratDates(ENTREE, FIN), ContratDates(ENTREE, FIN, date(2026, 10, 5)))
    assert c.dossier == "OUVERT"
    assert [(e.statut, e.du) for e in c.venues] == [
        ("RUPTURANT", date(2026, 10, 5)),
        ("ABANDON", date(2027, 4, 3)),
    ]
    assert [e.statut for e in c.parties] == ["FIN_DE_FORMATION"]


def test_une_rupture_a_venir_ne_change_pas_le_statut_du_jour() -> None:
    c = effet(ContratDates(ENTREE, FIN), ContratDates(ENTREE, FIN, date(2027, 1, 5)))
    assert not c.statut_change
    assert c.parcours_change
    assert c.dossier is None


def test_passer_d_une_rupture_a_un_terme_change_le_mot_et_pas_le_statut() -> None:
    c = effet(ContratDates(ENTREE, FIN, date(2026, 11, 1)), ContratDates(ENTREE, date(2026, 10, 31)))
    assert c.statut_change
    assert c.avant is not None
    assert c.apres is not None
    assert c.avant.statut == c.apres.statut == "RUPTURANT"
    assert c.apres.motif == "FIN_DE_CONTRAT"
    assert c.dossier == "CLOS"


def test_une_fin_deplacee_dans_la_meme_formation_ne_dit_que_ce_qui_change() -> None:
    c = effet(ContratDates(ENTREE, FIN), ContratDates(ENTREE, date(2027, 8, 30)))
    assert not c.statut_change
    assert (c.venues, c.parties, c.dossier) == ((), (), None)


def test_des_dates_impossibles_sont_dites() -> None:
    c = effet(ContratDates(ENTREE, FIN), ContratDates(None, FIN))
    assert c.anomalies == ("CONTRAT_SANS_DEBUT",)
    assert c.apres is None
