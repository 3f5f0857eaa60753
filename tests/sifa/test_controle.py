"""The file of an ERP: read whatever its shape, judged by rule, compared name by name, and forgotten."""

import io
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tdba.organismes.models import Commune, Organisme
from tdba.sifa import controle, fichier
from tdba.sifa.colonnes import NOMS, Rangee
from tdba.sifa.controle import ColonnesAbsentes, Ligne, Lu, Notre
from tests import factories as f
from tests.pages import Navigateur, tableau
from tests.sifa.aides import chemin, ligne, phrase, un_compte

ENTETE = ";".join(NOMS).encode() + b"\r\n"
BOM = b"\xef\xbb\xbf"


def controler(
    navigateur: Navigateur, dunes: Organisme, contenu: bytes, nom: str = "sifa.csv"
) -> TestResponse:
    champs = {"csrf_token": navigateur.jeton, "fichier": FileStorage(io.BytesIO(contenu), nom)}
    frontiere, corps = encode_multipart(champs)
    type_ = f'multipart/form-data; boundary="{frontiere}"'
    return navigateur.ouvrir("POST", chemin(dunes, "/controler"), data=corps, content_type=type_)


def notre(session: Session, dunes: Organisme, **options: Any) -> bytes:
    """Our own file, as an ERP would send it."""
    from tdba.sifa import queries

    un_compte(session, dunes, **options)
    return fichier.csv([d.rangee for d in queries.dossiers(dunes.id, 2026)])


def codes(page: TestResponse) -> list[str]:
    return [li["Ce qui ne va pas"] for li in tableau(page, "constats")]


def classeur(rangees: list[Rangee]) -> bytes:
    """As a spreadsheet saves it: numbers without their zeros."""
    tampon = io.BytesIO()
    with xlsxwriter.Workbook(tampon) as xlsx:
        feuille = xlsx.add_worksheet("Data")
        feuille.write_row(0, 0, NOMS)
        for rang, rangee in enumerate(rangees, start=1):
            for colonne, valeur in enumerate(rangee.values()):
                if valeur.isdigit():
                    feuille.write_number(rang, colonne, int(valeur))
                else:
                    feuille.write_string(rang, colonne, valeur)
    return tampon.getvalue()


@pytest.mark.parametrize("forme", ["nu", "bom", "entete", "bom et entete", "virgules", "latin"])
def test_un_fichier_se_lit_avec_ou_sans_bom_ni_titres(
    session: Session, directrice: Navigateur, dunes: Organisme, forme: str
) -> None:
    contenu = notre(session, dunes).removeprefix(BOM)
    rendu = {
        "nu": contenu,
        "bom": BOM + contenu,
        "entete": ENTETE + contenu,
        "bom et entete": BOM + ENTETE + contenu,
        "virgules": contenu.replace(b";", b","),
        "latin": contenu.replace(b"rue de la Mer", "allée".encode("cp1252")),
    }[forme]
    page = controler(directrice, dunes, rendu)
    assert page.status_code == 200
    assert "1 ligne lue : 1 est dans notre liste de 1, 0 n’y est pas, 0 manque dans votre fichier." in phrase(
        page
    )


def test_un_classeur_retrouve_ses_zeros(session: Session, directrice: Navigateur, dunes: Organisme) -> None:
    from tdba.sifa import queries

    un_compte(session, dunes, telephone="0628000000")
    rangees = [d.rangee for d in queries.dossiers(dunes.id, 2026)]
    page = controler(directrice, dunes, classeur(rangees), "sifa.xlsx")
    assert page.status_code == 200
    assert "Les lignes communes disent la même chose que nos fiches." in phrase(page)


def test_les_erreurs_sont_dites_par_regle_avec_leurs_lignes(directrice: Navigateur, dunes: Organisme) -> None:
    lignes = [ligne(), ligne() | {"SEXE": "", "NOM": "Autre"}, ligne() | {"TYPE_CFA": "9", "NOM": "Encore"}]
    page = controler(directrice, dunes, fichier.csv(lignes))
    constats = {li["Ce qui ne va pas"]: li["Lesquelles"] for li in tableau(page, "constats")}
    assert constats["Le sexe est inconnu : il n’est pas deviné."] == "2"
    assert constats["Le type de CFA s’écrit sur deux chiffres, de 01 à 10."] == "3"


def test_les_rangs_sont_ceux_du_fichier_avec_titres(directrice: Navigateur, dunes: Organisme) -> None:
    page = controler(
        directrice, dunes, BOM + ENTETE + fichier.csv([ligne() | {"SEXE": ""}]).removeprefix(BOM)
    )
    assert [li["Lesquelles"] for li in tableau(page, "constats")] == ["2"]


def test_une_personne_sur_deux_lignes_se_dit(directrice: Navigateur, dunes: Organisme) -> None:
    assert "La même personne est sur plusieurs lignes." in codes(
        controler(directrice, dunes, fichier.csv([ligne(), ligne()]))
    )


