"""Codes, title, level and commune of a record: given at reception, completed when the référentiel learns more."""

from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.lignes import LIGNE
from tdba import horloge, jobs, journal, scope
from tdba.db import db
from tdba.effectifs import reception, reconnaissance
from tdba.effectifs.lot_recu import Envoi, LigneRecue
from tdba.effectifs.models import Correction, Effectif, EffectifSource
from tdba.organismes import connaissances, service
from tdba.organismes.models import Certification, CodeInconnu, Commune
from tdba.scope import Droit
from tdba.transmissions.lignes import empreinte, lire
from tdba.transmissions.models import Transmission
from tests import factories as f
from tests.effectifs.conftest import Decor
from tests.organismes.exemples import REPONSES

COIFFURE = {
    "formation_rncp": "RNCP5364",
    "formation_cfd": None,
    "libelle_court_formation": "CAP COIF",
    "date_entree_formation": "2021-09-01",
    "date_fin_formation": "2023-08-31",
    "code_commune_insee_apprenant": None,
    "code_postal_apprenant": "35000",
}


def envoyer(organisme_id: int, source: str = "ERP", **champs: Any) -> str:
    lue = lire(LIGNE | COIFFURE | champs, source=source)
    assert lue.valide, lue.erreurs
    ligne = LigneRecue(1, "2021-2022", "e1", lue.valeurs, {}, [], empreinte(lue.valeurs), organisme_id)
    transmission = Transmission(
        uuid=uuid4(), transmetteur_id=organisme_id, source=source, recue_le=horloge.maintenant(), nb_lignes=1
    )
    db.session.add(transmission)
    db.session.flush()
    (resultat,) = reception.recevoir(
        Envoi(organisme_id, source, organisme_id, transmission.id, horloge.maintenant()), [ligne]
    )
    return resultat.etat


def fiche(session: Session) -> Effectif:
    session.expire_all()
    return session.execute(scope.select_for(Effectif, Droit.CORRIGER)).scalar_one()


def tenu(session: Session) -> tuple[str | None, str | None, str | None, int | None]:
    lue = fiche(session)
    return lue.rncp, lue.cfd, lue.formation, lue.niveau


def apprendre(session: Session) -> None:
    """The référentiel learns hairdressing and the communes of Rennes."""
    service.importer_reponses(REPONSES.read_bytes())
    session.add_all(
        [
            Commune(
                code_insee="35238", nom="Rennes", departement_code="35", codes_postaux=["35000", "35200"]
            ),
            Commune(code_insee="35024", nom="Betton", departement_code="35", codes_postaux=["35830"]),
            Commune(code_insee="35055", nom="Chantepie", departement_code="35", codes_postaux=["35135"]),
            Commune(code_insee="35066", nom="Ailleurs", departement_code="35", codes_postaux=["35135"]),
        ]
    )
    session.flush()


def rien() -> None:
    """A batch that needs no commit."""


def test_une_ligne_recoit_la_certification_valable_et_la_source_garde_les_codes_recus(
    session: Session, decor: Decor
) -> None:
    apprendre(session)
    assert envoyer(decor.cfa.id) == "CREEE"
    assert tenu(session) == ("RNCP34670", "50033616", "METIERS DE LA COIFFURE (CAP)", 3)
    dites = session.execute(scope.select_for(EffectifSource, Droit.CORRIGER)).scalar_one().valeurs
    assert dites["formation_rncp"] == "RNCP5364"
    assert "formation_cfd" not in dites
    assert envoyer(decor.cfa.id) == "INCHANGEE"


def test_un_code_inconnu_garde_tout_ce_qui_est_recu(session: Session, decor: Decor) -> None:
    envoyer(decor.cfa.id, formation_cfd="1234ABCD")
    assert tenu(session) == ("RNCP5364", "1234ABCD", "CAP COIF", None)


def test_la_commune_vient_du_code_postal_quand_il_n_en_a_qu_une(session: Session, decor: Decor) -> None:
    apprendre(session)
    envoyer(decor.cfa.id)
    assert (fiche(session).code_insee, fiche(session).departement) == ("35238", "35")
    envoyer(decor.cfa.id, code_postal_apprenant="35135")
    lue = fiche(session)
    assert (lue.code_insee, lue.departement, lue.code_postal) == (None, "35", "35135")
    envoyer(decor.cfa.id, code_postal_apprenant="35135", code_commune_insee_apprenant="35024")
    assert fiche(session).code_insee == "35024"


def test_un_fichier_ne_change_pas_la_certification_que_dit_l_erp(session: Session, decor: Decor) -> None:
    """The better source speaks alone, its formation included (decision 17)."""
    apprendre(session)
    envoyer(decor.cfa.id)
    session.add(Certification(rncp="RNCP40123", intitule="Un autre titre", niveau=5))
    session.flush()  # what was read of the référentiel is forgotten
    envoyer(decor.cfa.id, source="FICHIER", formation_rncp="RNCP40123", libelle_court_formation="AUTRE")
    assert tenu(session) == ("RNCP34670", "50033616", "METIERS DE LA COIFFURE (CAP)", 3)


