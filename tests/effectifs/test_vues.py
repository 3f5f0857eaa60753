"""Views saved for oneself or the organisation, and the columns of the list."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.comptes.models import Habilitation
from tdba.effectifs import colonnes_liste, vues
from tdba.effectifs.colonnes_liste import Public
from tdba.effectifs.filtres import Filtres
from tdba.effectifs.models_gestes import ReglageListe, Vue
from tests import factories as f
from tests.effectifs.aides import chercher, evenements, lien, noms, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, arbre, champs, liens, tableau


@pytest.fixture
def collegue(session: Session, navigateur: Navigateur, habilitation_directrice: Habilitation) -> Navigateur:
    """Somebody else of the director's organisation."""
    organisation = habilitation_directrice.organisation_id
    autre = Habilitation(
        personne_id=f.une_personne(session, "Colin").id,
        organisation_id=organisation,
        role="membre",
        debut=habilitation_directrice.debut,
        motif="test",
        cree_le=habilitation_directrice.cree_le,
    )
    session.add(autre)
    session.commit()
    return navigateur.comme(autre)


def enregistrer(navigateur: Navigateur, adresse: str = "", **saisies: str) -> Any:
    return navigateur.post(f"/effectifs/vues{adresse}", {"nom": "Mes inscrits"} | saisies)


def toutes(session: Session) -> list[Vue]:
    return list(session.execute(select(Vue).order_by(Vue.id)).scalars())


def test_une_vue_ne_garde_ni_recherche_ni_page() -> None:
    etat = Filtres(statuts=("INSCRIT",), niveau=3, tri="entree", sens="desc", r="AbCdEf_-12", apres=7, vue=2)
    assert vues.etat(etat) == "statut=INSCRIT&niveau=3&tri=entree&sens=desc"


@pytest.mark.parametrize("nom", ["", "x" * 61, "suivi 1 99 12 35 123 456 78"])
def test_un_nom_vide_trop_long_ou_qui_ressemble_a_un_nir_est_refuse(nom: str) -> None:
    assert vues.refus_de_nom(nom) is not None


def test_une_vue_s_enregistre_et_se_rouvre_avec_ses_filtres(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="APPRENTI")
    f.un_sans_contrat(session, decor.cfa, nom="INSCRIT")
    envoi = enregistrer(directrice, "?statut=INSCRIT")
    assert envoi.status_code == 303
    (vue,) = toutes(session)
    adresse = lien(directrice.get("/effectifs"), "Mes inscrits")
    assert adresse == f"/effectifs?statut=INSCRIT&vue={vue.id}" == envoi.headers["Location"]
    assert noms(directrice.get(adresse)) == ["INSCRIT Alix"]
    assert evenements(session, "vue.enregistree") == [{"partagee": False}]


