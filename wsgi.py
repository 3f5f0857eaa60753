"""Entry point of the web server and of the `flask` command."""

from tdba import create_app
from tdba.config import lire_environnement

configuration = lire_environnement()
app = create_app(configuration)

if not configuration.est_production:
    # Invented people and bench sets: these commands do not exist where real data lives (decision 44).
    from tdba.local.demo_commandes import groupe

    app.cli.add_command(groupe)
