"""`python -m hlf_network.commands member | channel`: the same commands on a host that has this package alone."""

from __future__ import annotations

import click

from hlf_network.commands.channel import channel_group
from hlf_network.commands.member import member_group

if __name__ == "__main__":
    click.Group("hlf", commands=[member_group, channel_group()])(prog_name="python -m hlf_network.commands")
