"""How people come in, who lets them in, and how rights are taken back (decisions 20, 25)."""
