"""What files leave to settle: those that wait for somebody to confirm them (`points.sql` says what the SELECT gives)."""

from typing import Final

A_CONFIRMER: Final = """
SELECT d.organisme_id, NULL::bigint, NULL::text, d.id::text, 1,
       jsonb_build_object('n', coalesce(t.nb_lignes, 0), 'depot', d.uuid)
FROM depot d LEFT JOIN transmission t ON t.id = d.transmission_id
WHERE d.etat = 'PRET' AND d.organisme_id = ANY(%(organismes)s::int[])
"""
