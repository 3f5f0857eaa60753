"""Who is counted, what answers each question, and a file that is made again as it was."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tdba import horloge
from tdba.effectifs.models import Contrat
from tdba.organismes.models import Commune, Entreprise, Organisme
from tdba.sifa import queries, service
from tdba.sifa.models import FicheSifa
from tests import factories as f
from tests.sifa.aides import SIRET, employeur, un_compte

ENTREE, FIN = date(2026, 9, 1), date(2027, 8, 31)


@pytest.mark.parametrize(
    ("dates", "compte"),
    [
        ({"contrats": [(ENTREE, FIN, None)]}, True),
        ({"contrats": [(ENTREE, FIN, date(2026, 11, 3))]}, True),
        ({"contrats": [(ENTREE, date(2026, 12, 15), None)]}, True),
        ({"contrats": [(ENTREE, FIN, date(2026, 12, 31))]}, True),
        ({"contrats": []}, False),
        ({"contrats": [(ENTREE, FIN, None)], "exclusion": date(2026, 12, 1)}, False),
        ({"contrats": [(ENTREE, date(2026, 12, 20), None)], "fin": date(2026, 12, 20)}, False),
        ({"contrats": [(date(2026, 1, 5), FIN, date(2026, 5, 1))], "entree": date(2026, 1, 5)}, False),
        ({"contrats": [(date(2027, 1, 4), FIN, None)], "entree": date(2027, 1, 4)}, False),
        ({"contrats": [(ENTREE, FIN, None)], "annee_scolaire": "2025-2026"}, False),
        ({"contrats": [(ENTREE, FIN, None)], "annee_scolaire": "2026-2026"}, True),
    ],
)
def test_qui_est_compte_le_31_decembre(
    session: Session, dunes: Organisme, dates: dict[str, Any], compte: bool
) -> None:
    f.un_effectif(session, dunes, **dates)
    assert len(queries.dossiers(dunes.id, 2026)) == compte
    assert queries.nombres_comptes([dunes.id], 2026) == ({dunes.id: 1} if compte else {})
    assert [c.compte for c in queries.comptes(dunes.id, 2026)] in ([compte], [])


def test_une_fiche_a_la_corbeille_n_est_pas_comptee(session: Session, dunes: Organisme) -> None:
    effectif = un_compte(session, dunes)
    effectif.corbeille_le = horloge.maintenant()
    session.commit()
    assert queries.dossiers(dunes.id, 2026) == []


def test_chacun_est_dit_compte_ou_non_avec_la_regle(session: Session, dunes: Organisme) -> None:
    un_compte(session, dunes, nom="AMAR")
    f.un_effectif(session, dunes, nom="BRUN")
    dits = {c.nom: (c.compte, c.etape.code if c.etape else None) for c in queries.comptes(dunes.id, 2026)}
    assert dits == {"AMAR": (True, "CONTRAT_EN_COURS"), "BRUN": (False, "DELAI_SANS_CONTRAT")}


def test_ce_que_la_source_a_envoye_repond(session: Session, dunes: Organisme) -> None:
    un_compte(session, dunes)
    (vu,) = queries.dossiers(dunes.id, 2026)
    ligne = vu.rangee
    assert (ligne["SIT_N_1"], ligne["ETAB_N_1"], ligne["TYPE_CFA"], ligne["LIEU_NAIS"]) == (
        "3003",
        "035",
        "09",
        "35238",
    )
    assert (ligne["NUMERO_UAI"], ligne["SIT_FORM"]) == (dunes.uai, dunes.uai)
    assert vu.complet


def test_la_saisie_l_emporte_sur_l_etablissement_qui_l_emporte_sur_la_source(
    session: Session, dunes: Organisme
) -> None:
    effectif = un_compte(session, dunes)
    assert queries.dossiers(dunes.id, 2026)[0].rangee["TYPE_CFA"] == "09"
    service.repondre_pour_l_etablissement(dunes.id, 2026, {"type_cfa": "06"}, horloge.maintenant())
    assert queries.dossiers(dunes.id, 2026)[0].rangee["TYPE_CFA"] == "06"
    service.repondre(effectif.id, {"type_cfa": "07"}, 0, horloge.maintenant())
    assert queries.dossiers(dunes.id, 2026)[0].rangee["TYPE_CFA"] == "07"


def test_un_etablissement_ne_repond_que_pour_son_annee(session: Session, dunes: Organisme) -> None:
    un_compte(session, dunes)
    service.repondre_pour_l_etablissement(dunes.id, 2025, {"type_cfa": "06"}, horloge.maintenant())
    assert queries.dossiers(dunes.id, 2026)[0].rangee["TYPE_CFA"] == "09"


def test_le_lieu_de_naissance_suit_un_code_postal_qui_n_a_qu_une_commune(
    session: Session, dunes: Organisme
) -> None:
    session.add_all(
        [
            Commune(code_insee="35047", nom="Bruz", departement_code="35", codes_postaux=["35170"]),
            Commune(code_insee="35001", nom="Acigné", departement_code="35", codes_postaux=["35690"]),
            Commune(code_insee="35002", nom="Amanlis", departement_code="35", codes_postaux=["35690"]),
        ]
    )
    session.flush()
    for nom, postal in (("AMAR", "35170"), ("BRUN", "35690"), ("CLAIR", "99352")):
        un_compte(session, dunes, nom=nom, source={"code_postal_de_naissance_apprenant": postal})
    lieux = {d.personne.nom: d.rangee["LIEU_NAIS"] for d in queries.dossiers(dunes.id, 2026)}
    assert lieux == {"AMAR": "35047", "BRUN": "", "CLAIR": "99352"}


def test_l_employeur_est_celui_du_contrat_du_31_decembre(session: Session, dunes: Organisme) -> None:
    effectif = un_compte(session, dunes)
    employeur(session, effectif, SIRET)
    session.add(Entreprise(siret=SIRET, naf="1071C", code_insee="35047", code_postal="35170"))
    session.add(
        Contrat(
            effectif_id=effectif.id,
            organisme_id=dunes.id,
            annee_scolaire=effectif.annee_scolaire,
            rang=1,
            debut=date(2027, 2, 1),
            employeur_siret="35600000000048",
        )
    )
    session.commit()
    ligne = queries.dossiers(dunes.id, 2026)[0].rangee
    assert (ligne["SIRET_EMP"], ligne["NAF_ETAB"], ligne["COM_ETAB"]) == (SIRET, "1071C", "35047")


def test_un_etablissement_inconnu_ne_perd_que_sa_ligne(session: Session, dunes: Organisme) -> None:
    sans_uai = f.un_organisme(session, "Sans UAI")
    sans_uai.uai = None
    un_compte(session, dunes, nom="AMAR")
    un_compte(session, dunes, nom="BRUN", responsable_id=sans_uai.id)
    fabrique = service.Fabrique(queries.dossiers(dunes.id, 2026))
    assert [d.personne.nom for d in fabrique.pris] == ["AMAR"]
    assert [d.personne.nom for d in fabrique.refuses] == ["BRUN"]


def test_un_fichier_d_une_annee_passee_se_refait_a_l_identique(session: Session, dunes: Organisme) -> None:
    dates = {"contrats": [(date(2024, 9, 1), date(2026, 8, 31), None)], "entree": date(2024, 9, 1)}
    f.un_effectif(session, dunes, annee_scolaire="2024-2025", fin=date(2026, 8, 31), **dates)
    faits = [service.Fabrique(queries.dossiers(dunes.id, 2024)).contenu(nom) for nom in ("CSV", "XLSX") * 2]
    assert faits[:2] == faits[2:]
    assert faits[0].count(b"\r\n") == 1


def test_une_nouvelle_rupture_ne_change_pas_le_fichier_du_31_decembre(
    session: Session, dunes: Organisme
) -> None:
    effectif = un_compte(session, dunes)
    avant = service.Fabrique(queries.dossiers(dunes.id, 2026)).empreinte
    contrat = (
        session.query(Contrat).execution_options(portee="CORRIGER").filter_by(effectif_id=effectif.id).one()
    )
    contrat.rupture = date(2027, 2, 1)
    session.flush()
    assert service.Fabrique(queries.dossiers(dunes.id, 2026)).empreinte == avant


def test_repondre_deux_fois_pareil_n_ecrit_qu_une_fois(session: Session, dunes: Organisme) -> None:
    effectif = un_compte(session, dunes)
    assert service.repondre(effectif.id, {"regime": "D"}, 0, horloge.maintenant()) == ["regime"]
    assert service.repondre(effectif.id, {"regime": "D"}, 0, horloge.maintenant()) == []
    fiche = session.get(FicheSifa, effectif.id, execution_options={"portee": "CORRIGER"})
    assert fiche is not None
    assert (fiche.version, fiche.saisies) == (1, {"regime": "D"})


def test_repondre_sur_une_version_perimee_ne_perd_le_travail_de_personne(
    session: Session, dunes: Organisme
) -> None:
    effectif = un_compte(session, dunes)
    service.repondre(effectif.id, {"regime": "D"}, 0, horloge.maintenant())
    with pytest.raises(service.VersionPerimee):
        service.repondre(effectif.id, {"regime": "I"}, 0, horloge.maintenant())
    assert queries.dossier(effectif.id).personne.reponses["regime"] == "D"


def test_une_reponse_effacee_reste_effacee_malgre_la_source(session: Session, dunes: Organisme) -> None:
    effectif = un_compte(session, dunes)
    service.repondre(effectif.id, {"derniere_situation": None}, 0, horloge.maintenant())
    assert queries.dossiers(dunes.id, 2026)[0].rangee["SIT_N_1"] == ""


def test_une_fiche_se_lit_en_un_nombre_constant_d_ordres(session: Session, dunes: Organisme) -> None:
    from sqlalchemy import event

    for _ in range(5):
        un_compte(session, dunes)
    ordres: list[str] = []
    lien = session.connection()
    event.listen(lien, "before_cursor_execute", lambda _c, _k, sql, *_: ordres.append(sql))
    queries.dossiers(dunes.id, 2026)
    assert len(ordres) <= 4
