"""What confirming, undoing and waiting do to a file (decisions 14 and 17)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tdba import horloge, jobs, scope
from tdba.depots import service, service_lecture
from tdba.depots.models import Depot
from tdba.effectifs.models import Effectif
from tdba.errors import ErreurMetier
from tdba.fichiers import Fichier
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tdba.transmissions.models import Ligne
from tests.conftest import MIDI
from tests.depots.aides_depots import (
    Monde,
    classeur,
    confirmer,
    deposer,
    depot_de,
    evenements,
    fiches,
    importer,
    rangee,
    relu,
    travailler,
)
from tests.pages import Navigateur, arbre, tableau, texte


def mots(page: object) -> str:
    return texte(arbre(page))  # type: ignore[arg-type]


def fiche(session: Session, nom: str) -> Effectif:
    trouvee: Effectif = session.execute(
        scope.select_for(Effectif, Droit.CORRIGER).where(Effectif.nom == nom)
    ).scalar_one()
    return trouvee


def annuler(session: Session, qui: Navigateur, depot: Depot) -> Depot:
    assert qui.post(f"/depots/{depot.uuid}/annuler").status_code == 303
    travailler()
    return relu(session, depot.uuid)


def test_un_double_clic_n_applique_qu_une_fois(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = importer(session, directrice, rangee(monde.dunes, "AMAR"), organisme=monde.dunes.id)
    for _ in range(2):
        assert directrice.post(f"/depots/{depot.uuid}/confirmer").status_code == 303
    travailler()
    directrice.post(f"/depots/{depot.uuid}/confirmer")  # a third one, once it is done
    assert relu(session, depot.uuid).etat == "APPLIQUE"
    assert (evenements(session).count("depot.confirme"), evenements(session).count("depot.applique")) == (
        1,
        1,
    )
    assert [nom for nom, _ in fiches(session)] == ["AMAR"]


def test_la_lecture_tuee_recommence_sans_rien_doubler(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = depot_de(
        session, deposer(directrice, classeur(rangee(monde.dunes, "AMAR")), organisme=monde.dunes.id)
    )
    vues = 0

    class Tuee(Exception):
        pass

    def mourir() -> None:
        nonlocal vues
        vues += 1
        session.commit()
        if vues == 2:  # the lines are stored, the file is still there
            raise Tuee

    with scope.systeme("test"):
        try:
            service_lecture.lire(mourir, depot.id)
        except Tuee:
            session.rollback()
    assert relu(session, depot.uuid).etat == "LECTURE"
    travailler()
    depot = relu(session, depot.uuid)
    assert (depot.etat, depot.comptes["lignes"]) == ("PRET", 1)
    assert (
        session.execute(scope.autorisee(select(func.count()).select_from(Ligne), Droit.CORRIGER)).scalar()
        == 1
    )


def test_annuler_remet_et_nomme_ce_qui_reste(session: Session, monde: Monde, directrice: Navigateur) -> None:
    d = monde.dunes
    confirmer(session, directrice, importer(session, directrice, rangee(d, "AMAR"), organisme=d.id))
    depot = confirmer(
        session,
        directrice,
        importer(
            session, directrice, rangee(d, "AMAR", adresse_apprenant="3 quai Nord"), rangee(d, "BRUN"), rangee(d, "COLIN"),
            organisme=d.id,
        ),
    )  # fmt: skip
    brun = fiche(session, "BRUN")
    dossier = session.execute(
        scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.effectif_id == brun.id)
    ).scalar()
    if dossier is None:
        dossier = Dossier(
            effectif_id=brun.id, organisme_id=d.id, annee_scolaire=brun.annee_scolaire, genre="SANS_CONTRAT",
            ouvert_du=MIDI.date(), cree_le=MIDI,
        )  # fmt: skip
        session.add(dossier)
    dossier.referent_id = monde.directrice.personne_id
    session.commit()
    depot = annuler(session, directrice, depot)
    assert depot.etat == "ANNULE"
    assert fiches(session) == [("AMAR", "64 bis, route de Paris"), ("BRUN", "64 bis, route de Paris")]
    page = directrice.get(f"/depots/{depot.uuid}")
    assert "1 fiche retirée, 1 fiche remise comme avant, 1 laissée telle quelle" in mots(page)
    assert tableau(page, "laissees")[0]["Pourquoi"] == "quelqu’un suit cette personne"


def test_apres_72_heures_il_n_est_plus_annulable(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    depot = confirmer(session, directrice, importer(session, directrice, rangee(d, "AMAR"), organisme=d.id))
    assert session.execute(text("SELECT count(*) FROM avant_image")).scalar() == 1
    with horloge.regler(MIDI + timedelta(hours=73)):
        with pytest.raises(ErreurMetier, match="72 heures"):
            service.annuler(depot, permis=frozenset({d.id}))
        jobs.enqueue_after_commit("depots.entretenir")
        session.commit()
        travailler()
    assert session.execute(text("SELECT count(*) FROM avant_image")).scalar() == 0


def test_un_apercu_jamais_confirme_s_efface_au_bout_de_sept_jours(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = importer(session, directrice, rangee(monde.dunes, "AMAR"), organisme=monde.dunes.id)
    with horloge.regler(MIDI + timedelta(days=8)):
        jobs.enqueue_after_commit("depots.entretenir")
        session.commit()
        travailler()
    assert relu(session, depot.uuid).etat == "ABANDONNE"
    assert (
        session.execute(scope.autorisee(select(func.count()).select_from(Ligne), Droit.CORRIGER)).scalar()
        == 0
    )


def test_abandonner_efface_le_fichier_et_ses_lignes(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = importer(session, directrice, rangee(monde.dunes, "AMAR"), organisme=monde.dunes.id)
    directrice.post(f"/depots/{depot.uuid}/abandonner")
    travailler()
    assert relu(session, depot.uuid).etat == "ABANDONNE"
    assert (
        session.execute(scope.autorisee(select(func.count()).select_from(Ligne), Droit.CORRIGER)).scalar()
        == 0
    )
    assert (
        session.execute(scope.autorisee(select(func.count()).select_from(Fichier), Droit.CORRIGER)).scalar()
        == 0
    )


def test_une_fiche_qui_bouge_entre_l_apercu_et_la_confirmation_arrete_la_confirmation(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    confirmer(session, directrice, importer(session, directrice, rangee(d, "AMAR"), organisme=d.id))
    depot = importer(session, directrice, rangee(d, "AMAR", adresse_apprenant="3 quai Nord"), organisme=d.id)
    amar = fiche(session, "AMAR")
    amar.maj_le = MIDI + timedelta(minutes=5)
    session.commit()
    reponse = directrice.post(f"/depots/{depot.uuid}/confirmer")
    assert (reponse.status_code, relu(session, depot.uuid).etat) == (409, "PRET")
    assert "1 fiche a changé depuis cet aperçu" in mots(reponse)
    with horloge.regler(MIDI + timedelta(minutes=10)):
        assert directrice.post(f"/depots/{depot.uuid}/revoir").status_code == 303
        travailler()
    assert relu(session, depot.uuid).etat == "PRET"
    assert confirmer(session, directrice, depot).etat == "APPLIQUE"


def test_confirmer_quand_meme_applique_ce_qui_etait_montre(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    confirmer(session, directrice, importer(session, directrice, rangee(d, "AMAR"), organisme=d.id))
    depot = importer(session, directrice, rangee(d, "AMAR", adresse_apprenant="3 quai Nord"), organisme=d.id)
    fiche(session, "AMAR").maj_le = MIDI + timedelta(minutes=5)
    session.commit()
    directrice.post(f"/depots/{depot.uuid}/confirmer", {"quand_meme": "oui"})
    travailler()
    assert fiches(session) == [("AMAR", "3 quai Nord")]


def test_un_fichier_complet_signale_les_absents_et_son_annulation_les_reprend(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    with horloge.regler(MIDI - timedelta(days=3)):
        confirmer(
            session,
            directrice,
            importer(session, directrice, rangee(d, "AMAR"), rangee(d, "BRUN"), organisme=d.id),
        )
    depot = importer(session, directrice, rangee(d, "AMAR"), organisme=d.id, complete="y")
    page = directrice.get(f"/depots/{depot.uuid}?onglet=absentes")
    assert [r["Apprenant"] for r in tableau(page, "absentes")] == ["BRUN Gaston"]
    depot = confirmer(session, directrice, depot)
    session.expire_all()
    assert fiche(session, "BRUN").plus_transmis_depuis == MIDI.date()
    assert fiche(session, "AMAR").plus_transmis_depuis is None
    assert "1 fiche absente du fichier est signalée comme plus transmise" in mots(
        directrice.get(f"/depots/{depot.uuid}")
    )
    annuler(session, directrice, depot)
    assert fiche(session, "BRUN").plus_transmis_depuis is None


def test_un_fichier_illisible_le_dit_et_n_est_pas_garde(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = depot_de(session, deposer(directrice, b"%PDF-1.7 pas un tableau", organisme=monde.dunes.id))
    travailler()
    depot = relu(session, depot.uuid)
    assert (depot.etat, depot.refus, depot.fichier_id) == ("ILLISIBLE", "PAS_UN_TABLEUR", None)
    assert "n’est pas un tableau que nous savons lire" in mots(directrice.get(f"/depots/{depot.uuid}"))
    assert (
        session.execute(scope.autorisee(select(func.count()).select_from(Fichier), Droit.CORRIGER)).scalar()
        == 0
    )


def test_plusieurs_etablissements_dans_un_fichier_vont_chacun_a_sa_place(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = importer(
        session,
        directrice,
        rangee(monde.dunes, "AMAR"),
        rangee(monde.marais, "BRUN", monde.dunes),
        rangee(monde.voisin, "COLIN"),
        organisme=monde.dunes.id,
    )
    assert depot.comptes["organismes"] == {str(monde.dunes.id): 1, str(monde.marais.id): 1}
    assert depot.comptes["refusees"] == 1
    confirmer(session, directrice, depot)
    assert {fiche(session, nom).organisme_id for nom in ("AMAR", "BRUN")} == {monde.dunes.id, monde.marais.id}
