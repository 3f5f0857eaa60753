"""Undoing a merge: everything comes back exactly, what was changed since stays and is named."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.effectifs import corbeille
from tdba.errors import ErreurMetier
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tests import factories as f
from tests.doublons.aides import deux_fiches, doublons, nu, paires, photographie
from tests.doublons.gestes import annuler, changer, demarche, fusionner, fusions
from tests.effectifs.aides import envoyer as corriger
from tests.effectifs.aides import tous, une_source
from tests.pages import Navigateur, champs
from tests.transmissions.aides_api import evenements


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


def test_une_fiche_absorbee_ne_se_restaure_qu_en_annulant_la_fusion(
    session: Session, cfa: Organisme, directeur: Navigateur
) -> None:
    deux_fiches(session, cfa)
    fusionner(directeur, doublons(session)[0].id)
    (fusion,) = fusions(session)
    with scope.systeme("test"), pytest.raises(ErreurMetier, match="Annulez la fusion"):
        corbeille.restaurer(fusion.retrait_id, maintenant=horloge.maintenant())


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
