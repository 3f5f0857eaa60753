"""A worker that dies on request. Run by `test_mort_subite.py`, alone in its process: it forks.

Each line of standard input is a number of batches, two at least, and a fraction: a child starts to apply the waiting
lines and is killed by SIGKILL when that fraction of that batch is done, if it takes as long as the one before. The
answer is its exit code.
"""

import json
import os
import signal
import sys
import time

from tdba import create_app, jobs
from tdba.config import Configuration
from tdba.db import db
from tdba.transmissions import application


def main(url: str, redis: str, organisme_id: int, lot: int) -> None:
    app = create_app(
        Configuration(
            env="test",
            secret_key="une-cle-de-test-assez-longue-0123456789",
            database_url=url,
            redis_url=redis,
            base_url="http://127.0.0.1:5000",
            oidc_issuer="http://127.0.0.1:5001/api/v2",
            oidc_client_id="tdba-test",
            oidc_client_secret="un-secret-de-test-assez-long-0123456789",
            engagement=False,
            debits=False,
        )
    )
    application.LOT = lot  # type: ignore[misc]
    jobs.brancher(lambda *_: None)
    cle = json.dumps({"organisme_id": organisme_id}, separators=(",", ":"))
    with app.app_context():
        db.session.remove()
        for demande in sys.stdin:
            lots, fraction = demande.split()
            sys.stdout.write(f"{_une_vie(cle, int(lots), float(fraction))}\n")
            sys.stdout.flush()


def _une_vie(cle: str, lots: int, fraction: float) -> int:
    lecture, ecriture = os.pipe()
    enfant = os.fork()
    if enfant == 0:
        _prevenir(ecriture)
        jobs.executer("transmissions.appliquer", cle)
        os._exit(0)
    os.close(ecriture)
    debuts = []
    for _ in range(lots):
        os.read(lecture, 1)  # nothing, at once, when it has ended
        debuts.append(time.monotonic())
    os.close(lecture)
    fin = debuts[-1] + fraction * (debuts[-1] - debuts[-2])
    while time.monotonic() < fin:
        if (mort := os.waitpid(enfant, os.WNOHANG))[0]:
            return os.waitstatus_to_exitcode(mort[1])
        time.sleep(0.001)
    os.kill(enfant, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1])


def _prevenir(ecriture: int) -> None:
    """Tell that a batch begins: how long one takes depends on the machine, how many die does not."""
    appliquer_lot = application.appliquer_lot

    def prevenir(organisme_id: int) -> bool:
        os.write(ecriture, b".")
        return appliquer_lot(organisme_id)

    application.appliquer_lot = prevenir


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
