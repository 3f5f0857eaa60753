"""Set-based SQL of transmissions seen before they are applied. Guarded by row-level security."""

from typing import Final

ORGANISMES: Final = """
SELECT DISTINCT organisme_id FROM ligne
WHERE transmission_id = %(transmission_id)s AND etat = 'APERCU' AND organisme_id IS NOT NULL ORDER BY 1
"""

LOT: Final = """
SELECT id, responsable_id, empreinte, contenu FROM ligne
WHERE transmission_id = %(transmission_id)s AND organisme_id = %(organisme_id)s AND etat = 'APERCU' AND id > %(apres)s
ORDER BY id LIMIT %(lot)s
"""

DOUBLES: Final = """
UPDATE ligne l SET etat = 'REFUSEE', verdict = NULL, ecarts = NULL, effectif_id = NULL,
       erreurs = jsonb_build_array(jsonb_build_object('message', replace(%(message)s, '{}', d.gardee::text),
                                                      'path', '[]'::jsonb))
FROM (
  SELECT id, rang, max(rang) OVER (PARTITION BY organisme_id, annee_scolaire, id_erp) AS gardee
  FROM ligne WHERE transmission_id = %(transmission_id)s AND etat = 'APERCU'
) d
WHERE l.id = d.id AND d.rang < d.gardee
"""
"""Of the lines about one record, the last stays."""

NOTER: Final = """
UPDATE ligne l SET verdict = n.verdict, effectif_id = n.effectif_id, ecarts = n.ecarts::jsonb
FROM unnest(%(ids)s::bigint[], %(verdicts)s::text[], %(effectifs)s::bigint[],
            string_to_array(%(ecarts)s, chr(30), '')) AS n(id, verdict, effectif_id, ecarts)
WHERE l.id = n.id
"""

SEULE: Final = """
SELECT id FROM transmission WHERE id = %(transmission_id)s AND etat = 'APERCU' FOR UPDATE
"""
"""Taken before any line, by whoever corrects one and by whoever confirms: neither works under the other."""

LIGNE: Final = """
SELECT contenu FROM ligne
WHERE id = %(id)s AND transmission_id = %(transmission_id)s AND etat IN ('APERCU', 'REFUSEE') FOR UPDATE
"""

RELIRE_LIGNE: Final = """
UPDATE ligne SET organisme_id = %(organisme_id)s, responsable_id = %(responsable_id)s,
       annee_scolaire = %(annee_scolaire)s, id_erp = %(id_erp)s, empreinte = %(empreinte)s,
       contenu = %(contenu)s::jsonb, erreurs = %(erreurs)s::jsonb, etat = %(etat)s, verdict = NULL, ecarts = NULL
WHERE id = %(id)s
"""

REFUSEES: Final = (
    "SELECT count(*) FROM ligne WHERE transmission_id = %(transmission_id)s AND etat = 'REFUSEE'"
)

COMPTER: Final = """
INSERT INTO reception (transmission_id, organisme_id, recue_le, nb_lignes, nb_refusees, traitee_le)
SELECT l.transmission_id, coalesce(l.organisme_id, l.transmetteur_id), %(le)s, count(*),
       count(*) FILTER (WHERE l.etat = 'REFUSEE'),
       CASE WHEN bool_and(l.etat = 'REFUSEE') THEN %(le)s::timestamptz END
FROM ligne l WHERE l.transmission_id = %(transmission_id)s GROUP BY 1, 2
"""

A_TRAITER: Final = """
UPDATE ligne SET etat = 'A_TRAITER', verdict = NULL, ecarts = NULL, effectif_id = NULL
WHERE transmission_id = %(transmission_id)s AND etat = 'APERCU'
"""

CLORE: Final = """
UPDATE transmission SET etat = 'TRAITEE', traitee_le = %(le)s WHERE id = %(transmission_id)s AND etat <> 'TRAITEE'
"""

ETATS: Final = """
SELECT etat, count(*) FROM ligne WHERE transmission_id = %(transmission_id)s GROUP BY etat
"""

TOUCHES: Final = """
SELECT DISTINCT organisme_id FROM avant_image WHERE transmission_id = %(transmission_id)s ORDER BY 1
"""

EFFECTIFS: Final = """
SELECT effectif_id FROM avant_image
WHERE transmission_id = %(transmission_id)s AND organisme_id = %(organisme_id)s
"""

EFFACER: Final = "DELETE FROM ligne WHERE transmission_id = %(transmission_id)s"
