"""Importing twice changes nothing, importing a change changes only that, and what is refused says why."""

import json
from datetime import date

import pytest
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.orm import Session

from tdba import journal
from tdba.errors import ErreurMetier
from tdba.organismes import service
from tdba.organismes.jeux import Jeu
from tdba.organismes.lecture_csv import FichierRefuse
from tdba.organismes.models import (
    Certification,
    CertificationRome,
    Commune,
    Departement,
    Organisme,
    RelationOrganisme,
    ReseauOrganisme,
    Rome,
)
from tests.organismes.exemples import EXEMPLES, charger_les_territoires, comptes, importer


@pytest.fixture
def referentiel(session: Session) -> Session:
    """Territories, organismes and networks of the examples."""
    charger_les_territoires()
    importer("organismes.csv")
    importer("reseaux.csv")
    return session


def test_un_second_import_ne_change_rien(referentiel: Session) -> None:
    for nom in (
        "reseau_brut.csv",
        "relations.csv",
        "nomenclature.csv",
        "couples.csv",
        "metiers.csv",
        "niveaux.csv",
    ):
        importer(nom)
    assert comptes(charger_les_territoires())[:2] == (0, 0)
    for chemin in sorted(EXEMPLES.glob("*.csv")):
        if chemin.name != "organismes_fautifs.csv":
            crees, modifies, inchanges, _ = comptes(importer(chemin.name))
            assert (crees, modifies) == (0, 0), chemin.name
            assert inchanges > 0, chemin.name


def test_les_territoires_sans_les_communes_deleguees(session: Session) -> None:
    assert comptes(charger_les_territoires()) == (2 + 35 + 3 + 3, 0, 0, 0)
    calvados = session.get_one(Departement, "14")
    assert (calvados.region_code, calvados.academie_code) == ("28", "70")
    assert session.get_one(Commune, "14118").codes_postaux == ["14000"]
    assert session.get_one(Commune, "2A004").population is None


def test_les_territoires_se_chargent_aussi_en_csv(session: Session) -> None:
    charger_les_territoires()
    departements = b"code,nom,code_region,zone\n27,Eure,28,metro\n29,Finist\xc3\xa8re,53,metro\n"
    bilan = service.importer(departements, jeu=Jeu.TERRITOIRES)
    assert comptes(bilan) == (1, 0, 35, 1)
    assert bilan.refus[0].raison == "région inconnue : « 53 »"
    assert session.get_one(Departement, "27").academie_code == "70"


def test_seul_ce_qui_differe_est_modifie(referentiel: Session) -> None:
    contenu = (EXEMPLES / "organismes.csv").read_text().replace("CFA des Dunes", "Campus des Dunes")
    assert comptes(service.importer(contenu.encode())) == (0, 1, 2, 0)
    trouve = referentiel.scalars(
        select(Organisme).where(Organisme.recherche.contains("CAMPUS DES DUNES"))
    ).one()
    assert (trouve.nom, trouve.commune_code, trouve.academie_code) == ("Campus des Dunes", "14118", "70")


def test_un_organisme_absent_du_referentiel_qui_y_revient_redevient_fiable(referentiel: Session) -> None:
    referentiel.execute(update(Organisme).values(fiable=False))
    assert comptes(importer("organismes.csv")) == (0, 3, 0, 0)


def test_les_lignes_refusees_ont_leur_numero_et_leur_raison(referentiel: Session) -> None:
    bilan = importer("organismes_fautifs.csv")
    assert comptes(bilan) == (1, 0, 1, 7)
    assert [refus.numero for refus in bilan.refus] == [2, 3, 4, 5, 6, 7, 10]


def test_sans_les_territoires_tout_est_refuse_et_la_raison_le_dit(session: Session) -> None:
    bilan = importer("organismes.csv")
    assert bilan.rien_accepte
    assert "les territoires sont-ils chargés" in bilan.refus[0].raison


def test_une_liste_de_reseau_donne_ses_appartenances(referentiel: Session) -> None:
    assert comptes(importer("reseau_brut.csv")) == (4, 0, 0, 4)
    requete = select(Organisme.uai, ReseauOrganisme.reseau_code, ReseauOrganisme.debut).join(
        Organisme, Organisme.id == ReseauOrganisme.organisme_id
    )
    assert {tuple(ligne) for ligne in referentiel.execute(requete)} == {
        ("0140001A", "CFA_EC", date(2022, 3, 21)),
        ("0140001A", "EDUSERVICES", date(2022, 3, 21)),
        ("0140002B", "CFA_EC", date(2023, 1, 2)),
        ("6200003C", "AFTRAL", date(2026, 11, 18)),
    }


def test_une_liste_de_reseau_prise_pour_organismes_ajoute_sans_remplacer(referentiel: Session) -> None:
    assert comptes(importer("reseau_brut.csv", Jeu.ORGANISMES)) == (2, 0, 2, 3)
    assert (
        referentiel.scalars(select(Organisme.nom).where(Organisme.uai == "0140001A")).one() == "CFA des Dunes"
    )
    neuf = referentiel.scalars(select(Organisme).where(Organisme.uai == "0140007G")).one()
    assert (neuf.nom, neuf.commune, neuf.ferme, neuf.fiable) == ('CFA "NEUF"', "Caen", True, False)


