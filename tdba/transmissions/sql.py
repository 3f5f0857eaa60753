"""Set-based SQL of the intake. Guarded by row-level security."""

from typing import Final

STOCKER_LIGNES: Final = """
INSERT INTO ligne (transmission_id, rang, transmetteur_id, organisme_id, responsable_id, annee_scolaire, id_erp,
                   empreinte, contenu, erreurs, etat)
SELECT %(transmission_id)s, n.rang, %(transmetteur_id)s, n.organisme_id, n.responsable_id, n.annee, n.id_erp,
       decode(n.empreinte, 'hex'), n.contenu::jsonb, coalesce(n.erreurs, '[]')::jsonb,
       CASE WHEN n.erreurs IS NULL THEN %(etat)s ELSE 'REFUSEE' END
FROM unnest(%(rangs)s::int[], %(organismes)s::int[], %(responsables)s::int[],
            string_to_array(%(annees)s, chr(30), ''), %(ids_erp)s::text[],
            string_to_array(%(empreintes)s, chr(30), ''), string_to_array(%(contenus)s, chr(30)),
            string_to_array(%(erreurs)s, chr(30), ''))
     AS n(rang, organisme_id, responsable_id, annee, id_erp, empreinte, contenu, erreurs)
"""

STOCKER_RECEPTIONS: Final = """
INSERT INTO reception (transmission_id, organisme_id, recue_le, nb_lignes, nb_refusees, traitee_le)
SELECT %(transmission_id)s, n.organisme_id, %(le)s, n.lignes, n.refusees,
       CASE WHEN n.lignes = n.refusees THEN %(le)s END
FROM unnest(%(organismes)s::int[], %(lignes)s::int[], %(refusees)s::int[]) AS n(organisme_id, lignes, refusees)
"""

A_TRAITER: Final = """
SELECT l.id, l.transmission_id, l.transmetteur_id, t.source
FROM ligne l JOIN transmission t ON t.id = l.transmission_id
WHERE l.organisme_id = %(organisme_id)s AND l.etat = 'A_TRAITER'
ORDER BY l.id LIMIT %(lot)s FOR UPDATE OF l
"""

INCHANGEES: Final = """
WITH lot AS (
  SELECT l.id, t.source, l.annee_scolaire, l.id_erp, l.empreinte,
         count(*) OVER (PARTITION BY l.annee_scolaire, l.id_erp) AS fois
  FROM ligne l JOIN transmission t ON t.id = l.transmission_id WHERE l.id = ANY(%(ids)s::bigint[])
), reconnues AS (
  SELECT lot.id, e.id AS effectif_id
  FROM lot
  CROSS JOIN LATERAL (
    SELECT e.id FROM effectif e WHERE e.organisme_id = %(organisme_id)s AND e.annee_scolaire = lot.annee_scolaire
      AND e.id_erp = lot.id_erp AND e.corbeille_le IS NULL LIMIT 1) e
  CROSS JOIN LATERAL (
    SELECT FROM effectif_source s WHERE s.effectif_id = e.id AND s.source = lot.source AND s.empreinte = lot.empreinte
    LIMIT 1) s
  WHERE lot.fois = 1 AND substring(lot.empreinte FROM 1 FOR 2) = %(regles)s
)
UPDATE ligne SET etat = 'INCHANGEE', effectif_id = r.effectif_id, traitee_le = %(le)s
FROM reconnues r WHERE ligne.id = r.id
RETURNING ligne.id, ligne.effectif_id
"""
"""Lines that repeat what their source said last, under today's rules, closed without being read. A record sent twice in
the batch is read, in order: its first line may change what the second repeats.

Each line looks for its own record by the index: within the one transaction of a file, no statistics know the rows that it
has just written, and a join of the two sets took 4 s for its fourth batch.
"""

CONTENUS: Final = """
SELECT id, responsable_id, empreinte, contenu FROM ligne WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id
"""

CLORE_LIGNES: Final = """
UPDATE ligne SET etat = n.etat, effectif_id = n.effectif_id, traitee_le = %(le)s
FROM unnest(%(ids)s::bigint[], %(etats)s::text[], %(effectifs)s::bigint[]) AS n(id, etat, effectif_id)
WHERE ligne.id = n.id
"""

REFUSER_LIGNE: Final = """
UPDATE ligne SET etat = 'REFUSEE', erreurs = %(erreurs)s::jsonb, traitee_le = %(le)s WHERE id = %(id)s
"""

COMPTER: Final = """
UPDATE reception r
SET nb_creees = r.nb_creees + %(creees)s, nb_modifiees = r.nb_modifiees + %(modifiees)s,
    nb_inchangees = r.nb_inchangees + %(inchangees)s, nb_retenues = r.nb_retenues + %(retenues)s,
    nb_refusees = r.nb_refusees + %(refusees)s,
    traitee_le = CASE WHEN r.nb_lignes = r.nb_refusees + r.nb_creees + r.nb_modifiees + r.nb_inchangees
                           + r.nb_retenues + %(total)s THEN %(le)s END
WHERE r.transmission_id = %(transmission_id)s AND r.organisme_id = %(organisme_id)s
"""

CLORE_TRANSMISSION: Final = """
UPDATE transmission t SET etat = 'TRAITEE', traitee_le = %(le)s
WHERE t.id = %(transmission_id)s AND t.etat <> 'TRAITEE'
  AND NOT EXISTS (SELECT FROM reception r WHERE r.transmission_id = t.id AND r.traitee_le IS NULL)
RETURNING t.id, t.complete
"""

DATER_ORGANISME: Final = """
UPDATE organisme SET derniere_reception_le = greatest(derniere_reception_le, %(le)s),
       premiere_reception_le = coalesce(premiere_reception_le, %(le)s)
WHERE id = %(organisme_id)s
"""

CLE: Final = """
SELECT c.id, c.organisme_id, c.expire_le, c.revoquee_le, c.utilisee_le, o.ferme
FROM cle_api c JOIN organisme o ON o.id = c.organisme_id WHERE c.empreinte = %(empreinte)s
"""

CLE_EXISTE: Final = """
SELECT EXISTS (
  SELECT 1 FROM cle_api
  WHERE organisme_id = %(organisme_id)s AND revoquee_le IS NULL
    AND (expire_le IS NULL OR expire_le > %(maintenant)s)
)
"""

CLE_UTILISEE: Final = "UPDATE cle_api SET utilisee_le = %(le)s, adresse = %(adresse)s WHERE id = %(id)s"

DELEGUES: Final = """
SELECT organisme_id FROM delegation
WHERE delegue_id = %(organisme_id)s AND debut <= %(jour)s AND (fin IS NULL OR fin > %(jour)s)
"""
