"""Applying the last line held about a record, once what held it is over: taken out of the bin, or moved back.

Held lines are kept as raw lines (ninety days): nothing that the ERP said meanwhile is lost, and a line older than what
the record already holds of its source never comes back.
"""

from typing import Final

from tdba import scope
from tdba.effectifs.suites import Suite
from tdba.jobs import enqueue_after_commit

REPRENDRE: Final = """
WITH dernieres AS (
  SELECT DISTINCT ON (t.source) l.id, l.transmission_id, l.organisme_id, l.etat, t.source, t.recue_le
  FROM effectif e
  JOIN ligne l ON l.organisme_id = e.organisme_id AND l.annee_scolaire = e.annee_scolaire AND l.id_erp = e.id_erp
  JOIN transmission t ON t.id = l.transmission_id
  WHERE e.id = %(effectif_id)s AND e.corbeille_le IS NULL
    AND l.etat IN ('RETENUE', 'CREEE', 'MODIFIEE', 'INCHANGEE', 'A_TRAITER')
  ORDER BY t.source, l.id DESC
), reprises AS (
  UPDATE ligne SET etat = 'A_TRAITER', effectif_id = NULL, traitee_le = NULL
  FROM dernieres d WHERE ligne.id = d.id AND d.etat = 'RETENUE'
  RETURNING ligne.transmission_id, ligne.organisme_id
), receptions AS (
  UPDATE reception r SET nb_retenues = r.nb_retenues - n.n, traitee_le = NULL
  FROM (SELECT transmission_id, organisme_id, count(*) AS n FROM reprises GROUP BY 1, 2) n
  WHERE r.transmission_id = n.transmission_id AND r.organisme_id = n.organisme_id
  RETURNING r.transmission_id
), rouvertes AS (
  UPDATE transmission SET etat = 'EN_COURS', traitee_le = NULL WHERE id IN (SELECT transmission_id FROM receptions)
)
SELECT DISTINCT organisme_id FROM reprises
"""
"""The last line of each source about this record, where it is now, when that line was held."""


def suivre(suite: Suite) -> None:
    """After a gesture on a record: have the line that it held applied, by a job."""
    if suite.nature in ("RESTAURATION", "TRANSFERT_ANNULE"):
        enqueue_after_commit("transmissions.reprendre_la_retenue", effectif_id=suite.effectif_id)


def reprendre(effectif_id: int) -> None:
    """Give the last held line back to those that wait. Running twice changes nothing more. The caller commits."""
    connexion = scope.connexion("dernière ligne retenue d’une fiche")
    for organisme_id in connexion.exec_driver_sql(REPRENDRE, {"effectif_id": effectif_id}).scalars().all():
        enqueue_after_commit("transmissions.appliquer", organisme_id=organisme_id)
