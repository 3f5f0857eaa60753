"""Reading the référentiel: couples, families, networks on a day, search, certifications."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tdba.organismes import queries
from tdba.organismes.models import Organisme, ReseauOrganisme
from tdba.textes import sans_accents
from tests.factories import les_territoires, un_organisme, un_reseau, une_relation

JOUR = date(2026, 11, 18)


@pytest.fixture
def dunes(session: Session) -> Organisme:
    les_territoires(session)
    return un_organisme(session, "CFA des Dunes")


def un_organisme_nomme(session: Session, nom: str, *, ferme: bool = False) -> Organisme:
    organisme = un_organisme(session, nom, ferme=ferme)
    organisme.recherche = f"{sans_accents(nom)} {organisme.uai} {organisme.siret}"
    session.flush()
    return organisme


def test_un_couple_est_l_identite_meme_sans_uai(session: Session, dunes: Organisme) -> None:
    sans_uai = un_organisme(session, "Sans UAI")
    sans_uai.uai = None
    session.flush()
    vu = queries.organisme_par_couple(dunes.uai, dunes.siret)
    assert vu is not None
    assert (vu.id, vu.nom) == (dunes.id, "CFA des Dunes")
    assert queries.organisme_par_couple(None, dunes.siret) is None
    couples = [(dunes.uai, dunes.siret), (None, sans_uai.siret), (None, dunes.siret), ("0000000X", "1")]
    assert queries.couples(couples) == {couples[0]: dunes.id, couples[1]: sans_uai.id}
    assert queries.couples([]) == {}


def test_la_famille_d_ecriture_exclut_les_formateurs_partiels(session: Session, dunes: Organisme) -> None:
    plein, partiel, lointain = (un_organisme(session, nom) for nom in ("Plein", "Partiel", "Lointain"))
    une_relation(session, dunes, plein)
    une_relation(session, dunes, partiel, partielle=True)
    une_relation(session, plein, lointain)
    assert queries.famille_ecriture(dunes.id) == {dunes.id, plein.id}
    assert queries.famille_ecriture(lointain.id) == {lointain.id}
    vus = [(vu.organisme.nom, vu.partielle) for vu in queries.formateurs(dunes.id)]
    assert vus == [("Partiel", True), ("Plein", False)]


def test_une_appartenance_se_lit_un_jour_donne_fin_exclue(session: Session, dunes: Organisme) -> None:
    un_reseau(session, "AFTRAL", [dunes])
    reseau = un_reseau(session, "CCI", [])
    session.add(
        ReseauOrganisme(reseau_code=reseau.code, organisme_id=dunes.id, debut=date(2025, 1, 1), fin=JOUR)
    )
    session.flush()

    def codes(jour: date) -> list[str]:
        return [vu.code for vu in queries.reseaux_de(dunes.id, jour)]

    assert codes(date(2019, 12, 31)) == []
    assert codes(date(2024, 12, 31)) == ["AFTRAL"]
    assert codes(date(2026, 11, 17)) == ["AFTRAL", "CCI"]
    assert codes(JOUR) == ["AFTRAL"]


def test_on_cherche_par_mots_dans_n_importe_quel_ordre_sans_accents(
    session: Session, dunes: Organisme
) -> None:
    eloi = un_organisme_nomme(session, "Lycée Saint-Éloi d’Été")
    for texte in (
        "éloi lycee",
        "d'ete",
        str(eloi.uai).lower(),
        eloi.siret,
        f"{eloi.siret[:3]} {eloi.siret[3:]}",
    ):
        assert [vu.id for vu in queries.chercher(texte)] == [eloi.id], texte
    for texte in ("", " ", "e", "éloi absent", "%%", "_" * 14):
        assert queries.chercher(texte) == [], texte


def test_les_ouverts_viennent_d_abord_et_vingt_cinq_au_plus(session: Session, dunes: Organisme) -> None:
    un_organisme_nomme(session, "Campus A", ferme=True)
    for _ in range(25):
        un_organisme_nomme(session, "Campus B")
    assert {vu.nom for vu in queries.chercher("campus")} == {"Campus B"}
    assert len(queries.chercher("campus")) == 25


def test_par_ids_ignore_les_inconnus(session: Session, dunes: Organisme) -> None:
    assert queries.par_ids([dunes.id, dunes.id, 0]).keys() == {dunes.id}
    assert queries.par_ids([]) == {}
