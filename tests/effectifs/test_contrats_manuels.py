"""Contracts added by hand, and corrected ones that the ERP no longer sends."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import scope
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.models import Contrat, Correction
from tdba.effectifs.statuts import Statut
from tdba.scope import Droit
from tests import factories as f
from tests.effectifs.aides import contrat_de, corrections, envoyer, phrases, statut_du_jour, tous
from tests.effectifs.aides_contrats import FIN, OCTOBRE, ajouter, etats, points, recevoir
from tests.effectifs.conftest import Decor
from tests.effectifs.test_annuler import annuler
from tests.pages import Navigateur, champs


def test_un_contrat_ajoute_change_le_statut_apres_l_avoir_dit(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_sans_contrat(session, decor.cfa, fin=FIN)
    adresse = f"/effectifs/{effectif.id}/contrats/ajouter"
    vu = phrases(envoyer(directrice, adresse, action="voir", debut="2026-11-02"))
    assert "Le statut passera de" in vu
    assert "Ce jeune ne sera plus suivi parmi ceux qui n’ont pas encore de contrat." in vu
    assert corrections(session) == []
    envoi = envoyer(directrice, adresse, debut="2026-11-02", fin="2027-08-31")
    contrat = contrat_de(session, effectif)
    assert envoi.headers["Location"] == f"/effectifs/{effectif.id}#contrat-{contrat.id}"
    assert (contrat.debut, contrat.debut_source, contrat.rang) == (date(2026, 11, 2), None, 0)
    assert statut_du_jour(session, effectif) is Statut.APPRENTI
    assert [(c.champ, c.valeur) for c in corrections(session)] == [
        ("contrat", "AJOUT"),
        ("debut", "2026-11-02"),
        ("fin", "2027-08-31"),
    ]
    assert "Contrat ajouté" in phrases(directrice.get(f"/effectifs/{effectif.id}"))


def test_un_contrat_ajoute_deux_fois_par_le_meme_formulaire_ne_l_est_qu_une(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    adresse = f"/effectifs/{effectif.id}/contrats/ajouter"
    envoi = champs(directrice.get(adresse), adresse) | {
        "debut": "2026-10-01", "motif": "PIECE_VUE", "action": "enregistrer",
    }  # fmt: skip
    for _ in range(2):
        assert directrice.post(adresse, envoi).status_code == 303
    assert len(tous(session, select(Contrat))) == 1


def test_annuler_l_ajout_retire_le_contrat_et_garde_sa_trace(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    avant = (list(effectif.bornes), list(effectif.statuts))
    ajouter(directrice, effectif)
    annuler(directrice, corrections(session)[0])
    session.refresh(effectif)
    assert tous(session, select(Contrat)) == []
    assert (effectif.bornes, effectif.statuts, effectif.corrige) == (*avant, False)
    assert [(c.champ, c.etat, c.contrat_id) for c in corrections(session)] == [
        ("contrat", "ANNULEE", None),
        ("debut", "ANNULEE", None),
        ("fin", "ANNULEE", None),
    ]
    assert directrice.get(f"/effectifs/{effectif.id}").status_code == 200


def test_un_ajout_corrige_depuis_ne_s_annule_pas_d_un_coup(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    ajouter(directrice, effectif)
    for c in corrections(session):
        c.cree_le = c.cree_le.replace(year=2025)
    session.commit()
    envoyer(directrice, f"/contrats/{contrat_de(session, effectif).id}/corriger", fin="2027-07-31")
    adresse = f"/corrections/{corrections(session)[0].id}/annuler"
    assert "a été corrigé depuis" in phrases(directrice.get(adresse))
    assert directrice.post(adresse).status_code == 409
    assert len(tous(session, select(Contrat))) == 1
    annuler(directrice, corrections(session)[-1])
    assert annuler(directrice, corrections(session)[0]).status_code == 303
    assert tous(session, select(Contrat)) == []


@pytest.mark.parametrize(
    ("recu", "debut", "fin", "effective"),
    [
        (ContratRecu(OCTOBRE, FIN), "REJOINTE", "REJOINTE", (OCTOBRE, FIN)),
        (ContratRecu(OCTOBRE, None), "REJOINTE", "ACTIVE", (OCTOBRE, FIN)),
        (ContratRecu(date(2026, 10, 5), FIN), "CONFLIT", "REJOINTE", (OCTOBRE, FIN)),
        (ContratRecu(OCTOBRE, date(2027, 6, 30)), "REJOINTE", "CONFLIT", (OCTOBRE, FIN)),
    ],
    ids=["the same", "without an end", "another start", "another end"],
)
def test_l_erp_adopte_un_contrat_ajoute_et_rien_de_saisi_n_est_perdu(
    session: Session,
    decor: Decor,
    directrice: Navigateur,
    recu: ContratRecu,
    debut: str,
    fin: str,
    effective: tuple[date, date],
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    ajouter(directrice, effectif)
    recevoir(session, effectif, recu)
    (contrat,) = tous(session, select(Contrat))
    assert (contrat.debut, contrat.fin, contrat.debut_source) == (*effective, recu.debut)
    assert (etats(session, "contrat"), etats(session, "debut"), etats(session, "fin")) == (
        ["REJOINTE"],
        [debut],
        [fin],
    )


def test_un_contrat_corrige_que_l_erp_n_envoie_plus_reste_et_se_regle(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    recevoir(session, effectif, ContratRecu(OCTOBRE, FIN))
    contrat = contrat_de(session, effectif)
    envoyer(directrice, f"/contrats/{contrat.id}/corriger", fin="2027-07-31")
    recevoir(session, effectif, ine="B")
    assert contrat_de(session, effectif).fin == date(2027, 7, 31)
    assert [p.cle for p in points(session, "CONTRAT_PLUS_TRANSMIS")] == [str(contrat.id)]
    adresse = f"/contrats/{contrat.id}/plus-transmis"
    page = directrice.get(adresse)
    assert "Le statut passera de « apprenti »" in phrases(page)
    assert directrice.post(adresse, champs(page, adresse) | {"choix": "garder"}).status_code == 303
    assert contrat_de(session, effectif).debut_source is None
    assert points(session, "CONTRAT_PLUS_TRANSMIS") == []
    recevoir(session, effectif, ine="C")
    assert contrat_de(session, effectif).fin == date(2027, 7, 31)


def test_un_contrat_plus_transmis_se_retire_et_ses_corrections_restent(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    recevoir(session, effectif, ContratRecu(OCTOBRE, FIN))
    contrat = contrat_de(session, effectif)
    envoyer(directrice, f"/contrats/{contrat.id}/corriger", fin="2027-07-31")
    recevoir(session, effectif, ine="B")
    adresse = f"/contrats/{contrat.id}/plus-transmis"
    directrice.post(adresse, champs(directrice.get(adresse), adresse) | {"choix": "retirer"})
    assert tous(session, select(Contrat)) == []
    assert [(c.champ, c.etat) for c in corrections(session)] == [("fin", "ANNULEE")]
    assert points(session, "CONTRAT_PLUS_TRANSMIS") == []
    assert directrice.get(adresse).status_code == 404


def test_une_correction_rejointe_survit_au_contrat_que_l_erp_retire(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_effectif(session, decor.cfa)
    recevoir(session, effectif, ContratRecu(OCTOBRE, FIN))
    envoyer(directrice, f"/contrats/{contrat_de(session, effectif).id}/corriger", fin="2027-07-31")
    recevoir(session, effectif, ContratRecu(OCTOBRE, date(2027, 7, 31)), ine="B")
    recevoir(session, effectif, ine="C")
    assert tous(session, select(Contrat)) == []
    assert etats(session, "fin") == ["REJOINTE"]


def test_le_voisin_ne_touche_a_aucun_contrat(session: Session, decor: Decor, voisine: Navigateur) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    contrat = contrat_de(session, effectif)
    gestes = ("corriger", "rompre", "rupture/annuler", "rupture/contester", "plus-transmis")
    adresses = [f"/contrats/{contrat.id}/{geste}" for geste in gestes]
    for adresse in (*adresses, f"/effectifs/{effectif.id}/contrats/ajouter"):
        assert voisine.get(adresse).status_code == 404
        assert voisine.post(adresse, {"version": "1"}).status_code == 404
    requete = scope.autorisee(select(Correction), Droit.CORRIGER)
    assert list(session.execute(requete).scalars()) == []
