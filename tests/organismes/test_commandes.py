"""`flask referentiel`: what it prints, what it returns, and that a wrong file changes nothing."""

import csv
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tdba.organismes.models import Commune, Organisme, Reseau
from tests.organismes.exemples import EXEMPLES, REPONSES, TERRITOIRES, charger_les_territoires


def lancer(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["referentiel", *map(str, arguments)])


def nombre(session: Session, modele: type[Organisme | Reseau | Commune]) -> int:
    return session.scalars(select(func.count()).select_from(modele)).one()


@pytest.fixture
def territoires(session: Session) -> Session:
    charger_les_territoires()
    session.commit()
    return session


def test_les_fichiers_sont_pris_dans_l_ordre_de_leurs_dependances(app: Flask, territoires: Session) -> None:
    fichiers = [EXEMPLES / nom for nom in ("reseau_brut.csv", "reseaux.csv", "organismes.csv")]
    resultat = lancer(app, "importer", *fichiers)
    assert resultat.exit_code == 0, resultat.output
    lignes = [ligne for ligne in resultat.output.splitlines() if not ligne.startswith(" ")]
    assert [ligne.split(" : ")[0] for ligne in lignes] == ["organismes.csv", "reseaux.csv", "reseau_brut.csv"]
    assert "3 créés, 0 modifiés, 0 inchangés, 0 refusés" in lignes[0]


def test_le_rapport_porte_chaque_ligne_refusee(app: Flask, territoires: Session, tmp_path: Path) -> None:
    rapport = tmp_path / "refus.csv"
    resultat = lancer(app, "importer", EXEMPLES / "organismes_fautifs.csv", "--rapport", rapport)
    assert resultat.exit_code == 0
    assert "ligne 7 : département inconnu : « 99 »" in resultat.output
    lignes = list(csv.reader(rapport.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert lignes[0] == ["fichier", "ligne", "raison"]
    assert len(lignes) == 8


def test_cinquante_refus_au_plus_sont_affiches(app: Flask, session: Session, tmp_path: Path) -> None:
    fichier = tmp_path / "reseaux.csv"
    fichier.write_text("code,libelle,responsable\nA,A,0\n" + "B,B,peut-être\n" * 60, encoding="utf-8")
    resultat = lancer(app, "importer", fichier)
    assert sum(ligne.startswith("  ligne") for ligne in resultat.output.splitlines()) == 50
    assert "60 lignes refusées en tout, 50 affichées." in resultat.output


@pytest.mark.parametrize(
    ("contenu", "raison"),
    [
        (b"", "il est vide"),
        (b"PK\x03\x04", "classeur"),
        (b"code,libelle\x00,responsable\n", "octets nuls"),
        (b"prenom,nom\nA,B\n", "aucun fichier connu"),
        (b"code,libelle,responsable\nA,\x81,0\n", "encodage est inconnu"),
    ],
)
def test_un_mauvais_fichier_echoue_et_les_autres_sont_importes(
    app: Flask, session: Session, tmp_path: Path, contenu: bytes, raison: str
) -> None:
    mauvais = tmp_path / "mauvais.csv"
    mauvais.write_bytes(contenu)
    resultat = lancer(app, "importer", mauvais, EXEMPLES / "reseaux.csv")
    assert resultat.exit_code == 1
    assert "mauvais.csv : refusé, " in resultat.output
    assert raison in resultat.output
    assert nombre(session, Reseau) == 3


def test_un_mauvais_fichier_ne_change_rien(app: Flask, territoires: Session) -> None:
    resultat = lancer(app, "importer", "--jeu", "organismes", EXEMPLES / "reseaux.csv")
    assert resultat.exit_code == 1
    assert "il manque « uai »" in resultat.output
    assert nombre(territoires, Organisme) == 0


def test_un_fichier_absent_est_dit_sans_trace_technique(app: Flask, session: Session, tmp_path: Path) -> None:
    resultat = lancer(app, "importer", tmp_path / "absent.csv")
    assert resultat.exit_code == 1
    assert "absent.csv : illisible" in resultat.output
    assert "Traceback" not in resultat.output


def test_tout_refuser_est_un_echec(app: Flask, session: Session) -> None:
    resultat = lancer(app, "importer", EXEMPLES / "organismes.csv")
    assert resultat.exit_code == 1
    assert "aucune ligne acceptée" in resultat.output


def test_les_territoires_viennent_du_dossier_configure(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TDBA_TERRITOIRES_DIR", str(TERRITOIRES))
    assert lancer(app, "territoires").exit_code == 0
    assert nombre(session, Commune) == 3
    monkeypatch.setenv("TDBA_TERRITOIRES_DIR", str(tmp_path))
    resultat = lancer(app, "territoires")
    assert resultat.exit_code == 1
    assert "TDBA_TERRITOIRES_DIR" in resultat.output


def test_les_reponses_de_l_api_s_importent_et_un_autre_json_echoue(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    resultat = lancer(app, "certifications", REPONSES)
    assert resultat.exit_code == 0
    assert "8 créés, 0 modifiés, 0 inchangés, 0 refusés." in resultat.output
    autre = tmp_path / "autre.json"
    autre.write_text('{"certifications": []}')
    resultat = lancer(app, "certifications", autre, tmp_path / "absent.json")
    assert resultat.exit_code == 1
    assert "autre.json : refusé, ce n’est pas une liste de certifications." in resultat.output
    assert "absent.json : illisible" in resultat.output
