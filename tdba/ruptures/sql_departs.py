"""Set-based SQL of departures to another CFA. Read as the system: no CFA sees the record that makes its file close."""

from typing import Final

# By INE, which has its index; the birth date only confirms: a join on it would compare everyone born the same day.
TROUVER: Final = """
SELECT d.id, min(n.date_entree), d.effectif_id
FROM dossier d
JOIN effectif f ON f.id = d.effectif_id AND f.corbeille_le IS NULL AND f.ine IS NOT NULL
JOIN organisme a ON a.id = f.organisme_id
JOIN effectif n ON n.ine = f.ine AND (n.date_naissance = f.date_naissance) IS TRUE AND n.corbeille_le IS NULL
  AND n.organisme_id <> f.organisme_id
  AND n.date_entree > coalesce(f.date_entree, d.ouvert_du) AND n.date_entree <= %(jour)s
  AND n.statuts[width_bucket(%(jour)s::date, n.bornes)] IN (1, 2)
  AND (d.depart_ecarte_le IS NULL OR n.cree_le > d.depart_ecarte_le)
JOIN organisme b ON b.id = n.organisme_id AND b.siren <> a.siren
WHERE d.ouvert_du <= %(jour)s AND (d.clos_du IS NULL OR d.clos_du > %(jour)s) AND d.parti_le IS NULL
  AND NOT EXISTS (
    SELECT FROM relation_organisme r
    WHERE (r.responsable_id, r.formateur_id) IN ((a.id, b.id), (b.id, a.id)))
  AND NOT EXISTS (
    SELECT FROM relation_organisme r JOIN relation_organisme s ON s.responsable_id = r.responsable_id
    WHERE r.formateur_id = a.id AND s.formateur_id = b.id)
GROUP BY d.id
ORDER BY d.id
"""
"""Open files, the first day in a CFA of another family, and the record: same INE, same birth date, entered later, INSCRIT or
APPRENTI there on the day (codes of `statuts.Statut`)."""

MARQUER: Final = """
UPDATE dossier d SET parti_le = n.parti_le
FROM unnest(%(ids)s::bigint[], %(jours)s::date[]) AS n(id, parti_le)
WHERE d.id = n.id AND d.parti_le IS NULL
"""
