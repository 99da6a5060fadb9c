"""Examines the packages of hostile documents: `python -m hostile FIRST COUNT`, seeds from FIRST on."""

import sys

import click

from hostile.run import run

outcome = run(int(sys.argv[1]), int(sys.argv[2]))
click.echo(f"{outcome.generated} generated, {outcome.rejected.total()} rejected")
for reason, times in outcome.rejected.most_common():
    click.echo(f"{times:5} {reason!a}")
for failure in outcome.failures:
    click.echo(failure)
sys.exit(bool(outcome.failures))
