"""Set-based SQL of lines that wait for an unknown establishment, and of lines played again. Guarded by row-level security."""

from typing import Final

DECIDEES: Final = """
SELECT uai, siret, organisme_id FROM quarantaine WHERE transmetteur_id = %(transmetteur_id)s AND etat = 'RESOLUE'
"""

OUVRIR: Final = """
INSERT INTO quarantaine (transmetteur_id, uai, siret, cree_le)
SELECT %(transmetteur_id)s, n.uai, n.siret, %(le)s
FROM unnest(%(uais)s::text[], %(sirets)s::text[]) AS n(uai, siret)
LIMIT greatest(0, %(maximum)s - (SELECT count(*) FROM quarantaine
                                 WHERE transmetteur_id = %(transmetteur_id)s AND etat = 'ATTEND'))
ON CONFLICT (transmetteur_id, uai, siret) DO NOTHING
"""

RETENIR: Final = """
UPDATE ligne SET etat = 'EN_ATTENTE', quarantaine_id = q.id
FROM unnest(%(rangs)s::int[], %(uais)s::text[], %(sirets)s::text[]) AS n(rang, uai, siret)
JOIN quarantaine q ON q.transmetteur_id = %(transmetteur_id)s AND q.uai = n.uai AND q.siret = n.siret
                  AND q.etat = 'ATTEND'
WHERE ligne.transmission_id = %(transmission_id)s AND ligne.rang = n.rang AND ligne.etat IN ('REFUSEE', 'EN_ATTENTE')
"""
"""A couple set aside by decision, or one too many, leaves its lines refused."""

ECARTER: Final = """
UPDATE ligne SET etat = 'ECARTEE' WHERE quarantaine_id = %(quarantaine_id)s AND etat = 'EN_ATTENTE'
"""

CONNUES: Final = """
UPDATE quarantaine q SET etat = 'RESOLUE', organisme_id = o.id, decidee_le = %(le)s
FROM organisme o WHERE q.etat = 'ATTEND' AND o.uai = q.uai AND o.siret = q.siret
RETURNING q.id
"""
"""The référentiel has learnt these couples since."""

FORMATEURS_DU_LIEU: Final = """
SELECT DISTINCT e.organisme_id FROM effectif e JOIN effectif_source s ON s.effectif_id = e.id
WHERE e.organisme_id = ANY(%(organismes)s::int[]) AND e.corbeille_le IS NULL
  AND (s.valeurs ->> 'etablissement_lieu_de_formation_siret' = %(siret)s
       OR s.valeurs ->> 'etablissement_lieu_de_formation_uai' = %(uai)s)
"""
"""Of these organismes, those that teach at a place with one of these keys, as their own sendings say."""

TRANSMISSIONS: Final = """
SELECT DISTINCT transmission_id FROM ligne WHERE quarantaine_id = %(quarantaine_id)s AND etat = 'EN_ATTENTE' ORDER BY 1
"""

ATTENTES: Final = """
SELECT DISTINCT l.transmission_id
FROM quarantaine q JOIN ligne l ON l.quarantaine_id = q.id AND l.etat = 'EN_ATTENTE'
WHERE q.etat = 'ATTEND' ORDER BY 1
"""

