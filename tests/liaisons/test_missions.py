"""Missions locales: the imported list, what the public API adds, and what the page of a file says of them."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tdba.effectifs.models import Effectif
from tdba.liaisons import adresses, annuaire, queries, service_missions
from tdba.liaisons.liste import Communes, MissionLue, lire_liste
from tdba.liaisons.models import MissionLocale, MissionLocaleCommune
from tdba.liaisons.routes import mission_en_mots
from tdba.organismes.appels import ApiFermee, ApiIndisponible
from tdba.organismes.lecture_csv import FichierRefuse
from tdba.organismes.models import Commune, Organisme
from tests.conftest import MIDI
from tests.factories import une_rupture
from tests.liaisons.aides import dossier_de, evenements

SIRET, AUTRE = "43012526000017", "32970535400036"
COMMUNES = Communes(
    [
        ("35238", "Rennes", []),
        ("80001", "Abbeville", []),
        ("97411", "Saint-Denis", []),
        ("93066", "Saint-Denis", []),
        ("74010", "Annecy", ["74011"]),
    ]
)


def csv(*lignes: str, entetes: str = "nom,siret,rdv_url,nom_court") -> bytes:
    return "\n".join((entetes, *lignes)).encode()


# The list ------------------------------------------------------------------------------------------------------------


def test_le_siege_est_lu_apres_le_dernier_tiret_quand_une_seule_commune_porte_ce_nom() -> None:
    lues, refus, _ = lire_liste(
        csv(
            f"Mission locale (16-25 ans) - Abbeville,{SIRET},https://ml.example/rdv,DE LA PICARDIE",
            f"Mission locale - Saint-Denis,{AUTRE},,",
            "Mission locale - Nulle-Part,11000001500013,,",
            "Mission locale du Nord,13002526500013,,",
        ),
        COMMUNES,
    )
    assert refus == []
    assert [m.commune_code for m in lues] == ["80001", None, None, None]
    assert (lues[0].nom, lues[0].rdv_url) == ("Mission locale DE LA PICARDIE", "https://ml.example/rdv")


@pytest.mark.parametrize(
    ("ligne", "raison"),
    [
        (f"ML,{SIRET},javascript:alert(1),", "adresse de rendez-vous inutilisable"),
        (f"ML,{SIRET},ftp://ml.example/x,", "adresse de rendez-vous inutilisable"),
        (f"ML,{SIRET},https://moi:secret@ml.example/,", "adresse de rendez-vous inutilisable"),
        ("ML,123,,", "SIRET qui n’a pas 14 chiffres"),
        (f",{SIRET},,x", "nom absent"),
    ],
)
def test_une_ligne_fautive_est_refusee_avec_sa_raison(ligne: str, raison: str) -> None:
    lues, refus, _ = lire_liste(csv(ligne), COMMUNES)
    assert lues == []
    assert raison in refus[0].raison
    assert refus[0].numero == 2


def test_communes_desservies_et_siege_donnes_par_la_liste() -> None:
    entetes = "nom;siret;communes;code_insee;courriel;telephone"
    lues, refus, _ = lire_liste(
        csv(
            f"ML;{SIRET};35238|74011;80001;ml@ml.example;02 99 00 00 00",
            f"ML;{AUTRE};99999;;;",
            entetes=entetes,
        ),
        COMMUNES,
    )
    assert lues == [
        MissionLue(
            siret=SIRET,
            nom="ML",
            commune_code="80001",
            courriel="ml@ml.example",
            telephone="02 99 00 00 00",
            communes=("35238", "74010"),
        )
    ]
    assert "commune inconnue" in refus[0].raison


def test_un_fichier_sans_les_colonnes_est_refuse() -> None:
    with pytest.raises(FichierRefuse, match="colonne siret"):
        lire_liste(csv("ML,x", entetes="nom,autre"), COMMUNES)


@pytest.mark.parametrize("adresse", ["https:///x", "//ml.example", "https://ml.example/a b", "http://[", ""])
def test_seule_une_page_du_web_peut_etre_mise_derriere_un_lien(adresse: str) -> None:
    assert adresses.page_publique(adresse) is None


def test_la_vraie_liste_s_importe_et_un_second_import_ne_change_rien(
    session: Session, cfa: Organisme, donnees_publiques: Path
) -> None:
    contenu = (donnees_publiques / "missions_locales" / "ml_rdv_url.csv").read_bytes()
    premier = service_missions.importer(contenu, MIDI)
    session.flush()
    second = service_missions.importer(contenu, MIDI)
    assert (premier.crees, premier.refus) == (32, [])
    assert (second.crees, second.modifies, second.inchanges) == (0, 0, 32)
    assert [e.details["crees"] for e in evenements(session, "referentiel.importe")] == [32, 0]


def test_la_commande_importe_et_dit_ce_qu_elle_a_fait(
    session: Session, app: Flask, cfa: Organisme, tmp_path: Path
) -> None:
    fichier = tmp_path / "ml.csv"
    fichier.write_bytes(csv(f"ML - Rennes,{SIRET},,DE RENNES", "x,1,,"))
    session.commit()
    resultat = app.test_cli_runner().invoke(args=["liaisons", "importer", str(fichier)])
    assert (resultat.exit_code, "1 créées" in resultat.output, "ligne 3" in resultat.output) == (
        0,
        True,
        True,
    )
    absent = app.test_cli_runner().invoke(args=["liaisons", "importer", str(tmp_path / "rien.csv")])
    assert absent.exit_code == 1


# The page of a file --------------------------------------------------------------------------------------------------


def une_mission(
    session: Session, *, siege: str | None = None, dessert: str | None = None, **colonnes: Any
) -> int:
    mission = MissionLocale(nom="Mission locale We Ker", commune_code=siege, maj_le=MIDI, siret=SIRET)
    for nom, valeur in colonnes.items():
        setattr(mission, nom, valeur)
    session.add(mission)
    session.flush()
    if dessert:
        session.add(MissionLocaleCommune(mission_locale_id=mission.id, code_insee=dessert))
    session.commit()
    return mission.id


def dit(jeune: Effectif) -> str:
    return " ".join(mission_en_mots(queries.vue(jeune.id, dossier_de(jeune)))).replace("\xa0", " ")


def test_la_mission_locale_de_la_commune_est_dite_avec_son_contact(session: Session, jeune: Effectif) -> None:
    une_mission(session, dessert="35238", telephone="0299000000", courriel="contact@we-ker.example")
    assert dit(jeune) == "Mission locale We Ker pour Rennes : 02 99 00 00 00, contact@we-ker.example."


def test_a_defaut_de_communes_celle_dont_le_siege_est_la(session: Session, jeune: Effectif) -> None:
    une_mission(session, siege="35238")
    assert "We Ker pour Rennes. La liste n’en donne ni téléphone ni courriel." in dit(jeune)


def test_celle_qui_dessert_la_commune_passe_avant_celle_qui_y_siege(
    session: Session, jeune: Effectif
) -> None:
    une_mission(session, siege="35238")
    une_mission(session, dessert="35238", siret=AUTRE, nom="Mission locale du pays")
    assert "Mission locale du pays" in dit(jeune)


def test_un_arrondissement_trouve_la_mission_locale_de_sa_ville(session: Session, cfa: Organisme) -> None:
    parisien = une_rupture(session, cfa, code_insee="75111")
    une_mission(session, dessert="75056", nom="Mission locale de Paris")
    assert "Mission locale de Paris" in dit(parisien)


def test_ou_aucune_n_est_connue_la_page_dit_quoi_faire(
    session: Session, jeune: Effectif, cfa: Organisme
) -> None:
    assert "Aucune mission locale n’est connue ici pour Rennes. Demandez" in dit(jeune)
    ailleurs = une_rupture(session, cfa, code_insee=None, nom="NOMADE")
    assert "La commune de ce jeune n’est pas renseignée" in dit(ailleurs)


# What the public API adds --------------------------------------------------------------------------------------------

REPONSE: dict[str, Any] = {
    "nom": "Rennes",
    "mission_locale": {
        "id": 12,
        "code": "612",
        "nom": "Mission locale We Ker",
        "siret": SIRET,
        "localisation": {"adresse": "7 rue de la Parcheminerie", "cp": "35000", "ville": "Rennes"},
        "contact": {
            "email": "accueil@we-ker.example",
            "telephone": "0299796262",
            "siteWeb": "https://x.example",
        },
    },
}


class Annuaire:
    """Answers by heart; fails when told to."""

    def __init__(self, panne: ApiIndisponible | None = None) -> None:
        self.demandes: list[str] = []
        self.panne = panne

    def mission_locale(self, code_insee: str) -> MissionLue | None:
        self.demandes.append(code_insee)
        if self.panne:
            raise self.panne
        return annuaire.lire(REPONSE, code_insee)


def test_une_reponse_donne_la_mission_locale_et_la_commune_qu_elle_dessert() -> None:
    attendue = MissionLue(
        siret=SIRET,
        nom="Mission locale We Ker",
        courriel="accueil@we-ker.example",
        telephone="0299796262",
        adresse="7 rue de la Parcheminerie 35000 Rennes",
        communes=("35238",),
    )
    assert annuaire.lire(REPONSE, "35238") == annuaire.lire([REPONSE], "35238") == attendue
    for rien in ({"mission_locale": None}, [], {"mission_locale": {"nom": "X", "siret": "1"}}):
        assert annuaire.lire(rien, "35238") is None
    for faux in ("x", {"mission_locale": 3}, [3]):
        with pytest.raises(ApiIndisponible):
            annuaire.lire(faux, "35238")


def test_seules_les_communes_des_dossiers_ouverts_sans_mission_locale_sont_demandees(
    session: Session, jeune: Effectif, cfa: Organisme
) -> None:
    session.add(Commune(code_insee="35288", nom="Saint-Malo", departement_code="35"))
    session.flush()
    une_rupture(session, cfa, nom="MALOUIN", code_insee="35288")
    une_rupture(session, cfa, nom="SANSLIEU", code_insee=None)
    une_mission(session, siege="35288", siret=AUTRE)
    interroge = Annuaire()
    service_missions.completer(session.commit, interroge)
    assert interroge.demandes == ["35238"]
    session.commit()
    assert "accueil@we-ker.example" in dit(jeune)
    service_missions.completer(session.commit, interroge)
    assert interroge.demandes == ["35238"]
    assert evenements(session, "missions_locales")[0].details == {
        "attendues": 1,
        "demandees": 1,
        "trouvees": 1,
        "echecs": 0,
    }


def test_ce_qu_un_import_a_dit_reste(session: Session, jeune: Effectif) -> None:
    une_mission(session, courriel="direct@we-ker.example")
    service_missions.completer(session.commit, Annuaire())
    session.commit()
    session.expire_all()
    mission = session.execute(select(MissionLocale)).scalar_one()
    assert (mission.courriel, mission.telephone) == ("direct@we-ker.example", "0299796262")


def test_une_cle_refusee_arrete_la_tournee_et_rien_ne_se_perd(session: Session, jeune: Effectif) -> None:
    service_missions.completer(session.commit, Annuaire(ApiFermee("key")))
    assert evenements(session, "missions_locales")[0].details["echecs"] == 1
    assert session.execute(select(MissionLocale)).first() is None


def test_sans_cle_rien_n_est_demande(session: Session, jeune: Effectif) -> None:
    service_missions.completer(session.commit, None)
    assert evenements(session, "missions_locales") == []
