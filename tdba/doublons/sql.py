"""Set-based SQL of duplicates: families, keys, pairs. Guarded by row-level security, except the référentiel's tables."""

from typing import Final

from tdba.doublons.ressemblance import Identite

GROUPES: Final = """
SELECT array_agg(o ORDER BY o) FROM (
  SELECT 'R' || responsable_id, responsable_id FROM relation_organisme WHERE NOT partielle
  UNION SELECT 'R' || responsable_id, formateur_id FROM relation_organisme WHERE NOT partielle
  UNION SELECT 'S' || siren, id FROM organisme
) AS m (groupe, o)
GROUP BY groupe
"""
"""Organismes whose records some CFA reaches together: a responsable and its formateurs whose names it may see, and the
establishments of one legal unit. An organisme alone is a group of one."""

COMPTES: Final = (
    "SELECT organisme_id, count(*) FROM effectif WHERE corbeille_le IS NULL GROUP BY organisme_id"
)

CLES: Final = """
SELECT id, organisme_id, annee_scolaire, recherche, date_naissance, ine
FROM effectif WHERE organisme_id = ANY(%(organismes)s::int[]) AND corbeille_le IS NULL
"""

CLES_DES_FICHES: Final = """
SELECT id, organisme_id, annee_scolaire, recherche, date_naissance, ine
FROM effectif WHERE id = ANY(%(ids)s::bigint[]) AND corbeille_le IS NULL
"""

ORGANISMES_DES_FICHES: Final = (
    "SELECT DISTINCT organisme_id FROM effectif WHERE id = ANY(%(ids)s::bigint[]) ORDER BY organisme_id"
)

VOISINS: Final = """
SELECT o.id, v.voisin
FROM organisme o CROSS JOIN LATERAL (
  SELECT o.id
  UNION SELECT responsable_id FROM relation_organisme WHERE formateur_id = o.id AND NOT partielle
  UNION SELECT formateur_id FROM relation_organisme WHERE responsable_id = o.id AND NOT partielle
  UNION SELECT f.formateur_id FROM relation_organisme r
    JOIN relation_organisme f ON f.responsable_id = r.responsable_id AND NOT f.partielle
    WHERE r.formateur_id = o.id AND NOT r.partielle
  UNION SELECT s.id FROM organisme s WHERE s.siren = o.siren
) AS v (voisin)
WHERE o.id = ANY(%(organismes)s::int[])
"""

# Each way in has its index: birth date, INE, (organisme, name).
VOISINES: Final = """
WITH voisinage AS MATERIALIZED (
  SELECT * FROM unnest(%(organismes)s::int[], %(voisins)s::int[]) AS v (organisme_id, voisin)
)
SELECT e.id, e.organisme_id, e.annee_scolaire, e.recherche, e.date_naissance, e.ine
FROM (SELECT DISTINCT * FROM unnest(%(sites)s::int[], %(naissances)s::date[]) AS n (organisme_id, date_naissance)) n
JOIN effectif e USING (date_naissance)
WHERE e.corbeille_le IS NULL
  AND EXISTS (SELECT FROM voisinage v WHERE v.organisme_id = n.organisme_id AND v.voisin = e.organisme_id)
UNION
SELECT e.id, e.organisme_id, e.annee_scolaire, e.recherche, e.date_naissance, e.ine
FROM (SELECT DISTINCT * FROM unnest(%(sites)s::int[], %(ines)s::text[]) AS n (organisme_id, ine)) n
JOIN effectif e USING (ine)
WHERE e.corbeille_le IS NULL
  AND EXISTS (SELECT FROM voisinage v WHERE v.organisme_id = n.organisme_id AND v.voisin = e.organisme_id)
UNION
SELECT e.id, e.organisme_id, e.annee_scolaire, e.recherche, e.date_naissance, e.ine
FROM unnest(%(sites_noms)s::int[], %(noms)s::text[]) AS n (organisme_id, recherche)
JOIN voisinage v ON v.organisme_id = n.organisme_id
JOIN effectif e ON e.organisme_id = v.voisin AND e.recherche = n.recherche
WHERE e.corbeille_le IS NULL
"""

