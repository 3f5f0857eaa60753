"""A whole line: what makes it right, what refuses it, what is kept of it (domain.md §4.1-4.4, decisions 13, 15, 16)."""

from datetime import date
from typing import Any

import pytest

from benchmarks.lignes import LIGNE
from tdba.transmissions import champs
from tdba.transmissions.lignes import (
    REGLES_EMPREINTE,
    ContratLu,
    Erreur,
    LigneLue,
    contrats,
    empreinte,
    lire,
)
from tests.transmissions.lignes_exemples import (
    MINIMALE,
    TELEVERSEE,
    TOUS_LES_CHAMPS,
    lire_erp,
    messages,
)

ENTREE = "La date de fin de formation doit être supérieure à la date d'entrée en formation"
LETTRE = "UAI invalide : la lettre ne correspond pas aux chiffres"
CLE = "Siret invalide : la clé de contrôle ne correspond pas aux chiffres"
NIR = "Ce texte ressemble à un numéro de sécurité sociale (NIR), qui ne doit pas être transmis"


def test_les_champs_sont_ceux_de_l_api() -> None:
    assert set(champs.NOMS) == TOUS_LES_CHAMPS
    assert len(champs.NOMS) == 69


def test_une_ligne_pleine_est_lue_en_entier() -> None:
    lue = lire(LIGNE, source="ERP")
    assert (lue.erreurs, lue.signalements) == ((), ())
    assert lue.valeurs.keys() == LIGNE.keys()


@pytest.mark.parametrize("champ", sorted(MINIMALE))
@pytest.mark.parametrize("absent", ["sans la cle", "null"])
def test_un_champ_obligatoire_absent_refuse_la_ligne(champ: str, absent: str) -> None:
    ligne = MINIMALE | {champ: None}
    if absent == "sans la cle":
        del ligne[champ]
    assert lire(ligne, source="ERP").erreurs == (Erreur(champ, "Champ obligatoire"),)


@pytest.mark.parametrize("ligne", [None, 12, "ligne", [], [MINIMALE], True, b"x"])
def test_une_ligne_qui_n_est_pas_un_objet_est_une_erreur(ligne: object) -> None:
    lue = lire(ligne, source="ERP")
    assert lue.valeurs == {}
    assert [erreur.champ for erreur in lue.erreurs] == [""]
    assert lue.erreurs[0].message.startswith("Objet attendu")


def test_une_source_inconnue_est_une_faute_de_programmation() -> None:
    with pytest.raises(ValueError, match="DECA"):
        lire(MINIMALE, source="DECA")


def test_les_cles_inconnues_et_les_valeurs_nulles_sont_ignorees() -> None:
    ligne = MINIMALE | {"nationalite": 1, "has_nir": True, "_id": {}, 12: "x", "ine_apprenant": None}
    assert lire(ligne, source="ERP") == lire(MINIMALE, source="ERP")


def test_le_nir_n_est_lu_d_aucune_facon() -> None:
    lue = lire_erp(nir_apprenant="105107512345629")
    assert lue == lire_erp()


def test_la_ligne_recue_n_est_pas_modifiee() -> None:
    ligne = TELEVERSEE | {"nom_apprenant": " x "}
    lire(ligne, source="FICHIER")
    assert ligne == TELEVERSEE | {"nom_apprenant": " x "}


def test_les_erreurs_sont_dans_l_ordre_des_champs_et_non_des_cles() -> None:
    faux = {"date_fin_formation": "x", "sexe_apprenant": "x", "nom_apprenant": 1}
    a_l_endroit = lire(MINIMALE | faux, source="ERP")
    a_l_envers = lire(dict(reversed(list((MINIMALE | faux).items()))), source="ERP")
    assert (
        [e.champ for e in a_l_endroit.erreurs]
        == [e.champ for e in a_l_envers.erreurs]
        == ["nom_apprenant", "sexe_apprenant", "date_fin_formation"]
    )


def test_les_valeurs_mises_de_cote_sont_aussi_dans_l_ordre_des_champs() -> None:
    lue = lire_erp(siret_employeur_2="x", siret_employeur="y", code_postal_de_naissance_apprenant="z")
    assert [recu for _, recu in lue.signalements] == ["z", "y", "x"]


def test_sans_sifa_les_champs_de_l_enquete_sont_ignores_meme_faux() -> None:
    lue = lire(
        MINIMALE | {"rqth_apprenant": "oui", "date_rqth_apprenant": "2020-01-01"}, source="ERP", sifa=False
    )
    assert lue == lire_erp()


# --- establishments: keys, and what our référentiel knows (decision 13)


@pytest.mark.parametrize("qui", ["responsable", "formateur"])
def test_la_lettre_et_la_cle_d_un_etablissement_obligatoire_sont_verifiees(qui: str) -> None:
    uai, siret = f"etablissement_{qui}_uai", f"etablissement_{qui}_siret"
    assert messages(lire_erp(**{uai: "0440005A", siret: "73282932000075"})) == {uai: LETTRE, siret: CLE}


def test_un_couple_connu_est_accepte_quelles_que_soient_ses_cles() -> None:
    demandes = []

    def connu(uai: str, siret: str) -> bool:
        demandes.append((uai, siret))
        return uai == "0440005A"

    faux = {
        "etablissement_responsable_uai": " 0440005a ",
        "etablissement_responsable_siret": "732 829 320 00075",
        "etablissement_formateur_uai": "0440010A",
    }
    lue = lire(MINIMALE | faux, source="ERP", couple_connu=connu)
    assert demandes == [("0440005A", "73282932000075"), ("0440010A", "43937112100013")]
    assert lue.valeurs["etablissement_responsable_siret"] == "73282932000075"
    assert messages(lue) == {"etablissement_formateur_uai": LETTRE}


