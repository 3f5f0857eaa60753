"""Set-based SQL of the parcours: reading dates, writing arrays and periods. Guarded by row-level security.

Columns of many rows are sent as one array literal each (`tdba.tableaux`): the driver would otherwise examine every
element, which costs more than the query.
"""

from typing import Final

LIRE: Final = """
SELECT e.id, e.organisme_id, e.annee_scolaire, e.date_entree, e.date_fin, e.date_exclusion,
       CASE WHEN e.date_entree IS NULL OR e.date_fin IS NULL THEN e.historique END AS historique,
       e.empreinte_parcours, e.version, c.debuts, c.fins, c.ruptures
FROM effectif e
LEFT JOIN LATERAL (
  SELECT array_agg(debut ORDER BY rang, id) AS debuts, array_agg(fin ORDER BY rang, id) AS fins,
         array_agg(rupture ORDER BY rang, id) AS ruptures
  FROM contrat WHERE contrat.effectif_id = e.id
) c ON true
WHERE {condition}
ORDER BY e.id
"""

LIRE_EFFECTIFS: Final = LIRE.format(condition="e.id = ANY(%(ids)s)")
LIRE_ORGANISMES: Final = LIRE.format(condition="e.organisme_id = ANY(%(ids)s)")

# Only rows whose version is the one that was read: whoever wrote in between has computed them already.
ECRIRE_EFFECTIFS: Final = """
UPDATE effectif e
SET bornes = n.bornes::date[], statuts = n.statuts::smallint[], empreinte_parcours = n.empreinte,
    anomalies = n.anomalies::text[]
FROM unnest(%(ids)s::text::bigint[], %(versions)s::text::int[], %(bornes)s::text::text[], %(statuts)s::text::text[],
            %(empreintes)s::text::bigint[], %(anomalies)s::text::text[])
     AS n(id, version, bornes, statuts, empreinte, anomalies)
WHERE e.id = n.id AND e.version = n.version
RETURNING e.id
"""

EFFACER_PERIODES: Final = "DELETE FROM periode WHERE effectif_id = ANY(%(ids)s)"

ECRIRE_PERIODES: Final = """
INSERT INTO periode (effectif_id, organisme_id, annee_scolaire, rang, statut, motif, raison, du, au, reperes)
SELECT n.effectif_id, n.organisme_id, n.annee_scolaire, n.rang, n.statut, n.motif, n.raison, n.du, n.au,
       n.reperes::date[]
FROM unnest(%(effectif_ids)s::text::bigint[], %(organisme_ids)s::text::int[], %(annees)s::text::text[],
            %(rangs)s::text::smallint[], %(statuts)s::text::smallint[], %(motifs)s::text::smallint[],
            %(raisons)s::text::smallint[], %(dus)s::text::date[], %(aus)s::text::date[], %(reperes)s::text::text[])
     AS n(effectif_id, organisme_id, annee_scolaire, rang, statut, motif, raison, du, au, reperes)
"""
