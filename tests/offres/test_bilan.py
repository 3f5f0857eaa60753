"""Search steps are counted by what they are and by what came back."""

from tdba.offres.bilan import Bilan, bilan_de


def test_chaque_demarche_compte_pour_ce_qu_elle_dit() -> None:
    lu = bilan_de(
        [
            ("OFFRES_ENVOYEES", None, 5),
            ("CANDIDATURE", None, 4),
            ("CANDIDATURE", "RENDEZ_VOUS", 1),
            ("REPONSE", "POSITIVE", 1),
            ("REPONSE", "NEGATIVE", 2),
            ("REPONSE", None, 1),
            ("RDV_FORMATION", None, 3),
            ("RDV_FORMATION", "RENDEZ_VOUS", 1),
            ("RDV_FORMATION", "SANS_REPONSE", 1),
            ("APPEL", "JOINT", 9),
        ]
    )
    assert lu == Bilan(5, 5, 4, 1, 2, 3, 1, 0, 1)
    assert lu.liens_sans_suite == 1


def test_sans_demarche_de_recherche_le_bilan_est_vide() -> None:
    assert bilan_de([("APPEL", "JOINT", 9)]).vide
    assert not bilan_de([("OFFRES_ENVOYEES", None, 1)]).vide


def test_plus_de_reponses_que_de_liens_n_attend_rien() -> None:
    assert bilan_de([("RDV_FORMATION", "NEGATIVE", 2), ("RDV_FORMATION", None, 1)]).liens_sans_suite == 0
