"""Set-based SQL of the counting tables: what effectifs contribute, and how the rows that hold it stay few.

A contribution is made of steps: one for each step of a parcours, one with status 0 for each file of rupture. It is
read where a change is written, from the arrays of `effectif` and from `dossier`. The proof (`VERIFIER_*`) reads
`periode` instead, so that it does not repeat an error of the reading it checks.
"""

from typing import Final

from tdba.indicateurs import models

RAISON: Final = "tenue des compteurs"
JAMAIS: Final = f"DATE '{models.JAMAIS}'"

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

# A cancelled file lasts no day: nobody ever waits in it.
_ATTENTES: Final = f"""
attentes AS (
  INSERT INTO attente (organisme_id, annee_scolaire, genre, depuis, clos, n)
  SELECT organisme_id, annee_scolaire, CASE statut WHEN 0 THEN 'RUPTURE' ELSE 'SANS_CONTRAT' END, du,
         coalesce(au, {JAMAIS}), sum(n)
  FROM etapes
  WHERE statut <= 1 AND du < coalesce(au, {JAMAIS})
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
)"""

_PAR_JOUR: Final = """
SELECT e.organisme_id, e.annee_scolaire, e.niveau, e.statut, b.jour, sum(e.n * b.sens) AS n
FROM etapes e CROSS JOIN LATERAL (VALUES (e.du, 1), (e.au, -1)) AS b(jour, sens)
WHERE e.statut > 0 AND b.jour IS NOT NULL
GROUP BY 1, 2, 3, 4, 5 HAVING sum(e.n * b.sens) <> 0
"""

_ECRIRE: Final = f"""
mouvements AS (INSERT INTO mouvement (organisme_id, annee_scolaire, niveau, statut, jour, n) {_PAR_JOUR}),
{_ATTENTES}"""

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

RETENIR: Final = _RETENIR.format(etapes=_DES_EFFECTIFS)
INSCRIRE: Final = _INSCRIRE.format(nettes=_NETTES.format(etapes=_DES_EFFECTIFS), ecrire=_ECRIRE)
INSCRIRE_NEUVES: Final = _INSCRIRE_NEUVES.format(etapes=_DES_EFFECTIFS, ecrire=_ECRIRE)

# Compaction and reconstruction erase: one at a time per organisme. Adding rows waits for neither.
VERROUILLER_ORGANISMES: Final = "SELECT pg_advisory_xact_lock(8422, id) FROM unnest(%(ids)s::int[]) AS o(id)"

# Every movement is to be folded; of the waits, those added since the last compaction, whose ids are above zero.
A_COMPACTER: Final = """
SELECT organisme_id FROM (
  SELECT organisme_id FROM mouvement UNION ALL SELECT organisme_id FROM attente WHERE id > 0
) nouvelles
GROUP BY organisme_id HAVING count(*) >= %(seuil)s ORDER BY organisme_id
"""

# Steps of curves: what each day adds to the day before.
_PAS: Final = """
SELECT organisme_id, annee_scolaire, niveau, statut, p.jour,
       p.cumul - lag(p.cumul, 1, 0) OVER (PARTITION BY organisme_id, annee_scolaire, niveau, statut ORDER BY p.rang) AS n
FROM {courbes} CROSS JOIN LATERAL unnest(jours, cumuls) WITH ORDINALITY AS p(jour, cumul, rang)
"""

_TRACER: Final = """
INSERT INTO courbe (organisme_id, annee_scolaire, niveau, statut, jours, cumuls)
SELECT organisme_id, annee_scolaire, niveau, statut, array_agg(jour ORDER BY jour), array_agg(cumul ORDER BY jour)
FROM (
  SELECT *, sum(n) OVER (PARTITION BY organisme_id, annee_scolaire, niveau, statut ORDER BY jour) AS cumul FROM nets
) cumules
GROUP BY 1, 2, 3, 4
"""

# The curves of the keys that have new movements are drawn again. Only rows read here are erased: those of a
# transaction in progress stay, and are folded the next time.
_PLIER: Final = """
WITH neuves AS (DELETE FROM mouvement WHERE organisme_id = ANY(%(ids)s::int[]) RETURNING *),
anciennes AS (
  DELETE FROM courbe WHERE (organisme_id, annee_scolaire, niveau, statut) IN (
    SELECT organisme_id, annee_scolaire, niveau, statut FROM mouvement WHERE organisme_id = ANY(%(ids)s::int[]))
  RETURNING *
),
nets AS (
  SELECT organisme_id, annee_scolaire, niveau, statut, jour, sum(n) AS n
  FROM (
    SELECT organisme_id, annee_scolaire, niveau, statut, jour, n FROM neuves
    UNION ALL {pas}
  ) pas
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
)
INSERT INTO courbe (organisme_id, annee_scolaire, niveau, statut, jours, cumuls)
SELECT organisme_id, annee_scolaire, niveau, statut, array_agg(jour ORDER BY jour), array_agg(cumul ORDER BY jour)
FROM (
  SELECT *, sum(n) OVER (PARTITION BY organisme_id, annee_scolaire, niveau, statut ORDER BY jour) AS cumul FROM nets
) cumules
GROUP BY 1, 2, 3, 4
""".format(pas=_PAS.format(courbes="anciennes"))

