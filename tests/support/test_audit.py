"""An auditor reads the journal, its seals and the rights in force, under a dated habilitation, and nothing else (decision 21)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.effectifs.models import Effectif
from tdba.journal import consigner
from tdba.scope import Droit, PorteeOubliee, RoleSql, Scope
from tdba.support import entretien, queries_audit
from tests.conftest import MIDI
from tests.factories import une_habilitation, une_organisation, une_personne
from tests.pages import Navigateur, arbre, liens, tableau, texte
from tests.support.conftest import CANARIS, Equipe, ecrire, ouvrir_un_dossier

PAGES = ("/audit", "/audit/sceaux", "/audit/habilitations")


def une_auditrice(session: Session, *, fin: date | None) -> Habilitation:
    organisation = une_organisation(session, "AUDIT", "Cabinet", regle="NATION")
    garante = une_personne(session, "Garante")
    return une_habilitation(
        session, une_personne(session, "Aude"), organisation, fin=fin, validee_par=garante
    )


@pytest.fixture
def auditrice(session: Session, navigateur: Navigateur) -> Navigateur:
    return navigateur.comme(une_auditrice(session, fin=date(2027, 1, 1)))


def evenements_lus(auditrice: Navigateur, requete: str = "") -> list[str]:
    return [ligne["Événement"] for ligne in tableau(auditrice.get(f"/audit{requete}"), "journal")]


# --- Who -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adresse", PAGES)
def test_un_audit_s_ouvre_sous_une_habilitation_datee_et_a_personne_d_autre(
    session: Session,
    navigateur: Navigateur,
    auditrice: Navigateur,
    directeur: Navigateur,
    equipe: Equipe,
    adresse: str,
) -> None:
    assert auditrice.get(adresse).status_code == 200
    sans_fin = navigateur.comme(une_auditrice(session, fin=None))
    for autre in (sans_fin, directeur, equipe.alix):
        assert autre.get(adresse).status_code == 403


def test_un_audit_fini_n_ouvre_plus_rien(session: Session, navigateur: Navigateur) -> None:
    passee = navigateur.comme(une_auditrice(session, fin=horloge.aujourd_hui()))
    assert passee.get("/audit").location == "/acces"


def test_son_accueil_est_le_journal_et_il_ne_voit_rien_d_autre(
    auditrice: Navigateur, jeune: Effectif
) -> None:
    assert auditrice.get("/").location == "/audit"
    for adresse in (f"/effectifs/{jeune.id}", "/effectifs", "/ruptures", "/le-point", "/support"):
        assert auditrice.get(adresse).status_code in (403, 404)


def test_le_journal_ne_se_lit_pas_sans_le_droit_d_auditer(session: Session) -> None:
    with scope.sous(Scope(droits={Droit.SUPPORT: scope.TOUS}, role=RoleSql.NATIONAL)):
        for lire in (lambda: queries_audit.evenements(queries_audit.Filtre()), queries_audit.sceaux):
            with pytest.raises(PorteeOubliee):
                lire()


def test_apres_la_lecture_la_transaction_reprend_son_role(session: Session, connexion: Connection) -> None:
    session.commit()
    with scope.sous(Scope(droits={Droit.AUDITER: scope.TOUS}, role=RoleSql.TERRITOIRE)):
        queries_audit.evenements(queries_audit.Filtre())
        assert connexion.exec_driver_sql("SELECT current_user").scalar_one() == "tdba_territoire"
        session.rollback()


# --- The journal -----------------------------------------------------------------------------------------------


def test_le_journal_se_filtre_par_famille_periode_organisation_et_personne(
    session: Session, auditrice: Navigateur, directeur: Navigateur, direction: Habilitation, equipe: Equipe
) -> None:
    with horloge.regler(MIDI - timedelta(days=2)):
        ecrire(directeur)
    ouvrir_un_dossier(equipe.alix)
    consigner("habilitation.accordee", organisation_id=direction.organisation_id, role="membre", motif="x")
    assert evenements_lus(auditrice) == ["habilitation.accordee", "demande.ouverte", "demande.ouverte"]
    assert evenements_lus(auditrice, "?famille=habilitation") == ["habilitation.accordee"]
    assert evenements_lus(auditrice, f"?personne={equipe.alix_id}") == ["demande.ouverte"]
    siens = evenements_lus(auditrice, f"?organisation={direction.organisation_id}")
    assert siens == ["habilitation.accordee", "demande.ouverte"]
    assert evenements_lus(auditrice, "?au=2026-11-16") == ["demande.ouverte"]
    assert evenements_lus(auditrice, "?au=2026-11-15") == []
    assert len(evenements_lus(auditrice, "?du=2026-11-17")) == 2
    assert len(evenements_lus(auditrice, "?du=2026-11-16&au=2026-11-16")) == 1


@pytest.mark.parametrize(
    "requete",
    [
        "?famille=rien",
        "?du=hier",
        "?au=9999-12-31",
        "?personne=x",
        f"?organisation={2**70}",
        "?avant=²",
        "?du=0001-01-01",
    ],
)
def test_un_filtre_qui_ne_veut_rien_dire_est_ignore(auditrice: Navigateur, requete: str) -> None:
    consigner("compte.deconnecte")
    assert evenements_lus(auditrice, requete) == ["compte.deconnecte"]


def test_la_page_suivante_reprend_sous_le_dernier_numero_et_garde_les_filtres(auditrice: Navigateur) -> None:
    for _ in range(queries_audit.PAGE + 3):
        consigner("compte.deconnecte")
        consigner("indicateurs.reconstruits", organismes=1)
    page = auditrice.get("/audit?famille=compte")
    suite = next(lien for lien in liens(page) if "avant=" in lien)
    assert "famille=compte" in suite
    premiers = [int(ligne["N°"]) for ligne in tableau(page, "journal")]
    suivants = [int(ligne["N°"]) for ligne in tableau(auditrice.get(suite), "journal")]
    assert (len(premiers), len(suivants)) == (queries_audit.PAGE, 3)
    assert max(suivants) < min(premiers)


def test_aucun_nom_d_apprenant_ni_export(
    auditrice: Navigateur, directeur: Navigateur, jeune: Effectif
) -> None:
    directeur.get(f"/effectifs/{jeune.id}")
    corps = auditrice.get("/audit").get_data(as_text=True)
    assert "effectif.consulte" in corps
    assert [canari for canari in CANARIS if canari in corps] == []


# --- The seals -------------------------------------------------------------------------------------------------


def test_chaque_sceau_est_recalcule_et_une_ligne_changee_se_voit(
    session: Session, connexion: Connection, auditrice: Navigateur
) -> None:
    for _ in range(3):
        consigner("compte.deconnecte")
        session.commit()
        entretien.sceller()
        session.commit()
    assert [s["Vérification"] for s in tableau(auditrice.get("/audit/sceaux"))] == ["intact"] * 3
    connexion.exec_driver_sql("RESET ROLE")
    connexion.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER ALL")
    connexion.exec_driver_sql(
        "UPDATE journal SET evenement = 'compte.connecte' WHERE id = (SELECT max(id) FROM journal)"
    )
    page = auditrice.get("/audit/sceaux")
    assert [s["Vérification"] for s in tableau(page)] == ["ne correspond plus", "intact", "intact"]
    assert "Le journal a été modifié" in texte(arbre(page))


def test_le_sceau_d_avant_une_page_compte_dans_la_verification(
    session: Session, auditrice: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_audit, "SCEAUX", 2)
    for _ in range(5):
        consigner("compte.deconnecte")
        session.commit()
        entretien.sceller()
        session.commit()
    vus, adresse = [], "/audit/sceaux"
    while adresse:
        page = auditrice.get(adresse)
        vus += [s["Vérification"] for s in tableau(page)]
        adresse = next((lien for lien in liens(page) if "avant=" in lien), "")
    assert vus == ["intact"] * 5


# --- The rights ------------------------------------------------------------------------------------------------


def test_les_habilitations_en_cours_disent_qui_les_a_donnees_et_signees(
    session: Session, auditrice: Navigateur, direction: Habilitation
) -> None:
    donneuse = une_personne(session, "Donatienne")
    direction.accordee_par_id, direction.fin = donneuse.id, date(2027, 8, 31)
    finie = une_habilitation(
        session,
        une_personne(session, "Partie"),
        une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53"),
        fin=date(2026, 11, 18),
    )
    page = auditrice.get("/audit/habilitations")
    lignes = {ligne["N°"]: ligne for ligne in tableau(page, "habilitations")}
    assert str(finie.id) not in lignes
    sienne = lignes[str(direction.id)]
    assert sienne["Accordée et validée par"] == "accordée par Donatienne Testeur, validée par personne"
    assert sienne["Période"].endswith("jusqu’au 31/08/2027 exclu")
    comptes = [(c["Type"], c["Rôle"], c["Nombre"]) for c in tableau(page, "comptes")]
    assert comptes == [("AUDIT", "administrateur", "1"), ("ORGANISME_FORMATION", "administrateur", "1")]
