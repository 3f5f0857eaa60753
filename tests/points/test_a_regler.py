"""The page "À régler": one list, its sentence, its filters, its pages, and who reads it (decisions 5, 26 and 34)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tdba import scope
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.points import queries, service
from tdba.portee import Droit, Portee, RoleSql, Scope
from tests import factories as f
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, liens, tableau, texte
from tests.points.aides import direction, ouverts
from tests.transmissions.aides_api import evenements, travailler, une_correction


@pytest.fixture
def cfa(session: Session) -> Organisme:
    f.les_territoires(session)
    return f.un_organisme(session, "CFA Rennes")


@pytest.fixture
def annexe(session: Session, cfa: Organisme) -> Organisme:
    return f.un_organisme(session, "CFA Saint-Malo")


@pytest.fixture
def jeune(session: Session, cfa: Organisme) -> Effectif:
    return f.un_apprenti(session, cfa)


@pytest.fixture
def directeur(session: Session, navigateur: Navigateur, cfa: Organisme, annexe: Organisme) -> Navigateur:
    return direction(session, navigateur, cfa, annexe)


def refuser(organisme: Organisme, n: int = 2) -> None:
    service.poser(
        "LIGNES_REFUSEES",
        organisme.id,
        "nom_apprenant",
        details={
            "n": n,
            "champ": "nom_apprenant",
            "message": "Champ obligatoire",
            "transmission": "00000000-0000-4000-8000-000000000001",
        },
    )


def se_taire(organisme: Organisme) -> None:
    service.poser("SILENCE", organisme.id, details={"depuis": "2026-11-01", "jours": 2})


def chapeau(page: object) -> str:
    return next(texte(p) for p in arbre(page).iter("p") if "chapeau" in p.get("class", ""))  # type: ignore[arg-type]


def contredire(session: Session, jeune: Effectif, champ: str = "nom") -> None:
    une_correction(session, jeune, champ, "X", etat="CONFLIT", valeur_conflit="Y")
    service.suivre_les_corrections([jeune.id])


def test_la_liste_dit_ce_que_coute_chaque_point_le_plus_cher_d_abord(
    session: Session, directeur: Navigateur, cfa: Organisme, jeune: Effectif
) -> None:
    contredire(session, jeune)
    refuser(cfa)
    correction_id = ouverts(session, "CONFLIT")[0].cle
    page = directeur.get("/a-regler")
    assert chapeau(page) == "2 points à régler, dont 1 d’abord : 2 fiches ne sont pas comptées."
    assert [(r["Conséquence"], r["Qui agit"], r["Geste"]) for r in tableau(page)] == [
        ("Les chiffres sont faux", "Vous, dans votre ERP", "Voir les fiches refusées"),
        ("Confort", "Vous", "Choisir la valeur : CANARI Alix"),
    ]
    assert "/transmissions/00000000-0000-4000-8000-000000000001" in liens(page)
    assert f"/corrections/{correction_id}/conflit" in liens(page)


def test_les_noms_affiches_sont_journalises(
    session: Session, directeur: Navigateur, cfa: Organisme, jeune: Effectif
) -> None:
    contredire(session, jeune)
    refuser(cfa)
    directeur.get("/a-regler")
    assert {"ecran": "a_regler", "ids": [jeune.id]} in evenements(session, "effectif.consulte")


def test_sans_rien_a_regler_la_page_le_dit(directeur: Navigateur) -> None:
    page = directeur.get("/a-regler")
    assert chapeau(page) == "Rien n’est à régler."
    assert tableau(page) == []


def test_sans_fiche_ecartee_la_phrase_le_dit(directeur: Navigateur, cfa: Organisme) -> None:
    se_taire(cfa)
    page = directeur.get("/a-regler")
    assert chapeau(page) == "1 point à régler : aucune fiche n’est écartée des chiffres."


@pytest.mark.parametrize(
    ("filtre", "attendus"),
    [
        ("genre=SILENCE", ["Voir les transmissions"]),
        ("consequence=4", ["Choisir la valeur : CANARI Alix"]),
        ("genre=CONFLIT&consequence=1", []),
    ],
)
def test_chaque_file_est_un_filtre_de_la_liste(
    session: Session,
    directeur: Navigateur,
    cfa: Organisme,
    jeune: Effectif,
    filtre: str,
    attendus: list[str],
) -> None:
    contredire(session, jeune)
    refuser(cfa)
    se_taire(cfa)
    page = directeur.get(f"/a-regler?{filtre}")
    assert [r["Geste"] for r in tableau(page)] == attendus
    assert "/a-regler" in [lien.partition("?")[0] for lien in liens(page)]


def test_le_filtre_par_site(directeur: Navigateur, cfa: Organisme, annexe: Organisme) -> None:
    refuser(cfa, 2)
    refuser(annexe, 5)
    assert "5 fiches" in chapeau(directeur.get(f"/a-regler?site={annexe.id}"))
    assert "7 fiches" in chapeau(directeur.get("/a-regler"))


def test_le_site_d_un_autre_est_introuvable(session: Session, directeur: Navigateur) -> None:
    voisin = f.un_organisme(session, "CFA Brest", departement="29")
    assert directeur.get(f"/a-regler?site={voisin.id}").status_code == 404


@pytest.mark.parametrize(
    "adresse", ["genre=INVENTE", "consequence=9", "apres=x", "apres=1", "apres=1-99999999999999999999999"]
)
def test_une_adresse_inventee_est_introuvable(directeur: Navigateur, adresse: str) -> None:
    assert directeur.get(f"/a-regler?{adresse}").status_code == 404


def test_les_pages_se_suivent_sans_rien_perdre(
    directeur: Navigateur, cfa: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for n in range(5):
        service.poser("IMPORT_A_CONFIRMER", cfa.id, str(n), details={"n": 10 + n, "depot": _UUID})
    adresse, vus = "/a-regler", []
    while adresse:
        page = directeur.get(adresse, htmx=bool(vus))
        vus += [r["Ce qui est à régler"] for r in tableau(page)]
        adresse = next((lien for lien in liens(page) if "apres=" in lien), "")
    assert [vu.partition(": ")[2][:2] for vu in vus] == ["10", "11", "12", "13", "14"]


_UUID = "00000000-0000-4000-8000-000000000002"


def menu(page: object) -> str:
    return next(texte(a) for a in arbre(page).iter("a") if texte(a).startswith("À régler"))  # type: ignore[arg-type]


def test_le_menu_porte_un_seul_compte(directeur: Navigateur, cfa: Organisme, annexe: Organisme) -> None:
    assert menu(directeur.get("/mon-compte")) == "À régler"
    refuser(cfa)
    se_taire(annexe)
    assert menu(directeur.get("/mon-compte")) == "À régler 2 à traiter"


def test_le_menu_ne_compte_pas_au_dela_de_quatre_vingt_dix_neuf(
    directeur: Navigateur, cfa: Organisme
) -> None:
    for n in range(101):
        service.poser("IMPORT_A_CONFIRMER", cfa.id, str(n), details={"n": 1, "depot": _UUID})
    assert menu(directeur.get("/mon-compte")) == "À régler 99+ à traiter"


def test_l_accueil_dit_ce_qui_est_a_regler(directeur: Navigateur, cfa: Organisme) -> None:
    assert "À régler (" not in directeur.get("/aujourd-hui").text
    refuser(cfa)
    page = directeur.get("/aujourd-hui")
    (dit,) = [texte(a) for a in arbre(page).iter("a") if texte(a).startswith("À régler (")]
    assert dit == "À régler (1) : 2 fiches ne sont pas comptées"


def test_un_autre_cfa_n_y_voit_rien(session: Session, navigateur: Navigateur, cfa: Organisme) -> None:
    refuser(cfa)
    voisin = direction(session, navigateur, f.un_organisme(session, "CFA Brest", departement="29"))
    assert chapeau(voisin.get("/a-regler")) == "Rien n’est à régler."


def test_une_tete_de_reseau_ne_lit_pas_les_points_de_ses_membres(
    session: Session, navigateur: Navigateur, cfa: Organisme
) -> None:
    """It may correct their records; what is left to settle is theirs (decision 26)."""
    f.un_reseau(session, "CMA", [cfa], responsable=True)
    tete = f.une_organisation(session, "TETE_DE_RESEAU", "CMA", regle="RESEAU", reseau_code="CMA")
    garant = f.une_personne(session, "Claude")
    reseau = navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Anne"), tete, validee_par=garant)
    )
    refuser(cfa)
    accueil = reseau.get("/aujourd-hui")
    assert accueil.status_code == 200
    assert "À régler" not in accueil.text
    assert reseau.get("/a-regler").status_code == 403


def test_ce_qu_un_reseau_corrige_change_les_points_par_un_travail(
    session: Session, cfa: Organisme, jeune: Effectif
) -> None:
    """PostgreSQL hides a member's points from it, and would refuse those it opened (decision 26)."""
    correction = une_correction(session, jeune, etat="CONFLIT", valeur_conflit="DURAND")
    session.commit()
    chez_eux = Portee(frozenset({cfa.id}))
    droits = {Droit.CORRIGER: chez_eux, Droit.VOIR_NOMINATIF: chez_eux}
    with scope.sous(Scope(droits=droits, role=RoleSql.FAMILLE, suivi=frozenset())):
        service.suivre_les_corrections([jeune.id])
        session.commit()
    assert ouverts(session, "CONFLIT") == []
    travailler(session)
    assert [p.cle for p in ouverts(session, "CONFLIT")] == [str(correction.id)]


