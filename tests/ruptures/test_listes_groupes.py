"""Contracts ended without a next one stand apart from ruptures; frozen people are in no list (decisions 9 and 31)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, delete, event, update
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier, Opposition
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.factories import un_effectif, un_sans_contrat, une_rupture
from tests.pages import Navigateur, arbre, liens, tableau, texte

JOUR = horloge.jour_de_paris(MIDI)
FIN = date(2027, 8, 31)
TERMES = "/ruptures?groupe=terme"


def un_terme(session: Session, cfa: Organisme, *, depuis: int = 30, **options: object) -> Effectif:
    """A youth whose only contract reached its term: the first day without it was `depuis` days ago."""
    terme = JOUR - timedelta(days=depuis + 1)
    entree = terme - timedelta(days=300)
    options = {"entree": entree, "fin": FIN, "contrats": [(entree, terme, None)], **options}
    return un_effectif(session, cfa, **options)  # type: ignore[arg-type]


def noms(page: object) -> list[str]:
    return sorted(ligne["Apprenant"].split()[0] for ligne in tableau(page))  # type: ignore[arg-type]


def s_opposer(session: Session, effectif: Effectif, personne_id: int) -> None:
    session.add(
        Opposition(
            effectif_id=effectif.id,
            organisme_id=effectif.organisme_id,
            annee_scolaire=effectif.annee_scolaire,
            recue_le=JOUR,
            personne_id=personne_id,
            cree_le=MIDI,
        )
    )
    session.commit()


def clore(session: Session, effectif: Effectif, **valeurs: object) -> None:
    requete = update(Dossier).where(Dossier.effectif_id == effectif.id).values(**valeurs)
    db.session.execute(scope.pour_ecriture(requete, Droit.CORRIGER))
    session.commit()


def oublier(session: Session, effectif: Effectif) -> None:
    """The file of that youth is not written yet, as between two nights."""
    session.execute(
        scope.pour_ecriture(delete(Dossier).where(Dossier.effectif_id == effectif.id), Droit.CORRIGER)
    )
    session.commit()


def test_un_contrat_arrive_a_terme_est_dans_son_groupe_et_jamais_dit_en_rupture(
    session: Session, directeur: Navigateur, cfa: Organisme, voisin: Organisme
) -> None:
    un_terme(session, cfa, prenom="Terme", depuis=71)
    un_terme(session, cfa, prenom="Longtemps", depuis=200)
    un_terme(session, cfa, prenom="Hier", depuis=0)
    un_terme(session, cfa, prenom="Demain", depuis=-1)
    un_terme(session, cfa, prenom="Exclue", exclusion=JOUR)
    un_terme(session, cfa, prenom="Finie", fin=JOUR - timedelta(days=1))
    un_terme(session, cfa, prenom="Jetee", corbeille_le=MIDI)
    un_terme(session, voisin, prenom="Voisine")
    une_rupture(session, cfa, prenom="Rompue")
    un_sans_contrat(session, cfa, prenom="Sans")
    page = directeur.get(TERMES)
    assert noms(page) == ["Hier", "Longtemps", "Terme"]
    assert noms(directeur.get("/ruptures")) == ["Rompue"]
    situations = " ".join(ligne["Situation"] for ligne in tableau(page))
    assert "rupture" not in situations.lower()
    assert "Contrat arrivé à terme, sans suite depuis le 8 septembre 2026" in situations


@pytest.mark.parametrize("ecrit", [True, False])
@pytest.mark.parametrize(("genre", "adresse"), [("terme", TERMES), ("sans", "/sans-contrat")])
def test_un_dossier_se_montre_pareil_et_une_fois_ecrit_ou_non(
    session: Session, directeur: Navigateur, cfa: Organisme, genre: str, adresse: str, ecrit: bool
) -> None:
    jeune = (un_terme if genre == "terme" else un_sans_contrat)(session, cfa, prenom="Lou", depuis=71)
    if not ecrit:
        oublier(session, jeune)
    page = directeur.get(adresse)
    (ligne,) = tableau(page)
    assert "8 septembre" in ligne["Situation"] or "depuis 71 jours" in ligne["Situation"]
    virtuelle = f"/fin-de-contrat/{jeune.id}" if genre == "terme" else f"/sans-contrat/{jeune.id}"
    assert (virtuelle in liens(page)) is not ecrit
    assert noms(directeur.get("/aujourd-hui")) == ["Lou"]


def test_chaque_groupe_porte_le_compte_de_l_autre(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    un_terme(session, cfa)
    une_rupture(session, cfa)
    une_rupture(session, cfa)
    for adresse in ("/ruptures", TERMES):
        groupes = next(
            n for n in arbre(directeur.get(adresse)).iter("nav") if "à terme" in (n.get("aria-label") or "")
        )
        assert texte(groupes) == "Ruptures 2 Contrats arrivés à terme sans suite 1"


def test_un_contrat_rompu_puis_un_autre_arrive_a_terme_est_un_terme(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    debut, suivant = date(2025, 9, 1), date(2026, 3, 1)
    contrats = [(debut, FIN, date(2026, 2, 1)), (suivant, date(2026, 10, 31), None)]
    un_effectif(session, cfa, prenom="Lou", entree=debut, fin=FIN, contrats=contrats)
    assert noms(directeur.get(TERMES)) == ["Lou"]
    assert noms(directeur.get("/ruptures")) == []


@pytest.mark.parametrize(("genre", "adresse"), [("terme", TERMES), ("sans", "/sans-contrat")])
def test_qui_est_parti_vers_un_autre_cfa_n_est_plus_dans_la_liste(
    session: Session, directeur: Navigateur, cfa: Organisme, genre: str, adresse: str
) -> None:
    fabrique = un_terme if genre == "terme" else un_sans_contrat
    effectif = fabrique(session, cfa, prenom="Lou", depuis=40)
    assert noms(directeur.get(adresse)) == ["Lou"]
    clore(session, effectif, clos_du=JOUR, cause_cloture="PARTI", parti_le=JOUR)
    assert noms(directeur.get(adresse)) == []


@pytest.mark.parametrize(
    ("adresse", "fabrique"),
    [("/ruptures", une_rupture), (TERMES, un_terme), ("/sans-contrat", un_sans_contrat)],
)
def test_une_personne_opposee_a_son_suivi_n_est_dans_aucune_liste_et_cela_se_dit(
    session: Session,
    directeur: Navigateur,
    direction: Habilitation,
    cfa: Organisme,
    adresse: str,
    fabrique: object,
) -> None:
    gelee = fabrique(session, cfa, prenom="Gelee")  # type: ignore[operator]
    fabrique(session, cfa, prenom="Libre")  # type: ignore[operator]
    s_opposer(session, gelee, direction.personne_id)
    page = directeur.get(adresse)
    assert noms(page) == ["Libre"]
    assert "1 dossier gelé par une opposition au suivi" in texte(arbre(page))
    assert "Gelee" not in texte(arbre(directeur.get("/aujourd-hui")))
    separateur = "&" if "?" in adresse else "?"
    geles = directeur.get(f"{adresse}{separateur}geles=oui")
    assert noms(geles) == ["Gelee"]
    assert "Noter un appel" not in texte(arbre(geles).find(".//{*}main"))


# Delays passed -------------------------------------------------------------------------------------------------------


def test_toujours_au_cfa_se_repond_sur_la_ligne_et_se_redemande_trente_jours_plus_tard(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    une_rupture(session, cfa, prenom="Lou", depuis=200)
    page = directeur.get("/ruptures")
    assert "Toujours au CFA ? Oui" in tableau(page)[0]["Situation"]
    action = next(f.get("action") for f in arbre(page).iter("form") if "presence" in (f.get("action") or ""))
    assert directeur.post(action, {"reponse": "OUI"}).status_code == 303
    situation = tableau(directeur.get("/ruptures"))[0]["Situation"]
    assert "Toujours au CFA, dit le 18 novembre 2026." in situation
    assert "Toujours au CFA ?" not in situation
    session.execute(
        scope.pour_ecriture(update(Dossier).values(presence_le=MIDI - timedelta(days=30)), Droit.CORRIGER)
    )
    session.commit()
    assert "Toujours au CFA ? Oui" in tableau(directeur.get("/ruptures"))[0]["Situation"]


def test_un_dossier_pas_encore_ecrit_mene_a_sa_page_pour_repondre(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    oublier(session, un_sans_contrat(session, cfa, depuis=150))
    situation = tableau(directeur.get("/sans-contrat"))[0]["Situation"]
    assert "Toujours au CFA ? Répondre" in situation


# Rows and filters ----------------------------------------------------------------------------------------------------


def test_une_etape_en_retard_se_dit_et_se_filtre(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    clore(session, une_rupture(session, cfa, prenom="Lou"), prochaine_le=JOUR - timedelta(days=1))
    clore(session, une_rupture(session, cfa, prenom="Sam"), prochaine_le=JOUR)
    page = directeur.get("/ruptures?retard=oui")
    assert noms(page) == ["Lou"]
    assert "Étape en retard, prévue le 17/11/2026" in tableau(page)[0]["Démarches"]


def test_les_filtres_se_combinent_et_se_retirent_un_par_un(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    mineur = date(2010, 1, 1)
    une_rupture(session, cfa, prenom="Lou", naissance=mineur, formation="CAP Cuisine", depuis=50)
    une_rupture(session, cfa, prenom="Sam", naissance=mineur, depuis=50)
    une_rupture(session, cfa, prenom="Noa", formation="CAP Cuisine", depuis=50)
    page = directeur.get("/ruptures?mineurs=oui&formation=CAP Cuisine&segment=45-89")
    assert noms(page) == ["Lou"]
    assert "/ruptures?segment=45-89&mineurs=oui" in liens(page)


def test_la_ligne_que_htmx_ramene_se_coche_dans_une_liste_et_non_a_l_accueil(
    session: Session, directeur: Navigateur, cfa: Organisme
) -> None:
    une_rupture(session, cfa)
    adresse = next(a for a in liens(directeur.get("/ruptures")) if a.startswith("/dossiers/"))

    def coche(page: str) -> bool:
        entetes = {"HX-Request": "true", "HX-Current-URL": f"https://localhost{page}"}
        return b"data-choix" in directeur.client.get(adresse, headers=entetes).data

    assert coche("/ruptures?segment=0-44")
    assert not coche("/aujourd-hui")


@pytest.mark.parametrize("adresse", ["/ruptures", TERMES, "/sans-contrat"])
def test_une_liste_lit_peu_quel_que_soit_son_nombre_de_lignes(
    session: Session, directeur: Navigateur, cfa: Organisme, connexion: Connection, adresse: str
) -> None:
    for depuis in range(30):
        (un_terme if adresse == TERMES else une_rupture)(session, cfa, depuis=depuis)
    directeur.get(adresse)
    lectures: list[str] = []

    def noter(_lien: object, _curseur: object, ordre: str, *_: object) -> None:
        if ordre.lstrip().startswith(("SELECT", "WITH")) and "set_config" not in ordre:
            lectures.append(ordre)

    event.listen(connexion, "before_cursor_execute", noter)
    try:
        directeur.get(adresse)
    finally:
        event.remove(connexion, "before_cursor_execute", noter)
    assert len(lectures) <= 7  # the session and its rights, the menu; then sites, team, counts, page
