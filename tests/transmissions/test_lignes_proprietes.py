"""What holds for any line at all: reading never raises, is stable, and what is stored is storable."""

import json
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lignes import LIGNE
from tdba.transmissions import champs
from tdba.transmissions.lignes import contrats, empreinte, lire, sans_donnees_interdites
from tests.transmissions.lignes_exemples import MINIMALE, TELEVERSEE

REGLAGES = settings(derandomize=True, deadline=None, max_examples=200, database=None)

_textes = st.text(st.characters(), max_size=30)  # half surrogates and NUL included
_approchants = st.from_regex(r"[0-9 /T:.+Z@a-zRNCP-]{1,26}", fullmatch=True)
_scalaires = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**30), 0, 44440])
    | st.floats()
    | _textes
    | _approchants
    | st.dates()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.binary(max_size=3)
)
_valeurs = st.recursive(
    _scalaires, lambda v: st.lists(v, max_size=2) | st.dictionaries(_textes, v, max_size=2)
)
_cles = st.sampled_from([*champs.NOMS, "nir_apprenant", "inconnu"]) | _textes | st.integers()
_quelconques = st.dictionaries(_cles, _valeurs, max_size=25)
_sources = st.sampled_from(champs.SOURCES)

_jours = st.dates(date(1901, 1, 1), date(2100, 1, 1))
_ecritures = st.sampled_from(["", "T00:00:00.000Z", "T22:00:00.000Z", "T23:00:00Z", "T10:00:00+02:00"])
_dates = st.builds(lambda jour, suite: jour.isoformat() + suite, _jours, _ecritures)
_justes: dict[str, st.SearchStrategy[Any]] = {
    "nom_apprenant": st.sampled_from(["Lenôtre", " d'Œuf ", "Straße", "İnci", "ŉ", "O'Neil-ﬁ"]),
    "prenom_apprenant": st.sampled_from(["Léa", " Anne  Lise ", "王"]),
    "date_de_naissance_apprenant": _dates,
    "date_exclusion_formation": _dates,
    "annee_scolaire": st.sampled_from(["2024-2025", "2024 / 2024"]),
    "id_erp_apprenant": st.integers(0, 10**12) | st.sampled_from([12.0, 1.5, " x "]),
    "sexe_apprenant": st.sampled_from(["H", "F", "1", 2]),
    "tel_apprenant": st.sampled_from(["06 28 00 00 00", "0692123456", 628000000, "+33 596 30 12 34", ""]),
    "code_postal_apprenant": st.integers(1, 99999),
    "annee_formation": st.sampled_from([0, "5", " 2.0 "]),
    "statut_apprenant": st.sampled_from([0, "2", 3.0]),
    "formation_rncp": st.sampled_from(["35316", "rncp-3 53", 12]),
    "formation_cfd": st.sampled_from(["5002214a", 50022141]),
    "dernier_organisme_uai": st.sampled_from(["0440005s", "02A", 995]),
    "derniere_situation": st.sampled_from([0, "4101", 9900.0]),
    "type_cfa": st.sampled_from([1, "9", "10"]),
    "siret_employeur": st.sampled_from(["123 456 789 01234", "faux", 12345678901234.0, ""]),
    "duree_theorique_formation_mois": st.integers(-5, 60) | st.just("24"),
    "contrat_date_debut": _dates,
    "cause_exclusion_formation": st.sampled_from(["démission", " ", "\u00a0faute\u3000"]),
}
_lignes_justes = st.fixed_dictionaries({}, optional=_justes).map(lambda choisis: MINIMALE | choisis)


def _renvoyee(valeurs: dict[str, Any]) -> dict[str, Any]:
    """The same values, as JSON would carry them back."""
    return {c: v.isoformat() if isinstance(v, date) else v for c, v in valeurs.items()}


@REGLAGES
@given(_quelconques, _sources)
def test_aucune_ligne_ne_fait_lever_d_exception(ligne: dict[Any, Any], source: str) -> None:
    lue = lire(ligne, source=source)
    contrats(lue.valeurs)
    empreinte(lue.valeurs, lue.signalements)
    refuses = {erreur.champ for erreur in lue.erreurs}
    assert refuses.isdisjoint(lue.valeurs)
    assert len(refuses) == len(lue.erreurs)
    assert lue.valeurs.keys() | refuses <= set(champs.NOMS)


@REGLAGES
@given(_valeurs, _sources)
def test_aucune_valeur_a_la_place_d_une_ligne_ne_fait_lever_d_exception(valeur: Any, source: str) -> None:
    assert lire(valeur, source=source).erreurs
    json.dumps(sans_donnees_interdites(valeur), allow_nan=False).encode()


@REGLAGES
@given(_quelconques, st.booleans())
def test_ce_qui_est_conserve_entre_dans_un_jsonb(ligne: dict[Any, Any], sifa: bool) -> None:
    copie = sans_donnees_interdites(ligne, sifa=sifa)
    texte = json.dumps(copie, allow_nan=False, ensure_ascii=False)
    assert "\\u0000" not in texte
    assert json.loads(texte.encode("utf-8")) == copie
    assert copie.keys() <= set(champs.NOMS)
    assert sans_donnees_interdites(copie, sifa=sifa) == copie


@REGLAGES
@given(_lignes_justes)
def test_relire_une_ligne_juste_la_laisse_telle_quelle(ligne: dict[str, Any]) -> None:
    lue = lire(ligne, source="ERP")
    assert lue.erreurs == ()
    relue = lire(_renvoyee(lue.valeurs), source="ERP")
    assert relue == (lue.valeurs, (), ())
    assert empreinte(relue.valeurs) == empreinte(lue.valeurs)


@REGLAGES
@given(_lignes_justes)
def test_relire_un_fichier_dont_tout_est_devenu_texte_le_laisse_tel_quel(ligne: dict[str, Any]) -> None:
    lue = lire(TELEVERSEE | ligne | {"rqth_apprenant": "oui"}, source="FICHIER")
    assert lue.erreurs == ()
    textes = {champ: str(valeur) for champ, valeur in lue.valeurs.items()}
    assert lire(textes, source="FICHIER").valeurs == lue.valeurs


@REGLAGES
@given(_lignes_justes)
def test_une_ligne_juste_se_relit_depuis_ce_qui_en_est_conserve(ligne: dict[str, Any]) -> None:
    lue = lire(ligne, source="ERP")
    assert lire(sans_donnees_interdites(ligne), source="ERP") == lue


@REGLAGES
@given(st.permutations(sorted(LIGNE)))
def test_l_ordre_des_cles_ne_change_rien(cles: list[str]) -> None:
    lue = lire({champ: LIGNE[champ] for champ in cles}, source="ERP")
    assert lue == lire(LIGNE, source="ERP")
    assert empreinte(lue.valeurs) == empreinte(lire(LIGNE, source="ERP").valeurs)


@REGLAGES
@given(st.text(max_size=260))
def test_un_nom_quelconque_est_refuse_ou_se_relit_a_l_identique(nom: str) -> None:
    """Upper case may lengthen a name; what is kept must still be accepted."""
    lue = lire(MINIMALE | {"nom_apprenant": nom}, source="ERP")
    if lue.valide:
        assert lire(MINIMALE | {"nom_apprenant": lue.valeurs["nom_apprenant"]}, source="ERP") == lue
