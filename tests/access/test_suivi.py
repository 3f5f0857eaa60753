"""What a CFA follows, asked twice: the second time writes nothing; and reading it writes nothing at all."""

from typing import Final

import pytest

from tests.access.conftest import Scene
from tests.access.matrice import tous_les_cas
from tests.access.suivi import A_TERME
from tests.access.table import TABLE
from tests.pages import champs

QUI: Final = "directrice de Dunes"
TABLES: Final = (
    "circonstance",
    "demarche",
    "devenir",
    "dossier",
    "effectif",
    "formalite",
    "liaison",
    "opposition",
    "pli",
    "poste",
    "recap_reglage",
    "vigilance_geste",
    "vigilance_reglage",
)

Geste = tuple[str | None, str, dict[str, str]]
"""The page of the form, or None without one; where it is sent; what is typed in it."""

NOTER: Final[Geste] = (
    "/dossiers/{d}/demarches",
    "/dossiers/{d}/demarches",
    {"demarche-{e}-resultat": "JOINT"},
)
LETTRE: Final[Geste] = (
    "/dossiers/{d}/liaison",
    "/dossiers/{d}/liaison",
    {"contact": "Camille Conseil", "courriel": "c.conseil@exemple.invalid", "accord": "y"},
)
VU: Final[Geste] = ("/vigilance/{p}/vu", "/vigilance/{p}/vu", {})
PARTI: Final[Geste] = (
    "/dossiers/{d}/sortie",
    "/dossiers/{d}/sortie",
    {"motif": "AUTRE_CFA", "action": "enregistrer", "le": "18/11/2026"},
)
LIEN: Final[Geste] = ("/dossiers/{d}/offres", "/dossiers/{d}/offres/rendez-vous", {})
OPPOSER: Final[Geste] = ("/effectifs/{e}/opposition", "/effectifs/{e}/opposition", {"recue_le": "17/11/2026"})
GESTES: Final[dict[str, list[Geste]]] = {
    "noter": [NOTER],
    "retirer la démarche": [(None, "/demarches/{x}/retirer", {})],
    "dire la situation": [
        ("/dossiers/{d}/circonstances", "/dossiers/{d}/circonstances", {"obstacles": "LOGEMENT"})
    ],
    "cocher": [("/dossiers/{d}/formalites/ENTRETIEN", "/dossiers/{d}/formalites/ENTRETIEN", {})],
    "dire qu’il est là": [(None, "/dossiers/{d}/presence", {"reponse": "OUI"})],
    "dire qu’il est parti": [PARTI],
    "annuler son départ": [PARTI, (None, "/dossiers/{d}/depart/annuler", {})],
    "confier plusieurs": [("/affectation/RUPTURE?ids={e}&referent={m}", "/affectation/RUPTURE", {})],
    "confier": [("/dossiers/{d}/referent", "/dossiers/{d}/referent", {"referent": "{m}"})],
    "s’opposer": [OPPOSER],
    "lever l’opposition": [OPPOSER, (None, "/effectifs/{e}/opposition/lever", {})],
    "voir": [VU],
    "remettre": [VU, (None, "/vigilance/{p}/remettre", {})],
    "éteindre une règle": [(None, "/vigilance/reglages", {"regle": "FIN_PROCHE", "active": "non"})],
    "offres envoyées": [("/dossiers/{d}/offres", "/dossiers/{d}/offres/envoyees", {"envoi-nombre": "2"})],
    "lien donné": [LIEN],
    "réponse d’une formation": [
        LIEN,
        (
            "/dossiers/{d}/offres",
            "/dossiers/{d}/offres/rendez-vous/reponse",
            {"reponse-resultat": "NEGATIVE"},
        ),
    ],
    "poste": [("/dossiers/{d}/poste", "/dossiers/{d}/poste", {"poste-etat": "DEPOSE"})],
    "lettre": [LETTRE],
    "devenir": [(None, "/devenirs/dossiers/{d}/30", {"etat": "EMPLOI"})],
    "récapitulatif": [(None, "/mon-compte/recapitulatif", {"rythme": "JOUR"})],
}


def noms_de(essai: Scene) -> dict[str, object]:
    """What the addresses above name: a broken contract, its file and a step of it, an apprentice, oneself."""
    elle = essai.monde.habilitations[QUI]
    assert elle is not None
    dossier = next(
        o for o in essai.monde.objets["dossier_id"] if (o.organisme, o.statut) == ("A", "RUPTURANT")
    )
    demarche = next(o for o in essai.monde.objets["demarche_id"] if o.organisme == "A")
    return {
        "d": dossier.cle,
        "e": essai.monde.effectifs["A", "RUPTURANT"].id,
        "p": essai.monde.effectifs["A", "APPRENTI"].id,
        "x": demarche.cle,
        "m": elle.personne_id,
    }


def etat(essai: Scene) -> dict[str, str]:
    """A fingerprint of each table."""
    essai.session.commit()
    lien = essai.session.connection()
    empreinte = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
    return {t: str(lien.exec_driver_sql(empreinte.format(t)).scalar_one()) for t in TABLES}


def formulaire(essai: Scene, geste: Geste) -> tuple[str, dict[str, str]]:
    """Where the form is sent, and what it says once filled in."""
    page, action, dites = geste
    noms, elle = noms_de(essai), essai.navigateurs[QUI]
    elle.revenir()
    ou = action.format(**noms)
    saisie = champs(elle.get(page.format(**noms)), ou) if page else {}
    return ou, saisie | {nom.format(**noms): valeur.format(**noms) for nom, valeur in dites.items()}


@pytest.mark.parametrize("nom", GESTES)
def test_un_geste_envoye_deux_fois_n_ecrit_qu_une_fois(essai: Scene, nom: str) -> None:
    *avant, geste = GESTES[nom]
    elle = essai.navigateurs[QUI]
    for prealable in avant:
        assert elle.post(*formulaire(essai, prealable)).status_code in (200, 303)
    au_depart = etat(essai)
    ou, saisie = formulaire(essai, geste)
    assert elle.post(ou, saisie).status_code in (200, 303)
    une_fois = etat(essai)
    assert une_fois != au_depart, "the first one counts"
    assert elle.post(ou, saisie).status_code < 500
    assert etat(essai) == une_fois


def test_lire_n_ecrit_rien(essai: Scene) -> None:
    """Every address of what is followed, read as its CFA, then as a network."""
    for qui in (QUI, "tête d’un réseau dont Tour partage son suivi"):
        p = next(p for p in TABLE if p.qui == qui)
        lues = [c for c in tous_les_cas(essai) if c.suivi and c.methode == "GET" and c.attendu(p) == "entre"]
        assert any(c.objet is not None and c.objet.etat == A_TERME for c in lues) == (qui == QUI)
        au_depart = etat(essai)
        essai.navigateurs[qui].revenir()
        par_vue = {c.endpoint: c for c in lues}
        assert len(par_vue) > 20
        for c in par_vue.values():
            assert essai.navigateurs[qui].get(c.adresse).status_code in (200, 303), c.adresse
        assert etat(essai) == au_depart
