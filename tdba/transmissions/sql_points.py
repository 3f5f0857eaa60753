"""What transmissions leave to settle, by organisme (`points.sql` says what each SELECT gives).

Lines have no index by organisme: they are found by the transmissions of thirty days, and read for the organismes alone
that had some refused. This is a job's work, once a transmission is over, never the work of a line.
"""

from typing import Final

ENVOIS: Final = """
SELECT DISTINCT r.organisme_id FROM reception r WHERE r.transmission_id = %(transmission_id)s
UNION SELECT t.transmetteur_id FROM transmission t WHERE t.id = %(transmission_id)s
"""
"""The organismes that a transmission concerns."""

REFUSEES: Final = """
WITH refus AS (
  SELECT r.organisme_id, min(r.recue_le) AS depuis
  FROM reception r
  WHERE r.organisme_id = ANY(%(organismes)s::int[]) AND r.nb_refusees > 0
    AND r.recue_le >= %(le)s - interval '30 days'
  GROUP BY r.organisme_id
), envois AS (
  SELECT t.id, t.uuid, t.transmetteur_id, (t.recue_le AT TIME ZONE 'Europe/Paris')::date AS jour
  FROM refus
  JOIN transmission t ON t.transmetteur_id = refus.organisme_id AND t.recue_le >= refus.depuis
  WHERE t.etat IN ('RECUE', 'EN_COURS', 'TRAITEE')
  UNION
  SELECT t.id, t.uuid, t.transmetteur_id, (t.recue_le AT TIME ZONE 'Europe/Paris')::date
  FROM refus
  JOIN reception r ON r.organisme_id = refus.organisme_id AND r.recue_le >= refus.depuis
  JOIN transmission t ON t.id = r.transmission_id
  WHERE t.etat IN ('RECUE', 'EN_COURS', 'TRAITEE')
), lignes AS MATERIALIZED (
  SELECT l.id, l.organisme_id, l.annee_scolaire, l.id_erp, l.etat, envois.uuid, envois.transmetteur_id, envois.jour
  FROM envois JOIN ligne l ON l.transmission_id = envois.id
  WHERE l.etat NOT IN ('APERCU', 'ECARTEE')
), recents AS (
  SELECT id_erp, annee_scolaire, transmetteur_id, organisme_id, max(id) AS id
  FROM lignes WHERE id_erp IS NOT NULL GROUP BY 1, 2, 3, 4
), refusees AS (
  SELECT id, organisme_id, transmetteur_id, annee_scolaire, id_erp, uuid, jour
  FROM lignes
  WHERE etat = 'REFUSEE' AND coalesce(organisme_id, transmetteur_id) = ANY(%(organismes)s::int[])
), restantes AS (
  SELECT c.id, c.organisme_id, c.transmetteur_id, c.uuid
  FROM refusees c
  WHERE c.id_erp IS NOT NULL AND NOT EXISTS (
    SELECT FROM recents a
    WHERE a.id_erp = c.id_erp AND a.id > c.id
      AND (c.annee_scolaire IS NULL OR a.annee_scolaire = c.annee_scolaire)
      AND (a.transmetteur_id = c.transmetteur_id OR a.organisme_id = c.organisme_id))
  UNION ALL
  SELECT c.id, c.organisme_id, c.transmetteur_id, c.uuid
  FROM refusees c JOIN (SELECT transmetteur_id, max(jour) AS jour FROM lignes GROUP BY 1) dernier
       ON dernier.transmetteur_id = c.transmetteur_id AND dernier.jour = c.jour
  WHERE c.id_erp IS NULL
), causes AS (
  SELECT c.id, coalesce(c.organisme_id, c.transmetteur_id) AS organisme_id, c.uuid,
         coalesce(l.erreurs -> 0 #>> '{path,0}', '') AS champ, l.erreurs -> 0 ->> 'message' AS message
  FROM restantes c JOIN ligne l ON l.id = c.id
)
SELECT organisme_id, NULL::bigint, NULL::text, champ || ':' || left(md5(message), 8), 1,
       jsonb_build_object('n', count(*), 'champ', champ, 'message', message,
                          'transmission', (array_agg(uuid ORDER BY id DESC))[1])
FROM causes GROUP BY organisme_id, champ, message
"""
"""Refused lines of thirty days, by the first thing wrong with them. A record counts once, by the last line about it,
and no more once a later line is accepted. A line without an identifier names no record: only those of the sender's last
day stand."""

INCONNUS: Final = """
SELECT q.transmetteur_id, NULL::bigint, NULL::text, q.id::text, 1,
       jsonb_build_object('n', attente.n, 'uai', q.uai, 'siret', q.siret)
FROM quarantaine q
CROSS JOIN LATERAL (
  SELECT count(DISTINCT (l.annee_scolaire, l.id_erp)) AS n
  FROM ligne l WHERE l.quarantaine_id = q.id AND l.etat = 'EN_ATTENTE'
) attente
WHERE q.etat = 'ATTEND' AND q.transmetteur_id = ANY(%(organismes)s::int[]) AND attente.n > 0
"""

RETENUES: Final = """
SELECT l.organisme_id, e.id, e.annee_scolaire, e.id::text, 1,
       jsonb_build_object('le', max((t.recue_le AT TIME ZONE 'Europe/Paris')::date),
                          'transmission', (array_agg(t.uuid ORDER BY t.recue_le DESC, t.id DESC))[1])
FROM reception r
JOIN transmission t ON t.id = r.transmission_id
JOIN ligne l ON l.transmission_id = t.id AND l.organisme_id = r.organisme_id AND l.etat = 'RETENUE'
JOIN effectif e ON e.id = l.effectif_id AND e.organisme_id = l.organisme_id AND e.corbeille_le IS NOT NULL
               AND l.traitee_le >= e.corbeille_le
WHERE r.organisme_id = ANY(%(organismes)s::int[]) AND r.nb_retenues > 0
  AND r.recue_le >= %(le)s - interval '30 days'
  -- What a merge put aside goes on being sent: nothing is asked unless the source says something new.
  AND NOT EXISTS (SELECT FROM fusion f
                  JOIN effectif_source s ON s.effectif_id = f.absorbe_id AND s.empreinte = l.empreinte
                  WHERE f.absorbe_id = e.id AND f.annulee_le IS NULL)
GROUP BY l.organisme_id, e.id, e.annee_scolaire
"""

SILENCES: Final = """
SELECT s.organisme_id, NULL::bigint, NULL::text, '', 1,
       jsonb_build_object('depuis', (s.depuis AT TIME ZONE 'Europe/Paris')::date, 'jours', s.habitude_jours)
FROM silence s
WHERE s.organisme_id = ANY(%(organismes)s::int[])
  AND NOT EXISTS (SELECT FROM reception r WHERE r.organisme_id = s.organisme_id AND r.recue_le > s.depuis)
"""
"""A silence is over as soon as something comes, though its row waits for the night."""
