"""Set-based SQL of the files: reading what contracts ask for and what exists, writing the difference.

Guarded by row-level security. `tdba_famille` has no DELETE on `dossier`: a file that nothing asks for any more is
closed on the day it opened, so that it is open on no day and its steps are kept.
"""

from typing import Final

# Most effectifs have neither a rupture nor a file: they are put aside before anything else is read.
LIRE: Final = """
WITH concernes AS (
  SELECT effectif_id AS id FROM contrat WHERE effectif_id = ANY(%(ids)s) AND rupture IS NOT NULL
  UNION
  SELECT effectif_id FROM dossier WHERE effectif_id = ANY(%(ids)s)
  UNION
  SELECT id FROM effectif
  WHERE id = ANY(%(ids)s) AND (date_entree IS NULL OR date_fin IS NULL) AND historique <> '[]'
)
SELECT e.id, e.organisme_id, e.annee_scolaire, e.date_entree, e.date_fin, e.date_exclusion,
       CASE WHEN e.date_entree IS NULL OR e.date_fin IS NULL THEN e.historique END AS historique,
       c.debuts, c.fins, c.ruptures, d.ids, d.genres, d.contrats, d.ouverts, d.clos, d.causes
FROM concernes
JOIN effectif e ON e.id = concernes.id
LEFT JOIN LATERAL (
  SELECT array_agg(debut ORDER BY rang, id) AS debuts, array_agg(fin ORDER BY rang, id) AS fins,
         array_agg(rupture ORDER BY rang, id) AS ruptures
  FROM contrat WHERE contrat.effectif_id = e.id
) c ON true
LEFT JOIN LATERAL (
  SELECT array_agg(id ORDER BY id) AS ids, array_agg(genre ORDER BY id) AS genres,
         array_agg(contrat_debut ORDER BY id) AS contrats, array_agg(ouvert_du ORDER BY id) AS ouverts,
         array_agg(clos_du ORDER BY id) AS clos, array_agg(cause_cloture ORDER BY id) AS causes
  FROM dossier WHERE dossier.effectif_id = e.id
) d ON true
ORDER BY e.id
"""

MODIFIER: Final = """
UPDATE dossier d
SET contrat_debut = n.contrat_debut, ouvert_du = n.ouvert_du, clos_du = n.clos_du,
    cause_cloture = n.cause_cloture
FROM unnest(%(ids)s::bigint[], %(contrats)s::date[], %(ouverts)s::date[], %(clos)s::date[], %(causes)s::text[])
     AS n(id, contrat_debut, ouvert_du, clos_du, cause_cloture)
WHERE d.id = n.id
"""

# Two writers may open the same file at once: the second one finds it there and brings its dates.
OUVRIR: Final = """
INSERT INTO dossier (effectif_id, organisme_id, annee_scolaire, genre, contrat_debut, ouvert_du, clos_du,
                     cause_cloture, cree_le)
SELECT n.effectif_id, n.organisme_id, n.annee_scolaire, %(genre)s, n.contrat_debut, n.ouvert_du, n.clos_du,
       n.cause_cloture, %(cree_le)s
FROM unnest(%(effectifs)s::bigint[], %(organismes)s::int[], %(annees)s::text[], %(contrats)s::date[],
            %(ouverts)s::date[], %(clos)s::date[], %(causes)s::text[])
     AS n(effectif_id, organisme_id, annee_scolaire, contrat_debut, ouvert_du, clos_du, cause_cloture)
ON CONFLICT (effectif_id, genre, contrat_debut) DO UPDATE
SET ouvert_du = excluded.ouvert_du, clos_du = excluded.clos_du, cause_cloture = excluded.cause_cloture
"""