# The rows of each wait that has new ones become their sum, under an id below zero: the opposite of the largest id of
# the wait, so that no two rows share one.
_MEMES_ATTENTES: Final = "organisme_id, annee_scolaire, genre, depuis, clos"
_COMPACTER: Final = f"""
WITH cles AS (
  SELECT DISTINCT {_MEMES_ATTENTES} FROM attente WHERE organisme_id = ANY(%(ids)s::int[]) AND id > 0
),
effacees AS (DELETE FROM attente WHERE ({_MEMES_ATTENTES}) IN (SELECT * FROM cles) RETURNING *)
INSERT INTO attente (id, {_MEMES_ATTENTES}, n)
SELECT -max(abs(id)), {_MEMES_ATTENTES}, sum(n) FROM effacees GROUP BY {_MEMES_ATTENTES} HAVING sum(n) <> 0
"""

COMPACTER: Final = (_PLIER, _COMPACTER)

# Curves change under the lock of their organisme alone: erasing them first is safe. What changes append is read and
# erased by one statement, hence one snapshot.
RECONSTRUIRE: Final = (
    "DELETE FROM courbe WHERE organisme_id = ANY(%(ids)s::int[])",
    f"""
WITH mouvements_effaces AS (DELETE FROM mouvement WHERE organisme_id = ANY(%(ids)s::int[])),
attentes_effacees AS (DELETE FROM attente WHERE organisme_id = ANY(%(ids)s::int[])),
etapes AS MATERIALIZED (SELECT *, 1 AS n FROM ({_DES_ORGANISMES}) maintenant),
{_ATTENTES},
nets AS ({_PAR_JOUR})
{_TRACER}""",
)

_PAR_STATUT: Final = """
SELECT organisme_id, annee_scolaire, niveau, statut, jour, n FROM mouvement WHERE organisme_id = ANY(%(ids)s::int[])
UNION ALL SELECT * FROM ({pas}) pas WHERE organisme_id = ANY(%(ids)s::int[])
UNION ALL
SELECT p.organisme_id, p.annee_scolaire, coalesce(e.niveau, 0), p.statut, b.jour, -b.n
FROM periode p
JOIN effectif e ON e.id = p.effectif_id
CROSS JOIN LATERAL (VALUES (p.du, 1), (p.au, -1)) AS b(jour, n)
WHERE e.organisme_id = ANY(%(ids)s::int[]) AND e.corbeille_le IS NULL AND b.jour IS NOT NULL
""".format(pas=_PAS.format(courbes="courbe"))
_PAR_ATTENTE: Final = f"""
SELECT organisme_id, annee_scolaire, genre, depuis, clos, n FROM attente WHERE organisme_id = ANY(%(ids)s::int[])
UNION ALL
SELECT a.organisme_id, a.annee_scolaire, a.genre, a.du, coalesce(a.au, {JAMAIS}), -1
FROM (
  SELECT organisme_id, annee_scolaire, effectif_id, 'SANS_CONTRAT' AS genre, du, au FROM periode WHERE statut = 1
  UNION ALL
  SELECT organisme_id, annee_scolaire, effectif_id, genre, ouvert_du, clos_du
  FROM dossier WHERE genre = 'RUPTURE' AND cause_cloture IS DISTINCT FROM 'RUPTURE_ANNULEE'
) a
JOIN effectif e ON e.id = a.effectif_id
WHERE e.organisme_id = ANY(%(ids)s::int[]) AND e.corbeille_le IS NULL AND a.du < coalesce(a.au, {JAMAIS})
"""

# The keys whose sum is not what the periods and the files say, and by how many.
_VERIFIER: Final = """
SELECT organisme_id, {textes}, sum(n) AS ecart FROM ({lignes}) ecarts GROUP BY {cle} HAVING sum(n) <> 0 ORDER BY {cle}
"""

_CLES: Final = {
    "mouvement": (("organisme_id", "annee_scolaire", "niveau", "statut", "jour"), _PAR_STATUT),
    "attente": (("organisme_id", "annee_scolaire", "genre", "depuis", "clos"), _PAR_ATTENTE),
}

VERIFIER: Final = {
    table: _VERIFIER.format(
        cle=", ".join(cle), textes=", ".join(f"{colonne}::text" for colonne in cle[1:]), lignes=lignes
    )
    for table, (cle, lignes) in _CLES.items()
}
