"""Moving a record to another establishment: all follows it, and nothing that its former ERP sends is lost or doubled."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.effectifs import corbeille, reception, transfert
from tdba.effectifs.lot_recu import Envoi, LigneRecue
from tdba.effectifs.models import Effectif
from tdba.effectifs.transfert import Demande
from tdba.errors import ErreurMetier
from tdba.organismes.models import Organisme
from tdba.transmissions.lignes import empreinte, lire
from tests import factories as f
from tests.conftest import MIDI
from tests.effectifs.aides import contrat_de, evenements, phrases
from tests.effectifs.aides_gestes import (
    agir,
    chiffres_justes,
    compte,
    fiches,
    mettre_a_la_corbeille,
    transferer,
    transferts,
)
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur
from tests.points.aides import ouverts
from tests.points.aides import phrases as points
from tests.transmissions.aides_api import Logiciel, travailler, une_ligne

_INSTANTS = count()


def test_le_transfert_se_dit_avant_puis_tout_suit_la_fiche(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa)
    vu = transferer(directrice, effectif.id, decor.annexe.id, action="voir")
    assert "ne sera plus comptée à CFA de Rennes mais à CFA annexe" in phrases(vu)
    assert "À reporter dans votre ERP" in phrases(vu)
    assert fiches(session)[0].organisme_id == decor.cfa.id
    assert transferer(directrice, effectif.id, decor.annexe.id).status_code == 303
    assert fiches(session)[0].organisme_id == decor.annexe.id
    assert contrat_de(session, effectif).organisme_id == decor.annexe.id
    assert (compte(session, decor.cfa.id), compte(session, decor.annexe.id)) == (0, 1)
    assert chiffres_justes(session, decor.cfa.id, decor.annexe.id)
    (fait,) = transferts(session)
    assert evenements(session, "effectif.transfere") == [
        {"ancien_organisme_id": decor.cfa.id, "motif": "CHANGEMENT_DE_SITE", "transfert_id": fait.id}
    ]
    assert points(session, "TRANSFEREE") == [
        "Cette fiche a été transférée à compter du 2 novembre 2026 ; l’ERP l’envoie encore pour CFA de Rennes. Ce qu’il en dit est retenu."
    ]


def test_annuler_remet_la_fiche_exactement_ou_elle_etait(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.une_rupture(session, decor.cfa, responsable_id=decor.cfa.id)
    avant = (effectif.organisme_id, effectif.responsable_id, list(effectif.bornes), list(effectif.statuts))
    transferer(directrice, effectif.id, decor.annexe.id)
    assert fiches(session)[0].responsable_id == decor.annexe.id
    (fait,) = transferts(session)
    for _ in range(2):
        assert directrice.post(f"/transferts/{fait.id}/annuler").status_code == 303
    (apres,) = fiches(session)
    assert (apres.organisme_id, apres.responsable_id, list(apres.bornes), list(apres.statuts)) == avant
    assert chiffres_justes(session, decor.cfa.id, decor.annexe.id)
    assert ouverts(session, "TRANSFEREE") == []
    assert len(evenements(session, "effectif.transfert_annule")) == 1


@pytest.mark.parametrize(
    ("saisies", "phrase"),
    [
        ({"a_compter_du": "2026-11-19"}, "Ce jour est à venir"),
        ({"a_compter_du": "2026-08-31"}, "Ce jour précède l’entrée en formation."),
        ({"motif": "AUTRE"}, "Précisez la raison en quelques mots."),
        ({"motif": ""}, "Choisissez une raison"),
        ({"a_compter_du": "31/02/2026"}, "Cette date n’existe pas"),
    ],
    ids=["to come", "before entry", "other untold", "no reason", "impossible date"],
)
def test_ce_qui_est_refuse_le_dit_et_n_ecrit_rien(
    session: Session, decor: Decor, directrice: Navigateur, saisies: dict[str, str], phrase: str
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    reponse = transferer(directrice, effectif.id, decor.annexe.id, **saisies)
    assert reponse.status_code == 422
    assert phrase in phrases(reponse)
    assert transferts(session) == []


def test_l_etablissement_qui_a_deja_la_fiche_est_refuse_avec_un_lien_pour_comparer(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa, id_erp="A-1")
    autre = f.un_apprenti(session, decor.annexe, id_erp="A-1")
    reponse = transferer(directrice, effectif.id, decor.annexe.id)
    assert reponse.status_code == 422
    assert f'href="/effectifs/{autre.id}"' in reponse.get_data(as_text=True)
    mettre_a_la_corbeille(directrice, autre.id)
    reponse = transferer(directrice, effectif.id, decor.annexe.id)
    assert f'href="/effectifs/{autre.id}/corbeille"' in reponse.get_data(as_text=True)


def test_ni_la_fiche_ni_l_etablissement_d_un_autre_n_existent(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    autre = f.un_apprenti(session, decor.voisin)
    assert transferer(directrice, autre.id, decor.cfa.id).status_code == 404
    sienne = f.un_apprenti(session, decor.cfa)
    # Out of the list offered: refused by the form, as any value that is not there.
    assert transferer(directrice, sienne.id, decor.voisin.id).status_code == 422
    assert transferts(session) == []


def test_l_erp_qui_envoie_encore_pour_l_ancien_site_ne_recree_rien(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    logiciel = Logiciel(directrice.app, session, decor.cfa)
    logiciel.envoyer([une_ligne(decor.cfa, nom_apprenant="PREMIER")])
    travailler(session)
    (effectif,) = fiches(session)
    transferer(directrice, effectif.id, decor.annexe.id)
    for nom in ("DEUXIEME", "DERNIER"):
        logiciel.envoyer([une_ligne(decor.cfa, nom_apprenant=nom)])
        travailler(session)
    assert [(e.nom, e.organisme_id) for e in fiches(session)] == [("PREMIER", decor.annexe.id)]
    assert len(ouverts(session, "TRANSFEREE")) == 1
    directrice.post(f"/transferts/{transferts(session)[0].id}/annuler")
    travailler(session)
    assert [(e.nom, e.organisme_id) for e in fiches(session)] == [("DERNIER", decor.cfa.id)]


def test_l_erp_qui_l_envoie_enfin_pour_le_nouveau_site_rejoint_le_transfert(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = f.un_apprenti(session, decor.cfa, id_erp="A-1")
    transferer(directrice, effectif.id, decor.annexe.id)
    Logiciel(directrice.app, session, decor.annexe).envoyer([une_ligne(decor.annexe, nom_apprenant="NEUF")])
    travailler(session)
    assert [(e.id, e.nom) for e in fiches(session)] == [(effectif.id, "NEUF")]
    (fait,) = transferts(session)
    assert fait.joint_le is not None
    assert ouverts(session, "TRANSFEREE") == []
    refus = directrice.post(f"/transferts/{fait.id}/annuler")
    assert refus.status_code == 422
    assert "Votre ERP envoie maintenant cette fiche pour son nouvel établissement" in phrases(refus)
    # The former site's ERP may lag behind: still held.
    Logiciel(directrice.app, session, decor.cfa).envoyer([une_ligne(decor.cfa, nom_apprenant="VIEUX")])
    travailler(session)
    assert [(e.id, e.nom) for e in fiches(session)] == [(effectif.id, "NEUF")]


def test_revenir_d_ou_l_on_vient_puis_annuler_le_retour(
    session: Session, decor: Decor, habilitation_directrice: Habilitation
) -> None:
    effectif = f.un_apprenti(session, decor.cfa)
    with agir(session, habilitation_directrice):
        aller(effectif.id, decor.annexe)
        retour = aller(effectif.id, decor.cfa)
        assert [t.annule_le is None for t in transferts(session)] == [False, True]
        transfert.annuler(retour.id, maintenant=MIDI)
        assert [t.annule_le is None for t in transferts(session)] == [True, False]
    assert fiches(session)[0].organisme_id == decor.annexe.id


def aller(effectif_id: int, organisme: Organisme) -> transfert.Transfert:
    demande = Demande(destination=organisme.id, a_compter_du=MIDI.date(), motif="ERREUR_DE_SITE")
    return transfert.transferer(
        effectif_id, demande, maintenant=MIDI + timedelta(microseconds=next(_INSTANTS))
    )


GESTES = st.lists(
    st.tuples(
        st.sampled_from(("envoi", "transfert", "annulation", "corbeille", "restauration")), st.integers(0, 1)
    ),
    max_size=6,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(gestes=GESTES)
def test_quoi_qu_il_arrive_il_n_y_a_qu_une_fiche_et_les_chiffres_sont_justes(
    session: Session, decor: Decor, habilitation_directrice: Habilitation, gestes: list[tuple[str, int]]
) -> None:
    """Whatever the order of sendings and gestures, one record, counted once where it is, or nowhere in the bin."""
    sites = (decor.cfa, decor.annexe)
    id_erp = f"e{next(_INSTANTS)}"
    with agir(session, habilitation_directrice):
        avant = {site.id: compte(session, site.id) for site in sites}
        effectif_id = f.un_effectif(session, decor.cfa, id_erp=id_erp).id
        for rang, (geste, lequel) in enumerate(gestes):
            try:
                with session.begin_nested():
                    jouer(session, geste, sites[lequel], (effectif_id, id_erp), rang)
            except (ErreurMetier, scope.Introuvable):
                pass
            session.expire_all()
            tenues = fiches(session, id_erp=id_erp)
            assert [e.id for e in tenues] == [effectif_id], gestes[: rang + 1]
            fiche = tenues[0]
            voulu = {fiche.organisme_id: int(fiche.corbeille_le is None)}
            assert {s.id: compte(session, s.id) - avant[s.id] for s in sites} == {
                s.id: voulu.get(s.id, 0) for s in sites
            }, gestes[: rang + 1]


def jouer(session: Session, geste: str, site: Organisme, fiche: tuple[int, str], rang: int) -> None:
    effectif_id, id_erp = fiche
    en_vigueur = [t for t in transferts(session) if t.effectif_id == effectif_id and t.annule_le is None]
    if geste == "envoi":
        ou = {e.organisme_id for e in fiches(session, id_erp=id_erp)}
        quittes = {t.ancien_organisme_id for t in en_vigueur}
        if site.id not in ou | quittes:
            return  # an ERP that sends it where it never was means somebody else
        valeurs = lire(une_ligne(site, id_erp, nom_apprenant=f"NOM{chr(65 + rang)}"), source="ERP").valeurs
        ligne = LigneRecue(1, "2026-2027", id_erp, valeurs, {}, [], empreinte(valeurs), site.id)
        reception.recevoir(Envoi(site.id, "ERP", site.id, 1, MIDI), [ligne])
    elif geste == "transfert":
        aller(effectif_id, site)
    elif geste == "annulation":
        if en_vigueur:
            transfert.annuler(en_vigueur[-1].id, maintenant=MIDI)
    elif geste == "corbeille":
        corbeille.retirer(effectif_id, motif="DOUBLON", commentaire=None, demande_id=None, maintenant=MIDI)
    else:
        corbeille.restaurer(corbeille.en_cours(effectif_id).id, maintenant=MIDI)


def test_un_envoi_complet_ne_croit_pas_perdue_une_fiche_transferee(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    """The sender still holds it, for its former site: it is not missing at the new one (decision 14)."""
    logiciel = Logiciel(directrice.app, session, decor.cfa)
    f.une_relation(session, decor.cfa, decor.annexe)
    session.commit()
    autre = une_ligne(decor.annexe, "A-2", nom_apprenant="AUTRE")
    logiciel.envoyer([une_ligne(decor.cfa), autre])
    travailler(session)
    cible = next(e for e in fiches(session) if e.id_erp == "A-1")
    transferer(directrice, cible.id, decor.annexe.id)
    with horloge.regler(MIDI + timedelta(hours=3)):
        logiciel.envoyer([autre], "?complet=1")
        travailler(session)
    assert evenements(session, "transmission.envoi_clos") != []
    assert next(e for e in fiches(session) if e.id == cible.id).plus_transmis_depuis is None


def test_une_fiche_seule_ne_change_que_de_place(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    """Records of others, and the other years of the same youth, stay where they are."""
    effectif = f.un_apprenti(session, decor.cfa, id_erp="A-1")
    ailleurs: list[Effectif] = [
        f.un_apprenti(session, decor.cfa, id_erp="A-2"),
        f.un_apprenti(session, decor.cfa, id_erp="A-1", annee_scolaire="2025-2026"),
    ]
    transferer(directrice, effectif.id, decor.annexe.id)
    assert {e.organisme_id for e in fiches(session) if e.id in {a.id for a in ailleurs}} == {decor.cfa.id}
