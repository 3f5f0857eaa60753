"""What the local tools share: one clear sentence on failure, disk and port checks."""

import contextlib
import errno
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Final

RACINE: Final = Path(__file__).resolve().parents[2]
"""The checkout."""

ESPACE_MINIMAL: Final = 1_000_000_000
"""Bytes that must be free before a server starts: PostgreSQL that fills a disk stops in the middle of a write."""


class Echec(Exception):
    """What went wrong and what to do, in one sentence. Ends the command with exit code 1."""


def dire(message: str) -> None:
    """Print one line of progress at once, even to a file; a terminal that was closed stops nothing."""
    with contextlib.suppress(OSError):
        print(message, flush=True)


def executer(commande: Callable[[], int]) -> int:
    """Run a command; what a user can cause or cure becomes one sentence and an exit code, never a traceback."""
    signal.signal(signal.SIGTERM, _terminer)
    try:
        return commande()
    except Echec as echec:
        phrase, code = str(echec), 1
    except KeyboardInterrupt:
        phrase, code = "stopped", 130
    except OSError as erreur:
        if (explication := expliquer(erreur)) is None:
            raise
        phrase, code = explication, 1
    sys.stdout.flush()
    print(f"tdba: {phrase}", file=sys.stderr, flush=True)
    return code


def _terminer(numero: int, _cadre: FrameType | None) -> None:
    # The default action would end Python without leaving the `with` blocks that stop the servers.
    raise SystemExit(128 + numero)


def expliquer(erreur: OSError) -> str | None:
    """Say in one sentence what the system refused, when it is the state of the machine and not a bug of ours."""
    if erreur.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full ({erreur.filename or RACINE}): free some space, then run the command again"
    if erreur.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"no permission on {erreur.filename or 'a file'} ({erreur.strerror}): was this checkout used by "
            "another user? Run the command as that user, or `make clean` as that user first"
        )
    return None


def verifier_espace(*dossiers: Path, minimum: int = ESPACE_MINIMAL) -> None:
    """Refuse to start on a disk that is nearly full."""
    for dossier in dossiers:
        existant = next(parent for parent in (dossier, *dossier.parents) if parent.exists())
        if (libre := shutil.disk_usage(existant).free) < minimum:
            raise Echec(
                f"the disk that holds {existant} is full: {libre // 1_000_000} MB free, "
                f"{minimum // 1_000_000} MB needed. Free some space, then run the command again",
            )


def lire_port(variable: str, defaut: int) -> int:
    """Read a port number from the environment."""
    texte = os.environ.get(variable, "").strip() or str(defaut)
    if not (texte.isascii() and texte.isdigit() and 1 <= int(texte) <= 65535):
        raise Echec(f"{variable}={texte} is not a port: give a number from 1 to 65535")
    return int(texte)


def verifier_port(port: int, variable: str) -> None:
    """Refuse a port that another program already serves, before anything is started."""
    # macOS lets two programs bind 0.0.0.0 and 127.0.0.1 on one port: only a connection tells.
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        raise Echec(_port_pris(port, variable))
    with socket.socket() as prise:
        # A port that was left a minute ago is free: gunicorn asks the same.
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", port))
        except PermissionError as erreur:
            raise Echec(f"port {port} needs root: choose another one with {variable}=8080") from erreur
        except OSError as erreur:
            raise Echec(_port_pris(port, variable)) from erreur


def _port_pris(port: int, variable: str) -> str:
    return (
        f"port {port} is already taken by another program: stop it, or choose another port with {variable}=…"
    )


def dernieres_lignes(fichier: Path, nombre: int = 15) -> str:
    """Return the end of a log, indented, or a word saying that there is none."""
    with contextlib.suppress(OSError):
        lignes = fichier.read_text(errors="replace").splitlines()[-nombre:]
        if lignes:
            return "\n".join(f"    {ligne}" for ligne in lignes)
    return "    (nothing in its log)"


@contextlib.contextmanager
def umask(masque: int) -> Iterator[None]:
    """Create files for oneself only, whatever the caller's shell says."""
    ancien = os.umask(masque)
    try:
        yield
    finally:
        os.umask(ancien)
