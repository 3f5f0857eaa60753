"""The bin: taken away with a reason, counted nowhere, brought back exactly, erased after thirty days (decision 19)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.effectifs import corbeille
from tdba.effectifs.models import Effectif
from tdba.effectifs.motifs_gestes import RETRAITS, refus_de
from tdba.errors import ErreurMetier
from tdba.organismes.models import Organisme
from tests import factories as f
from tests.conftest import MIDI
from tests.effectifs.aides import evenements, phrases
from tests.effectifs.aides_gestes import (
    agir,
    chiffres_justes,
    compte,
    fiches,
    mettre_a_la_corbeille,
    retraits,
)
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, tableau
from tests.points.aides import ouverts
from tests.transmissions.aides_api import Logiciel, travailler, une_ligne


@pytest.mark.parametrize(
    ("motif", "texte", "champ"),
    [
        ("INVENTE", "", "motif"),
        ("AUTRE", "", "commentaire"),
        ("MAUVAISE_MANIP", None, "commentaire"),
        ("DOUBLON", "x" * 151, "commentaire"),
        ("AUTRE", "vu 2 85 01 78 006 084 91", "commentaire"),
        ("DOUBLON", None, None),
        ("AUTRE", "saisie d’essai", None),
    ],
    ids=["unknown reason", "other", "wrong manipulation", "too long", "a NIR", "duplicate", "other, told"],
)
def test_la_raison_est_d_une_liste_fermee_et_precisee_quand_il_le_faut(
    motif: str, texte: str | None, champ: str | None
) -> None:
    refus = refus_de(motif, texte, RETRAITS)
    assert (refus.champ if refus else None) == champ


def test_la_corbeille_se_dit_avant_puis_se_fait_et_se_defait(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    page = directrice.get(f"/effectifs/{effectif.id}/retirer")
    assert "ne sera plus comptée" in phrases(page)
    assert "restaurée telle quelle jusqu’au 18 décembre 2026" in phrases(page)
    avant = (effectif.version, list(effectif.bornes), compte(session, decor.cfa.id))
    reponse = mettre_a_la_corbeille(directrice, effectif.id, "AUTRE", commentaire="essai")
    assert reponse.headers["Location"] == f"/effectifs/{effectif.id}/corbeille"
    fiche = directrice.get(f"/effectifs/{effectif.id}")
    assert (fiche.status_code, fiche.headers["Location"]) == (303, f"/effectifs/{effectif.id}/corbeille")
    assert "CANARI" not in phrases(directrice.get("/ruptures"))
    assert compte(session, decor.cfa.id) == avant[2] - 1
    (retrait,) = retraits(session)
    assert (retrait.motif, retrait.commentaire) == ("AUTRE", "essai")
    (ligne,) = tableau(directrice.get("/corbeille"), "retires")
    assert ligne["Restaurable jusqu’au"] == "18 décembre 2026"
    assert "Elle n’est comptée nulle part" in phrases(directrice.get(f"/effectifs/{effectif.id}/corbeille"))
    fait = directrice.post(f"/retraits/{retrait.id}/restaurer")
    assert fait.headers["Location"] == f"/effectifs/{effectif.id}"
    session.refresh(effectif)
    assert effectif.corbeille_le is None
    assert (effectif.version, list(effectif.bornes), compte(session, decor.cfa.id)) == (
        avant[0] + 2,
        *avant[1:],
    )
    assert chiffres_justes(session, decor.cfa.id)
    assert evenements(session, "effectif.mis_a_la_corbeille") == [
        {"motif": "AUTRE", "retrait_id": retrait.id}
    ]
    assert evenements(session, "effectif.restaure") == [{"retrait_id": retrait.id}]


def test_deux_clics_ne_font_qu_un_retrait_et_qu_une_restauration(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    for _ in range(2):
        assert mettre_a_la_corbeille(directrice, effectif.id).status_code == 303
    (retrait,) = retraits(session)
    for _ in range(2):
        assert directrice.post(f"/retraits/{retrait.id}/restaurer").status_code == 303
    assert len(evenements(session, "effectif.restaure")) == 1
    assert chiffres_justes(session, decor.cfa.id)
    assert compte(session, decor.cfa.id) == 1


def test_une_raison_refusee_garde_ce_qui_etait_saisi(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    reponse = mettre_a_la_corbeille(directrice, effectif.id, "MAUVAISE_MANIP")
    assert reponse.status_code == 422
    assert "Précisez la raison en quelques mots." in phrases(reponse)
    assert retraits(session) == []


def test_la_fiche_et_la_corbeille_d_un_autre_cfa_n_existent_pas(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    autre = f.un_apprenti(session, decor.voisin)
    voisins = f.une_organisation(
        session, "ORGANISME_FORMATION", "Voisin", regle="ETABLISSEMENTS", organismes=[decor.voisin]
    )
    voisine = f.une_habilitation(session, f.une_personne(session, "Vera"), voisins)
    assert directrice.get(f"/effectifs/{autre.id}/retirer").status_code == 404
    assert mettre_a_la_corbeille(directrice, autre.id).status_code == 404
    with agir(session, voisine):
        retrait = corbeille.retirer(
            autre.id, motif="DOUBLON", commentaire=None, demande_id=None, maintenant=MIDI
        )
    for page in (f"/effectifs/{autre.id}", f"/effectifs/{autre.id}/corbeille"):
        assert directrice.get(page).status_code == 404
    assert directrice.post(f"/retraits/{retrait.id}/restaurer").status_code == 404
    assert "La corbeille est vide." in phrases(directrice.get("/corbeille"))


def test_une_garde_peut_refuser_la_restauration(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuser(_retrait: object) -> None:
        raise ErreurMetier("Annulez d’abord la fusion.")

    monkeypatch.setattr(corbeille, "_GARDES", [refuser])
    effectif = f.un_apprenti(session, decor.cfa)
    mettre_a_la_corbeille(directrice, effectif.id)
    reponse = directrice.post(f"/retraits/{retraits(session)[0].id}/restaurer")
    assert reponse.status_code == 422
    assert "Annulez d’abord la fusion." in phrases(reponse)
    assert retraits(session)[0].restaure_le is None


def test_apres_trente_jours_la_fiche_est_effacee_et_le_journal_en_garde_le_numero(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effacee, gardee = (f.une_rupture(session, decor.cfa, nom=nom) for nom in ("UN", "DEUX"))
    mettre_a_la_corbeille(directrice, effacee.id)
    with horloge.regler(MIDI + timedelta(days=2)):
        mettre_a_la_corbeille(directrice, gardee.id)
    effacee_id, retrait_id = effacee.id, retraits(session)[0].id
    for jours, restent in ((29, 2), (30, 2), (31, 1)):
        with scope.systeme("test"):
            corbeille.vider(session.commit, MIDI + timedelta(days=jours))
        assert len(fiches(session)) == restent, jours
    assert evenements(session, "effectif.efface") == [{"retrait_id": retrait_id}]
    assert [e.id for e in fiches(session)] == [gardee.id]
    assert effacee_id not in [r.effectif_id for r in retraits(session)]
    assert chiffres_justes(session, decor.cfa.id)


def test_ce_que_l_erp_renvoie_est_retenu_puis_applique_quand_la_fiche_est_restauree(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    logiciel = Logiciel(directrice.app, session, decor.cfa)
    travailler_apres(session, logiciel, decor.cfa, "PREMIER")
    (effectif,) = fiches(session)
    mettre_a_la_corbeille(directrice, effectif.id)
    for nom in ("DEUXIEME", "DERNIER"):
        travailler_apres(session, logiciel, decor.cfa, nom)
    assert [e.nom for e in fiches(session)] == ["PREMIER"]
    (point,) = ouverts(session, "RETENUE")
    assert point.effectif_id == effectif.id
    page = directrice.get("/a-regler")
    assert f"/effectifs/{effectif.id}/corbeille" in page.get_data(as_text=True)
    directrice.post(f"/retraits/{retraits(session)[0].id}/restaurer")
    assert ouverts(session, "RETENUE") == []
    travailler(session)
    assert [e.nom for e in fiches(session)] == ["DERNIER"]
    assert ouverts(session, "RETENUE") == []
    assert chiffres_justes(session, decor.cfa.id)


def travailler_apres(session: Session, logiciel: Logiciel, organisme: Organisme, nom: str) -> None:
    assert logiciel.envoyer([une_ligne(organisme, nom_apprenant=nom)]).status_code == 200
    travailler(session)


def test_les_points_de_la_fiche_se_ferment_et_se_rouvrent(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa, plus_transmis_depuis=MIDI.date())
    mettre_a_la_corbeille(directrice, effectif.id)
    assert ouverts(session, "PLUS_TRANSMIS") == []
    directrice.post(f"/retraits/{retraits(session)[0].id}/restaurer")
    assert [p.effectif_id for p in ouverts(session, "PLUS_TRANSMIS")] == [effectif.id]


def test_le_support_ne_lit_pas_la_corbeille(assistante: Navigateur) -> None:
    assert assistante.get("/corbeille").status_code == 403


def test_ce_qui_est_hors_de_la_corbeille_n_a_pas_de_page_de_corbeille(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    assert directrice.get(f"/effectifs/{effectif.id}/corbeille").status_code == 404
    assert (
        session.execute(scope.autorisee(select(Effectif.id), scope.Droit.CORRIGER)).scalar_one()
        == effectif.id
    )
