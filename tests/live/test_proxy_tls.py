"""The certificate of an upstream is verified, whatever happens."""

import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from support.proxying import GET, GOOD, always, proxied, response, upstream

OPENSSL = shutil.which("openssl")


@pytest.mark.skipif(OPENSSL is None, reason="openssl makes the certificates")
def test_only_a_certificate_that_can_be_verified_will_do(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made_of = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test"
    names = "-addext subjectAltName=IP:127.0.0.1"
    command = [str(OPENSSL), *made_of.split(), *names.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            always(response())(secured)

    with upstream(serve) as plain:
        origin = plain.replace("http:", "https:")
        with proxied(origin, timeout=30) as proxy:
            assert proxy.send(GET).startswith(b"HTTP/1.1 502 ")
            assert proxy.failures == {"the certificate of the upstream cannot be verified": 1}
        with proxied(origin, ca=certificate, timeout=30) as proxy:
            assert proxy.send(GET).endswith(GOOD)
            assert proxy.end() == []
        of_another_name = origin.replace("127.0.0.1", "localhost")
        with proxied(of_another_name, ca=certificate, timeout=30) as proxy:
            assert proxy.send(GET).startswith(b"HTTP/1.1 502 ")
