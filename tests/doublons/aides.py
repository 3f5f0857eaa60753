"""What the tests of duplicates make and read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tdba import scope
from tdba.doublons.models import Doublon
from tdba.effectifs.models import Effectif
from tdba.organismes.models import Organisme
from tdba.scope import Droit
from tests import factories as f
from tests.pages import Navigateur


def paires(session: Session, etat: str = "OUVERT") -> list[tuple[int, int]]:
    """The pairs in that state."""
    return [(d.effectif_id, d.autre_id) for d in doublons(session) if d.etat == etat]


def doublons(session: Session) -> list[Doublon]:
    session.commit()
    with scope.systeme("test"):
        requete = scope.autorisee(select(Doublon), Droit.CORRIGER).order_by(
            Doublon.effectif_id, Doublon.autre_id
        )
        return list(session.execute(requete.execution_options(populate_existing=True)).scalars())


SANS_RIEN: Mapping[str, Any] = dict.fromkeys(
    ("sexe", "ine", "courriel", "telephone", "adresse", "code_postal", "code_insee", "departement")
)
"""What the factories fill, emptied: two records have in common what the test says, no more."""


def nu(fabrique: Callable[..., Effectif], session: Session, organisme: Organisme, **options: Any) -> Effectif:
    """A record of that factory with nothing that the test does not give."""
    return fabrique(session, organisme, **(dict(SANS_RIEN) | options))


def deux_fiches(
    session: Session, a: Organisme, b: Organisme | None = None, **autre: Any
) -> tuple[Effectif, Effectif]:
    """The same youth twice; `autre` changes the second record."""
    premiere = nu(f.un_apprenti, session, a, nom="LE GALL", prenom="Maël")
    reglees = {"nom": "LE GALL", "prenom": "Maël"} | autre
    return premiere, nu(f.un_apprenti, session, b or a, **reglees)


def direction(session: Session, navigateur: Navigateur, *sites: Organisme, **options: Any) -> Navigateur:
    """The director of these sites, logged in."""
    organisation = f.une_organisation(
        session, "ORGANISME_FORMATION", sites[0].nom, regle="ETABLISSEMENTS", organismes=list(sites)
    )
    return navigateur.comme(
        f.une_habilitation(session, f.une_personne(session, "Dominique"), organisation, **options)
    )


ETAT: Sequence[str] = (
    (
        "SELECT id, organisme_id, nom, prenom, recherche, sexe, date_naissance, ine, courriel, telephone, adresse, rncp, cfd,"
        " date_inscription, date_entree, date_fin, date_exclusion, bornes, statuts, empreinte_parcours, corrige, corbeille_le,"
        " formation, niveau, code_postal, code_insee FROM effectif"
    ),
    "SELECT id, effectif_id, rang, debut, fin, rupture, employeur_siret, debut_source FROM contrat",
    "SELECT effectif_id, rang, statut, motif, raison, du, au FROM periode",
    (
        "SELECT id, effectif_id, genre, contrat_debut, ouvert_du, clos_du, derniere_demarche_le, prochaine_le FROM dossier"
        # A file that nothing asks for any more is open on no day: it is as if it were not there (ruptures).
        " WHERE clos_du IS DISTINCT FROM ouvert_du"
    ),
    "SELECT id, dossier_id, organisme_id FROM demarche",
    "SELECT effectif_id, champ, contrat_id, valeur, valeur_avant, etat FROM correction WHERE etat IN ('ACTIVE', 'CONFLIT')",
    "SELECT organisme_id, annee_scolaire, niveau, statut, jour, sum(n) FROM mouvement GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0",
    "SELECT effectif_id, autre_id, score, etat FROM doublon",
    "SELECT genre, cle, organisme_id FROM point WHERE clos_le IS NULL",
)


def photographie(session: Session) -> list[list[str]]:
    """All that undoing must put back, table by table, in no order."""
    session.commit()
    with scope.systeme("test"):
        return [sorted(str(tuple(ligne)) for ligne in session.execute(text(requete))) for requete in ETAT]
