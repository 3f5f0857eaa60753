"""Set-based SQL of files given by people. Guarded by row-level security."""

from typing import Final

BLOC: Final = "SELECT contenu FROM fichier_bloc WHERE fichier_id = %(fichier_id)s AND rang = %(rang)s"

REFUSER: Final = """
UPDATE ligne l SET etat = 'REFUSEE', empreinte = NULL, erreurs = r.erreurs::jsonb || (
  SELECT coalesce(jsonb_agg(e), '[]') FROM jsonb_array_elements(l.erreurs) e
  WHERE NOT (r.champs::jsonb ? coalesce(e -> 'path' ->> 0, '')))
FROM unnest(%(rangs)s::int[], string_to_array(%(champs)s, chr(30), ''), string_to_array(%(erreurs)s, chr(30), ''))
     AS r(rang, champs, erreurs)
WHERE l.transmission_id = %(transmission_id)s AND l.rang = r.rang
"""
"""Cells that could not even be understood: their sentence replaces what the rules say of the same field."""

REFUSEES: Final = (
    "SELECT count(*) FROM ligne WHERE transmission_id = %(transmission_id)s AND etat = 'REFUSEE'"
)

COMPTES: Final = """
SELECT coalesce(verdict, etat), count(*) FROM ligne WHERE transmission_id = %(transmission_id)s GROUP BY 1
"""

ORGANISMES: Final = """
SELECT organisme_id, count(*) FROM ligne
WHERE transmission_id = %(transmission_id)s AND organisme_id IS NOT NULL AND etat <> 'REFUSEE' GROUP BY 1 ORDER BY 1
"""

EFFACER: Final = "DELETE FROM transmission WHERE id = %(transmission_id)s AND etat = 'APERCU'"

BOUGEES: Final = """
SELECT count(*) FROM ligne l JOIN effectif e ON e.id = l.effectif_id
WHERE l.transmission_id = %(transmission_id)s AND l.verdict = 'MODIFIEE' AND e.maj_le > %(pret_le)s
"""

_VISES: Final = """
SELECT DISTINCT organisme_id, annee_scolaire FROM ligne
WHERE transmission_id = %(transmission_id)s AND organisme_id IS NOT NULL AND annee_scolaire IS NOT NULL
  AND etat <> 'REFUSEE'
"""

_ABSENTES: Final = f"""
FROM effectif e JOIN ({_VISES}) v USING (organisme_id, annee_scolaire)
WHERE e.corbeille_le IS NULL AND e.organisme_id = ANY(%(organismes)s)
  AND e.id NOT IN (SELECT l.effectif_id FROM ligne l
                   WHERE l.transmission_id = %(transmission_id)s AND l.effectif_id IS NOT NULL)
  AND (e.organisme_id, e.id_erp) NOT IN (
    SELECT l.organisme_id, l.id_erp FROM ligne l
    WHERE l.transmission_id = %(transmission_id)s AND l.organisme_id IS NOT NULL AND l.id_erp IS NOT NULL)
  AND e.id_erp NOT IN (SELECT l.id_erp FROM ligne l WHERE l.transmission_id = %(transmission_id)s
                       AND l.organisme_id IS NULL AND l.id_erp IS NOT NULL)
"""  # noqa: S608 - constants

ABSENTES: Final = f"""
SELECT e.id, e.nom, e.prenom, e.annee_scolaire, e.formation, e.organisme_id {_ABSENTES} AND e.id > %(apres)s
ORDER BY e.id LIMIT %(limite)s
"""

COMPTER_ABSENTES: Final = f"SELECT count(*) {_ABSENTES}"
"""Records of the establishments and years that the file names, which no line of it holds, refused ones included.

`NOT IN` (SELECT) reads its list once into a table of hashes; `NOT EXISTS` read it for each record, since the lines were
just written and no statistics know how many they are (37 s for 12,000 lines).
"""

OUBLIER_IMAGES: Final = """
DELETE FROM avant_image i USING depot d
WHERE d.transmission_id = i.transmission_id AND (d.etat = 'ANNULE' OR (d.etat = 'APPLIQUE' AND d.applique_le < %(avant)s))
"""

DEMARQUER: Final = """
UPDATE effectif e SET plus_transmis_depuis = NULL
FROM transmission t, (SELECT DISTINCT organisme_id, annee_scolaire FROM ligne
                      WHERE transmission_id = %(transmission_id)s AND organisme_id IS NOT NULL) v
WHERE t.id = %(transmission_id)s AND e.organisme_id = v.organisme_id AND e.annee_scolaire = v.annee_scolaire
  AND e.transmetteur_id = t.transmetteur_id
  AND e.plus_transmis_depuis = (t.recue_le AT TIME ZONE 'Europe/Paris')::date
"""
"""What a complete file had flagged when it was applied; another complete sending of that day flags it again."""

MEME_VALEUR: Final = """
SELECT id FROM ligne
WHERE transmission_id = %(transmission_id)s AND etat = 'REFUSEE' AND coalesce(contenu ->> %(champ)s, '') = %(valeur)s
  AND erreurs @> jsonb_build_array(jsonb_build_object('path', jsonb_build_array(%(champ)s::text)))
ORDER BY id
"""

CAUSES: Final = """
SELECT champ, message, valeur, count(*), min(rang), sum(count(*)) OVER (PARTITION BY champ, message)::int AS en_tout
FROM (SELECT coalesce(e -> 'path' ->> 0, '') AS champ, e ->> 'message' AS message, l.rang,
             coalesce(l.contenu ->> (e -> 'path' ->> 0), '') AS valeur
      FROM ligne l, jsonb_array_elements(l.erreurs) e
      WHERE l.transmission_id = %(transmission_id)s AND l.etat = 'REFUSEE'
        AND (l.organisme_id IS NULL OR %(partout)s OR l.organisme_id = ANY(%(organismes)s))) erreurs
GROUP BY champ, message, valeur
ORDER BY en_tout DESC, champ, message, count(*) DESC, valeur LIMIT %(limite)s
"""
