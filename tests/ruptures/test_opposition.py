"""A person objects to being followed: their files freeze, keep what they hold, and come back (issue 6)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.journal import Evenement
from tdba.organismes.models import Organisme
from tdba.ruptures import acces_dossier, oppositions, service_oppositions
from tdba.ruptures.models import Opposition
from tdba.scope import Droit, Portee, RoleSql, Scope
from tests.factories import (
    un_effectif,
    un_reseau,
    une_habilitation,
    une_organisation,
    une_personne,
    une_rupture,
)
from tests.pages import Navigateur, arbre, texte
from tests.ruptures.aides_dossiers import dossier_de, dossiers

JOUR = date(2026, 11, 18)


def adresse(effectif: Effectif, suite: str = "") -> str:
    return f"/effectifs/{effectif.id}/opposition{suite}"


def stockees() -> list[tuple[Any, ...]]:
    requete = scope.select_for(
        Opposition, Droit.CORRIGER, Opposition.recue_le, Opposition.personne_id, Opposition.levee_par_id
    )
    return [tuple(ligne) for ligne in db.session.execute(requete.order_by(Opposition.id))]


def evenements(debut: str) -> list[str]:
    requete = select(Evenement.evenement).where(Evenement.evenement.startswith(debut))
    return list(db.session.execute(requete.order_by(Evenement.id)).scalars())


def gele(session: Session, effectif: Effectif) -> bool:
    session.commit()
    return oppositions.est_gele(effectif.id)


def test_la_page_dit_ce_que_l_opposition_change_avant_de_l_enregistrer(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, depuis=20)
    page = texte(arbre(directeur.get(adresse(rompue)))).replace("\xa0", " ")
    assert "Ses dossiers de suivi, de cette année et des autres, sont gelés" in page
    assert "Ce qui y est déjà noté est conservé." in page
    assert evenements("opposition.") == []


def test_enregistree_deux_fois_elle_n_est_recue_qu_une(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, depuis=20)
    avant = dossiers(rompue)
    for _ in range(2):
        reponse = directeur.post(adresse(rompue), {"recue_le": "16/11/2026"})
        assert reponse.status_code == 303
        assert reponse.location == adresse(rompue)
    assert stockees() == [(date(2026, 11, 16), direction.personne_id, None)]
    assert evenements("opposition.") == ["opposition.recue"]
    assert gele(session, rompue)
    assert dossiers(rompue) == avant
    page = texte(arbre(directeur.get(adresse(rompue)))).replace("\xa0", " ")
    assert "sa demande a été reçue le 16 novembre 2026, et enregistrée par Dominique Testeur" in page


def test_un_jour_a_venir_absent_ou_trop_ancien_est_refuse_et_garde(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, depuis=20)
    for tape, phrase in (
        ("2026-11-19", "Ce jour est à venir"),
        ("", "Indiquez le jour où la demande vous est parvenue."),
        ("2002-11-18", "Ce jour remonte à plus de 5 ans"),
    ):
        reponse = directeur.post(adresse(rompue), {"recue_le": tape})
        assert reponse.status_code == 422
        page = arbre(reponse)
        assert phrase in texte(page).replace("\xa0", " ")
        assert next(c for c in page.iter("input") if c.get("name") == "recue_le").get("value", "") == tape
    assert stockees() == []


def test_gele_rien_ne_s_ajoute(
    session: Session, directeur: Navigateur, cfa: Organisme, direction: Habilitation
) -> None:
    rompue = une_rupture(session, cfa, depuis=20, prenom="Lou")
    directeur.post(adresse(rompue), {"recue_le": "2026-11-16"})
    dossier_id = dossier_de(rompue, "RUPTURE").id
    session.commit()
    with scope.sous(du_directeur(cfa, direction)):
        with pytest.raises(oppositions.SuiviGele, match="gelé"):
            acces_dossier.dossier_a_ecrire(dossier_id)
        session.rollback()


def du_directeur(cfa: Organisme, direction: Habilitation) -> Scope:
    portee = Portee(organismes=frozenset({cfa.id}))
    droits = {Droit.CORRIGER: portee, Droit.VOIR_NOMINATIF: portee}
    return Scope(droits=droits, role=RoleSql.FAMILLE, personne_id=direction.personne_id)


def test_levee_le_suivi_reprend_tel_qu_il_etait_et_ce_qui_manquait_s_ouvre(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    rompue = une_rupture(session, cfa, depuis=20)
    avant = dossiers(rompue)
    directeur.post(adresse(rompue), {"recue_le": "2026-11-16"})
    for _ in range(2):
        assert directeur.post(adresse(rompue, "/lever")).status_code == 303
    assert stockees() == [(date(2026, 11, 16), direction.personne_id, direction.personne_id)]
    assert evenements("opposition.") == ["opposition.recue", "opposition.levee"]
    assert not gele(session, rompue)
    assert dossiers(rompue) == avant
    assert directeur.post(adresse(rompue), {"recue_le": "2026-11-18"}).status_code == 303
    assert len(stockees()) == 2


def test_elle_vaut_pour_les_fiches_de_toutes_les_annees_de_la_personne(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    """Recorded on one, read and lifted on the other."""
    ancienne = un_effectif(session, cfa, id_erp="meme", annee_scolaire="2025-2026", entree=date(2025, 9, 1))
    cette_annee = un_effectif(session, cfa, id_erp="meme")
    autre = un_effectif(session, cfa)
    directeur.post(adresse(ancienne), {"recue_le": "2026-11-16"})
    assert [gele(session, e) for e in (ancienne, cette_annee, autre)] == [True, True, False]
    directeur.post(adresse(cette_annee), {"recue_le": "2026-11-17"})
    assert len(stockees()) == 1
    directeur.post(adresse(cette_annee, "/lever"))
    assert not gele(session, ancienne)


def test_la_fiche_d_un_autre_et_ce_qui_n_existe_pas_sont_la_meme_reponse(
    session: Session, directeur: Navigateur, voisin: Organisme
) -> None:
    ailleurs = une_rupture(session, voisin, depuis=20)
    for chemin in (adresse(ailleurs), "/effectifs/999999/opposition"):
        assert directeur.get(chemin).status_code == 404
        assert directeur.post(chemin, {"recue_le": "2026-11-16"}).status_code == 404
        assert directeur.post(chemin, {}).status_code == 404
        assert directeur.post(chemin + "/lever").status_code == 404
    assert stockees() == []


def test_un_reseau_qui_ne_lit_pas_le_suivi_ne_l_enregistre_pas(
    session: Session, navigateur: Navigateur, cfa: Organisme
) -> None:
    un_reseau(session, "CCI", [cfa])
    organisation = une_organisation(session, "TETE_DE_RESEAU", "CCI", regle="RESEAU", reseau_code="CCI")
    tete = navigateur.comme(une_habilitation(session, une_personne(session, "Sacha"), organisation))
    rompue = une_rupture(session, cfa, depuis=20)
    assert tete.get(adresse(rompue)).status_code in (403, 404)
    assert tete.post(adresse(rompue), {"recue_le": "2026-11-16"}).status_code in (403, 404)
    assert stockees() == []


def test_recevoir_refuse_ce_qui_n_est_pas_dans_la_portee(session: Session, cfa: Organisme) -> None:
    """Second lock: under `tdba_famille`, with nothing to reach."""
    rompue = une_rupture(session, cfa, depuis=20)
    session.commit()
    with scope.sous(Scope(droits={}, role=RoleSql.FAMILLE)):
        with pytest.raises(scope.Introuvable):
            service_oppositions.recevoir(rompue.id, JOUR, maintenant=horloge.maintenant(), jour=JOUR)
        session.rollback()


def test_la_fiche_propose_d_enregistrer_une_opposition(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    effectif = un_effectif(session, cfa)
    page = directeur.get(f"/effectifs/{effectif.id}").get_data(as_text=True)
    assert f'href="/effectifs/{effectif.id}/opposition"' in page
