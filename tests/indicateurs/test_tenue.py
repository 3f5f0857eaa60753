"""The counting tables say, at any time, what the parcours and the files of ruptures say (decision 29)."""

import random
from bisect import bisect_right
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tdba import abonnes, scope
from tdba.effectifs import parcours
from tdba.effectifs.annees import comptees
from tdba.effectifs.models import Contrat, Effectif, Periode
from tdba.indicateurs import service
from tdba.indicateurs.models import Attente, Courbe, Mouvement
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests import factories as f

JOURS = [date(2025, 10, 1), date(2026, 3, 31), date(2026, 9, 15), date(2026, 11, 18), date(2027, 2, 1)]

Comptes = Counter[tuple[Any, ...]]


@pytest.fixture
def deux_cfa(session: Session) -> list[Organisme]:
    f.les_territoires(session)
    return [f.un_organisme(session, "Un"), f.un_organisme(session, "Deux")]


def lire(session: Session, requete: Any) -> list[Any]:
    return list(session.execute(scope.autorisee(requete, Droit.VOIR_INDICATEURS)))


def comptes(session: Session, jour: date) -> Comptes:
    """What the counting tables say on a day, with the years that count then."""
    m, c, a, annees = Mouvement, Courbe, Attente, comptees(jour)
    mouvements = select(m.organisme_id, m.niveau, m.statut, func.sum(m.n)).where(
        m.jour <= jour, m.annee_scolaire.in_(annees)
    )
    courbes = select(c.organisme_id, c.niveau, c.statut, c.jours, c.cumuls).where(
        c.annee_scolaire.in_(annees)
    )
    attentes = select(a.organisme_id, a.genre, a.depuis, func.sum(a.n)).where(
        a.depuis <= jour, a.clos > jour, a.annee_scolaire.in_(annees)
    )
    trouve: Comptes = Counter()
    for *cle, n in lire(session, mouvements.group_by(m.organisme_id, m.niveau, m.statut)):
        trouve[tuple(cle)] += n
    for *cle, jours, cumuls in lire(session, courbes):
        rang = bisect_right(jours, jour)
        trouve[tuple(cle)] += cumuls[rang - 1] if rang else 0
    for *cle, n in lire(session, attentes.group_by(a.organisme_id, a.genre, a.depuis)):
        trouve[tuple(cle)] += n
    return Counter({cle: n for cle, n in trouve.items() if n})


def recompter(session: Session, jour: date) -> Comptes:
    """The same, one record at a time, from the periods and the files."""
    annees, trouve = comptees(jour), Counter[tuple[Any, ...]]()
    effectifs = {e.id: e for (e,) in lire(session, select(Effectif)) if e.corbeille_le is None}
    for (p,) in lire(session, select(Periode).where(Periode.annee_scolaire.in_(annees))):
        if p.effectif_id in effectifs and p.du <= jour and (p.au is None or jour < p.au):
            trouve[p.organisme_id, effectifs[p.effectif_id].niveau or 0, p.statut] += 1
            if p.statut == 1:
                trouve[p.organisme_id, "SANS_CONTRAT", p.du] += 1
    for (d,) in lire(session, select(Dossier).where(Dossier.annee_scolaire.in_(annees))):
        ouvert = d.ouvert_du <= jour and (d.clos_du is None or jour < d.clos_du)
        if d.genre == "RUPTURE" and d.effectif_id in effectifs and ouvert:
            trouve[d.organisme_id, d.genre, d.ouvert_du] += 1
    return trouve


def changer(session: Session, effectif: Effectif, changement: Any) -> None:
    """Change a record as the services do: announce, write, compute, announce."""
    abonnes.annoncer("avant_parcours", [effectif.id])
    changement()
    session.flush()
    parcours.recalculer([effectif.id])
    abonnes.annoncer("apres_parcours", [effectif.id])
    session.commit()
    session.refresh(effectif)


def ecrire(session: Session, requete: Any) -> None:
    session.execute(scope.pour_ecriture(requete, Droit.CORRIGER))


def nombre_de_lignes(session: Session) -> int:
    return sum(lire(session, select(func.count()).select_from(m))[0][0] for m in (Mouvement, Courbe, Attente))


def au_hasard(alea: random.Random, session: Session, effectif: Effectif) -> None:
    """One change among those that people and ERPs make."""
    jour = date(2025, 9, 1) + timedelta(days=alea.randrange(500))
    contrat = Contrat(
        effectif_id=effectif.id,
        organisme_id=effectif.organisme_id,
        annee_scolaire=effectif.annee_scolaire,
        rang=9,
        debut=jour,
        fin=jour + timedelta(days=alea.randrange(400)),
        rupture=jour + timedelta(days=alea.randrange(1, 200)) if alea.random() < 0.5 else None,
    )
    par_effectif = Contrat.effectif_id == effectif.id
    changements = [
        lambda: None,
        lambda: session.add(contrat),
        lambda: ecrire(session, delete(Contrat).where(par_effectif)),
        lambda: ecrire(session, update(Contrat).where(par_effectif).values(rupture=jour)),
        lambda: setattr(effectif, "niveau", alea.choice([None, 3, 5])),
        lambda: setattr(effectif, "date_exclusion", alea.choice([None, jour])),
        lambda: setattr(effectif, "date_entree", jour),
        lambda: setattr(effectif, "corbeille_le", None if effectif.corbeille_le else effectif.maj_le),
    ]
    changer(session, effectif, alea.choice(changements))


