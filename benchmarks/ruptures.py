"""Nobody is lost (issue 6, "Speed"): a worklist of 400 files, the files of the day, the rebuild check over the nation.

The seed has no CFA with so many ruptures: one is chosen, its contracts are broken here, as its ERP would have said.
"""

import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from flask import Flask

from benchmarks.base import connexion
from benchmarks.navigation import TOURS, Lecteur, demander, ouvrir_session, selects, serveur
from benchmarks.pages import preparer_les_pages
from benchmarks.rapport import Ligne
from tdba import abonnes, create_app, horloge, scope
from tdba.db import db
from tdba.effectifs import parcours
from tdba.effectifs.annees import comptees
from tdba.effectifs.statuts import Statut
from tdba.recaps import mots
from tdba.ruptures import ouverture, verification
from tdba.ruptures.choix import cle_segment
from tdba.ruptures.regles import FIN_DE_CONTRAT, RUPTURE, SANS_CONTRAT, SEGMENTS

DOSSIERS: Final = 400
BUDGET_LISTE: Final = 60
BUDGET_VERIFICATION: Final = 60
ONGLETS: Final = {
    "worklist of ruptures": (RUPTURE, "/ruptures", {}),
    "worklist of contracts at their term": (FIN_DE_CONTRAT, "/ruptures", {"groupe": "terme"}),
    "worklist without a contract": (SANS_CONTRAT, "/sans-contrat", {}),
}

CFA: Final = """
WITH presents AS (
  SELECT organisme_id, count(*) AS n FROM effectif
  WHERE annee_scolaire = ANY(%(annees)s) AND corbeille_le IS NULL GROUP BY 1),
membres AS (
  SELECT g.id AS organisation_id, o.id AS organisme_id FROM organisation g JOIN organisme o ON o.siren = g.siren
  WHERE g.type = 'ORGANISME_FORMATION' AND g.regle = 'SIREN'
  UNION ALL
  SELECT g.id, z.organisme_id FROM organisation g JOIN organisation_organisme z ON z.organisation_id = g.id
  WHERE g.type = 'ORGANISME_FORMATION' AND g.regle <> 'SIREN'),
tailles AS (
  SELECT organisation_id, array_agg(organisme_id) AS organismes, sum(n)::int AS n
  FROM membres JOIN presents USING (organisme_id) GROUP BY 1)
SELECT h.id, h.personne_id, t.organismes
FROM tailles t JOIN habilitation h ON h.organisation_id = t.organisation_id
WHERE (h.fin IS NULL OR h.fin > %(jour)s) AND h.debut <= %(jour)s
  AND NOT EXISTS (SELECT FROM habilitation_site s WHERE s.habilitation_id = h.id)
ORDER BY t.n < %(assez)s, CASE WHEN t.n < %(assez)s THEN -t.n ELSE t.n END, h.id LIMIT 1
"""
"""A CFA just large enough; the largest of a small base."""

OUVERTS: Final = """SELECT count(*) FROM dossier d WHERE d.organisme_id = ANY(%(organismes)s) AND d.genre = 'RUPTURE'
AND d.ouvert_du <= %(jour)s AND (d.clos_du IS NULL OR d.clos_du > %(jour)s)"""
A_ROMPRE: Final = """SELECT id FROM effectif WHERE organisme_id = ANY(%(organismes)s) AND corbeille_le IS NULL
AND annee_scolaire = ANY(%(annees)s) AND statuts[width_bucket(%(jour)s::date, bornes)] = %(apprenti)s
ORDER BY id LIMIT %(n)s"""
ROMPRE: Final = """UPDATE contrat SET rupture = greatest(debut + 1, %(jour)s::date - (id %% 200)::int) WHERE id IN (
  SELECT DISTINCT ON (effectif_id) id FROM contrat WHERE effectif_id = ANY(%(ids)s) AND debut < %(jour)s
  ORDER BY effectif_id, debut DESC, rang DESC) AND rupture IS NULL"""
