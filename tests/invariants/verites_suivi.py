"""What must be true of files, steps, letters and outcomes after every act (issue 6, decisions 9, 16, 26, 31)."""

from collections import Counter
from datetime import date
from typing import Any, Final

from sqlalchemy import text

from tdba import horloge
from tdba.effectifs.models import Effectif
from tdba.ruptures import ecarts, sql_dossiers
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests.invariants import lectures
from tests.invariants.aides import Monde

GELES: Final = (
    "WITH geles AS (SELECT d.id, d.effectif_id, d.presence_le, d.confirmee_le FROM opposition o"
    " JOIN effectif p ON p.id = o.effectif_id"
    " JOIN effectif e ON e.organisme_id = p.organisme_id AND e.id_erp = p.id_erp"
    " JOIN dossier d ON d.effectif_id = e.id WHERE o.levee_le IS NULL AND o.cree_le <= :debut) "
)
ECRITES_GELEES: Final = (
    "SELECT id FROM geles WHERE presence_le > :debut OR confirmee_le > :debut",
    "SELECT x.id FROM demarche x JOIN geles g ON g.id = x.dossier_id WHERE x.le > :debut",
    "SELECT x.dossier_id FROM circonstance x JOIN geles g ON g.id = x.dossier_id WHERE x.maj_le > :debut",
    "SELECT x.dossier_id FROM formalite x JOIN geles g ON g.id = x.dossier_id WHERE x.maj_le > :debut",
    "SELECT x.id FROM poste x JOIN geles g ON g.id = x.dossier_id WHERE x.maj_le > :debut",
    "SELECT x.id FROM liaison x JOIN geles g ON g.id = x.dossier_id WHERE x.cree_le > :debut",
    "SELECT x.dossier_id FROM devenir x JOIN geles g ON g.id = x.dossier_id WHERE x.maj_le > :debut",
    "SELECT x.id FROM vigilance_geste x JOIN geles g ON g.effectif_id = x.effectif_id WHERE x.cree_le > :debut",
)
"""What was written of the people who had objected before the act. `:debut`: instant before it."""
FERMES: Final = (
    "SELECT p.uuid FROM pli p WHERE p.contenu IS NOT NULL AND (p.ouvert_le IS NOT NULL OR p.expire_le <= :le"
    " OR EXISTS (SELECT FROM liaison l WHERE l.uuid = p.uuid AND l.revoquee_le IS NOT NULL))"
)
INTERDITS: Final = (
    "SELECT p.uuid FROM pli p JOIN liaison l ON l.uuid = p.uuid JOIN dossier d ON d.id = l.dossier_id"
    " JOIN effectif e ON e.id = d.effectif_id WHERE p.contenu IS NOT NULL AND (e.corbeille_le IS NOT NULL"
    " OR EXISTS (SELECT FROM opposition o JOIN effectif x ON x.id = o.effectif_id WHERE o.levee_le IS NULL"
    " AND x.organisme_id = e.organisme_id AND x.id_erp = e.id_erp))"
)
"""Letters of people who objected since, or whose record is in the bin: a job empties them."""


def verifier(monde: Monde, geste: str) -> None:
    for fiche in monde.fiches():
        connus = lectures.dossiers(monde, fiche)
        les_dossiers_sont_ceux_des_contrats(fiche, connus)
        if fiche.corbeille_le is None:
            ouverts_a_propos(monde, fiche, connus)
            dernieres_demarches(monde, connus)
        les_referents_avaient_le_droit(monde, connus)
    notes_et_sante(monde, geste)
    rien_de_fige_n_a_bouge(monde)
    lettres_fermees(monde, geste)
    jalons_atteints(monde, geste)


def les_dossiers_sont_ceux_des_contrats(fiche: Effectif, connus: list[Dossier]) -> None:
    """The rebuild check finds nothing; no two files of one kind are open at once; each closing has a cause."""
    (lu,) = ecarts.lire(sql_dossiers.LIRE_CES_FICHES, [fiche.id])
    assert list(ecarts.ecarts(lu)) == []
    for dossier in connus:
        assert (dossier.clos_du is None) <= (dossier.cause_cloture in (None, "FIN_DE_FORMATION"))
        assert dossier.clos_du is None or dossier.cause_cloture is not None
        assert dossier.organisme_id == fiche.organisme_id
    genres = Counter(d.genre for d in connus if _ouvert(d, horloge.aujourd_hui()))
    assert all(n == 1 for n in genres.values()), genres


def _ouvert(dossier: Dossier, jour: date) -> bool:
    return dossier.ouvert_du <= jour and (dossier.clos_du is None or jour < dossier.clos_du)


