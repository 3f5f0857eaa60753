"""SQL of API keys that must see every key of an organisme, whatever the reach of who asks."""

from typing import Final

SEUL: Final = "SELECT pg_advisory_xact_lock(hashtext('cles d''API'), %(organisme_id)s)"
"""One creation at a time for an organisme, until the end of the transaction."""

VIVANTES: Final = """
SELECT count(*) FROM cle_api
WHERE organisme_id = %(organisme_id)s AND revoquee_le IS NULL
  AND (expire_le IS NULL OR expire_le > %(maintenant)s)
"""

DERNIERE: Final = "SELECT coalesce(max(id), 0) FROM cle_api WHERE organisme_id = %(organisme_id)s"