SUIVRE: Final = """UPDATE dossier SET referent_id = CASE WHEN id %% 3 > 0 THEN %(personne)s END,
prochaine_le = CASE WHEN id %% 4 = 0 THEN %(jour)s::date + (id %% 30)::int - 10 END,
derniere_demarche_le = CASE WHEN id %% 2 = 0 THEN %(maintenant)s END WHERE organisme_id = ANY(%(organismes)s)"""
NOTER: Final = """INSERT INTO demarche (dossier_id, organisme_id, annee_scolaire, nature, resultat, le, personne_id)
SELECT id, organisme_id, annee_scolaire, 'APPEL', 'SANS_REPONSE', %(maintenant)s, %(personne)s FROM dossier d
WHERE organisme_id = ANY(%(organismes)s) AND derniere_demarche_le IS NOT NULL
AND NOT EXISTS (SELECT FROM demarche m WHERE m.dossier_id = d.id)"""
FORMATION: Final = """SELECT formation FROM effectif WHERE organisme_id = ANY(%(organismes)s) AND formation IS NOT NULL
GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"""

PLANCHER_LISTE: Final = """SELECT e.id, e.nom, e.prenom, d.ouvert_du, count(*) OVER ()
FROM dossier d JOIN effectif e ON e.id = d.effectif_id
WHERE d.organisme_id = ANY(%(organismes)s) AND d.genre = 'RUPTURE' AND d.ouvert_du <= %(jour)s
AND (d.clos_du IS NULL OR d.clos_du > %(jour)s) AND e.corbeille_le IS NULL
ORDER BY d.ouvert_du, e.id LIMIT 25"""
PLANCHER_NATION: Final = "SELECT (SELECT count(rupture) FROM contrat), (SELECT count(clos_du) FROM dossier)"


class Cfa(NamedTuple):
    """Whose worklists are asked for."""

    lecteur: Lecteur
    formation: str
    ouverts: int


def mesurer(effectifs: int) -> list[Ligne]:
    """Lists are p95 of TOURS requests, every tab under every filter; the jobs go over the whole nation."""
    preparer_les_pages()
    app = create_app()
    cfa = _preparer_le_cfa(app)
    with serveur():
        listes = [
            _liste(app, f"{nom} ({cfa.ouverts} ruptures)", cfa, _adresses(genre, chemin, fixes, cfa))
            for nom, (genre, chemin, fixes) in ONGLETS.items()
        ]
        digest = [f"/recapitulatif/{adresse}" for adresse in mots.ADRESSES.values()]
        listes.append(_liste(app, "list behind a line of the digest", cfa, digest))
    return [*listes, *_nation(app, effectifs)]


def _preparer_le_cfa(app: Flask) -> Cfa:
    """Break the contracts that are missing, follow some of the files, and log somebody in."""
    jour = horloge.aujourd_hui()
    annees = list(comptees(jour))
    with connexion() as lien:
        choisi = lien.execute(CFA, {"annees": annees, "jour": jour, "assez": DOSSIERS * 2}).fetchone()
        if choisi is None:
            raise SystemExit("no CFA in this database")
        habilitation_id, personne_id, organismes = choisi
        dits: dict[str, Any] = {
            "organismes": organismes,
            "jour": jour,
            "annees": annees,
            "personne": personne_id,
        }
        dits |= {"maintenant": horloge.maintenant(), "apprenti": int(Statut.APPRENTI)}
        manquent = DOSSIERS - _nombre(lien.execute(OUVERTS, dits).fetchone())
        if manquent > 0:
            ids = [ligne[0] for ligne in lien.execute(A_ROMPRE, dits | {"n": manquent}).fetchall()]
            _rompre(app, ids, jour)
        lien.execute(SUIVRE, dits)
        lien.execute(NOTER, dits)
        lien.execute("VACUUM (ANALYZE) dossier, demarche, effectif, contrat")
        formation = lien.execute(FORMATION, dits).fetchone()
        ouverts = _nombre(lien.execute(OUVERTS, dits).fetchone())
        lecteur = Lecteur(ouvrir_session(lien, habilitation_id, personne_id), organismes, None)
    return Cfa(lecteur, str(formation[0]) if formation else "", ouverts)


def _nombre(ligne: tuple[Any, ...] | None) -> int:
    return int(ligne[0]) if ligne else 0


