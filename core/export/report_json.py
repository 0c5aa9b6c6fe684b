"""The certificate as JSON: no dates and no places, so the same export gives the same bytes."""

from dataclasses import asdict
from importlib import metadata
from typing import Any

import msgspec

from core.export.record import ExportReport, FileRecord

SCHEMA = "cellscribe-export-report"
VERSION = 1


def report_bytes(report: ExportReport) -> bytes:
    """The content of export-report.json.

    Objects that are not listed under `changes` are the same in the file, to the last digit.
    """
    data = {
        "schema": SCHEMA,
        "version": VERSION,
        "program": {"name": "cellscribe", "version": metadata.version("cellscribe")},
        "images": report.images,
        "good": report.is_good,
        "failures": [text.replace(str(report.folder), ".") for text in report.failures],
        "files": [_file(record) for record in report.files],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


def _file(record: FileRecord) -> dict[str, Any]:
    return {"name": record.name, "verdict": record.verdict, **asdict(record)}
