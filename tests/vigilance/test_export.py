"""The list leaves as its page shows it: same people, same order, same sentences; for its CFA alone."""

from sqlalchemy.orm import Session

from tdba.organismes.models import Organisme
from tdba.vigilance.regles import Regle
from tests.exports.aides import exporter, lignes
from tests.factories import un_sans_contrat
from tests.pages import Navigateur
from tests.vigilance.aides import noms, un_contrat_recent, un_tranquille, voir


def test_la_liste_sort_dans_l_ordre_de_sa_page_avec_ses_phrases(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    un_contrat_recent(session, cfa, prenom="Recente", depuis=8)
    un_contrat_recent(session, cfa, prenom="Bientot", depuis=40)
    un_sans_contrat(session, cfa, prenom="Sans", depuis=60)
    un_tranquille(session, cfa, prenom="Tranquille")
    un_contrat_recent(session, voisin, prenom="Voisine")
    ecran = noms(directeur.get("/vigilance"))
    rangees = lignes(
        exporter(session, directeur, "/exports/demander/vigilance", colonnes=("prenom", "regles", "pourquoi"))
    )
    assert [r[0] for r in rangees] == ecran == ["Bientot", "Sans", "Recente"]
    assert rangees[1][1] == "Sans contrat depuis 45 jours"
    assert str(rangees[2][2]).startswith("9e jour du contrat commencé le")


def test_un_onglet_sort_seul_et_une_regle_eteinte_ne_sort_pas(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    vue = un_contrat_recent(session, cfa, prenom="Vue")
    un_sans_contrat(session, cfa, prenom="Sans", depuis=60)
    voir(directeur, vue, revoir_le="2026-12-01")
    directeur.post("/vigilance/reglages", {"regle": str(Regle.SANS_CONTRAT_45), "active": "non"})
    colonnes = ("prenom", "vu_par")
    fichier = exporter(session, directeur, "/exports/demander/vigilance?regle=vus", colonnes=colonnes)
    assert lignes(fichier) == [["Vue", "Dominique Testeur"]]
    assert "Sans" not in noms(directeur.get("/vigilance"))
