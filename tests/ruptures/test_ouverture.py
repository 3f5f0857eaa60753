"""Files that open, close and open again by themselves (issue 6, part 2). The day is Wednesday 18 November 2026."""

import random
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, jobs, scope
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.effectifs.statuts import Statut
from tdba.jobs import Tache
from tdba.organismes.models import Organisme
from tdba.ruptures import notes, ouverture, synchronisation
from tdba.ruptures.models import Demarche, Opposition
from tdba.scope import Droit, Portee, RoleSql, Scope
from tests.factories import les_territoires, un_effectif, un_organisme, une_personne
from tests.ruptures.aides_dossiers import changer, dossier_de, dossiers

ENTREE, OCTOBRE, FIN = date(2026, 9, 1), date(2026, 10, 1), date(2027, 8, 31)
TERME, LENDEMAIN = date(2026, 11, 10), date(2026, 11, 11)
JOUR = date(2026, 11, 18)
SANS_CONTRAT = ("SANS_CONTRAT", ENTREE, date(2027, 9, 1), "FIN_DE_FORMATION")
A_TERME = ("FIN_DE_CONTRAT", LENDEMAIN, FIN, "FIN_DE_FORMATION")


@pytest.fixture
def cfa(session: Session) -> Organisme:
    les_territoires(session)
    return un_organisme(session, "CFA Rennes")


# At once, for the change of one person ------------------------------------------------------------------------------


def test_sans_contrat_ce_jour_le_dossier_s_ecrit_avec_le_changement(session: Session, cfa: Organisme) -> None:
    assert dossiers(un_effectif(session, cfa)) == [SANS_CONTRAT]


def test_un_contrat_arrive_a_terme_a_son_dossier(session: Session, cfa: Organisme) -> None:
    assert dossiers(un_effectif(session, cfa, contrats=[(OCTOBRE, TERME, None)])) == [A_TERME]


def test_ce_qui_est_a_venir_ou_deja_fini_n_ouvre_rien(session: Session, cfa: Organisme) -> None:
    """Not before the day, and not for days already over."""
    a_venir = un_effectif(session, cfa, contrats=[(OCTOBRE, date(2026, 12, 10), None)])
    entree_a_venir = un_effectif(session, cfa, entree=date(2026, 12, 1))
    fini = un_effectif(session, cfa, contrats=[(OCTOBRE, date(2026, 10, 20), None), (TERME, FIN, None)])
    assert [dossiers(e) for e in (a_venir, entree_a_venir, fini)] == [[], [], []]


def test_le_delai_depasse_n_empeche_pas_d_ouvrir(session: Session, cfa: Organisme) -> None:
    depuis = date(2026, 1, 5)
    perdu = un_effectif(session, cfa, entree=depuis, fin=FIN)
    a_terme = un_effectif(session, cfa, entree=depuis, contrats=[(depuis, date(2026, 2, 10), None)])
    assert [d[:2] for d in (*dossiers(perdu), *dossiers(a_terme))] == [
        ("SANS_CONTRAT", depuis),
        ("FIN_DE_CONTRAT", date(2026, 2, 11)),
    ]


def test_exclu_ou_formation_finie_personne_n_est_suivi(session: Session, cfa: Organisme) -> None:
    exclu = un_effectif(session, cfa, exclusion=date(2026, 11, 2))
    fini = un_effectif(session, cfa, fin=date(2026, 11, 17))
    assert [dossiers(e) for e in (exclu, fini)] == [[], []]


def test_un_nouveau_contrat_clot_et_s_il_est_retire_le_dossier_rouvre(
    session: Session, cfa: Organisme
) -> None:
    """The same file: its steps are found again, and what was confirmed is to be confirmed anew."""
    jeune = un_effectif(session, cfa, contrats=[(OCTOBRE, TERME, None)])
    changer(session, jeune, (OCTOBRE, TERME, None), (JOUR, FIN, None))
    assert dossiers(jeune) == [("FIN_DE_CONTRAT", LENDEMAIN, JOUR, "NOUVEAU_CONTRAT")]
    dossier_de(jeune, "FIN_DE_CONTRAT").confirmee_le = horloge.maintenant()
    session.flush()
    changer(session, jeune, (OCTOBRE, TERME, None))
    assert dossiers(jeune) == [A_TERME]
    assert dossier_de(jeune, "FIN_DE_CONTRAT").confirmee_le is None


