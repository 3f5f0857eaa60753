"""Run a command without a network: `python -m tdba.local.sans_reseau COMMAND…`.

As root on Linux the command gets a network of its own that holds only the loopback interface: a test that calls the
outside fails, whatever library it uses. The servers of the tests are reached all the same, by their unix sockets.
Elsewhere the command runs as it is; the tests have a guard of their own in Python.
"""

import ctypes
import fcntl
import os
import platform
import socket
import struct
import sys
from typing import Final

from tdba.local.commun import dire

CLONE_NEWNET: Final = 0x40000000
SIOCGIFFLAGS: Final = 0x8913
SIOCSIFFLAGS: Final = 0x8914
IFF_UP: Final = 0x1


def couper() -> str | None:
    """Leave the network. Returns None when it is done, else the reason why it is not."""
    if platform.system() != "Linux":
        return "only Linux can do it"
    if os.geteuid() != 0:
        return "only root can do it"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        return os.strerror(ctypes.get_errno())
    _allumer_boucle_locale()
    return None


def _allumer_boucle_locale() -> None:
    """Bring `lo` up, as `ip link set lo up` does; that program may be missing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as prise:
        demande = struct.pack("16sH22x", b"lo", 0)
        (drapeaux,) = struct.unpack_from("H", fcntl.ioctl(prise, SIOCGIFFLAGS, demande), 16)
        fcntl.ioctl(prise, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", drapeaux | IFF_UP))


def main(commande: list[str]) -> None:
    raison = couper()
    dire(
        "· network: cut for the tests, loopback only"
        if raison is None
        else f"· network: not cut here ({raison})"
    )
    os.environ["TDBA_RESEAU_COUPE"] = "" if raison else "1"
    os.execvp(commande[0], commande)  # noqa: S606 - the command comes from our own tools


if __name__ == "__main__":
    main(sys.argv[1:])
