"""Why a login did not succeed, as one page for each cause (identity-security.md §1.9). Pure.

The provider sends a code of OAuth 2.0 or OpenID Connect in `error`; its own numbers (`Y…`) never come in that
parameter. A code leads to a page of ours and is then forgotten: neither it nor its description is shown, stored or
logged. The words of each page are in templates/comptes/_phrases.html (REFUS), under the same key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Page:
    """How one cause answers."""

    statut: int = 403
    alerte: bool = False
    """The fault is in our registration at the provider: whoever runs the service must read it in the logs."""


PAGES: Final[Mapping[str, Page]] = {
    "annulee": Page(),
    "niveau_non_obtenu": Page(),
    "niveau_insuffisant": Page(),
    "autre_personne": Page(),
    "identification_ancienne": Page(),
    "session_absente": Page(),
    "ecran_necessaire": Page(),
    "etablissement_inconnu": Page(),
    "panne": Page(503),
    "surcharge": Page(503),
    "indisponible": Page(503),
    "reglage": Page(500, alerte=True),
    "inconnue": Page(),
    "expiree": Page(400),
    "identite_incomplete": Page(),
    "technique": Page(),
}
"""Every page; its key is also the reason written in the journal, but for `technique`, whose reasons are finer."""

ERREURS: Final[Mapping[str, str]] = {
    "access_denied": "annulee",
    "unmet_authentication_requirements": "niveau_non_obtenu",
    "login_required": "session_absente",
    "interaction_required": "ecran_necessaire",
    "account_selection_required": "ecran_necessaire",
    "consent_required": "ecran_necessaire",
    "idp_hint_not_found": "etablissement_inconnu",
    "server_error": "panne",
    "temporarily_unavailable": "surcharge",
    "invalid_request": "reglage",
    "invalid_client": "reglage",
    "invalid_scope": "reglage",
    "invalid_request_object": "reglage",
    "invalid_request_uri": "reglage",
    "registration_not_supported": "reglage",
    "request_not_supported": "reglage",
    "request_uri_not_supported": "reglage",
    "unauthorized_client": "reglage",
    "unsupported_response_mode": "reglage",
    "unsupported_response_type": "reglage",
}
"""What a client may receive: OAuth 2.0 §4.1.2.1, OpenID Connect Core §3.1.2.6, and two of ProConnect's."""

INCOMPLETES: Final = frozenset({"jeton_email", "jeton_siret", "jeton_given_name", "jeton_usual_name"})
"""The proof holds, but the person's own provider said too little: they can have it completed there."""


def raison_de(erreur: str, *, niveau_exige: bool) -> str:
    """Return our reason for the provider's `error`.

    A level that cannot be obtained comes back as `access_denied`, like somebody who gave up: only our having
    demanded a level tells that this may be the cause.
    """
    if erreur == "access_denied" and niveau_exige:
        return "niveau_non_obtenu"
    return ERREURS.get(erreur, "inconnue")


def page_de(raison: str) -> str:
    """Return the page that says a reason: its own, or the one of what could not be verified."""
    if raison in INCOMPLETES:
        return "identite_incomplete"
    return raison if raison in PAGES else "technique"
