"""Who may do what, type by type, as exact equalities with what domain.md §5.2 and decisions 20, 21, 25 say."""

from pathlib import Path

import pytest

from tdba.comptes import document
from tdba.comptes.droits import MATRICE, STATUTS_TERRITOIRE, Mandat, Organismes, scope_de
from tdba.comptes.models import TYPES
from tdba.effectifs.statuts import Statut
from tdba.scope import VIDE, Droit, Portee, RoleSql, Scope

SOI, PLEIN, PARTIEL = 1, 2, 3
CFA = Organismes(frozenset({SOI}), frozenset({PLEIN}), frozenset({PARTIEL}))
TERRITOIRE = Organismes(frozenset({1, 2, 3}))
TROIS_STATUTS = frozenset({1, 3, 4})

ICI = Portee(frozenset({1, 2, 3}))
PAR_NOM = Portee(frozenset({1, 2, 3}), TROIS_STATUTS)
PARTOUT = Portee(None)
CHIFFRES = {Droit.VOIR_CONTACTS: ICI, Droit.VOIR_TRANSMISSIONS: ICI, Droit.VOIR_INDICATEURS: ICI}
CHIFFRES_PARTOUT = dict.fromkeys(CHIFFRES, PARTOUT)


def droits(type_: str, organismes: Organismes = TERRITOIRE, **mandat: object) -> dict[Droit, Portee]:
    return dict(scope_de(Mandat(type_, **mandat), organismes).droits)  # type: ignore[arg-type]


def test_un_cfa_voit_les_chiffres_de_tous_ses_formateurs_et_les_noms_de_ceux_dont_il_repond_pleinement() -> (
    None
):
    famille, noms = Portee(frozenset({SOI, PLEIN, PARTIEL})), Portee(frozenset({SOI, PLEIN}))
    assert droits("ORGANISME_FORMATION", CFA) == {
        Droit.VOIR_CONTACTS: famille,
        Droit.VOIR_TRANSMISSIONS: famille,
        Droit.VOIR_INDICATEURS: famille,
        Droit.VOIR_NOMINATIF: noms,
        Droit.VOIR_COORDONNEES: noms,
        Droit.CORRIGER: noms,
        Droit.CONFIGURER: Portee(frozenset({SOI})),
    }


def test_un_reseau_ne_voit_que_des_chiffres() -> None:
    assert droits("TETE_DE_RESEAU", validee=True) == CHIFFRES


def test_un_reseau_responsable_agit_comme_un_responsable_mais_ne_configure_pas() -> None:
    assert droits("TETE_DE_RESEAU", validee=True, reseau_responsable=True) == CHIFFRES | {
        Droit.VOIR_NOMINATIF: ICI,
        Droit.VOIR_COORDONNEES: ICI,
        Droit.CORRIGER: ICI,
    }


@pytest.mark.parametrize("type_", ["DREETS", "DDETS", "ACADEMIE"])
def test_un_service_de_l_etat_voit_trois_statuts_par_nom_avec_leurs_coordonnees(type_: str) -> None:
    assert droits(type_, validee=True) == CHIFFRES | {
        Droit.VOIR_NOMINATIF: PAR_NOM,
        Droit.VOIR_COORDONNEES: PAR_NOM,
    }


@pytest.mark.parametrize("type_", ["DRAAF", "DRAFPIC"])
def test_l_agriculture_voit_trois_statuts_par_nom_sans_coordonnees(type_: str) -> None:
    assert droits(type_, validee=True) == CHIFFRES | {Droit.VOIR_NOMINATIF: PAR_NOM}


@pytest.mark.parametrize("type_", ["CONSEIL_REGIONAL", "CARIF_OREF_REGIONAL"])
def test_une_region_voit_des_chiffres_et_des_contacts_jamais_de_noms(type_: str) -> None:
    assert droits(type_, validee=True) == CHIFFRES


@pytest.mark.parametrize("type_", ["CARIF_OREF_NATIONAL", "OPERATEUR_PUBLIC_NATIONAL"])
def test_un_operateur_national_voit_les_chiffres_de_tous(type_: str) -> None:
    assert droits(type_, Organismes(base=None), validee=True) == CHIFFRES_PARTOUT


@pytest.mark.parametrize("type_", ["MISSION_LOCALE", "ARML", "FRANCE_TRAVAIL"])
def test_les_missions_locales_et_france_travail_n_ont_rien_ici(type_: str) -> None:
    assert droits(type_, validee=True) == {}


def test_le_support_a_tout_partout_sauf_la_conformite_et_l_audit() -> None:
    assert droits("SUPPORT", Organismes(), validee=True) == dict.fromkeys(
        set(Droit) - {Droit.CONFORMITE, Droit.AUDITER}, PARTOUT
    )


def test_la_conformite_n_a_que_la_conformite() -> None:
    assert droits("CONFORMITE", Organismes()) == {Droit.CONFORMITE: PARTOUT}


