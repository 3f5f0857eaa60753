"""The results of a CFA: each figure counts what its definition says, leads to its people, and stays the CFA's."""

from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.devenirs import queries_resultats
from tdba.devenirs.filtres import QUI, Demande
from tdba.devenirs.resultats import Part
from tdba.ruptures.models import Opposition
from tests.conftest import MIDI
from tests.devenirs.aides import Monde, calculer, dossier_de, repris, requetes, une_demarche
from tests.factories import un_sans_contrat, une_rupture
from tests.pages import Navigateur, arbre, liens, tableau, texte, titre

JOUR = horloge.jour_de_paris(MIDI)
ANNEE = Demande(annee=2026)


def lire(demande: Demande = ANNEE) -> queries_resultats.Resultats:
    return queries_resultats.resultats(demande, JOUR)


def quatre(session: Session, monde: Monde) -> None:
    """Four ruptures of 2026-2027: two followed, one of them back in a contract."""
    suivie = repris(session, monde.rennes, depuis=100, apres=50)
    une_demarche(session, suivie, monde.direction, apres=3)
    une_demarche(session, suivie, monde.direction, apres=60)
    tardive = une_rupture(session, monde.rennes, depuis=60)
    une_demarche(session, tardive, monde.direction, apres=20)
    une_rupture(session, monde.annexe, depuis=40)
    une_rupture(session, monde.rennes, depuis=5)
    calculer()


def test_chaque_mesure_compte_ce_que_sa_definition_dit(session: Session, monde: Monde) -> None:
    quatre(session, monde)
    m = lire().total
    assert m.total == 4
    assert m.rapides == Part(1, 3), "the rupture of five days ago is too recent"
    assert m.suivis == Part(2, 4)
    assert m.delai == 11.5
    assert m.contrats == {30: Part(0, 3), 90: Part(1, 1), 180: Part(0, 0)}


def test_une_demarche_retiree_ne_compte_pas(session: Session, monde: Monde) -> None:
    rompu = une_rupture(session, monde.rennes, depuis=40)
    une_demarche(session, rompu, monde.direction, apres=3, retiree_le=MIDI)
    assert lire().total.suivis == Part(0, 1)


def test_les_ruptures_annulees_et_les_opposes_ne_sont_pas_comptes(session: Session, monde: Monde) -> None:
    annulee, opposee = une_rupture(session, monde.rennes), une_rupture(session, monde.rennes)
    dossier = dossier_de(annulee)
    dossier.clos_du, dossier.cause_cloture = dossier.ouvert_du, "RUPTURE_ANNULEE"
    session.add(
        Opposition(
            effectif_id=opposee.id,
            organisme_id=opposee.organisme_id,
            annee_scolaire=opposee.annee_scolaire,
            recue_le=JOUR,
            personne_id=monde.direction.personne_id,
            cree_le=MIDI,
        )
    )
    session.commit()
    assert lire().total.total == 0


def test_l_an_dernier_se_lit_comme_il_etait_le_meme_jour(session: Session, monde: Monde) -> None:
    """A file of last November 10 counts, with neither the step nor the milestone that came after November 18."""
    vieille = une_rupture(session, monde.rennes, depuis=365 + 8, annee_scolaire="2025-2026")
    une_demarche(session, vieille, monde.direction, apres=9)
    une_rupture(session, monde.rennes, depuis=365 - 8, annee_scolaire="2025-2026")
    calculer()
    avant = lire().avant
    assert (avant.total, avant.suivis, avant.contrats[30]) == (1, Part(0, 1), Part(0, 0))


def test_les_decoupages_se_lisent_par_cause_formation_et_employeur(session: Session, monde: Monde) -> None:
    quatre(session, monde)
    axes = lire().axes
    assert [(ligne.libelle, ligne.mesures.total) for ligne in axes["cause"]] == [("Cause non renseignée", 4)]
    assert [(ligne.libelle, ligne.mesures.total) for ligne in axes["formation"]] == [("CAP Boulanger", 4)]
    assert [ligne.libelle.replace("\N{NO-BREAK SPACE}", "") for ligne in axes["employeur"]] == [
        "11000001500013"
    ]


