"""Merging two records of one person: what is kept, what moves, who is refused."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.doublons import queries
from tdba.effectifs import corbeille
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tests import factories as f
from tests.doublons.aides import deux_fiches, direction, doublons, nu, paires
from tests.doublons.gestes import annuler, changer, fusionner, fusions
from tests.effectifs.aides import statut_du_jour
from tests.pages import Navigateur, arbre, champs, liens, texte
from tests.points.aides import ouverts
from tests.transmissions.aides_api import Logiciel, evenements, travailler, une_ligne


def test_la_fiche_gardee_prend_les_valeurs_choisies_et_l_autre_est_mise_de_cote(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    a, b = deux_fiches(session, cfa, nom="LE GAL", ine="123456789AB", sexe="M")
    (doublon,) = doublons(session)
    page = fusionner(directeur, doublon.id, **{"v-nom": "b"})
    assert page.status_code == 303
    session.refresh(a)
    session.refresh(b)
    assert (a.nom, a.recherche, a.ine, a.sexe, a.corrige) == (
        "LE GAL",
        "LE GAL MAEL",
        "123456789AB",
        "M",
        True,
    )
    assert b.corbeille_le is not None
    (fusion,) = fusions(session)
    assert paires(session, "FUSIONNE") == [(a.id, b.id)]
    assert ouverts(session, "DOUBLON") == []
    assert evenements(session, "doublon.fusionne") == [
        {"fusion_id": fusion.id, "absorbe_id": b.id, "champs": ["ine", "nom", "sexe"], "contrats": 0}
    ]
    dit = texte(arbre(directeur.get(page.location)))
    assert "Pris sur l’autre fiche : INE, Nom et Sexe" in " ".join(dit.split())


def test_sans_choix_la_fiche_gardee_l_emporte_sauf_la_ou_elle_ne_dit_rien(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    a, _ = deux_fiches(session, cfa, nom="LE GAL", ine="123456789AB")
    fusionner(directeur, doublons(session)[0].id)
    session.refresh(a)
    assert (a.nom, a.ine) == ("LE GALL", "123456789AB")


def test_les_contrats_des_deux_fiches_sont_reunis_et_le_statut_suit(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    a = nu(
        f.un_effectif,
        session,
        cfa,
        nom="LE GALL",
        prenom="Maël",
        contrats=[(date(2026, 9, 1), date(2027, 8, 31), date(2026, 10, 5))],
    )
    debut = date(2026, 11, 2)
    nu(
        f.un_effectif,
        session,
        cfa,
        nom="LE GALL",
        prenom="Maël",
        contrats=[(date(2026, 9, 1), date(2027, 8, 31), date(2026, 10, 5)), (debut, date(2027, 8, 31), None)],
    )
    assert statut_du_jour(session, a).name == "RUPTURANT"
    fusionner(directeur, doublons(session)[0].id)
    assert statut_du_jour(session, a).name == "APPRENTI"
    dates = session.execute(
        text(f"SELECT debut FROM contrat WHERE effectif_id = {a.id} ORDER BY rang")
    ).scalars()
    assert list(dates) == [date(2026, 9, 1), debut]


def test_envoyer_deux_fois_ne_fusionne_qu_une_fois(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    deux_fiches(session, cfa, ine="123456789AB")
    (doublon,) = doublons(session)
    adresse = f"/doublons/{doublon.id}/fusionner"
    formulaire = champs(directeur.get(f"/doublons/{doublon.id}"), adresse) | {
        "action": "fusionner",
        "garder": "a",
    }
    pages = [directeur.post(adresse, formulaire).location for _ in range(2)]
    assert pages[0] == pages[1]
    assert len(fusions(session)) == 1
    annuler(session, directeur)
    assert len(evenements(session, "doublon.fusion_annulee")) == 1
    directeur.post(f"/fusions/{fusions(session)[0].id}/annuler")
    assert len(evenements(session, "doublon.fusion_annulee")) == 1


@pytest.mark.parametrize("laquelle", [0, 1])
def test_une_fiche_changee_entre_temps_rend_409_et_garde_les_choix(
    session: Session, cfa: Organisme, directeur: Navigateur, laquelle: int
) -> None:
    fiches = deux_fiches(session, cfa, nom="LE GAL")
    (doublon,) = doublons(session)
    adresse = f"/doublons/{doublon.id}/fusionner"
    formulaire = champs(directeur.get(f"/doublons/{doublon.id}"), adresse)
    changer(session, fiches[laquelle], sexe="M", version=9)
    page = directeur.post(adresse, formulaire | {"action": "fusionner", "garder": "a", "v-nom": "b"})
    assert page.status_code == 409
    assert fusions(session) == []
    repris = champs(page, adresse)
    assert repris["v-nom"] == "b"
    assert directeur.post(adresse, repris | {"action": "fusionner"}).status_code == 303
    assert len(fusions(session)) == 1


def test_la_fusion_d_un_autre_cfa_est_introuvable(
    session: Session, cfa: Organisme, annexe: Organisme, directeur: Navigateur, navigateur: Navigateur
) -> None:
    deux_fiches(session, cfa, annexe)
    fusionner(directeur, doublons(session)[0].id)
    (fusion,) = fusions(session)
    for autre in (annexe, f.un_organisme(session, "CFA Brest")):
        etranger = direction(session, navigateur, autre)
        assert etranger.get(f"/fusions/{fusion.id}").status_code == 404
        assert etranger.post(f"/fusions/{fusion.id}/annuler").status_code == 404
    assert fusions(session)[0].annulee_le is None


def test_une_paire_ecartee_ne_se_fusionne_pas(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    deux_fiches(session, cfa)
    (doublon,) = doublons(session)
    adresse = f"/doublons/{doublon.id}/fusionner"
    formulaire = champs(directeur.get(f"/doublons/{doublon.id}"), adresse)
    directeur.post(f"/doublons/{doublon.id}/ecarter")
    page = directeur.post(adresse, formulaire | {"action": "fusionner", "garder": "a"})
    assert page.status_code == 422
    assert "ne sont plus à comparer" in texte(arbre(page))
    assert fusions(session) == []


def test_l_histoire_de_la_fiche_raconte_la_fusion(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    a, b = deux_fiches(session, cfa)
    fusionner(directeur, doublons(session)[0].id)
    with scope.systeme("test"):
        for fiche in (a, b):
            ((fusion, auteur),) = queries.fusions_de(fiche.id)
            assert (fusion.effectif_id, fusion.absorbe_id, auteur.prenom) == (a.id, b.id, "Dominique")
        assert scope.courant().a(Droit.CORRIGER)


def test_l_erp_qui_renvoie_la_fiche_absorbee_sans_rien_y_changer_n_est_pas_un_point(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    logiciel = Logiciel(directeur.app, session, cfa)
    lignes = [une_ligne(cfa, "A-1"), une_ligne(cfa, "A-2")]
    logiciel.envoyer(lignes)
    travailler(session)
    (doublon,) = doublons(session)
    assert doublon.etat == "OUVERT"
    fusionner(directeur, doublon.id)
    with horloge.regler(horloge.maintenant() + timedelta(hours=1)):
        logiciel.envoyer(lignes)
        travailler(session)
        assert ouverts(session, "RETENUE") == []
        logiciel.envoyer([une_ligne(cfa, "A-2", nom_apprenant="AUTREMENT")])
        travailler(session)
        assert [p.effectif_id for p in ouverts(session, "RETENUE")] == [fusions(session)[0].absorbe_id]


def test_la_page_de_la_fiche_absorbee_dit_ou_elle_est_passee(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    _, b = deux_fiches(session, cfa)
    fusionner(directeur, doublons(session)[0].id)
    page = directeur.get(f"/effectifs/{b.id}/corbeille")
    assert "Elle a été fusionnée le 18 novembre 2026 avec une autre fiche" in " ".join(
        texte(arbre(page)).split()
    )
    assert f"/fusions/{fusions(session)[0].id}" in liens(page)
    assert "Restaurer la fiche" not in texte(arbre(page))


def test_une_fiche_absorbee_n_est_pas_effacee_par_la_corbeille(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    """Erased, the next sending of its ERP would create it again, and the merge with it to be done again."""
    _, b = deux_fiches(session, cfa)
    fusionner(directeur, doublons(session)[0].id)
    apres = horloge.maintenant() + timedelta(days=40)
    with scope.systeme("test"):
        assert corbeille.vider(session.commit, apres) == 0
    annuler(session, directeur)
    session.refresh(b)
    assert b.corbeille_le is None
