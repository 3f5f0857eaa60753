"""Set-based SQL of the counting tables: what effectifs contribute, and how the rows that hold it stay few.

A contribution is made of steps: one for each step of a parcours, one with status 0 for each file of rupture. It is
read where a change is written, from the arrays of `effectif` and from `dossier`. The proof (`VERIFIER_*`) reads
`periode` instead, so that it does not repeat an error of the reading it checks.
"""

from typing import Final

RAISON: Final = "tenue des compteurs"

# An effectif whose contribution is compared before and after must not change in between: two writers would both start
# from the same one. Locked in a statement of its own, so that the next one reads what the former writer committed.
VERROUILLER_EFFECTIFS: Final = """
SELECT count(*) FROM (
  SELECT id FROM effectif WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE) verrouilles
"""

_ETAPES: Final = """
SELECT e.organisme_id, e.annee_scolaire, coalesce(e.niveau, 0) AS niveau, p.statut, p.du, p.au
FROM effectif e
CROSS JOIN LATERAL unnest(e.statuts, e.bornes, e.bornes[2:]) AS p(statut, du, au)
WHERE e.{condition} AND e.corbeille_le IS NULL
UNION ALL
SELECT e.organisme_id, e.annee_scolaire, 0, 0, d.ouvert_du, d.clos_du
FROM dossier d
JOIN effectif e ON e.id = d.effectif_id
WHERE d.{condition_dossier} AND e.corbeille_le IS NULL
  AND d.genre = 'RUPTURE' AND d.cause_cloture IS DISTINCT FROM 'RUPTURE_ANNULEE'
"""

_DES_EFFECTIFS: Final = _ETAPES.format(
    condition="id = ANY(%(ids)s::bigint[])", condition_dossier="effectif_id = ANY(%(ids)s::bigint[])"
)
_DES_ORGANISMES: Final = _ETAPES.format(
    condition="organisme_id = ANY(%(ids)s::int[])", condition_dossier="organisme_id = ANY(%(ids)s::int[])"
)

# Kept as a setting of the transaction: a rollback, even to a savepoint, forgets it with what it was about.
# Appended to, because a change may be announced while another one is not finished.
_RETENIR: Final = """
SELECT set_config('tdba.etapes_avant', (avant.deja || etapes.liste)::text, true)
FROM (SELECT coalesce(nullif(current_setting('tdba.etapes_avant', true), ''), '[]')::jsonb AS deja) avant,
LATERAL (
  SELECT coalesce(jsonb_agg(groupe), '[]') AS liste
  FROM (SELECT *, count(*) AS n FROM ({etapes}) e GROUP BY 1, 2, 3, 4, 5, 6) groupe
) etapes
"""

# Steps that are the same before and after cancel out: a change that moves no figure writes no row.
_NETTES: Final = """
SELECT organisme_id, annee_scolaire, niveau, statut, du, au, sum(n) AS n
FROM (
  SELECT *, 1 AS n FROM ({etapes}) maintenant
  UNION ALL
  SELECT organisme_id, annee_scolaire, niveau, statut, du, au, -n
  FROM json_to_recordset(nullif(current_setting('tdba.etapes_avant', true), '')::json)
       AS a(organisme_id int, annee_scolaire text, niveau smallint, statut smallint, du date, au date, n int)
) etapes
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
"""

_ECRIRE: Final = """
mouvements AS (
  INSERT INTO mouvement (organisme_id, annee_scolaire, niveau, statut, jour, n)
  SELECT e.organisme_id, e.annee_scolaire, e.niveau, e.statut, b.jour, sum(e.n * b.sens)
  FROM etapes e CROSS JOIN LATERAL (VALUES (e.du, 1), (e.au, -1)) AS b(jour, sens)
  WHERE e.statut > 0 AND b.jour IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(e.n * b.sens) <> 0
),
attentes AS (
  INSERT INTO mouvement_attente (organisme_id, annee_scolaire, genre, depuis, jour, n)
  SELECT e.organisme_id, e.annee_scolaire, CASE e.statut WHEN 0 THEN 'RUPTURE' ELSE 'SANS_CONTRAT' END, e.du, b.jour,
         sum(e.n * b.sens)
  FROM etapes e CROSS JOIN LATERAL (VALUES (e.du, 1), (e.au, -1)) AS b(jour, sens)
  WHERE e.statut <= 1 AND b.jour IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(e.n * b.sens) <> 0
)"""

# What was kept is forgotten once counted: the aggregate reads every step before its result is projected.
_INSCRIRE: Final = """
WITH etapes AS MATERIALIZED ({nettes}), {ecrire}
SELECT count(*), set_config('tdba.etapes_avant', '', true) FROM etapes
"""

# Nothing was kept (new effectifs, first computation): there is nothing to cancel out, which halves the work.
RIEN_RETENU: Final = "SELECT coalesce(nullif(current_setting('tdba.etapes_avant', true), ''), '[]') = '[]'"
_INSCRIRE_NEUVES: Final = """
WITH etapes AS MATERIALIZED (SELECT *, 1 AS n FROM ({etapes}) maintenant), {ecrire}
SELECT count(*) FROM etapes
"""