def test_une_fermeture_inchangee_reste_confirmee(session: Session, cfa: Organisme) -> None:
    jeune = un_effectif(session, cfa)
    changer(session, jeune, (JOUR, FIN, None))
    dossier_de(jeune, "SANS_CONTRAT").confirmee_le = horloge.maintenant()
    session.flush()
    changer(session, jeune, (JOUR, date(2027, 7, 31), None))
    assert dossiers(jeune)[0][2:] == (JOUR, "NOUVEAU_CONTRAT")
    assert dossier_de(jeune, "SANS_CONTRAT").confirmee_le is not None


def test_un_premier_contrat_annule_rouvre_le_dossier_sans_contrat(session: Session, cfa: Organisme) -> None:
    jeune = un_effectif(session, cfa)
    changer(session, jeune, (OCTOBRE, FIN, None))
    assert dossiers(jeune) == [("SANS_CONTRAT", ENTREE, OCTOBRE, "NOUVEAU_CONTRAT")]
    changer(session, jeune)
    assert dossiers(jeune) == [SANS_CONTRAT]


def test_le_nouveau_contrat_rompu_a_son_dossier_a_lui(session: Session, cfa: Organisme) -> None:
    jeune = un_effectif(session, cfa)
    changer(session, jeune, (OCTOBRE, FIN, TERME))
    assert [d[0] for d in dossiers(jeune)] == ["SANS_CONTRAT", "RUPTURE"]


def test_qui_n_a_jamais_ete_sans_contrat_a_un_dossier_sans_objet(session: Session, cfa: Organisme) -> None:
    sans, a_terme = un_effectif(session, cfa), un_effectif(session, cfa, contrats=[(OCTOBRE, TERME, None)])
    changer(session, sans, (ENTREE, FIN, None))
    changer(session, a_terme, (OCTOBRE, FIN, None))
    assert dossiers(sans) == [("SANS_CONTRAT", ENTREE, ENTREE, "SANS_OBJET")]
    assert ("FIN_DE_CONTRAT", LENDEMAIN, LENDEMAIN, "SANS_OBJET") in dossiers(a_terme)


def test_un_terme_qui_etait_une_rupture_garde_le_meme_suivi(session: Session, cfa: Organisme) -> None:
    jeune = un_effectif(session, cfa, entree=OCTOBRE, contrats=[(OCTOBRE, TERME, None)])
    ancien = dossier_de(jeune, "FIN_DE_CONTRAT").id
    changer(session, jeune, (OCTOBRE, FIN, date(2026, 11, 5)))
    assert [d[:2] for d in dossiers(jeune)] == [("RUPTURE", date(2026, 11, 5))]
    assert dossier_de(jeune, "RUPTURE").id == ancien


def test_la_fiche_remplacee_par_celle_de_cette_annee_n_ouvre_rien(session: Session, cfa: Organisme) -> None:
    un_effectif(session, cfa, id_erp="meme")
    ancienne = un_effectif(session, cfa, id_erp="meme", annee_scolaire="2025-2026", entree=date(2026, 1, 5))
    seule = un_effectif(session, cfa, annee_scolaire="2025-2026", entree=date(2026, 1, 5))
    assert dossiers(ancienne) == []
    assert len(dossiers(seule)) == 1


def test_une_opposition_empeche_d_ouvrir(session: Session, cfa: Organisme) -> None:
    jeune = un_effectif(session, cfa, contrats=[(OCTOBRE, FIN, None)])
    session.add(
        Opposition(
            effectif_id=jeune.id,
            organisme_id=cfa.id,
            annee_scolaire=jeune.annee_scolaire,
            recue_le=JOUR,
            personne_id=une_personne(session, "Dominique").id,
            cree_le=horloge.maintenant(),
        )
    )
    session.flush()
    changer(session, jeune)
    assert dossiers(jeune) == []


