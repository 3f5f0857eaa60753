"""A file, from its arrival to its undoing, as its person sees it (issue 4, part 2)."""

from sqlalchemy.orm import Session

from tdba import scope
from tdba.effectifs.models import EffectifSource
from tdba.scope import Droit
from tests.conftest import MIDI
from tests.depots.aides_depots import (
    Monde,
    confirmer,
    fiches,
    importer,
    rangee,
)
from tests.pages import Navigateur, arbre, tableau, texte


def chapeau(page: object) -> str:
    return next(texte(p) for p in arbre(page).iter("p") if "chapeau" in str(p.get("class")))  # type: ignore[arg-type]


def test_un_fichier_se_depose_se_lit_se_voit_puis_se_confirme(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    d = monde.dunes
    confirmer(
        session,
        directrice,
        importer(session, directrice, rangee(d, "AMAR"), rangee(d, "BRUN"), organisme=d.id),
    )
    depot = importer(
        session,
        directrice,
        rangee(d, "AMAR", adresse_apprenant="3 quai Nord"),
        rangee(d, "BRUN"),
        rangee(d, "COLIN"),
        rangee(d, "DIOP", email_contact="illisible"),
        organisme=d.id,
    )
    adresse = f"/depots/{depot.uuid}"
    assert depot.etat == "PRET"
    assert depot.fichier_id is None
    page = directrice.get(adresse)
    assert chapeau(page) == "4 fiches : 1 nouvelle, 1 modifiée, 1 inchangée, 1 refusée."
    assert "COLIN Gaston" in [r["Apprenant"] for r in tableau(page, "lignes")]
    (modifiee,) = tableau(directrice.get(f"{adresse}?onglet=modifiees"), "lignes")
    assert modifiee["Ce qui change"] == "Adresse : 64 bis, route de Paris → 3 quai Nord"
    assert fiches(session)[0][1] == "64 bis, route de Paris"
    depot = confirmer(session, directrice, depot)
    assert depot.etat == "APPLIQUE"
    assert fiches(session)[0][1] == "3 quai Nord"
    assert directrice.get(adresse).status_code == 200


def test_une_ligne_sans_effet_se_dit_et_ne_compte_pas_comme_un_changement(
    session: Session, monde: Monde, directrice: Navigateur
) -> None:
    """What the ERP says better stands; the account after confirming is that of the preview."""
    d = monde.dunes
    confirmer(session, directrice, importer(session, directrice, rangee(d, "AMAR"), organisme=d.id))
    (fichier,) = session.execute(scope.select_for(EffectifSource, Droit.CORRIGER)).scalars()
    session.add(
        EffectifSource(
            effectif_id=fichier.effectif_id, organisme_id=d.id, source="ERP", annee_scolaire=fichier.annee_scolaire,
            valeurs=dict(fichier.valeurs), empreinte=b"autre", recu_le=MIDI,
        )
    )  # fmt: skip
    session.commit()
    depot = importer(session, directrice, rangee(d, "AMAR", adresse_apprenant="3 quai Nord"), organisme=d.id)
    page = directrice.get(f"/depots/{depot.uuid}?onglet=sans_effet")
    assert [r["Apprenant"] for r in tableau(page, "lignes")] == ["AMAR Gaston"]
    montres = {o: depot.comptes[o] for o in ("modifiees", "sans_effet")}
    depot = confirmer(session, directrice, depot)
    assert {o: depot.comptes[o] for o in montres} == montres == {"modifiees": 0, "sans_effet": 1}
