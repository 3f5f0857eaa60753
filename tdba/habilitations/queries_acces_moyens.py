"""The ways in that are possible for a request or an establishment, today (issue "who comes in", §4)."""

from dataclasses import dataclass
from datetime import datetime

from tdba import horloge
from tdba.comptes import queries as comptes
from tdba.comptes.models import Personne
from tdba.habilitations import acces, preuves, queries_acces
from tdba.habilitations.queries_acces import MaDemande
from tdba.organismes.models import Organisme


@dataclass(frozen=True, slots=True)
class Moyens:
    """The ways in that are possible for a request, and who decides otherwise: names of organisations, never people's."""

    lien: str | None
    """The masked address that a one-time link would be sent to."""
    lien_envoye_le: datetime | None
    cle: bool
    certification: bool
    """The provider certified that they direct the legal entity of this CFA."""
    garants: list[str]
    decideurs: list[str]


def moyens(vue: MaDemande, personne: Personne, *, dirigeant: bool) -> Moyens:
    """What may let this person in, today. `dirigeant`: so the provider certified, in the session that asks.

    Somebody whose address is known under another identity waits for people, as if no fact were at hand: the page says
    nothing more than for a CFA without any (issue "who comes in", §1).
    """
    demande, organisme = vue.demande, vue.organisme
    if organisme is None:
        return Moyens(None, None, cle=False, certification=False, garants=[], decideurs=[])
    jour = horloge.aujourd_hui()
    tenues = queries_acces.tenues([organisme.siren], jour)[organisme.siren]
    decideurs = acces.decideurs(tenues, organisme.id, demande.regle)
    if not acces.est_libre(tenues, organisme.id, demande.regle):
        return Moyens(
            None, None, cle=False, certification=False, garants=[], decideurs=[t.nom for t in decideurs]
        )
    garants = [nom for _, nom in queries_acces.garants(organisme.id, jour)]
    if comptes.courriel_d_un_autre(personne):
        return Moyens(None, None, cle=False, certification=False, garants=garants, decideurs=[])
    dernier = queries_acces.dernier_lien(demande.id)
    return Moyens(
        lien=acces.masquer(organisme.courriel_referentiel) if organisme.courriel_referentiel else None,
        lien_envoye_le=dernier.cree_le if dernier else None,
        cle=preuves.a_une_cle(organisme.id),
        certification=acces.certifie(personne.siret, organisme.siren, dirigeant=dirigeant),
        garants=garants,
        decideurs=[],
    )


def lien_possible(organisme: Organisme, personne: Personne) -> str | None:
    """The masked address of the référentiel when a link could let this person in, before they ask."""
    tenues = queries_acces.tenues([organisme.siren], horloge.aujourd_hui())[organisme.siren]
    libre = acces.est_libre(tenues, organisme.id, "ETABLISSEMENTS")
    if not libre or not organisme.courriel_referentiel or comptes.courriel_d_un_autre(personne):
        return None
    return acces.masquer(organisme.courriel_referentiel)


def peut_demander_l_entite(organisme: Organisme, personne: Personne) -> bool:
    """Every establishment of a legal entity is only for people whose own SIRET is of that entity (decision 20)."""
    meme = personne.siret is not None and personne.siret[:9] == organisme.siren
    return meme and len(queries_acces.etablissements(organisme.siren)) > 1