def test_la_correction_d_un_cfa_suffit_a_ouvrir(session: Session, cfa: Organisme) -> None:
    """Under `tdba_famille`, and for nobody else's record."""
    jeune = un_effectif(session, cfa, contrats=[(OCTOBRE, TERME, None)])
    dossier_de(jeune, "FIN_DE_CONTRAT")
    session.delete(dossier_de(jeune, "FIN_DE_CONTRAT"))
    voisin = un_organisme(session, "CFA Brest", departement="29")
    session.commit()
    for organisme, attendu in ((voisin, 0), (cfa, 1)):
        portee = Portee(organismes=frozenset({organisme.id}))
        droits = {Droit.CORRIGER: portee, Droit.VOIR_NOMINATIF: portee}
        with scope.sous(Scope(droits=droits, role=RoleSql.FAMILLE)):
            synchronisation.synchroniser([jeune.id])
            session.commit()
        assert len([d for d in dossiers(jeune) if d[0] == "FIN_DE_CONTRAT"]) == attendu


# By a job, for a batch, and when the day changes --------------------------------------------------------------------


def demandees() -> list[str]:
    requete = select(Tache.cle).where(Tache.nom == "ruptures.ouvrir").order_by(Tache.cle)
    return list(db.session.execute(requete).scalars())


def test_un_lot_n_ouvre_rien_et_demande_a_l_ouvrir(
    session: Session, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synchronisation, "TOUT_DE_SUITE", 0)
    jeunes = [un_effectif(session, cfa) for _ in range(3)]
    assert [dossiers(jeune) for jeune in jeunes] == [[], [], []]
    assert set(demandees()) == {f'{{"organisme_id":{cfa.id}}}'}
    session.commit()
    assert jobs.executer("ruptures.ouvrir", demandees()[0])
    assert [dossiers(jeune) for jeune in jeunes] == [[SANS_CONTRAT]] * 3
    assert demandees() == []


def test_le_jour_venu_la_nuit_ouvre_le_dossier(session: Session, cfa: Organisme) -> None:
    """The day after the term, the day of entry; asked twice, once."""
    a_terme = un_effectif(session, cfa, contrats=[(OCTOBRE, date(2026, 12, 10), None)])
    entre = un_effectif(session, cfa, entree=date(2026, 12, 11))
    assert ouverture.ouvrir_du_jour(session.commit, date(2026, 12, 10)) == 0
    assert ouverture.ouvrir_du_jour(session.commit, date(2026, 12, 11)) == 2
    assert ouverture.ouvrir_du_jour(session.commit, date(2026, 12, 11)) == 0
    assert [d[:2] for d in (*dossiers(a_terme), *dossiers(entre))] == [
        ("FIN_DE_CONTRAT", date(2026, 12, 11)),
        ("SANS_CONTRAT", date(2026, 12, 11)),
    ]


