"""The record in daily use: lists under every combination of filters, searches by name, a correction saved.

Issue 5, "Speed". Over HTTP like `pages`; lists turn through combinations of filters, another person at each request.
"""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask

from benchmarks.base import connexion
from benchmarks.navigation import TOURS, Lecteur, Recu, demander, lecteurs, selects, serveur
from benchmarks.pages import PLANCHER_LISTE, preparer_les_pages
from benchmarks.rapport import Ligne
from tdba import create_app

CFA = ("ORGANISME_FORMATION",)
REGION = ("DREETS",)
SUPPORT = ("SUPPORT",)

_PARTAGES = (
    "statut=INSCRIT",
    "statut=RUPTURE&statut=INSCRIT&tri=statut&sens=desc",
    "niveau=3&age=16-17",
    "annee=2026-2027&statut=INSCRIT&age=18-20&tri=formation",
    "annee=toutes&tri=entree&sens=desc",
    "age=moins-16&tri=naissance",
)
FILTRES_CFA = (
    *_PARTAGES,
    "statut=APPRENTI&niveau=5&tri=naissance&sens=desc",
    "statut=FIN_DE_CONTRAT&age=21-25&source=ERP",
    "corrigee=oui&tri=nom&sens=desc",
    "conflit=oui&annee=toutes",
    "fraicheur=30j&statut=APPRENTI",
    "a_regler=tout&tri=statut",
    "a_regler=tout&statut=APPRENTI&niveau=3&age=18-20&source=ERP",
    "annee=toutes&statut=DELAI_DEPASSE&statut=SORTI&a_regler=1",
)

_GRAINE = int(time.time())
"""Other values at each run: what is already there is not saved."""

PLANCHER_NOM = "SELECT id FROM effectif WHERE recherche LIKE %(motif)s LIMIT 50"
PLANCHER_CORRECTION = (
    "UPDATE effectif SET telephone = '0612345678', version = version + 1 WHERE id = %(effectif)s"
)


def mesurer(_effectifs: int) -> list[Ligne]:
    """Each measure is a p95 of TOURS requests."""
    preparer_les_pages()
    app = create_app()
    with serveur():
        return [
            _liste(app, "list of a CFA, any filters", CFA, FILTRES_CFA, 40),
            _liste(app, "named list of a region, any filters", REGION, _PARTAGES, 150),
            _recherche(
                "search by name in a CFA, then its list",
                CFA,
                "/effectifs",
                "/effectifs/recherche",
                None,
                faute=False,
            ),
            _recherche(
                "search by name with one typo in a CFA",
                CFA,
                "/effectifs",
                "/effectifs/recherche",
                None,
                faute=True,
            ),
            _recherche(
                "search by name, national (support)",
                SUPPORT,
                "/support",
                "/support/recherche",
                150,
                faute=False,
            ),
            _recherche(
                "search with one typo, national (support)",
                SUPPORT,
                "/support",
                "/support/recherche",
                150,
                faute=True,
            ),
            _correction("phone number corrected and saved", _telephone),
            _correction("end of a contract corrected and saved", _fin_de_contrat),
        ]


def _ligne(
    nom: str, durees: Sequence[float], plancher: float, quoi: str, budget: float | None, detail: str
) -> Ligne:
    triees = sorted(durees)
    p95 = triees[int(len(triees) * 0.95) - 1]
    return Ligne(
        f"{nom}, p95", p95, "ms", plancher, quoi, budget, f"p50 {statistics.median(triees):.1f} ms, {detail}"
    )


def _liste(app: Flask, nom: str, types: tuple[str, ...], filtres: Sequence[str], budget: float) -> Ligne:
    presents = lecteurs(types)
    tours = itertools.cycle(filtres)
    durees = []
    for tour in range(max(TOURS, len(filtres) * 12) + 4):
        adresse = f"/effectifs?{next(tours)}"
        recu = demander(adresse, presents[tour % len(presents)].cookie)
        if recu.code != 200:
            raise SystemExit(f"{nom}, {adresse}: answer {recu.code}")
        durees.append(recu.duree)
    nombres = [selects(app, f"/effectifs?{filtre}", presents[0]) for filtre in filtres]
    plancher = _plancher(PLANCHER_LISTE, ({"organismes": p.organismes} for p in presents[:50]))
    detail = f"at most {max(nombres)} SELECT, {len(filtres)} combinations, {len(presents)} people"
    return _ligne(nom, durees[4:], plancher, "bare SQL, p50", budget, detail)


