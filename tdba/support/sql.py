"""Set-based SQL of the system's chores. Runs as the system: row-level security opens every row to the national role."""

from typing import Final

RAISON: Final = "entretien"

VERROU_SCEAU: Final = 842_002
SEUL: Final = "SELECT pg_try_advisory_xact_lock(%(verrou)s)"

# Up to which id the journal can be sealed: the largest such that no row below it can still appear.
# Ids are handed out in order and each makes one row, so a run without a gap is complete. A gap is a row rolled back,
# or one whose transaction still runs: an id says nothing of commit order, so "written by a finished transaction" is
# not enough. Inserting takes ROW EXCLUSIVE on the table before the id is drawn: when nobody holds that lock, whoever
# drew an id below those seen here has finished. The locks are read after the snapshot of the rows was taken.
SCELLABLE: Final = """
WITH apres AS MATERIALIZED (
  SELECT id, id - row_number() OVER (ORDER BY id) AS ecart
  FROM (SELECT id FROM journal WHERE id > %(debut)s ORDER BY id LIMIT %(lot)s) j
)
SELECT max(id) FROM apres
WHERE ecart = %(debut)s OR NOT EXISTS (
  SELECT FROM pg_locks
  WHERE locktype = 'relation' AND relation = 'journal'::regclass AND mode = 'RowExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
)
"""

# The bound on the key lets the index of lines be read from its start, where only old lines can be; transmissions
# themselves are kept, and walking all of them each night would cost more every year.
PURGER_LIGNES: Final = """
DELETE FROM ligne WHERE id = ANY(ARRAY(
  SELECT l.id FROM ligne l JOIN transmission t ON t.id = l.transmission_id
  WHERE l.transmission_id <= (
      SELECT id FROM transmission WHERE recue_le < %(avant)s ORDER BY recue_le DESC LIMIT 1
    ) AND t.recue_le < %(avant)s
  ORDER BY l.transmission_id, l.rang LIMIT %(lot)s))
"""

PURGER_TRAVAUX: Final = """
DELETE FROM travail WHERE id = ANY(ARRAY(SELECT id FROM travail WHERE cree_le < %(avant)s LIMIT %(lot)s))
"""
