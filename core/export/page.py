"""The certificate as one page for a browser that needs nothing else."""

from collections.abc import Iterator
from html import escape

from core.export.record import READ_BACK, ExportReport, FileRecord

_MOST_CHANGES = 200
"""Objects of one file that the page lists; export-report.json has all."""
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --told: #9a6700; --bad: #c0392b }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --told: #d4a72c; --bad: #ff7b72 } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin-bottom: 0 }
h2 { font-size: 1.05rem; margin: 2rem 0 .3rem; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: .8rem 0 }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
code { font-size: .85em; overflow-wrap: anywhere; opacity: .75 }
.identical, .agrees { color: var(--good) } .as-announced { color: var(--told) }
.different, .failure { color: var(--bad); font-weight: 600 }
"""


def page(report: ExportReport) -> bytes:
    """HTML in UTF-8; every name in it is text, never markup."""
    body = "\n".join(_body(report))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Export report</title>\n<style>{_STYLE}</style>\n{body}\n</html>\n"
    ).encode()


def _body(report: ExportReport) -> Iterator[str]:
    yield "<h1>Export report</h1>"
    yield f"<p>{report.headline}. {_summary(report)}</p>"
    for failure in report.failures:
        yield f'<p class="failure">{_text(failure.replace(str(report.folder), "."))}</p>'
    yield "<table><tr><th>File<th>Format<th class=n>Objects<th class=n>Least overlap<th>Result"
    for record in report.files:
        yield _row(record)
    yield "</table>"
    for record in report.files:
        yield from _details(record)


def _summary(report: ExportReport) -> str:
    return READ_BACK if report.is_good else "Something is not as it should be; see below."


def _row(record: FileRecord) -> str:
    found = "" if record.found is None else f"{record.found:,} of {record.expected:,}"
    least = "" if record.smallest is None else f"{record.smallest:.6f}"
    kind = record.verdict.replace(" ", "-")
    return (
        f"<tr><td>{_text(record.name)}<td>{_text(record.format)}<td class=n>{found}"
        f'<td class=n>{least}<td class="{kind}">{record.verdict}'
    )


def _details(record: FileRecord) -> Iterator[str]:
    yield f"<h2>{_text(record.name)}</h2>"
    yield f"<p>{_text('; '.join(_facts(record)))}<br><code>SHA-256 {record.sha256}</code></p>"
    for trouble in record.troubles:
        yield f'<p class="different">{_text(trouble)}</p>'
    if record.losses:
        yield f"<p>Not carried by this format: {_text(', '.join(record.losses))}.</p>"
    for note in record.notes:
        yield f"<p>{_text(note)}</p>"
    if record.changes:
        yield from _changes(record)


def _facts(record: FileRecord) -> Iterator[str]:
    yield f"{record.bytes:,} bytes"
    if record.size:
        yield f"{record.size[0]} x {record.size[1]} pixels"
    if record.pixel_type:
        yield record.pixel_type
    yield f"read back with {record.reader}"
    yield f"compared: {record.compared}"


def _changes(record: FileRecord) -> Iterator[str]:
    yield "<table><tr><th>Image<th class=n>Object<th class=n>Overlap<th>What became of it"
    for change in record.changes[:_MOST_CHANGES]:
        share = "" if change.agreement is None else f"{change.agreement:.6f}"
        kind = "" if change.announced else ' class="different"'
        yield (
            f"<tr><td>{_text(change.image)}<td class=n>{_text(change.object)}<td class=n>{share}"
            f"<td{kind}>{_text(change.reason)}"
        )
    yield "</table>"
    if (more := len(record.changes) - _MOST_CHANGES) > 0:
        yield f"<p>And {more:,} more; export-report.json lists them all.</p>"


def _text(text: str) -> str:
    return escape(text)
