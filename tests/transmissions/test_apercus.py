"""A file is shown before it writes, writes all at once, and can be undone exactly (decision 17)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tdba import horloge, scope
from tdba.db import db
from tdba.effectifs.models import Contrat, Effectif, EffectifSource, Periode
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tdba.transmissions import apercus, application
from tdba.transmissions.cles import Emetteur
from tdba.transmissions.models import Ligne, Transmission
from tests import factories as f
from tests.transmissions.lignes_exemples import TELEVERSEE

Rangees = list[dict[str, Any]]


def rangee(dunes: Organisme, nom: str, **cellules: Any) -> dict[str, Any]:
    cles = {
        f"etablissement_{cote}_{quoi}": valeur
        for cote in ("formateur", "responsable")
        for quoi, valeur in (("uai", dunes.uai), ("siret", dunes.siret))
    }
    return TELEVERSEE | cles | {"nom_apprenant": nom} | cellules


def lire(session: Session, dunes: Organisme, rangees: Rangees) -> Transmission:
    """What the job does with a file: store, compare."""
    personne = f.une_personne(session, "Anne")
    emetteur = Emetteur(None, dunes.id, frozenset({dunes.id}))
    transmission = apercus.ouvrir(emetteur, personne_id=personne.id)
    apercus.ajouter(transmission, emetteur, list(enumerate(rangees, start=2)))
    apercus.comparer(transmission)
    session.commit()
    return transmission


def confirmer(session: Session, dunes: Organisme, rangees: Rangees) -> Transmission:
    transmission = lire(session, dunes, rangees)
    apercus.confirmer(transmission)
    session.commit()
    session.expire_all()
    return transmission


def annuler(session: Session, transmission: Transmission) -> Any:
    retour = apercus.annuler(transmission, lambda _: frozenset())
    session.commit()
    session.expire_all()
    return retour


def verdicts(session: Session, transmission: Transmission) -> list[tuple[str, dict[str, Any]]]:
    session.expire_all()
    lignes = session.execute(
        scope.select_for(Ligne, Droit.CORRIGER)
        .where(Ligne.transmission_id == transmission.id)
        .order_by(Ligne.rang)
    ).scalars()
    return [(ligne.verdict or ligne.etat, ligne.ecarts or {}) for ligne in lignes]


def photo(session: Session) -> dict[str, Any]:
    """Every row about apprentices, but what an undo is allowed to move."""
    session.expire_all()
    rangees: dict[str, Any] = {}
    for modele in (Effectif, Contrat, EffectifSource, Periode):
        for objet in session.execute(scope.select_for(modele, Droit.CORRIGER)).scalars():
            colonnes = {c.name: getattr(objet, c.name) for c in modele.__table__.columns}
            colonnes.pop("version", None)
            cle = tuple(str(colonnes.get(nom)) for nom in ("id", "effectif_id", "source", "rang"))
            rangees[f"{modele.__tablename__} {cle}"] = colonnes
    return rangees


def fiche(session: Session, nom: str) -> Effectif:
    return session.execute(scope.select_for(Effectif, Droit.CORRIGER).where(Effectif.nom == nom)).scalar_one()


def test_un_apercu_dit_ce_que_chaque_ligne_ferait_et_n_ecrit_rien(session: Session, dunes: Organisme) -> None:
    confirmer(session, dunes, [rangee(dunes, "AMAR"), rangee(dunes, "BRUN")])
    avant = photo(session)
    transmission = lire(
        session,
        dunes,
        [
            rangee(dunes, "AMAR", adresse_apprenant="3 quai Nord", contrat_date_debut="2025-09-02"),
            rangee(dunes, "BRUN"),
            rangee(dunes, "COLIN"),
            rangee(dunes, "DIOP", email_contact="illisible"),
        ],
    )
    assert verdicts(session, transmission) == [
        (
            "MODIFIEE",
            {
                "adresse": ["64 bis, route de Paris", "3 quai Nord"],
                "contrat_0.debut": [None, "2025-09-02"],
            },
        ),
        ("INCHANGEE", {}),
        ("CREEE", {}),
        ("REFUSEE", {}),
    ]
    assert photo(session) == avant
    application.appliquer(session.commit, dunes.id)  # a job passing by must not apply what nobody confirmed
    assert photo(session) == avant


def test_une_fiche_qui_figure_deux_fois_est_montree_et_la_derniere_ligne_compte(
    session: Session, dunes: Organisme
) -> None:
    deux = [rangee(dunes, "AMAR", adresse_apprenant=f"{n} quai Nord") for n in (1, 2)]
    transmission = lire(session, dunes, [*deux, rangee(dunes, "BRUN")])
    assert [v for v, _ in verdicts(session, transmission)] == ["REFUSEE", "CREEE", "CREEE"]
    (refusee,) = session.execute(
        scope.select_for(Ligne, Droit.CORRIGER).where(Ligne.etat == "REFUSEE")
    ).scalars()
    assert refusee.erreurs[0]["message"].startswith("La même fiche figure aussi à la ligne 3")
    assert transmission.nb_refusees == 1
    apercus.confirmer(transmission)
    session.commit()
    assert fiche(session, "AMAR").adresse == "2 quai Nord"


def test_la_comparaison_avance_par_lots_qui_se_valident(
    session: Session, dunes: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apercus, "LOT", 2)
    transmission = lire(
        session, dunes, [rangee(dunes, nom) for nom in ("AMAR", "BRUN", "COLIN", "DIOP", "ELLA")]
    )
    avances: list[int] = []

    def avancer(lignes: int) -> None:
        avances.append(lignes)
        session.commit()

    assert apercus.comparer(transmission, avancer) == {"CREEE": 5}
    assert avances == [2, 2, 1]


def test_confirmer_ecrit_exactement_ce_qui_etait_montre(session: Session, dunes: Organisme) -> None:
    confirmer(session, dunes, [rangee(dunes, "AMAR")])
    changee = rangee(dunes, "AMAR", adresse_apprenant="3 quai Nord", contrat_date_debut="2025-09-02")
    transmission = confirmer(session, dunes, [changee, rangee(dunes, "COLIN")])
    assert (fiche(session, "AMAR").adresse, fiche(session, "COLIN").source) == ("3 quai Nord", "FICHIER")
    assert session.get_one(Transmission, transmission.id).etat == "TRAITEE"
    assert [verdict for verdict, _ in verdicts(session, transmission)] == ["MODIFIEE", "CREEE"]
    assert {v for v, _ in verdicts(session, lire(session, dunes, [changee]))} == {"INCHANGEE"}


def test_annuler_remet_chaque_fiche_exactement(session: Session, dunes: Organisme) -> None:
    """Records changed come back as they were, contracts and periods included; records created go."""
    confirmer(session, dunes, [rangee(dunes, "AMAR", contrat_date_debut="2025-09-02"), rangee(dunes, "BRUN")])
    avant = photo(session)
    transmission = confirmer(
        session,
        dunes,
        [
            rangee(dunes, "AMAR", adresse_apprenant="3 quai Nord"),
            rangee(dunes, "BRUN", contrat_date_debut="2025-10-01", contrat_date_rupture="2025-11-03"),
            rangee(dunes, "COLIN"),
        ],
    )
    assert photo(session) != avant
    retour = annuler(session, transmission)
    assert (len(retour.retablies), len(retour.supprimees), retour.laissees) == (2, 1, [])
    assert photo(session) == avant
    assert session.get_one(Transmission, transmission.id).etat == "ANNULEE"


def test_annuler_laisse_et_nomme_ce_que_quelque_chose_de_plus_recent_a_touche(
    session: Session, dunes: Organisme
) -> None:
    transmission = confirmer(session, dunes, [rangee(dunes, "AMAR"), rangee(dunes, "BRUN")])
    touchee = confirmer(session, dunes, [rangee(dunes, "AMAR", adresse_apprenant="3 quai Nord")])
    amar = fiche(session, "AMAR").id
    retour = annuler(session, transmission)
    assert (len(retour.supprimees), retour.laissees) == (1, [amar])
    assert fiche(session, "AMAR").adresse == "3 quai Nord"
    assert annuler(session, touchee).retablies == [amar]
    assert fiche(session, "AMAR").adresse == "64 bis, route de Paris"


def test_annuler_laisse_les_fiches_sur_lesquelles_quelqu_un_travaille(
    session: Session, dunes: Organisme
) -> None:
    transmission = confirmer(session, dunes, [rangee(dunes, "AMAR")])
    amar = fiche(session, "AMAR").id
    retour = apercus.annuler(transmission, frozenset)
    assert (retour.laissees, retour.supprimees) == ([amar], [])


def test_une_ligne_refusee_se_repare_avant_de_confirmer(session: Session, dunes: Organisme) -> None:
    transmission = lire(session, dunes, [rangee(dunes, "DIOP", email_contact="illisible")])
    emetteur = Emetteur(None, dunes.id, frozenset({dunes.id}))
    (ligne,) = session.execute(scope.select_for(Ligne, Droit.CORRIGER)).scalars()
    reste = apercus.corriger_ligne(transmission, emetteur, ligne.id, {"email_contact": "d.diop@exemple.fr"})
    session.commit()
    assert reste == []
    assert verdicts(session, transmission) == [("CREEE", {})]
    apercus.confirmer(transmission)
    session.commit()
    assert fiche(session, "DIOP").courriel == "d.diop@exemple.fr"


def test_une_ligne_ne_se_repare_plus_une_fois_le_fichier_applique(session: Session, dunes: Organisme) -> None:
    """A form sent while the file is being applied must not leave a line that nobody will apply."""
    transmission = confirmer(
        session, dunes, [rangee(dunes, "AMAR"), rangee(dunes, "DIOP", email_contact="illisible")]
    )
    (ligne,) = session.execute(
        scope.select_for(Ligne, Droit.CORRIGER).where(Ligne.etat == "REFUSEE")
    ).scalars()
    emetteur = Emetteur(None, dunes.id, frozenset({dunes.id}))
    with pytest.raises(scope.Introuvable):
        apercus.corriger_ligne(transmission, emetteur, ligne.id, {"email_contact": "d.diop@exemple.fr"})
    session.rollback()
    assert [v for v, _ in verdicts(session, transmission)] == ["CREEE", "REFUSEE"]


def test_un_fichier_ne_change_pas_ce_que_l_erp_dit(session: Session, dunes: Organisme) -> None:
    """The ERP is the better source: the preview says that nothing would change (decision 17)."""
    confirmer(session, dunes, [rangee(dunes, "AMAR")])
    amar = fiche(session, "AMAR")
    session.add(
        EffectifSource(
            effectif_id=amar.id, organisme_id=dunes.id, source="ERP", annee_scolaire=amar.annee_scolaire,
            valeurs=dict(session.execute(scope.select_for(EffectifSource, Droit.CORRIGER)).scalar_one().valeurs),
            empreinte=b"autre", recu_le=horloge.maintenant(),
        )
    )  # fmt: skip
    session.commit()
    transmission = lire(session, dunes, [rangee(dunes, "AMAR", adresse_apprenant="3 quai Nord")])
    assert verdicts(session, transmission) == [("SANS_EFFET", {})]


def test_abandonner_efface_les_lignes(session: Session, dunes: Organisme) -> None:
    transmission = lire(session, dunes, [rangee(dunes, "AMAR")])
    apercus.abandonner(transmission)
    session.commit()
    assert verdicts(session, transmission) == []
    assert db.session.get_one(Transmission, transmission.id).etat == "ABANDONNEE"


def test_une_personne_que_l_erp_envoie_deja_ne_fait_pas_une_seconde_fiche(
    session: Session, dunes: Organisme
) -> None:
    f.un_apprenti(
        session, dunes, nom="AMAR", prenom="Gaston", id_erp="ERP-17", annee_scolaire="2025-2026",
        naissance=date(2005, 10, 28),
    )  # fmt: skip
    session.commit()
    transmission = lire(session, dunes, [rangee(dunes, "Amar")])
    (ligne,) = session.execute(scope.select_for(Ligne, Droit.CORRIGER)).scalars()
    assert (ligne.id_erp, ligne.effectif_id is None) == ("ERP-17", False)
    assert verdicts(session, transmission)[0][0] == "MODIFIEE"


def test_deux_homonymes_nes_le_meme_jour_ne_sont_confondus_avec_personne(
    session: Session, dunes: Organisme
) -> None:
    for id_erp in ("ERP-17", "ERP-18"):
        f.un_apprenti(
            session, dunes, nom="AMAR", prenom="Gaston", id_erp=id_erp, annee_scolaire="2025-2026",
            naissance=date(2005, 10, 28),
        )  # fmt: skip
    session.commit()
    assert verdicts(session, lire(session, dunes, [rangee(dunes, "Amar")])) == [("CREEE", {})]
