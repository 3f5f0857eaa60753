"""What each person reads on "Le point" and on a CFA's page, and what nobody reads there."""

import html
import re
from datetime import date

from sqlalchemy import Connection

from tdba.db import Base
from tests import factories as f
from tests.indicateurs.aides import Monde, mots, rangee, requetes
from tests.pages import Navigateur, tableau

PERSONNELLES = sorted(
    nom for nom, table in Base.metadata.tables.items() if table.info.get("personnelle") and nom != "point"
)
"""But for what is left to settle, which holds no value of anybody: the menu counts it."""
SELECTS_MAX = 8


def test_the_first_sentence_answers(monde: Monde) -> None:
    texte = mots(monde.dreets().get("/le-point"))
    assert (
        "Au 18 novembre 2026, 1 jeune formé en Bretagne est sans contrat ; 1 atteint trois mois "
        "d’ici le 18 décembre 2026. 0 CFA sur 2 transmet." in texte
    )


def test_each_cfa_has_its_row_by_how_long_its_youths_wait(monde: Monde) -> None:
    page = monde.dreets().get("/le-point")
    assert rangee(page, "CFA de Rennes") == ["0", "0", "1", "0", "1", "0", "0", "0", "0", "jamais"]
    assert rangee(page, "CFA de Brest") == ["0"] * 7 + ["1", "0", "jamais"]
    assert rangee(page, "Total des 2 CFA") == ["0", "0", "1", "0", "1", "0", "0", "1", "0", ""]
    assert rangee(page, "Ille-et-Vilaine") == ["0 sur 1", "0", "0", "1", "0", "1", "0", "0", "0", "0"]


def test_an_agent_of_a_region_sees_no_other(monde: Monde) -> None:
    agente = monde.dreets()
    texte = mots(agente.get("/le-point"))
    assert "Toulouse" not in texte
    assert "Occitanie" not in texte
    assert agente.get(f"/organismes/{monde.rennes.id}").status_code == 200
    for ailleurs in (monde.toulouse.id, 99_999_999, 2**31 - 1, 2**40):
        assert agente.get(f"/organismes/{ailleurs}").status_code == 404


def test_a_filter_on_another_territory_opens_nothing(monde: Monde) -> None:
    texte = mots(monde.dreets().get("/le-point?territoire=R76"))
    assert "Toulouse" not in texte
    assert "0 jeune formé" in texte


def test_a_network_limited_to_a_region_sees_no_other(monde: Monde) -> None:
    entier = mots(monde.reseau().get("/le-point"))
    assert "CFA de Toulouse" in entier
    limitee = monde.reseau(regle="RESEAU_REGION", region_code="53")
    assert "Toulouse" not in mots(limitee.get("/le-point"))
    assert limitee.get(f"/organismes/{monde.toulouse.id}").status_code == 404


def test_a_cfa_that_is_not_reliable_counts_only_in_its_own_family(monde: Monde) -> None:
    douteux = f.un_organisme(monde.session, "CFA douteux", fiable=False)
    f.un_apprenti(monde.session, douteux)
    agente = monde.dreets()
    assert "douteux" not in mots(agente.get("/le-point"))
    assert rangee(agente.get("/le-point"), "Total des 2 CFA")[7] == "1"
    assert rangee(monde.cfa(douteux).get("/le-point"), "CFA douteux")[7] == "1"
    assert "Ce CFA n’est pas dans le référentiel." in mots(agente.get(f"/organismes/{douteux.id}"))


def test_a_partial_responsable_reads_numbers_and_no_way_to_names(monde: Monde) -> None:
    partiel = f.un_organisme(monde.session, "Campus partiel")
    f.un_apprenti(monde.session, partiel, nom="SECRETE")
    f.une_relation(monde.session, monde.rennes, partiel, partielle=True)
    directrice = monde.cfa(monde.rennes)
    assert rangee(directrice.get("/le-point"), "Campus partiel")[7] == "1"
    page = directrice.get(f"/organismes/{partiel.id}")
    assert "1 apprenant" in mots(page)
    assert "/effectifs?" not in page.get_data(as_text=True)
    assert "/effectifs?" in directrice.get(f"/organismes/{monde.rennes.id}").get_data(as_text=True)


