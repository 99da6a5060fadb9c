"""The record of the proxy: complete up to any moment, and without secrets."""

import gzip
import json
from pathlib import Path

import pytest

from support.judging import TOKEN
from support.proxying import BAD, GET, GOOD, always, proxied, response, upstream
from wirecheck.live.recorder import FORMATS, LiveRecord
from wirecheck.model import Exchange, OutputError, RecordingError
from wirecheck.recordings import read
from wirecheck.recordings.writing import WRITERS


def exchange(number: int) -> Exchange:
    return Exchange(
        source="proxy",
        entry=0,
        method="GET",
        url=f"http://a.test/things/{number}",
        status=200,
        request_headers=(("host", "a.test"),),
        request_body=b"",
        response_headers=(("content-type", "application/json"),),
        response_body=b'{"text": "\xc3\xbc", "number": %d}' % number,
    )


@pytest.mark.parametrize("format_", FORMATS)
def test_a_record_that_was_cut_off_can_be_read_up_to_the_last_whole_exchange(
    format_: str, tmp_path: Path
) -> None:
    path = tmp_path / f"record{WRITERS[format_].endings[0]}"
    recorder, ends = LiveRecord(path), []
    for number in range(3):
        recorder.add(exchange(number))
        ends.append(path.stat().st_size)
    written = path.read_bytes()  # as SIGKILL leaves it
    cut = path.with_name(f"cut{path.suffix}")
    lengths = {*range(ends[0], len(written), 17), *(end + near for end in ends for near in (-2, -1, 0, 1))}
    for length in sorted(lengths & {*range(ends[0], len(written) + 1)}):
        cut.write_bytes(written[:length])
        whole = sum(end <= length for end in ends)
        entries = [each for each in read(cut) if not each.error]
        assert [each.url[-1] for each in entries][:whole] == [str(number) for number in range(whole)]
    for length in range(0, ends[0], 29):  # where not even one is whole, that is what is said
        cut.write_bytes(written[:length])
        with pytest.raises(RecordingError):
            list(read(cut))
    recorder.close()
    assert [each.response_body for each in read(path)] == [exchange(n).response_body for n in range(3)]
    if format_ == "har":
        assert len(json.loads(path.read_bytes())["log"]["entries"]) == 3


def test_an_empty_record_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "record.har"
    LiveRecord(path).close()
    assert json.loads(path.read_bytes())["log"]["entries"] == []


def test_no_file_is_replaced_without_being_asked(tmp_path: Path) -> None:
    path = tmp_path / "record.har"
    path.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        LiveRecord(path)
    assert path.read_text() == "mine"
    LiveRecord(path, overwrite=True).close()
    for name in ("record.txt", "nowhere/record.har"):
        with pytest.raises(OutputError):
            LiveRecord(tmp_path / name)


def test_secrets_are_recorded_only_if_asked_for(tmp_path: Path) -> None:
    body = GOOD.replace(b"snow", TOKEN.encode())
    with upstream(always(response(gzip.compress(body), "Content-Encoding: gzip"))) as origin:
        for keep_secrets in (False, True):
            path = tmp_path / f"{keep_secrets}.har"
            with proxied(origin, record=path, keep_secrets=keep_secrets) as proxy:
                proxy.send(GET)
                proxy.end()
            assert (TOKEN in path.read_text("utf-8")) is keep_secrets
            (recorded,) = read(path)
            assert recorded.url.startswith(f"{origin}/v1/topics/snow?access_token=")
            assert len(recorded.response_body or b"") == len(body)
            assert (path.stat().st_mode & 0o077 == 0) is keep_secrets


def test_a_full_disk_ends_the_record_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "full.har"
    path.symlink_to("/dev/full")
    with upstream(always(response(BAD))) as origin, proxied(origin, record=path, overwrite=True) as proxy:
        assert proxy.send(GET).endswith(BAD)
        assert proxy.send(GET).endswith(BAD)
        assert len(proxy.end()) == 2
        assert "No space left on device; nothing more is recorded" in proxy.stream.getvalue()
