"""The state of the list is its address: what it may hold, what is set aside, how it is written back."""

from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.effectifs import annees, etiquettes, filtres
from tdba.effectifs.etiquettes import Offre
from tdba.effectifs.filtres import CHOIX, DU_CFA, Filtres

OFFRE = Offre(DU_CFA, [("RNCP38322", "CAP Boulanger")], ["2026-2027"], [(1, "Rennes"), (2, "Brest")])


def lire(adresse: str, **permis: object) -> Filtres:
    return filtres.lire(parse_qs(adresse), **permis)  # type: ignore[arg-type]


def test_une_adresse_sans_rien_est_la_liste_par_defaut() -> None:
    assert lire("") == Filtres()
    assert filtres.vers_url(Filtres()) == ""


def test_les_valeurs_vides_d_un_formulaire_ne_filtrent_pas() -> None:
    assert filtres.lire({"statut": [""], "formation": [" "], "annee": [""], "site": [""]}) == Filtres()


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
        r=st.sampled_from(["", "AbCdEf_-12"]),
        tri=st.sampled_from(filtres.TRIS),
        sens=st.sampled_from(filtres.SENS),
        apres=st.sampled_from([None, 7]),
    )
)
def test_un_etat_ecrit_puis_relu_est_le_meme(etat: Filtres) -> None:
    adresse = filtres.vers_url(etat, apres=etat.apres).removeprefix("?")
    assert lire(adresse, sites=(1,)) == etat


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
    assert offerts == ["INSCRIT", "RUPTURE", "FIN_DE_CONTRAT", "DELAI_DEPASSE", "SORTI"]
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
