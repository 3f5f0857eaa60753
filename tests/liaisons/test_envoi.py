"""Sending a dossier de liaison: the minimum, the agreement, one letter a form, no name on the way."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation, Organisation
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.jobs import Tache
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Demarche, Dossier
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.factories import un_reseau, une_habilitation, une_organisation, une_personne, une_rupture
from tests.liaisons.aides import (
    circonstance,
    code_montre,
    courriels,
    dossier_de,
    envoyer,
    evenements,
    liaisons,
    lien_recu,
    plis,
    s_opposer,
)
from tests.pages import Navigateur, arbre, champs, texte


def mots(navigateur: Navigateur, adresse: str) -> str:
    reponse = navigateur.get(adresse)
    assert reponse.status_code == 200, adresse
    return texte(arbre(reponse))


def demarches() -> list[tuple[str, str | None]]:
    requete = scope.select_for(Demarche, Droit.CORRIGER, Demarche.nature, Demarche.resultat)
    requete = requete.where(Demarche.retiree_le.is_(None)).order_by(Demarche.id)
    return [(nature, resultat) for nature, resultat in db.session.execute(requete)]


def test_envoyer_montre_le_code_une_fois_et_ecrit_un_courriel_sans_aucun_nom(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    page = envoyer(directeur, numero, donnees=["COMMUNE"])
    code = code_montre(page)
    (courriel,) = courriels(session)
    corps = f"{courriel.sujet} {courriel.texte} {courriel.html}"
    assert courriel.destinataire == "maelle@mission.example"
    assert "Dominique Testeur" in corps
    assert "CFA Rennes" in corps
    for secret in ("SERIN", "Noé", "0612345678", "06 12", "Maëlle", code, code.replace(" ", "")):
        assert secret not in corps.replace("\xa0", " "), secret
    (liaison,) = liaisons()
    assert (liaison.contact, liaison.donnees) == ("Maëlle Conseillère", ["IDENTITE", "TELEPHONE", "COMMUNE"])
    assert liaison.expire_le == MIDI + timedelta(days=15)


def test_rien_de_personnel_dans_le_journal_ni_dans_les_taches(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    envoyer(directeur, numero)
    (envoyee,) = evenements(session)
    assert envoyee.details == {
        "dossier_id": numero,
        "liaison_id": liaisons()[0].id,
        "donnees": ["IDENTITE", "TELEPHONE"],
    }
    ecrits = " ".join(str(e.details) for e in evenements(session, ""))
    ecrits += " ".join(session.execute(select(Tache.cle)).scalars())
    for nom in ("SERIN", "Noé", "Maëlle", "maelle@", "0612345678", lien_recu(session).rpartition("/")[2]):
        assert nom not in ecrits, nom


def test_le_minimum_est_un_moyen_de_joindre_et_l_accord(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    sans_moyen = envoyer(directeur, numero, moyens=[])
    assert sans_moyen.status_code == 422
    assert "au moins un moyen" in texte(arbre(sans_moyen))
    sans_accord = envoyer(directeur, numero, accord=None, donnees=["FORMATION"])
    assert sans_accord.status_code == 422
    assert "Sans l’accord du jeune, rien n’est transmis" in texte(arbre(sans_accord))
    assert champs(sans_accord, f"/dossiers/{numero}/liaison")["contact"] == "Maëlle Conseillère"
    assert (liaisons(), plis(session), courriels(session)) == ([], [], [])


def test_rien_n_est_coche_d_avance_qu_un_moyen_de_joindre(directeur: Navigateur, numero: int) -> None:
    page = directeur.get(f"/dossiers/{numero}/liaison")
    cases = [e for e in arbre(page).iter("input") if e.get("name") in ("moyens", "donnees", "accord")]
    coches = [e.get("value") for e in cases if e.get("checked") is not None]
    assert coches == ["TELEPHONE"]


def test_sans_moyen_de_joindre_la_page_dit_quoi_faire(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    muet = une_rupture(session, cfa, nom="MUET", telephone=None, courriel=None)
    numero = dossier_de(muet)
    assert "Aucun moyen de joindre ce jeune n’est connu" in mots(directeur, f"/dossiers/{numero}/liaison")
    refuse = directeur.post(f"/dossiers/{numero}/liaison", {"accord": "y"})
    assert refuse.status_code == 422


def test_la_sante_ne_part_qu_avec_son_accord_date_et_cochee_a_part(
    session: Session, directeur: Navigateur, direction: Habilitation, numero: int
) -> None:
    forcee = envoyer(directeur, numero, donnees=["SANTE", "OBSTACLES"])
    assert forcee.status_code == 422
    assert envoyer(directeur, numero, sante="y").status_code == 200
    assert liaisons()[-1].donnees == ["IDENTITE", "TELEPHONE"]
    circonstance(
        session,
        numero,
        direction.personne_id,
        obstacles=["LOGEMENT", "SANTE"],
        accord_sante_le=date(2026, 11, 3),
    )
    page = mots(directeur, f"/dossiers/{numero}/liaison")
    assert "Difficultés signalées : logement" in page.replace("\xa0", " ")
    envoyer(directeur, numero, donnees=["OBSTACLES"])
    assert liaisons()[-1].donnees == ["IDENTITE", "TELEPHONE", "OBSTACLES"]
    envoyer(directeur, numero, sante="y")
    assert liaisons()[-1].donnees == ["IDENTITE", "TELEPHONE", "SANTE"]
    assert all("SANTE" not in str(e.details) for e in evenements(session))


def test_pour_un_mineur_le_representant_legal_est_informe_aussi(
    session: Session, directeur: Navigateur, cfa: Organisme, numero: int
) -> None:
    assert "représentant légal" not in mots(directeur, f"/dossiers/{numero}/liaison")
    mineur = une_rupture(session, cfa, nom="PINSON", naissance=date(2009, 11, 19))
    assert "Le jeune et son représentant légal ont été informés" in mots(
        directeur, f"/dossiers/{dossier_de(mineur)}/liaison"
    )


def test_deux_envois_du_meme_formulaire_n_en_font_qu_un_et_redonnent_le_code(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    adresse = f"/dossiers/{numero}/liaison"
    saisie: dict[str, Any] = champs(directeur.get(adresse), adresse) | {
        "moyens": ["TELEPHONE"],
        "accord": "y",
        "contact": "Maëlle Conseillère",
        "courriel": "maelle@mission.example",
    }
    premiere, seconde = directeur.post(adresse, saisie), directeur.post(adresse, saisie)
    assert code_montre(premiere) == code_montre(seconde)
    assert "déjà envoyé" in texte(arbre(seconde))
    assert (len(liaisons()), len(plis(session)), len(courriels(session))) == (1, 1, 1)


def test_une_cle_de_formulaire_devinable_est_refusee(directeur: Navigateur, numero: int) -> None:
    assert envoyer(directeur, numero, cle_formulaire="1").status_code == 422
    assert liaisons() == []


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("courriel", "maelle@mission.example\r\nBcc: autre@ailleurs.example"),
        ("courriel", "maelle@mission.example, autre@ailleurs.example"),
        ("courriel", "Maëlle <maelle@mission.example>"),
        ("courriel", "maëlle@mission.example"),
        ("courriel", f"{'a' * 65}@mission.example"),
        ("courriel", "alix.canari@famille.fr"),
        ("contact", "A" * 121),
        ("contact", "Maëlle\u202eerèllieseC"),
        ("contact", "1 85 05 78 006 084 36"),
        ("contact", "…"),
    ],
)
def test_une_adresse_ou_un_nom_pieges_sont_refuses(
    session: Session, directeur: Navigateur, numero: int, champ: str, valeur: str
) -> None:
    assert envoyer(directeur, numero, **{champ: valeur}).status_code == 422
    assert (liaisons(), courriels(session)) == ([], [])


def test_un_nom_immense_tient_dans_le_pli(session: Session, directeur: Navigateur, cfa: Organisme) -> None:
    immense = une_rupture(session, cfa, nom="É" * 5000, prenom="𝔛" * 5000, formation="ŵ" * 9000)
    tout = ["NAISSANCE", "COMMUNE", "FORMATION", "SITUATION", "REFERENT"]
    code_montre(envoyer(directeur, dossier_de(immense), donnees=tout))
    assert len(plis(session)[0].contenu or b"") < 16384


def test_deja_transmis_est_dit_avant_d_envoyer(
    session: Session, directeur: Navigateur, direction: Habilitation, jeune: Effectif, numero: int
) -> None:
    adresse = f"/dossiers/{numero}/liaison"
    assert "Déjà transmis" not in mots(directeur, adresse)
    circonstance(
        session,
        numero,
        direction.personne_id,
        transmis_ailleurs_a="FRANCE_TRAVAIL",
        transmis_ailleurs_le=date(2026, 11, 2),
    )
    assert "Déjà transmis le 2 novembre 2026" in mots(directeur, adresse).replace("\xa0", " ")
    envoyer(directeur, numero)
    page = mots(directeur, adresse).replace("\xa0", " ")
    assert "Déjà transmis le 18 novembre 2026" in page
    assert "transmis à France Travail le 2 novembre 2026" in page


def test_deja_transmis_vaut_pour_le_dossier_jumeau(
    session: Session, directeur: Navigateur, cfa: Organisme, jeune: Effectif, numero: int
) -> None:
    jumeau = une_rupture(session, cfa, nom="SERIN", prenom="Noé", telephone="0612345678", ine=jeune.ine)
    envoyer(directeur, numero)
    assert "Déjà transmis le 18 novembre 2026" in mots(
        directeur, f"/dossiers/{dossier_de(jumeau)}/liaison"
    ).replace("\xa0", " ")


def test_un_nouvel_envoi_retire_le_lien_qui_attendait(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    envoyer(directeur, numero)
    ancien = lien_recu(session)
    page = envoyer(directeur, numero)
    assert "Le lien précédent" in texte(arbre(page))
    assert navigateur.get(ancien).status_code == 404
    assert navigateur.get(lien_recu(session)).status_code == 200
    assert [e.evenement for e in evenements(session)] == [
        "liaison.envoyee",
        "liaison.revoquee",
        "liaison.envoyee",
    ]


def test_envoyer_est_une_demarche_que_la_liste_de_travail_dit_aussitot(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    assert "aucune démarche" in mots(directeur, "/ruptures").lower()
    dossier = session.execute(scope.select_for(Dossier, Droit.CORRIGER)).scalar_one()
    dossier.prochaine_le = date(2026, 11, 25)
    session.commit()
    adresse = f"/dossiers/{numero}/liaison"
    saisie: dict[str, Any] = champs(directeur.get(adresse), adresse) | {
        "moyens": ["TELEPHONE"],
        "accord": "y",
        "contact": "Maëlle Conseillère",
        "courriel": "maelle@mission.example",
    }
    for _ in range(2):
        assert directeur.post(adresse, saisie).status_code == 200
    page = mots(directeur, "/ruptures")
    assert "aucune démarche" not in page.lower()
    assert "orientation vers la mission locale" in page.lower()
    assert demarches() == [("MISSION_LOCALE", None)]
    session.refresh(dossier)
    assert (dossier.derniere_demarche_le, dossier.prochaine_le) == (MIDI, date(2026, 11, 25))


def test_un_nouvel_envoi_ajoute_sa_demarche_et_ne_remplace_rien_de_l_histoire(
    directeur: Navigateur, numero: int
) -> None:
    envoyer(directeur, numero)
    envoyer(directeur, numero)
    assert demarches() == [("MISSION_LOCALE", None)] * 2


def test_un_lien_retire_n_ouvre_plus_rien(
    session: Session, directeur: Navigateur, navigateur: Navigateur, numero: int
) -> None:
    code = code_montre(envoyer(directeur, numero))
    lien, liaison = lien_recu(session), liaisons()[0]
    retirer = f"/dossiers/{numero}/liaison/{liaison.id}/retirer"
    assert directeur.post(retirer).status_code == 303
    assert navigateur.post(lien, {"code": code}).status_code == 404
    assert plis(session)[0].contenu is None
    assert "n’ouvrait déjà plus rien" in texte(arbre(directeur.get(directeur.post(retirer).location)))
    assert [e.evenement for e in evenements(session)] == ["liaison.envoyee", "liaison.revoquee"]


def test_imprimer_donne_le_meme_minimum_et_se_journalise(
    session: Session, directeur: Navigateur, jeune: Effectif, numero: int
) -> None:
    adresse = f"/dossiers/{numero}/liaison/imprimer"
    refuse = directeur.post(adresse, {"moyens": ["TELEPHONE"]})
    assert refuse.status_code == 422
    page = directeur.post(adresse, {"moyens": ["TELEPHONE"], "donnees": ["COMMUNE"], "accord": "y"})
    lu = texte(arbre(page)).replace("\xa0", " ")
    assert "Noé SERIN" in lu
    assert "06 12 34 56 78" in lu
    assert "Rennes" in lu
    assert "CAP Boulanger" not in lu
    (imprimee,) = evenements(session)
    assert imprimee.details == {"dossier_id": numero, "donnees": ["IDENTITE", "TELEPHONE", "COMMUNE"]}
    (lue,) = [e for e in evenements(session, "effectif.consulte") if "imprimee" in str(e.details)]
    assert lue.details["ids"] == [jeune.id]
    assert (liaisons(), plis(session)) == ([], [])


def test_un_dossier_gele_ne_se_transmet_ni_ne_s_imprime(
    session: Session, directeur: Navigateur, direction: Habilitation, jeune: Effectif, numero: int
) -> None:
    adresse = f"/dossiers/{numero}/liaison"
    avant = champs(directeur.get(adresse), adresse)
    s_opposer(session, jeune, direction.personne_id)
    assert "gelé" in mots(directeur, adresse)
    saisie: dict[str, Any] = avant | {"moyens": ["TELEPHONE"], "accord": "y", "contact": "Maëlle C"}
    saisie["courriel"] = "maelle@mission.example"
    assert directeur.post(adresse, saisie).status_code == 422
    assert directeur.post(f"{adresse}/imprimer", saisie).status_code == 422
    assert (liaisons(), plis(session), courriels(session)) == ([], [], [])


def test_un_autre_cfa_ne_trouve_rien(
    session: Session, navigateur: Navigateur, directeur: Navigateur, voisin: Organisme, numero: int
) -> None:
    envoyer(directeur, numero)
    liaison = liaisons()[0]
    organisation = une_organisation(
        session, "ORGANISME_FORMATION", "CFA Brest", regle="ETABLISSEMENTS", organismes=[voisin]
    )
    autre = navigateur.comme(une_habilitation(session, une_personne(session, "Autre"), organisation))
    adresse = f"/dossiers/{numero}/liaison"
    assert autre.get(adresse).status_code == 404
    assert autre.post(adresse, {"accord": "y"}).status_code == 404
    assert autre.post(f"{adresse}/imprimer", {"accord": "y"}).status_code == 404
    assert autre.post(f"{adresse}/{liaison.id}/retirer").status_code == 404
    # The id of somebody else's sending under a file of one's own finds nothing either.
    a_lui = dossier_de(une_rupture(session, voisin, nom="MERLE"))
    assert autre.post(f"/dossiers/{a_lui}/liaison/{liaison.id}/retirer").status_code == 404


def test_un_reseau_sans_partage_du_suivi_ne_trouve_rien(
    session: Session, navigateur: Navigateur, cfa: Organisme, numero: int
) -> None:
    un_reseau(session, "AFTRAL", [cfa], responsable=True)
    organisation = une_organisation(session, "TETE_DE_RESEAU", "AFTRAL", regle="RESEAU", reseau_code="AFTRAL")
    second = une_personne(session, "Second")
    tete = navigateur.comme(
        une_habilitation(session, une_personne(session, "Camille"), organisation, validee_par=second)
    )
    adresse = f"/dossiers/{numero}/liaison"
    assert tete.get(adresse).status_code == 404
    assert tete.post(adresse, {"accord": "y"}).status_code == 404
    assert tete.post(f"{adresse}/imprimer", {"accord": "y"}).status_code == 404


def test_un_reseau_a_qui_le_suivi_est_partage_ne_lit_ni_n_envoie_la_sante(
    session: Session,
    navigateur: Navigateur,
    directeur: Navigateur,
    direction: Habilitation,
    cfa: Organisme,
    jeune: Effectif,
    numero: int,
) -> None:
    un_reseau(session, "AFTRAL", [cfa], responsable=True)
    organisation = une_organisation(session, "TETE_DE_RESEAU", "AFTRAL", regle="RESEAU", reseau_code="AFTRAL")
    second = une_personne(session, "Second")
    tete = navigateur.comme(
        une_habilitation(session, une_personne(session, "Camille"), organisation, validee_par=second)
    )
    du_cfa = session.get_one(Organisation, direction.organisation_id)
    du_cfa.partage_suivi_depuis = horloge.aujourd_hui()
    circonstance(
        session,
        numero,
        direction.personne_id,
        obstacles=["LOGEMENT", "SANTE"],
        accord_sante_le=date(2026, 11, 3),
    )
    envoyer(directeur, numero, sante="y")
    adresse = f"/dossiers/{numero}/liaison"
    assert "santé" in mots(directeur, adresse).lower()
    assert "santé" in mots(directeur, f"/effectifs/{jeune.id}/histoire").lower()
    for page in (adresse, f"/effectifs/{jeune.id}/histoire"):
        assert "santé" not in mots(tete, page).lower(), page
    assert "santé, avec son accord" in mots(directeur, f"/dossiers/{numero}")
    assert "santé, avec son accord" not in mots(tete, f"/dossiers/{numero}")
    saisie: dict[str, Any] = champs(tete.get(adresse), adresse) | {
        "moyens": ["TELEPHONE"],
        "donnees": ["OBSTACLES"],
        "sante": "y",
        "accord": "y",
        "contact": "Maëlle Conseillère",
        "courriel": "maelle@mission.example",
    }
    papier = texte(arbre(tete.post(f"{adresse}/imprimer", saisie)))
    assert "logement" in papier
    assert "santé" not in papier.lower()
    assert tete.post(adresse, saisie).status_code == 200
    assert liaisons()[-1].donnees == ["IDENTITE", "TELEPHONE", "OBSTACLES"]


def test_une_fiche_a_la_corbeille_n_a_plus_de_dossier_de_liaison(
    session: Session, directeur: Navigateur, jeune: Effectif, numero: int
) -> None:
    jeune.corbeille_le = horloge.maintenant()
    session.commit()
    assert directeur.get(f"/dossiers/{numero}/liaison").status_code == 404


def test_un_nom_de_balise_est_montre_tel_quel(
    session: Session, directeur: Navigateur, jeune: Effectif, numero: int
) -> None:
    piege = "<b onmouseover=alert(1)>Maëlle</b>"
    page = envoyer(directeur, numero, contact=piege)
    assert piege in texte(arbre(page))
    for adresse in (f"/dossiers/{numero}/liaison", f"/dossiers/{numero}", f"/effectifs/{jeune.id}/histoire"):
        lue = directeur.get(adresse)
        assert piege in texte(arbre(lue)), adresse
        assert piege not in lue.get_data(as_text=True), adresse
    assert piege not in (courriels(session)[0].html or "")


def test_un_contrat_arrive_a_terme_n_est_pas_dit_rompu(
    session: Session, directeur: Navigateur, numero: int
) -> None:
    requete = scope.select_for(Dossier, Droit.CORRIGER).where(Dossier.id == numero)
    session.execute(requete).scalar_one().genre = "FIN_DE_CONTRAT"
    session.commit()
    page = mots(directeur, f"/dossiers/{numero}/liaison")
    assert "contrat arrivé à terme sans suite" in page
    assert "rompu" not in page


@pytest.mark.parametrize("type_", ["SUPPORT", "DREETS"])
def test_ni_l_assistance_ni_l_etat_ne_transmettent_quelqu_un(
    session: Session, navigateur: Navigateur, numero: int, type_: str
) -> None:
    """Support sees names only inside a case, the State sees outcomes (decisions 24 and 26)."""
    regle = {"regle": "NATION"} if type_ == "SUPPORT" else {"regle": "REGION", "region_code": "53"}
    organisation = une_organisation(session, type_, type_, **regle)
    second = une_personne(session, "Second")
    autre = navigateur.comme(
        une_habilitation(session, une_personne(session, "Autre"), organisation, validee_par=second)
    )
    adresse = f"/dossiers/{numero}/liaison"
    assert autre.get(adresse).status_code == 403
    assert autre.post(adresse, {"accord": "y"}).status_code == 403
    assert autre.post(f"{adresse}/imprimer", {"accord": "y"}).status_code == 403
