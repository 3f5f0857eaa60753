"""The yearly review (issue of access): every right is asked about, recalled twice, and taken back without an answer.

The last administrator of an organisation is never removed; where nobody can answer, nothing is asked nor taken back.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from tdba import courriels, formats, horloge, journal
from tdba.comptes import etats
from tdba.comptes.models import Habilitation
from tdba.db import db
from tdba.errors import ErreurMetier
from tdba.habilitations import octrois, queries_equipe_revues, revues
from tdba.habilitations.models import Revue
from tdba.habilitations.revues import Pas
from tdba.habilitations.service_equipe import administrateur
from tdba.scope import Introuvable

GARDER: Final = "GARDER"
RETIRER: Final = "RETIRER"
SANS_REPONSE: Final = "SANS_REPONSE"
PAGE: Final = "/equipe/revue"

_adresse: list[str] = []


def installer(base_url: str) -> None:
    """Tell jobs the public address of the service. Called once, by the slice's registration."""
    _adresse[:] = [base_url]


class ReponsesRefusees(Exception):
    """Some answers break a rule; none was kept. `par_revue`: id of the question → the sentence beside it."""

    def __init__(self, par_revue: Mapping[int, str]) -> None:
        super().__init__(str(sorted(par_revue)))
        self.par_revue = par_revue


def tenir(maintenant: datetime) -> None:
    """Open, recall and end the questions due today, and write to the administrators. May run twice."""
    jour = horloge.jour_de_paris(maintenant)
    echues, rappelees = _avancer(maintenant, jour)
    ouvertes = _ouvrir(maintenant, jour)
    _prevenir(ouvertes, "revue", jour)
    _prevenir(rappelees, "revue_relance", jour)
    _prevenir(echues, "revue_fin", jour)


def _ouvrir(maintenant: datetime, jour: date) -> Counter[int]:
    """Returns how many questions opened for each organisation."""
    nombres: Counter[int] = Counter()
    for habilitation, derniere in queries_equipe_revues.a_examiner(jour):
        if not revues.a_ouvrir(derniere, jour):
            continue
        revue = Revue(
            habilitation_id=habilitation.id,
            organisation_id=habilitation.organisation_id,
            ouverte_le=maintenant,
        )
        db.session.add(revue)
        db.session.flush()
        journal.consigner("revue.ouverte", objet=("revue", revue.id), habilitation_id=habilitation.id)
        nombres[habilitation.organisation_id] += 1
    return nombres


def _avancer(maintenant: datetime, jour: date) -> tuple[Counter[int], Counter[int]]:
    """Go through the open questions. Returns, for each organisation, how many ended and how many are recalled."""
    echues: Counter[int] = Counter()
    rappelees: Counter[int] = Counter()
    for revue, habilitation in queries_equipe_revues.ouvertes():
        if not etats.en_cours(habilitation.debut, habilitation.fin, jour):
            _repondre(revue, RETIRER, None, maintenant)  # it ended by itself
            continue
        relancee = None if revue.relancee_le is None else horloge.jour_de_paris(revue.relancee_le)
        pas = revues.pas(horloge.jour_de_paris(revue.ouverte_le), revue.relances, relancee, jour)
        if pas is Pas.RELANCER:
            revue.relances, revue.relancee_le = revue.relances + 1, maintenant
            journal.consigner(
                "revue.relancee",
                objet=("revue", revue.id),
                habilitation_id=habilitation.id,
                relances=revue.relances,
            )
            rappelees[revue.organisation_id] += 1
        elif pas is Pas.CONCLURE and _conclure(revue, habilitation, maintenant):
            echues[revue.organisation_id] += 1
    db.session.flush()
    return echues, rappelees


