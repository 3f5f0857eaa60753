"""Set-based SQL of the checks: facts of many records in two reads, open points in one, and only what differs written.

Guarded by row-level security. Columns of many rows are sent as one array literal each (`tdba.tableaux`).
"""

from typing import Final

DES_EFFECTIFS: Final = "e.id = ANY(%(ids)s::bigint[])"
DES_ORGANISMES: Final = "e.organisme_id = ANY(%(ids)s::int[])"

_LIRE: Final = """
WITH reference AS MATERIALIZED (
  SELECT EXISTS (SELECT FROM certification) AS certifications, EXISTS (SELECT FROM commune) AS communes
)
SELECT e.id, e.organisme_id, e.annee_scolaire, e.date_naissance, e.sexe, e.ine, e.courriel, o.courriel_referentiel,
       e.telephone, e.adresse IS NOT NULL AS adresse, e.code_postal, e.code_insee, e.rncp, e.cfd, e.niveau, e.annee_formation,
       e.duree_mois, e.date_inscription, e.date_entree, e.date_fin, e.date_exclusion,
       e.cause_exclusion IS NOT NULL AS cause_exclusion, e.anomalies,
       e.statuts[width_bucket(%(jour)s::date, e.bornes)] AS statut,
       e.bornes[width_bucket(%(jour)s::date, e.bornes)] AS statut_depuis,
       CASE WHEN r.communes THEN e.departement IS NOT NULL END AS code_postal_connu,
       CASE WHEN r.certifications AND e.rncp IS NOT NULL
            THEN kr.code IS NOT NULL OR EXISTS (SELECT FROM certification k WHERE k.rncp = e.rncp) END AS rncp_connu,
       kr.ouverture AS rncp_ouverture, kr.fermeture AS rncp_fermeture,
       CASE WHEN r.certifications AND e.cfd IS NOT NULL
            THEN kc.code IS NOT NULL OR EXISTS (SELECT FROM certification k WHERE k.cfd = lpad(e.cfd, 8, '0')) END AS cfd_connu,
       kc.ouverture AS cfd_ouverture, kc.fermeture AS cfd_fermeture,
       CASE WHEN s.valeurs ? '_mis_de_cote' THEN s.valeurs END AS valeurs,
       ARRAY(SELECT t.code FROM anomalie_tue t WHERE t.effectif_id = e.id AND t.levee_le IS NULL) AS tues
FROM effectif e
CROSS JOIN reference r
JOIN organisme o ON o.id = e.organisme_id
LEFT JOIN effectif_source s ON s.effectif_id = e.id AND s.source = e.source
LEFT JOIN code_certification kr ON kr.code = e.rncp
LEFT JOIN code_certification kc ON kc.code = lpad(e.cfd, 8, '0')
WHERE {condition} AND e.annee_scolaire = ANY(%(annees)s) AND e.corbeille_le IS NULL
"""
"""The facts of records whose year counts, out of the bin."""

LIRE_EFFECTIFS: Final = _LIRE.format(condition=DES_EFFECTIFS)
LIRE_ORGANISMES: Final = _LIRE.format(condition=DES_ORGANISMES)

LIRE_CONTRATS: Final = """
SELECT c.effectif_id, c.rang, c.debut_source, c.id, c.debut, c.fin, c.rupture, c.cause_rupture, c.cause_legale,
       c.mediateur_le, c.employeur_informe_le, c.employeur_siret, n.fermee_le, coalesce(n.inconnue, false) AS inconnue
FROM contrat c
LEFT JOIN entreprise n ON n.siret = c.employeur_siret
WHERE c.effectif_id = ANY(%(ids)s::text::bigint[])
ORDER BY c.effectif_id, c.rang, c.id
"""

LIRE_ETABLISSEMENTS: Final = """
SELECT o.id FROM organisme o
WHERE o.id = ANY(%(ids)s::int[]) AND (o.ferme OR NOT o.fiable)
  AND EXISTS (SELECT FROM effectif e
              WHERE e.organisme_id = o.id AND e.annee_scolaire = ANY(%(annees)s) AND e.corbeille_le IS NULL)
"""
"""Establishments whose records count in no figure but their own family's (decision 29)."""

_OUVERTS: Final = """
SELECT p.id, p.organisme_id, p.effectif_id, p.annee_scolaire, p.cle, p.consequence, p.details
FROM point p
WHERE p.genre = 'ANOMALIE' AND p.clos_le IS NULL AND {condition}
"""

OUVERTS_DES_EFFECTIFS: Final = _OUVERTS.format(condition="p.effectif_id = ANY(%(ids)s::bigint[])")
OUVERTS_DES_ORGANISMES: Final = _OUVERTS.format(condition="p.organisme_id = ANY(%(ids)s::int[])")

CLORE: Final = """
UPDATE point SET clos_le = %(le)s, maj_le = %(le)s WHERE id = ANY(%(ids)s::text::bigint[]) AND clos_le IS NULL
"""

OUVRIR: Final = """
INSERT INTO point AS p (organisme_id, effectif_id, annee_scolaire, genre, consequence, cle, details, cree_le, maj_le)
SELECT n.organisme_id, n.effectif_id, n.annee_scolaire, 'ANOMALIE', n.consequence, n.cle, n.details::jsonb, %(le)s, %(le)s
FROM unnest(%(organisme_ids)s::text::int[], %(effectif_ids)s::text::bigint[],
            string_to_array(%(annees)s, chr(30), ''), %(consequences)s::text::smallint[],
            string_to_array(%(cles)s, chr(30)), string_to_array(%(details)s, chr(30)))
     AS n(organisme_id, effectif_id, annee_scolaire, consequence, cle, details)
ORDER BY n.organisme_id, n.cle
ON CONFLICT (organisme_id, genre, cle) WHERE clos_le IS NULL DO UPDATE
SET details = excluded.details, consequence = excluded.consequence, effectif_id = excluded.effectif_id,
    annee_scolaire = excluded.annee_scolaire, maj_le = excluded.maj_le
"""

ORGANISMES_DES_EFFECTIFS: Final = """
SELECT DISTINCT organisme_id FROM effectif WHERE id = ANY(%(ids)s::bigint[]) ORDER BY organisme_id
"""

ORGANISMES: Final = """
SELECT o.id, coalesce(n.nombre, 0)
FROM organisme o
LEFT JOIN (SELECT organisme_id, count(*) AS nombre FROM effectif WHERE annee_scolaire = ANY(%(annees)s) GROUP BY 1) n
  ON n.organisme_id = o.id
WHERE n.nombre > 0
   OR EXISTS (SELECT FROM point p WHERE p.organisme_id = o.id AND p.genre = 'ANOMALIE' AND p.clos_le IS NULL)
ORDER BY o.id
"""
"""Those that have records to check, or points to close."""

ORGANISMES_CHOISIS: Final = """
SELECT o.id, (SELECT count(*) FROM effectif e WHERE e.organisme_id = o.id AND e.annee_scolaire = ANY(%(annees)s))
FROM organisme o WHERE o.id = ANY(%(ids)s::int[]) ORDER BY o.id
"""