def test_figures_lead_to_the_lists_that_the_reader_may_open(monde: Monde) -> None:
    liens = set(
        re.findall(r'href="/effectifs\?([^"]*)"', monde.dreets().get("/le-point").get_data(as_text=True))
    )
    annee = "annee=comptees"
    assert {re.sub("&amp;", "&", lien) for lien in liens} == {
        f"statut=INSCRIT&{annee}",
        f"statut=RUPTURANT&{annee}",
        f"statut=ABANDON&{annee}",
    }
    hier = monde.dreets().get("/le-point?jour=2026-11-17").get_data(as_text=True)
    assert "/effectifs?" not in hier


def test_a_figure_and_the_list_it_leads_to_have_as_many_people(monde: Monde) -> None:
    """Sessions of the calendar year are counted, those of the year before are not; the linked list says the same."""
    for annee in ("2026-2026", "2025-2026"):
        f.un_sans_contrat(monde.session, monde.rennes, annee_scolaire=annee)
    dreets = monde.dreets()
    page = dreets.get("/le-point").get_data(as_text=True)
    lien = re.search(r'href="(/effectifs\?statut=INSCRIT[^"]*)"[^>]*>\s*(\d+)', page)
    assert lien is not None
    liste = dreets.get(html.unescape(lien[1]))
    assert len(tableau(liste)) == int(lien[2]) > 1


def test_a_network_that_does_not_answer_for_its_members_has_no_way_to_names(monde: Monde) -> None:
    assert 'href="/effectifs' not in monde.reseau().get("/le-point").get_data(as_text=True)


def test_the_menu_shows_what_the_person_may_open(monde: Monde) -> None:
    def menu(navigateur: Navigateur) -> list[str]:
        corps = navigateur.get("/le-point").get_data(as_text=True)
        cote = re.search(r'<nav class="cote".*?</nav>', corps, flags=re.DOTALL)
        assert cote
        return re.findall(r"<span>([^<]+)</span>", cote[0])

    assert menu(monde.dreets()) == ["Le point", "Listes nominatives", "Devenirs", "Transmissions"]
    assert menu(monde.reseau()) == ["Le point", "Devenirs", "Transmissions", "Demandes d’accès"]
    assert menu(monde.cfa(monde.rennes))[-1] == "Chiffres"
    assert "Le point" not in menu(monde.cfa(monde.rennes))


def test_contacts_are_shown_to_who_may_see_them(monde: Monde) -> None:
    monde.rennes.courriel_referentiel = "accueil@cfa.invalid"
    monde.session.commit()
    assert "accueil@cfa.invalid" in mots(monde.dreets().get(f"/organismes/{monde.rennes.id}"))


def test_the_page_of_a_cfa_says_who_it_is_and_who_it_is_tied_to(monde: Monde) -> None:
    f.une_relation(monde.session, monde.toulouse, monde.rennes, partielle=True)
    f.une_relation(monde.session, monde.rennes, monde.brest)
    page = monde.dreets().get(f"/organismes/{monde.rennes.id}")
    assert rangee(page, "CFA de Toulouse") == ["responsable de ce CFA, en partie seulement"]
    assert rangee(page, "CFA de Brest") == ["formateur de ce CFA"]
    corps = page.get_data(as_text=True)
    assert f'/organismes/{monde.brest.id}"' in corps
    assert f"/organismes/{monde.toulouse.id}" not in corps
    assert "NORD" in mots(page)
    assert rangee(page, "3 (CAP)") == ["0", "1", "1", "0"]


def test_a_day_of_last_year_has_its_own_figures_and_the_reason_of_no_comparison(monde: Monde) -> None:
    agente = monde.dreets()
    assert "Pas de comparaison : pas de données au 18 novembre 2025." in mots(agente.get("/le-point"))
    contrat = (date(2025, 9, 1), date(2026, 8, 31), None)
    for _ in range(2):
        f.un_effectif(
            monde.session,
            monde.brest,
            annee_scolaire="2025-2026",
            entree=contrat[0],
            fin=contrat[1],
            contrats=[contrat],
        )
    texte = mots(agente.get("/le-point"))
    assert "2 au 18 novembre 2025 (−50 %)" in texte
    assert "1 de ces 2 CFA avait des effectifs" in texte
    assert rangee(agente.get("/le-point?jour=2025-11-18"), "CFA de Brest")[7] == "2"