def test_chaque_chiffre_mene_a_autant_de_jeunes(session: Session, monde: Monde) -> None:
    quatre(session, monde)
    m = lire().total
    comptes = {
        "tous": m.total,
        "recul-15": m.rapides.sur,
        "demarche-15": m.rapides.n,
        "demarche": m.suivis.n,
        "sans-demarche": m.total - m.suivis.n,
        **{f"jalon-{j}": part.sur for j, part in m.contrats.items()},
        **{f"contrat-{j}": part.n for j, part in m.contrats.items()},
    }
    for qui in QUI:
        page = queries_resultats.liste(ANNEE, JOUR, qui)
        assert (page.total, len(page.lignes)) == (comptes[qui], comptes[qui]), qui


def test_la_page_repond_d_abord_et_ne_compte_que_chez_soi(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    quatre(session, monde)
    repris(session, monde.voisin, depuis=100, apres=50)
    calculer()
    page = directeur.get("/devenirs")
    contenu = texte(arbre(page))
    assert titre(page) == "Résultats"
    assert (
        "Sur 4 ruptures de 2026-2027, 1 jeune a eu une démarche dans les 15 jours ; "
        "sur le seul dont ce délai est passé, 1 a retrouvé un contrat à 90 jours." in contenu
    )
    assert "Pas de comparaison : rien au 18 novembre 2025." in contenu
    assert "Que sont-ils devenus ? 2 jeunes dont rien ne dit la situation." in contenu
    liste = directeur.get(next(lien for lien in liens(page) if "qui=contrat-90" in lien))
    assert len(tableau(liste)) == 1


def test_un_site_ou_un_genre_de_dossier_se_choisit(
    session: Session, directeur: Navigateur, monde: Monde
) -> None:
    quatre(session, monde)
    assert lire(Demande(annee=2026, site=monde.annexe.id)).total.total == 1
    assert lire(Demande(annee=2026, genre="SANS_CONTRAT")).total.total == 0
    assert directeur.get(f"/devenirs?site={monde.voisin.id}").status_code == 404
    sans = texte(arbre(directeur.get("/devenirs?genre=SANS_CONTRAT")))
    assert "Aucune entrée sans contrat en 2026-2027." in sans
    assert directeur.get("/devenirs/jeunes?qui=n-importe").status_code == 404


def test_le_fichier_porte_les_memes_chiffres(session: Session, directeur: Navigateur, monde: Monde) -> None:
    quatre(session, monde)
    fichier = directeur.get("/devenirs.csv")
    lignes = fichier.get_data().decode("utf-8-sig").splitlines()
    assert fichier.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert lignes[1] == "Ensemble;Ruptures;4;2;11,5;3;0;1;1;0;0"
    assert "CANARI" not in "".join(lignes)


def test_la_page_tient_en_peu_de_requetes(
    session: Session, directeur: Navigateur, monde: Monde, connexion: Connection
) -> None:
    quatre(session, monde)
    directeur.get("/devenirs")
    with requetes(connexion) as vues:
        directeur.get("/devenirs")
    lectures = [v for v in vues if "devenir" in v or "dossier" in v]
    assert len(lectures) <= 3, lectures


def test_un_jeune_sans_contrat_depuis_l_entree_n_est_pas_une_rupture(session: Session, monde: Monde) -> None:
    un_sans_contrat(session, monde.rennes, depuis=50)
    assert lire().total.total == 0


def test_la_veille_d_un_dossier_futur_compte_zero_jour(session: Session, monde: Monde) -> None:
    """A step noted before a rupture to come, once it has come, is a step on its day."""
    rompu = une_rupture(session, monde.rennes, depuis=20)
    une_demarche(session, rompu, monde.direction, apres=-3)
    assert lire().total.delai == 0
    assert JOUR - dossier_de(rompu).ouvert_du == timedelta(days=20)
