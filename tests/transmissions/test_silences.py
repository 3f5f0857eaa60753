"""Silence alerts, against habit and calendar: « rien reçu depuis 12 jours, d’habitude tous les jours » (issue 4, part 3)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.comptes.service_preferences import choisir
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions import queries_silences, service_silences, silences
from tdba.transmissions.models import Reception, Silence, Transmission
from tests.conftest import MIDI
from tests.pages import Navigateur, arbre, liens, tableau, texte
from tests.transmissions.aides_cles import Cfa, courriels, evenements, un_cfa

JOUR = date(2026, 11, 18)
"""Wednesday. The 11th is a public holiday."""


def tous_les(pas: int, jusqu_a: date, nombre: int = 40) -> list[date]:
    """The last days of reception of who sends every `pas` working days, the last one on `jusqu_a`."""
    jours, jour, attente = [], jusqu_a, 0
    while len(jours) < nombre:
        if attente == 0:
            jours.append(jour)
            attente = pas
        jour -= timedelta(days=1)
        attente -= not silences.calme(jour)
    return jours


# --- The calendar -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "jour",
    [
        date(2026, 11, 14), date(2026, 11, 15), date(2026, 11, 11), date(2026, 8, 3), date(2026, 12, 21),
        date(2027, 1, 4), date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2027, 3, 29),
    ],
)  # fmt: skip
def test_on_n_attend_rien_le_week_end_les_jours_feries_en_aout_et_fin_decembre(jour: date) -> None:
    assert silences.calme(jour)


@pytest.mark.parametrize("jour", [date(2026, 7, 31), date(2026, 9, 1), date(2026, 12, 18), date(2027, 1, 5)])
def test_on_attend_les_autres_jours(jour: date) -> None:
    assert not silences.calme(jour)


# --- Habit ------------------------------------------------------------------------------------------------------


def test_douze_jours_sans_rien_quand_on_envoie_tous_les_jours() -> None:
    trouve = silences.silence(tous_les(1, date(2026, 11, 6)), JOUR)
    assert trouve == silences.Silence(date(2026, 11, 6), 1)
    assert silences.mots(trouve.habitude) == "tous les jours"


def test_cinq_jours_travailles_suffisent_quatre_non() -> None:
    """From Tuesday 10 on: 12, 13, 16, 17, then 18."""
    assert silences.silence(tous_les(1, date(2026, 11, 10)), JOUR) is None
    assert silences.silence(tous_les(1, date(2026, 11, 10)), JOUR + timedelta(days=1)) is not None


def test_qui_envoie_chaque_semaine_n_est_pas_en_retard_au_bout_de_douze_jours() -> None:
    assert silences.silence(tous_les(5, date(2026, 11, 6), 10), JOUR) is None
    tard = silences.silence(tous_les(5, date(2026, 10, 20), 8), JOUR)
    assert tard is not None
    assert silences.mots(tard.habitude) == "toutes les semaines"


def test_moins_de_cinq_jours_de_reception_ne_font_pas_une_habitude() -> None:
    assert silences.silence(tous_les(1, date(2026, 11, 2), 4), JOUR) is None


def test_qui_envoie_par_rafales_n_est_pas_en_silence_entre_deux() -> None:
    """A week every day, three weeks nothing: its second longest gap says that this is usual."""
    rafales = [
        debut + timedelta(days=n)
        for debut in (date(2026, 9, 7), date(2026, 10, 5), date(2026, 11, 2))
        for n in range(3)
    ]
    assert silences.silence(rafales, JOUR) is None


def test_une_panne_passee_ne_fait_pas_une_habitude() -> None:
    jours = tous_les(1, date(2026, 9, 15), 15) + tous_les(1, date(2026, 11, 6), 15)
    assert silences.silence(jours, JOUR) is not None


def test_aout_est_calme() -> None:
    jours = tous_les(1, date(2026, 7, 31))
    assert [j for n in range(32) if silences.silence(jours, j := date(2026, 8, 1) + timedelta(days=n))] == []
    assert silences.silence(jours, date(2026, 9, 9)) is not None


@given(st.lists(st.dates(date(2026, 6, 1), JOUR), max_size=60), st.dates(date(2026, 6, 1), date(2027, 6, 1)))
def test_qui_vient_d_envoyer_n_est_jamais_en_silence(jours: list[date], jour: date) -> None:
    assert silences.silence([*jours, jour], jour) is None


# --- The night --------------------------------------------------------------------------------------------------


def recevoir(
    session: Session, organisme: Organisme, jours: Iterable[date], *, creees: int = 3, etat: str = "TRAITEE"
) -> None:
    for jour in jours:
        le = datetime.combine(jour, time(5, 12), UTC)
        transmission = Transmission(
            uuid=uuid4(), transmetteur_id=organisme.id, source="ERP", recue_le=le, etat=etat, nb_lignes=3
        )
        session.add(transmission)
        session.flush()
        session.add(
            Reception(
                transmission_id=transmission.id, organisme_id=organisme.id, recue_le=le, nb_lignes=3,
                nb_refusees=3 - creees, nb_creees=creees, traitee_le=le,
            )
        )  # fmt: skip
    session.commit()


def connus(session: Session) -> dict[int, int]:
    requete = scope.select_for(Silence, Droit.VOIR_TRANSMISSIONS)
    return {s.organisme_id: s.habitude_jours for s in session.execute(requete).scalars()}


@pytest.fixture
def cfa(session: Session) -> Cfa:
    return un_cfa(session)


def test_la_nuit_previent_les_administrateurs_une_fois_pour_tous_leurs_etablissements(
    session: Session, cfa: Cfa
) -> None:
    for site in (cfa.site, cfa.second):
        recevoir(session, site, tous_les(1, date(2026, 11, 6)))
    for _ in range(2):
        service_silences.veiller(MIDI)
        session.commit()
    assert connus(session) == {cfa.site.id: 1, cfa.second.id: 1}
    (courriel,) = courriels(session, "silence")
    assert courriel.personne_id == cfa.directrice.personne_id
    corps = (courriel.texte or "").replace("\xa0", " ")
    assert "CFA de Brest : rien reçu depuis 12 jours, d’habitude tous les jours." in corps
    assert "Dernière réception le 6 novembre 2026." in corps
    assert "/transmissions" in corps
    assert len(evenements(session, "silence.signale")) == 2


def test_un_administrateur_peut_refuser_ce_courriel(session: Session, cfa: Cfa) -> None:
    choisir(cfa.directrice.personne_id, ["silence"])
    recevoir(session, cfa.site, tous_les(1, date(2026, 11, 6)))
    service_silences.veiller(MIDI)
    assert courriels(session, "silence") == []
    assert connus(session) == {cfa.site.id: 1}


def test_une_reception_ferme_le_silence_et_le_suivant_est_annonce_de_nouveau(
    session: Session, cfa: Cfa
) -> None:
    recevoir(session, cfa.site, tous_les(1, date(2026, 11, 6)))
    service_silences.veiller(MIDI)
    recevoir(session, cfa.site, [JOUR])
    with horloge.regler(MIDI + timedelta(days=1)):
        service_silences.veiller(horloge.maintenant())
    assert connus(session) == {}
    assert len(evenements(session, "silence.clos")) == 1
    service_silences.veiller(MIDI + timedelta(days=12))
    assert len(courriels(session, "silence")) == 2


def test_un_silence_de_plus_de_quatre_vingt_dix_jours_reste_connu(session: Session, cfa: Cfa) -> None:
    recevoir(session, cfa.site, tous_les(1, date(2026, 11, 6)))
    service_silences.veiller(MIDI)
    service_silences.veiller(MIDI + timedelta(days=120))
    assert connus(session) == {cfa.site.id: 1}
    assert len(courriels(session, "silence")) == 1


def test_ce_qui_est_refuse_en_entier_n_est_ni_une_habitude_ni_un_silence(session: Session, cfa: Cfa) -> None:
    recevoir(session, cfa.site, tous_les(1, date(2026, 11, 6)), creees=0)
    recevoir(session, cfa.second, tous_les(1, date(2026, 11, 6)))
    recevoir(session, cfa.second, [date(2026, 11, 17)], creees=0)
    service_silences.veiller(MIDI)
    assert connus(session) == {}


def test_un_etablissement_ferme_ou_un_fichier_jamais_confirme_n_alertent_pas(
    session: Session, cfa: Cfa
) -> None:
    recevoir(session, cfa.site, tous_les(1, date(2026, 11, 6)))
    cfa.site.ferme = True
    recevoir(session, cfa.second, tous_les(1, date(2026, 11, 6)), etat="ABANDONNEE")
    service_silences.veiller(MIDI)
    assert connus(session) == {}


# --- On screen --------------------------------------------------------------------------------------------------


def test_le_silence_se_lit_sur_la_page_et_a_l_accueil_jusqu_a_la_reception(
    session: Session, cfa: Cfa, navigateur: Navigateur
) -> None:
    recevoir(session, cfa.site, tous_les(1, date(2026, 11, 6)))
    service_silences.veiller(MIDI)
    directrice = navigateur.comme(cfa.directrice)
    phrase = "rien reçu depuis 12 jours, d’habitude tous les jours"
    assert f"CFA de Rennes : {phrase}." in texte(arbre(directrice.get("/transmissions")))
    accueil = directrice.get("/aujourd-hui")
    assert phrase in texte(arbre(accueil))
    assert f"/transmissions?organisme={cfa.site.id}" in liens(accueil)
    assert phrase not in texte(arbre(navigateur.comme(cfa.voisine).get("/transmissions")))
    recevoir(session, cfa.site, [JOUR])
    assert phrase not in texte(arbre(directrice.get("/transmissions")))
    assert phrase not in texte(arbre(directrice.get("/aujourd-hui")))


def test_le_support_lit_qui_ne_transmet_plus_le_plus_ancien_d_abord(
    session: Session, cfa: Cfa, navigateur: Navigateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_silences, "PAGE", 2)
    for organisme, jour in ((cfa.site, 6), (cfa.second, 4), (cfa.voisin, 6)):
        recevoir(session, organisme, tous_les(1, date(2026, 11, jour)))
    service_silences.veiller(MIDI)
    support = navigateur.comme(cfa.support)
    page = support.get("/transmissions/silencieux")
    assert [ligne["Établissement"] for ligne in tableau(page, "muets")] == ["CFA de Brest", "CFA de Rennes"]
    assert tableau(page, "muets")[0]["Silence"] == "rien reçu depuis 14 jours, d’habitude tous les jours"
    (suite,) = [lien for lien in liens(page) if "apres=" in lien]
    assert [ligne["Établissement"] for ligne in tableau(support.get(suite), "muets")] == ["CFA des Dunes"]
    assert navigateur.comme(cfa.directrice).get("/transmissions/silencieux").status_code == 403