def test_meme_qui_partage_son_suivi_garde_ses_points(session: Session, cfa: Organisme) -> None:
    """The first lock: a reach that reads the follow-up of some reads the points of none."""
    refuser(cfa)
    session.commit()
    chez_eux = Portee(frozenset({cfa.id}))
    droits = {Droit.CORRIGER: chez_eux, Droit.VOIR_NOMINATIF: chez_eux}
    for suivi, vus in ((frozenset({cfa.id}), 0), (None, 1)):
        with scope.sous(Scope(droits=droits, role=RoleSql.FAMILLE, suivi=suivi)):
            assert queries.compter() == vus
            session.rollback()


def test_la_seconde_serrure_tient_seule(session: Session, cfa: Organisme) -> None:
    """PostgreSQL hides and refuses another organisme's points, whatever the statements ask."""
    refuser(cfa)
    session.commit()
    ailleurs = Portee(frozenset({cfa.id + 1}))
    acteur = Scope(droits={Droit.CORRIGER: ailleurs, Droit.VOIR_NOMINATIF: ailleurs}, role=RoleSql.FAMILLE)
    with scope.sous(acteur):
        assert session.execute(text("SELECT count(*) FROM point")).scalar_one() == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            se_taire(cfa)
        session.rollback()
    assert len(ouverts(session)) == 1


def test_corriger_une_fiche_en_conflit_ferme_le_point(
    session: Session, directeur: Navigateur, jeune: Effectif
) -> None:
    contredire(session, jeune)
    correction_id = ouverts(session)[0].cle
    reponse = directeur.post(f"/corrections/{correction_id}/annuler")
    assert reponse.status_code in (200, 303), reponse.text[:300]
    assert ouverts(session) == []


def test_une_fiche_plus_transmise_se_regle_sur_sa_fiche(
    session: Session, directeur: Navigateur, jeune: Effectif
) -> None:
    jeune.plus_transmis_depuis = MIDI.date()
    session.commit()
    service.refaire([jeune.organisme_id])
    (rangee,) = tableau(directeur.get("/a-regler"))
    assert rangee["Geste"].startswith("Ouvrir la fiche")
    assert rangee["Ce qui est à régler"].startswith("CANARI Alix, 2026-2027 L’ERP ne transmet plus")
