"""What an import prints into a terminal of 80 columns."""

import pytest

from app.cli import _print_report

FILE, SHEET = "peta-jabatan-dinas-kesehatan-kota-contoh-2026.xlsx", "peta-jabatan"
REFUSAL = {
    "file": FILE,
    "sheet": SHEET,
    "row": 2,
    "column": "NAMA JABATAN",
    "value": "x" * 60,
    "code": "cell.empty",
    "detail": {"id": "Sel ini harus diisi.", "en": "This cell has to be filled in."},
}


def test_names_of_files_are_whole_in_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    counts = {"rows": 1_234_567, "accepted": 1_234_567, "duplicates": 0, "refused": 1}
    _print_report(
        {
            "files": [{"file": FILE, "sheets": [{"sheet": SHEET, **counts}]}],
            "unrecognised": [],
            "refusals": [REFUSAL],
            "notices": [],
            "seats": None,
            "changes": {},
            "notMapped": {},
            "mapped": 1,
            "asOf": "2026-06-30",
            "stored": True,
        }
    )
    printed = capsys.readouterr().out
    assert "…" not in printed
    for table in printed.split("Refused rows"):
        first_cells = "".join(line.split(line[0])[1].strip() for line in table.splitlines() if line[:1] in "│┃")
        assert FILE in first_cells
