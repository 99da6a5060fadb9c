"""`wirecheck generate`."""

from pathlib import Path

from support.commands import Capture, Writer, result_of


def test_generate_reports_what_it_wrote_and_what_differs(
    tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    document = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /things:\n    get:\n"
    document += "      operationId: listThings\n      responses: {'200': {description: Fine.}}\n"
    spec = file("api.yaml", document)
    arguments = ["generate", "--spec", spec, "--output", str(tmp_path), "--package", "things_client"]
    code, out, _ = result_of(capsys, *arguments, "--check")
    assert code == 1
    assert "things_client" in out
    code, out, err = result_of(capsys, *arguments)
    assert (code, out) == (0, "")
    assert f"{tmp_path / 'things_client'}: " in err
    assert result_of(capsys, *arguments, "--check") == (0, "", "")
