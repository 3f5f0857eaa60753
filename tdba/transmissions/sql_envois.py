"""SQL of complete sendings. Run by a job, as the system.

What is held and what is missing is told apart in Python: a planner that knows nothing of lines just received joined
twenty thousand records with as many lines one by one (93 s, against less than one).
"""

from datetime import timedelta
from typing import Final

DELAI: Final = timedelta(days=1)
"""Calls of one sending come within a day: the same name used again later is another sending."""

ENVOI: Final = """
SELECT transmetteur_id, envoi AS nom, parties, recue_le AS le FROM transmission WHERE id = %(id)s AND complete
"""

PARTIES: Final = """
SELECT DISTINCT ON (partie) id, etat, recue_le FROM transmission
WHERE id = %(id)s OR (transmetteur_id = %(transmetteur_id)s AND envoi = %(nom)s AND parties = %(parties)s
                      AND recue_le BETWEEN %(le)s - %(delai)s AND %(le)s + %(delai)s)
ORDER BY partie, id DESC
"""

NOMMES: Final = """
SELECT DISTINCT organisme_id, annee_scolaire FROM ligne
WHERE transmission_id = ANY(%(ids)s) AND organisme_id IS NOT NULL AND annee_scolaire IS NOT NULL
  AND etat <> 'REFUSEE'
ORDER BY organisme_id, annee_scolaire
"""
"""Named: by a line that was accepted."""

DEPUIS: Final = """
SELECT t.id FROM transmission t
WHERE t.recue_le >= %(debut)s AND NOT coalesce(t.envoi = %(nom)s, false)
  AND EXISTS (SELECT FROM reception r WHERE r.transmission_id = t.id AND r.organisme_id = ANY(%(organismes)s))
"""
"""Other calls about the same organismes since the sending began: what they hold is being sent."""

TENUES: Final = """
SELECT DISTINCT id_erp, organisme_id, annee_scolaire FROM ligne
WHERE transmission_id = ANY(%(ids)s) AND id_erp IS NOT NULL
"""
"""Held: by any line, refused ones included."""

FICHES: Final = """
SELECT id, organisme_id, annee_scolaire, id_erp, plus_transmis_depuis IS NOT NULL,
       coalesce(transmetteur_id = %(transmetteur_id)s AND coalesce(transmis_le, cree_le) < %(debut)s, false)
       AND NOT EXISTS (SELECT FROM transfert t
                       WHERE t.effectif_id = effectif.id AND t.annule_le IS NULL AND t.joint_le IS NULL)
FROM effectif
WHERE organisme_id = ANY(%(organismes)s) AND annee_scolaire = ANY(%(annees)s) AND corbeille_le IS NULL
"""
"""A record moved by a person is still sent for its former site, whatever this sending names: it is not missing."""

RETROUVES: Final = "UPDATE effectif SET plus_transmis_depuis = NULL WHERE id = ANY(%(ids)s)"
MARQUER: Final = "UPDATE effectif SET plus_transmis_depuis = %(jour)s WHERE id = ANY(%(ids)s)"
CLORE: Final = "UPDATE transmission SET cloture = %(cloture)s::jsonb WHERE id = ANY(%(ids)s)"
