"""python -m app."""

from app.cli import app

app()