# One statement, hence one snapshot: what it erases and what it reads tell the same state.
_RECONSTRUIRE: Final = """
WITH mouvements_effaces AS (DELETE FROM mouvement WHERE organisme_id = ANY(%(ids)s::int[])),
attentes_effacees AS (DELETE FROM mouvement_attente WHERE organisme_id = ANY(%(ids)s::int[])),
etapes AS MATERIALIZED (SELECT *, 1 AS n FROM ({etapes}) maintenant), {ecrire}
SELECT count(*) FROM etapes
"""

RETENIR: Final = _RETENIR.format(etapes=_DES_EFFECTIFS)
INSCRIRE: Final = _INSCRIRE.format(nettes=_NETTES.format(etapes=_DES_EFFECTIFS), ecrire=_ECRIRE)
INSCRIRE_NEUVES: Final = _INSCRIRE_NEUVES.format(etapes=_DES_EFFECTIFS, ecrire=_ECRIRE)
RECONSTRUIRE: Final = _RECONSTRUIRE.format(etapes=_DES_ORGANISMES, ecrire=_ECRIRE)

# Compaction and reconstruction erase: one at a time per organisme. Adding rows waits for neither.
VERROUILLER_ORGANISMES: Final = "SELECT pg_advisory_xact_lock(8422, id) FROM unnest(%(ids)s::int[]) AS o(id)"

# Ids above zero are the rows added since the last compaction: the primary key finds them.
A_COMPACTER: Final = """
SELECT organisme_id FROM (
  SELECT organisme_id FROM mouvement WHERE id > 0 UNION ALL SELECT organisme_id FROM mouvement_attente WHERE id > 0
) nouvelles
GROUP BY organisme_id HAVING count(*) >= %(seuil)s ORDER BY organisme_id
"""

_CLES: Final = {
    "mouvement": ("organisme_id", "annee_scolaire", "niveau", "statut", "jour"),
    "mouvement_attente": ("organisme_id", "annee_scolaire", "genre", "depuis", "jour"),
}

# The rows of each key that has new ones become their sum, under an id below zero: the opposite of the largest id of
# the key, so that no two rows share one. Only rows read here are erased: those of a transaction in progress stay.
_COMPACTER: Final = """
WITH cles AS (SELECT DISTINCT {cle} FROM {table} WHERE organisme_id = ANY(%(ids)s::int[]) AND id > 0),
effacees AS (DELETE FROM {table} t USING cles c WHERE {memes} RETURNING t.*)
INSERT INTO {table} (id, {cle}, n)
SELECT -max(abs(id)), {cle}, sum(n) FROM effacees GROUP BY {cle} HAVING sum(n) <> 0
"""

COMPACTER: Final = tuple(
    _COMPACTER.format(table=table, cle=", ".join(cle), memes=" AND ".join(f"t.{c} = c.{c}" for c in cle))
    for table, cle in _CLES.items()
)

_ATTENDUS: Final = {
    "mouvement": """
SELECT organisme_id, annee_scolaire, effectif_id, statut, NULL AS genre, NULL::date AS depuis, du, au FROM periode""",
    "mouvement_attente": """
SELECT organisme_id, annee_scolaire, effectif_id, statut, 'SANS_CONTRAT' AS genre, du AS depuis, du, au
FROM periode WHERE statut = 1
UNION ALL
SELECT organisme_id, annee_scolaire, effectif_id, 0, genre, ouvert_du, ouvert_du, clos_du
FROM dossier WHERE genre = 'RUPTURE' AND cause_cloture IS DISTINCT FROM 'RUPTURE_ANNULEE'""",
}

# The keys whose sum is not what the periods and the files say, and by how many.
_VERIFIER: Final = """
SELECT organisme_id, {textes}, sum(n) AS ecart
FROM (
  SELECT {cle}, n FROM {table} WHERE organisme_id = ANY(%(ids)s::int[])
  UNION ALL
  SELECT {cle}, -n
  FROM (
    SELECT a.organisme_id, a.annee_scolaire, coalesce(e.niveau, 0) AS niveau, a.statut, a.genre, a.depuis, b.jour, b.n
    FROM ({attendus}) a
    JOIN effectif e ON e.id = a.effectif_id
    CROSS JOIN LATERAL (VALUES (a.du, 1), (a.au, -1)) AS b(jour, n)
    WHERE e.organisme_id = ANY(%(ids)s::int[]) AND e.corbeille_le IS NULL AND b.jour IS NOT NULL
  ) attendu
) ecarts
GROUP BY {cle} HAVING sum(n) <> 0 ORDER BY {cle}
"""

VERIFIER: Final = {
    table: _VERIFIER.format(
        table=table,
        cle=", ".join(cle),
        textes=", ".join(f"{colonne}::text" for colonne in cle[1:]),
        attendus=_ATTENDUS[table],
    )
    for table, cle in _CLES.items()
}