def test_un_code_postal_a_la_place_d_une_commune_se_dit(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    session.add(Commune(code_insee="35047", nom="Bruz", departement_code="35", codes_postaux=["35170"]))
    session.commit()
    assert codes(controler(directrice, dunes, fichier.csv([ligne() | {"COM_ETAB": "35047"}]))) == []
    (dite,) = codes(controler(directrice, dunes, fichier.csv([ligne() | {"COM_ETAB": "35170"}])))
    assert dite.startswith("Un code postal est écrit à la place")


def test_les_noms_qui_different_ont_leur_raison(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    un_compte(session, dunes, nom="AMAR")
    f.un_effectif(session, dunes, nom="BRUN")
    leurs = [
        ligne() | {"NOM": "BRUN", "PRENOM1": "Alix", "DATE_NAIS": "04052007", "INE": '=""'},
        ligne() | {"NOM": "CLAIR", "SIT_FORM": ""},
        ligne() | {"NOM": "DUVAL"},
    ]
    page = controler(directrice, dunes, fichier.csv(leurs))
    raisons = {
        li["Personne"].split()[0]: li["Pourquoi"].replace("\xa0", " ") for li in tableau(page, "en-trop")
    }
    assert "Plus de 90 jours sans contrat" in raisons["BRUN"]
    assert "Aucune fiche de cet établissement" in raisons["CLAIR"]
    assert "un autre site de formation" in raisons["DUVAL"]
    assert [li["Apprenti"].split()[0] for li in tableau(page, "absents")] == ["AMAR"]


def test_les_valeurs_qui_different_sont_montrees_sauf_celles_de_la_famille_et_du_handicap() -> None:
    lu = Lu(
        [Ligne(1, ligne() | {"COD_POST": "29000", "HANDI": "1", "ADRESSE": "64 BIS, ROUTE DE PARIS"})], ()
    )
    d = controle.comparer(lu, [Notre(7, ligne())])
    vus = {colonne: (ecarts[0].leur, ecarts[0].notre) for colonne, ecarts in d.ecarts}
    assert vus == {"COD_POST": ("29000", "35000"), "HANDI": (None, None)}


def test_l_appariement_va_de_l_ine_au_nom_seul() -> None:
    notres = [
        Notre(1, ligne(ine="111111111AA")),
        Notre(2, ligne(ine=None, nom="Brun")),
        Notre(3, ligne(ine=None, nom="Clair")),
    ]
    leurs = [
        Ligne(1, ligne(ine="111111111AA", nom="Épouse")),
        Ligne(2, ligne(ine=None, nom="BRUN")),
        Ligne(3, ligne(ine=None, nom="Clair") | {"DATE_NAIS": "01012000"}),
        Ligne(4, ligne(ine=None, nom="Inconnu")),
    ]
    d = controle.comparer(Lu(leurs, ()), notres)
    assert (d.communs, [li.rang for li in d.en_trop], d.absents) == (3, [4], [])


def test_deux_homonymes_ne_sont_pas_confondus_par_le_nom_seul() -> None:
    notres = [Notre(1, ligne(ine=None)), Notre(2, ligne(ine=None) | {"DATE_NAIS": "01012001"})]
    leurs = [Ligne(1, ligne(ine=None) | {"DATE_NAIS": "02022002"})]
    assert controle.comparer(Lu(leurs, ()), notres).communs == 0


@pytest.mark.parametrize(
    ("contenu", "nom", "dit"),
    [
        (b"a;b\r\n1;2\r\n", "x.csv", "il a 2 colonnes"),
        (b"NOM;PRENOM1;SEXE\r\nA;B;1\r\n", "x.csv", "NOM, PRENOM1 et DATE_NAIS"),
        (b"", "x.csv", "vide"),
        (b"%PDF-1.7 rien", "x.csv", "PDF"),
        (b"\x00\x01\x02\x03" * 200, "x.xlsx", "n’est pas un tableau"),
        (b"PK\x03\x04" + b"x" * 500, "x.xlsx", "abîmé"),
        (ENTETE, "x.csv", "aucune ligne"),
        (b'"' + ENTETE, "x.csv", "fichier"),
    ],
)
def test_un_fichier_absurde_est_refuse_avec_une_phrase(
    directrice: Navigateur, dunes: Organisme, contenu: bytes, nom: str, dit: str
) -> None:
    page = controler(directrice, dunes, contenu, nom)
    assert page.status_code == 422
    assert dit in phrase(page)


def test_sans_fichier_on_le_dit(directrice: Navigateur, dunes: Organisme) -> None:
    page = controler(directrice, dunes, b"", "")
    assert page.status_code == 422
    assert "Choisissez un fichier" in phrase(page)


def test_cent_mille_lignes_sont_refusees_poliment(directrice: Navigateur, dunes: Organisme) -> None:
    courte = ";".join(["x"] * len(NOMS)).encode() + b"\r\n"
    page = controler(directrice, dunes, courte * 100_000)
    assert page.status_code == 422
    assert "plus de 20 000 lignes" in phrase(page)


def test_rien_du_fichier_n_est_garde_et_les_noms_montres_sont_notes(
    session: Session, directrice: Navigateur, dunes: Organisme
) -> None:
    effectif = un_compte(session, dunes, nom="AMAR")
    controler(directrice, dunes, fichier.csv([ligne() | {"NOM": "SECRETCANARI"}]))
    for table in ("fichier", "fichier_bloc", "sifa_fiche", "sifa_fichier"):
        assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    journal = session.execute(text("SELECT json_agg(details)::text FROM journal")).scalar_one()
    assert "SECRETCANARI" not in journal
    lus = session.execute(
        text("SELECT details -> 'ids' FROM journal WHERE details ->> 'ecran' = 'sifa.controle'")
    )
    assert lus.scalars().all() == [[effectif.id]]


def test_un_jeton_absent_arrete_tout_avant_le_fichier(directrice: Navigateur, dunes: Organisme) -> None:
    envoi = {"fichier": (io.BytesIO(b"x"), "x.csv")}
    page = directrice.ouvrir(
        "POST", chemin(dunes, "/controler"), jeton=False, data=envoi, content_type="multipart/form-data"
    )
    assert page.status_code == 400


def test_deux_colonnes_ne_font_pas_un_fichier_de_l_enquete() -> None:
    with pytest.raises(ColonnesAbsentes):
        controle.avec_entete(b"a;b\r\n1;2\r\n")
