"""Each rule is on or off for an organisation: who may choose, and what it changes."""

from sqlalchemy.orm import Session

from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.vigilance.regles import Regle
from tests.factories import un_sans_contrat, une_habilitation, une_organisation, une_personne
from tests.pages import Navigateur, arbre, tableau, texte
from tests.vigilance.aides import noms, un_contrat_recent, voir


def eteindre(qui: Navigateur, regle: Regle, active: str = "non") -> int:
    return qui.post("/vigilance/reglages", {"regle": str(regle), "active": active}).status_code


def test_au_depart_toutes_les_regles_sont_actives_et_chacune_dit_d_ou_elle_vient(
    directeur: Navigateur,
) -> None:
    lignes = tableau(directeur.get("/vigilance/reglages"), "regles")
    assert len(lignes) == len(Regle)
    assert {ligne["État"] for ligne in lignes} == {"Active depuis le départ"}
    assert lignes[0]["Qui elle nomme"].endswith("Code du travail, article L6222-18.")


def test_une_regle_eteinte_ne_nomme_plus_personne_et_dit_qui_l_a_eteinte(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    recente = un_contrat_recent(session, cfa, prenom="Recente")
    un_sans_contrat(session, cfa, prenom="Sans", depuis=60)
    assert eteindre(directeur, Regle.PREMIERS_JOURS) == 303
    assert noms(directeur.get("/vigilance")) == ["Sans"]
    assert directeur.get(f"/vigilance/{recente.id}").status_code == 404
    assert "9e jour du contrat" not in texte(arbre(directeur.get(f"/effectifs/{recente.id}")))
    ligne = tableau(directeur.get("/vigilance/reglages"), "regles")[0]
    assert ligne["État"] == "Éteinte Dominique Testeur, le 18 novembre 2026 à 12 h 00"
    assert eteindre(directeur, Regle.PREMIERS_JOURS, "oui") == 303
    assert noms(directeur.get("/vigilance")) == ["Sans", "Recente"]


def test_eteinte_deux_fois_c_est_une_fois_et_le_journal_le_dit(
    session: Session, directeur: Navigateur
) -> None:
    assert [eteindre(directeur, Regle.EMPLOYEUR) for _ in range(2)] == [303, 303]
    (evenement,) = [e for e in session.query(Evenement).all() if e.evenement == "vigilance.regle_changee"]
    assert (evenement.details["regle"], evenement.details["active"]) == ("EMPLOYEUR", False)
    assert directeur.post("/vigilance/reglages", {"regle": "RQTH", "active": "oui"}).status_code == 404


def test_le_reglage_d_une_organisation_n_est_pas_celui_d_une_autre(
    session: Session, directeur: Navigateur, navigateur: Navigateur, cfa: Organisme
) -> None:
    un_contrat_recent(session, cfa, prenom="Lou")
    autre = une_organisation(
        session, "ORGANISME_FORMATION", "Même CFA", regle="ETABLISSEMENTS", organismes=[cfa]
    )
    adjoint = navigateur.comme(une_habilitation(session, une_personne(session, "Ali"), autre))
    eteindre(directeur, Regle.PREMIERS_JOURS)
    assert noms(directeur.get("/vigilance")) == []
    assert noms(adjoint.get("/vigilance")) == ["Lou"]


def test_qui_est_limite_a_un_site_ou_simple_membre_lit_les_regles_et_n_en_change_aucune(
    session: Session, directeur: Navigateur, navigateur: Navigateur, cfa: Organisme
) -> None:
    """A rule holds for all the sites: its administrators choose, as for what sends and for the team."""
    famille = une_organisation(
        session, "ORGANISME_FORMATION", "CFA", regle="ETABLISSEMENTS", organismes=[cfa]
    )
    membre = une_habilitation(session, une_personne(session, "Maël"), famille, role="membre")
    d_un_site = une_habilitation(session, une_personne(session, "Sacha"), famille, sites=[cfa])
    for qui in (navigateur.comme(membre), navigateur.comme(d_un_site)):
        page = qui.get("/vigilance/reglages")
        assert "peuvent les changer" in texte(arbre(page))
        assert "Action" not in tableau(page, "regles")[0]
        assert eteindre(qui, Regle.EMPLOYEUR) == 403
    assert "Action" in tableau(directeur.get("/vigilance/reglages"), "regles")[0]


def test_ni_le_support_ni_le_reseau_ne_choisissent_les_regles(
    session: Session, navigateur: Navigateur, reseau: Navigateur, cfa: Organisme
) -> None:
    lou = un_contrat_recent(session, cfa)
    support = une_organisation(session, "SUPPORT", "Support", regle="NATION")
    second = une_personne(session, "Second")
    personne = une_habilitation(session, une_personne(session, "Sacha"), support, validee_par=second)
    assistance = navigateur.comme(personne)
    for qui in (assistance, reseau):
        assert qui.get("/vigilance/reglages").status_code == 403
        assert eteindre(qui, Regle.EMPLOYEUR) == 403
    assert assistance.get("/vigilance").status_code == 403
    assert voir(assistance, lou).status_code == 403
    assert "/vigilance" not in assistance.get("/support").text
