"""SQL of the completion of records by the référentiel."""

from typing import Final

ORGANISMES: Final = """
SELECT organisme_id, count(*) FROM effectif
WHERE %(tous)s OR niveau IS NULL OR (departement IS NULL AND (code_postal IS NOT NULL OR code_insee IS NOT NULL))
GROUP BY organisme_id ORDER BY organisme_id
"""

_A_COMPLETER: Final = """
WHERE e.organisme_id = ANY(%(ids)s) AND (%(tous)s OR e.niveau IS NULL
  OR (e.departement IS NULL AND (e.code_postal IS NOT NULL OR e.code_insee IS NOT NULL)))
ORDER BY e.id
"""

VERROUILLER: Final = "SELECT e.id FROM effectif e" + _A_COMPLETER + "FOR UPDATE"  # noqa: S608 - constant text
"""Locked before they are read: a correction saved meanwhile is seen by the next statement, not overwritten."""

_LU: Final = """
SELECT e.id, e.rncp, e.cfd, e.formation, e.niveau, e.code_insee, e.departement, e.code_postal, e.date_entree,
       e.date_fin, s.valeurs,
       (SELECT array_agg(c.champ) FROM correction c
        WHERE c.effectif_id = e.id AND c.contrat_id IS NULL AND c.etat IN ('ACTIVE', 'CONFLIT')) AS corriges
FROM effectif e
LEFT JOIN effectif_source s ON s.effectif_id = e.id AND s.source = e.source
"""
LIRE: Final = _LU + _A_COMPLETER
"""Records with what their source said: it keeps the codes received, whatever was made of them since."""

ECRIRE: Final = """
UPDATE effectif e
SET rncp = n.rncp, cfd = n.cfd, formation = n.formation, niveau = n.niveau, code_insee = n.code_insee,
    departement = n.departement
FROM json_populate_recordset(NULL::effectif, %(rangees)s::json) AS n
WHERE e.id = n.id
"""
"""Derived columns, like the parcours: neither the version nor the date of the record moves."""

CODES: Final = "SELECT DISTINCT code FROM effectif, unnest(ARRAY[rncp, cfd]) AS code WHERE code IS NOT NULL"

EMPLOYEURS: Final = """
INSERT INTO entreprise (siret, demandee_le)
SELECT DISTINCT c.employeur_siret, %(le)s::timestamptz FROM contrat c
WHERE c.employeur_siret IS NOT NULL
  AND NOT EXISTS (SELECT FROM entreprise n WHERE n.siret = c.employeur_siret)
"""
"""Employers of contracts that nobody asked the public register about."""
