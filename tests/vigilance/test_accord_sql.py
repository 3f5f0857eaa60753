"""The statement that reads a whole reach names exactly those whom the rules name one by one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.annees import comptees
from tdba.effectifs.models import Contrat, Effectif
from tdba.effectifs.statuts import Statut
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.vigilance import queries_personne, selection
from tdba.vigilance.faits import faits
from tdba.vigilance.regles import Constat, Faits, Regle, constats, fenetre_employeur
from tests.conftest import MIDI
from tests.factories import un_effectif

JOUR = horloge.jour_de_paris(MIDI)
JOURS = [JOUR, JOUR + timedelta(days=9), JOUR + timedelta(days=40), date(2027, 2, 28), date(2027, 6, 30)]
SIRETS = ["11000001500013", "11000001500021", None]


def une_base(session: Session, organismes: list[Organisme], hasard: Random) -> None:
    """A few dozen records: none, one or several contracts, of any length, broken or not, some sent for two years."""
    for n in range(70):
        entree = date(2026, 9, 1) + timedelta(days=hasard.randint(-420, 90))
        fin = entree + timedelta(days=hasard.choice([200, 365, 730]))
        contrats = [un_contrat(entree, hasard) for _ in range(hasard.choice([0, 1, 1, 2, 3, 4]))]
        organisme = hasard.choice(organismes)
        communes: dict[str, Any] = {"id_erp": f"e{n}", "entree": entree, "fin": fin, "contrats": contrats}
        if hasard.random() < 0.1:
            communes["exclusion"] = entree + timedelta(days=hasard.randint(60, 300))
        sirets = [hasard.choice(SIRETS) for _ in contrats]
        for annee in ("2025-2026", "2026-2027") if hasard.random() < 0.3 else ("2026-2027",):
            effectif = un_effectif(session, organisme, annee_scolaire=annee, **communes)
            for contrat, siret in zip(contrats_de(session, effectif.id), sirets, strict=True):
                contrat.employeur_siret = siret
    session.commit()


def un_contrat(entree: date, hasard: Random) -> tuple[date, date | None, date | None]:
    debut = entree + timedelta(days=hasard.choice([0, 0, 30, 90, 200, hasard.randint(-60, 300)]))
    terme = None if hasard.random() < 0.1 else debut + timedelta(days=hasard.choice([80, 100, 300, 365, 400]))
    rupture = debut + timedelta(days=hasard.randint(-2, 250)) if hasard.random() < 0.5 else None
    return debut, terme, rupture


def contrats_de(session: Session, effectif_id: int) -> list[Contrat]:
    requete = select(Contrat).where(Contrat.effectif_id == effectif_id).order_by(Contrat.rang)
    return list(session.execute(scope.autorisee(requete, Droit.CORRIGER)).scalars())


def dernier_jour(contrat: Contrat) -> date:
    if contrat.rupture is not None:
        return contrat.rupture - timedelta(days=1)
    return contrat.fin or date.max


Employeurs = dict[tuple[int, str], dict[tuple[str, date], date | None]]
"""Establishment and employer → each contract, and its rupture when it counts."""


def employeurs(
    effectifs: Sequence[Effectif], contrats: Mapping[int, list[Contrat]], jour: date
) -> Employeurs:
    depuis = fenetre_employeur(jour)
    trouves: Employeurs = defaultdict(dict)
    for e in effectifs:
        for c in contrats[e.id]:
            assert c.debut is not None
            if c.employeur_siret and c.debut <= jour and dernier_jour(c) >= max(c.debut, depuis):
                compte = c.rupture is not None and depuis < c.rupture <= jour
                trouves[e.organisme_id, c.employeur_siret][e.id_erp, c.debut] = c.rupture if compte else None
    return trouves


def faits_de(e: Effectif, statut: int, contrats: list[Contrat], connus: Employeurs, jour: date) -> Faits:
    assert e.date_fin is not None
    f = Faits(statut, e.bornes[0], min(filter(None, (e.date_fin, e.date_exclusion))))
    # Of two contracts that start on the same day the later one stays; one that never ran is none.
    courus = [c for c in {c.debut: c for c in contrats}.values() if dernier_jour(c) >= (c.debut or date.max)]
    en_cours = [c for c in courus if (c.debut or date.max) <= jour <= dernier_jour(c)]
    if statut != Statut.APPRENTI or not en_cours:
        return f
    c = max(en_cours, key=lambda c: c.debut or date.min)
    chez = connus.get((e.organisme_id, c.employeur_siret or ""), {})
    rompus = [rupture for rupture in chez.values() if rupture is not None]
    return f._replace(
        debut=c.debut,
        terme=c.fin,
        rompu=c.rupture is not None,
        suivi=c.fin is not None and max(map(dernier_jour, courus)) > c.fin,
        ruptures=sum(1 for c in courus if c.rupture is not None and c.rupture <= jour),
        employeur_siret=c.employeur_siret,
        employeur_ruptures=len(rompus),
        employeur_contrats=len(chez),
        employeur_derniere=max(rompus, default=None),
    )


def attendus(session: Session, jour: date) -> dict[int, list[Constat]]:
    """Each record on its own, from its rows: what the statement must find."""
    effectifs = session.execute(scope.autorisee(select(Effectif), Droit.CORRIGER)).scalars().all()
    contrats = {e.id: contrats_de(session, e.id) for e in effectifs}
    connus = employeurs(effectifs, contrats, jour)
    trouves = {}
    for e in effectifs:
        etapes = reversed(list(zip(e.statuts, e.bornes, strict=True)))
        statut = next((s for s, borne in etapes if borne <= jour), 0)
        if e.annee_scolaire not in comptees(jour) or statut not in (Statut.INSCRIT, Statut.APPRENTI):
            continue
        if nommees := constats(faits_de(e, statut, contrats[e.id], connus, jour), jour):
            trouves[e.id] = nommees
    return trouves


def lus_en_base(jour: date) -> dict[int, list[Constat]]:
    r = selection.raisons(faits(jour), jour)
    requete = select(r.c.effectif_id, r.c.regle, r.c.depuis, r.c.echeance).order_by(r.c.effectif_id, r.c.rang)
    trouves: dict[int, list[Constat]] = defaultdict(list)
    for effectif_id, regle, depuis, echeance in db.session.execute(scope.autorisee(requete, Droit.CORRIGER)):
        trouves[effectif_id].append(Constat(Regle(regle), depuis, echeance))
    return dict(trouves)


def lus_un_a_un(session: Session, jour: date) -> dict[int, list[Constat]]:
    """As a sheet reads them."""
    ids = session.execute(scope.autorisee(select(Effectif.id), Droit.CORRIGER)).scalars().all()
    lignes = {id_: queries_personne.ligne(id_, jour) for id_ in ids}
    return {id_: ligne.constats for id_, ligne in lignes.items() if ligne is not None}


@pytest.mark.parametrize("graine", [1, 2])
def test_la_base_et_les_regles_nomment_les_memes_pour_les_memes_jours(
    session: Session, cfa: Organisme, annexe: Organisme, graine: int
) -> None:
    une_base(session, [cfa, annexe], Random(graine))  # noqa: S311 - invented dates
    vues: set[Regle] = set()
    for jour in JOURS:
        attendu = attendus(session, jour)
        assert lus_en_base(jour) == attendu
        assert lus_un_a_un(session, jour) == attendu
        vues |= {c.regle for nommees in attendu.values() for c in nommees}
    assert vues == set(Regle)
