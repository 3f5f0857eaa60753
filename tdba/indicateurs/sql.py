"""Set-based SQL of the counting tables: what effectifs contribute, and how the rows that hold it stay few.

A contribution is read where a change is written: the arrays of `effectif` and the files of `dossier`. The proof
(`VERIFIER_*`) reads `periode` instead, so that it does not repeat an error of the reading it checks.
"""

from typing import Final

RAISON: Final = "tenue des compteurs"

# An effectif whose contribution is taken back and given again must not change in between: two writers would both take
# back the same one. Locked in a statement of its own, so that the next one reads what the former writer committed.
VERROUILLER_EFFECTIFS: Final = """
SELECT count(*) FROM (
  SELECT id FROM effectif WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE) verrouilles
"""

_ETAPES: Final = "unnest(e.statuts, e.bornes, e.bornes[2:]) AS p(statut, du, au)"

_MOUVEMENTS: Final = f"""
SELECT e.organisme_id, e.annee_scolaire, coalesce(e.niveau, 0) AS niveau, p.statut, b.jour, sum(b.n) AS n
FROM effectif e
CROSS JOIN LATERAL {_ETAPES}
CROSS JOIN LATERAL (VALUES (p.du, 1), (p.au, -1)) AS b(jour, n)
WHERE {{condition}} AND e.corbeille_le IS NULL AND b.jour IS NOT NULL
GROUP BY 1, 2, 3, 4, 5
HAVING sum(b.n) <> 0
"""

_ATTENTES: Final = f"""
SELECT w.organisme_id, w.annee_scolaire, w.genre, w.depuis, b.jour, sum(b.n) AS n
FROM (
  SELECT e.organisme_id, e.annee_scolaire, 'SANS_CONTRAT' AS genre, p.du AS depuis, p.au AS fin
  FROM effectif e
  CROSS JOIN LATERAL {_ETAPES}
  WHERE {{condition}} AND e.corbeille_le IS NULL AND p.statut = 1
  UNION ALL
  SELECT e.organisme_id, e.annee_scolaire, d.genre, d.ouvert_du, d.clos_du
  FROM effectif e
  JOIN dossier d ON d.effectif_id = e.id
  WHERE {{condition}} AND e.corbeille_le IS NULL AND d.genre = 'RUPTURE'
    AND d.cause_cloture IS DISTINCT FROM 'RUPTURE_ANNULEE'
) w
CROSS JOIN LATERAL (VALUES (w.depuis, 1), (w.fin, -1)) AS b(jour, n)
WHERE b.jour IS NOT NULL
GROUP BY 1, 2, 3, 4, 5
HAVING sum(b.n) <> 0
"""

_DE_CES_EFFECTIFS: Final = "e.id = ANY(%(ids)s::bigint[])"
_DE_CES_ORGANISMES: Final = "e.organisme_id = ANY(%(ids)s::int[])"

_CLE_MOUVEMENT: Final = "organisme_id, annee_scolaire, niveau, statut, jour"
_CLE_ATTENTE: Final = "organisme_id, annee_scolaire, genre, depuis, jour"


def _inscrire(table: str, cle: str, contribution: str) -> str:
    """Add (`sens` 1) or take back (`sens` -1) the contribution of some effectifs."""
    lue = contribution.format(condition=_DE_CES_EFFECTIFS)
    return f"INSERT INTO {table} ({cle}, n) SELECT {cle}, %(sens)s * n FROM ({lue}) contribution"


def _reconstruire(table: str, cle: str, contribution: str) -> str:
    """One statement, hence one snapshot: what it erases and what it reads tell the same state."""
    lue = contribution.format(condition=_DE_CES_ORGANISMES)
    return f"""
WITH effacees AS (DELETE FROM {table} WHERE organisme_id = ANY(%(ids)s::int[]))
INSERT INTO {table} ({cle}, n) SELECT {cle}, n FROM ({lue}) contribution
"""


