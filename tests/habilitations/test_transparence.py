"""Why I see this, who can see my CFA, and what others see of it (decisions 20, 24, 26)."""

from datetime import date

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes import service
from tdba.comptes.models import Habilitation
from tdba.comptes.queries import usage_de
from tdba.habilitations import queries_transparence
from tdba.organismes.models import Organisme
from tdba.portee import Droit
from tests import factories as f
from tests.habilitations.aides_acces import le_support, un_cfa, une_direction
from tests.pages import Navigateur, arbre, liens, tableau, texte, titre


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return un_cfa(session)


@pytest.fixture
def direction(session: Session, cfa: Organisme) -> Habilitation:
    return une_direction(session, cfa)


@pytest.fixture
def elle(navigateur: Navigateur, direction: Habilitation) -> Navigateur:
    return navigateur.comme(direction)


def un_monde(session: Session, cfa: Organisme, direction: Habilitation) -> list[Habilitation]:
    """One habilitation of every rule, near and far, in every state of its dates and signature."""
    brest = un_cfa(session, "CFA de Brest", departement="29")
    frere = un_cfa(session, "CFA frère", siren=cfa.siren)
    toulouse = un_cfa(session, "CFA de Toulouse", departement="31")
    plein, partiel = un_cfa(session, "Plein"), un_cfa(session, "Partiel")
    f.une_relation(session, plein, cfa)
    f.une_relation(session, partiel, cfa, partielle=True)
    f.un_reseau(session, "CMA", [cfa, brest], responsable=True)
    f.un_reseau(session, "MFR", [cfa])
    f.un_reseau(session, "CCI", [toulouse])
    second = f.une_personne(session, "Second")
    org = f.une_organisation
    organisations = [
        org(session, "ORGANISME_FORMATION", "Entité", regle="SIREN", siren=cfa.siren),
        org(session, "ORGANISME_FORMATION", "Frère", regle="ETABLISSEMENTS", organismes=[frere]),
        org(session, "ORGANISME_FORMATION", "Plein", regle="ETABLISSEMENTS", organismes=[plein, toulouse]),
        org(session, "ORGANISME_FORMATION", "Entité pleine", regle="SIREN", siren=plein.siren),
        org(session, "ORGANISME_FORMATION", "Partiel", regle="ETABLISSEMENTS", organismes=[partiel]),
        org(session, "TETE_DE_RESEAU", "CMA", regle="RESEAU", reseau_code="CMA"),
        org(session, "TETE_DE_RESEAU", "MFR", regle="RESEAU_REGION", reseau_code="MFR", region_code="53"),
        org(session, "TETE_DE_RESEAU", "MFR sud", regle="RESEAU_REGION", reseau_code="MFR", region_code="76"),
        org(session, "TETE_DE_RESEAU", "CCI", regle="RESEAU", reseau_code="CCI"),
        org(session, "DREETS", "DREETS", regle="REGION", region_code="53"),
        org(session, "DREETS", "DREETS sud", regle="REGION", region_code="76"),
        org(session, "DDETS", "DDETS", regle="DEPARTEMENT", departement_code="35"),
        org(session, "DDETS", "DDETS 29", regle="DEPARTEMENT", departement_code="29"),
        org(session, "ACADEMIE", "Académie", regle="ACADEMIE", academie_code="14"),
        org(session, "DRAAF", "DRAAF", regle="REGION", region_code="53"),
        org(session, "CONSEIL_REGIONAL", "Région", regle="REGION", region_code="53"),
        org(session, "CARIF_OREF_NATIONAL", "CARIF", regle="NATION"),
        org(session, "MISSION_LOCALE", "Mission locale", regle="REGION", region_code="53"),
        org(session, "SUPPORT", "Assistance", regle="NATION"),
        org(session, "CONFORMITE", "DPO", regle="NATION"),
        org(session, "AUDIT", "Audit", regle="NATION"),
    ]
    octroyees = [direction]
    for organisation in organisations:
        for validee in (None, second):
            personne = f.une_personne(session, organisation.nom)
            octroyees.append(f.une_habilitation(session, personne, organisation, validee_par=validee))
    limitee = f.une_habilitation(session, f.une_personne(session, "L"), organisations[2], sites=[toulouse])
    finie = f.une_habilitation(
        session, f.une_personne(session, "P"), organisations[9], fin=date(2026, 11, 18)
    )
    datee = f.une_habilitation(session, f.une_personne(session, "A"), organisations[-1], fin=date(2027, 1, 1))
    session.commit()
    return [*octroyees, limitee, finie, datee]


def test_qui_voit_dit_exactement_ce_que_les_pages_ouvrent(
    session: Session, cfa: Organisme, direction: Habilitation
) -> None:
    """The page compares rules; the truth is the reach of each habilitation, resolved one by one."""
    jour, attendus = horloge.aujourd_hui(), dict[str, set[Droit]]()
    for habilitation in un_monde(session, cfa, direction):
        usage = usage_de(habilitation.id)
        assert usage is not None
        portees = service.portee_de(usage, jour).droits
        siens = {d for d, p in portees.items() if p.organismes is None or cfa.id in p.organismes}
        if siens:
            attendus.setdefault(usage.organisation.nom, set()).update(siens)
    trouves = queries_transparence.qui_voit({cfa.id}, jour)
    assert {r.nom: set(r.droits) for r in trouves} == attendus
    assert {"Entité", "Plein", "Entité pleine", "CMA", "MFR", "DREETS", "Assistance"} <= set(attendus)
    assert not {"Frère", "CCI", "MFR sud", "DREETS sud", "DDETS 29", "Mission locale"} & set(attendus)


