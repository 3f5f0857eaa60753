"""From stored lines to what the reception of effectifs takes: read again under today's rules."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tdba.effectifs import a_part
from tdba.effectifs.contrats import ContratRecu
from tdba.effectifs.lot_recu import LigneRecue
from tdba.transmissions import lignes
from tdba.transmissions.lignes import Erreur


class ATraiter(NamedTuple):
    """A stored line, to be read."""

    id: int
    responsable_id: int | None
    empreinte: bytes | None
    contenu: dict[str, Any]


class Preparees(NamedTuple):
    """Lines ready to be received, and those that today's rules refuse."""

    valides: list[LigneRecue]
    refusees: list[tuple[int, tuple[Erreur, ...]]]


def preparer(attente: Sequence[ATraiter], source: str) -> Preparees:
    """Read these lines again (a newer version of the rules may refuse some)."""
    sifa = a_part.attendu()
    lues = [(a, lignes.lire(a.contenu, source=source, couple_connu=_connu, sifa=sifa)) for a in attente]
    valides = [(a, lue) for a, lue in lues if lue.valide]
    return Preparees(
        [_recue(a, lue) for a, lue in valides],
        [(a.id, lue.erreurs) for a, lue in lues if not lue.valide],
    )


def _connu(_uai: str, _siret: str) -> bool:
    """The couple of a stored line was resolved when it was received."""
    return True


def _recue(attente: ATraiter, lue: lignes.LigneLue) -> LigneRecue:
    valeurs, dits = lue.valeurs, None
    if not lignes.CHAMPS_SIFA.isdisjoint(valeurs):
        dits = {champ: valeurs[champ] for champ in lignes.CHAMPS_SIFA if champ in valeurs}
        valeurs = {champ: valeur for champ, valeur in valeurs.items() if champ not in dits}
    return LigneRecue(
        ligne_id=attente.id,
        annee_scolaire=valeurs["annee_scolaire"],
        id_erp=valeurs["id_erp_apprenant"],
        valeurs=valeurs,
        mis_de_cote={s.champ: s.recu for s in lue.signalements},
        contrats=[ContratRecu(*contrat) for contrat in lignes.contrats(valeurs)],
        empreinte=_empreinte(attente, lue),
        responsable_id=attente.responsable_id,
        a_part=dits,
    )


def _empreinte(attente: ATraiter, lue: lignes.LigneLue) -> bytes:
    """The fingerprint made when the line was received, unless the rules have changed since."""
    if attente.empreinte is not None and attente.empreinte[:2] == lignes.REGLES_EMPREINTE:
        return bytes(attente.empreinte)
    return lignes.empreinte(lue.valeurs, lue.signalements)