def _compacter(table: str, cle: str) -> str:
    """Sum the rows of each key that has new ones, and write the sums back under ids below zero.

    Only rows read here are erased: those that a transaction in progress adds stay, and are the next run's.
    """
    memes = " AND ".join(f"t.{colonne} = c.{colonne}" for colonne in cle.split(", "))
    return f"""
WITH cles AS (SELECT DISTINCT {cle} FROM {table} WHERE organisme_id = ANY(%(ids)s::int[]) AND id > 0),
effacees AS (DELETE FROM {table} t USING cles c WHERE {memes} RETURNING t.*)
INSERT INTO {table} (id, {cle}, n)
SELECT -max(abs(id)), {cle}, sum(n) FROM effacees GROUP BY {cle} HAVING sum(n) <> 0
"""


def _verifier(table: str, cle: str, attendu: str) -> str:
    return f"""
SELECT organisme_id, {", ".join(f"{colonne}::text" for colonne in cle.split(", ")[1:])}, sum(n) AS ecart
FROM (
  SELECT {cle}, n FROM {table} WHERE organisme_id = ANY(%(ids)s::int[])
  UNION ALL SELECT {cle}, -n FROM ({attendu}) attendu
) ecarts
GROUP BY {cle} HAVING sum(n) <> 0 ORDER BY {cle}
"""


_ATTENDU_MOUVEMENT: Final = f"""
SELECT p.organisme_id, p.annee_scolaire, coalesce(e.niveau, 0) AS niveau, p.statut, b.jour, b.n
FROM effectif e
JOIN periode p ON p.effectif_id = e.id
CROSS JOIN LATERAL (VALUES (p.du, 1), (p.au, -1)) AS b(jour, n)
WHERE {_DE_CES_ORGANISMES} AND e.corbeille_le IS NULL AND b.jour IS NOT NULL
"""

_ATTENDU_ATTENTE: Final = f"""
SELECT w.organisme_id, w.annee_scolaire, w.genre, w.depuis, b.jour, b.n
FROM (
  SELECT effectif_id, organisme_id, annee_scolaire, 'SANS_CONTRAT' AS genre, du AS depuis, au AS fin
  FROM periode WHERE statut = 1
  UNION ALL
  SELECT effectif_id, organisme_id, annee_scolaire, genre, ouvert_du, clos_du
  FROM dossier WHERE genre = 'RUPTURE' AND cause_cloture IS DISTINCT FROM 'RUPTURE_ANNULEE'
) w
JOIN effectif e ON e.id = w.effectif_id
CROSS JOIN LATERAL (VALUES (w.depuis, 1), (w.fin, -1)) AS b(jour, n)
WHERE {_DE_CES_ORGANISMES} AND e.corbeille_le IS NULL AND b.jour IS NOT NULL
"""

INSCRIRE: Final = (
    _inscrire("mouvement", _CLE_MOUVEMENT, _MOUVEMENTS),
    _inscrire("mouvement_attente", _CLE_ATTENTE, _ATTENTES),
)
RECONSTRUIRE: Final = (
    _reconstruire("mouvement", _CLE_MOUVEMENT, _MOUVEMENTS),
    _reconstruire("mouvement_attente", _CLE_ATTENTE, _ATTENTES),
)
COMPACTER: Final = (
    _compacter("mouvement", _CLE_MOUVEMENT),
    _compacter("mouvement_attente", _CLE_ATTENTE),
)
VERIFIER: Final = (
    _verifier("mouvement", _CLE_MOUVEMENT, _ATTENDU_MOUVEMENT),
    _verifier("mouvement_attente", _CLE_ATTENTE, _ATTENDU_ATTENTE),
)

# Compaction and reconstruction erase: one at a time per organisme. Adding rows waits for neither.
VERROUILLER_ORGANISMES: Final = "SELECT pg_advisory_xact_lock(8422, id) FROM unnest(%(ids)s::int[]) AS o(id)"

# Ids above zero are the rows added since the last compaction: the primary key finds them.
A_COMPACTER: Final = """
SELECT organisme_id FROM (
  SELECT organisme_id FROM mouvement WHERE id > 0 UNION ALL SELECT organisme_id FROM mouvement_attente WHERE id > 0
) nouvelles
GROUP BY organisme_id HAVING count(*) >= %(seuil)s ORDER BY organisme_id
"""
