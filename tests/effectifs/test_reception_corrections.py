"""What becomes of a correction when the ERP sends the record again (decision 17)."""

import pytest
from sqlalchemy.orm import Session

from benchmarks.lignes import LIGNE
from tdba import horloge, scope
from tdba.effectifs import reception
from tdba.effectifs.lot_recu import Envoi, LigneRecue
from tdba.effectifs.models import Correction, Effectif
from tdba.organismes.models import Certification
from tdba.scope import Droit
from tdba.transmissions.lignes import empreinte, lire
from tests import factories as f


def envoyer(session: Session, organisme_id: int, nom: str) -> str:
    valeurs = lire(LIGNE | {"nom_apprenant": nom}, source="ERP").valeurs
    ligne = LigneRecue(1, "2026-2027", "e1", valeurs, {}, [], empreinte(valeurs), organisme_id)
    envoi = Envoi(organisme_id, "ERP", organisme_id, 1, horloge.maintenant())
    (resultat,) = reception.recevoir(envoi, [ligne])
    session.commit()
    session.expire_all()
    return resultat.etat


@pytest.mark.parametrize(
    ("envoye", "etat", "effectif", "corrige"),
    [
        ("DUPOND", "REJOINTE", "DUPOND", False),
        ("DUPONT", "ACTIVE", "DUPOND", True),
        ("DURAND", "CONFLIT", "DUPOND", True),
    ],
    ids=["the ERP agrees", "the ERP repeats", "the ERP says a third thing"],
)
def test_l_erp_renvoie_une_fiche_corrigee(
    session: Session, envoye: str, etat: str, effectif: str, corrige: bool
) -> None:
    f.les_territoires(session)
    dunes = f.un_organisme(session, "Dunes")
    cfa = f.une_organisation(session, "ORGANISME_FORMATION", "D", regle="ETABLISSEMENTS", organismes=[dunes])
    auteure = f.une_habilitation(session, f.une_personne(session, "Anne"), cfa)
    assert envoyer(session, dunes.id, "DUPONT") == "CREEE"
    fiche = session.execute(scope.select_for(Effectif, Droit.CORRIGER)).scalar_one()
    session.add(
        Correction(
            effectif_id=fiche.id, organisme_id=dunes.id, annee_scolaire="2026-2027", champ="nom", valeur="DUPOND",
            valeur_avant="DUPONT", valeur_source="DUPONT", motif="PIECE_VUE", personne_id=auteure.personne_id,
            habilitation_id=auteure.id, cree_le=horloge.maintenant(),
        )
    )  # fmt: skip
    fiche.nom, fiche.corrige = "DUPOND", True
    session.commit()
    if envoye == "DUPONT":  # the same line would be recognised as unchanged: another one of its values moves
        envoyer(session, dunes.id, "DURAND")
    assert envoyer(session, dunes.id, envoye) == "MODIFIEE"
    correction = session.execute(scope.select_for(Correction, Droit.CORRIGER)).scalar_one()
    session.refresh(fiche)
    assert (correction.etat, fiche.nom, fiche.corrige) == (etat, effectif, corrige)


def test_un_code_rncp_corrige_garde_sa_formation_quand_l_erp_renvoie_l_autre(session: Session) -> None:
    f.les_territoires(session)
    dunes = f.un_organisme(session, "Dunes")
    cfa = f.une_organisation(session, "ORGANISME_FORMATION", "D", regle="ETABLISSEMENTS", organismes=[dunes])
    auteure = f.une_habilitation(session, f.une_personne(session, "Anne"), cfa)
    session.add(Certification(rncp="RNCP99992", cfd=None, intitule="BTS Chocolat", niveau=5))
    envoyer(session, dunes.id, "DUPONT")
    fiche = session.execute(scope.select_for(Effectif, Droit.CORRIGER)).scalar_one()
    session.add(
        Correction(
            effectif_id=fiche.id, organisme_id=dunes.id, annee_scolaire="2026-2027", champ="rncp",
            valeur="RNCP99992", valeur_avant=fiche.rncp, valeur_source=LIGNE["formation_rncp"], motif="PIECE_VUE",
            personne_id=auteure.personne_id, habilitation_id=auteure.id, cree_le=horloge.maintenant(),
        )
    )  # fmt: skip
    session.commit()
    envoyer(session, dunes.id, "DURAND")
    session.refresh(fiche)
    assert (fiche.nom, fiche.rncp, fiche.formation, fiche.niveau) == (
        "DURAND",
        "RNCP99992",
        "BTS Chocolat",
        5,
    )
