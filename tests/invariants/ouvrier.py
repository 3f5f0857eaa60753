"""A worker that dies on request. Run by `test_tues_en_route.py`, alone in its process: it forks.

Each line of standard input is a number: a child runs the bulk action and kills itself by SIGKILL in the middle of that
record, before its batch is committed; 0: it lives. The answer is its exit code.
"""

import os
import signal
import sys
from typing import Any

from tdba import create_app, jobs
from tdba.config import Configuration
from tdba.db import db
from tdba.effectifs import correction, groupees

LOT = 2


def main(url: str, redis: str, cle: str) -> None:
    configuration = Configuration(
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
    groupees.LOT = LOT  # type: ignore[misc]
    with create_app(configuration).app_context():
        jobs.brancher(lambda *_: None)
        db.session.remove()
        for demande in sys.stdin:
            enfant = os.fork()
            if enfant == 0:
                _mourir_a(int(demande))
                jobs.executer("effectifs.action_groupee", cle)
                os._exit(0)
            sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1])}\n")
            sys.stdout.flush()


def _mourir_a(rang: int) -> None:
    """Die in the middle of the record of that rank: its values are written, what follows from them is not."""
    actualiser, reste = correction.actualiser, [rang]

    def mortel(*arguments: Any) -> None:
        reste[0] -= 1
        if reste[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        actualiser(*arguments)

    correction.actualiser = mortel


if __name__ == "__main__":
    main(*sys.argv[1:4])
