"""`hlf init`."""

import click

init = click.Command("init")
