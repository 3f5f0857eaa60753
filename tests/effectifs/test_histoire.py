"""The story of a record: received, corrected, undone, followed, read, exported; told to its CFA (issue 5, part 9)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, journal, scope
from tdba.comptes.models import Habilitation
from tdba.effectifs import ajouts
from tdba.effectifs.ajouts import Fait
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import Retrait, Transfert
from tdba.ruptures.models import Demarche, Dossier
from tdba.transmissions.models import Ligne, Transmission
from tests import factories as f
from tests.effectifs.aides import contrat_de, corrections, envoyer, evenements, lectures, phrases
from tests.effectifs.aides_journal import ouverte_par
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, tableau


def histoire(navigateur: Navigateur, effectif: Effectif, suite: str = "") -> list[dict[str, str]]:
    reponse = navigateur.get(f"/effectifs/{effectif.id}/histoire{suite}")
    assert reponse.status_code == 200
    return tableau(reponse, "histoire")


def dites(navigateur: Navigateur, effectif: Effectif, genre: str = "") -> list[tuple[str, str]]:
    lignes = histoire(navigateur, effectif, f"?genre={genre}")
    return [(ligne["Ce qui s’est passé"], ligne["Qui"]) for ligne in lignes]


def recue(session: Session, decor: Decor, effectif: Effectif, etat: str, il_y_a: int) -> None:
    le = horloge.maintenant() - timedelta(days=il_y_a)
    transmission = Transmission(
        uuid=uuid4(), transmetteur_id=decor.cfa.id, source="ERP", etat="TRAITEE", recue_le=le, nb_lignes=1
    )
    session.add(transmission)
    session.flush()
    session.add(
        Ligne(
            transmission_id=transmission.id,
            rang=1,
            transmetteur_id=decor.cfa.id,
            organisme_id=decor.cfa.id,
            contenu={},
            etat=etat,
            effectif_id=effectif.id,
            traitee_le=le,
        )
    )
    session.commit()


def test_ce_que_l_erp_a_change_est_dit_et_ce_qu_il_repete_ne_l_est_pas(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    for etat, il_y_a in (("CREEE", 9), ("INCHANGEE", 5), ("MODIFIEE", 2)):
        recue(session, decor, effectif, etat, il_y_a)
    assert dites(directrice, effectif, "RECU") == [
        (
            "Des valeurs ont changé à la réception de votre ERP. Voir : Des valeurs ont changé à la réception de votre ERP.",
            "CFA de Rennes",
        ),
        (
            "Fiche créée à la réception de votre ERP. Voir : Fiche créée à la réception de votre ERP.",
            "CFA de Rennes",
        ),
    ]


def test_sans_ligne_gardee_la_fiche_dit_encore_quand_elle_est_nee(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    effectif.cree_le = horloge.maintenant() - timedelta(days=200)
    session.commit()
    assert dites(directrice, effectif, "RECU") == [
        ("Dernière réception de votre ERP.", "le service"),
        ("Fiche créée à la réception de votre ERP.", "le service"),
    ]


def test_une_correction_et_son_annulation_sont_dites_avec_leurs_valeurs_et_leur_auteur(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    envoyer(directrice, f"/effectifs/{effectif.id}/corriger/nom", valeur="MARTIN")
    (correction,) = corrections(session)
    directrice.post(f"/corrections/{correction.id}/annuler", {})
    dana = "Dana Directrice, CFA de Rennes"
    assert sorted(dites(directrice, effectif, "CORRIGE")) == [
        ("Nom : correction annulée.", dana),
        ("Nom : « CANARI » devient « MARTIN » (j’ai vu le contrat ou la notification).", dana),
    ]


def test_qui_a_lu_la_fiche_tient_en_une_ligne_par_personne_et_par_jour(
    session: Session, decor: Decor, directrice: Navigateur, agent: Callable[[str], Navigateur]
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    for _ in range(3):
        directrice.get(f"/effectifs/{effectif.id}")
    directrice.get(f"/effectifs/{effectif.id}/coordonnees")
    agent("DREETS").get("/effectifs")
    assert sorted(dites(directrice, effectif, "LU")) == [
        ("Fiche ouverte 3 fois et coordonnées affichées 1 fois.", "Dana Directrice, CFA de Rennes"),
        ("Nom lu dans une liste 1 fois.", "Ana Testeur, DREETS"),
    ]


def test_une_autre_fiche_lue_n_est_pas_dans_l_histoire_de_celle_ci(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif, autre = (f.un_apprenti(session, decor.cfa, nom=nom) for nom in ("UNE", "DEUX"))
    directrice.get(f"/effectifs/{autre.id}")
    assert dites(directrice, effectif, "LU") == []


def test_des_lignes_brutes_lues_ne_passent_pas_pour_des_fiches(
    session: Session, decor: Decor, directrice: Navigateur, habilitation_directrice: Habilitation
) -> None:
    """Their ids are those of lines: the same number may be that of a record."""
    effectif = f.un_apprenti(session, decor.cfa)
    journal.consigner("transmission.consultee", transmission_id=1, ids=[effectif.id])
    session.commit()
    assert dites(directrice, effectif, "LU") == []


def test_l_assistance_est_nommee_par_sa_demande(
    session: Session, decor: Decor, directrice: Navigateur, assistante: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    ouverte_par(session, assistante, effectif)
    lues = dites(directrice, effectif, "LU")
    assert {qui for _, qui in lues} == {"l’assistance (demande n° 7)"}
    assert "Sam" not in phrases(directrice.get(f"/effectifs/{effectif.id}/histoire"))


def une_demarche(session: Session, effectif: Effectif) -> None:
    personne = f.une_personne(session, "Rita", "Référente")
    requete = scope.autorisee(select(Dossier).where(Dossier.effectif_id == effectif.id), scope.Droit.CORRIGER)
    dossier = session.execute(requete).scalar_one()
    session.add(
        Demarche(
            dossier_id=dossier.id,
            organisme_id=dossier.organisme_id,
            annee_scolaire=dossier.annee_scolaire,
            nature="APPEL",
            resultat="JOINT",
            le=horloge.maintenant(),
            prochaine_le=date(2026, 11, 30),
            note="un secret du suivi",
            personne_id=personne.id,
        )
    )
    session.commit()


def reseau(session: Session, navigateur: Navigateur, decor: Decor) -> Navigateur:
    """A network that answers for its members, whose CFA share nothing of their follow-up."""
    f.un_reseau(session, "R", [decor.cfa], responsable=True)
    organisation = f.une_organisation(session, "TETE_DE_RESEAU", "Réseau R", regle="RESEAU", reseau_code="R")
    valideur = f.une_personne(session, "Val")
    return navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Rémi"), organisation, validee_par=valideur)
    )


def test_les_demarches_sont_dites_sans_leur_note(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    une_demarche(session, effectif)
    assert dites(directrice, effectif, "SUIVI") == [
        ("Appel, joint. Prochaine étape le 30 novembre 2026.", "Rita Référente")
    ]


def test_un_reseau_sans_partage_ne_lit_ni_le_suivi_ni_qui_a_lu(
    session: Session, decor: Decor, directrice: Navigateur, navigateur: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    une_demarche(session, effectif)
    envoyer(directrice, f"/contrats/{contrat_de(session, effectif).id}/corriger", fin="2027-07-31")
    remi = reseau(session, navigateur, decor)
    genres = {ligne["Quoi"] for ligne in histoire(remi, effectif)}
    assert genres == {"Reçu", "Corrigé"}
    assert "Dana Directrice" in str(histoire(directrice, effectif, "?genre=LU"))
    assert {ligne["Quoi"] for ligne in histoire(remi, effectif, "?genre=LU")} == {"Reçu", "Corrigé"}
    assert "Lu par" not in phrases(remi.get(f"/effectifs/{effectif.id}/histoire"))


def test_l_histoire_se_filtre_et_se_lit_par_pages_la_derniere_d_abord(
    session: Session, decor: Decor, directrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    midi = horloge.maintenant()
    faits = [Fait(midi - timedelta(hours=n), "RECU" if n % 2 else "SIFA", f"Fait {n}.") for n in range(60)]
    monkeypatch.setattr(ajouts, "RECITS", [lambda _: faits])
    assert [li["Ce qui s’est passé"] for li in histoire(directrice, effectif)][:2] == ["Fait 0.", "Fait 1."]
    assert len(histoire(directrice, effectif)) == 50
    assert histoire(directrice, effectif, "?page=2")[0]["Ce qui s’est passé"] == "Fait 50."
    assert len(histoire(directrice, effectif, "?page=9")) == 10
    assert {li["Quoi"] for li in histoire(directrice, effectif, "?genre=SIFA")} == {"SIFA"}
    assert len(histoire(directrice, effectif, "?genre=rien")) == 50


def test_lire_l_histoire_est_une_lecture(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    histoire(directrice, effectif)
    assert evenements(session, "effectif.consulte") == [{"ecran": "effectifs.histoire", "ids": [effectif.id]}]


def test_l_histoire_coute_au_plus_huit_lectures_quelle_que_soit_sa_longueur(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    courte, longue = (f.une_rupture(session, decor.cfa, nom=nom) for nom in ("COURTE", "LONGUE"))
    une_demarche(session, longue)
    for il_y_a in range(5):
        recue(session, decor, longue, "MODIFIEE", il_y_a)
        directrice.get(f"/effectifs/{longue.id}")
    une = lectures(directrice, f"/effectifs/{courte.id}/histoire")
    assert une == lectures(directrice, f"/effectifs/{longue.id}/histoire")
    assert une <= 11  # 8, a second one for duplicates, outcomes, letters to a mission locale
    assert lectures(directrice, f"/effectifs/{longue.id}/histoire?genre=LU") <= 8


def geste_d_hier(effectif: Effectif, habilitation: Habilitation) -> dict[str, Any]:
    return {
        "effectif_id": effectif.id,
        "organisme_id": effectif.organisme_id,
        "annee_scolaire": effectif.annee_scolaire,
        "personne_id": habilitation.personne_id,
        "habilitation_id": habilitation.id,
        "cree_le": horloge.maintenant() - timedelta(days=1),
    }


def test_la_corbeille_et_le_transfert_sont_dits_avec_leur_raison(
    session: Session, decor: Decor, directrice: Navigateur, habilitation_directrice: Habilitation
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    communs = geste_d_hier(effectif, habilitation_directrice)
    rendue = Retrait(
        **communs,
        motif="DOUBLON",
        restaure_le=horloge.maintenant(),
        restaure_par_id=habilitation_directrice.personne_id,
    )
    transfert = Transfert(
        **communs,
        motif="CHANGEMENT_DE_SITE",
        ancien_organisme_id=decor.annexe.id,
        id_erp="x",
        a_compter_du=date(2026, 11, 17),
    )
    session.add_all([rendue, transfert])
    session.commit()
    dana = "Dana Directrice, CFA de Rennes"
    assert dites(directrice, effectif, "CORBEILLE") == [
        ("Sortie de la corbeille.", "Dana Directrice"),
        ("Mise à la corbeille (c’est un doublon d’une autre fiche).", dana),
    ]
    assert dites(directrice, effectif, "TRANSFERT") == [
        ("Transférée de CFA annexe à CFA de Rennes (le jeune a changé d’établissement).", dana)
    ]
