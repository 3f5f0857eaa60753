"""Entry point of the web server and of the `flask` command."""

import gc

from tdba import create_app
from tdba.config import lire_environnement

configuration = lire_environnement()
app = create_app(configuration)

if not configuration.est_production:
    # Invented people and bench sets: these commands do not exist where real data lives (decision 44).
    from tdba.local.demo_commandes import groupe

    app.cli.add_command(groupe)
if configuration.env == "demo":
    from tdba.local.demo_courriels import bp

    app.register_blueprint(bp)

# What is loaded now stays as long as the process: no page is to pay for going through it again in search of cycles.
gc.collect()
gc.freeze()
