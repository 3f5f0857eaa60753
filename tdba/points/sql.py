"""Set-based SQL of what is left to settle. Guarded by row-level security.

A SELECT of open points gives, in this order: organisme_id, effectif_id, annee_scolaire, cle, consequence, details. It is
limited by the array %(organismes)s, or for `PAR_EFFECTIF` by %(effectifs)s; it may read %(le)s (now) and %(jour)s.
"""

from typing import Final

DEPUIS_ORGANISMES: Final = "p.organisme_id = ANY(%(organismes)s::int[])"
DEPUIS_EFFECTIFS: Final = "p.effectif_id = ANY(%(effectifs)s::bigint[])"

_AVANT: Final = """
WITH voulus (organisme_id, effectif_id, annee_scolaire, cle, consequence, details) AS MATERIALIZED ("""

_CLORE: Final = """
), clos AS (
  UPDATE point p SET clos_le = %(le)s, maj_le = %(le)s
  WHERE p.genre = %(genre)s AND p.clos_le IS NULL AND """

_OUVRIR: Final = """
    AND NOT EXISTS (SELECT FROM voulus v WHERE v.organisme_id = p.organisme_id AND v.cle = p.cle)
  RETURNING p.id
), ouverts AS (
  INSERT INTO point AS p (organisme_id, effectif_id, annee_scolaire, genre, consequence, cle, details, cree_le, maj_le)
  SELECT v.organisme_id, v.effectif_id, v.annee_scolaire, %(genre)s, v.consequence, v.cle, v.details, %(le)s, %(le)s
  FROM voulus v ORDER BY v.organisme_id, v.cle
  ON CONFLICT (organisme_id, genre, cle) WHERE clos_le IS NULL DO UPDATE
  SET details = excluded.details, consequence = excluded.consequence, effectif_id = excluded.effectif_id,
      annee_scolaire = excluded.annee_scolaire, maj_le = excluded.maj_le
  WHERE (p.details, p.consequence, p.effectif_id, p.annee_scolaire)
        IS DISTINCT FROM (excluded.details, excluded.consequence, excluded.effectif_id, excluded.annee_scolaire)
  RETURNING p.id
)
SELECT (SELECT count(*) FROM ouverts), (SELECT count(*) FROM clos)
"""


def aligner(voulus: str, *, portee: str = DEPUIS_ORGANISMES) -> str:
    """The statement that makes the open points of one genre, in a reach, equal to what this SELECT gives."""
    return _AVANT + voulus + _CLORE + portee + _OUVRIR


POSER: Final = """
INSERT INTO point AS p (organisme_id, effectif_id, annee_scolaire, genre, consequence, cle, details, cree_le, maj_le)
VALUES (%(organisme_id)s, %(effectif_id)s, %(annee_scolaire)s, %(genre)s, %(consequence)s, %(cle)s, %(details)s::jsonb,
        %(le)s, %(le)s)
ON CONFLICT (organisme_id, genre, cle) WHERE clos_le IS NULL DO UPDATE
SET details = excluded.details, consequence = excluded.consequence, maj_le = excluded.maj_le
"""

CLORE: Final = """
UPDATE point SET clos_le = %(le)s, maj_le = %(le)s
WHERE organisme_id = %(organisme_id)s AND genre = %(genre)s AND cle = %(cle)s AND clos_le IS NULL
"""

ORGANISMES: Final = "SELECT id FROM organisme WHERE id > %(apres)s ORDER BY id LIMIT %(lot)s"

_CONFLITS: Final = """
SELECT c.organisme_id, c.effectif_id, c.annee_scolaire, c.id::text,
       CASE WHEN c.contrat_id IS NOT NULL
                 OR c.champ IN ('date_inscription', 'date_entree', 'date_fin', 'date_exclusion') THEN 1 ELSE 4 END,
       jsonb_build_object('champ', c.champ)
FROM correction c JOIN effectif e ON e.id = c.effectif_id AND e.corbeille_le IS NULL
WHERE c.etat = 'CONFLIT' AND """

CONFLITS: Final = _CONFLITS + "c.organisme_id = ANY(%(organismes)s::int[])"
"""Corrections that the source contradicts with a third value; only dates and contracts change a figure."""

CONFLITS_DES_EFFECTIFS: Final = _CONFLITS + "c.effectif_id = ANY(%(effectifs)s::bigint[])"

PLUS_TRANSMIS: Final = """
SELECT e.organisme_id, e.id, e.annee_scolaire, e.id::text, 1,
       jsonb_build_object('depuis', e.plus_transmis_depuis)
FROM effectif e
WHERE e.plus_transmis_depuis IS NOT NULL AND e.corbeille_le IS NULL
  AND e.organisme_id = ANY(%(organismes)s::int[])
"""

TRANSFEREES: Final = """
SELECT t.organisme_id, e.id, e.annee_scolaire, e.id::text, 3,
       jsonb_build_object('du', max(t.a_compter_du), 'ancien', (array_agg(o.nom ORDER BY t.id DESC))[1])
FROM transfert t
JOIN effectif e ON e.id = t.effectif_id AND e.corbeille_le IS NULL
JOIN organisme o ON o.id = t.ancien_organisme_id
WHERE t.annule_le IS NULL AND t.joint_le IS NULL AND t.organisme_id = ANY(%(organismes)s::int[])
GROUP BY t.organisme_id, e.id, e.annee_scolaire
"""
"""Records moved by a person, that no source has sent yet for their new establishment."""

_CONTRATS: Final = """
SELECT c.organisme_id, c.effectif_id, c.annee_scolaire, c.id::text, 1, jsonb_build_object('debut', c.debut)
FROM contrat c JOIN effectif e ON e.id = c.effectif_id AND e.corbeille_le IS NULL
WHERE c.debut_source IS NOT NULL
  AND EXISTS (SELECT FROM effectif_source s WHERE s.effectif_id = c.effectif_id)
  AND NOT EXISTS (
    SELECT FROM effectif_source s WHERE s.effectif_id = c.effectif_id AND c.debut_source::text IN (
      s.valeurs ->> 'contrat_date_debut', s.valeurs ->> 'contrat_date_debut_2', s.valeurs ->> 'contrat_date_debut_3',
      s.valeurs ->> 'contrat_date_debut_4'))
  AND c.id IN (SELECT k.contrat_id FROM correction k WHERE k.etat IN ('ACTIVE', 'CONFLIT') AND """

CONTRATS_PLUS_TRANSMIS: Final = _CONTRATS + "k.organisme_id = ANY(%(organismes)s::int[]))"
"""Corrected contracts that no source sends any more: kept until somebody decides (decision 17)."""

CONTRATS_DES_EFFECTIFS: Final = _CONTRATS + "k.effectif_id = ANY(%(effectifs)s::bigint[]))"

A_REPORTER: Final = """
SELECT c.organisme_id, NULL::bigint, NULL::text, '', 3, jsonb_build_object('n', count(*))
FROM correction c JOIN effectif e ON e.id = c.effectif_id AND e.corbeille_le IS NULL
WHERE c.etat = 'ACTIVE' AND c.reportee_le IS NULL
  AND c.champ NOT IN ('mediateur_le', 'employeur_informe_le') AND c.organisme_id = ANY(%(organismes)s::int[])
GROUP BY c.organisme_id
"""
"""One point for all the corrections of an establishment that its ERP does not hold yet (decision 6)."""

ORGANISMES_DES_EFFECTIFS: Final = (
    "SELECT DISTINCT organisme_id FROM effectif WHERE id = ANY(%(effectifs)s::bigint[])"
)
