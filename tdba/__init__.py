"""Tableau de bord de l'apprentissage."""