def _rompre(app: Flask, ids: Sequence[int], jour: date) -> None:
    """As an intake would: the statuses and the files follow in the same transaction."""
    with app.app_context(), scope.systeme("mesure"):
        abonnes.annoncer("avant_parcours", ids)
        scope.connexion("mesure").exec_driver_sql(ROMPRE, {"ids": list(ids), "jour": jour})
        parcours.recalculer(ids)
        abonnes.annoncer("apres_parcours", ids)
        db.session.commit()


def _adresses(genre: str, chemin: str, fixes: dict[str, str], cfa: Cfa) -> list[str]:
    """One tab under each of its filters, and some together."""
    segments = [{"segment": cle_segment(segment)} for segment in SEGMENTS[genre]]
    filtres: list[dict[str, Any]] = [
        {},
        {"qui": "moi"},
        {"qui": "personne"},
        {"retard": "oui"},
        {"mineurs": "oui"},
        {"site": cfa.lecteur.organismes[0]},
        {"formation": cfa.formation},
        {"qui": "moi", "mineurs": "oui"},
        *segments,
    ]
    return [f"{chemin}?{urlencode(fixes | filtre)}" for filtre in filtres]


def _liste(app: Flask, nom: str, cfa: Cfa, adresses: Sequence[str]) -> Ligne:
    durees = []
    tours: Iterator[str] = itertools.cycle(adresses)
    for _ in range(max(TOURS, len(adresses) * 10) + 4):
        adresse = next(tours)
        recu = demander(adresse, cfa.lecteur.cookie)
        if recu.code != 200:
            raise SystemExit(f"{nom}, {adresse}: answer {recu.code}")
        durees.append(recu.duree)
    triees = sorted(durees[4:])  # the first ones pay for imports and compiled templates
    p95, p50 = triees[int(len(triees) * 0.95) - 1], statistics.median(triees)
    nombres = [selects(app, adresse, cfa.lecteur) for adresse in adresses]
    detail = f"p50 {p50:.1f} ms, {min(nombres)} to {max(nombres)} SELECT, {len(adresses)} addresses"
    return Ligne(f"{nom}, p95", p95, "ms", _plancher_liste(cfa), "bare SQL, p50", BUDGET_LISTE, detail)


def _plancher_liste(cfa: Cfa) -> float:
    durees = []
    dits = {"organismes": cfa.lecteur.organismes, "jour": horloge.aujourd_hui()}
    with connexion() as lien:
        for _ in range(50):
            depart = time.perf_counter()
            lien.execute(PLANCHER_LISTE, dits).fetchall()
            durees.append((time.perf_counter() - depart) * 1000)
    return statistics.median(durees)


def _nation(app: Flask, effectifs: int) -> list[Ligne]:
    """The night's job, then the check: what the seed lacks is written first, and the measured check finds nothing."""
    with connexion() as lien:
        depart = time.perf_counter()
        lien.execute(PLANCHER_NATION).fetchone()
        plancher = time.perf_counter() - depart
    lignes = []
    with app.app_context(), scope.systeme("mesure"):
        for nom in ("files of the day opened, the first time", "files of the day opened, nothing left"):
            depart = time.perf_counter()
            ecrits = ouverture.ouvrir_du_jour(db.session.commit, horloge.aujourd_hui())
            db.session.commit()
            duree = time.perf_counter() - depart
            lignes.append(
                Ligne(nom, duree, "s", plancher, "bare pass over both tables", None, f"{ecrits:,} written")
            )
        avant = verification.verifier(db.session.commit, corriger=True)
        db.session.commit()
        with connexion() as lien:
            lien.execute("VACUUM (ANALYZE) dossier")
        depart = time.perf_counter()
        bilan = verification.verifier(db.session.commit)
        db.session.commit()
        duree = time.perf_counter() - depart
    if bilan.ecarts or bilan.a_ouvrir:
        raise SystemExit(f"the check is not idempotent: {bilan}")
    detail = f"{bilan.lus:,} of {effectifs:,} records, {avant.ecarts:,} differences put right before"
    lignes.append(
        Ligne(
            "rebuild check, changing nothing",
            duree,
            "s",
            plancher,
            "bare pass over both tables",
            BUDGET_VERIFICATION,
            detail,
        )
    )
    return lignes