ECARTER_DEPASSEES: Final = """
WITH anciennes AS (
  SELECT l.id, l.annee_scolaire, l.id_erp, l.organisme_id, l.transmetteur_id
  FROM ligne l WHERE l.transmission_id = %(transmission_id)s AND l.etat IN ('REFUSEE', 'EN_ATTENTE') AND l.id_erp IS NOT NULL
), ici AS (
  SELECT id, transmetteur_id, recue_le FROM transmission WHERE id = %(transmission_id)s
), envois AS (
  SELECT t.id
  FROM ici JOIN transmission t ON t.transmetteur_id = ici.transmetteur_id AND t.recue_le >= ici.recue_le
  WHERE t.etat IN ('RECUE', 'EN_COURS', 'TRAITEE')
  UNION
  SELECT t.id
  FROM ici
  JOIN reception sienne ON sienne.transmission_id = ici.id
  JOIN reception r ON r.organisme_id = sienne.organisme_id AND r.recue_le >= ici.recue_le
  JOIN transmission t ON t.id = r.transmission_id
  WHERE t.etat IN ('RECUE', 'EN_COURS', 'TRAITEE')
)
UPDATE ligne SET etat = 'ECARTEE', traitee_le = %(le)s
FROM anciennes a
WHERE ligne.id = a.id AND EXISTS (
  SELECT FROM envois JOIN ligne n ON n.transmission_id = envois.id
  WHERE n.id > a.id AND n.etat NOT IN ('APERCU', 'ECARTEE') AND n.id_erp = a.id_erp
    AND (a.annee_scolaire IS NULL OR n.annee_scolaire = a.annee_scolaire)
    AND (n.transmetteur_id = a.transmetteur_id OR n.organisme_id = a.organisme_id))
RETURNING ligne.id
"""
"""Lines that a later one about the same record replaces: playing them would bring old values back."""

LOT: Final = """
SELECT id, rang, organisme_id, traitee_le IS NULL AS a_la_reception, contenu, erreurs
FROM ligne WHERE transmission_id = %(transmission_id)s AND etat IN ('REFUSEE', 'EN_ATTENTE') AND id > %(apres)s
ORDER BY id LIMIT %(lot)s FOR UPDATE
"""

RELIRE: Final = """
UPDATE ligne SET etat = CASE WHEN n.erreurs IS NULL THEN 'A_TRAITER' ELSE 'REFUSEE' END,
       organisme_id = n.organisme_id, responsable_id = n.responsable_id, annee_scolaire = n.annee, id_erp = n.id_erp,
       empreinte = decode(n.empreinte, 'hex'), erreurs = coalesce(n.erreurs, '[]')::jsonb, quarantaine_id = NULL,
       traitee_le = CASE WHEN n.erreurs IS NULL THEN NULL ELSE ligne.traitee_le END
FROM unnest(%(ids)s::bigint[], %(organismes)s::int[], %(responsables)s::int[],
            string_to_array(%(annees)s, chr(30), ''), %(ids_erp)s::text[],
            string_to_array(%(empreintes)s, chr(30), ''), string_to_array(%(erreurs)s, chr(30), ''))
     AS n(id, organisme_id, responsable_id, annee, id_erp, empreinte, erreurs)
WHERE ligne.id = n.id
"""

DEPLACER: Final = """
INSERT INTO reception AS r (transmission_id, organisme_id, recue_le, nb_lignes, nb_refusees, traitee_le)
SELECT t.id, n.organisme_id, t.recue_le, n.lignes, n.refusees, %(le)s
FROM unnest(%(organismes)s::int[], %(lignes)s::int[], %(refusees)s::int[]) AS n(organisme_id, lignes, refusees)
JOIN transmission t ON t.id = %(transmission_id)s
ON CONFLICT (transmission_id, organisme_id) DO UPDATE
SET nb_lignes = r.nb_lignes + excluded.nb_lignes, nb_refusees = r.nb_refusees + excluded.nb_refusees
"""

OUVRIR_RECEPTIONS: Final = """
UPDATE reception SET traitee_le = NULL
WHERE transmission_id = %(transmission_id)s
  AND nb_lignes > nb_refusees + nb_creees + nb_modifiees + nb_inchangees + nb_retenues
"""

EFFACER_VIDES: Final = """
DELETE FROM reception r WHERE r.transmission_id = %(transmission_id)s AND r.nb_lignes = 0
"""

ROUVRIR: Final = """
UPDATE transmission SET etat = 'EN_COURS', traitee_le = NULL, nb_refusees = nb_refusees - %(reprises)s
WHERE id = %(transmission_id)s
"""

REJOUABLES: Final = """
SELECT count(*) FROM ligne l WHERE l.transmission_id = %(transmission_id)s AND l.etat IN ('REFUSEE', 'EN_ATTENTE')
"""
