"""Who may not come near a file: another CFA, a member of another site, support alone; and each lock alone."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import factories as f
from tests.conftest import MIDI
from tests.depots.aides_depots import (
    Monde,
    classeur,
    deposer,
    depot_de,
    evenements,
    importer,
    rangee,
    relu,
    travailler,
)
from tests.pages import Navigateur, tableau, titre


def test_le_fichier_d_un_autre_cfa_n_existe_pas(
    session: Session, monde: Monde, directrice: Navigateur, voisine: Navigateur
) -> None:
    depot = importer(
        session, directrice, rangee(monde.dunes, "DIOP", email_contact="x"), organisme=monde.dunes.id
    )
    ligne_id = session.execute(text("SELECT id FROM ligne")).scalar()
    adresse = f"/depots/{depot.uuid}"
    for chemin in ("", f"/lignes/{ligne_id}", "/a-corriger.xlsx"):
        assert voisine.get(adresse + chemin).status_code == 404
    for acte in ("confirmer", "revoir", "abandonner", "annuler", "colonnes", "partout", f"lignes/{ligne_id}"):
        assert voisine.post(f"{adresse}/{acte}").status_code == 404
    assert relu(session, depot.uuid).etat == "PRET"
    assert tableau(voisine.get("/depots"), "depots") == []


def test_un_membre_d_un_seul_site_n_ecrit_pas_pour_les_autres(
    session: Session, monde: Monde, membre: Navigateur, directrice: Navigateur
) -> None:
    melange = (rangee(monde.dunes, "AMAR"), rangee(monde.marais, "BRUN", monde.dunes))
    sien = importer(session, membre, *melange)
    assert (sien.comptes["nouvelles"], sien.comptes["refusees"]) == (1, 1)
    causes = tableau(membre.get(f"/depots/{sien.uuid}?onglet=refusees"), "causes")
    assert causes[0]["Raison"].startswith("Vous ne pouvez pas déposer de fiches pour cet établissement")
    autre = importer(session, directrice, *melange, organisme=monde.dunes.id)
    page = membre.get(f"/depots/{autre.uuid}?onglet=nouvelles")
    assert [r["Apprenant"] for r in tableau(page, "lignes")] == ["AMAR Gaston"]
    reponse = membre.post(f"/depots/{autre.uuid}/confirmer")
    assert (reponse.status_code, relu(session, autre.uuid).etat) == (422, "PRET")


def test_un_membre_ne_voit_pas_le_depot_fait_pour_un_autre_site(
    session: Session, monde: Monde, membre: Navigateur, directrice: Navigateur
) -> None:
    depot = importer(
        session, directrice, rangee(monde.marais, "BRUN", monde.dunes), organisme=monde.marais.id
    )
    assert membre.get(f"/depots/{depot.uuid}").status_code == 404


def test_le_support_ne_lit_pas_les_lignes_d_un_fichier(
    session: Session, monde: Monde, directrice: Navigateur, navigateur: Navigateur
) -> None:
    """It sees a person's screens with them, in an open request (decision 24); never by itself."""
    assistance = f.une_organisation(session, "SUPPORT", "Assistance", regle="NATION")
    maud = f.une_habilitation(
        session, f.une_personne(session, "Maud"), assistance, validee_par=f.une_personne(session, "Autre")
    )
    depot = importer(session, directrice, rangee(monde.dunes, "AMAR"), organisme=monde.dunes.id)
    support = navigateur.comme(maud)
    assert support.get(f"/depots/{depot.uuid}").status_code == 404
    assert tableau(support.get("/depots"), "depots") == []
    assert support.get("/depots/une-fiche").status_code == 404


def test_les_droits_sont_ceux_du_moment_de_la_lecture(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    depot = depot_de(
        session, deposer(directrice, classeur(rangee(monde.dunes, "AMAR")), organisme=monde.dunes.id)
    )
    monde.directrice.fin = MIDI.date()
    session.commit()
    travailler()
    assert relu(session, depot.uuid).comptes["refusees"] == 1


def test_les_noms_montres_sont_journalises(session: Session, monde: Monde, directrice: Navigateur) -> None:
    depot = importer(session, directrice, rangee(monde.dunes, "AMAR"), organisme=monde.dunes.id)
    avant = evenements(session).count("transmission.consultee")
    directrice.get(f"/depots/{depot.uuid}")
    assert evenements(session).count("transmission.consultee") == avant + 1


def test_le_second_verrou_tient_seul(session: Session, monde: Monde, directrice: Navigateur) -> None:
    """Row-level security alone hides the files of another organisme, and refuses to write for it."""
    depot_de(session, deposer(directrice, b"x", organisme=monde.dunes.id))
    session.commit()
    session.execute(text("SET LOCAL ROLE tdba_famille"))
    for nom in ("tdba.organismes", "tdba.organismes_ecriture"):
        session.execute(
            text("SELECT set_config(:nom, :valeur, true)"), {"nom": nom, "valeur": str(monde.voisin.id)}
        )
    for table in ("depot", "fichier", "fichier_bloc"):
        assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    assert session.execute(text("UPDATE depot SET etat = 'PRET'")).rowcount == 0  # type: ignore[attr-defined]
    session.rollback()


def test_sans_le_droit_de_corriger_la_page_est_refusee(
    session: Session, monde: Monde, navigateur: Navigateur
) -> None:
    dreets = f.une_organisation(session, "DREETS", "DREETS", regle="REGION", region_code="53")
    agent = f.une_habilitation(session, f.une_personne(session, "Agent"), dreets)
    session.commit()
    assert navigateur.comme(agent).get("/depots").status_code == 403
    assert titre(navigateur.comme(monde.membre).get("/depots")) == "Importer un fichier"
