"""What the demo identity provider shows: one list of invented people, its style, and its errors. No script."""

from typing import Final

from jinja2 import DictLoader, Environment

STYLE: Final = """
:root { color-scheme: light dark; --trait: #8a8a8a; --accent: #1f4fb4; }
@media (prefers-color-scheme: dark) { :root { --accent: #9dbbff; } }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
.bandeau { margin: 0; padding: .5rem 1rem; background: #fde68a; color: #1f1300; font-weight: 600; text-align: center; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
ul { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--trait); }
li { border-bottom: 1px solid var(--trait); padding: .75rem 0; }
li p { margin: .25rem 0 0; }
button { font: inherit; font-weight: 600; padding: .25rem .75rem; border: 1px solid var(--accent); border-radius: .25rem;
  background: transparent; color: var(--accent); cursor: pointer; text-align: left; }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
"""

_BASE: Final = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{ titre }} – Fournisseur d’identité de démonstration</title>
<link rel="stylesheet" href="{{ prefixe }}/style.css">
</head>
<body>
<p class="bandeau">Fournisseur d’identité de démonstration – personnes inventées, aucun mot de passe</p>
<main>
<h1>{{ titre }}</h1>
{% block contenu %}{% endblock %}
</main>
</body>
</html>
"""

_CHOIX: Final = """{% extends "base" %}
{% block contenu %}
<p>Ce service remplace ProConnect sur cette machine. Chaque bouton vous identifie comme cette personne.</p>
{% if personnes %}
<form method="post" action="{{ prefixe }}/interaction">
<input type="hidden" name="demande" value="{{ demande }}">
<ul>
{% for p in personnes %}
<li><button type="submit" name="sub" value="{{ p.sub }}">{{ p.given_name }} {{ p.usual_name }}</button>
<p>{{ p.organization_label }}{% if p.description %}<br>{{ p.description }}{% endif %}</p></li>
{% endfor %}
</ul>
<p><button type="submit" name="annuler" value="1">Annuler et revenir au service</button></p>
</form>
{% else %}
<p>Aucune personne n’est préparée. La commande <code>make demo</code> les crée à son premier démarrage.</p>
{% endif %}
{% endblock %}
"""

_MESSAGE: Final = """{% extends "base" %}
{% block contenu %}<p>{{ phrase }}</p>{% endblock %}
"""

_ENV: Final = Environment(
    loader=DictLoader({"base": _BASE, "choix": _CHOIX, "message": _MESSAGE}), autoescape=True
)


def page(gabarit: str, titre: str, prefixe: str, **contexte: object) -> str:
    """Render one of the pages; every value is escaped."""
    return _ENV.get_template(gabarit).render(titre=titre, prefixe=prefixe, **contexte)
