"""The digest: once a morning, only when there is something, counts and links, no name, nothing out of reach."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tdba import horloge, jobs, scope
from tdba.comptes.models import Habilitation, HabilitationSite, Personne
from tdba.db import table_de
from tdba.liaisons.models import Liaison
from tdba.organismes.models import Organisme
from tdba.recaps import contenu, mots, queries, service
from tdba.recaps.models import Envoi
from tdba.ruptures.models import Dossier, Opposition
from tdba.scope import Droit
from tests import factories as f
from tests.pages import Navigateur, arbre, champs, liens, tableau, texte
from tests.recaps.aides import LUNDI, MERCREDI, choisir, envoyer, lignes, quelqu_un, recus, refuser

RAPPEL = "Choisir quand recevoir ce récapitulatif"


def test_le_lundi_matin_par_defaut_un_seul_courriel_meme_si_la_tache_passe_deux_fois(
    session: Session, cfa: Organisme, direction: Habilitation
) -> None:
    f.une_rupture(session, cfa, depuis=10)
    assert envoyer(session) == 1
    assert envoyer(session) == 0
    assert envoyer(session, LUNDI + timedelta(minutes=30)) == 0
    (courriel,) = recus(session)
    assert courriel.sujet.replace("\xa0", " ") == "1 jeune à appeler cette semaine"
    assert lignes(courriel) == {
        "1 jeune à appeler cette semaine": "/recapitulatif/appels",
        "1 dossier sans référent": "/recapitulatif/referents",
        "1 nouveau dossier depuis le 9 novembre 2026": "/recapitulatif/nouveaux?depuis=2026-11-09",
        RAPPEL: "/mon-compte#recapitulatif",
    }


def test_deux_taches_au_meme_instant_n_en_ecrivent_qu_un(session: Session, direction: Habilitation) -> None:
    """Both have read that the morning is not dealt with: the first to take it has it."""
    pris = [queries.retenir(direction.personne_id, LUNDI.date(), LUNDI) for _ in range(2)]
    assert pris == [True, False]


def test_rien_n_attend_rien_ne_part(session: Session, cfa: Organisme, direction: Habilitation) -> None:
    assert envoyer(session) == 0
    assert recus(session) == []
    assert [e.envoye for e in session.execute(select(Envoi)).scalars()] == [False]


def test_aucun_nom_ne_part(session: Session, cfa: Organisme, direction: Habilitation) -> None:
    f.une_rupture(session, cfa, nom="CANARI", prenom="Alix")
    envoyer(session)
    (courriel,) = recus(session)
    for partie in (courriel.sujet, courriel.texte or "", courriel.html or ""):
        assert "canari" not in partie.lower()
        assert "alix" not in partie.lower()


def test_chaque_lien_ouvre_la_liste_de_ceux_qu_il_compte(
    session: Session, navigateur: Navigateur, cfa: Organisme, direction: Habilitation
) -> None:
    for depuis in (2, 30, 170, 200):
        f.une_rupture(session, cfa, depuis=depuis, nom=f"JEUNE{depuis}")
    f.un_sans_contrat(session, cfa, depuis=85)
    envoyer(session)
    directeur = navigateur.comme(direction)
    (courriel,) = recus(session)
    with horloge.regler(LUNDI):
        for phrase, lien in lignes(courriel).items():
            reponse = directeur.get(lien)
            assert reponse.status_code == 200, lien
            n = phrase.split(" ")[0]
            if lien.startswith("/recapitulatif/"):
                assert len(tableau(reponse)) == int(n), phrase
                assert phrase in texte(arbre(reponse)).replace("\xa0", " ")
            elif lien.startswith("/a-regler"):
                assert f"{n} point" in texte(arbre(reponse)).replace("\xa0", " ")
    chemins = {lien.split("?")[0] for lien in lignes(courriel).values()}
    assert {f"/recapitulatif/{quoi}" for quoi in ("appels", "delais", "presence", "nouveaux")} <= chemins
    assert {"/a-regler", "/vigilance"} <= chemins


def test_la_reponse_d_une_mission_locale_se_compte_et_s_ouvre(
    session: Session, navigateur: Navigateur, cfa: Organisme, direction: Habilitation
) -> None:
    f.une_rupture(session, cfa)
    dossier = session.execute(scope.select_for(Dossier, Droit.CORRIGER)).scalar_one()
    for rang, repondu_le in enumerate((LUNDI - timedelta(days=3), LUNDI - timedelta(days=30), None)):
        session.add(
            Liaison(
                uuid=UUID(int=rang),
                dossier_id=dossier.id,
                organisme_id=cfa.id,
                annee_scolaire=dossier.annee_scolaire,
                donnees=["NOM"],
                cree_le=LUNDI - timedelta(days=31),
                expire_le=LUNDI,
                reponse="RENDEZ_VOUS" if repondu_le else None,
                repondu_le=repondu_le,
                personne_id=direction.personne_id,
            )
        )
    session.commit()
    envoyer(session)
    phrase = "1 jeune pour qui une mission locale a répondu depuis le 9 novembre 2026"
    lien = lignes(recus(session)[0])[phrase]
    assert len(tableau(navigateur.comme(direction).get(lien))) == 1
    session.execute(delete(Liaison).execution_options(portee="CORRIGER"))
    session.execute(delete(Envoi))
    session.commit()
    envoyer(session)
    assert phrase not in lignes(recus(session)[-1])


def test_du_lien_au_premier_appel_note_en_quatre_gestes(
    session: Session, navigateur: Navigateur, cfa: Organisme, direction: Habilitation
) -> None:
    f.une_rupture(session, cfa)
    envoyer(session)
    directeur = navigateur.comme(direction)
    (courriel,) = recus(session)
    liste = directeur.get(lignes(courriel)["1 jeune à appeler cette semaine"])  # 1: open the link
    (noter,) = [lien for lien in liens(liste) if lien.endswith("/demarches")]
    formulaire = champs(directeur.get(noter), noter)  # 2: "Noter un appel"
    resultat = next(nom for nom in (*formulaire, *_radios(directeur, noter)) if nom.endswith("resultat"))
    envoi = directeur.post(noter, formulaire | {resultat: "JOINT"})  # 3: the answer, 4: save
    assert envoi.status_code == 303
    dossier = session.execute(scope.select_for(Dossier, Droit.CORRIGER)).scalar_one()
    assert dossier.derniere_demarche_le is not None


def _radios(directeur: Navigateur, page: str) -> Sequence[str]:
    return [str(e.get("name")) for e in arbre(directeur.get(page)).iter("input") if e.get("type") == "radio"]


def test_personne_ne_compte_ce_qu_il_ne_voit_pas(
    session: Session, cfa: Organisme, voisin: Organisme, direction: Habilitation
) -> None:
    autre = quelqu_un(session, "Claude", voisin, nom="CFA Brest")
    f.une_rupture(session, cfa)
    for rang in range(3):
        f.une_rupture(session, voisin, nom=f"VOISIN{rang}x")
    envoyer(session)
    (mien,), (sien,) = recus(session, direction), recus(session, autre)
    assert "1 jeune à appeler cette semaine" in lignes(mien)
    assert "3 jeunes à appeler cette semaine" in lignes(sien)


def test_un_membre_limite_a_un_site_ne_compte_que_ce_site(
    session: Session, cfa: Organisme, voisin: Organisme
) -> None:
    deux = quelqu_un(session, "Dominique", cfa, voisin, nom="CFA de l’Ouest")
    f.une_rupture(session, cfa)
    f.une_rupture(session, voisin, nom="AUTRE")
    session.add(HabilitationSite(habilitation_id=deux.id, organisme_id=cfa.id))
    session.commit()
    envoyer(session)
    assert "1 jeune à appeler cette semaine" in lignes(recus(session, deux)[0])


def test_qui_agit_pour_deux_organisations_les_lit_nommees(
    session: Session, cfa: Organisme, voisin: Organisme, direction: Habilitation
) -> None:
    brest = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA Brest", regle="ETABLISSEMENTS", organismes=[voisin]
    )
    seconde = f.une_habilitation(session, session.get_one(Personne, direction.personne_id), brest)
    assert seconde.id > direction.id
    f.une_rupture(session, cfa)
    f.une_rupture(session, voisin, nom="AUTRE")
    envoyer(session)
    (courriel,) = recus(session)
    corps = (courriel.texte or "").replace("\xa0", " ")
    assert corps.index("CFA Rennes :") < corps.index("CFA Brest :")
    assert courriel.sujet.replace("\xa0", " ") == "2 jeunes à appeler cette semaine"


def test_un_lien_pour_une_autre_organisation_propose_d_agir_pour_elle_puis_ouvre_la_liste(
    session: Session, navigateur: Navigateur, cfa: Organisme, voisin: Organisme, direction: Habilitation
) -> None:
    brest = f.une_organisation(
        session, "ORGANISME_FORMATION", "CFA Brest", regle="ETABLISSEMENTS", organismes=[voisin]
    )
    seconde = f.une_habilitation(session, session.get_one(Personne, direction.personne_id), brest)
    etranger = navigateur.comme(quelqu_un(session, "Étranger", cfa, nom="CFA Rennes bis"))
    f.une_rupture(session, voisin, nom="MERLE")
    envoyer(session)
    lien = lignes(recus(session, direction)[0])["1 jeune à appeler cette semaine"]
    assert lien == f"/recapitulatif/organisation/{seconde.id}?suite=/recapitulatif/appels"
    moi = navigateur.comme(direction)
    with horloge.regler(LUNDI):
        page = moi.get(lien)
        assert "concerne CFA Brest. Vous agissez en ce moment pour CFA Rennes." in texte(arbre(page))
        assert "MERLE" not in page.get_data(as_text=True)
        choisie = moi.post("/organisation", champs(page, "/organisation"))
        assert (choisie.status_code, choisie.location) == (303, "/recapitulatif/appels")
        assert "MERLE" in texte(arbre(moi.get(choisie.location)))
        assert moi.get(lien).location == "/recapitulatif/appels"
        assert etranger.get(lien).status_code == 404


@pytest.mark.parametrize("suite", ["https://ailleurs.invalid/", "//ailleurs.invalid", "/\\ailleurs.invalid"])
def test_un_lien_ne_mene_jamais_hors_du_service(
    navigateur: Navigateur, direction: Habilitation, suite: str
) -> None:
    moi = navigateur.comme(direction)
    adresse = f"/recapitulatif/organisation/{direction.id}?{urlencode({'suite': suite})}"
    assert moi.get(adresse).location == "/"
    choisie = moi.post("/organisation", {"habilitation_id": direction.id, "suite": suite})
    assert choisie.location == "/"


@pytest.mark.parametrize("type_", ["TETE_DE_RESEAU", "DREETS", "SUPPORT"])
def test_ni_reseau_ni_etat_ni_assistance(session: Session, cfa: Organisme, type_: str) -> None:
    quelqu_un(session, "Sacha", cfa, type_=type_)
    f.une_rupture(session, cfa)
    assert envoyer(session) == 0
    assert session.execute(select(Envoi)).first() is None


def test_ni_qui_n_en_veut_pas_ni_qui_n_agit_plus(
    session: Session, cfa: Organisme, direction: Habilitation
) -> None:
    refuse, parti = quelqu_un(session, "Refuse", cfa), quelqu_un(session, "Parti", cfa)
    choisir(session, direction, "JAMAIS")
    refuser(session, refuse)
    parti.fin = date(2026, 11, 16)
    session.commit()
    f.une_rupture(session, cfa)
    assert envoyer(session) == 0


def test_chaque_jour_ou_chaque_semaine(session: Session, cfa: Organisme, direction: Habilitation) -> None:
    semaine = quelqu_un(session, "Semaine", cfa)
    choisir(session, direction, "JOUR")
    f.une_rupture(session, cfa)
    assert envoyer(session, MERCREDI) == 1
    assert recus(session, semaine) == []
    assert envoyer(session, MERCREDI + timedelta(days=1)) == 1
    assert envoyer(session, MERCREDI + timedelta(hours=6)) == 0


def test_qui_s_est_oppose_n_est_pas_compte(session: Session, cfa: Organisme, direction: Habilitation) -> None:
    effectif = f.une_rupture(session, cfa)
    session.add(
        Opposition(
            effectif_id=effectif.id,
            organisme_id=cfa.id,
            annee_scolaire=effectif.annee_scolaire,
            recue_le=date(2026, 11, 10),
            personne_id=direction.personne_id,
            cree_le=horloge.maintenant(),
        )
    )
    session.commit()
    assert envoyer(session) == 0


def test_mes_etapes_et_la_question_de_presence(
    session: Session, cfa: Organisme, direction: Habilitation
) -> None:
    collegue = quelqu_un(session, "Collegue", cfa)
    f.une_rupture(session, cfa, depuis=200)
    dossiers = table_de(Dossier)
    session.execute(
        scope.pour_ecriture(
            update(dossiers).values(referent_id=direction.personne_id, prochaine_le=date(2026, 11, 16)),
            Droit.CORRIGER,
        )
    )
    session.commit()
    envoyer(session)
    mienne = "1 étape prévue aujourd’hui ou en retard, dans vos dossiers"
    presence = "1 jeune dont le délai est dépassé, sans réponse à « Toujours au CFA ? »"
    assert {mienne, presence} <= set(lignes(recus(session, direction)[0]))
    assert mienne not in lignes(recus(session, collegue)[0])
    session.execute(
        scope.pour_ecriture(update(dossiers).values(presence="OUI", presence_le=LUNDI), Droit.CORRIGER)
    )
    session.execute(delete(Envoi))
    session.commit()
    envoyer(session)
    assert presence not in lignes(recus(session, direction)[-1])


def test_la_tache_envoie_par_lots(session: Session, cfa: Organisme) -> None:
    """More people than a batch: the lease is renewed between two, and everybody has one."""
    f.une_rupture(session, cfa)
    nombre = service.LOT + 2
    for rang in range(nombre):
        quelqu_un(session, f"Personne{rang}", cfa)
    with horloge.regler(LUNDI):
        jobs.enqueue_after_commit("recaps.envoyer")
        session.commit()
        assert jobs.executer("recaps.envoyer", "{}")
    assert len(recus(session)) == nombre


def test_la_tache_est_planifiee_toutes_les_demi_heures() -> None:
    assert jobs.PLANIFICATION["recaps.envoyer"] == 30
    assert set(mots.ADRESSES) | set(contenu.AUTRES) == set(mots.ORDRE)
