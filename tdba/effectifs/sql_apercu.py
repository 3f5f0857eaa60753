"""Set-based SQL of previews, and of the images that undo an import."""

from typing import Final

TENUES: Final = "SELECT * FROM effectif WHERE id = ANY(%(ids)s)"

CONTRATS: Final = """
SELECT id, effectif_id, debut, fin, rupture, cause_rupture, employeur_siret FROM contrat
WHERE effectif_id = ANY(%(ids)s)
"""

IMAGES: Final = """
INSERT INTO avant_image (transmission_id, effectif_id, organisme_id, annee_scolaire, version, image)
SELECT %(transmission_id)s, e.id, e.organisme_id, e.annee_scolaire, e.version, jsonb_build_object(
  'effectif', to_jsonb(e),
  'contrats', coalesce((SELECT jsonb_agg(to_jsonb(c)) FROM contrat c WHERE c.effectif_id = e.id), '[]'),
  'sources', coalesce((SELECT jsonb_agg(to_jsonb(s) || jsonb_build_object('empreinte', encode(s.empreinte, 'hex')))
                       FROM effectif_source s WHERE s.effectif_id = e.id), '[]'),
  'corrections', coalesce((SELECT jsonb_agg(jsonb_build_object('id', k.id, 'etat', k.etat,
                             'valeur_conflit', k.valeur_conflit, 'close_le', k.close_le))
                           FROM correction k WHERE k.effectif_id = e.id), '[]'))
FROM effectif e WHERE e.id = ANY(%(ids)s::bigint[])
ON CONFLICT (transmission_id, effectif_id) DO NOTHING
"""
"""The rows of these records as they stand; a record that the same file changes twice keeps its first image."""

NAISSANCES: Final = """
INSERT INTO avant_image (transmission_id, effectif_id, organisme_id, annee_scolaire, version)
SELECT %(transmission_id)s, e.id, e.organisme_id, e.annee_scolaire, e.version
FROM effectif e WHERE e.id = ANY(%(ids)s::bigint[])
"""

VERSIONS: Final = """
UPDATE avant_image i SET version = e.version FROM effectif e
WHERE i.transmission_id = %(transmission_id)s AND e.id = i.effectif_id AND e.id = ANY(%(ids)s::bigint[])
"""

ETAT: Final = """
SELECT i.effectif_id, i.image IS NULL AS creee, i.version = e.version AND e.corbeille_le IS NULL AS intacte
FROM avant_image i JOIN effectif e ON e.id = i.effectif_id
WHERE i.transmission_id = %(transmission_id)s AND i.organisme_id = %(organisme_id)s
ORDER BY i.effectif_id FOR UPDATE OF e
"""

SUPPRIMER: Final = "DELETE FROM effectif WHERE id = ANY(%(ids)s::bigint[])"

RETABLIR_EFFECTIFS: Final = """
UPDATE effectif e SET ({colonnes}) = ROW({lues}), version = e.version + 1, empreinte_parcours = NULL
FROM avant_image i, jsonb_populate_record(NULL::effectif, i.image -> 'effectif') AS n
WHERE i.transmission_id = %(transmission_id)s AND i.effectif_id = ANY(%(ids)s::bigint[]) AND e.id = i.effectif_id
"""

_CIBLES: Final = "i.transmission_id = %(transmission_id)s AND i.effectif_id = ANY(%(ids)s::bigint[])"

DISJOINDRE: Final = f"""
UPDATE transfert t SET joint_le = NULL
FROM avant_image i JOIN effectif e ON e.id = i.effectif_id
WHERE {_CIBLES} AND t.effectif_id = e.id AND t.joint_le = e.transmis_le
"""  # noqa: S608 - constants
"""Transfers that this transmission had joined wait again for their source: before the records are put back."""

RETABLIR_CORRECTIONS: Final = f"""
UPDATE correction k SET etat = n.etat, valeur_conflit = n.valeur_conflit, close_le = n.close_le,
       maj_le = CASE WHEN (k.etat, k.valeur_conflit) IS DISTINCT FROM (n.etat, n.valeur_conflit)
                     THEN %(le)s ELSE k.maj_le END
FROM avant_image i,
     jsonb_to_recordset(i.image -> 'corrections') AS n(id bigint, etat text, valeur_conflit text, close_le timestamptz)
WHERE {_CIBLES} AND k.id = n.id
"""  # noqa: S608 - constants

EFFACER_CONTRATS: Final = f"""
DELETE FROM contrat c USING avant_image i
WHERE {_CIBLES} AND c.effectif_id = i.effectif_id
  AND NOT i.image -> 'contrats' @> jsonb_build_array(jsonb_build_object('id', c.id))
"""  # noqa: S608 - constants

RETABLIR_CONTRATS: Final = f"""
INSERT INTO contrat AS c ({{colonnes}})
SELECT {{lues}} FROM avant_image i, jsonb_populate_recordset(NULL::contrat, i.image -> 'contrats') AS n
WHERE {_CIBLES}
ON CONFLICT (id) DO UPDATE SET ({{colonnes}}) = ROW({{exclues}})
"""  # noqa: S608 - constants

EFFACER_SOURCES: Final = f"""
DELETE FROM effectif_source s USING avant_image i
WHERE {_CIBLES} AND s.effectif_id = i.effectif_id
"""  # noqa: S608 - constants

RETABLIR_SOURCES: Final = f"""
INSERT INTO effectif_source (effectif_id, organisme_id, source, annee_scolaire, valeurs, empreinte, transmission_id,
                             recu_le)
SELECT n.effectif_id, n.organisme_id, n.source, n.annee_scolaire, n.valeurs, decode(n.empreinte, 'hex'),
       n.transmission_id, n.recu_le
FROM avant_image i,
     jsonb_to_recordset(i.image -> 'sources') AS n(effectif_id bigint, organisme_id int, source text,
       annee_scolaire text, valeurs jsonb, empreinte text, transmission_id bigint, recu_le timestamptz)
WHERE {_CIBLES}
"""  # noqa: S608 - constants