def test_un_audit_n_ouvre_que_l_audit_et_seulement_avec_une_date_de_fin() -> None:
    assert droits("AUDIT", Organismes(), datee=True) == {Droit.AUDITER: PARTOUT}
    assert droits("AUDIT", Organismes(), datee=False) == {}


# --- Two persons (decision 25) ---------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["DREETS", "DDETS", "ACADEMIE", "DRAAF", "DRAFPIC"])
def test_sans_seconde_personne_un_service_de_l_etat_n_a_que_les_chiffres(type_: str) -> None:
    assert droits(type_, validee=False) == CHIFFRES


def test_sans_seconde_personne_un_reseau_responsable_n_a_que_les_chiffres() -> None:
    assert droits("TETE_DE_RESEAU", reseau_responsable=True, validee=False) == CHIFFRES


def test_sans_seconde_personne_le_support_n_a_que_les_chiffres_et_pas_le_role_national() -> None:
    scope = scope_de(Mandat("SUPPORT"), Organismes())
    assert dict(scope.droits) == CHIFFRES_PARTOUT
    assert scope.role is RoleSql.TERRITOIRE


def test_dans_son_propre_cfa_personne_n_attend_de_seconde_personne() -> None:
    assert droits("ORGANISME_FORMATION", CFA, validee=False) == droits(
        "ORGANISME_FORMATION", CFA, validee=True
    )


# --- Sites -----------------------------------------------------------------------------------------------------


def test_un_membre_limite_a_un_site_n_a_chaque_droit_que_sur_ce_site() -> None:
    sur_le_site = Portee(frozenset({PLEIN}))
    assert droits("ORGANISME_FORMATION", CFA, sites=frozenset({PLEIN})) == {
        Droit.VOIR_CONTACTS: sur_le_site,
        Droit.VOIR_TRANSMISSIONS: sur_le_site,
        Droit.VOIR_INDICATEURS: sur_le_site,
        Droit.VOIR_NOMINATIF: sur_le_site,
        Droit.VOIR_COORDONNEES: sur_le_site,
        Droit.CORRIGER: sur_le_site,
    }


def test_un_site_hors_de_l_organisation_n_ouvre_rien() -> None:
    assert droits("ORGANISME_FORMATION", CFA, sites=frozenset({99})) == {}


def test_un_support_limite_a_un_site_ne_prend_pas_le_role_qui_lit_tout() -> None:
    scope = scope_de(Mandat("SUPPORT", validee=True, sites=frozenset({5})), Organismes())
    assert {portee.organismes for portee in scope.droits.values()} == {frozenset({5})}
    assert scope.role is RoleSql.TERRITOIRE


# --- Deny by default -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["", "INCONNU", "ADMINISTRATEUR", "organisme_formation"])
def test_un_type_inconnu_n_a_rien(type_: str) -> None:
    assert droits(type_, Organismes(base=None), validee=True, datee=True) == {}


@pytest.mark.parametrize("type_", sorted(set(TYPES) - {"SUPPORT", "CONFORMITE", "AUDIT"}))
def test_une_organisation_sans_organisme_n_a_rien(type_: str) -> None:
    assert droits(type_, Organismes(), validee=True, reseau_responsable=True) == {}


def test_sans_portee_aucun_droit_n_est_tenu() -> None:
    assert not any(VIDE.a(droit) for droit in Droit)
    assert not any(Scope().a(droit) for droit in Droit)


def test_chaque_type_d_organisation_est_dans_la_matrice() -> None:
    assert set(MATRICE) == set(TYPES)


# --- Roles of the database (decision 23) -----------------------------------------------------------------------


@pytest.mark.parametrize("type_", TYPES)
def test_seul_le_support_prend_le_role_national_et_seules_les_familles_ecrivent(type_: str) -> None:
    attendus = {
        "ORGANISME_FORMATION": RoleSql.FAMILLE,
        "TETE_DE_RESEAU": RoleSql.FAMILLE,
        "SUPPORT": RoleSql.NATIONAL,
    }
    scope = scope_de(Mandat(type_, validee=True), TERRITOIRE)
    assert scope.role is attendus.get(type_, RoleSql.TERRITOIRE)


def test_les_statuts_des_territoires_sont_inscrit_rupturant_et_sorti() -> None:
    assert {Statut.INSCRIT, Statut.RUPTURANT, Statut.ABANDON} == STATUTS_TERRITOIRE


def test_le_document_des_droits_est_celui_de_la_matrice() -> None:
    """Rewrite it with `flask --app wsgi droits > docs/droits.md`."""
    ecrit = Path(__file__).resolve().parents[2] / "docs" / "droits.md"
    assert ecrit.read_text() == document.markdown()


def test_le_document_nomme_chaque_organisation_et_chaque_droit() -> None:
    assert document.ORGANISATIONS.keys() == MATRICE.keys()
    assert set(document.DROITS) == set(Droit)
