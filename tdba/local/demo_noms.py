"""First names, surnames and streets of invented people. Pure data, written for the demo.

DIFFICILES holds the names that break software: apostrophes, hyphens, capitals, accents composed and decomposed, letters
outside Latin-1, 60 letters, right-to-left, mark-up. They are part of the demo so that every screen is seen with them.
"""

from typing import Final

_PRENOMS_F = """
Inès Chloé Léa Manon Camille Sarah Louise Jade Emma Lina Zoé Éléonore Maëlys Anaïs Noémie Clémence Océane Maëva Yasmine
Fatou Aïcha Aminata Nour Assia Salomé Marguerite Apolline Garance Capucine Héloïse Énora Nolwenn Rozenn Gwenaëlle Solenn
Maïwenn Tifenn Lison Romane Agathe Jeanne Alice Rose Mila Ambre Lou Célia Élisa Margaux Justine Coralie Mélissa Laëtitia
Audrey Marine Pauline Mathilde Juliette Charlotte Victoire Sixtine Thaïs Ninon Flore Élodie Angélique Priscillia Kenza
Rania Imane Hafsa Meriem Soukaïna Khadija Mariam Oumou Aïssatou Kadiatou Binta Awa Thi-Mai Linh Mei Xiu Jiayi Anoushka
Priya Lakshmi Beatriz Inês Carolina Leonor Giulia Chiara Martina Zofia Agnieszka Katarzyna Oksana Ioana Andreea Ayşe
Elif Zeynep Shaïna Loana Tiphaine Heiata Vaiana Moeata Maeva-Lou Anne-Sophie Marie-Ange Lou-Anne Rose-Marie Lily-Rose
"""
PRENOMS_F: Final = tuple(_PRENOMS_F.split())

_PRENOMS_M = """
Lucas Hugo Nathan Enzo Léo Louis Gabriel Raphaël Arthur Jules Adam Maël Noé Tom Théo Mathis Clément Axel Antoine Baptiste
Maxime Alexandre Paul Valentin Kylian Mattéo Evan Nolan Ethan Robin Quentin Rémi Loïc Yann Erwan Ewen Malo Titouan Gwenolé
Tanguy Corentin Goulven Ronan Aymeric Gaspard Augustin Basile Côme Ferréol Joseph Anatole Sacha Simon Martin Oscar Victor
Mohamed Yanis Rayan Ilyes Bilal Ismaël Mehdi Karim Sofiane Nassim Amine Zakaria Ibrahim Mamadou Ousmane Moussa Cheikh
Abdoulaye Seydou Kofi Kwame Jean-Baptiste Pierre-Yves Jean-Noël Paul-Émile Marc-Antoine Loup Timothée Élie Éliott Anaël
Florian Jordan Dylan Kévin Steven Brandon Dorian Romain Thibault Benoît François Étienne Grégoire Frédéric Cédric João
Tiago Rui Luca Matteo Giovanni Piotr Krzysztof Bogdan Andrei Emre Burak Yusuf Minh Quang Wei Jun Hao Arjun Rohan Teva
Manoa Tamatoa Steeve Aurélien Damien Fabien Gaëtan Joris Killian Mickaël Tristan Ulysse Vianney Wassim Xavier Zinédine
"""
PRENOMS_M: Final = tuple(_PRENOMS_M.split())