def test_une_fiche_recue_avant_l_import_est_completee_et_les_chiffres_suivent(
    app: Flask, session: Session, decor: Decor
) -> None:
    envoyer(decor.cfa.id)
    assert tenu(session) == ("RNCP5364", None, "CAP COIF", None)
    version, maj_le = fiche(session).version, fiche(session).maj_le
    apprendre(session)
    reconnaissance.completer_si_besoin(rien)
    assert tenu(session) == ("RNCP34670", "50033616", "METIERS DE LA COIFFURE (CAP)", 3)
    lue = fiche(session)
    assert (lue.code_insee, lue.departement) == ("35238", "35")
    assert (lue.version, lue.maj_le) == (version, maj_le)
    dernier = session.scalars(select(journal.Evenement).order_by(journal.Evenement.id.desc()).limit(1)).one()
    assert (dernier.evenement, dernier.details) == ("effectifs.completes", {"lus": 1, "modifies": 1})
    session.commit()
    preuve = app.test_cli_runner(catch_exceptions=False).invoke(args=["indicateurs", "verifier"])
    assert (preuve.exit_code, preuve.output) == (0, "Aucun écart.\n")


def test_sans_rien_de_nouveau_le_travail_ne_lit_aucune_fiche(session: Session, decor: Decor) -> None:
    apprendre(session)
    reconnaissance.completer_si_besoin(rien)
    avant = session.scalar(select(journal.Evenement.id).order_by(journal.Evenement.id.desc()).limit(1))
    reconnaissance.completer_si_besoin(rien)
    assert (
        session.scalar(select(journal.Evenement.id).order_by(journal.Evenement.id.desc()).limit(1)) == avant
    )
    assert connaissances.restant_a_appliquer() == {}


def test_tout_relire_suit_une_continuite_apprise_apres_coup(session: Session, decor: Decor) -> None:
    """A record with a level lacks nothing: only a full reading changes its codes."""
    session.add(Certification(rncp="RNCP5364", cfd=None, intitule="Coiffure", niveau=3))
    session.flush()
    envoyer(decor.cfa.id)
    assert tenu(session) == ("RNCP5364", None, "Coiffure", 3)
    apprendre(session)
    assert reconnaissance.completer(rien, tous=True) == 1
    assert tenu(session) == ("RNCP34670", "50033616", "METIERS DE LA COIFFURE (CAP)", 3)
    assert reconnaissance.completer(rien, tous=True) == 0


def test_une_fiche_sans_source_garde_ce_que_personne_ne_connait(session: Session, decor: Decor) -> None:
    f.un_effectif(session, decor.cfa, rncp="RNCP38322", formation="CAP Boulanger", niveau=3)
    apprendre(session)
    reconnaissance.completer(rien, tous=True)
    assert tenu(session) == ("RNCP38322", None, "CAP Boulanger", 3)


def test_ce_qu_une_personne_a_corrige_reste(session: Session, decor: Decor) -> None:
    envoyer(decor.cfa.id)
    cfa = f.une_organisation(
        session, "ORGANISME_FORMATION", "D", regle="ETABLISSEMENTS", organismes=[decor.cfa]
    )
    auteure = f.une_habilitation(session, f.une_personne(session, "Anne"), cfa)
    session.add(
        Correction(
            effectif_id=fiche(session).id,
            organisme_id=decor.cfa.id,
            annee_scolaire="2021-2022",
            champ="formation",
            valeur="CAP COIF",
            valeur_source="CAP COIF",
            motif="PIECE_VUE",
            personne_id=auteure.personne_id,
            habilitation_id=auteure.id,
            cree_le=horloge.maintenant(),
        )
    )
    session.flush()
    apprendre(session)
    reconnaissance.completer(rien, tous=True)
    assert tenu(session) == ("RNCP34670", "50033616", "CAP COIF", 3)


def test_les_codes_inconnus_des_fiches_sont_signales_pour_etre_demandes(
    session: Session, decor: Decor
) -> None:
    apprendre(session)
    envoyer(decor.cfa.id, formation_cfd="1234ABCD")
    reconnaissance.signaler_codes_inconnus()
    session.commit()
    assert set(session.scalars(select(CodeInconnu.code))) == {"1234ABCD"}
    taches = select(jobs.Tache.cle).where(jobs.Tache.nom == "organismes.completer_certifications")
    assert list(session.scalars(taches)) == ["{}"]


def test_les_travaux_sont_planifies() -> None:
    assert jobs.PLANIFICATION["effectifs.completer"] == 15
    assert jobs.PLANIFICATION["effectifs.signaler_codes_inconnus"] == 1440
    assert jobs.REGISTRE["organismes.completer_certifications"].longue


def test_la_commande_complete_et_dit_combien(app: Flask, session: Session, decor: Decor) -> None:
    envoyer(decor.cfa.id)
    apprendre(session)
    session.commit()
    lancer = app.test_cli_runner(catch_exceptions=False).invoke
    assert lancer(args=["effectifs", "completer"]).output == "1\N{NO-BREAK SPACE}fiche modifiée.\n"
    assert lancer(args=["effectifs", "completer", "--tout"]).output == "0\N{NO-BREAK SPACE}fiche modifiée.\n"
