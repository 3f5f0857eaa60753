"""Whom the visit of the CFA des Dunes calls by name: each shows one feature of the record. Pure data.

`demo_fiches` makes the gestures on them, `demo_doublons` writes the same person twice. Dates are days from today.
"""

from typing import Final, NamedTuple

Dates = tuple[int, int, int | None]


class Personnage(NamedTuple):
    """Contracts are (start, end, rupture or None)."""

    nom: tuple[str, str, str]
    contrats: tuple[Dates, ...] = ((-70, 600, None),)
    entree: int = -75
    fin: int = 600
    site: str = "DUN"
    niveau: int = 3


PERSONNAGES: Final[dict[str, Personnage]] = {
    # corrections
    "coordonnees": Personnage(("Kerbrat", "Nolwenn", "F")),
    "conflit": Personnage(("Riou", "Corentin", "M")),
    "reportee": Personnage(("Tanguy", "Gwenolé", "M")),
    "par_le_support": Personnage(("Morel", "Anaëlle", "F")),
    # ruptures
    "contestee": Personnage(("Le Bihan", "Malo", "M"), ((-205, 480, -25),), -210, 480),
    "annulee": Personnage(("Quéméner", "Tiphaine", "F"), ((-205, 480, -18),), -210, 480),
    "demission": Personnage(("Abgrall", "Titouan", "M"), ((-150, 500, -14),), -155, 500),
    "contrat_ajoute": Personnage(("Jaouen", "Inès", "F"), (), -40, 640),
    # bin and transfer
    "corbeille_retenue": Personnage(("Hélias", "Loane", "F")),
    "corbeille": Personnage(("Cariou", "Ewen", "M"), (), -30, 640),
    "transferee": Personnage(("Morvan", "Enora", "F")),
    # anomalies
    "rupture_apres_terme": Personnage(("Rolland", "Yanis", "M"), ((-300, -60, -20),), -305, 420),
    "fin_avant_debut": Personnage(("Le Gac", "Solène", "F"), ((-50, -80, None),), -55, 600),
    "contrat_trop_long": Personnage(("Perrot", "Basile", "M"), ((-200, 470, None),), -205, 380),
    # duplicates
    "deux_numeros": Personnage(("Le Corre", "Nolan", "M")),
    "nom_inverse": Personnage(("Nicolas", "Thomas", "M")),
    "faute_de_frappe": Personnage(("Delaunay", "Margaux", "F")),
    "deux_sites": Personnage(("Guillou", "Yaëlle", "F")),
    "jumelle": Personnage(("Le Gall", "Lina", "F")),
}