def test_qui_voit_lit_en_peu_de_requetes(
    session: Session, connexion: Connection, cfa: Organisme, direction: Habilitation
) -> None:
    un_monde(session, cfa, direction)
    lues: list[str] = []

    def noter(_c: object, _k: object, requete: str, *_: object) -> None:
        lues.append(requete)

    with scope.systeme("test"):
        session.execute(scope.select(1))
        event.listen(connexion, "before_cursor_execute", noter)
        queries_transparence.qui_voit({cfa.id}, horloge.aujourd_hui())
        event.remove(connexion, "before_cursor_execute", noter)
    assert len([r for r in lues if r.startswith("SELECT") and "set_config" not in r]) <= 5


def test_les_personnes_sont_nommees_chez_soi_seulement(
    elle: Navigateur, session: Session, cfa: Organisme, direction: Habilitation
) -> None:
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    for prenom in ("Ambre", "Basile"):
        f.une_habilitation(session, f.une_personne(session, prenom), dreets)
    page = elle.get("/qui-voit")
    lignes = {ligne["Organisation"]: ligne for ligne in tableau(page)}
    assert lignes["DREETS Bretagne"]["Personnes"] == "2"
    assert "consulter les chiffres" in lignes["DREETS Bretagne"]["Droits"]
    assert "nominatives" not in lignes["DREETS Bretagne"]["Droits"], "no second signature yet"
    contenu = texte(arbre(page))
    assert "Dominique Testeur" in contenu
    assert "Ambre" not in contenu


def test_un_compte_suspendu_ne_compte_pas(elle: Navigateur, session: Session, cfa: Organisme) -> None:
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    f.une_habilitation(session, f.une_personne(session, "Ambre", etat="SUSPENDUE"), dreets)
    assert [ligne["Organisation"] for ligne in tableau(elle.get("/qui-voit"))] == ["CFA de Rennes (la vôtre)"]


def test_une_personne_limitee_a_un_autre_site_ou_partie_ne_voit_rien(
    elle: Navigateur, session: Session, cfa: Organisme
) -> None:
    autre = un_cfa(session, "CFA de Brest")
    groupe = f.une_organisation(
        session, "ORGANISME_FORMATION", "Groupe", regle="ETABLISSEMENTS", organismes=[cfa, autre]
    )
    f.une_habilitation(session, f.une_personne(session, "Ambre"), groupe, role="membre", sites=[autre])
    f.une_habilitation(session, f.une_personne(session, "Basile"), groupe, fin=date(2026, 11, 18))
    f.une_habilitation(session, f.une_personne(session, "Cyrus"), groupe, debut=date(2026, 11, 19))
    assert [ligne["Organisation"] for ligne in tableau(elle.get("/qui-voit"))] == ["CFA de Rennes (la vôtre)"]


def test_le_support_regarde_pour_un_cfa_qu_il_nomme(
    navigateur: Navigateur, session: Session, cfa: Organisme, direction: Habilitation
) -> None:
    alix = navigateur.comme(le_support(session, "Alix"))
    assert alix.get("/qui-voit").status_code == 404
    assert alix.get("/qui-voit?organisme=999999999999").status_code == 404
    page = alix.get(f"/qui-voit?organisme={cfa.id}")
    assert page.status_code == 200
    assert "Dominique" not in texte(arbre(page))


@pytest.mark.parametrize("adresse", ["/qui-voit", "/ce-que-voient"])
def test_un_agent_ne_regarde_pas_qui_voit_un_cfa(
    navigateur: Navigateur, session: Session, cfa: Organisme, adresse: str
) -> None:
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    agente = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Ambre"), dreets))
    assert agente.get(adresse).status_code == 403


def test_ce_que_voient_mene_a_leur_page(elle: Navigateur, session: Session, cfa: Organisme) -> None:
    page = elle.get("/ce-que-voient")
    assert titre(page) == "Ce que voient la DREETS et mon réseau"
    assert f"/organismes/{cfa.id}" in liens(page)
    assert elle.get(f"/organismes/{cfa.id}").status_code == 200


def test_pourquoi_dit_l_habilitation_en_usage(
    elle: Navigateur, session: Session, direction: Habilitation
) -> None:
    direction.motif, direction.accordee_par_id = "CAUTION", le_support(session, "Alix").personne_id
    session.commit()
    contenu = texte(arbre(elle.get("/pourquoi")))
    for mots in (
        "administrateur de CFA de Rennes",
        "1er septembre 2025",
        "Assistance",
        "la garantie du responsable ou du réseau",
        "Consulter les listes nominatives",
    ):
        assert mots in contenu.replace("\u00a0", " ")
    assert "Alix" not in contenu, "the organisation of who granted it, never a name"


def test_pourquoi_est_dans_le_menu_de_la_personne(elle: Navigateur) -> None:
    assert "/pourquoi" in liens(elle.get("/mon-compte"))


def test_pourquoi_dit_le_territoire_et_ce_qui_attend(
    navigateur: Navigateur, session: Session, cfa: Organisme
) -> None:
    dreets = f.une_organisation(session, "DREETS", "DREETS Bretagne", regle="REGION", region_code="53")
    agente = navigateur.comme(f.une_habilitation(session, f.une_personne(session, "Ambre"), dreets))
    contenu = texte(arbre(agente.get("/pourquoi"))).replace("\u00a0", " ")
    assert "les CFA de la région : Bretagne" in contenu
    attente = contenu.split("Ce qui attend une seconde signature")[1]
    assert "Consulter les listes nominatives" in attente
