"""Merging two records of one person: what is kept, what moves, what comes back exactly when it is undone."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import abonnes, horloge, scope
from tdba.doublons import queries
from tdba.doublons.models import Fusion
from tdba.effectifs import corbeille, valeurs
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit
from tests import factories as f
from tests.doublons.aides import deux_fiches, direction, doublons, nu, paires, photographie
from tests.effectifs.aides import envoyer as corriger
from tests.effectifs.aides import statut_du_jour, tous, une_source
from tests.pages import Navigateur, arbre, champs, liens, texte
from tests.points.aides import ouverts
from tests.transmissions.aides_api import Logiciel, evenements, travailler, une_ligne


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def annexe(session: Session, cfa: Organisme) -> Organisme:
    annexe = f.un_organisme(session, "CFA Saint-Malo")
    f.une_relation(session, cfa, annexe)
    return annexe


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa)


def fusionner(navigateur: Navigateur, doublon_id: int, **saisies: str) -> TestResponse:
    """Send the form as a browser does, the first record kept."""
    adresse = f"/doublons/{doublon_id}/fusionner"
    formulaire = champs(navigateur.get(f"/doublons/{doublon_id}"), adresse)
    return navigateur.post(adresse, formulaire | {"action": "fusionner", "garder": "a"} | saisies)


def annuler(session: Session, navigateur: Navigateur) -> str:
    """Undo the last merge; returns the sentence that the next page shows."""
    reponse = navigateur.post(f"/fusions/{fusions(session)[-1].id}/annuler")
    assert reponse.status_code == 303
    return " ".join(texte(arbre(navigateur.get(reponse.location))).split())


def fusions(session: Session) -> list[Fusion]:
    session.commit()
    with scope.systeme("test"):
        return tous(session, select(Fusion).order_by(Fusion.id))


def demarche(session: Session, dossier: Dossier, personne_id: int) -> Demarche:
    une = Demarche(
        dossier_id=dossier.id,
        organisme_id=dossier.organisme_id,
        annee_scolaire=dossier.annee_scolaire,
        nature="APPEL",
        le=horloge.maintenant(),
        personne_id=personne_id,
    )
    session.add(une)
    dossier.derniere_demarche_le, dossier.prochaine_le = horloge.maintenant(), date(2026, 12, 1)
    session.commit()
    return une


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


def test_annuler_remet_tout_exactement(
    session: Session, cfa: Organisme, annexe: Organisme, directeur: Navigateur
) -> None:
    rompu = [(date(2026, 9, 1), date(2027, 8, 31), date(2026, 10, 5))]
    a = nu(f.un_effectif, session, cfa, nom="LE GALL", prenom="Maël", contrats=rompu)
    b = nu(
        f.un_effectif,
        session,
        annexe,
        nom="LE GAL",
        prenom="Maël",
        ine="123456789AB",
        telephone="0611223344",
        rncp="RNCP37537",
        code_postal="35400",
        contrats=[*rompu, (date(2026, 11, 2), date(2027, 8, 31), None)],
    )
    personne = f.une_personne(session, "Camille")
    for fiche in (a, b):
        (dossier,) = tous(session, select(Dossier).where(Dossier.effectif_id == fiche.id))
        demarche(session, dossier, personne.id)
    avant = photographie(session)
    assert len(avant[4]) == 2
    (doublon,) = doublons(session)
    fusionner(directeur, doublon.id, **{"v-nom": "b", "v-rncp": "b", "v-adresse": "b"})
    assert photographie(session) != avant
    (dossier_a,) = tous(session, select(Dossier).where(Dossier.effectif_id == a.id))
    assert len(tous(session, select(Demarche).where(Demarche.dossier_id == dossier_a.id))) == 2
    assert "les deux fiches sont revenues" in annuler(session, directeur)
    apres = photographie(session)
    for avant_table, apres_table in zip(avant, apres, strict=True):
        assert apres_table == avant_table
    assert paires(session) == [(a.id, b.id)]
    assert [e["laissees"] for e in evenements(session, "doublon.fusion_annulee")] == [[]]


def test_annuler_rouvre_une_correction_que_la_fusion_avait_close(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    """The value taken from the other record was what the ERP says: it only closed the correction."""
    a, _ = deux_fiches(session, cfa, nom="LE GAL")
    changer(session, a, nom="LE GAL")
    une_source(session, a, nom_apprenant="LE GAL")
    session.commit()
    corriger(directeur, f"/effectifs/{a.id}/corriger/nom", valeur="LE GALL")
    avant = photographie(session)
    fusionner(directeur, doublons(session)[0].id, **{"v-nom": "b"})
    session.refresh(a)
    assert (a.nom, a.corrige) == ("LE GAL", False)
    annuler(session, directeur)
    assert photographie(session) == avant


def test_annuler_laisse_et_nomme_ce_qui_a_ete_corrige_depuis(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    a, b = deux_fiches(session, cfa, nom="LE GAL", ine="123456789AB")
    fusionner(directeur, doublons(session)[0].id, **{"v-nom": "b"})
    with horloge.regler(horloge.maintenant() + timedelta(minutes=5)):
        corriger(directeur, f"/effectifs/{a.id}/corriger/nom", valeur="LE GALLO")
        dit = annuler(session, directeur)
    assert "Corrigé de nouveau depuis, et laissé ainsi sur la fiche gardée : « Nom »." in dit
    session.refresh(a)
    session.refresh(b)
    assert (a.nom, a.ine, b.corbeille_le) == ("LE GALLO", None, None)


def test_un_suivi_repris_depuis_garde_ses_derniers_faits(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    rompu = [(date(2026, 9, 1), date(2027, 8, 31), date(2026, 10, 5))]
    a, b = (nu(f.un_effectif, session, cfa, nom="LE GALL", prenom="Maël", contrats=rompu) for _ in range(2))
    personne = f.une_personne(session, "Camille")
    (dossier,) = tous(session, select(Dossier).where(Dossier.effectif_id == b.id))
    deplacee = demarche(session, dossier, personne.id)
    fusionner(directeur, doublons(session)[0].id)
    (garde,) = tous(session, select(Dossier).where(Dossier.effectif_id == a.id))
    with horloge.regler(horloge.maintenant() + timedelta(minutes=5)):
        demarche(session, garde, personne.id)
        assert "garde sa dernière et sa prochaine démarche" in annuler(session, directeur)
    session.refresh(deplacee)
    session.refresh(garde)
    assert deplacee.dossier_id == dossier.id
    assert garde.derniere_demarche_le is not None


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


def changer(session: Session, fiche: Effectif, **valeurs_: Any) -> None:
    for champ, valeur in valeurs_.items():
        setattr(fiche, champ, valeur)
    fiche.recherche = valeurs.recherche(fiche.nom, fiche.prenom)
    session.flush()
    abonnes.annoncer("apres_parcours", [fiche.id])
    session.commit()


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


def test_une_fiche_absorbee_ne_se_restaure_qu_en_annulant_la_fusion(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    deux_fiches(session, cfa)
    fusionner(directeur, doublons(session)[0].id)
    (fusion,) = fusions(session)
    with scope.systeme("test"), pytest.raises(ErreurMetier, match="Annulez la fusion"):
        corbeille.restaurer(fusion.retrait_id, maintenant=horloge.maintenant())


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


@pytest.mark.parametrize("tirage", [0, 0b1111111111111, 0b0101100110101, 0b1010011001010])
def test_quels_que_soient_les_choix_annuler_remet_tout(
    session: Session, cfa: Organisme, annexe: Organisme, directeur: Navigateur, tirage: int
) -> None:
    seconds = {
        "nom": "LE GAL",
        "sexe": "F",
        "ine": "123456789AB",
        "adresse": "3 rue Haute",
        "telephone": "0611223344",
    }
    dates = {"fin": date(2027, 7, 2), "entree": date(2026, 8, 24), "rncp": "RNCP37537"}
    a = nu(f.un_apprenti, session, cfa, nom="LE GALL", prenom="Maël")
    contrats = [(date(2026, 9, 1), date(2027, 6, 30), date(2026, 10, 5))]
    b = nu(f.un_effectif, session, annexe, prenom="Maël", contrats=contrats, **(seconds | dates))
    assert paires(session) == [(a.id, b.id)]
    corriger(directeur, f"/effectifs/{a.id}/corriger/prenom", valeur="Mael")
    avant = photographie(session)
    (doublon,) = doublons(session)
    adresse = f"/doublons/{doublon.id}/fusionner"
    boutons = [
        nom for nom in champs(directeur.get(f"/doublons/{doublon.id}"), adresse) if nom.startswith("v-")
    ]
    assert len(boutons) >= 9
    choix = {nom: "ab"[tirage >> rang & 1] for rang, nom in enumerate(["garder", *boutons])}
    assert fusionner(directeur, doublon.id, **choix).status_code == 303
    annuler(session, directeur)
    assert photographie(session) == avant


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