def ouverts_a_propos(monde: Monde, fiche: Effectif, connus: list[Dossier]) -> None:
    """Decision 31 said again, from the contracts and from the status of the day, without the code that writes files."""
    jour = horloge.aujourd_hui()
    ouverts = {d.genre for d in connus if _ouvert(d, jour)}
    partis = {d.genre for d in connus if d.parti_le is not None and d.parti_le <= jour}
    contrats = {c.debut: c for c in lectures.contrats(monde, fiche) if c.debut is not None}
    courus = [
        c
        for debut, c in sorted(contrats.items())
        if debut <= jour and (c.rupture is None or c.rupture > debut) and (c.fin is None or c.fin >= debut)
    ]
    rompue = courus[-1].rupture if courus else None
    fini = fiche.date_fin is not None and fiche.date_fin < jour
    exclu = fiche.date_exclusion is not None and fiche.date_exclusion <= jour
    attendue = rompue is not None and rompue <= jour and not fini and not exclu
    if "RUPTURE" not in partis:
        assert ("RUPTURE" in ouverts) == attendue, (fiche.id_erp, rompue)
    rang = sum(borne <= jour for borne in fiche.bornes)
    statut = fiche.statuts[rang - 1] if rang else None
    if statut == APPRENTI:
        assert not ouverts & {"SANS_CONTRAT", "FIN_DE_CONTRAT"}, ouverts
    if statut == INSCRIT and not partis and not gele(monde, fiche):
        assert "SANS_CONTRAT" in ouverts, ouverts


APPRENTI, INSCRIT = 2, 1


def gele(monde: Monde, fiche: Effectif) -> bool:
    lus = monde.session.execute(
        text(
            "SELECT count(*) FROM opposition o JOIN effectif e ON e.id = o.effectif_id"
            " WHERE o.levee_le IS NULL AND e.organisme_id = :site AND e.id_erp = :id_erp"
        ),
        {"site": fiche.organisme_id, "id_erp": fiche.id_erp},
    )
    return bool(lus.scalar_one())


def dernieres_demarches(monde: Monde, connus: list[Dossier]) -> None:
    """What lists sort on is what the steps that stay say."""
    for dossier in connus:
        lues = monde.session.execute(
            text(
                "SELECT le, prochaine_le FROM demarche WHERE dossier_id = :id AND retiree_le IS NULL"
                " AND nature <> 'RELAIS' ORDER BY le DESC, id DESC"
            ),
            {"id": dossier.id},
        ).all()
        derniere = lues[0] if lues else (None, None)
        assert (dossier.derniere_demarche_le, dossier.prochaine_le) == tuple(derniere), (dossier.id, lues)


def les_referents_avaient_le_droit(monde: Monde, connus: list[Dossier]) -> None:
    """Whoever is given a file may correct the record, where it is on that day."""
    for dossier in connus:
        avant, monde_sait = monde.referents.get(dossier.id), dossier.referent_id
        if monde_sait is not None and monde_sait != avant:
            portees = {
                hab.personne_id: monde.portee_de(hab.id).portee(Droit.CORRIGER).organismes
                for hab in (monde.habilitation, monde.collegue)
            }
            siens = portees[monde_sait]
            assert siens is not None
            assert dossier.organisme_id in siens, (dossier.id, monde_sait)
        monde.referents[dossier.id] = monde_sait or 0


def notes_et_sante(monde: Monde, geste: str) -> None:
    for sql in (
        "SELECT id FROM demarche WHERE note IS NOT NULL AND note_jusqu_au IS NULL",
        "SELECT dossier_id FROM circonstance WHERE ('SANTE' = ANY(obstacles)) <> (accord_sante_le IS NOT NULL)",
        # What has just been sent of somebody's health had its agreement.
        (
            "SELECT l.id FROM liaison l LEFT JOIN circonstance c ON c.dossier_id = l.dossier_id"
            " WHERE l.cree_le > :debut AND 'SANTE' = ANY(l.donnees) AND c.accord_sante_le IS NULL"
        ),
    ):
        assert vide(monde, sql), sql
    if geste == "passer_la_nuit":
        for table in ("demarche", "vigilance_geste"):
            sql = f"SELECT id FROM {table} WHERE note IS NOT NULL AND note_jusqu_au < :effacees_au"
            assert vide(monde, sql), table


def rien_de_fige_n_a_bouge(monde: Monde) -> None:
    for sql in ECRITES_GELEES:
        assert vide(monde, GELES + sql), sql


def lettres_fermees(monde: Monde, geste: str) -> None:
    assert vide(monde, FERMES)
    if geste == "travailler":
        assert vide(monde, INTERDITS)


def jalons_atteints(monde: Monde, geste: str) -> None:
    """No outcome is written of a milestone to come; one whose file moved since goes with the night."""
    sql = (
        "SELECT v.dossier_id FROM devenir v JOIN dossier d ON d.id = v.dossier_id"
        " WHERE d.ouvert_du + v.jalon::int > :jour AND (v.maj_le > :debut OR :nuit)"
    )
    assert vide(monde, sql, nuit=geste == "passer_la_nuit")


def vide(monde: Monde, sql: str, **valeurs: Any) -> bool:
    connues = {
        "debut": monde.debut,
        "le": horloge.maintenant(),
        "jour": horloge.aujourd_hui(),
        "effacees_au": monde.notes_effacees_au,
    } | valeurs
    voulues = {nom: valeur for nom, valeur in connues.items() if f":{nom}" in sql}
    return not monde.session.execute(text(sql), voulues).all()