def test_une_recherche_n_est_jamais_enregistree(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    for nom in ("MARTIN", "MARTINEZ"):
        f.un_apprenti(session, decor.cfa, nom=nom)
    page = chercher(directrice, "martin")
    action = next(a for a in formulaires(page) if a.startswith("/effectifs/vues?"))
    directrice.post(action, {"nom": "Tous"})
    assert toutes(session)[0].parametres == "annee=toutes"


def formulaires(reponse: Any) -> list[str]:
    return [str(form.get("action")) for form in arbre(reponse).iter("form")]


def test_un_nom_refuse_revient_avec_la_liste_et_ce_qui_etait_ecrit(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa, nom="ABADIE")
    reponse = enregistrer(directrice, "?niveau=3", nom="suivi 1 99 12 35 123 456 78", partagee="y")
    assert reponse.status_code == 422
    assert noms(reponse) == ["ABADIE Alix"]
    assert champs(reponse, "/effectifs/vues?niveau=3")["nom"] == "suivi 1 99 12 35 123 456 78"
    assert toutes(session) == []


def test_un_double_envoi_n_enregistre_qu_une_vue_et_un_nom_pris_est_refuse(
    session: Session, directrice: Navigateur
) -> None:
    for _ in range(2):
        assert enregistrer(directrice, "?niveau=3").status_code == 303
    assert enregistrer(directrice, "?niveau=4").status_code == 422
    assert len(toutes(session)) == 1


def test_une_vue_partagee_est_lue_par_l_organisation_et_changee_par_son_auteur_seul(
    session: Session, directrice: Navigateur, collegue: Navigateur, voisine: Navigateur
) -> None:
    enregistrer(directrice, "?niveau=3", partagee="y")
    enregistrer(directrice, "?niveau=4", nom="À moi")
    partagee, privee = toutes(session)
    page = phrases(collegue.get("/effectifs"))
    assert "Mes inscrits partagée" in page
    assert "À moi" not in page
    assert "Mes inscrits" not in phrases(voisine.get("/effectifs"))
    for autre in (collegue, voisine):
        assert autre.post(f"/effectifs/vues/{partagee.id}", {"nom": "Volée"}).status_code == 404
        assert autre.post(f"/effectifs/vues/{privee.id}/supprimer").status_code == 404
    assert [v.nom for v in toutes(session)] == ["Mes inscrits", "À moi"]


def test_une_vue_se_renomme_se_partage_et_se_supprime(session: Session, directrice: Navigateur) -> None:
    enregistrer(directrice, "?niveau=3")
    (vue,) = toutes(session)
    directrice.post(f"/effectifs/vues/{vue.id}", {"nom": "Niveau 3", "partagee": "y"})
    (vue,) = toutes(session)
    assert (vue.nom, vue.organisation_id is None) == ("Niveau 3", False)
    assert evenements(session, "vue.modifiee") == [{"champs": ["nom", "organisation_id"]}]
    enregistrer(directrice, "?niveau=4", nom="Autre")
    refus = directrice.post(f"/effectifs/vues/{vue.id}", {"nom": "Autre"})
    assert refus.status_code == 422
    assert "déjà une vue de ce nom" in phrases(refus)
    directrice.post(f"/effectifs/vues/{vue.id}/supprimer")
    assert [v.nom for v in toutes(session)] == ["Autre"]


def test_les_colonnes_choisies_sont_retenues_et_l_on_revient_aux_habituelles(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    envoi = directrice.post(
        "/effectifs/colonnes?niveau=3", {"colonnes": ["ine", "id_erp", "telephone"], "action": "enregistrer"}
    )
    assert envoi.headers["Location"] == "/effectifs?niveau=3"
    assert list(tableau(directrice.get("/effectifs"))[0]) == ["Choisir", "Nom", "Numéro dans l’ERP", "INE"]
    assert session.execute(select(ReglageListe.colonnes)).scalar_one() == ["nom", "id_erp", "ine"]
    directrice.post("/effectifs/colonnes", {"action": "habituelles"})
    habituelles = list(tableau(directrice.get("/effectifs"))[0])
    assert habituelles == ["Choisir", "Nom", "Âge", "Statut", "Formation", "Entrée", "Établissement"]


def test_une_vue_apporte_les_colonnes_avec_lesquelles_elle_a_ete_enregistree(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    f.un_apprenti(session, decor.cfa)
    directrice.post("/effectifs/colonnes", {"colonnes": ["fin"], "action": "enregistrer"})
    enregistrer(directrice, "?niveau=3")
    directrice.post("/effectifs/colonnes", {"action": "habituelles"})
    adresse = lien(directrice.get("/effectifs"), "Mes inscrits")
    assert list(tableau(directrice.get(adresse))[0]) == ["Choisir", "Nom", "Fin prévue"]


def test_toutes_les_colonnes_se_lisent(session: Session, decor: Decor, directrice: Navigateur) -> None:
    f.un_apprenti(session, decor.cfa)
    directrice.post("/effectifs/colonnes", {"colonnes": list(colonnes_liste.COLONNES)})
    assert len(tableau(directrice.get("/effectifs"))[0]) == 1 + len(colonnes_liste.COLONNES) - 2


def test_les_coordonnees_ne_sont_une_colonne_que_pour_qui_les_a_en_liste() -> None:
    for publics in ({Public.CFA}, set[Public](), {Public.PLUSIEURS_SITES}):
        assert {"telephone", "courriel"}.isdisjoint(
            colonnes_liste.retenues(["telephone", "courriel"], publics)
        )
    assert "telephone" in colonnes_liste.par_defaut({Public.COORDONNEES})
    assert {"ine", "source", "id_erp", "transmis"}.isdisjoint(colonnes_liste.permises({Public.COORDONNEES}))


def test_un_agent_de_l_etat_a_ses_vues_et_ses_colonnes(
    session: Session, decor: Decor, agent: Callable[[str], Navigateur]
) -> None:
    f.une_rupture(session, decor.cfa, nom="RUPTURE")
    dreets = agent("DREETS")
    assert enregistrer(dreets, "?statut=RUPTURE").status_code == 303
    dreets.post("/effectifs/colonnes", {"colonnes": ["niveau", "ine", "telephone"]})
    page = dreets.get(lien(dreets.get("/effectifs"), "Mes inscrits"))
    assert list(tableau(page)[0]) == ["Nom", "Niveau", "Téléphone"]


def test_l_assistance_n_a_pas_de_vue(assistante: Navigateur) -> None:
    assert assistante.get("/effectifs/vues").status_code == 403
    assert enregistrer(assistante).status_code == 403
    assert assistante.post("/effectifs/colonnes").status_code == 403


def test_la_page_des_vues_mene_a_chacune(session: Session, directrice: Navigateur) -> None:
    assert "aucune vue" in phrases(directrice.get("/effectifs/vues"))
    enregistrer(directrice, "?niveau=3")
    enregistrer(directrice, nom="Tout")
    adresses = liens(directrice.get("/effectifs/vues"))
    assert all(any(a.endswith(f"vue={v.id}") for a in adresses) for v in toutes(session))
