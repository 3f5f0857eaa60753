"""The six-digit code by which a caller shows who they are: displayed in their own session, read out on the phone
(decision 24). Pure: the instant, the key and the session's id are arguments.

Six digits are soon tried from a stolen dump: what is kept is keyed, and bound to one session.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

CLE: Final = "code_appelant"
"""Key of the session that holds it."""
CHIFFRES: Final = 6
DUREE: Final = timedelta(minutes=10)


def nouveau() -> str:
    return f"{secrets.randbelow(10**CHIFFRES):0{CHIFFRES}d}"


def a_garder(code: str, *, cle: str, session_id: int, maintenant: datetime) -> dict[str, Any]:
    """What the session keeps of a code: never the code."""
    fin = maintenant + DUREE
    return {
        "empreinte": _empreinte(code, cle=cle, session_id=session_id),
        "jusqu_a": int(fin.timestamp()),
    }


def correspond(
    donnees: Mapping[str, Any], saisi: str, *, cle: str, session_id: int, maintenant: datetime
) -> bool:
    """What was typed is the code of that session, shown less than ten minutes ago. Same time whatever the answer."""
    garde = donnees.get(CLE) or {"empreinte": "", "jusqu_a": 0}
    attendue = str(garde["empreinte"])
    egale = hmac.compare_digest(_empreinte(_chiffres(saisi), cle=cle, session_id=session_id), attendue)
    return egale and maintenant.timestamp() < int(garde["jusqu_a"])


def _chiffres(saisi: str) -> str:
    return "".join(c for c in saisi if c in "0123456789")


def _empreinte(code: str, *, cle: str, session_id: int) -> str:
    message = f"tdba code de l'appelant:{session_id}:{code}".encode()
    return hmac.new(cle.encode(), message, hashlib.sha256).hexdigest()
