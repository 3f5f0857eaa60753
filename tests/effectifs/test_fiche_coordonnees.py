"""How to reach a youth is shown on demand, and journaled as a reading of its own; the sheet prints without it."""

from sqlalchemy.orm import Session

from tdba import scope
from tdba.effectifs import service
from tdba.effectifs.models import Effectif
from tdba.scope import Droit, Portee, Scope
from tests import factories as f
from tests.effectifs.aides import envoyer, evenements, phrases
from tests.effectifs.conftest import Decor
from tests.pages import Navigateur, liens

SECRETS = (
    "0612345678",
    "06\xa012\xa034\xa056\xa078",
    "alix@exemple.invalid",
    "parent@exemple.invalid",
    "3 rue du Port",
)


def joignable(session: Session, decor: Decor) -> Effectif:
    return f.un_apprenti(
        session,
        decor.cfa,
        telephone="0612345678",
        courriel="alix@exemple.invalid",
        courriel_responsable_1="parent@exemple.invalid",
        adresse="3 rue du Port",
        code_postal="35000",
    )


def test_les_coordonnees_ne_sont_pas_dans_la_premiere_page(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = joignable(session, decor)
    corps = directrice.get(f"/effectifs/{effectif.id}").get_data(as_text=True)
    assert not [secret for secret in SECRETS if secret in corps]
    assert "Nous connaissons un téléphone, un courriel, une adresse" in phrases(corps)
    assert f"/effectifs/{effectif.id}/coordonnees" in liens(corps)


def test_une_ancienne_coordonnee_n_y_est_pas_non_plus(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = joignable(session, decor)
    adresse = f"/effectifs/{effectif.id}/corriger/telephone"
    assert envoyer(directrice, adresse, valeur="0698765432").status_code == 303
    for page in ("", "/histoire"):
        corps = directrice.get(f"/effectifs/{effectif.id}{page}").get_data(as_text=True)
        assert "0612345678" not in corps
        assert "98" + "\xa0" + "76" not in corps
        assert "0698765432" not in corps


def test_les_demander_les_montre_et_le_note(session: Session, decor: Decor, directrice: Navigateur) -> None:
    effectif = joignable(session, decor)
    adresse = f"/effectifs/{effectif.id}/coordonnees"
    for reponse in (directrice.get(adresse), directrice.get(adresse, htmx=True)):
        corps = reponse.get_data(as_text=True)
        assert reponse.status_code == 200
        assert not [secret for secret in SECRETS[1:] if secret not in corps]
    lu = {"ecran": "effectifs.coordonnees", "ids": [effectif.id]}
    assert evenements(session, "effectif.consulte") == [lu, lu]


def test_celles_d_un_autre_n_existent_pas(session: Session, decor: Decor, voisine: Navigateur) -> None:
    effectif = joignable(session, decor)
    for page in ("coordonnees", "imprimer", "imprimer?coordonnees=oui", "histoire"):
        assert voisine.get(f"/effectifs/{effectif.id}/{page}").status_code == 404


def test_corriger_ne_suffit_pas_pour_les_voir(session: Session, decor: Decor) -> None:
    """A right of its own (decision 21), even if today the same people hold both."""
    effectif = joignable(session, decor)
    ici = Portee(organismes=frozenset({decor.cfa.id}))
    with scope.sous(Scope(droits={Droit.CORRIGER: ici, Droit.VOIR_NOMINATIF: ici})):
        assert not service.joignable(effectif)
    with scope.sous(Scope(droits={Droit.CORRIGER: ici, Droit.VOIR_COORDONNEES: ici})):
        assert service.joignable(effectif)


def test_la_fiche_s_imprime_sans_coordonnees_sauf_demande(
    session: Session, decor: Decor, directrice: Navigateur
) -> None:
    effectif = joignable(session, decor)
    vue = directrice.get(f"/effectifs/{effectif.id}/imprimer")
    assert not [secret for secret in SECRETS if secret in vue.get_data(as_text=True)]
    assert "Imprimé le 18 novembre 2026 à 12 h 00 par Dana Directrice, CFA de Rennes." in phrases(vue)
    avec = directrice.get(f"/effectifs/{effectif.id}/imprimer?coordonnees=oui").get_data(as_text=True)
    assert not [secret for secret in SECRETS[1:] if secret not in avec]
    ecrans = [details["ecran"] for details in evenements(session, "effectif.consulte")]
    assert ecrans == ["effectifs.imprimer", "effectifs.imprimer", "effectifs.coordonnees"]
