"""What is known of an employer, from the public register kept here."""

from typing import Final

from sqlalchemy import select

from tdba.db import db
from tdba.offres.annonce import Employeur
from tdba.offres.tranches_effectif import TRANCHES
from tdba.organismes import entreprises
from tdba.organismes.models import Commune

DROIT_PUBLIC: Final = "7"
"""First digit of the legal category of what public law governs (INSEE): its contracts go through CELIA, not an OPCO."""


def employeur(siret: str) -> Employeur:
    """The register's word on this number; the number alone when it was not asked yet."""
    connu = entreprises.connues([siret]).get(siret)
    if connu is None:
        return Employeur(siret)
    commune = None
    if connu.code_insee is not None:
        commune = db.session.execute(
            select(Commune.nom).where(Commune.code_insee == connu.code_insee)
        ).scalar_one_or_none()
    return Employeur(
        siret=siret,
        nom=connu.nom,
        commune=commune,
        code_postal=connu.code_postal,
        naf=connu.naf,
        tranche=TRANCHES.get(connu.tranche_effectif or ""),
        public=connu.nature_juridique.startswith(DROIT_PUBLIC) if connu.nature_juridique else None,
        ferme_le=connu.fermee_le,
        inconnu=connu.inconnue,
        lu=True,
    )
