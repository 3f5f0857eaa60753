"""What the night writes, what a correction writes at once, and what is counted."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tdba import abonnes, horloge, scope
from tdba.db import db
from tdba.devenirs.models import Devenir
from tdba.ruptures.models import Opposition
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.devenirs.aides import (
    Monde,
    ajouter_contrat,
    bilan,
    calculer,
    devenirs,
    dossier_de,
    repris,
    une_demarche,
    vider,
)
from tests.factories import un_apprenti, un_effectif, une_rupture

JOUR = horloge.jour_de_paris(MIDI)


def test_la_nuit_ecrit_un_etat_par_jalon_passe(session: Session, monde: Monde) -> None:
    recente = une_rupture(session, monde.rennes, depuis=29)
    ancienne = une_rupture(session, monde.rennes, depuis=100)
    reprise = repris(session, monde.rennes, depuis=200, apres=60)
    vider()
    calculer()
    assert devenirs(recente) == {}
    assert devenirs(ancienne) == {30: "INCONNU", 90: "INCONNU"}
    assert devenirs(reprise) == {30: "INCONNU", 90: "CONTRAT", 180: "CONTRAT"}


def test_une_seconde_nuit_n_ecrit_rien(session: Session, monde: Monde) -> None:
    for depuis in (40, 100, 200):
        une_rupture(session, monde.rennes, depuis=depuis)
    vider()
    assert calculer() == 6
    avant = bilan()
    assert calculer() == 0
    assert bilan() == avant


def test_les_lots_ne_perdent_personne(session: Session, monde: Monde) -> None:
    for _ in range(5):
        une_rupture(session, monde.rennes, depuis=40)
    vider()
    assert calculer(taille=2) == 5


def test_le_contrat_de_la_fiche_de_l_annee_suivante_compte(session: Session, monde: Monde) -> None:
    """Broken in June on the record of a year, taken on in September on that of the next."""
    rompu = une_rupture(session, monde.rennes, depuis=150, annee_scolaire="2025-2026", id_erp="meme")
    un_apprenti(session, monde.rennes, annee_scolaire="2026-2027", id_erp="meme")
    un_apprenti(session, monde.voisin, annee_scolaire="2026-2027", id_erp="meme")
    assert devenirs(rompu) == {30: "INCONNU", 90: "CONTRAT"}
    ailleurs = une_rupture(session, monde.annexe, depuis=150, annee_scolaire="2025-2026", id_erp="meme")
    assert devenirs(ailleurs) == {30: "INCONNU", 90: "INCONNU"}, "another CFA's record says nothing of it"


def test_un_contrat_declare_se_lit_aussitot(session: Session, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    assert devenirs(rompu) == {30: "INCONNU"}
    ajouter_contrat(session, rompu, JOUR - timedelta(days=12))
    assert devenirs(rompu) == {30: "CONTRAT"}


def test_les_deux_fiches_d_un_jeune_changent_ensemble(session: Session, monde: Monde) -> None:
    """A sending brings both years of a youth at once: their file is computed once."""
    rompu = une_rupture(session, monde.rennes, depuis=150, annee_scolaire="2025-2026", id_erp="meme")
    suite = un_apprenti(session, monde.rennes, annee_scolaire="2026-2027", id_erp="meme")
    vider()
    abonnes.annoncer("apres_parcours", [rompu.id, suite.id])
    session.commit()
    assert devenirs(rompu) == {30: "INCONNU", 90: "CONTRAT"}


def test_un_retour_a_l_ecole_retire_ne_compte_pas(session: Session, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    demarche = une_demarche(session, rompu, monde.direction, apres=10, nature="RETOUR_ECOLE")
    calculer()
    assert devenirs(rompu) == {30: "ECOLE"}
    demarche.retiree_le = MIDI
    calculer()
    assert devenirs(rompu) == {30: "INCONNU"}


def test_un_jalon_qui_n_est_plus_passe_s_efface(session: Session, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=100)
    calculer()
    dossier_de(rompu).ouvert_du = JOUR - timedelta(days=40)
    session.commit()
    calculer()
    assert devenirs(rompu) == {30: "INCONNU"}


def test_une_rupture_annulee_n_est_plus_comptee(session: Session, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    calculer()
    assert sum(bilan().values()) == 1
    dossier = dossier_de(rompu)
    dossier.clos_du, dossier.cause_cloture = dossier.ouvert_du, "RUPTURE_ANNULEE"
    session.commit()
    calculer()
    assert devenirs(rompu) == {}
    assert bilan() == {}


def test_le_bilan_compte_par_annee_d_ouverture_genre_jalon_et_etat(session: Session, monde: Monde) -> None:
    une_rupture(session, monde.rennes, depuis=40)
    une_rupture(session, monde.rennes, depuis=150)
    repris(session, monde.voisin, depuis=150, apres=10)
    calculer()
    rennes, voisin = monde.rennes.id, monde.voisin.id
    assert bilan() == {
        (rennes, "2026-2027", "RUPTURE", 30, "INCONNU"): 1,
        (rennes, "2025-2026", "RUPTURE", 30, "INCONNU"): 1,
        (rennes, "2025-2026", "RUPTURE", 90, "INCONNU"): 1,
        (voisin, "2025-2026", "RUPTURE", 30, "CONTRAT"): 1,
        (voisin, "2025-2026", "RUPTURE", 90, "CONTRAT"): 1,
    }


def test_une_fiche_a_la_corbeille_ou_une_opposition_ne_compte_pas(session: Session, monde: Monde) -> None:
    jetee = une_rupture(session, monde.rennes, depuis=40)
    opposee = une_rupture(session, monde.rennes, depuis=40)
    calculer()
    assert sum(bilan().values()) == 2
    jetee.corbeille_le = MIDI
    session.add(
        Opposition(
            effectif_id=opposee.id,
            organisme_id=opposee.organisme_id,
            annee_scolaire=opposee.annee_scolaire,
            recue_le=JOUR,
            personne_id=monde.direction.personne_id,
            cree_le=MIDI,
        )
    )
    session.commit()
    calculer()
    assert bilan() == {}


def test_une_reponse_survit_a_la_nuit(session: Session, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    requete = scope.select_for(Devenir, Droit.CORRIGER)
    devenir = db.session.execute(requete).scalar_one()
    devenir.etat, devenir.source, devenir.personne_id = "EMPLOI", "REPONSE", monde.direction.personne_id
    session.commit()
    assert calculer() == 0
    assert devenirs(rompu) == {30: "EMPLOI*"}
    ajouter_contrat(session, rompu, JOUR - timedelta(days=12))
    assert devenirs(rompu) == {30: "CONTRAT"}


def test_une_fiche_sans_dossier_n_a_pas_de_devenir(session: Session, monde: Monde) -> None:
    un_effectif(session, monde.rennes)
    assert calculer() == 0
