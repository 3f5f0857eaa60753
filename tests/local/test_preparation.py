"""What decides whether there is something to install, and the front-end assets."""

import re
import sys
from pathlib import Path

import pytest

from tdba.local import assets, preparation
from tdba.local.commun import Echec
from tdba.local.icones import ICONES

RACINE = Path(__file__).resolve().parents[2]


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    """A checkout whose environment is up to date."""
    (tmp_path / preparation.EXIGENCES).write_text(
        "flask==3.1.3 \\\n    --hash=sha256:00\n    # via -r requirements.in\n"
    )
    (tmp_path / ".local").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / ".venv" / preparation.TEMOIN).write_text(preparation.empreinte(tmp_path))
    return tmp_path


def test_an_environment_that_is_ready_is_left_alone(depot: Path) -> None:
    assert preparation.etat(depot, preparation.empreinte(depot)) == "pret"


def test_new_requirements_are_installed_on_top(depot: Path) -> None:
    (depot / preparation.EXIGENCES).write_text("flask==3.1.4\n")
    assert preparation.etat(depot, preparation.empreinte(depot)) == "a_completer"


def test_an_environment_of_unknown_origin_is_completed_not_removed(depot: Path) -> None:
    (depot / ".venv" / preparation.TEMOIN).unlink()
    assert preparation.etat(depot, preparation.empreinte(depot)) == "a_completer"


def test_a_killed_installation_is_made_again(depot: Path) -> None:
    (depot / preparation.CHANTIER).touch()
    assert preparation.etat(depot, preparation.empreinte(depot)) == "a_refaire"


def test_a_python_that_is_gone_or_was_replaced_is_made_again(depot: Path) -> None:
    python = depot / ".venv/bin/python"
    python.unlink()
    python.symlink_to(depot / "parti")
    assert preparation.etat(depot, preparation.empreinte(depot)) == "a_refaire"
    python.unlink()
    python.symlink_to("/bin/false")
    assert preparation.etat(depot, "another state") == "a_refaire"


def test_a_wrong_use_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert preparation.executer(["n'importe quoi"]) == 1
    assert capsys.readouterr().err == "tdba: usage: python3 tdba/local/preparation.py demo|setup\n"


def test_an_old_python_without_a_better_one_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "PREMIERE", (3, 98))
    monkeypatch.setattr(preparation, "DERNIERE", (3, 99))
    with pytest.raises(preparation.Echec, match=r"Python 3\.98 to 3\.99 is needed and this is 3\."):
        preparation.choisir_python()


def test_a_missing_venv_module_is_one_sentence_where_nothing_can_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(preparation, "_reussit", lambda _commande: False)
    monkeypatch.setattr(preparation.shutil, "which", lambda _nom: None)
    with pytest.raises(preparation.Echec, match=r"apt-get install python3\.\d+-venv"):
        preparation.creer(tmp_path / ".venv")


def test_packages_are_counted_without_their_hashes_and_comments(depot: Path) -> None:
    assert preparation.nombre_de_paquets(depot / preparation.EXIGENCES) == 1


def test_the_sprite_holds_each_icon_once_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "ICONES", ("un", "deux"))
    for nom in ("un", "deux", "trois"):
        (tmp_path / f"{nom}.svg").write_text(
            f'<svg width="16" viewBox="0 0 16 16">\n  <path d="{nom}"/>\n</svg>'
        )
    sprite = assets.sprite(tmp_path)
    assert re.findall(r'<symbol id="(\w+)" viewBox="0 0 16 16"><path d="\1"/></symbol>', sprite) == [
        "un",
        "deux",
    ]
    (tmp_path / "un.svg").unlink()
    with pytest.raises(Echec, match="an icon that Bootstrap does not have: un"):
        assets.sprite(tmp_path)


def test_missing_or_changed_assets_are_seen(tmp_path: Path) -> None:
    for nom in ("package.json", "package-lock.json"):
        (tmp_path / nom).write_text("{}")
    vendor = [tmp_path / "tdba/static/vendor" / nom for nom in (*assets.COPIES, assets.SPRITE)]
    for fichier in (*vendor, *(tmp_path / "node_modules" / nom for nom in assets.LUS_SUR_PLACE)):
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.touch()
    assert not assets.pret(tmp_path)
    (tmp_path / "node_modules/.tdba-empreinte").write_text(assets.empreinte(tmp_path))
    assert assets.pret(tmp_path)
    vendor[0].unlink()
    assert not assets.pret(tmp_path)
    vendor[0].touch()
    (tmp_path / "package-lock.json").write_text("{ }")
    assert not assets.pret(tmp_path)


def test_every_icon_asked_by_a_template_is_shipped() -> None:
    demandees = {
        nom
        for gabarit in (RACINE / "tdba/templates").rglob("*.html")
        for nom in re.findall(r"""icone\(\s*["']([a-z0-9-]+)["']""", gabarit.read_text())
    }
    assert demandees <= set(ICONES)
    assert list(ICONES) == sorted(set(ICONES))
