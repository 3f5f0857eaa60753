"""How likely two records are one person: the scores, their reasons, and what must never be shown."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdba.doublons import ressemblance
from tdba.doublons.ressemblance import APPUI_MAX, APPUIS, POIDS, SEUIL, Identite, comparer, doublon
from tdba.textes import sans_accents

NAISSANCE = date(2007, 5, 4)


def fiche(cle: int = 1, nom: str = "LE GALL", prenom: str = "Maël", **valeurs: Any) -> Identite:
    reglees: dict[str, Any] = {
        "organisme_id": 1,
        "annee_scolaire": "2026-2027",
        "id_erp": f"erp-{cle}",
        "date_naissance": NAISSANCE,
    }
    return Identite(id=cle, nom=nom, prenom=prenom, **(reglees | valeurs))


@pytest.mark.parametrize(
    ("autre", "score", "raisons"),
    [
        ({}, 90, {"MEME_NOM", "MEME_NAISSANCE"}),
        ({"nom": "Le-Gall", "prenom": "MAEL"}, 90, {"MEME_NOM", "MEME_NAISSANCE"}),
        ({"nom": "LEGALL"}, 90, {"MEME_NOM", "MEME_NAISSANCE"}),
        ({"nom": "Maël", "prenom": "LE GALL"}, 86, {"NOM_PRENOM_INVERSES", "MEME_NAISSANCE"}),
        ({"nom": "LE", "prenom": "Gall Maël"}, 86, {"MEMES_MOTS", "MEME_NAISSANCE"}),
        ({"nom": "LE GAL"}, 78, {"NOM_UNE_LETTRE", "MEME_NAISSANCE"}),
        ({"prenom": "Maêll"}, 78, {"NOM_UNE_LETTRE", "MEME_NAISSANCE"}),
        ({"prenom": "Mæl"}, 90, {"MEME_NOM", "MEME_NAISSANCE"}),
        ({"prenom": "Male"}, 78, {"NOM_UNE_LETTRE", "MEME_NAISSANCE"}),
        ({"nom": "LE GALL MORVAN"}, 78, {"NOM_INCOMPLET", "MEME_NAISSANCE"}),
        ({"date_naissance": date(2007, 4, 5)}, 78, {"MEME_NOM", "JOUR_MOIS"}),
        ({"date_naissance": date(2007, 5, 14)}, 75, {"MEME_NOM", "UN_CHIFFRE"}),
        ({"date_naissance": date(2008, 5, 4)}, 75, {"MEME_NOM", "UN_CHIFFRE"}),
    ],
)
def test_une_erreur_de_saisie_laisse_voir_la_meme_personne(
    autre: dict[str, Any], score: int, raisons: set[str]
) -> None:
    vue = comparer(fiche(1), fiche(2, **autre))
    assert (vue.score, set(vue.raisons)) == (score, raisons)
    assert doublon(fiche(1), fiche(2, **autre)) == vue


@pytest.mark.parametrize(
    ("prenom", "autre"),
    [
        ("Erwan", {}),
        ("Erwan", {"telephone": "0611223344", "courriel": "famille@exemple.fr", "rncp": "RNCP1"}),
        ("Maëlle", {"ine": "123456789AC", "sexe": "F"}),
        ("Maëlle", {"sexe": "F"}),
        ("Maëla", {"ine": "123456789AC"}),
        ("Maël-Yann", {"ine": "123456789AC"}),
    ],
)
def test_de_vrais_jumeaux_ne_sont_pas_signales(prenom: str, autre: dict[str, Any]) -> None:
    a = fiche(
        1,
        sexe="M",
        ine="123456789AB",
        telephone="06 11 22 33 44",
        courriel="Famille@exemple.fr",
        rncp="RNCP1",
        date_entree=date(2026, 9, 1),
    )
    assert doublon(a, fiche(2, prenom=prenom, date_entree=date(2026, 9, 1), **autre)) is None


def test_des_homonymes_nes_un_autre_jour_ne_sont_pas_signales_meme_avec_tous_les_appuis() -> None:
    appuis = {
        "telephone": "0611223344",
        "courriel": "a@exemple.fr",
        "rncp": "RNCP1",
        "date_entree": date(2026, 9, 1),
        "id_erp": "7",
    }
    autre = fiche(2, organisme_id=2, date_naissance=date(2004, 11, 23), **appuis)
    assert comparer(fiche(1, **appuis), autre).score == 50 + APPUI_MAX < SEUIL


def test_le_meme_ine_suffit_avec_le_nom_ou_la_naissance_jamais_seul() -> None:
    ine = "123456789AB"
    assert (
        doublon(fiche(1, ine=ine), fiche(2, ine=ine.lower(), date_naissance=date(2004, 11, 23))) is not None
    )
    assert doublon(fiche(1, ine=ine), fiche(2, "MARTIN", "Anne", ine=ine)) is not None
    assert (
        doublon(fiche(1, ine=ine), fiche(2, "MARTIN", "Anne", ine=ine, date_naissance=date(2004, 11, 23)))
        is None
    )


def test_deux_ine_de_formes_differentes_ne_separent_pas() -> None:
    assert comparer(fiche(1, ine="123456789AB"), fiche(2, ine="0123456789A")).score == 90
    assert comparer(fiche(1, ine="123456789AB"), fiche(2, ine="987654321AB")).score == 75


def test_une_fiche_par_annee_sous_le_meme_identifiant_n_est_pas_un_doublon() -> None:
    session = {"date_entree": date(2025, 9, 1), "date_fin": date(2027, 8, 31)}
    avant = fiche(1, id_erp="7", annee_scolaire="2025-2026", **session)
    for annee, id_erp in (("2026-2027", "7"), ("2025-2025", "7"), ("2026-2027", "8")):
        assert doublon(avant, fiche(2, id_erp=id_erp, annee_scolaire=annee, **session)) is None
    assert doublon(avant, fiche(2, id_erp="8", annee_scolaire="2025-2026", **session)) is not None


def test_deux_annees_qui_comptent_le_meme_jour_sont_comparees_si_les_sessions_se_chevauchent() -> None:
    a = fiche(1, annee_scolaire="2026-2026", date_entree=date(2026, 1, 5), date_fin=date(2026, 12, 18))
    b = fiche(2, date_entree=date(2026, 9, 1), date_fin=date(2027, 8, 31))
    assert doublon(a, b) is not None
    assert doublon(a._replace(date_fin=date(2026, 6, 30)), b) is None
    assert doublon(a._replace(date_fin=None), b) is None


def test_des_parcours_qui_se_suivent_dans_deux_formations_ne_sont_pas_un_doublon() -> None:
    a = fiche(1, rncp="RNCP1", date_entree=date(2026, 9, 1), date_exclusion=date(2026, 11, 2))
    b = fiche(2, rncp="RNCP2", date_entree=date(2026, 11, 9), date_fin=date(2027, 8, 31))
    assert doublon(a, b) is None
    assert doublon(a, b._replace(rncp="RNCP1")) is not None
    assert doublon(a, b._replace(date_entree=date(2026, 10, 1))) is not None


def test_le_meme_identifiant_dans_deux_sites_est_un_appui() -> None:
    vue = doublon(fiche(1, id_erp="7"), fiche(2, id_erp="7", organisme_id=2))
    assert vue is not None
    assert "MEME_ID_ERP" in vue.raisons


def test_chaque_raison_a_ses_mots() -> None:
    assert set(ressemblance.PHRASES) == set(POIDS)
    assert set(POIDS) > APPUIS


NOMS = st.text(alphabet="ABCDÉè -'’", min_size=1, max_size=12).filter(lambda t: bool(sans_accents(t).strip()))
JOURS = st.dates(date(2000, 1, 1), date(2010, 12, 31))
PEUT_ETRE = st.none() | st.sampled_from(["X1", "X2"])
FICHES = st.builds(
    Identite,
    id=st.integers(1, 9),
    organisme_id=st.integers(1, 2),
    annee_scolaire=st.sampled_from(["2026-2027", "2026-2026", "2025-2026"]),
    id_erp=st.sampled_from(["a", "b"]),
    nom=NOMS,
    prenom=NOMS,
    date_naissance=JOURS,
    sexe=st.none() | st.sampled_from("MF"),
    ine=st.none() | st.sampled_from(["123456789AB", "123456789AC", "0123456789A"]),
    courriel=PEUT_ETRE,
    telephone=PEUT_ETRE,
    rncp=PEUT_ETRE,
    date_entree=st.none() | JOURS,
    date_fin=st.none() | JOURS,
)


@given(FICHES, FICHES)
def test_l_ordre_des_deux_fiches_ne_change_rien(a: Identite, b: Identite) -> None:
    assert comparer(a, b) == comparer(b, a)
    assert doublon(a, b) == doublon(b, a)


@given(FICHES, FICHES)
def test_le_score_est_entre_0_et_100_et_se_refait_depuis_ses_raisons(a: Identite, b: Identite) -> None:
    vue = comparer(a, b)
    appui = min(APPUI_MAX, sum(POIDS[r] for r in vue.raisons if r in APPUIS))
    assert vue.score == max(0, min(100, appui + sum(POIDS[r] for r in vue.raisons if r not in APPUIS)))


@given(FICHES, FICHES)
def test_les_accents_la_casse_les_traits_d_union_et_l_ordre_des_mots_ne_changent_rien(
    a: Identite, b: Identite
) -> None:
    autre = b._replace(nom=sans_accents(b.nom).lower(), prenom=" ".join(reversed(b.prenom.split())))
    autre = autre._replace(nom=autre.nom.replace(" ", "-"))
    if not sans_accents(autre.nom).strip("- ") or len(sans_accents(b.prenom).split()) != len(
        b.prenom.split()
    ):
        return
    assert set(comparer(a, autre).raisons) == set(comparer(a, b).raisons) or _collage(a, b)


def _collage(a: Identite, b: Identite) -> bool:
    """Words glued in one record and not in the other are read in their order."""
    return len(ressemblance.mots(f"{a.nom} {a.prenom}")) != len(ressemblance.mots(f"{b.nom} {b.prenom}"))


@given(FICHES, FICHES)
def test_avoir_une_chose_de_plus_en_commun_ne_baisse_jamais_le_score(a: Identite, b: Identite) -> None:
    avant = comparer(a, b).score
    for champ in ("ine", "sexe", "courriel", "telephone", "date_naissance"):
        egale: dict[str, Any] = {champ: getattr(a, champ)}
        assert comparer(a, b._replace(**egale)).score >= avant or getattr(a, champ) is None
    assert comparer(a, b._replace(nom=a.nom, prenom=a.prenom)).score >= avant


@given(st.text("ABC", min_size=1, max_size=6), st.integers(0, 5), st.sampled_from("ABCD"))
def test_une_lettre_otee_ajoutee_ou_changee_se_reconnait(mot: str, rang: int, lettre: str) -> None:
    rang %= len(mot)
    for autre in (
        mot[:rang] + mot[rang + 1 :],
        mot[:rang] + lettre + mot[rang:],
        mot[:rang] + lettre + mot[rang + 1 :],
    ):
        assert (
            ressemblance.a_une_lettre(mot, autre) == (mot != autre) == ressemblance.a_une_lettre(autre, mot)
        )


@given(JOURS, st.integers(2, 400))
def test_deux_naissances_eloignees_n_apportent_rien(jour: date, ecart: int) -> None:
    autre = jour + timedelta(days=ecart)
    if sum(x != y for x, y in zip(jour.isoformat(), autre.isoformat(), strict=True)) > 1:
        raisons = set(comparer(fiche(1, date_naissance=jour), fiche(2, date_naissance=autre)).raisons)
        assert raisons <= {"MEME_NOM", "JOUR_MOIS"}