def test_une_appartenance_finie_n_est_pas_rouverte_par_une_ancienne_liste(referentiel: Session) -> None:
    importer("reseau_brut.csv")
    fin = b"reseau,uai,siret,debut,fin\naftral,6200003C,10000000300015,2026-11-18,2026-12-01\n"
    assert comptes(service.importer(fin)) == (0, 1, 0, 0)
    assert comptes(service.importer(fin)) == (0, 0, 1, 0)
    assert comptes(importer("reseau_brut.csv")) == (0, 0, 4, 4)
    retour = b"reseau,uai,siret,debut,fin\naftral,6200003C,10000000300015,2027-01-01,\n"
    assert comptes(service.importer(retour)) == (1, 0, 0, 0)


def test_les_relations_et_leur_responsabilite_partielle(referentiel: Session) -> None:
    bilan = importer("relations.csv")
    assert comptes(bilan) == (2, 0, 1, 1)
    assert "formateur : organisme inconnu" in bilan.refus[0].raison
    partielles = select(Organisme.uai, RelationOrganisme.partielle).join(
        Organisme, Organisme.id == RelationOrganisme.formateur_id
    )
    assert {tuple(ligne) for ligne in referentiel.execute(partielles)} == {
        ("0140002B", True),
        ("6200003C", False),
    }


def test_un_second_responsable_rend_la_premiere_relation_partielle(referentiel: Session) -> None:
    importer("relations.csv")
    seconde = (
        b"responsable_uai,responsable_siret,formateur_uai,formateur_siret\n"
        b"0140002B,10000000200017,6200003C,10000000300015\n"
    )
    assert comptes(service.importer(seconde)) == (1, 1, 0, 0)
    assert set(referentiel.scalars(select(RelationOrganisme.partielle))) == {True}


def test_les_certifications_leurs_sources_et_leurs_niveaux(session: Session) -> None:
    assert comptes(importer("nomenclature.csv")) == (2, 0, 0, 0)
    assert comptes(importer("couples.csv")) == (2, 0, 0, 1)
    assert comptes(importer("metiers.csv")) == (1, 0, 1, 0)
    assert comptes(importer("niveaux.csv")) == (0, 2, 0, 1)
    lues = select(Certification.rncp, Certification.cfd, Certification.intitule, Certification.niveau)
    assert {tuple(ligne) for ligne in session.execute(lues)} == {
        (None, "50033610", "COIFFURE", 3),
        (None, "50033699", "COIFFURE ANCIENNE", 3),
        ("RNCP34670", "50033610", "COIFFURE (CAP)", 3),
        ("RNCP7", "01023456", "MENTION (MC)", 4),
        ("RNCP99", None, "Titre sans CFD", 6),
    }
    fermee = select(Certification.active).where(Certification.cfd == "50033699")
    assert session.scalars(fermee).one() is False


def test_le_fichier_des_metiers_dit_ceux_de_chaque_certification_et_celui_du_rome_leurs_noms(
    session: Session,
) -> None:
    importer("metiers.csv")
    assert comptes(service.importer(b"code_rome,libelle\nD1202,Coiffeur\nXX,?\n")) == (1, 0, 0, 1)
    deuxieme = b"code_rncp,cfd,libelle,type_diplome,niveau_europeen,codes_rome\nRNCP34670,,Coiffure,CAP,3,D1210|d1202\n"
    service.importer(deuxieme)
    assert session.execute(select(CertificationRome.rncp, CertificationRome.romes)).all() == [
        ("RNCP34670", ["D1202", "D1210"])
    ]
    assert session.scalars(select(Rome.libelle)).all() == ["Coiffeur"]


def test_l_import_est_consigne_avec_ses_comptes_et_rien_d_autre(referentiel: Session) -> None:
    importer("reseau_brut.csv")
    dernier = select(journal.Evenement).order_by(journal.Evenement.id.desc()).limit(1)
    evenement = referentiel.scalars(dernier).one()
    assert evenement.evenement == "referentiel.importe"
    assert evenement.details == {
        "jeu": "appartenances",
        "crees": 4,
        "modifies": 0,
        "inchanges": 0,
        "refuses": 4,
    }


@pytest.mark.parametrize(
    "contenu", [b"{}", b"[]", b"[1]", json.dumps([{"code": "1"}]).encode(), b"\xff", b"<html>"]
)
def test_un_autre_json_que_celui_des_territoires_est_refuse(session: Session, contenu: bytes) -> None:
    with pytest.raises(FichierRefuse, match=r"regions\.json"):
        service.importer_territoires(contenu, contenu, contenu)


def test_un_import_n_attend_pas_un_import_en_cours(session: Session, urls: dict[str, str]) -> None:
    moteur = create_engine(urls["superutilisateur"])
    with moteur.connect() as autre:
        autre.execute(text("SELECT pg_advisory_xact_lock(hashtext('tdba.referentiel'))"))
        with pytest.raises(ErreurMetier, match="en cours"):
            importer("reseaux.csv")
    moteur.dispose()
