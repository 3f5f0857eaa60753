"""A rupture declared with its cause, cancelled or contested (decision 19); and what the ERP then says."""

from datetime import date

from sqlalchemy.orm import Session

from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.statuts import Statut
from tests import factories as f
from tests.effectifs.aides import contrat_de, corrections, envoyer, phrases, statut_du_jour
from tests.effectifs.aides_contrats import FIN, OCTOBRE, etats, recevoir
from tests.effectifs.conftest import Decor
from tests.effectifs.test_annuler import annuler
from tests.pages import Navigateur


def test_une_rupture_se_declare_avec_sa_cause_et_s_annule(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    contrat = contrat_de(session, effectif)
    adresse = f"/contrats/{contrat.id}/rompre"
    refuse = envoyer(
        directrice, adresse, rupture="2026-11-02", cause_legale="DEMISSION", employeur_informe_le="2026-10-30"
    )
    assert refuse.status_code == 422
    assert "au plus tôt 7 jours après" in phrases(refuse)
    vu = envoyer(directrice, adresse, action="voir", rupture="2026-11-02", cause_legale="ACCORD")
    assert "un dossier de rupture sera ouvert" in phrases(vu)
    assert "accord entre l’employeur et l’apprenti" in phrases(vu)
    envoyer(directrice, adresse, rupture="2026-11-02", cause_legale="ACCORD")
    assert statut_du_jour(session, effectif) is Statut.RUPTURANT
    assert contrat_de(session, effectif).cause_legale == "ACCORD"
    annulation = f"/contrats/{contrat.id}/rupture/annuler"
    vu = phrases(envoyer(directrice, annulation, action="voir"))
    assert "Le statut passera de « en rupture » à « apprenti »" in vu
    assert "le dossier de rupture sera clos" in vu
    envoyer(directrice, annulation)
    relu = contrat_de(session, effectif)
    assert (relu.rupture, relu.cause_legale) == (None, None)
    assert statut_du_jour(session, effectif) is Statut.APPRENTI


def test_une_rupture_annulee_que_l_erp_repete_reste_annulee_et_se_retablit(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    rompu = ContratRecu(OCTOBRE, FIN, date(2026, 11, 2))
    recevoir(session, effectif, rompu)
    contrat = contrat_de(session, effectif)
    envoyer(directrice, f"/contrats/{contrat.id}/rupture/annuler")
    recevoir(session, effectif, rompu, ine="B")
    assert contrat_de(session, effectif).rupture is None
    assert statut_du_jour(session, effectif) is Statut.APPRENTI
    annuler(directrice, corrections(session)[0])
    assert contrat_de(session, effectif).rupture == date(2026, 11, 2)
    assert statut_du_jour(session, effectif) is Statut.RUPTURANT


def test_une_rupture_contestee_compte_encore_et_l_erp_qui_la_retire_clot_la_contestation(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    recevoir(session, effectif, ContratRecu(OCTOBRE, FIN, date(2026, 11, 2)))
    contrat = contrat_de(session, effectif)
    envoyer(directrice, f"/contrats/{contrat.id}/rupture/contester", contestation="CONTRAT_EN_COURS")
    assert statut_du_jour(session, effectif) is Statut.RUPTURANT
    assert "Vous contestez cette rupture" in phrases(directrice.get(f"/effectifs/{effectif.id}"))
    recevoir(session, effectif, ContratRecu(OCTOBRE, FIN), ine="B")
    assert (contrat_de(session, effectif).contestation, etats(session, "contestation")) == (
        None,
        ["REJOINTE"],
    )


def test_une_contestation_s_annule(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    contrat = contrat_de(session, effectif)
    envoyer(directrice, f"/contrats/{contrat.id}/rupture/contester", contestation="NON_NOTIFIEE")
    annuler(directrice, corrections(session)[0])
    assert contrat_de(session, effectif).contestation is None
    sans = f.un_apprenti(session, decor.cfa)
    adresse = f"/contrats/{contrat_de(session, sans).id}/rupture/contester"
    assert directrice.get(adresse).status_code == 404
