"""Set-based SQL of the files: reading what contracts ask for and what exists, writing the difference.

Guarded by row-level security. `tdba_famille` has no DELETE on `dossier`: a file that nothing asks for any more is
closed on the day it opened, so that it is open on no day and its steps are kept.
"""

from typing import Final

_LIRE: Final = """
WITH concernes AS (
{concernes}
)
SELECT e.id, e.organisme_id, e.annee_scolaire, e.date_entree, e.date_fin, e.date_exclusion,
       CASE WHEN e.date_entree IS NULL OR e.date_fin IS NULL THEN e.historique END AS historique,
       c.debuts, c.fins, c.ruptures, d.ids, d.genres, d.contrats, d.partis, d.ouverts, d.clos, d.causes
FROM concernes
JOIN effectif e ON e.id = concernes.id
LEFT JOIN LATERAL (
  SELECT array_agg(debut ORDER BY rang, id) AS debuts, array_agg(fin ORDER BY rang, id) AS fins,
         array_agg(rupture ORDER BY rang, id) AS ruptures
  FROM contrat WHERE contrat.effectif_id = e.id
) c ON true
LEFT JOIN LATERAL (
  SELECT array_agg(id ORDER BY id) AS ids, array_agg(genre ORDER BY id) AS genres,
         array_agg(contrat_debut ORDER BY id) AS contrats, array_agg(parti_le ORDER BY id) AS partis,
         array_agg(ouvert_du ORDER BY id) AS ouverts, array_agg(clos_du ORDER BY id) AS clos,
         array_agg(cause_cloture ORDER BY id) AS causes
  FROM dossier WHERE dossier.effectif_id = e.id
) d ON true
ORDER BY e.id
"""

# Most effectifs have neither a rupture nor a file: they are put aside before anything else is read.
LIRE: Final = _LIRE.format(
    concernes="""
  SELECT effectif_id AS id FROM contrat WHERE effectif_id = ANY(%(ids)s) AND rupture IS NOT NULL
  UNION
  SELECT effectif_id FROM dossier WHERE effectif_id = ANY(%(ids)s)
  UNION
  SELECT id FROM effectif
  WHERE id = ANY(%(ids)s) AND (date_entree IS NULL OR date_fin IS NULL) AND historique <> '[]'"""
)

LIRE_CES_FICHES: Final = _LIRE.format(concernes="  SELECT unnest(%(ids)s::bigint[]) AS id")

MODIFIER: Final = """
UPDATE dossier d
SET genre = n.genre, contrat_debut = n.contrat_debut, ouvert_du = n.ouvert_du, clos_du = n.clos_du,
    cause_cloture = n.cause_cloture,
    confirmee_le = CASE WHEN d.clos_du IS NOT DISTINCT FROM n.clos_du THEN d.confirmee_le END,
    confirmee_par_id = CASE WHEN d.clos_du IS NOT DISTINCT FROM n.clos_du THEN d.confirmee_par_id END
FROM unnest(%(ids)s::bigint[], %(genres)s::text[], %(contrats)s::date[], %(ouverts)s::date[], %(clos)s::date[],
            %(causes)s::text[])
     AS n(id, genre, contrat_debut, ouvert_du, clos_du, cause_cloture)
WHERE d.id = n.id
"""
"""A person confirmed one closing: another day of closing is to be confirmed again."""

