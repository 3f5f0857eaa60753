"""Digests: each person's counts computed under that person's own scope, so that none counts what they may not see."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final

from tdba import courriels, horloge, journal, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.comptes import service_preferences
from tdba.db import db
from tdba.formats import INSECABLE
from tdba.recaps import contenu, mots, queries, rythme
from tdba.recaps.mots import Bornes, Section
from tdba.recaps.queries import GENRE, Attendu
from tdba.scope import Droit, Scope

LOT: Final = 20
"""People whose digests are committed together."""

_adresse: list[str] = []


def installer(base_url: str) -> None:
    """Tell the job the public address of the service. Called once, by the slice's registration."""
    _adresse[:] = [base_url]


def choisir(personne_id: int, choix: str, maintenant: datetime) -> None:
    """Keep how often the person wants a digest; wanting one again undoes a refusal made from a mail."""
    if choix == queries.rythme_de(personne_id):
        return
    queries.choisir(personne_id, choix, maintenant)
    if choix != rythme.JAMAIS:
        service_preferences.accepter(personne_id, GENRE)
    journal.consigner("recap.choisi", objet=("personne", personne_id), rythme=choix)


def envoyer(renouveler: Callable[[], None], maintenant: datetime) -> int:
    """Write the digests due this morning, by batches; returns how many. Run twice, each person has one."""
    jour = rythme.matinee(maintenant)
    if jour is None:
        return 0
    ecrits = 0
    for attendus in queries.lots(jour):
        dus = [a for a in attendus if rythme.du(a.rythme, jour, _jour_de(a.dernier))]
        for debut in range(0, len(dus), LOT):
            for attendu in dus[debut : debut + LOT]:
                if queries.retenir(attendu.personne_id, jour, maintenant):
                    ecrits += _ecrire(attendu, maintenant)
            renouveler()
    queries.oublier(jour - 2 * rythme.DEPUIS_MAX)
    return ecrits


def _jour_de(instant: datetime | None) -> date | None:
    return None if instant is None else horloge.jour_de_paris(instant)


def _ecrire(attendu: Attendu, maintenant: datetime) -> bool:
    """Write one person's digest; False when there is nothing to say."""
    depuis = rythme.depuis(attendu.rythme, maintenant, attendu.dernier)
    jour = horloge.jour_de_paris(maintenant)
    bornes = Bornes(horloge.jour_de_paris(depuis), contenu.horizon(jour))
    sections = sections_de(attendu.personne_id, jour, bornes.depuis)
    if not sections:
        return False
    courriels.ecrire(
        GENRE,
        attendu.courriel,
        mots.sujet(sections),
        _paragraphes(sections, bornes, plusieurs=_agit_pour_plusieurs(attendu.personne_id, jour)),
        lien=("Choisir quand recevoir ce récapitulatif", f"{_adresse[0]}/mon-compte#recapitulatif"),
        personne_id=attendu.personne_id,
    )
    queries.marquer_envoye(attendu.personne_id, jour)
    return True


def sections_de(personne_id: int, jour: date, depuis: date) -> list[Section]:
    """What each CFA that the person works for has to say; one with nothing is left out."""
    sections = []
    for habilitation_id in queries.habilitations(personne_id, jour):
        usage = comptes.usage_de(habilitation_id)
        assert usage is not None  # noqa: S101 - read a statement ago, in the same transaction
        portee = service_comptes.portee_de(usage, jour)
        nom = usage.organisation.nom
        if portee.a(Droit.CORRIGER):
            with _comme(portee):
                lignes = contenu.lignes(personne_id, jour, depuis)
            if lignes:
                sections.append(Section(nom, habilitation_id, lignes))
    return sections


@contextmanager
def _comme(portee: Scope) -> Iterator[None]:
    """Read as the person for a few statements of the batch: both locks are theirs."""
    systeme = scope.courant()
    scope.entrer(portee)
    try:
        yield
    except BaseException:
        db.session.rollback()  # the batch is lost: what follows is the system's again
        raise
    finally:
        scope.entrer(systeme)


def _agit_pour_plusieurs(personne_id: int, jour: date) -> bool:
    """A link opens under the organisation in use, which may be another one, digest or not."""
    return len(service_comptes.habilitations_valides(comptes.personne(personne_id), jour)) > 1


def _paragraphes(
    sections: Sequence[Section], bornes: Bornes, *, plusieurs: bool
) -> list[courriels.Paragraphe]:
    paragraphes: list[courriels.Paragraphe] = []
    for section in sections:
        paragraphes.append(f"{section.organisation}{INSECABLE}:")
        for ligne in section.lignes:
            chemin = mots.chemin_pour(section.habilitation_id, ligne.chemin) if plusieurs else ligne.chemin
            paragraphes.append((mots.phrase(ligne.code, ligne.n, bornes), _adresse[0] + chemin))
    return paragraphes
