"""A CFA's follow-up is read by its network only while the CFA shares it (decision 26)."""

from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes import queries, service
from tdba.comptes.models import Habilitation, Organisation
from tdba.comptes.queries import usage_de
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures import queries_fiche, synchronisation
from tdba.ruptures import service as ruptures
from tdba.ruptures.models import Circonstance, Demarche, Dossier
from tdba.scope import Droit
from tests.factories import (
    un_reseau,
    un_sans_contrat,
    une_habilitation,
    une_organisation,
    une_personne,
    une_rupture,
)
from tests.pages import Navigateur, arbre, champs, texte

NOTE = "Note confidentielle du CFA"


@pytest.fixture
def tete(session: Session, cfa: Organisme, voisin: Organisme) -> Habilitation:
    """Somebody of a network that answers for two CFA."""
    un_reseau(session, "AFTRAL", [cfa, voisin], responsable=True)
    organisation = une_organisation(session, "TETE_DE_RESEAU", "AFTRAL", regle="RESEAU", reseau_code="AFTRAL")
    second = une_personne(session, "Second")
    return une_habilitation(session, une_personne(session, "Camille"), organisation, validee_par=second)


@pytest.fixture
def reseau(navigateur: Navigateur, tete: Habilitation) -> Navigateur:
    return navigateur.comme(tete)


@pytest.fixture
def jeune(session: Session, directeur: Navigateur, cfa: Organisme) -> Effectif:
    """A youth of the CFA, called once by the director."""
    effectif = une_rupture(session, cfa, nom="SERIN")
    saisie = {"nature": "APPEL", "resultat": "JOINT", "note": NOTE}
    donnees = {f"demarche-{effectif.id}-{nom}": valeur for nom, valeur in saisie.items()}
    assert directeur.post(f"/dossiers/{dossier_de(session, effectif)}/demarches", donnees).status_code == 303
    return effectif


def dossier_de(session: Session, effectif: Effectif) -> int:
    requete = scope.autorisee(select(Dossier.id).where(Dossier.effectif_id == effectif.id), Droit.CORRIGER)
    return int(session.execute(requete).scalar_one())


def partager(session: Session, depuis: date | None) -> None:
    session.execute(
        update(Organisation)
        .where(Organisation.type == "ORGANISME_FORMATION")
        .values(partage_suivi_depuis=depuis)
    )
    session.commit()


def mots(navigateur: Navigateur, adresse: str) -> str:
    reponse = navigateur.get(adresse)
    assert reponse.status_code == 200, adresse
    return texte(arbre(reponse))


def test_sans_partage_le_reseau_voit_l_etat_et_rien_du_suivi(
    session: Session, reseau: Navigateur, jeune: Effectif
) -> None:
    assert "SERIN" in mots(reseau, "/effectifs")
    assert "Suivi de la rupture" not in mots(reseau, f"/effectifs/{jeune.id}")
    for liste in ("/ruptures", "/aujourd-hui"):
        page = mots(reseau, liste)
        assert "SERIN" not in page
        assert "le suivi de 0 de vos 2 établissements" in page
    numero = dossier_de(session, jeune)
    for adresse in (f"/dossiers/{numero}", f"/dossiers/{numero}/demarches"):
        assert reseau.get(adresse).status_code == 404
    assert reseau.post(f"/dossiers/{numero}/demarches").status_code == 404


def test_sans_contrat_de_meme(session: Session, reseau: Navigateur, cfa: Organisme) -> None:
    sans = un_sans_contrat(session, cfa, nom="MERLE")
    assert "MERLE" not in mots(reseau, "/sans-contrat")
    assert reseau.get(f"/sans-contrat/{sans.id}").status_code == 404
    assert reseau.post(f"/effectifs/{sans.id}/demarches").status_code == 404


def test_avec_partage_il_lit_les_faits_et_pas_les_notes(
    session: Session, reseau: Navigateur, directeur: Navigateur, jeune: Effectif
) -> None:
    partager(session, horloge.aujourd_hui())
    assert "SERIN" in mots(reseau, "/ruptures")
    assert "Suivi de la rupture" in mots(reseau, f"/effectifs/{jeune.id}")
    adresse = f"/dossiers/{dossier_de(session, jeune)}"
    page = mots(reseau, adresse)
    assert "Noté par Dominique" in page
    assert NOTE not in page
    assert NOTE in mots(directeur, adresse)


def test_une_demarche_du_reseau_se_lit_par_lui_avec_sa_note(
    session: Session, reseau: Navigateur, directeur: Navigateur, jeune: Effectif
) -> None:
    partager(session, horloge.aujourd_hui())
    adresse = f"/dossiers/{dossier_de(session, jeune)}"
    saisie = {"nature": "AUTRE", "note": "Vu au forum"}
    reseau.post(f"{adresse}/demarches", {f"demarche-{jeune.id}-{nom}": v for nom, v in saisie.items()})
    assert "Vu au forum" in mots(reseau, adresse)
    assert "Vu au forum" in mots(directeur, adresse)


def test_chaque_cfa_decide_pour_lui(
    session: Session, reseau: Navigateur, jeune: Effectif, voisin: Organisme
) -> None:
    une_rupture(session, voisin, nom="PINSON")
    une_organisation(session, "ORGANISME_FORMATION", "Voisin", regle="SIREN", siren=voisin.siren)
    session.execute(
        update(Organisation)
        .where(Organisation.siren == voisin.siren)
        .values(partage_suivi_depuis=horloge.aujourd_hui())
    )
    page = mots(reseau, "/ruptures")
    assert ("PINSON" in page, "SERIN" in page) == (True, False)