@pytest.mark.parametrize("graine", range(4))
def test_figures_are_those_of_a_recount_whatever_the_changes(
    session: Session, deux_cfa: list[Organisme], graine: int
) -> None:
    alea = random.Random(graine)  # noqa: S311 - a draw of tests
    contrat = (date(2025, 10, 1), date(2026, 8, 31), date(2026, 2, 1))
    effectifs = [f.un_sans_contrat(session, cfa, depuis=d) for cfa in deux_cfa for d in (10, 80, 200)]
    for annee in ("2025-2026", "2026-2026"):
        debut = date(2025, 9, 1)
        effectifs += [
            f.un_effectif(session, cfa, entree=debut, annee_scolaire=annee, contrats=[contrat])
            for cfa in deux_cfa
        ]
    for tour in range(40):
        au_hasard(alea, session, alea.choice(effectifs))
        if tour % 10 == 9:
            service.compacter([cfa.id for cfa in deux_cfa])
    for jour in JOURS:
        assert comptes(session, jour) == recompter(session, jour)
        assert recompter(session, jour) or jour == JOURS[0]
    assert service.verifier([cfa.id for cfa in deux_cfa]) == []


def test_a_change_that_moves_no_figure_writes_no_row(session: Session, deux_cfa: list[Organisme]) -> None:
    effectif = f.une_rupture(session, deux_cfa[0])
    avant = nombre_de_lignes(session)
    changer(session, effectif, lambda: setattr(effectif, "telephone", "0600000000"))
    assert nombre_de_lignes(session) == avant


def test_a_change_undone_leaves_no_trace(session: Session, deux_cfa: list[Organisme]) -> None:
    effectif = f.un_sans_contrat(session, deux_cfa[0])
    avant = comptes(session, JOURS[3])
    essai = session.begin_nested()
    abonnes.annoncer("avant_parcours", [effectif.id])
    essai.rollback()
    changer(session, effectif, lambda: None)
    assert comptes(session, JOURS[3]) == avant


def test_a_record_in_the_bin_is_counted_nowhere_until_it_comes_back(
    session: Session, deux_cfa: list[Organisme]
) -> None:
    effectif = f.une_rupture(session, deux_cfa[0])
    avant = comptes(session, JOURS[3])
    changer(session, effectif, lambda: setattr(effectif, "corbeille_le", effectif.maj_le))
    assert comptes(session, JOURS[3]) == Counter()
    changer(session, effectif, lambda: setattr(effectif, "corbeille_le", None))
    assert comptes(session, JOURS[3]) == avant


def test_two_changes_announced_one_inside_the_other_count_once_each(
    session: Session, deux_cfa: list[Organisme]
) -> None:
    un, deux = (f.un_sans_contrat(session, deux_cfa[0], depuis=d) for d in (10, 20))
    avant = comptes(session, JOURS[3])
    abonnes.annoncer("avant_parcours", [un.id])
    changer(session, deux, lambda: None)
    abonnes.annoncer("apres_parcours", [un.id])
    assert comptes(session, JOURS[3]) == avant


def test_compaction_keeps_every_figure_and_fewer_rows(session: Session, deux_cfa: list[Organisme]) -> None:
    for _ in range(6):
        f.un_apprenti(session, deux_cfa[0])
        f.un_sans_contrat(session, deux_cfa[1], depuis=20)
    avant, lignes = {jour: comptes(session, jour) for jour in JOURS}, nombre_de_lignes(session)
    service.compacter([cfa.id for cfa in deux_cfa])
    compactees = nombre_de_lignes(session)
    assert {jour: comptes(session, jour) for jour in JOURS} == avant
    # One curve for each status, and one row for the wait: 42 rows before, for six youths of each kind.
    assert (lignes, compactees) == (42, 5)
    f.un_apprenti(session, deux_cfa[0])
    service.compacter([cfa.id for cfa in deux_cfa])
    assert nombre_de_lignes(session) == compactees
    assert service.verifier([cfa.id for cfa in deux_cfa]) == []


