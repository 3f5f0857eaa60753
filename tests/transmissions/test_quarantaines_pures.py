"""Which known establishment an unknown couple may be, and why (issue 4, part 6)."""

import pytest

from tdba.transmissions.quarantaines import (
    SUGGESTIONS_MAX,
    Connu,
    Couple,
    Raison,
    Suggestion,
    recherche,
    suggerer,
    voisins_siret,
    voisins_uai,
)

UAI, AUTRE_UAI = "0350001A", "0291234P"
SIRET, AUTRE_SIRET = "73282932000074", "43937112100013"
MEME_SIREN = "73282932000082"
COUPLE = Couple(UAI, SIRET)


def connu(
    cle: int = 1, uai: str | None = AUTRE_UAI, siret: str = AUTRE_SIRET, *, ferme: bool = False
) -> Connu:
    return Connu(cle, uai, siret, ferme)


@pytest.mark.parametrize(
    ("candidat", "raison"),
    [
        (connu(siret=SIRET), Raison.MEME_SIRET),
        (connu(siret=SIRET, uai=None), Raison.MEME_SIRET),
        (connu(uai=UAI), Raison.MEME_UAI),
        (connu(siret=MEME_SIREN), Raison.MEME_SIREN),
    ],
)
def test_la_raison_est_ce_qu_ils_ont_en_commun(candidat: Connu, raison: Raison) -> None:
    assert suggerer(COUPLE, [candidat]) == [Suggestion(1, raison)]


def test_sans_rien_en_commun_rien_n_est_suggere() -> None:
    assert suggerer(COUPLE, [connu()]) == []


def test_le_plus_certain_d_abord_et_cinq_au_plus() -> None:
    connus = [connu(n, siret=f"732829320{n:05d}") for n in range(10, 18)] + [connu(2, siret=SIRET)]
    trouvees = suggerer(COUPLE, connus)
    assert len(trouvees) == SUGGESTIONS_MAX
    assert trouvees[0] == Suggestion(2, Raison.MEME_SIRET)


def test_un_etablissement_ferme_laisse_la_place_a_celui_qui_reste_ouvert() -> None:
    ferme, ouvert = connu(1, siret=SIRET, ferme=True), connu(2, siret=MEME_SIREN)
    assert suggerer(COUPLE, [ferme, ouvert]) == [Suggestion(2, Raison.SUCCESSEUR)]


def test_un_etablissement_ferme_n_est_jamais_suggere() -> None:
    assert suggerer(COUPLE, [connu(siret=SIRET, ferme=True)]) == []


def test_la_lettre_d_un_uai_se_deduit_de_ses_chiffres() -> None:
    juste = next(v for v in voisins_uai("0350001Z") if v.startswith("0350001"))
    assert suggerer(Couple("0350001Z", SIRET), [connu(uai=juste, siret=SIRET)]) == [
        Suggestion(1, Raison.FAUTE_DE_FRAPPE)
    ]


@pytest.mark.parametrize("faux", ["73282932000084", "73282932000047", "37282932000074"])
def test_un_siret_mal_saisi_retrouve_le_bon(faux: str) -> None:
    assert SIRET in voisins_siret(faux)
    assert suggerer(Couple(UAI, faux), [connu(uai=UAI, siret=SIRET)]) == [
        Suggestion(1, Raison.FAUTE_DE_FRAPPE)
    ]


def test_on_ne_lit_que_des_cles_justes_et_peu_nombreuses() -> None:
    lue = recherche([COUPLE])
    assert SIRET in lue.sirets
    assert UAI in lue.uais
    assert lue.sirens == ["732829320"]
    assert len(lue.sirets) < 40
    assert len(lue.uais) < 20
