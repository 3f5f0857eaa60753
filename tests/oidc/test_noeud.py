"""The Node that runs oidc-provider: recent, or not used at all."""

from pathlib import Path

import pytest

from tdba.local import noeud


@pytest.mark.parametrize(
    ("dit", "convient"), [("v24.1.0", True), ("v20.20.2", True), ("v18.19.0", False), ("", False)]
)
def test_un_noeud_trop_ancien_ne_convient_pas(tmp_path: Path, dit: str, *, convient: bool) -> None:
    faux = tmp_path / "node"
    faux.write_text(f"#!/bin/sh\necho '{dit}'\n")
    faux.chmod(0o755)
    assert noeud._recent(str(faux)) is convient


def test_un_noeud_absent_ne_convient_pas(tmp_path: Path) -> None:
    assert noeud._recent(str(tmp_path / "node")) is False
