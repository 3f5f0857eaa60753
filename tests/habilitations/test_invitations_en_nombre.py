"""A list of invitations: the right lines leave, each wrong one says why (domain.md §5.5)."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tdba.habilitations.invitations import LIGNES_MAX, ListeTropLongue, decoder, lire_liste
from tests.habilitations.aides_equipe import Equipe, courriels, invitations, une_equipe
from tests.pages import Navigateur, arbre, champs, tableau, texte

JOUR = date(2026, 11, 18)
ADRESSE = "/equipe/inviter-en-nombre"


def refus_de(ligne: str) -> str | None:
    (lue,) = lire_liste(ligne, JOUR)
    return lue.refus


# --- Reading ---------------------------------------------------------------------------------------------------


def test_le_role_et_la_fin_sont_facultatifs() -> None:
    seule, complete = lire_liste("a@x.fr\nb@x.fr;Administrateur;31/08/2027", JOUR)
    assert (seule.role, seule.fin) == ("membre", None)
    assert (complete.role, complete.fin) == ("administrateur", date(2027, 9, 1))


def test_les_titres_et_les_lignes_vides_sont_laisses_de_cote() -> None:
    assert [(n.numero, n.courriel) for n in lire_liste("courriel;role;fin\n\n;;\na@x.fr\n", JOUR)] == [
        (4, "a@x.fr")
    ]


@pytest.mark.parametrize(
    ("ligne", "mot"),
    [
        ("pas-une-adresse", "adresse"),
        (";membre", "adresse"),
        ("a@x.fr;chef", "rôle"),
        ("a@x.fr;membre;31/02/2027", "date"),
        ("a@x.fr;membre;demain", "date"),
        ("a@x.fr;membre;17/11/2026", "passé"),
        ("a@x.fr;membre;;de trop", "colonnes"),
    ],
)
def test_chaque_faute_est_dite(ligne: str, mot: str) -> None:
    assert mot in (refus_de(ligne) or "")


@pytest.mark.parametrize(
    "ligne", ["a@x.fr;membre;18/11/2026", "a@x.fr;membre;2027-01-31", "a@x.fr;;31/12/9999"]
)
def test_une_fin_a_venir_est_acceptee(ligne: str) -> None:
    assert refus_de(ligne) is None


def test_la_premiere_des_lignes_en_double_l_emporte() -> None:
    premiere, seconde = lire_liste("a@x.fr;administrateur\nA@X.fr;membre", JOUR)
    assert (premiere.role, premiere.doublon_de, seconde.doublon_de) == ("administrateur", None, 1)


def test_cinquante_lignes_au_plus() -> None:
    lignes = [f"a{n}@x.fr" for n in range(LIGNES_MAX)]
    assert len(lire_liste("\n".join(["courriel", *lignes]), JOUR)) == LIGNES_MAX
    with pytest.raises(ListeTropLongue):
        lire_liste("\n".join([*lignes, "un@x.fr"]), JOUR)


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
def test_un_fichier_de_tableur_se_lit(encodage: str) -> None:
    assert decoder("zoé@x.fr;membre".encode(encodage)) == "zoé@x.fr;membre"


@given(st.text(max_size=300))
def test_aucun_texte_ne_fait_echouer_la_lecture(brut: str) -> None:
    for ligne in lire_liste("\n".join(brut.splitlines()[:40]), JOUR):
        assert ligne.refus is None or ligne.refus.endswith(".")


# --- Sending ---------------------------------------------------------------------------------------------------


@pytest.fixture
def equipe(session: Session) -> Equipe:
    return une_equipe(session)


@pytest.fixture
def directrice(navigateur: Navigateur, equipe: Equipe) -> Navigateur:
    return navigateur.comme(equipe.directrice)


def test_les_lignes_justes_partent_et_les_autres_restent_dans_le_formulaire(
    directrice: Navigateur, session: Session
) -> None:
    reponse = directrice.post(ADRESSE, {"texte": "a@x.fr;membre\nfaute\nb@x.fr\nA@x.fr"})
    assert reponse.status_code == 422
    assert [c.destinataire for c in courriels(session)] == ["a@x.fr", "b@x.fr"]
    resultats = [ligne["Résultat"].split(".")[0] for ligne in tableau(reponse, "lignes")]
    assert [r.split("\N{NO-BREAK SPACE}")[0].split(" :")[0] for r in resultats] == [
        "Invitation envoyée",
        "Pas envoyée",
        "Invitation envoyée",
        "Laissée de côté",
    ]
    assert champs(reponse, ADRESSE)["texte"].strip() == "faute"


def test_un_fichier_part_comme_le_texte(directrice: Navigateur, session: Session) -> None:
    fichier = (io.BytesIO(b"courriel;role;fin\na@x.fr;administrateur;\n"), "equipe.csv")
    reponse = directrice.post(ADRESSE, {"texte": "", "fichier": fichier}, content_type="multipart/form-data")
    assert reponse.location == "/equipe"
    assert [(i.courriel, i.role) for i in invitations(session)] == [("a@x.fr", "administrateur")]


def test_une_ligne_deja_invitee_est_refusee_seule(directrice: Navigateur, session: Session) -> None:
    directrice.post(ADRESSE, {"texte": "a@x.fr"})
    assert directrice.post(ADRESSE, {"texte": "a@x.fr\nb@x.fr"}).status_code == 422
    assert [i.courriel for i in invitations(session)] == ["a@x.fr", "b@x.fr"]


def test_une_liste_trop_longue_ou_vide_n_envoie_rien(directrice: Navigateur, session: Session) -> None:
    longue = "\n".join(f"a{n}@x.fr" for n in range(LIGNES_MAX + 1))
    for liste, mot in ((longue, "50 lignes"), ("", "au moins une ligne")):
        reponse = directrice.post(ADRESSE, {"texte": liste})
        assert reponse.status_code == 422
        assert mot in texte(arbre(reponse))
    assert invitations(session) == []


def test_un_membre_n_envoie_pas_de_liste(navigateur: Navigateur, equipe: Equipe, session: Session) -> None:
    assert navigateur.comme(equipe.membre).post(ADRESSE, {"texte": "a@x.fr"}).status_code == 403
    assert invitations(session) == []