# Whoever followed the youth goes on when the new contract breaks in its turn: one person, one référent (issue 6).
# Two writers may open the same file at once: the second one finds it there and brings its dates, but for a departure.
OUVRIR: Final = """
INSERT INTO dossier (effectif_id, organisme_id, annee_scolaire, genre, contrat_debut, ouvert_du, clos_du,
                     cause_cloture, cree_le, referent_id)
SELECT n.effectif_id, n.organisme_id, n.annee_scolaire, n.genre, n.contrat_debut, n.ouvert_du, n.clos_du,
       n.cause_cloture, %(cree_le)s,
       (SELECT p.referent_id FROM dossier p WHERE p.effectif_id = n.effectif_id AND p.referent_id IS NOT NULL
        ORDER BY p.ouvert_du DESC, p.id DESC LIMIT 1)
FROM unnest(%(effectifs)s::bigint[], %(organismes)s::int[], %(annees)s::text[], %(genres)s::text[],
            %(contrats)s::date[], %(ouverts)s::date[], %(clos)s::date[], %(causes)s::text[])
     AS n(effectif_id, organisme_id, annee_scolaire, genre, contrat_debut, ouvert_du, clos_du, cause_cloture)
ON CONFLICT (effectif_id, genre, contrat_debut) DO UPDATE
SET ouvert_du = excluded.ouvert_du, clos_du = excluded.clos_du, cause_cloture = excluded.cause_cloture
WHERE dossier.parti_le IS NULL
"""

_CANDIDATS: Final = """
SELECT e.id
FROM (
  SELECT id, organisme_id, annee_scolaire, id_erp, bornes, statuts, date_exclusion,
         width_bucket(%(jour)s::date, bornes) AS rang
  FROM effectif
  WHERE {condition} AND corbeille_le IS NULL AND cardinality(bornes) > 0 AND bornes[1] <= %(jour)s
    AND coalesce(date_fin, make_date(right(annee_scolaire, 4)::int,
        CASE WHEN left(annee_scolaire, 4) = right(annee_scolaire, 4) THEN 12 ELSE 7 END, 31)) >= %(jour)s
) e
WHERE (e.statuts[e.rang] IN (1, 3)
       OR (e.statuts[e.rang] = 4 AND e.rang > 1 AND e.statuts[e.rang - 1] IN (1, 3)
           AND (e.date_exclusion IS NULL OR e.date_exclusion > %(jour)s)))
  AND NOT EXISTS (
    SELECT FROM dossier d
    WHERE d.effectif_id = e.id
      AND d.genre = ANY(CASE WHEN 3 IN (e.statuts[e.rang], e.statuts[e.rang - 1]) AND e.statuts[e.rang] <> 1
                        THEN ARRAY['RUPTURE', 'FIN_DE_CONTRAT'] ELSE ARRAY['SANS_CONTRAT'] END)
      AND d.ouvert_du <= %(jour)s AND (d.clos_du IS NULL OR d.clos_du > %(jour)s OR d.parti_le IS NOT NULL))
  AND (e.annee_scolaire = ANY(%(annees)s)
       OR (e.annee_scolaire < %(premiere)s AND NOT EXISTS (
         SELECT FROM effectif s
         WHERE s.organisme_id = e.organisme_id AND s.id_erp = e.id_erp AND s.corbeille_le IS NULL
           AND s.annee_scolaire = ANY(%(annees)s))))
  AND NOT EXISTS (
    SELECT FROM opposition o JOIN effectif p ON p.id = o.effectif_id AND p.organisme_id = o.organisme_id
    WHERE o.levee_le IS NULL AND p.organisme_id = e.organisme_id AND p.id_erp = e.id_erp)
ORDER BY e.id
"""
"""Who waits for a contract on the day (INSCRIT or RUPTURANT, or the ABANDON by delay after them) without a file.

The same people as the worklists: formation going on, not in the bin, not frozen by an objection, and no record of the
school year that replaces this one. Codes of `statuts.Statut`; which file it is, and its days, the pure rules say.
"""

CANDIDATS_PARMI: Final = _CANDIDATS.format(condition="id = ANY(%(ids)s)")
CANDIDATS_DE: Final = _CANDIDATS.format(condition="organisme_id = %(organisme_id)s")
CANDIDATS_TOUS: Final = _CANDIDATS.format(condition="true")

# Whoever changes a record holds its row: it will see the files written meanwhile, or is left to the next run.
TENIR: Final = """
SELECT id FROM effectif WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""

ETABLISSEMENTS: Final = (
    "SELECT DISTINCT organisme_id FROM effectif WHERE id = ANY(%(ids)s) ORDER BY organisme_id"
)

SUIVANTES: Final = "SELECT id FROM effectif WHERE id > %(apres)s ORDER BY id LIMIT %(lot)s"