def test_un_couple_dont_les_cles_sont_justes_n_est_pas_demande() -> None:
    def connu(uai: str, siret: str) -> bool:
        raise AssertionError(uai, siret)

    assert lire(MINIMALE, source="ERP", couple_connu=connu).valide


# --- contracts and dates (domain.md §4.4 step 4)


@pytest.mark.parametrize("suffixe", ["", "_2", "_3", "_4"])
@pytest.mark.parametrize(
    ("champ", "recu"),
    [
        ("contrat_date_fin", "2026-01-01"),
        ("contrat_date_rupture", "2026-01-01"),
        ("cause_rupture_contrat", "démission"),
    ],
)
def test_un_contrat_sans_debut_fait_deux_erreurs(suffixe: str, champ: str, recu: str) -> None:
    champ, debut = champ + suffixe, f"contrat_date_debut{suffixe}"
    assert messages(lire_erp(**{champ: recu})) == {
        champ: f"Information de contrat incomplète : {champ} sans {debut}",
        debut: f"Information de contrat incomplète : {debut} manque alors que {champ} est renseigné",
    }


def test_plusieurs_champs_sans_debut_font_toujours_deux_erreurs() -> None:
    lue = lire_erp(contrat_date_fin="2026-01-01", cause_rupture_contrat="démission")
    assert [erreur.champ for erreur in lue.erreurs] == ["contrat_date_debut", "contrat_date_fin"]
    assert all("contrat_date_fin, cause_rupture_contrat" in erreur.message for erreur in lue.erreurs)


def test_un_debut_illisible_n_est_pas_dit_absent() -> None:
    lue = lire_erp(contrat_date_debut="x", contrat_date_fin="2026-01-01")
    assert messages(lue) == {"contrat_date_debut": "Date invalide"}


@pytest.mark.parametrize(
    ("fin", "attendu"),
    [("2025-09-01", {"date_fin_formation": ENTREE}), ("2025-09-02", {}), ("2025-09-03", {})],
)
def test_la_formation_ne_finit_pas_avant_l_entree(fin: str, attendu: dict[str, str]) -> None:
    assert messages(lire_erp(date_fin_formation=fin)) == attendu


def test_les_contrats_sont_ceux_qui_ont_un_debut() -> None:
    lue = lire_erp(
        contrat_date_debut="2025-09-15",
        contrat_date_fin="2026-08-31",
        contrat_date_rupture="2025-12-01",
        cause_rupture_contrat="démission",
        siret_employeur="12345678901234",
        siret_employeur_2="12345678901234",
        contrat_date_debut_4="2026-01-05",
    )
    assert lue.valide
    assert contrats(lue.valeurs) == [
        ContratLu(date(2025, 9, 15), date(2026, 8, 31), date(2025, 12, 1), "démission", "12345678901234"),
        ContratLu(date(2026, 1, 5), None, None, None, None),
    ]


# --- an identifier that is in fact a NIR (decision 16); the apprentice is born in October 2005


@pytest.mark.parametrize("champ", ["id_erp_apprenant", "ine_apprenant"])
@pytest.mark.parametrize(
    "recu",
    [
        "1051075123456",
        1051075123456,
        "1 05 10 75 123 456",
        "1055075123456",
        "185057800608491",
        "CFA-185057800608491",
    ],
)
def test_un_nir_mis_a_la_place_d_un_identifiant_est_refuse(champ: str, recu: Any) -> None:
    lue = lire_erp(**{champ: recu})
    assert messages(lue) == {champ: NIR}
    assert champ not in lue.valeurs


@pytest.mark.parametrize("recu", ["2021190112345", "185057800608492", "12345678901234", "1712345678901"])
def test_un_identifiant_long_n_est_pas_un_nir_s_il_ne_dit_pas_la_naissance_ou_la_cle(recu: str) -> None:
    assert lire_erp(id_erp_apprenant=recu).valeurs["id_erp_apprenant"] == recu


# --- fingerprint (decision 15)


def test_l_empreinte_ne_depend_pas_de_l_ordre_des_cles() -> None:
    a_l_envers = lire(dict(reversed(LIGNE.items())), source="ERP")
    assert empreinte(a_l_envers.valeurs) == empreinte(lire(LIGNE, source="ERP").valeurs)
    assert empreinte({})[:2] == REGLES_EMPREINTE
    assert len(empreinte({})) == 18


@pytest.mark.parametrize(
    "autre",
    [{"nom_apprenant": "Lenotre"}, {"ine_apprenant": "1"}, {"date_fin_formation": "2027-08-01"}],
)
def test_l_empreinte_change_avec_une_valeur(autre: dict[str, Any]) -> None:
    assert empreinte(lire_erp(**autre).valeurs) != empreinte(lire_erp().valeurs)


def test_l_empreinte_change_avec_une_valeur_mise_de_cote() -> None:
    def de(lue: LigneLue) -> bytes:
        return empreinte(lue.valeurs, lue.signalements)

    assert de(lire_erp(siret_employeur="1")) != de(lire_erp(siret_employeur="2")) != de(lire_erp())


def test_l_empreinte_change_avec_la_version_des_regles(monkeypatch: pytest.MonkeyPatch) -> None:
    avant = empreinte({"nom_apprenant": "X"})
    monkeypatch.setattr("tdba.transmissions.lignes.REGLES_EMPREINTE", b"\0\0")
    assert empreinte({"nom_apprenant": "X"}) != avant
