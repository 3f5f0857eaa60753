"""The invented country: nobody real in it, identifiers that pass every check, the situations that screens need."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tdba.local import demo_comptes
from tdba.local.demo_certifications import (
    CERTIFICATIONS,
    GROUPES,
    PARTS_DES_PROFILS,
    PARTS_PAR_GROUPE,
    PROFILS,
)
from tdba.local.demo_identifiants import PREFIXE_SIREN, cle_api, siret, uai
from tdba.local.demo_noms import DIFFICILES
from tdba.local.demo_organismes import (
    ADHESIONS,
    DELEGATIONS,
    FERMES,
    N_ENVOIE_PLUS,
    NON_FIABLES,
    ORGANISMES,
    PAR_CODE,
    RELATIONS,
    RESEAUX,
    SIREN_DES_DUNES,
    quotas,
)
from tdba.local.demo_personnes import TELEPHONES_DE_FICTION, courriel
from tdba.local.demo_territoires import COMMUNES, DEPARTEMENTS, REGIONS
from tdba.organismes.academies import ACADEMIE_DU_DEPARTEMENT
from tdba.organismes.responsabilites import partielle
from tdba.transmissions.identifiants import siret_valide, uai_valide
from tdba.transmissions.normes import email
from tdba.transmissions.telephones import telephone


def test_soixante_organismes_en_trois_regions_aux_identifiants_justes_et_uniques() -> None:
    assert Counter(o.etablissement.region for o in ORGANISMES) == {"53": 20, "76": 20, "32": 20}
    assert all(siret_valide(o.siret) for o in ORGANISMES)
    assert all(uai_valide(o.uai) for o in ORGANISMES if o.uai)
    assert len({(o.uai, o.siret) for o in ORGANISMES}) == len({o.nom for o in ORGANISMES}) == 60


def test_aucun_siret_invente_ne_peut_etre_celui_de_quelqu_un() -> None:
    """No SIREN starts with 000."""
    employeurs = [siret(numero, 3) for numero in (20_000, 54_321, 99_999)]
    assert all(s.startswith(PREFIXE_SIREN) and siret_valide(s) for s in employeurs)
    assert all(o.siret.startswith(PREFIXE_SIREN) for o in ORGANISMES)


@pytest.mark.parametrize("departement", ["01", "2A", "2B", "35", "974"])
@pytest.mark.parametrize("numero", [1, 999, 1000, 1999])
def test_une_uai_inventee_a_la_bonne_lettre(departement: str, numero: int) -> None:
    assert uai_valide(uai(departement, numero))


def test_le_pays_montre_chaque_situation() -> None:
    dunes = [o for o in ORGANISMES if o.siren == SIREN_DES_DUNES]
    assert [o.nature for o in dunes] == ["responsable_formateur", "formateur", "formateur"]
    assert sum(partielle for _, _, partielle in RELATIONS) == 1
    assert len(RESEAUX) == 4
    assert [code for code, _, responsable in RESEAUX if responsable] == ["RES_ETABLI"]
    assert any(depart for _, _, _, depart in ADHESIONS)
    assert DELEGATIONS
    assert PAR_CODE[N_ENVOIE_PLUS].transmetteur == N_ENVOIE_PLUS
    assert FERMES
    assert NON_FIABLES
    assert any(o.uai is None for o in ORGANISMES)
    assert any(o.transmetteur is None for o in ORGANISMES)


def test_les_responsabilites_partielles_sont_celles_de_la_regle() -> None:
    """domain.md §1: another SIREN, and more than one responsable SIREN for the formateur."""
    for responsable, formateur, ecrite in RELATIONS:
        sirens = {PAR_CODE[r].siren for r, f, _ in RELATIONS if f == formateur}
        if PAR_CODE[formateur].nature == "responsable_formateur":
            sirens.add(PAR_CODE[formateur].siren)
        calculee = partielle(PAR_CODE[responsable].siren, PAR_CODE[formateur].siren, frozenset(sirens))
        assert calculee is ecrite, (responsable, formateur)


def test_chaque_transmetteur_a_le_droit_d_ecrire_pour_ceux_qu_il_envoie() -> None:
    """Decision 12: itself, formateurs it is fully responsible for, those that delegated to it."""
    pleins = {(r, f) for r, f, partielle in RELATIONS if not partielle}
    for o in ORGANISMES:
        if o.transmetteur not in (None, o.code):
            assert (o.transmetteur, o.code) in pleins or (o.code, o.transmetteur) in DELEGATIONS


def test_les_effectifs_se_repartissent_exactement_et_les_dunes_en_ont_400() -> None:
    for total in (500, 20_000):
        assert sum(quotas(total).values()) == total
    assert sum(quotas(20_000)[code] for code in ("DUN", "DU2", "DU3")) == 400


def test_les_profils_de_cfa_donnent_ensemble_les_parts_publiees_par_niveau() -> None:
    for niveau in GROUPES:
        moyenne = sum(part * PROFILS[profil][niveau] for profil, part in PARTS_DES_PROFILS.items())
        assert moyenne == pytest.approx(PARTS_PAR_GROUPE[niveau], abs=0.001)


def test_les_telephones_sont_reserves_a_la_fiction_et_acceptes_par_l_api() -> None:
    for debut in TELEPHONES_DE_FICTION:
        for fin in ("0000", "5555", "9999"):
            assert telephone(debut + fin) == debut + fin


def test_les_noms_difficiles_sont_la() -> None:
    textes = [texte for nom, prenom, _ in DIFFICILES for texte in (nom, prenom)]
    assert max(map(len, textes)) == 60
    for morceau in ("’", "'", "Ñ", "œ", "Æ", "<b>", "ß", "ع"):
        assert any(morceau in texte or morceau.lower() in texte for texte in textes), morceau
    assert all(email(courriel(prenom, nom, 7)) == courriel(prenom, nom, 7) for nom, prenom, _ in DIFFICILES)


def test_une_cle_depend_du_secret_et_du_cfa_seulement() -> None:
    assert cle_api("secret", "DUN") == cle_api("secret", "DUN")
    assert len({cle_api("secret", "DUN"), cle_api("secret", "FAL"), cle_api("autre", "DUN")}) == 3
    assert cle_api("secret", "DUN")[14] == "4"


def test_les_comptes_couvrent_chaque_sorte_de_lecteur() -> None:
    types = {o.cle: o.type for o in demo_comptes.ORGANISATIONS}
    presents = {types[p.organisation] for p in demo_comptes.MISES_EN_SCENE if p.organisation}
    assert presents >= {
        "ORGANISME_FORMATION", "TETE_DE_RESEAU", "DREETS", "DDETS", "ACADEMIE", "CONSEIL_REGIONAL", "SUPPORT", "CONFORMITE",
    }  # fmt: skip
    par_sub = {p.sub: p for p in demo_comptes.personnes()}
    assert len(par_sub) == len(demo_comptes.personnes())
    assert par_sub["demo-dreets-attente"].validee_par is None
    for personne in par_sub.values():
        assert personne.validee_par != personne.accordee_par
        assert personne.sub not in (personne.validee_par, personne.accordee_par)


def test_le_fournisseur_recoit_ce_qu_il_demande() -> None:
    fiches = demo_comptes.pour_fournisseur()
    cles = {"sub", "given_name", "usual_name", "email", "siret", "organization_label", "acr", "description"}
    assert all(set(fiche) == cles and all(fiche.values()) for fiche in fiches)
    assert all(siret_valide(fiche["siret"]) for fiche in fiches)
    assert len({fiche["email"] for fiche in fiches}) == len(fiches)
    assert "Directrice d’un CFA à trois sites" in demo_comptes.pour_banniere()[0]
    assert demo_comptes.pour_banniere()[0].endswith("Camille Le Goff")


def _lire(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(encoding="utf-8-sig", newline="") as fichier:
        return list(csv.DictReader(fichier))


def test_les_territoires_sont_ceux_du_code_officiel(donnees_publiques: Path) -> None:
    territoires = donnees_publiques / "territoires"
    communes = {c["code_insee"]: c for c in _lire(territoires / "communes.csv")}
    for commune in COMMUNES.values():
        officielle = communes[commune.insee]
        assert (officielle["nom"], officielle["code_departement"]) == (commune.nom, commune.departement)
        assert commune.code_postal in officielle["codes_postaux"].split("|")
    regions = {r["code"]: r["nom"] for r in _lire(territoires / "regions.csv")}
    assert all(regions[code] == nom for code, nom in REGIONS)
    departements = {d["code"]: d for d in _lire(territoires / "departements.csv")}
    for code, nom, region in DEPARTEMENTS:
        assert (departements[code]["nom"], departements[code]["code_region"]) == (nom, region)
        assert departements[code]["code_academie"] == ACADEMIE_DU_DEPARTEMENT[code]


def test_les_certifications_existent_et_ont_leur_niveau(donnees_publiques: Path) -> None:
    couples = {
        (c["code_rncp"], c["cfd"]): (c["niveau"][-1:], c["date_echeance"])
        for c in _lire(donnees_publiques / "certifications" / "cfd_rncp.csv")
    }
    for certification in CERTIFICATIONS:
        assert couples[certification.rncp, certification.cfd] == (
            str(certification.niveau),
            certification.echeance.isoformat(),
        )