IDENTITES: Final = f"SELECT {', '.join(Identite._fields)} FROM effectif WHERE id = ANY(%(ids)s::bigint[])"  # noqa: S608 - column names

_CONNUS: Final = """
SELECT id, effectif_id, organisme_id, autre_id, autre_organisme_id, etat, score, raisons FROM doublon WHERE """

CONNUS: Final = (
    _CONNUS + "organisme_id = ANY(%(organismes)s::int[]) AND autre_organisme_id = ANY(%(organismes)s::int[])"
)
CONNUS_DES_FICHES: Final = (
    _CONNUS + "effectif_id = ANY(%(ids)s::bigint[]) OR autre_id = ANY(%(ids)s::bigint[])"
)

# Somebody may have opened the same pair meanwhile: theirs stands.
OUVRIR: Final = """
INSERT INTO doublon (effectif_id, organisme_id, autre_id, autre_organisme_id, annee_scolaire, score, raisons, cree_le,
                     maj_le)
SELECT effectif_id, organisme_id, autre_id, autre_organisme_id, annee_scolaire, score, string_to_array(raisons, ','),
       %(le)s, %(le)s
FROM unnest(%(effectifs)s::bigint[], %(organismes)s::int[], %(autres)s::bigint[], %(autres_organismes)s::int[],
            %(annees)s::text[], %(scores)s::smallint[], %(raisons)s::text[])
     AS n (effectif_id, organisme_id, autre_id, autre_organisme_id, annee_scolaire, score, raisons)
ON CONFLICT (effectif_id, autre_id) DO NOTHING
RETURNING id, organisme_id, effectif_id, annee_scolaire, autre_organisme_id, score
"""

CHANGER: Final = """
UPDATE doublon d SET score = n.score, raisons = string_to_array(n.raisons, ','), etat = 'OUVERT', personne_id = NULL,
       commentaire = NULL, maj_le = %(le)s
FROM unnest(%(ids)s::bigint[], %(scores)s::smallint[], %(raisons)s::text[]) AS n (id, score, raisons)
WHERE d.id = n.id AND d.etat <> 'FUSIONNE'
RETURNING d.id, d.organisme_id, d.effectif_id, d.annee_scolaire, d.autre_organisme_id, d.score
"""

DISPARAITRE: Final = """
UPDATE doublon SET etat = 'DISPARU', maj_le = %(le)s WHERE id = ANY(%(ids)s::bigint[]) AND etat = 'OUVERT'
RETURNING id, organisme_id
"""

SEPARES: Final = """
UPDATE doublon d SET etat = 'DISPARU', maj_le = %(le)s
WHERE d.etat = 'OUVERT' AND d.organisme_id <> d.autre_organisme_id
  AND NOT EXISTS (SELECT FROM organisme a JOIN organisme b USING (siren)
                  WHERE a.id = d.organisme_id AND b.id = d.autre_organisme_id)
  AND NOT EXISTS (
    SELECT FROM (SELECT responsable_id, formateur_id AS membre FROM relation_organisme WHERE NOT partielle
                 UNION SELECT responsable_id, responsable_id FROM relation_organisme WHERE NOT partielle) m
    JOIN (SELECT responsable_id, formateur_id AS membre FROM relation_organisme WHERE NOT partielle
          UNION SELECT responsable_id, responsable_id FROM relation_organisme WHERE NOT partielle) n USING (responsable_id)
    WHERE m.membre = d.organisme_id AND n.membre = d.autre_organisme_id)
"""
"""Pairs of establishments that are of one family no more."""

OUVERTS_DE_LA_FICHE: Final = """
SELECT id, organisme_id, effectif_id, annee_scolaire, autre_organisme_id, score FROM doublon
WHERE etat = 'OUVERT' AND (effectif_id = %(id)s OR autre_id = %(id)s)
"""

POINTS: Final = """
SELECT d.organisme_id, d.effectif_id, d.annee_scolaire, d.id::text, 1,
       jsonb_build_object('autre', d.autre_organisme_id, 'score', d.score)
FROM doublon d WHERE d.etat = 'OUVERT' AND d.organisme_id = ANY(%(organismes)s::int[])
"""
