"""The command `verify-run`: files in, a verdict in sentences out. Needs nothing of the service around it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.verifier.checking import Verdict, files_of, verify
from app.verifier.sentences import Finding, Unusable, say

VERIFIED, REJECTED, UNUSABLE = 0, 1, 2
PATIENCE = 2.0
"""Seconds before progress is told."""


def main(arguments: Sequence[str], program: str = "verify-run") -> int:
    """Check a run: 0 verified, 1 rejected, 2 the files cannot be used."""
    asked = _parser(program).parse_args(arguments)
    language, since = str(asked.language), time.monotonic()

    def progress(code: str, about: Mapping[str, object], done: int, steps: int) -> None:
        if time.monotonic() - since > PATIENCE:
            print(f"{done + 1}/{steps} {say(code, language, about)} …", file=sys.stderr, flush=True)

    try:
        verdict = verify(files_of(asked.files), progress, is_fast=asked.fast)
    except Unusable as error:
        if asked.json:
            print(json.dumps({"verdict": "unusable", "findings": [_told(error)]}, ensure_ascii=False))
        print(f"{say('verdict.unusable', language, {})}\n{error.said(language)}", file=sys.stderr)
        return UNUSABLE
    if asked.json:
        print(json.dumps(_document(verdict), ensure_ascii=False))
    else:
        print("\n".join(verdict.told(language)))
    return REJECTED if verdict.findings else VERIFIED


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Check a round of national mobility from its published files, with a program of its own.",
        epilog="Ends with 0 when verified, 1 when rejected, 2 when the files cannot be used.",
    )
    parser.add_argument(
        "files", metavar="FILE", nargs="+", type=Path, help="run.json; the tables are beside it unless they are named"
    )
    parser.add_argument("--fast", action="store_true", help="do not solve again; says what it then cannot see")
    parser.add_argument("--language", choices=("en", "id"), default="en", help="of the verdict (default: en)")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON, in both languages")
    return parser


def _document(verdict: Verdict) -> dict[str, object]:
    return {
        "verdict": "rejected" if verdict.findings else "verified",
        "check": "fast" if verdict.is_fast else "full",
        "identity": verdict.identity,
        "summary": dict(verdict.summary),
        "findings": [_told(finding) for finding in verdict.findings],
    }


def _told(said: Finding | Unusable) -> dict[str, object]:
    return {"code": said.code, "about": dict(said.about), "id": said.said("id"), "en": said.said("en")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
