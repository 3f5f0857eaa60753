"""What one did: one's own acts alone, in words, by day, each with its record when it is still in reach."""

from sqlalchemy.orm import Session

from tdba import evenements
from tdba.effectifs import mots_activite
from tests import factories as f
from tests.effectifs.aides import envoyer, lectures, phrases
from tests.effectifs.aides_journal import ouverte_par
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, liens

DU_SERVICE = frozenset(
    {
        "revue.relancee",
        "revue.gardee_d_office",
        "transmission.recue",
        "transmission.traitee",
        "transmission.rejouee",
        "transmission.envoi_clos",
        "silence.signale",
        "silence.clos",
        "depot.lu",
        "depot.applique",
        "depot.annule",
        "depot.entretien",
        "rapprochement.entretien",
        "cle_api.preavis",
        "appairage.remis",
        "points.reconstruits",
        "parcours.recalcule",
        "indicateurs.reconstruits",
        "referentiel.importe",
        "certifications.demandees",
        "entreprises.demandees",
        "effectifs.completes",
        "effectif.efface",
        "anomalies.reconstruites",
        "doublons.detectes",
        "entretien.purge",
        "export.effaces",
        "sifa.points_faits",
        "dossiers.ouverts",
        "dossiers.departs_constates",
        "dossiers.notes_effacees",
        "dossiers.verifies",
        "vigilance.notes_effacees",
        "liaison.ouverte",
        "liaison.repondue",
        "liaison.expiree",
        "liaisons.entretien",
        "missions_locales.demandees",
        "offres.cherchees",
        "offres.oubliees",
    }
)
"""Events that no person causes: jobs, commands, ERPs."""


def test_tout_ce_qu_une_personne_peut_faire_a_ses_mots() -> None:
    sans_mots = evenements.CATALOGUE.keys() - mots_activite.PHRASES.keys() - DU_SERVICE
    assert sans_mots == set()
    assert not DU_SERVICE & mots_activite.PHRASES.keys()
    assert all(phrase.endswith(".") for phrase in mots_activite.PHRASES.values())


def test_une_lecture_dit_si_c_est_une_fiche_ou_une_liste() -> None:
    dire = mots_activite.phrase
    assert (
        dire("effectif.consulte", {"ecran": "effectifs.fiche", "ids": [1]}) == "Vous avez ouvert une fiche."
    )
    assert "une liste de 3" in dire("effectif.consulte", {"ecran": "autre", "ids": [1, 2, 3]})


def test_chacun_relit_ce_qu_il_a_fait_et_rien_d_autre(
    session: Session, decor: Decor, directrice: Navigateur, voisine: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa, nom="LE GOFF", prenom="Zoé")
    envoyer(directrice, f"/effectifs/{effectif.id}/corriger/nom", valeur="MARTIN")
    vue = directrice.get("/mon-activite")
    assert "Vous avez corrigé une fiche : Nom. Zoé MARTIN" in phrases(vue)
    assert "18 novembre 2026" in phrases(vue)
    assert f"/effectifs/{effectif.id}" in liens(vue)
    assert "MARTIN" not in phrases(voisine.get("/mon-activite"))


def test_le_meme_geste_repete_tient_en_une_ligne(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    for _ in range(4):
        directrice.get(f"/effectifs/{effectif.id}")
    assert "Vous avez ouvert une fiche. 4 fois. Alix CANARI" in phrases(directrice.get("/mon-activite"))


def test_une_fiche_partie_ailleurs_n_est_plus_nommee(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    directrice.get(f"/effectifs/{effectif.id}")
    effectif.organisme_id = decor.voisin.id
    session.commit()
    vue = directrice.get("/mon-activite")
    assert "Vous avez ouvert une fiche." in phrases(vue)
    assert "CANARI" not in phrases(vue)
    assert f"/effectifs/{effectif.id}" not in liens(vue)


def test_l_assistance_ne_lit_pas_de_nom_dans_son_activite(
    session: Session, decor: Decor, assistante: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    ouverte_par(session, assistante, effectif)
    vue = phrases(assistante.get("/mon-activite"))
    assert f"Vous avez ouvert une fiche sous une demande. fiche {effectif.id}" in vue
    assert "CANARI" not in vue


def test_mon_activite_se_lit_par_pages_et_coute_peu(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    for _ in range(55):
        directrice.get(f"/effectifs/{effectif.id}")
    page = directrice.get("/mon-activite")
    (suite,) = [lien for lien in liens(page) if "avant=" in lien]
    assert "Vous avez ouvert une fiche." in phrases(directrice.get(suite))
    assert directrice.get("/mon-activite?avant=abc").status_code == 200
    assert lectures(directrice, "/mon-activite") <= 8


def test_mon_compte_y_mene(decor: Decor, directrice: Navigateur) -> None:
    assert "/mon-activite" in liens(directrice.get("/mon-compte"))
