"""Set-based SQL of the intake: what a batch of lines of one organisme reads and writes."""

from typing import Final

CONNUS: Final = """
SELECT e.id, e.annee_scolaire, e.id_erp, e.corbeille_le IS NOT NULL AS en_corbeille, e.historique,
       s.empreinte, s.source, (SELECT jsonb_object_agg(x.source, x.valeurs) FROM effectif_source x
                               WHERE x.effectif_id = e.id AND x.source <> %(source)s) AS autres
FROM effectif e
LEFT JOIN effectif_source s ON s.effectif_id = e.id AND s.source = %(source)s
WHERE e.organisme_id = %(organisme_id)s AND (e.annee_scolaire, e.id_erp) IN (
  SELECT * FROM unnest(%(annees)s::text[], %(ids_erp)s::text[]))
"""

CONTRATS: Final = """
SELECT effectif_id, id, rang, debut_source, debut, fin, employeur_siret FROM contrat
WHERE effectif_id = ANY(%(ids)s) ORDER BY effectif_id, rang, id
"""

CORRECTIONS: Final = """
SELECT effectif_id, id, champ, valeur, valeur_source, contrat_id FROM correction
WHERE effectif_id = ANY(%(ids)s) AND etat IN ('ACTIVE', 'CONFLIT') ORDER BY effectif_id, id
"""

VERROU: Final = "SELECT pg_advisory_xact_lock(8421, %(organisme_id)s)"
"""One writer of lines at a time per organisme (decision 15)."""

SOURCE: Final = """
INSERT INTO effectif_source (effectif_id, organisme_id, source, annee_scolaire, valeurs, empreinte,
                             transmission_id, recu_le)
SELECT n.effectif_id, %(organisme_id)s, %(source)s, n.annee_scolaire, n.valeurs::jsonb, decode(n.empreinte, 'hex'),
       %(transmission_id)s, %(recu_le)s
FROM unnest(%(ids)s::bigint[], string_to_array(%(annees)s, chr(30)), string_to_array(%(valeurs)s, chr(30)),
            string_to_array(%(empreintes)s, chr(30))) AS n(effectif_id, annee_scolaire, valeurs, empreinte)
ON CONFLICT (effectif_id, source) DO UPDATE
SET valeurs = excluded.valeurs, empreinte = excluded.empreinte, transmission_id = excluded.transmission_id,
    recu_le = excluded.recu_le
"""

TRANSFEREES: Final = """
SELECT annee_scolaire, id_erp, effectif_id FROM transfert
WHERE ancien_organisme_id = %(organisme_id)s AND annule_le IS NULL
  AND (annee_scolaire, id_erp) IN (SELECT * FROM unnest(%(annees)s::text[], %(ids_erp)s::text[]))
"""
"""Of these keys, those of records moved elsewhere by hand: their former site's ERP still sends them."""

A_DES_TRANSFERTS: Final = """
SELECT EXISTS (SELECT FROM transfert WHERE ancien_organisme_id = %(organisme_id)s AND annule_le IS NULL)
"""

VUS: Final = """
WITH joints AS (
  UPDATE transfert SET joint_le = %(le)s
  WHERE organisme_id = %(organisme_id)s AND annule_le IS NULL AND joint_le IS NULL
    AND effectif_id = ANY(%(ids)s::bigint[])
)
UPDATE effectif SET plus_transmis_depuis = NULL
WHERE organisme_id = %(organisme_id)s AND plus_transmis_depuis IS NOT NULL AND id = ANY(%(ids)s::bigint[])
"""
"""Unchanged lines still tell that the record is being sent, and from its new site when it was moved; nothing is written
for a record that was not missing."""

ARBITRER: Final = """
UPDATE correction SET etat = %(etat)s, valeur_conflit = %(valeur_conflit)s,
       close_le = CASE WHEN %(etat)s = 'REJOINTE' THEN %(le)s ELSE close_le END,
       maj_le = CASE WHEN (etat, valeur_conflit) IS DISTINCT FROM (%(etat)s, %(valeur_conflit)s)
                     THEN %(le)s ELSE maj_le END
WHERE id = %(id)s
"""

MARQUER_CORRIGES: Final = """
UPDATE effectif e SET corrige = EXISTS (
  SELECT FROM correction c WHERE c.effectif_id = e.id AND c.etat IN ('ACTIVE', 'CONFLIT'))
WHERE e.id = ANY(%(ids)s)
"""
"""A correction that the source has joined no longer marks its record."""
