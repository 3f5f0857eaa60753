"""Where the servers live: short, safe, closed paths, whatever the checkout's own path and rights."""

import os
from pathlib import Path

import pytest

from tdba.local import emplacements
from tdba.local.commun import Echec
from tdba.local.emplacements import Identite, dossier_prive, dossier_serveurs


@pytest.fixture
def dehors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(emplacements, "repli", lambda qui, *_reste: dossier_prive(tmp_path / "dehors", qui))
    return tmp_path / "dehors"


@pytest.mark.parametrize("nom", ["é à", "x" * 120, "a'b", "$(id)"])
def test_a_path_that_a_socket_or_a_shell_cannot_hold_is_left(tmp_path: Path, dehors: Path, nom: str) -> None:
    racine = tmp_path / nom
    racine.mkdir()
    assert dossier_serveurs("demo", emplacements.identite(), racine) == dehors / "demo"


def test_two_checkouts_have_two_names() -> None:
    assert emplacements.cle(Path("/un")) != emplacements.cle(Path("/deux"))


def test_a_directory_prepared_by_somebody_else_is_refused(tmp_path: Path) -> None:
    moi = Identite(os.geteuid(), os.getegid())
    ouvert = tmp_path / "ouvert"
    ouvert.mkdir()
    ouvert.chmod(0o777)
    lien = tmp_path / "lien"
    lien.symlink_to(dossier_prive(tmp_path / "vrai", moi))
    for piege in (ouvert, lien):
        with pytest.raises(Echec, match="belongs to another user or is open to others"):
            dossier_prive(piege, moi)


def test_a_checkout_closed_to_the_servers_user_is_copied_not_opened(tmp_path: Path, dehors: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs the servers as somebody else")
    tmp_path.chmod(0o711)
    ferme = tmp_path / "ferme"
    ferme.mkdir(mode=0o700)
    programme = ferme / "serveur"
    programme.write_text("#!/bin/sh\n")
    programme.chmod(0o700)
    qui = emplacements.identite()
    copie = emplacements._atteignable((programme,), programme, qui)
    assert copie.parent.parent == dehors
    assert copie.read_text() == "#!/bin/sh\n"
    assert copie.stat().st_uid == qui.uid
    assert ferme.stat().st_mode & 0o777 == 0o700


def test_a_chosen_postgresql_wins_and_an_empty_choice_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEV_PG_BINDIR", str(tmp_path))
    with pytest.raises(Echec, match=r"DEV_PG_BINDIR=.* holds no PostgreSQL"):
        emplacements.binaires_postgresql(emplacements.identite())
    (tmp_path / "initdb").touch()
    assert emplacements.binaires_postgresql(emplacements.identite()) == tmp_path
