"""For whom a person may write by a file: what their organisme may write for, and within their own reach (decision 12)."""

from tdba import horloge, scope
from tdba.comptes import queries as comptes
from tdba.comptes import service as service_comptes
from tdba.organismes import queries as organismes
from tdba.organismes.queries import OrganismeVu
from tdba.scope import Droit, Portee
from tdba.transmissions import sql
from tdba.transmissions.cles import Emetteur


def mes_etablissements() -> list[OrganismeVu]:
    """The establishments for which the current person may give a file, by name. Nobody gives one for the whole country."""
    ids = _ids(scope.courant().portee(Droit.CORRIGER))
    return sorted(organismes.par_ids(ids or ()).values(), key=lambda o: (o.nom, o.id))


def emetteur_courant(organisme_id: int) -> Emetteur:
    """The sender, for the person of this request."""
    return Emetteur(None, organisme_id, _ecriture(organisme_id, [scope.courant().portee(Droit.CORRIGER)]))


def emetteur_de(personne_id: int, organisme_id: int) -> Emetteur:
    """The sender, for a job: the rights of the person are those of now, not of when they gave the file."""
    jour = horloge.aujourd_hui()
    portees = []
    for habilitation, _ in service_comptes.habilitations_valides(comptes.personne(personne_id), jour):
        usage = comptes.usage_de(habilitation.id)
        if usage is not None:
            portees.append(service_comptes.portee_de(usage, jour).portee(Droit.CORRIGER))
    return Emetteur(None, organisme_id, _ecriture(organisme_id, portees))


def _ecriture(organisme_id: int, portees: list[Portee]) -> frozenset[int]:
    connexion = scope.connexion("délégations reçues par un établissement")
    delegues = connexion.exec_driver_sql(
        sql.DELEGUES, {"organisme_id": organisme_id, "jour": horloge.aujourd_hui()}
    ).scalars()
    permis = organismes.famille_ecriture(organisme_id) | frozenset(delegues)
    if any(not p.vide and p.statuts is None and p.organismes is None for p in portees):
        return permis
    return permis & frozenset().union(*(_ids(p) or frozenset() for p in portees))


def _ids(portee: Portee) -> frozenset[int] | None:
    """A reach limited to some statuses writes nothing."""
    return None if portee.vide or portee.statuts is not None else portee.organismes