def _conclure(revue: Revue, habilitation: Habilitation, maintenant: datetime) -> bool:
    """Take back a right that nobody answered for. False: it was kept, or waits for somebody who can answer."""
    if not octrois.administrateurs(revue.organisation_id):
        return False
    try:
        octrois.retirer(habilitation, motif=SANS_REPONSE)
    except ErreurMetier:  # the last administrator
        _repondre(revue, GARDER, None, maintenant)
        journal.consigner("revue.gardee_d_office", objet=("revue", revue.id), habilitation_id=habilitation.id)
        return False
    _repondre(revue, SANS_REPONSE, None, maintenant)
    return True


def _repondre(revue: Revue, reponse: str, par: int | None, maintenant: datetime) -> None:
    revue.reponse, revue.repondue_le, revue.repondue_par_id = reponse, maintenant, par
    journal.consigner(
        "revue.repondue", objet=("revue", revue.id), habilitation_id=revue.habilitation_id, reponse=reponse
    )


def repondre(acteur_id: int | None, reponses: Mapping[int, str], *, maintenant: datetime, jour: date) -> int:
    """Keep or remove, for each question answered; a question left out stays open. Returns how many were answered.

    All or nothing: raises ReponsesRefusees when a removal would leave no lasting administrator, and Introuvable for
    a question that is not open in this organisation.
    """
    qui = administrateur(acteur_id, jour)
    refus: dict[int, str] = {}
    for revue_id, reponse in sorted(reponses.items()):
        trouvee = queries_equipe_revues.question_ouverte(revue_id, qui.organisation.id)
        if trouvee is None or reponse not in (GARDER, RETIRER):
            raise Introuvable
        revue, habilitation = trouvee
        try:
            if reponse == RETIRER:
                octrois.retirer(habilitation, motif="REVUE")
            _repondre(revue, reponse, qui.personne_id, maintenant)
        except ErreurMetier as erreur:
            refus[revue_id] = erreur.message
    if refus:
        raise ReponsesRefusees(refus)
    return len(reponses)


def echeance(ouverte_le: datetime) -> date:
    """The day on which a question without an answer takes the right back."""
    return revues.echeance(horloge.jour_de_paris(ouverte_le))


_SUJETS: Final = {
    "revue": "Revue annuelle des accès de {nom}",
    "revue_relance": "Rappel : revue annuelle des accès de {nom}",
    "revue_fin": "Des accès de {nom} ont été retirés faute de réponse",
}


def _prevenir(nombres: Mapping[int, int], genre: str, jour: date) -> None:
    """Write one mail to each administrator of each organisation, whatever the number of people."""
    for organisation, personne in queries_equipe_revues.a_prevenir(nombres, jour):
        n = nombres[organisation.id]
        courriels.ecrire(
            genre,
            personne.courriel,
            _SUJETS[genre].format(nom=organisation.nom),
            _paragraphes(genre, organisation.nom, n, jour),
            lien=("Ouvrir la page de l’équipe" if genre == "revue_fin" else "Répondre", _lien(genre)),
            personne_id=personne.id,
        )


def _lien(genre: str) -> str:
    return _adresse[0] + ("/equipe" if genre == "revue_fin" else PAGE)


def _paragraphes(genre: str, nom: str, n: int, jour: date) -> list[str]:
    acces = formats.quantite(n, "accès", "accès")
    if genre == "revue_fin":
        return [
            f"{acces} à « {nom} » {formats.pluriel(n, 'a été retiré', 'ont été retirés')}.",
            "La question de la revue annuelle est restée sans réponse, malgré deux rappels.",
            "Si une personne doit encore travailler avec vous, invitez-la de nouveau depuis la page de l’équipe.",
        ]
    question = f"Chaque année, vous confirmez qui peut agir pour « {nom} ». {acces} {formats.pluriel(n, 'attend', 'attendent')} votre réponse : garder ou retirer."
    if genre == "revue":
        fin = formats.date_longue(revues.echeance(jour))
        return [question, f"Sans réponse avant le {fin}, et après deux rappels, l’accès est retiré."]
    return [question, "Sans réponse, l’accès est retiré six semaines après la première demande."]