NOMS: Final = tuple(
    """
Martin Bernard Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand Morel
Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefèvre Faure André Mercier Blanc Guérin Boyer
Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson
Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet
Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine
Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez
Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer
Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly
Hervé Schneider Fernandez Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Cousin Germain Breton Besson Langlois
Rémy Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Guichard
Gillet Étienne Grondin Poulain Tessier Chevallier Collin Chauvin Bouchet Gay Lemaître Bénard Maréchal Humbert Reynaud
Antoine Hoarau Perret Barthélemy Cordier Pichon Lejeune Gilbert Lamy Delaunay Pasquier Carlier Laporte Coulon Tanguy
Kerbrat Guivarc’h Le¤Goff Le¤Gall Le¤Bihan Le¤Berre Le¤Corre Cadiou Quéméner Kervella Abgrall Riou Morvan Hélias
Jaouen Kerloc’h Cariou L’Hostis D’Hondt Vandenbroucke Vanhoutte Deleersnijder Delattre Dewaele Verstraete Lecocq Wacquez
Cazenave Puig Capdevila Fabrègues Escoffier Cabrol Astruc Bonnafous Delmas Laffont Soubirous Ferrandi Casanova Orsini
Benali Benyahia Boukhari Hamdi Haddad Mansouri Cherif Bouazza El¤Amrani El¤Idrissi Ait¤Ouali Belkacem Zerrouki Saïdi
Diallo Traoré Coulibaly Konaté Diarra Camara Keïta Sissoko N’Diaye N’Guessan Kouassi Mballa-Tchoua Ngo¤Bikoï Rakotoarisoa
Nguyen Tran Pham Lê Huynh Chen Wang Zhang Li Patel Singh Sivakumar Da¤Silva Dos¤Santos Ferreira Gonçalves Pereira
Rossi Esposito Bianchi Kowalski Nowak Wiśniewski Popescu Ionescu Yılmaz Demir Öztürk Kaya Petrović Teihotaata Tuheiava
""".replace("\n", " ").split()
)
"""A ¤ stands for a space inside a name; `demo_personnes` puts it back."""

DIFFICILES: Final[tuple[tuple[str, str, str], ...]] = (
    ("O’Brien-d’Aumâle", "Éloïse-Maëlys", "F"),
    ("O'Brien-d'Aumale", "Sean", "M"),  # straight apostrophes: not the same person as above
    ("Núñez Ibáñez", "Íñigo", "M"),
    ("Montgolfier-Larochefoucauld-de-Saint-Hippolyte-Kergaradeuc-Î", "Anne-Élisabeth", "F"),  # 60 letters
    ("Le Bras", "Marie-Antoinette-Joséphine-Philippine-Guénolée-Théophanie-Lu", "F"),  # 60 letters
    ("العلوي", "يوسف", "M"),
    ("<b>Durand</b>", "Zoé", "F"),
    ("Nœuvéglise", "Lætitia", "F"),
    ("Cœurdassier", "Æmilius", "M"),
    ("Großmann", "Jürgen", "M"),
    ("Łukasiewicz", "Świętosława", "F"),
    ("Yıldız", "İlker", "M"),
    ("Nguyễn Thị", "Ánh Nguyệt", "F"),
    ("O", "Li", "M"),
    ("de La Tour d’Auvergne", "Ségolène", "F"),
    ("D’", "Aï", "F"),
    ("Lefe\u0300vre", "Zoe\u0301", "F"),  # decomposed accents, as some systems send them
    ("McDonald’s-Fèvre", "Kévin", "M"),
    ("Null", "Pierre", "M"),
    ("Drop-Table", "Robin", "M"),
    ("N’Guessan-Yao", "Kouamé Christ-Emmanuel", "M"),
    ("Śrīvāstava", "Ānand", "M"),
    ("Œuvrard", "Cœlia", "F"),
    ("Ĳsseldĳk", "Maëlle", "F"),
)

VOIES: Final = ("rue", "rue", "rue", "avenue", "boulevard", "chemin", "allée", "impasse", "place", "quai")
NOMS_DE_VOIE: Final = (
    "des Lilas", "de l’Église", "du Moulin", "des Écoles", "de la Gare", "du Stade", "Victor-Hugo", "Jean-Jaurès",
    "des Acacias", "du Lavoir", "de la Fontaine", "des Tilleuls", "du Port", "de la République", "des Mésanges",
    "Louise-Michel", "du Four-à-Pain", "de l’Abreuvoir", "des Hortensias", "du Clos-Saint-Éloi", "Marie-Curie",
    "des Quatre-Vents", "du Onze-Novembre", "de la Croix-Rouge", "des Jonquilles", "de Kerhuon", "du Puits-d’Œuf",
)  # fmt: skip