def _recherche(
    nom: str, types: tuple[str, ...], page: str, envoi: str, budget: float | None, *, faute: bool
) -> Ligne:
    """What is typed is sent, then the address it leads to is read: both are counted."""
    presents = lecteurs(types)
    noms = _des_noms(presents)
    durees = []
    for tour in range(TOURS + 4):
        lecteur = presents[tour % len(presents)]
        texte = noms[tour % len(noms)]
        jeton = demander(page, lecteur.cookie).jeton
        envoye = demander(
            envoi, lecteur.cookie, {"q": _fauter(texte) if faute else texte, "csrf_token": jeton}
        )
        if envoye.code not in (302, 303) or envoye.suite is None:
            raise SystemExit(f"{nom}: answer {envoye.code}")
        suite = demander(envoye.suite, lecteur.cookie)
        if suite.code not in (200, 302, 303):
            raise SystemExit(f"{nom}: then {suite.code}")
        durees.append(envoye.duree + suite.duree)
    plancher = _plancher(PLANCHER_NOM, ({"motif": f"%{n.split()[0]}%"} for n in noms[:50]))
    return _ligne(nom, durees[4:], plancher, "bare SQL, p50", budget, f"two requests, {len(presents)} people")


def _des_noms(presents: Sequence[Lecteur]) -> list[str]:
    """Names of the reach of these people, one each: « DUPONT JEAN »."""
    with connexion() as lien:
        lus = lien.execute(
            "SELECT recherche FROM effectif WHERE id = ANY(%s) OR id %% 9973 = 7 LIMIT 60",
            ([p.effectif for p in presents if p.effectif],),
        ).fetchall()
    return [nom for (nom,) in lus]


def _fauter(texte: str) -> str:
    """The first word of more than four letters, two of its letters swapped."""
    mots = texte.split()
    for rang, mot in enumerate(mots):
        if len(mot) > 4:
            mots[rang] = mot[:2] + mot[3] + mot[2] + mot[4:]
            break
    return " ".join(mots)


def _correction(nom: str, saisir: Callable[[Lecteur, int], Recu | None]) -> Ligne:
    """The last request alone: the form was read and filled before."""
    presents = [p for p in lecteurs(CFA) if p.effectif]
    durees = []
    for tour in range(TOURS + 4):
        recu = saisir(presents[tour % len(presents)], tour)
        if recu is None:
            continue
        if recu.code != 303:
            raise SystemExit(f"{nom}: answer {recu.code}")
        durees.append(recu.duree)
    plancher = _plancher(PLANCHER_CORRECTION, ({"effectif": p.effectif} for p in presents[:50]))
    detail = f"{len(durees) - 4} saved, {len(presents)} people"
    return _ligne(nom, durees[4:], plancher, "bare UPDATE, p50", 80, detail)


def _telephone(lecteur: Lecteur, tour: int) -> Recu | None:
    adresse = f"/effectifs/{lecteur.effectif}/corriger/telephone"
    return _envoyer(adresse, lecteur, {"valeur": f"06{(_GRAINE + tour) % 10**8:08d}"})


def _fin_de_contrat(lecteur: Lecteur, tour: int) -> Recu | None:
    with connexion() as lien:
        contrat = lien.execute(
            "SELECT id, debut, employeur_siret FROM contrat WHERE effectif_id = %s AND rupture IS NULL AND debut IS NOT NULL"
            " ORDER BY rang LIMIT 1",
            (lecteur.effectif,),
        ).fetchone()
    if contrat is None:
        return None
    fin = contrat[1] + timedelta(days=180 + (_GRAINE + tour) % 500)
    saisie = {"debut": f"{contrat[1]:%Y-%m-%d}", "fin": f"{fin:%Y-%m-%d}", "rupture": ""}
    return _envoyer(
        f"/contrats/{contrat[0]}/corriger", lecteur, saisie | {"employeur_siret": contrat[2] or ""}
    )


def _envoyer(adresse: str, lecteur: Lecteur, saisie: dict[str, str]) -> Recu | None:
    formulaire = demander(adresse, lecteur.cookie)
    if formulaire.code != 200:
        raise SystemExit(f"{adresse}: answer {formulaire.code}")
    version = formulaire.corps.split('name="version"')[1].split('value="')[1].split('"')[0]
    donnees = {
        "csrf_token": formulaire.jeton,
        "version": version,
        "motif": "PIECE_VUE",
        "action": "enregistrer",
    }
    recu = demander(adresse, lecteur.cookie, donnees | saisie)
    return None if recu.code == 422 else recu  # another contract in the way, say: nothing was saved


def _plancher(requete: str, parametres: Iterator[dict[str, Any]]) -> float:
    durees = []
    with connexion() as lien:
        for valeurs in parametres:
            depart = time.perf_counter()
            lien.execute(requete, valeurs)
            durees.append((time.perf_counter() - depart) * 1000)
    return statistics.median(durees)
