"""What leaves of the worklists is what their page shows: the third kind, the référent, the same filters (decision 31)."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from tdba import scope
from tdba.comptes.models import Habilitation
from tdba.organismes.models import Organisme
from tdba.ruptures.models import Dossier
from tdba.scope import Droit
from tests.exports.aides import exporter, lignes
from tests.factories import une_rupture
from tests.pages import Navigateur
from tests.ruptures.test_listes_groupes import un_terme


def test_les_contrats_arrives_a_terme_s_exportent_a_part_avec_leur_referent(
    session: Session, directeur: Navigateur, direction: Habilitation, cfa: Organisme
) -> None:
    suivi = un_terme(session, cfa, nom="SERIN")
    un_terme(session, cfa, nom="AMAR")
    une_rupture(session, cfa, nom="BAUD")
    session.execute(
        scope.pour_ecriture(
            update(Dossier).where(Dossier.effectif_id == suivi.id).values(referent_id=direction.personne_id),
            Droit.CORRIGER,
        )
    )
    session.commit()
    adresse = "/exports/demander/contrats-a-terme?groupe=terme"
    rangees = lignes(exporter(session, directeur, adresse, colonnes=("nom", "referent")))
    assert sorted(r[:2] for r in rangees) == [["AMAR", ""], ["SERIN", "Dominique Testeur"]]
    miens = lignes(exporter(session, directeur, f"{adresse}&qui=moi", colonnes=("nom",)))
    assert [r[0] for r in miens] == ["SERIN"]
