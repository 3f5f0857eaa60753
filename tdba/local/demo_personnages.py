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
    employeur: str | None = None
    """Name of the employer of every contract, for those whose employer matters."""


EMPLOYEUR_AUX_RUPTURES: Final = "Brasserie de la Digue"
"""Its ruptures are many for its contracts: the watch list says so of whoever works there."""


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
    # follow-up: files of ruptures
    "suivie": Personnage(
        ("Hamon", "Maëlys", "F"), ((-200, 480, -30),), -205, 480, employeur=EMPLOYEUR_AUX_RUPTURES
    ),
    "lettre_repondue": Personnage(
        ("Roudaut", "Kylian", "M"), ((-230, 480, -52),), -235, 480, employeur=EMPLOYEUR_AUX_RUPTURES
    ),
    "lettre_expiree": Personnage(
        ("Le Dantec", "Rozenn", "F"), ((-250, 480, -70),), -255, 480, employeur=EMPLOYEUR_AUX_RUPTURES
    ),
    "poste_pourvu": Personnage(("Madec", "Goulven", "M"), ((-220, 480, -45),), -225, 480),
    "rupture_a_venir": Personnage(("Guivarch", "Elouan", "M"), ((-295, 400, 10),), -300, 400),
    "reprise_a_confirmer": Personnage(
        ("Le Floc’h", "Youenn", "M"), ((-200, 480, -40), (-5, 480, None)), -205, 480
    ),
    "reprise_confirmee": Personnage(
        ("Bernard", "Anaïs", "F"), ((-260, 480, -100), (-60, 480, None)), -265, 480
    ),
    "deux_ruptures": Personnage(("Salaün", "Mathéo", "M"), ((-300, 480, -150), (-120, 480, -15)), -305, 480),
    "rouvert": Personnage(("Bouvier", "Clémence", "F"), ((-190, 480, -33),), -195, 480),
    "encore_la": Personnage(("Rivoal", "Awen", "F"), ((-340, 400, -215),), -345, 400),
    "delai_passe": Personnage(("Tréguer", "Ronan", "M"), ((-330, 400, -205),), -335, 400),
    "opposition": Personnage(("Cadoret", "Iris", "F"), ((-180, 480, -35),), -185, 480),
    "parti": Personnage(("Nédélec", "Armel", "M"), ((-210, 480, -62),), -215, 480),
    "deux_suivis": Personnage(("Le Bras", "Léna", "F"), ((-150, 500, -22),), -155, 500),
    # follow-up: without a contract, ended contract, before it breaks
    "sans_contrat": Personnage(("Jézéquel", "Noam", "M"), (), -58, 640),
    "sans_contrat_depasse": Personnage(("Lagadec", "Bleuenn", "F"), (), -118, 600),
    "a_terme": Personnage(("Thomas", "Killian", "M"), ((-360, -25, None),), -362, 300),
    "a_surveiller": Personnage(
        ("Kaddour", "Nawel", "F"), ((-120, 500, None),), -125, 500, employeur=EMPLOYEUR_AUX_RUPTURES
    ),
    "trois_contrats": Personnage(
        ("Floch", "Sacha", "M"), ((-330, 400, -250), (-230, 400, -140), (-120, 400, None)), -335, 400
    ),
    "fin_proche": Personnage(("Guéguen", "Mona", "F"), ((-310, 40, None),), -315, 400),
}
