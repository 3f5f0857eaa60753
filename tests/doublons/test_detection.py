"""Which pairs are found: within a family, at once and by night alike, and what becomes of those known so far."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tdba import abonnes, jobs, scope
from tdba.doublons import blocs, service
from tdba.effectifs import valeurs
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.portee import Droit, Portee, RoleSql, Scope
from tests import factories as f
from tests.doublons.aides import deux_fiches, doublons, nu, paires
from tests.points.aides import ouverts, phrases


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


def refaire(session: Session) -> list[tuple[int, int]]:
    """The pairs that the night finds, from nothing."""
    session.execute(text("DELETE FROM doublon"))
    service.detecter()
    return paires(session)


def changer(session: Session, fiche: Effectif, **valeurs_: object) -> None:
    for champ, valeur in valeurs_.items():
        setattr(fiche, champ, valeur)
    fiche.recherche = valeurs.recherche(fiche.nom, fiche.prenom)
    session.flush()
    abonnes.annoncer("apres_parcours", [fiche.id])
    session.commit()


def test_deux_fiches_d_un_meme_jeune_sont_trouvees_des_la_reception(session: Session, cfa: Organisme) -> None:
    a, b = deux_fiches(session, cfa, prenom="MAEL")
    assert paires(session) == [(a.id, b.id)]
    assert doublons(session)[0].raisons == ["MEME_NOM", "MEME_NAISSANCE", "MEME_FORMATION"]
    assert phrases(session, "DOUBLON") == [
        "Cette fiche ressemble à une autre (95 sur 100) : la même personne est peut-être comptée deux fois."
    ]


@pytest.mark.parametrize("lien", ["responsable", "formateurs", "siren"])
def test_une_famille_est_un_responsable_et_ses_formateurs_ou_une_meme_entite(
    session: Session, cfa: Organisme, lien: str
) -> None:
    autre = f.un_organisme(session, "CFA Brest", siren=cfa.siren if lien == "siren" else None)
    if lien == "responsable":
        f.une_relation(session, cfa, autre)
    elif lien == "formateurs":
        tete = f.un_organisme(session, "Tête")
        f.une_relation(session, tete, autre)
        f.une_relation(session, tete, cfa)
    a, b = deux_fiches(session, cfa, autre)
    assert paires(session) == [(a.id, b.id)] == refaire(session)


@pytest.mark.parametrize("partielle", [True, False])
def test_entre_etablissements_etrangers_ou_de_responsabilite_partielle_rien_n_est_compare(
    session: Session, cfa: Organisme, partielle: bool
) -> None:
    autre = f.un_organisme(session, "CFA Brest")
    if partielle:
        f.une_relation(session, cfa, autre, partielle=True)
    deux_fiches(session, cfa, autre)
    assert paires(session) == [] == refaire(session)


@pytest.mark.parametrize(
    "autre",
    [
        {},
        {"nom": "Maël", "prenom": "LE GALL"},
        {"nom": "LE GAL"},
        {"naissance": date(2007, 4, 5)},
        {"naissance": date(2007, 5, 14), "nom": "Le-Gall"},
        {"nom": "MARTIN", "prenom": "Anne", "ine": "123456789AB"},
        {"prenom": "Erwan"},
        {"naissance": date(2004, 1, 2)},
    ],
)
def test_ce_qu_un_changement_trouve_est_ce_que_la_nuit_trouve(
    session: Session, cfa: Organisme, autre: dict[str, object]
) -> None:
    a = nu(
        f.un_apprenti,
        session,
        cfa,
        nom="LE GALL",
        prenom="Maël",
        ine="123456789AB" if "ine" in autre else None,
    )
    b = nu(f.un_apprenti, session, cfa, **({"nom": "LE GALL", "prenom": "Maël"} | autre))
    attendu = (
        []
        if autre.keys() & {"prenom", "naissance"}
        and autre
        in (
            {"prenom": "Erwan"},
            {"naissance": date(2004, 1, 2)},
        )
        else [(a.id, b.id)]
    )
    assert paires(session) == attendu == refaire(session)


def test_une_paire_disparait_quand_la_ressemblance_cesse_et_revient_avec_elle(
    session: Session, cfa: Organisme
) -> None:
    a, b = deux_fiches(session, cfa)
    changer(session, b, prenom="Erwan")
    assert (paires(session), paires(session, "DISPARU")) == ([], [(a.id, b.id)])
    assert ouverts(session, "DOUBLON") == []
    changer(session, b, prenom="Maël")
    assert paires(session) == [(a.id, b.id)]
    assert len(ouverts(session, "DOUBLON")) == 1


def test_une_fiche_a_la_corbeille_n_est_plus_comparee(session: Session, cfa: Organisme) -> None:
    a, b = deux_fiches(session, cfa)
    changer(session, b, corbeille_le=b.cree_le)
    assert paires(session) == []
    service.detecter()
    assert paires(session, "DISPARU") == [(a.id, b.id)]


def test_ce_qui_fut_ecarte_le_reste_tant_que_l_identite_ne_change_pas(
    session: Session, cfa: Organisme
) -> None:
    a, b = deux_fiches(session, cfa, prenom="Maëll")
    session.execute(text("UPDATE doublon SET etat = 'ECARTE'"))
    changer(session, b, telephone="0611223344")
    service.detecter()
    assert paires(session, "ECARTE") == [(a.id, b.id)]
    changer(session, b, prenom="Maël")
    assert paires(session) == [(a.id, b.id)]


def test_une_fusion_le_reste(session: Session, cfa: Organisme) -> None:
    a, b = deux_fiches(session, cfa)
    session.execute(text("UPDATE doublon SET etat = 'FUSIONNE'"))
    changer(session, b, prenom="Erwan")
    changer(session, b, prenom="Mael")
    service.detecter()
    assert paires(session, "FUSIONNE") == [(a.id, b.id)]


def test_deux_etablissements_qui_ne_sont_plus_de_la_meme_famille_ne_sont_plus_compares(
    session: Session, cfa: Organisme
) -> None:
    autre = f.un_organisme(session, "CFA Brest")
    f.une_relation(session, cfa, autre)
    a, b = deux_fiches(session, cfa, autre)
    session.execute(text("DELETE FROM relation_organisme"))
    service.detecter_tout(lambda: None)
    assert paires(session, "DISPARU") == [(a.id, b.id)]


def test_une_cle_trop_commune_n_est_pas_regardee_et_c_est_dit(session: Session, cfa: Organisme) -> None:
    groupe = [
        blocs.Cles(cle, cfa.id, "2026-2027", f"NOM{cle} CAMILLE", date(2007, 5, 4), None)
        for cle in range(1, 6)
    ]
    assert blocs.candidats([groupe], bloc_max=4) == (set(), 1)
    assert len(blocs.candidats([groupe], bloc_max=5).couples) == 10


def test_un_envoi_de_plus_de_cinquante_fiches_est_compare_par_une_tache(
    session: Session, cfa: Organisme
) -> None:
    a, b = deux_fiches(session, cfa)
    session.execute(text("DELETE FROM doublon"))
    service.suivre([a.id, b.id, *range(10**6, 10**6 + 60)])
    session.commit()
    assert paires(session) == []
    attente = session.execute(text("SELECT nom, cle, pas_avant - cree_le FROM tache")).one()
    assert attente == ("doublons.comparer_organisme", f'{{"organisme_id":{cfa.id}}}', timedelta(minutes=1))
    session.execute(text("UPDATE tache SET pas_avant = cree_le"))
    session.commit()
    assert jobs.executer(*attente[:2])
    assert paires(session) == [(a.id, b.id)]


def test_refaire_ne_change_rien(session: Session, cfa: Organisme) -> None:
    deux_fiches(session, cfa)
    avant = [(d.id, d.etat, d.score, d.maj_le) for d in doublons(session)]
    assert service.detecter()[1:3] == (0, 0)
    assert [(d.id, d.etat, d.score, d.maj_le) for d in doublons(session)] == avant
    with scope.systeme("test"):
        assert service.detecter([10**6]).compares == 0


def test_ce_que_change_un_formateur_est_compare_au_reste_de_la_famille_par_une_tache(
    session: Session, cfa: Organisme
) -> None:
    """A formateur's own transaction sees its site alone: the pair with the other one is found by the job."""
    annexe = f.un_organisme(session, "CFA Saint-Malo")
    f.une_relation(session, cfa, annexe)
    a, b = deux_fiches(session, cfa, annexe)
    session.execute(text("DELETE FROM doublon"))
    session.commit()
    portee = Portee(organismes=frozenset({annexe.id}))
    droits = {Droit.VOIR_NOMINATIF: portee, Droit.CORRIGER: portee}
    with scope.sous(Scope(droits=droits, role=RoleSql.FAMILLE)):
        assert service.comparer_fiches([b.id]).ouverts == 0
        session.commit()
    attente = session.execute(text("SELECT nom, cle FROM tache")).one()
    assert attente == ("doublons.comparer_fiches", f'{{"fiches":"{b.id}"}}')
    assert jobs.executer(*attente)
    assert paires(session) == [(a.id, b.id)]