def test_un_partage_a_venir_ou_arrete_ne_montre_rien(
    session: Session, reseau: Navigateur, jeune: Effectif
) -> None:
    for depuis in (date(2026, 11, 19), None):
        partager(session, depuis)
        assert "SERIN" not in mots(reseau, "/ruptures")


def test_le_partage_d_un_reseau_ou_d_un_territoire_n_est_pas_celui_d_un_cfa(
    session: Session, cfa: Organisme, tete: Habilitation
) -> None:
    session.execute(update(Organisation).values(partage_suivi_depuis=horloge.aujourd_hui()))
    assert queries.partagent_leur_suivi(frozenset({cfa.id}), horloge.aujourd_hui()) == frozenset()


# --- Either lock alone -----------------------------------------------------------------------------------------


def _comme(tete: Habilitation) -> scope.Scope:
    usage = usage_de(tete.id)
    assert usage is not None
    return service.portee_de(usage, horloge.aujourd_hui())


def test_le_second_verrou_tient_seul(session: Session, tete: Habilitation, jeune: Effectif) -> None:
    """The statement is not limited by the application: PostgreSQL alone keeps the steps."""
    sans_filtre = scope.autorisee(select(Demarche.note), Droit.CORRIGER)
    for depuis, lues in ((None, 0), (horloge.aujourd_hui(), 1)):
        partager(session, depuis)
        portee = _comme(tete)
        session.commit()  # the next transaction announces the network
        with scope.sous(portee):
            assert len(db.session.execute(sans_filtre).all()) == lues
            db.session.rollback()


def test_le_premier_verrou_tient_seul(session: Session, tete: Habilitation, jeune: Effectif) -> None:
    """PostgreSQL is told everything: the application alone keeps the steps and the file."""
    numero = dossier_de(session, jeune)
    portee = _comme(tete)
    with scope.sous(portee):
        db.session.execute(text("RESET ROLE"))
        assert queries_fiche.demarches(numero) == []
        assert queries_fiche.ligne_de_la_fiche(jeune.id, horloge.aujourd_hui()) is None
        with pytest.raises(scope.Introuvable):
            queries_fiche.ligne_dossier(numero, horloge.aujourd_hui())
        db.session.rollback()


def test_une_correction_du_reseau_tient_les_dossiers_meme_sans_partage(
    session: Session, tete: Habilitation, jeune: Effectif
) -> None:
    """Files hold the states that corrections and figures need: only the follow-up is closed."""
    portee = _comme(tete)
    session.commit()
    with scope.sous(portee):
        synchronisation.synchroniser([jeune.id])
        db.session.rollback()
    assert dossier_de(session, jeune)


def test_le_service_refuse_aussi_la_demarche_d_un_reseau_sans_partage(
    session: Session, tete: Habilitation, jeune: Effectif
) -> None:
    """Whatever the route read first."""
    numero, portee = dossier_de(session, jeune), _comme(tete)
    saisie = ruptures.Saisie(
        nature="AUTRE", resultat=None, prochaine_le=None, note=None, cle_formulaire="a" * 20
    )
    session.commit()
    with scope.sous(portee), pytest.raises(scope.Introuvable):
        ruptures.noter_demarche(numero, saisie, maintenant=horloge.maintenant(), jour=horloge.aujourd_hui())
    db.session.rollback()


def noter_la_sante(directeur: Navigateur, adresse: str) -> None:
    donnees = champs(directeur.get(adresse), adresse)
    donnees |= {"obstacles": ["LOGEMENT", "SANTE"], "accord_sante": "y", "accord_sante_le": "2026-11-16"}
    assert directeur.post(adresse, donnees).status_code == 303


def test_avec_partage_il_ne_lit_jamais_la_sante_ni_son_accord(
    session: Session, reseau: Navigateur, directeur: Navigateur, jeune: Effectif
) -> None:
    partager(session, horloge.aujourd_hui())
    dossier = f"/dossiers/{dossier_de(session, jeune)}"
    noter_la_sante(directeur, f"{dossier}/circonstances")
    page = mots(directeur, dossier)
    assert "logement et santé" in page
    assert "Santé notée avec son accord du 16 novembre 2026" in page
    page = mots(reseau, dossier)
    assert "logement" in page
    assert "logement et santé" not in page
    assert "Santé notée" not in page
    formulaire = f"{dossier}/circonstances"
    assert "Santé" in mots(directeur, formulaire)
    assert "santé" not in mots(reseau, formulaire).lower()
    for adresse in (dossier, formulaire):
        assert "2026-11-16" not in reseau.get(adresse).get_data(as_text=True)


def test_ce_que_le_reseau_note_laisse_la_sante_telle_que_le_cfa_l_a_notee(
    session: Session, reseau: Navigateur, directeur: Navigateur, jeune: Effectif
) -> None:
    partager(session, horloge.aujourd_hui())
    adresse = f"/dossiers/{dossier_de(session, jeune)}/circonstances"
    noter_la_sante(directeur, adresse)
    saisie = champs(reseau.get(adresse), adresse)
    assert reseau.post(adresse, saisie | {"obstacles": ["MOBILITE"]}).status_code == 303
    requete = scope.select_for(Circonstance, Droit.CORRIGER).execution_options(populate_existing=True)
    notee = session.execute(requete).scalar_one()
    assert (notee.obstacles, notee.accord_sante_le) == (["MOBILITE", "SANTE"], date(2026, 11, 16))
    forcee = champs(reseau.get(adresse), adresse) | {"obstacles": ["SANTE"], "accord_sante": "y"}
    assert reseau.post(adresse, forcee).status_code == 422
