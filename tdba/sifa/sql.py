"""Set-based SQL of the survey: a whole establishment in a constant number of statements. Guarded by row-level security."""

from typing import Final

_COLONNES: Final = """
SELECT e.id, e.organisme_id, coalesce(f.version, 0) AS version, e.ine, e.nom, e.prenom, e.sexe, e.date_naissance,
       e.adresse, e.code_postal, e.code_insee, e.telephone, e.courriel, e.rncp, e.cfd, e.duree_mois, e.annee_formation,
       e.date_entree, e.date_fin, CASE WHEN e.responsable_id IS NULL THEN o.uai ELSE r.uai END AS uai_responsable,
       o.uai AS uai_formateur, e.statuts[width_bucket(%(jour)s::date, e.bornes)] AS statut,
       s.valeurs ->> 'code_postal_de_naissance_apprenant' AS postal_naissance,
       s.valeurs ->> 'code_commune_insee_de_naissance_apprenant' AS commune_naissance,
       s.valeurs ->> 'derniere_situation' AS derniere_situation,
       s.valeurs ->> 'dernier_organisme_uai' AS dernier_organisme, s.valeurs ->> 'type_cfa' AS type_cfa,
       f.recues -> e.source AS recues, f.saisies
FROM effectif e
JOIN organisme o ON o.id = e.organisme_id
LEFT JOIN organisme r ON r.id = e.responsable_id
LEFT JOIN effectif_source s ON s.effectif_id = e.id AND s.source = e.source
LEFT JOIN sifa_fiche f ON f.effectif_id = e.id
"""

_LES_ANNEES: Final = """
WHERE e.organisme_id = %(organisme_id)s AND e.annee_scolaire = ANY(%(annees)s) AND e.corbeille_le IS NULL
"""
_COMPTES: Final = "AND e.statuts[width_bucket(%(jour)s::date, e.bornes)] = ANY('{2,3}'::smallint[])"

FICHES: Final = _COLONNES + _LES_ANNEES + _COMPTES + " ORDER BY e.recherche, e.id"
FICHE: Final = _COLONNES + "WHERE e.id = %(effectif_id)s AND e.corbeille_le IS NULL"

CONTRATS: Final = """
SELECT c.effectif_id, c.debut, c.fin, c.rupture, c.employeur_siret, c.rang, en.naf, en.code_insee
FROM contrat c LEFT JOIN entreprise en ON en.siret = c.employeur_siret
WHERE c.effectif_id = ANY(%(ids)s::bigint[])
"""

LIEUX: Final = """
SELECT p.code, min(c.code_insee)
FROM unnest(%(codes)s::text[]) AS p(code) JOIN commune c ON c.codes_postaux @> ARRAY[p.code]
WHERE c.code_insee NOT IN ('13055', '69123', '75056')
GROUP BY p.code HAVING count(*) = 1
"""
"""Communes told by a postal code alone; Marseille, Lyon and Paris are told by their arrondissements."""

POSTAUX: Final = """
SELECT p.code FROM unnest(%(codes)s::text[]) AS p(code)
WHERE NOT EXISTS (SELECT FROM commune c WHERE c.code_insee = p.code OR c.anciens_codes @> ARRAY[p.code])
  AND EXISTS (SELECT FROM commune c WHERE c.codes_postaux @> ARRAY[p.code])
"""
"""Codes that are postal and of no commune."""

NOMBRES: Final = (
    """
SELECT e.organisme_id, count(*) FROM effectif e
WHERE e.organisme_id = ANY(%(organismes)s::int[]) AND e.annee_scolaire = ANY(%(annees)s) AND e.corbeille_le IS NULL
"""
    + _COMPTES
    + " GROUP BY e.organisme_id"
)

TOUTES: Final = (
    """
SELECT e.id, e.nom, e.prenom, e.date_naissance, e.annee_scolaire, e.statuts[width_bucket(%(jour)s::date, e.bornes)] AS statut,
       p.motif, p.raison, p.reperes, p.du, p.au, cardinality(e.bornes) > 0 AS datee
FROM effectif e
LEFT JOIN periode p ON p.effectif_id = e.id AND p.rang = width_bucket(%(jour)s::date, e.bornes) - 1
"""
    + _LES_ANNEES
    + " ORDER BY e.recherche, e.id"
)
"""Every record of the years, with the step of the reference day."""

RECUES: Final = """
INSERT INTO sifa_fiche (effectif_id, organisme_id, annee_scolaire, recues, maj_le)
SELECT n.effectif_id, %(organisme_id)s, e.annee_scolaire, jsonb_build_object(%(source)s::text, n.valeurs::jsonb), %(le)s
FROM unnest(%(ids)s::bigint[], string_to_array(%(valeurs)s, chr(30))) AS n(effectif_id, valeurs)
JOIN effectif e ON e.id = n.effectif_id
ON CONFLICT (effectif_id) DO UPDATE
SET recues = sifa_fiche.recues || excluded.recues, maj_le = excluded.maj_le
"""
TUES: Final = """
UPDATE sifa_fiche SET recues = recues - %(source)s::text, maj_le = %(le)s
WHERE effectif_id = ANY(%(ids)s::bigint[]) AND recues ? %(source)s::text
"""
"""What a source no longer says is gone (decision 14)."""

ORGANISMES: Final = """
SELECT DISTINCT e.organisme_id FROM effectif e
WHERE e.organisme_id > %(apres)s AND e.annee_scolaire = ANY(%(annees)s) ORDER BY 1 LIMIT %(lot)s
"""
OUVERTS: Final = "SELECT organisme_id, cle FROM point WHERE genre = 'SIFA' AND clos_le IS NULL"
