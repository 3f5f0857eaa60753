"""Set-based SQL of outcomes. Guarded by row-level security: a job reads everything, a correction its own CFA."""

from typing import Final

RAISON: Final = "devenirs des dossiers"

# Objections freeze every record of the person (tdba.ruptures.oppositions), hence the join by the ERP's id.
GELE: Final = """EXISTS (
    SELECT FROM opposition o JOIN effectif oe ON oe.id = o.effectif_id AND oe.organisme_id = o.organisme_id
    WHERE o.levee_le IS NULL AND oe.organisme_id = e.organisme_id AND oe.id_erp = e.id_erp)"""

COMPTE: Final = """(d.clos_du IS NULL OR d.clos_du > d.ouvert_du)
  AND coalesce(d.cause_cloture, '') NOT IN ('RUPTURE_ANNULEE', 'SANS_OBJET')"""
"""`etats.compte`, as a statement says it."""

_CHOIX: Final = {
    # A page of the whole table, in the order of its key.
    "LOT": """SELECT d.* FROM dossier d
  WHERE d.id > %(apres)s AND d.ouvert_du <= %(jour)s::date - 30 ORDER BY d.id LIMIT %(taille)s""",
    # The next contract may be on the record of the next year: files of every record of the same youths, each once
    # even when several records of one youth change together.
    "FICHES": """SELECT d.* FROM (
    SELECT DISTINCT y.id FROM effectif x
    JOIN effectif y ON y.organisme_id = x.organisme_id AND y.id_erp = x.id_erp WHERE x.id = ANY(%(ids)s)
  ) y
  JOIN dossier d ON d.effectif_id = y.id WHERE d.ouvert_du <= %(jour)s::date - 30""",
    "DOSSIER": "SELECT d.* FROM dossier d WHERE d.id = %(id)s AND d.ouvert_du <= %(jour)s::date - 30",
}

_LIRE: Final = """
WITH choisis AS MATERIALIZED ({choix})
SELECT d.id, d.organisme_id, d.annee_scolaire, d.ouvert_du, d.clos_du, d.cause_cloture, d.parti_le,
       CASE WHEN d.presence = 'OUI' THEN (d.presence_le AT TIME ZONE 'Europe/Paris')::date END,
       (e.corbeille_le IS NOT NULL OR {gele}), f.bornes, f.statuts, f.fin, r.le,
       v.jalons, v.etats, v.sources
FROM choisis d
JOIN effectif e ON e.id = d.effectif_id
LEFT JOIN LATERAL (
  SELECT json_agg(x.bornes ORDER BY x.id) AS bornes, json_agg(x.statuts ORDER BY x.id) AS statuts,
         CASE WHEN bool_and(x.date_fin IS NOT NULL) THEN max(x.date_fin) END AS fin
  FROM effectif x WHERE x.id_erp = e.id_erp AND x.organisme_id = e.organisme_id AND x.corbeille_le IS NULL
) f ON true
LEFT JOIN LATERAL (
  SELECT (min(p.le) AT TIME ZONE 'Europe/Paris')::date AS le
  FROM demarche p WHERE p.dossier_id = d.id AND p.nature = 'RETOUR_ECOLE' AND p.retiree_le IS NULL
) r ON true
LEFT JOIN LATERAL (
  SELECT array_agg(n.jalon ORDER BY n.jalon) AS jalons, array_agg(n.etat ORDER BY n.jalon) AS etats,
         array_agg(n.source ORDER BY n.jalon) AS sources
  FROM devenir n WHERE n.dossier_id = d.id
) v ON true
ORDER BY d.id
"""
LIRE: Final = {nom: _LIRE.format(choix=choix, gele=GELE) for nom, choix in _CHOIX.items()}

# Somebody may answer while a batch is computed: only a contract replaces an answer, and keeps who had given it.
ECRIRE: Final = """
INSERT INTO devenir AS v (dossier_id, organisme_id, annee_scolaire, jalon, etat, source, maj_le)
SELECT d.id, d.organisme_id, d.annee_scolaire, n.jalon, n.etat, 'DONNEES', %(le)s
FROM unnest(%(dossiers)s::bigint[], %(jalons)s::smallint[], %(etats)s::text[]) AS n(dossier_id, jalon, etat)
JOIN dossier d ON d.id = n.dossier_id
ON CONFLICT (dossier_id, jalon) DO UPDATE
SET etat = excluded.etat, personne_id = CASE WHEN excluded.etat = 'CONTRAT' THEN v.personne_id END,
    source = 'DONNEES', maj_le = excluded.maj_le
WHERE (v.source = 'DONNEES' AND v.etat <> excluded.etat) OR (v.source = 'REPONSE' AND excluded.etat = 'CONTRAT')
"""

# A file whose opening moved, or that nothing asks for any more, keeps no outcome. Jobs alone may delete.
_RETIRER: Final = """
DELETE FROM devenir v USING dossier d
WHERE d.id = v.dossier_id AND (d.ouvert_du + v.jalon::int > %(jour)s::date OR NOT ({compte}))
"""
RETIRER: Final = _RETIRER.format(compte=COMPTE)

# What was counted and is no more goes; what did not change is not written.
_BILAN: Final = """
WITH compte AS MATERIALIZED (
  SELECT v.organisme_id,
         extract(year FROM d.ouvert_du - interval '7 months')::int AS annee, d.genre, v.jalon, v.etat, count(*)::int AS n
  FROM devenir v JOIN dossier d ON d.id = v.dossier_id JOIN effectif e ON e.id = d.effectif_id
  WHERE e.corbeille_le IS NULL AND {compte} AND NOT {gele}
  GROUP BY 1, 2, 3, 4, 5
), partis AS (
  DELETE FROM bilan_devenir b WHERE NOT EXISTS (
    SELECT FROM compte c WHERE c.organisme_id = b.organisme_id AND c.genre = b.genre AND c.jalon = b.jalon
      AND c.etat = b.etat AND c.annee || '-' || c.annee + 1 = b.annee_scolaire)
)
INSERT INTO bilan_devenir AS b (organisme_id, annee_scolaire, genre, jalon, etat, n, calcule_le)
SELECT organisme_id, annee || '-' || annee + 1, genre, jalon, etat, n, %(le)s FROM compte
ON CONFLICT (organisme_id, annee_scolaire, genre, jalon, etat) DO UPDATE
SET n = excluded.n, calcule_le = excluded.calcule_le WHERE b.n <> excluded.n
"""
BILAN: Final = _BILAN.format(compte=COMPTE, gele=GELE)
