"""`--also NAME` adds to the names whose values are masked."""

from support.commands import BAD, Capture, Writer, result_of


def test_values_below_an_added_name_are_masked(file: Writer, capsys: Capture) -> None:
    recording = file("a.jsonl", BAD.replace('\\"two\\"', '\\"two of them\\"'))
    assert 'is "two of them"' in result_of(capsys, "check", recording)[1]
    code, out, err = result_of(capsys, "check", recording, "--also", "door-number", "--also", "Notices")
    assert (code, err) == (1, "")
    assert "is [redacted], a string, not an integer" in " ".join(out.split())