@pytest.mark.parametrize(
    ("minuit", "jour"),
    [
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),  # still summer time
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),  # winter time
        (datetime(2027, 3, 27, 23, 0, tzinfo=UTC), date(2027, 3, 28)),  # still winter time
        (datetime(2027, 3, 28, 22, 0, tzinfo=UTC), date(2027, 3, 29)),  # summer time
        (datetime(2028, 2, 28, 23, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_le_jour_commence_a_minuit_a_paris_les_nuits_de_changement_d_heure_aussi(
    session: Session, cfa: Organisme, minuit: datetime, jour: date
) -> None:
    """A term reached the day before: no file a second before midnight, one at midnight."""
    debut = jour - timedelta(days=100)
    annee = "2027-2028" if jour.year == 2028 else "2026-2027"
    fin = date(2029, 8, 31)
    with horloge.regler(minuit - timedelta(seconds=1)):
        jeune = un_effectif(
            session,
            cfa,
            entree=debut,
            fin=fin,
            annee_scolaire=annee,
            contrats=[(debut, jour - timedelta(days=1), None)],
        )
        assert dossiers(jeune) == []
    with horloge.regler(minuit):
        synchronisation.synchroniser([jeune.id])
        assert [d[:2] for d in dossiers(jeune)] == [("FIN_DE_CONTRAT", jour)]


def test_une_fiche_a_la_corbeille_n_ouvre_rien(session: Session, cfa: Organisme) -> None:
    """In the bin, it waits to come back; nobody's file opens meanwhile."""
    jeune: Effectif = un_effectif(session, cfa, entree=date(2026, 12, 11))
    jeune.corbeille_le = horloge.maintenant()
    session.flush()
    assert ouverture.ouvrir_du_jour(session.commit, date(2026, 12, 11)) == 0


# Everyone, against the statuses ---------------------------------------------------------------------------------


def tires(session: Session, cfa: Organisme, nombre: int) -> list[Effectif]:
    """Records of any shape around the day: contracts that overlap, end, break, never run; exclusions."""
    hasard = random.Random(31)  # noqa: S311 - reproducible, not secret

    def vers(jour: date, bas: int, haut: int) -> date:
        return jour + timedelta(days=hasard.randint(bas, haut))

    jeunes = []
    for _ in range(nombre):
        entree = vers(JOUR, -400, 20)
        contrats: list[tuple[date, date | None, date | None]] = []
        for _ in range(hasard.randint(0, 3)):
            debut = vers(entree, -20, 350)
            fin = hasard.choice([None, vers(debut, -2, 300)])
            contrats.append((debut, fin, hasard.choice([None, None, vers(debut, 0, 200)])))
        exclusion = hasard.choice([None, None, None, vers(entree, 30, 300)])
        fin_formation = vers(entree, 60, 900)
        jeunes.append(
            un_effectif(
                session, cfa, entree=entree, fin=fin_formation, contrats=contrats, exclusion=exclusion
            )
        )
    return jeunes


def test_la_nuit_chacun_de_ceux_qui_attendent_un_contrat_a_un_dossier_ouvert_et_un_seul(
    session: Session, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is lost and nobody is twice, whatever was sent; opened by the night's job alone."""
    monkeypatch.setattr(synchronisation, "TOUT_DE_SUITE", 0)
    jeunes = tires(session, cfa, 120)
    vus = set()
    for jour in (JOUR, JOUR + timedelta(days=45), JOUR + timedelta(days=200)):
        ouverture.ouvrir_du_jour(session.commit, jour)
        for jeune in jeunes:
            rang = rang_de(jeune, jour)
            en_contrat = rang >= 0 and jeune.statuts[rang] == Statut.APPRENTI
            trouves = [d for d in dossiers(jeune) if d[1] <= jour and (d[2] is None or jour < d[2])]
            # A broken contract beside one that still runs has its file, which lists leave out (decision 31).
            if not en_contrat and jour != jeune.date_fin:
                assert len(trouves) == attendu(jeune, jour)
            vus |= {d[0] for d in trouves}
    assert vus == {"RUPTURE", "FIN_DE_CONTRAT", "SANS_CONTRAT"}


def rang_de(jeune: Effectif, jour: date) -> int:
    return bisect_right(jeune.bornes, jour) - 1


def attendu(jeune: Effectif, jour: date) -> int:
    """1 for who is INSCRIT or RUPTURANT, or in ABANDON by delay after it, while the formation goes on."""
    rang = rang_de(jeune, jour)
    fini = jeune.date_fin is not None and jour > jeune.date_fin
    exclu = jeune.date_exclusion is not None and jeune.date_exclusion <= jour
    if rang < 0 or fini or exclu:
        return 0
    if jeune.statuts[rang] == Statut.ABANDON:
        rang -= 1
    return int(rang >= 0 and jeune.statuts[rang] in (Statut.INSCRIT, Statut.RUPTURANT))


# Notes --------------------------------------------------------------------------------------------------------------


def test_une_note_echue_s_efface_la_demarche_reste(session: Session, cfa: Organisme) -> None:
    jeune = un_effectif(session, cfa)
    dossier = dossier_de(jeune, "SANS_CONTRAT")
    auteur = une_personne(session, "Camille").id
    demarches = [
        Demarche(
            dossier_id=dossier.id,
            organisme_id=cfa.id,
            annee_scolaire=jeune.annee_scolaire,
            nature="APPEL",
            le=horloge.maintenant(),
            note="rappeler le soir",
            note_jusqu_au=jusqu_au,
            personne_id=auteur,
        )
        for jusqu_au in (JOUR - timedelta(days=1), JOUR, None)
    ]
    session.add_all(demarches)
    session.flush()
    assert notes.purger(session.commit, JOUR) == 1
    for demarche in demarches:
        session.refresh(demarche)
    assert [d.note for d in demarches] == [None, "rappeler le soir", "rappeler le soir"]
    assert notes.purger(session.commit, JOUR) == 0
