"""The state of the list is its address: what it may hold, what is set aside, how it is written back."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tdba.effectifs import annees, etiquettes, filtres
from tdba.effectifs.etiquettes import Offre
from tdba.effectifs.filtres import CHOIX, DU_CFA, Filtres, Permis
from tdba.formats import age

OFFRE = Offre(DU_CFA, [("RNCP38322", "CAP Boulanger")], ["2026-2027"], [(1, "Rennes"), (2, "Brest")])


def lire(adresse: str, **permis: Any) -> Filtres:
    return filtres.lire(parse_qs(adresse), Permis(**permis))


def test_une_adresse_sans_rien_est_la_liste_par_defaut() -> None:
    assert lire("") == Filtres()
    assert filtres.vers_url(Filtres()) == ""


def test_les_valeurs_vides_d_un_formulaire_ne_filtrent_pas() -> None:
    vides = {"statut": [""], "formation": [" "], "annee": [""], "site": [""], "age": [""]}
    assert filtres.lire(vides, Permis()) == Filtres()


def test_chaque_parametre_est_lu() -> None:
    lue = lire(
        "statut=APPRENTI&statut=INSCRIT&formation=RNCP38322&annee=toutes&niveau=3&site=2&tri=entree&sens=desc",
        sites=(1, 2),
    )
    assert lue == Filtres(
        statuts=("APPRENTI", "INSCRIT"),
        formation="RNCP38322",
        annee="toutes",
        niveau=3,
        site=2,
        tri="entree",
        sens="desc",
    )


@pytest.mark.parametrize(
    "adresse",
    [
        "statut=GENIE",
        "annee=2026",
        "site=3",
        "site=-1",
        "niveau=9",
        "age=12",
        "source=PAPIER",
        "corrigee=peut-etre",
        "conflit=non",
        "fraicheur=1j",
        "employeur=123",
        "vue=x",
        "tri=age",
        "sens=haut",
        "r=a/b",
        "apres=x",
        f"apres={2**63}",
    ],
)
def test_une_valeur_inconnue_est_mise_de_cote_et_dite(adresse: str) -> None:
    lue = lire(adresse, sites=(1, 2))
    assert lue.ignores == (adresse.split("=", maxsplit=1)[0],)
    assert filtres.changer(lue) == Filtres()


@pytest.mark.parametrize(
    "adresse", ["employeur=13002526500013", "source=ERP", "corrigee=oui", "conflit=oui", "fraicheur=7j"]
)
def test_ce_qui_lit_contrats_corrections_et_envois_n_est_pas_offert_a_l_etat(adresse: str) -> None:
    assert not lire(adresse).ignores
    assert lire(adresse, du_cfa=False).ignores == (adresse.split("=", maxsplit=1)[0],)
    noms = [c["nom"] for c in etiquettes.autres_champs(Filtres(), OFFRE._replace(du_cfa=False))]
    assert noms == ["niveau", "age"]


def test_plusieurs_statuts_tiennent_dans_un_choix_du_formulaire() -> None:
    etat = lire("statut=APPRENTI,FIN_DE_FORMATION")
    assert etat == lire("statut=APPRENTI&statut=FIN_DE_FORMATION")
    statut = etiquettes.champs(etat, OFFRE)[0]
    assert statut["valeur"] == "APPRENTI,FIN_DE_FORMATION"
    assert (statut["valeur"], "apprenti, fin de formation") in statut["options"]


def test_un_filtre_d_une_autre_tranche_se_lit_s_ecrit_et_se_retire() -> None:
    permis = {"a_regler": {"oui": "à régler"}}
    etat = lire("niveau=3&a_regler=oui", ajoutes=permis)
    assert filtres.vers_url(etat) == "?niveau=3&a_regler=oui"
    offre = OFFRE._replace(ajoutes=[("a_regler", "Anomalies", permis["a_regler"])])
    retraits = {e.libelle: e.url for e in etiquettes.choisies(etat, offre, None)}
    assert retraits["Anomalies\N{NO-BREAK SPACE}: à régler"] == "?niveau=3"
    assert lire("a_regler=jamais", ajoutes=permis).ignores == ("a_regler",)


@given(st.dates(date(1950, 1, 1), date(2030, 12, 31)), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
@example(date(2010, 3, 1), date(2028, 2, 29))
@example(date(2010, 2, 28), date(2028, 2, 29))
@example(date(2008, 2, 29), date(2026, 2, 28))
@example(date(2008, 2, 29), date(2026, 3, 1))
def test_chacun_est_d_une_tranche_d_age_et_d_une_seule(naissance: date, jour: date) -> None:
    ages = {"moins-16": (0, 15), "16-17": (16, 17), "18-20": (18, 20)}
    ages |= {"21-25": (21, 25), "26-29": (26, 29), "30-plus": (30, 200)}
    for tranche, (premier, dernier) in ages.items():
        apres, jusqu_au = filtres.naissances(tranche, jour)
        dedans = naissance <= jusqu_au and (apres is None or naissance > apres)
        assert dedans == (premier <= age(naissance, jour) <= dernier)


def test_la_liste_dit_ce_qu_aucun_chiffre_ne_decoupe() -> None:
    assert etiquettes.sans_chiffre(Filtres(annee="comptees", niveau=3, site=1, statuts=("APPRENTI",))) == []
    assert etiquettes.sans_chiffre(Filtres(age="16-17", statuts=("RUPTURE",))) == [
        "l’âge",
        "la raison du statut",
    ]


def test_un_statut_hors_de_portee_est_mis_de_cote() -> None:
    assert lire("statut=APPRENTI", statuts=("INSCRIT",)) == Filtres(ignores=("statut",))


def test_changer_un_filtre_revient_a_la_premiere_page() -> None:
    page_trois = Filtres(statuts=("APPRENTI",), apres=42)
    assert filtres.vers_url(page_trois, niveau=3) == "?statut=APPRENTI&niveau=3"
    assert filtres.vers_url(page_trois, apres=43) == "?statut=APPRENTI&apres=43"


def test_trier_deux_fois_par_la_meme_colonne_inverse() -> None:
    assert filtres.trier(Filtres(), "entree") == "?tri=entree"
    assert filtres.trier(Filtres(tri="entree"), "entree") == "?tri=entree&sens=desc"
    assert filtres.trier(Filtres(tri="entree", sens="desc"), "entree") == "?tri=entree"


@given(
    st.builds(
        Filtres,
        statuts=st.lists(st.sampled_from(list(CHOIX)), unique=True, max_size=3).map(tuple),
        formation=st.sampled_from(["", "RNCP1", "CAP « Pâtisserie » & co"]),
        annee=st.sampled_from(["", "toutes", "2025-2026"]),
        site=st.sampled_from([None, 1]),
        niveau=st.sampled_from([None, 5]),
        age=st.sampled_from(["", "16-17"]),
        employeur=st.sampled_from(["", "13002526500013"]),
        fraicheur=st.sampled_from(["", "absente"]),
        ajoutes=st.sampled_from([(), (("a_regler", "oui"),)]),
        vue=st.sampled_from([None, 4]),
        r=st.sampled_from(["", "AbCdEf_-12"]),
        tri=st.sampled_from(filtres.TRIS),
        sens=st.sampled_from(filtres.SENS),
        apres=st.sampled_from([None, 7]),
    )
)
def test_un_etat_ecrit_puis_relu_est_le_meme(etat: Filtres) -> None:
    adresse = filtres.vers_url(etat, apres=etat.apres).removeprefix("?")
    assert lire(adresse, sites=(1,), ajoutes={"a_regler": {"oui": "à régler"}}) == etat


def test_les_annees_actives_contiennent_celles_que_comptent_les_chiffres() -> None:
    assert annees.actives(date(2026, 11, 18)) == ("2025-2026", "2026-2026", "2026-2027")
    assert annees.actives(date(2027, 7, 31)) == ("2025-2026", "2027-2027", "2026-2027")
    assert annees.actives(date(2027, 8, 1)) == ("2026-2027", "2027-2027", "2027-2028")


def test_un_cfa_choisit_parmi_les_statuts_distingues() -> None:
    offerts = etiquettes.statuts_offerts(None)
    assert "RUPTURE" in offerts
    assert "DELAI_DEPASSE" in offerts
    assert "A_VENIR" in offerts
    assert "RUPTURANT" not in offerts


def test_un_agent_de_l_etat_choisit_parmi_ses_trois_listes_et_distingue_les_motifs() -> None:
    offerts = etiquettes.statuts_offerts(frozenset({1, 3, 4}))
    delais = ["DELAI_DEPASSE", "DELAI_SANS_CONTRAT", "DELAI_APRES_CONTRAT"]
    assert offerts == ["INSCRIT", "RUPTURE", "FIN_DE_CONTRAT", *delais, "SORTI"]
    assert set(etiquettes.statuts_admis(offerts)) == {*offerts, "RUPTURANT", "ABANDON"}


def test_le_lien_d_un_chiffre_peut_joindre_ce_que_la_liste_distingue() -> None:
    admis = etiquettes.statuts_admis(etiquettes.statuts_offerts(None))
    assert {"RUPTURANT", "ABANDON"} <= set(admis)


def test_chaque_filtre_choisi_a_son_etiquette_qui_le_retire() -> None:
    etat = Filtres(statuts=("APPRENTI", "INSCRIT"), formation="RNCP38322", site=2)
    choisies = {e.libelle: e.url for e in etiquettes.choisies(etat, OFFRE, None)}
    assert choisies["apprenti"] == "?statut=INSCRIT&formation=RNCP38322&site=2"
    assert choisies["CAP Boulanger"] == "?statut=APPRENTI&statut=INSCRIT&site=2"
    assert choisies["Brest"] == "?statut=APPRENTI&statut=INSCRIT&formation=RNCP38322"


def test_l_etablissement_n_est_demande_que_s_il_y_en_a_plusieurs() -> None:
    noms = [c["nom"] for c in etiquettes.champs(Filtres(), OFFRE)]
    assert "site" in noms
    seul = OFFRE._replace(sites=[])
    assert "site" not in [c["nom"] for c in etiquettes.champs(Filtres(), seul)]