def test_recomputing_whole_organismes_draws_their_curves_at_once(
    session: Session, deux_cfa: list[Organisme]
) -> None:
    f.une_rupture(session, deux_cfa[0])
    f.un_apprenti(session, deux_cfa[1])
    ids, avant = [cfa.id for cfa in deux_cfa], {jour: comptes(session, jour) for jour in JOURS}
    vide = {"bornes": [], "statuts": [], "empreinte_parcours": None}
    ecrire(session, update(Effectif).values(vide))
    for modele in (Periode, Mouvement, Attente, Dossier):
        ecrire(session, delete(modele))
    assert parcours.recalculer_organismes(ids) == (2, 2)
    assert lire(session, select(Mouvement)) == []
    assert {jour: comptes(session, jour) for jour in JOURS} == avant
    assert service.verifier(ids) == []


def test_a_few_changes_among_many_append_and_redraw_nothing(
    session: Session, deux_cfa: list[Organisme]
) -> None:
    effectifs = [f.un_apprenti(session, deux_cfa[0]) for _ in range(8)]
    service.compacter([deux_cfa[0].id])
    ecrire(
        session,
        update(Contrat).where(Contrat.effectif_id == effectifs[0].id).values(rupture=date(2026, 10, 1)),
    )
    assert parcours.recalculer_organismes([deux_cfa[0].id]) == (8, 1)
    assert lire(session, select(func.count()).select_from(Mouvement))[0][0] > 0
    assert service.verifier([deux_cfa[0].id]) == []


def test_a_curve_drawn_again_takes_in_what_came_since(session: Session, deux_cfa: list[Organisme]) -> None:
    ids = [cfa.id for cfa in deux_cfa]
    rupture = f.une_rupture(session, deux_cfa[0])
    service.compacter(ids)
    f.un_apprenti(session, deux_cfa[0])
    changer(session, rupture, lambda: setattr(rupture, "date_exclusion", date(2026, 11, 2)))
    avant = {jour: comptes(session, jour) for jour in JOURS}
    service.compacter(ids)
    assert lire(session, select(Mouvement)) == []
    assert {jour: comptes(session, jour) for jour in JOURS} == avant
    assert {jour: recompter(session, jour) for jour in JOURS} == avant


def test_compaction_drops_what_cancels_out(session: Session, deux_cfa: list[Organisme]) -> None:
    effectif = f.un_sans_contrat(session, deux_cfa[0])
    changer(session, effectif, lambda: setattr(effectif, "corbeille_le", effectif.maj_le))
    assert nombre_de_lignes(session) > 0
    service.compacter([deux_cfa[0].id])
    assert nombre_de_lignes(session) == 0


def test_only_organismes_with_enough_new_rows_are_compacted(
    session: Session, deux_cfa: list[Organisme]
) -> None:
    for _ in range(5):
        f.un_apprenti(session, deux_cfa[0])
    f.un_apprenti(session, deux_cfa[1])
    lots = []
    service.compacter_tout(lambda: lots.append(1), seuil=8)
    pliees = lire(session, select(Courbe.organisme_id).distinct())
    assert [o for (o,) in pliees] == [deux_cfa[0].id]
    service.compacter_tout(lambda: lots.append(1), seuil=8)
    assert lots == [1]


def test_the_proof_names_the_key_that_drifted_and_rebuilding_repairs_it(
    session: Session, deux_cfa: list[Organisme]
) -> None:
    f.un_apprenti(session, deux_cfa[0])
    ids = [cfa.id for cfa in deux_cfa]
    juste = comptes(session, JOURS[3])
    ecrire(session, update(Mouvement).where(Mouvement.n > 0, Mouvement.statut == 2).values(n=3))
    assert [(e.table, e.organisme_id, e.cle[2:], e.n) for e in service.verifier(ids)] == [
        ("mouvement", deux_cfa[0].id, ("2", "2026-09-01"), 2)
    ]
    service.reconstruire(ids)
    assert service.verifier(ids) == []
    assert comptes(session, JOURS[3]) == juste


def test_a_correction_is_counted_under_the_role_of_a_cfa(session: Session, deux_cfa: list[Organisme]) -> None:
    effectif = f.un_apprenti(session, deux_cfa[0])
    moi = scope.Portee(frozenset({deux_cfa[0].id}))
    droits = dict.fromkeys((Droit.VOIR_NOMINATIF, Droit.CORRIGER, Droit.VOIR_INDICATEURS), moi)
    session.commit()
    with scope.sous(scope.Scope(droits=droits)):
        abonnes.annoncer("avant_parcours", [effectif.id])
        requete = update(Contrat).where(Contrat.effectif_id == effectif.id).values(rupture=date(2026, 10, 1))
        ecrire(session, requete)
        parcours.recalculer([effectif.id])
        abonnes.annoncer("apres_parcours", [effectif.id])
        session.commit()
    trouve = comptes(session, JOURS[3])
    assert trouve[deux_cfa[0].id, 3, 3] == 1
    assert trouve[deux_cfa[0].id, "RUPTURE", date(2026, 10, 1)] == 1
    assert service.verifier([deux_cfa[0].id]) == []
