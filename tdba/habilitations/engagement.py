"""The confidentiality commitment: which version is in force (identity-security.md §1.10). Pure.

Its words are in `templates/habilitations/_engagement.html`. Change the version with the words: everybody is then asked
again, once, at their next page.
"""

from typing import Final

VERSION: Final = "2026-11"
"""Version of the words in force."""
CLE: Final = "engagement"
"""Key of the session that holds the version already checked, so that no page asks PostgreSQL again."""


def a_demander(version_acceptee: object) -> bool:
    """The version in force was not accepted yet; `version_acceptee` is what the session or the table holds."""
    return version_acceptee != VERSION
