"""What processes keep of the référentiel follows every import, and answers a line without any statement."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session as SessionSQL

from tdba.organismes import connaissances, service
from tdba.organismes.certifications import Session
from tdba.organismes.lecture_csv import FichierRefuse
from tdba.organismes.models import Certification, CodeCertification, Commune
from tests.organismes.exemples import REPONSES, charger_les_territoires, comptes, importer

ENTREE_2021 = Session(date(2021, 9, 1), date(2023, 8, 31))
NOMENCLATURE = (
    "cfd,niveau_formation_diplome,libelle_court,libelle_long,date_ouverture,date_fermeture,anciens_cfd,nouveaux_cfd\n"
    "50033605,500,CAP,COIFFURE ANCIENNE (CAP),1991-07-19,2008-08-31,,50033610\n"
    "50033610,500,CAP,COIFFURE (CAP),2008-09-01,2020-08-31,50033605,\n"
    "50033616,500,CAP,METIERS DE LA COIFFURE (CAP),2019-09-01,,50033610,\n"
)
CENT_VINGT_MICROSECONDES = 120e-6


@contextmanager
def requetes(connexion: Connection) -> Iterator[list[str]]:
    vues: list[str] = []

    def noter(_c: object, _k: object, requete: str, *_: object) -> None:
        vues.append(requete)

    event.listen(connexion, "before_cursor_execute", noter)
    try:
        yield vues
    finally:
        event.remove(connexion, "before_cursor_execute", noter)


def test_la_nomenclature_donne_validites_et_continuite(session: SessionSQL) -> None:
    assert comptes(service.importer(NOMENCLATURE.encode())) == (3, 0, 0, 0)
    assert comptes(service.importer(NOMENCLATURE.encode())) == (0, 0, 3, 0)
    code = session.get_one(CodeCertification, "50033605")
    assert (code.ouverture, code.fermeture) == (date(1991, 7, 19), date(2008, 8, 31))
    assert code.continuite == ["50033610", "50033616"]
    trouvee = connaissances.pour(cfds=["50033605"]).certifications.resoudre(None, "50033605", ENTREE_2021)
    assert (trouvee.cfd, trouvee.intitule) == ("50033616", "METIERS DE LA COIFFURE (CAP)")


def test_les_couples_donnent_la_fin_de_leur_rncp(session: SessionSQL) -> None:
    importer("couples.csv")
    assert session.get_one(CodeCertification, "RNCP34670").fermeture == date(2028, 12, 31)


def test_les_reponses_enregistrees_de_l_api_s_importent_et_se_rejouent(session: SessionSQL) -> None:
    premier = service.importer_reponses(REPONSES.read_bytes())
    assert comptes(premier) == (8, 0, 0, 0)
    assert comptes(service.importer_reponses(REPONSES.read_bytes())) == (0, 0, 8, 0)
    trouvee = connaissances.pour(rncps=["5364"]).certifications.resoudre("RNCP5364", None, ENTREE_2021)
    assert (trouvee.rncp, trouvee.cfd) == ("RNCP34670", "50033616")


@pytest.mark.parametrize("contenu", [b"{}", b"[]", b"RNCP", b"[" * 100_000])
def test_un_autre_fichier_que_des_reponses_est_refuse(session: SessionSQL, contenu: bytes) -> None:
    with pytest.raises(FichierRefuse):
        service.importer_reponses(contenu)


def test_une_reponse_illisible_est_refusee_seule(session: SessionSQL) -> None:
    bilan = service.importer_reponses(b"[{}," + REPONSES.read_bytes().lstrip()[1:])
    assert comptes(bilan) == (8, 0, 0, 1)
    assert bilan.refus[0].numero == 1


def test_chaque_ecriture_change_ce_qui_est_en_memoire(session: SessionSQL) -> None:
    """Even one that goes through no import: triggers see them all."""
    avant = connaissances.pour(rncps=["RNCP1"], postaux=["14000"])
    assert connaissances.pour(rncps=["RNCP1"]) is avant
    session.add(Certification(rncp="RNCP1", intitule="Un titre", niveau=5))
    session.flush()
    apres = connaissances.pour(rncps=["RNCP1"])
    assert apres.certifications.resoudre("RNCP1", None, ENTREE_2021).niveau == 5
    assert avant.certifications.resoudre("RNCP1", None, ENTREE_2021).niveau is None
    charger_les_territoires()
    assert connaissances.pour(postaux=["14000"]).communes.situer(None, "14000") == ("14118", "14")


def test_ce_qui_est_demande_plus_tard_s_ajoute_et_un_code_ne_se_lit_qu_une_fois(
    session: SessionSQL, connexion: Connection
) -> None:
    service.importer_reponses(REPONSES.read_bytes())
    connaissances.pour(rncps=["RNCP39266"])
    connues = connaissances.pour(rncps=["RNCP5364"])
    for rncp in ("RNCP39266", "RNCP5364"):
        assert connues.certifications.resoudre(rncp, None, Session(None, None)).niveau == 3
    with requetes(connexion) as vues:
        connaissances.pour(rncps=["RNCP5364", "RNCP39266"])
    assert len(vues) == 1


def test_un_lot_coute_une_instruction_et_ses_lignes_aucune(
    session: SessionSQL, connexion: Connection
) -> None:
    service.importer_reponses(REPONSES.read_bytes())
    ligne = {
        "rncp": "RNCP5364", "cfd": None, "formation": "CAP COIF", "date_entree": date(2021, 9, 1),
        "date_fin": date(2023, 8, 31), "code_insee": None, "code_postal": "14000",
    }  # fmt: skip
    with requetes(connexion) as vues:
        connaissances.pour(rncps=["RNCP5364"], postaux=["14000"])
        assert len(vues) == 5
        connues = connaissances.pour(rncps=["RNCP5364"], postaux=["14000"])
        debut = time.perf_counter()
        for _ in range(1000):
            connues.completer(ligne)
        duree = time.perf_counter() - debut
    assert len(vues) == 6
    assert duree / 1000 < CENT_VINGT_MICROSECONDES  # 1.3 µs when nothing else runs


def test_les_anciennes_communes_menent_a_l_actuelle(session: SessionSQL) -> None:
    charger_les_territoires()
    assert session.get_one(Commune, "14118").anciens_codes == ["14712"]
    bilan = service.importer(
        b"code_insee,nom,type,commune_actuelle\n14999,Hier,commune-deleguee,14366\n14366,Lisieux,x,14366\n"
        b"14998,Ailleurs,x,99999\n"
    )
    assert (bilan.compte.modifies, len(bilan.refus)) == (1, 1)
    assert connaissances.pour(insees=["14999"]).communes.situer("14999", None) == ("14366", "14")


def test_avec_les_fichiers_publics(session: SessionSQL, donnees_publiques: Path) -> None:
    """Run with `-s` to see how much of the nomenclature the rules reach."""
    for nom in ("regions", "departements", "communes", "communes_anciennes"):
        service.importer((donnees_publiques / "territoires" / f"{nom}.csv").read_bytes())
    for nom in ("cfd", "cfd_rncp", "niveaux_formation_diplome"):
        service.importer((donnees_publiques / "certifications" / f"{nom}.csv").read_bytes())
    exemples = (donnees_publiques / "certifications" / "certifications_api_exemples.json").read_bytes()
    assert len(service.importer_reponses(exemples).refus) == 0
    fermes = session.scalars(
        select(CodeCertification.code).where(CodeCertification.fermeture < date(2021, 9, 1))
    ).all()
    debut = time.perf_counter()
    connaissances.pour(rncps=["RNCP5364"], cfds=["1234ABCD"], insees=["01033"], postaux=["75011"])
    premier_lot = time.perf_counter() - debut
    connues = connaissances.pour(cfds=[code for code in fermes if code[0] != "R"])
    premier = connues.certifications.resoudre("RNCP5364", None, ENTREE_2021)
    assert premier[:4] == ("RNCP34670", "50033616", "METIERS DE LA COIFFURE (CAP)", 3)
    second = connues.certifications.resoudre("RNCP5364", "1234ABCD", ENTREE_2021)
    assert second[:4] == ("RNCP5364", "1234ABCD", "Coiffure", 3)
    debut = time.perf_counter()
    trouvees = [connues.certifications.resoudre(None, code, ENTREE_2021) for code in fermes if code[0] != "R"]
    duree = time.perf_counter() - debut
    continues = sum(bool(t.remplaces) for t in trouvees)
    assert 500 < continues < len(trouvees)
    assert connues.communes.situer(None, "75011") == ("75111", "75")
    assert connues.communes.situer("01033", "01200").code_insee == "01033"
    dire = f"first batch {premier_lot * 1e3:.0f} ms; {continues} of {len(trouvees)} closed CFD continued"
    print(f"{dire}, {duree / len(trouvees) * 1e6:.0f} µs each")  # noqa: T201 - the report of this test