def test_a_day_to_come_is_refused_in_a_sentence(monde: Monde) -> None:
    texte = mots(monde.dreets().get("/le-point?jour=2027-01-01"))
    assert "Voici les chiffres d’aujourd’hui." in texte


def test_one_level_alone_shows_statuses_and_says_why_not_durations(monde: Monde) -> None:
    f.un_sans_contrat(monde.session, monde.rennes, niveau=5)
    page = monde.dreets().get("/le-point?niveau=5")
    assert rangee(page, "CFA de Rennes") == ["1", "0", "0", "0", "jamais"]
    assert "La durée d’attente n’est pas comptée par niveau" in mots(page)


def test_the_nation_reads_its_regions_then_the_cfa_of_one(monde: Monde) -> None:
    agent = monde.comme("CARIF_OREF_NATIONAL", "NATION")
    page = agent.get("/le-point")
    assert rangee(page, "Bretagne") == ["0 sur 2", "0", "0", "1", "0", "1", "0", "0", "1", "0"]
    assert rangee(page, "Occitanie")[8:] == ["1", "0"]
    assert "1 jeune formé en France" in mots(page)
    assert "CFA de Rennes" not in mots(page)
    assert "Comparer au 18 novembre 2025" in mots(page)
    assert "pas de données au 18 novembre 2025" in mots(agent.get("/le-point?comparer=1"))
    assert rangee(agent.get("/le-point?territoire=R53"), "CFA de Rennes")[2] == "1"
    assert rangee(agent.get("/le-point?niveau=3"), "Bretagne") == ["0 sur 2", "1", "1", "1", "0"]


def test_the_table_alone_is_sent_to_htmx(monde: Monde) -> None:
    fragment = monde.dreets().get("/le-point?tri=nom&sens=asc", htmx=True).get_data(as_text=True)
    assert fragment.lstrip().startswith('<section id="cfa">')
    assert fragment.index("CFA de Brest") < fragment.index("CFA de Rennes")


def test_no_name_is_on_these_pages_and_no_personal_table_is_read(monde: Monde, connexion: Connection) -> None:
    monde.rennes.courriel_referentiel = "accueil@cfa.invalid"
    agente, nation = monde.dreets(), monde.comme("CARIF_OREF_NATIONAL", "NATION")
    assert "effectif" in PERSONNELLES
    motif = re.compile(rf"\b({'|'.join(PERSONNELLES)})\b")
    for navigateur, adresse in (
        (agente, "/le-point"),
        (agente, "/le-point?niveau=3&jour=2026-10-01"),
        (agente, f"/organismes/{monde.rennes.id}"),
        (nation, "/le-point?comparer=1"),
        (monde.cfa(monde.rennes), "/le-point"),
    ):
        with requetes(connexion) as vues:
            page = navigateur.get(adresse)
        assert "SECRETE" not in page.get_data(as_text=True)
        assert vues
        assert [v for v in vues if motif.search(v)] == []


def test_a_page_costs_the_same_few_selects_with_ten_times_the_rows(
    monde: Monde, connexion: Connection
) -> None:
    agente = monde.dreets()
    adresses = ("/le-point", f"/organismes/{monde.rennes.id}", "/le-point?territoire=D35")

    def selects() -> list[int]:
        nombres = []
        for adresse in adresses:
            with requetes(connexion) as vues:
                agente.get(adresse)
            nombres.append(sum(v.lstrip().upper().startswith(("SELECT", "WITH")) for v in vues))
        return nombres

    peu = selects()
    for _ in range(10):
        f.un_apprenti(monde.session, f.un_organisme(monde.session, "Autre CFA"))
        f.un_sans_contrat(monde.session, monde.rennes)
    assert selects() == peu
    assert max(peu) <= SELECTS_MAX
