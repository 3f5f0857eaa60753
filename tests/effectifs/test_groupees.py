"""Acting on several records at once: counted, told by groups, done once whatever happens, undone exactly."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.effectifs import execution_groupee, groupees, service_groupees
from tdba.effectifs.models import Effectif
from tdba.effectifs.models_gestes import ActionGroupee, ActionGroupeeFiche
from tests import factories as f
from tests.conftest import MIDI
from tests.effectifs.aides import corrections, evenements, phrases, tous
from tests.effectifs.aides_gestes import chiffres_justes, fiches, mettre_a_la_corbeille, retraits, transferts
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur
from tests.transmissions.aides_api import travailler


def preparer(navigateur: Navigateur, nature: str, *effectifs: Effectif, **champs: str) -> TestResponse:
    envoi = {"nature": nature, "ids": [str(e.id) for e in effectifs], "etat": ""} | champs
    return navigateur.post("/effectifs/groupees", envoi)


def confirmer(navigateur: Navigateur, prete: TestResponse, **saisies: str) -> TestResponse:
    adresse = prete.headers["Location"]
    return navigateur.post(f"{adresse}/confirmer", {"motif": "DECISION", "action": "confirmer"} | saisies)


def agir(session: Session, navigateur: Navigateur, nature: str, *effectifs: Effectif, **saisies: str) -> str:
    """Prepare, confirm, let the job run; gives the address of the action."""
    prete = preparer(navigateur, nature, *effectifs)
    assert confirmer(navigateur, prete, **saisies).status_code == 303
    travailler(session)
    return prete.headers["Location"]


def issues(session: Session) -> dict[int, str | None]:
    return {e.effectif_id: e.issue for e in tous(session, select(ActionGroupeeFiche))}


def actions(session: Session) -> list[ActionGroupee]:
    return tous(session, select(ActionGroupee).order_by(ActionGroupee.id))


@pytest.fixture
def trois(session: Session, decor: Decor) -> list[Effectif]:
    return [f.un_apprenti(session, decor.cfa, nom=nom) for nom in ("UN", "DEUX", "TROIS")]


def test_l_action_se_compte_se_dit_par_groupes_puis_se_fait_et_s_annule_exactement(
    session: Session, decor: Decor, directrice: Navigateur, trois: list[Effectif]
) -> None:
    deja, contredite, changee = trois
    f_fin = date(2027, 7, 31)
    session.execute(text("UPDATE effectif SET date_fin = :f WHERE id = :i"), {"f": f_fin, "i": deja.id})
    session.execute(
        text("UPDATE effectif SET date_entree = '2027-08-01' WHERE id = :i"), {"i": contredite.id}
    )
    session.commit()
    avant = [(e.date_fin, list(e.bornes), list(e.statuts)) for e in fiches(session)]
    prete = preparer(directrice, "CORRECTION", *trois)
    page = directrice.get(prete.headers["Location"])
    assert "Cette action porte sur 3 fiches. Rien n’est encore fait." in phrases(page)
    saisies = {"champ": "date_fin", "valeur": "31/07/2027"}
    vu = phrases(confirmer(directrice, prete, action="voir", **saisies))
    assert "1 fiche sera changée." in vu
    assert "1 fiche est déjà ainsi et ne changera pas." in vu
    assert "1 fiche sera refusée : la valeur contredit une autre date de la fiche." in vu
    assert [e.date_fin for e in fiches(session)] == [a[0] for a in avant]
    confirmer(directrice, prete, **saisies)
    travailler(session)
    assert issues(session) == {deja.id: "SANS_EFFET", contredite.id: "REFUSEE", changee.id: "FAITE"}
    fini = phrases(directrice.get(prete.headers["Location"]))
    assert "1 fiche corrigée." in fini
    assert "1 fiche refusée : la valeur contredit une autre date de la fiche." in fini
    assert next(e for e in fiches(session) if e.id == changee.id).date_fin == f_fin
    directrice.post(f"{prete.headers['Location']}/annuler")
    travailler(session)
    assert [(e.date_fin, list(e.bornes), list(e.statuts)) for e in fiches(session)] == avant
    assert actions(session)[0].etat == "ANNULEE"
    attendu = {"action_id": actions(session)[0].id, "nature": "CORRECTION", "nombre": 3}
    assert evenements(session, "effectif.action_groupee") == [attendu]
    assert evenements(session, "effectif.action_groupee_annulee") == [attendu]
    assert chiffres_justes(session, decor.cfa.id)


def test_les_fiches_des_autres_cfa_sont_laissees_de_cote(
    session: Session, decor: Decor, directrice: Navigateur, trois: list[Effectif]
) -> None:
    autre = f.un_apprenti(session, decor.voisin)
    agir(session, directrice, "RETRAIT", trois[0], autre, motif="DOUBLON")
    assert [r.effectif_id for r in retraits(session)] == [trois[0].id]
    assert preparer(directrice, "RETRAIT", autre).headers["Location"].endswith("/effectifs")
    assert preparer(directrice, "INVENTEE", trois[1]).status_code == 404


def test_rien_de_choisi_le_dit_et_revient_a_la_liste(
    session: Session, directrice: Navigateur, trois: list[Effectif]
) -> None:
    reponse = preparer(directrice, "RETRAIT", etat="niveau=3")
    assert reponse.headers["Location"].endswith("/effectifs?niveau=3")
    assert "Aucune fiche n’est choisie" in phrases_avec_annonces(directrice.get("/effectifs"))
    assert actions(session) == []


def phrases_avec_annonces(reponse: TestResponse) -> str:
    return re.sub(r"<[^>]+>", " ", reponse.get_data(as_text=True)).replace("&nbsp;", " ")


def test_tout_ce_qui_correspond_suit_les_filtres_de_la_liste(
    session: Session, decor: Decor, directrice: Navigateur, trois: list[Effectif]
) -> None:
    f.un_apprenti(session, decor.annexe)
    f.un_apprenti(session, decor.voisin)
    preparer(directrice, "RETRAIT", etat=f"?site={decor.cfa.id}", tout="oui")
    assert actions(session)[0].nombre == 3
    preparer(directrice, "RETRAIT", tout="oui")
    assert actions(session)[1].nombre == 4
    # A filter or a search that cannot be read again would widen the list: refused.
    for etat in (f"site={decor.voisin.id}", "r=perduperdu"):
        assert "/groupees/" not in preparer(directrice, "RETRAIT", etat=etat, tout="oui").headers["Location"]


def test_confirmer_deux_fois_ne_fait_qu_une_action(
    session: Session, directrice: Navigateur, trois: list[Effectif]
) -> None:
    prete = preparer(directrice, "RETRAIT", *trois)
    for _ in range(2):
        assert confirmer(directrice, prete, motif="DOUBLON").status_code == 303
    travailler(session)
    assert confirmer(directrice, prete, motif="DOUBLON").status_code == 303
    travailler(session)
    assert len(retraits(session)) == 3
    assert len(evenements(session, "effectif.action_groupee")) == 1


def test_annuler_laisse_ce_qui_est_plus_recent_et_le_nomme(
    session: Session, decor: Decor, directrice: Navigateur, trois: list[Effectif]
) -> None:
    adresse = agir(session, directrice, "RETRAIT", *trois, motif="DOUBLON")
    directrice.post(f"/retraits/{retraits(session)[0].id}/restaurer")
    for _ in range(2):
        directrice.post(f"{adresse}/annuler")
    travailler(session)
    assert [e.corbeille_le for e in fiches(session)] == [None] * 3
    assert issues(session) == {trois[0].id: "LAISSEE", trois[1].id: "ANNULEE", trois[2].id: "ANNULEE"}
    page = phrases(directrice.get(adresse))
    assert "1 fiche laissée : un geste plus récent porte sur elle." in page
    assert "UN Alix" in page
    assert chiffres_justes(session, decor.cfa.id)


def test_transferer_plusieurs_fiches_puis_annuler(
    session: Session, decor: Decor, directrice: Navigateur, trois: list[Effectif]
) -> None:
    f.un_apprenti(session, decor.annexe, id_erp=trois[2].id_erp)
    saisies = {
        "destination": str(decor.annexe.id),
        "a_compter_du": "2026-11-02",
        "motif": "CHANGEMENT_DE_SITE",
    }
    prete = preparer(directrice, "TRANSFERT", *trois)
    vu = phrases(confirmer(directrice, prete, action="voir", **saisies))
    assert "2 fiches seront changées." in vu
    assert "1 fiche sera refusée : l’établissement d’arrivée a déjà une fiche du même numéro d’ERP." in vu
    confirmer(directrice, prete, **saisies)
    travailler(session)
    assert len(transferts(session)) == 2
    assert [e.organisme_id for e in fiches(session)][:3] == [decor.annexe.id, decor.annexe.id, decor.cfa.id]
    directrice.post(f"{prete.headers['Location']}/annuler")
    travailler(session)
    assert [e.organisme_id for e in fiches(session)][:3] == [decor.cfa.id] * 3
    assert chiffres_justes(session, decor.cfa.id, decor.annexe.id)


def test_dire_une_sortie_puis_restaurer_depuis_la_corbeille(
    session: Session, decor: Decor, directrice: Navigateur, trois: list[Effectif]
) -> None:
    agir(session, directrice, "SORTIE", trois[0], le="2026-11-02")
    (correction,) = corrections(session)
    assert (correction.champ, correction.valeur) == ("date_exclusion", "2026-11-02")
    for effectif in trois[1:]:
        mettre_a_la_corbeille(directrice, effectif.id)
    adresse = agir(session, directrice, "RESTAURATION", *trois)
    assert [e.corbeille_le for e in fiches(session)] == [None] * 3
    directrice.post(f"{adresse}/annuler")
    travailler(session)
    assert [e.corbeille_le is None for e in fiches(session)] == [True, False, False]
    assert chiffres_justes(session, decor.cfa.id)


def test_une_action_tuee_entre_deux_lots_reprend_ou_elle_en_etait(
    session: Session, directrice: Navigateur, trois: list[Effectif], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groupees, "LOT", 1)
    prete = preparer(directrice, "RETRAIT", *trois)
    confirmer(directrice, prete, motif="DOUBLON")
    action_id = actions(session)[0].id
    with pytest.raises(KeyboardInterrupt):
        lancer(session, action_id, mourir_apres(session, 2))
    assert len(retraits(session)) == 1
    assert "1 fiche traitée sur 3" in phrases(directrice.get(prete.headers["Location"]))
    lancer(session, action_id, session.commit)
    lancer(session, action_id, session.commit)
    assert len(retraits(session)) == 3
    assert (actions(session)[0].etat, actions(session)[0].faits) == ("FAITE", 3)


def lancer(session: Session, action_id: int, renouveler: Callable[[], None]) -> None:
    with scope.systeme("test"):
        execution_groupee.executer(renouveler, action_id)
        session.commit()


def mourir_apres(session: Session, lots: int) -> Callable[[], None]:
    """A worker killed before the commit of that batch."""
    reste = iter(range(lots - 1))

    def renouveler() -> None:
        if next(reste, None) is None:
            session.rollback()
            raise KeyboardInterrupt
        session.commit()

    return renouveler


def test_un_droit_retire_entre_temps_arrete_l_action(
    session: Session, directrice: Navigateur, habilitation_directrice: Habilitation, trois: list[Effectif]
) -> None:
    prete = preparer(directrice, "RETRAIT", *trois)
    confirmer(directrice, prete, motif="DOUBLON")
    habilitation_directrice.fin = horloge.aujourd_hui()
    session.commit()
    travailler(session)
    assert retraits(session) == []
    assert set(issues(session).values()) == {"REFUSEE"}


def test_une_fiche_partie_depuis_la_selection_est_refusee_et_dite(
    session: Session, directrice: Navigateur, trois: list[Effectif]
) -> None:
    prete = preparer(directrice, "SORTIE", *trois)
    mettre_a_la_corbeille(directrice, trois[0].id)
    confirmer(directrice, prete, le="2026-11-02")
    travailler(session)
    assert issues(session)[trois[0].id] == "REFUSEE"
    page = phrases(directrice.get(prete.headers["Location"]))
    assert "1 fiche refusée : hors de votre périmètre désormais, ou dans la corbeille." in page


def test_l_action_d_une_autre_personne_n_existe_pas(
    session: Session, decor: Decor, navigateur: Navigateur, directrice: Navigateur, trois: list[Effectif]
) -> None:
    prete = preparer(directrice, "RETRAIT", *trois)
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA de Rennes", regle="ETABLISSEMENTS", organismes=[decor.cfa]
    )
    collegue = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Cleo"), organisation))
    assert collegue.get(prete.headers["Location"]).status_code == 404
    assert confirmer(collegue, prete, motif="DOUBLON").status_code == 404
    assert collegue.post(f"{prete.headers['Location']}/annuler").status_code == 404


def test_le_support_n_a_pas_d_actions_groupees(assistante: Navigateur) -> None:
    assert preparer(assistante, "RETRAIT", tout="oui").status_code == 403
    assert assistante.get("/effectifs/groupees").status_code == 403


def test_revenir_a_la_valeur_de_la_source_s_annule_aussi(
    session: Session, directrice: Navigateur, trois: list[Effectif]
) -> None:
    """Undoing puts back the correction that was in force, with its reason."""
    agir(
        session, directrice, "CORRECTION", trois[0], champ="date_fin", valeur="31/07/2027", motif="PIECE_VUE"
    )
    adresse = agir(session, directrice, "CORRECTION", trois[0], champ="date_fin", valeur="31/08/2027")
    assert fiches(session)[0].date_fin == date(2027, 8, 31)
    directrice.post(f"{adresse}/annuler")
    travailler(session)
    assert fiches(session)[0].date_fin == date(2027, 7, 31)
    derniere = corrections(session)[-1]
    assert (derniere.etat, derniere.motif) == ("ACTIVE", "PIECE_VUE")


def test_une_action_jamais_confirmee_s_oublie(
    directrice: Navigateur, session: Session, trois: list[Effectif]
) -> None:
    preparer(directrice, "RETRAIT", *trois)
    service_groupees.oublier(MIDI + timedelta(hours=25))
    assert (actions(session), issues(session)) == ([], {})
