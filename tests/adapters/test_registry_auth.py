"""Signing in to a registry, and everything that a secret must never appear in."""

from __future__ import annotations

import base64
import http.server
import json
import logging
import shutil
import ssl
import subprocess
import threading
import traceback

import pytest
from tests.adapters.fake_registry import Fake, record, says, serving
from tests.adapters.registries import Time, client

from schemagate.adapters.registry import Refused, connect
from schemagate.config.values import RegistrySettings
from schemagate.errors import ConfigError, RegistryError, SchemagateError
from schemagate.wire.decode import CUT, MAX_MESSAGE
from schemagate.wire.values import Payload

PASSWORD = "canary-päss/w@rd:?#"  # noqa: S105 - made up
TOKEN = "canary.token_0123456789"  # noqa: S105 - made up
BASIC = {"SCHEMAGATE_REGISTRY_PROD_USERNAME": "ada", "SCHEMAGATE_REGISTRY_PROD_PASSWORD": PASSWORD}
KEY_PASSWORD = "SCHEMAGATE_REGISTRY_PROD_KEY_PASSWORD"  # noqa: S105 - the name of a variable
OAUTH = {"client_id": "gate", "scope": "registry.read"}
SECRET = {"SCHEMAGATE_REGISTRY_PROD_CLIENT_SECRET": "canary-client-secret"}


@pytest.fixture
def fake():
    with serving(Fake()) as served:
        served.add("s", record("a"))
        yield served


def authorization(fake):
    return [headers.get("authorization") for headers in fake.headers]


def basic(username, password):
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


# Each kind of sign-in


def test_without_a_sign_in_nothing_is_said(fake):
    with client(fake.url) as registry:
        registry.global_mode()

    assert authorization(fake) == [None]


def test_basic_takes_user_and_password_from_the_environment(fake):
    with client(fake.url, auth="basic", env=BASIC) as registry:
        registry.global_mode()

    assert authorization(fake) == [basic("ada", PASSWORD)]


@pytest.mark.parametrize("auth", ["basic", "none"])
def test_an_address_in_the_environment_may_hold_user_and_password(fake, auth):
    address = fake.url.replace("http://", "http://ada:can%40ry%2Fpw@")
    env = {"SCHEMAGATE_REGISTRY_PROD_URL": address}

    with client("http://configured.invalid", auth=auth, env=env) as registry:
        registry.global_mode()

    assert authorization(fake) == [basic("ada", "can@ry/pw")]
    assert registry.url == fake.url


def test_bearer_takes_a_token_from_the_environment(fake):
    env = {"SCHEMAGATE_REGISTRY_PROD_TOKEN": f"{TOKEN}\n"}

    with client(fake.url, auth="bearer", env=env) as registry:
        registry.global_mode()

    assert authorization(fake) == [f"Bearer {TOKEN}"]


def test_the_name_of_the_registry_is_in_the_name_of_its_variables(fake):
    env = {"SCHEMAGATE_REGISTRY_PROD_EU_1_TOKEN": TOKEN}

    with client(fake.url, auth="bearer", env=env, name="prod-eu-1") as registry:
        registry.global_mode()

    assert authorization(fake) == [f"Bearer {TOKEN}"]


def test_confluent_cloud_is_told_cluster_and_identity_pool(fake):
    env = {"SCHEMAGATE_REGISTRY_PROD_TOKEN": TOKEN}

    with client(fake.url, auth="bearer", env=env, logical_cluster="lsrc-1", identity_pool="pool-2") as registry:
        registry.global_mode()

    assert fake.headers[0]["target-sr-cluster"] == "lsrc-1"
    assert fake.headers[0]["confluent-identity-pool-id"] == "pool-2"


class Issuer:
    """Gives out tokens, each of which lives a minute."""

    def __init__(self, **more):
        self.given = 0
        self.forms = []
        self.more = more

    def __call__(self, handler):
        self.forms.append((handler.headers["Authorization"], handler.headers["Content-Type"], handler.raw.decode()))
        self.given += 1
        return 200, {"access_token": f"token-{self.given}", "token_type": "Bearer", "expires_in": 60, **self.more}


@pytest.fixture
def issuer():
    issuer = Issuer()
    with serving(Fake(always=issuer)) as served:
        issuer.url = f"{served.url}/oauth/token"
        issuer.fake = served
        yield issuer


def test_oauth_turns_client_credentials_into_a_token_once(fake, issuer):
    with client(fake.url, auth="oauth", env=SECRET, token_url=issuer.url, **OAUTH) as registry:
        registry.states(f"topic-{number}" for number in range(20))

    assert set(authorization(fake)) == {"Bearer token-1"}
    assert issuer.forms == [
        (
            basic("gate", "canary-client-secret"),
            "application/x-www-form-urlencoded",
            "grant_type=client_credentials&scope=registry.read",
        )
    ]
    assert issuer.fake.asked == ["POST /oauth/token"]


def test_a_token_is_replaced_before_it_ends(fake, issuer):
    time = Time()
    with client(fake.url, auth="oauth", env=SECRET, token_url=issuer.url, time=time, **OAUTH) as registry:
        for _ in range(3):
            registry.global_mode()
            time.at += 40

    assert authorization(fake) == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]


def test_an_issuer_that_is_late_is_asked_again(fake, issuer):
    issuer.fake.tricks = [says(503, b"")]

    with client(fake.url, auth="oauth", env=SECRET, token_url=issuer.url, **OAUTH) as registry:
        registry.global_mode()

    assert authorization(fake) == ["Bearer token-1"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ((401, {"error": "invalid_client"}), 'with status 401: "invalid_client"'),
        ((200, {"token": "x"}), "with status 200, but an object with the text `access_token` was expected"),
        ((200, {"access_token": "a\r\nX-Evil: 1"}), "with status 200, but an object with the text `access_token`"),
        ((200, b"<html>"), "with status 200, but JSON was expected, found an HTML page"),
    ],
)
def test_an_issuer_that_gives_no_token_is_told(fake, reply, words):
    with serving(Fake(always=says(*reply))) as issuer:
        url = f"{issuer.url}/token"
        registry = client(fake.url, auth="oauth", env=SECRET, token_url=url, **OAUTH)
        with registry, pytest.raises(RegistryError) as caught:
            registry.global_mode()

    assert str(caught.value).startswith(f"registry prod ({url}) answered the request for an OAuth token {words}")
    assert fake.asked == []


@pytest.mark.parametrize("life", [None, "60", 0, -1, True, "soon", [1]])
def test_the_life_of_a_token_can_be_anything(fake, life):
    with (
        serving(Fake(always=Issuer(expires_in=life))) as issuer,
        client(fake.url, auth="oauth", env=SECRET, token_url=issuer.url, **OAUTH) as registry,
    ):
        registry.global_mode()

    assert authorization(fake) == ["Bearer token-1"]


# What is missing is named before anything is sent


@pytest.mark.parametrize(
    ("auth", "env", "variable"),
    [
        ("basic", {}, "SCHEMAGATE_REGISTRY_PROD_USERNAME"),
        ("basic", {"SCHEMAGATE_REGISTRY_PROD_USERNAME": "ada"}, "SCHEMAGATE_REGISTRY_PROD_PASSWORD"),
        ("basic", {**BASIC, "SCHEMAGATE_REGISTRY_PROD_PASSWORD": ""}, "SCHEMAGATE_REGISTRY_PROD_PASSWORD"),
        ("bearer", {}, "SCHEMAGATE_REGISTRY_PROD_TOKEN"),
        ("oauth", {}, "SCHEMAGATE_REGISTRY_PROD_CLIENT_SECRET"),
    ],
)
def test_a_secret_that_is_missing_is_named(auth, env, variable):
    with pytest.raises(ConfigError) as caught:
        client("http://registry.invalid", auth=auth, env=env, token_url="http://issuer.invalid")  # noqa: S106 - an address

    assert str(caught.value) == f'environment: {variable} is not set, but `auth = "{auth}"` of [registry.prod] needs it'
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TOKEN", "two words", "holds something that is no token"),
        ("TOKEN", "käse", "holds something that is no token"),
        ("TOKEN", "a\nX-Evil: 1", "holds a line break or another control character"),
        ("URL", "registry.internal", "holds no address"),
        ("URL", "http://ada:pa/ss@host", "holds no address"),
        ("URL", "http://ada:pa#ss@host", "holds no address"),
        ("URL", "http://ada:pa?ss@host", "holds no address"),
        ("URL", "http://ada:pass@host:port", "holds no address"),
        ("URL", "http://[::1", "holds no address"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_and_not_repeated(name, value, words):
    env = {"SCHEMAGATE_REGISTRY_PROD_TOKEN": TOKEN, f"SCHEMAGATE_REGISTRY_PROD_{name}": value}

    with pytest.raises(ConfigError) as caught:
        client("http://registry.invalid", auth="bearer", env=env)

    assert f"SCHEMAGATE_REGISTRY_PROD_{name} {words}" in caught.value.message
    assert value not in "".join(traceback.format_exception(caught.value)).replace(repr(env), "")


def test_a_refused_sign_in_names_the_variables_to_check(fake):
    fake.always = says(401, {"error_code": 401, "message": "Unauthorized"})

    with client(fake.url, auth="basic", env=BASIC) as registry, pytest.raises(Refused) as caught:
        registry.global_mode()

    assert caught.value.hint == (
        '`auth = "basic"` was refused: check SCHEMAGATE_REGISTRY_PROD_USERNAME and SCHEMAGATE_REGISTRY_PROD_PASSWORD'
    )
    assert len(fake.asked) == 1


# Certificates


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    """An authority, a server for 127.0.0.1, and a client whose key is there plain and with a password."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificates")
    folder = tmp_path_factory.mktemp("pki")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca", "-days", "2")
    for name in ("server", "client"):
        openssl(folder, "req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (folder / "ext").write_text("subjectAltName=IP:127.0.0.1\n", encoding="ascii")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "ext", "-days", "2")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", *signed)
    openssl(folder, "ec", "-in", "client.key", "-out", "locked.key", "-aes256", "-passout", "pass:canary-key-pw")
    return folder


@pytest.fixture
def secured(pki):
    """A registry over TLS that wants to see a certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(pki / "ca.pem"))
    context.load_cert_chain(pki / "server.pem", pki / "server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    with serving(Fake(), tls=context) as served:
        yield served


@pytest.mark.parametrize("key", ["client.key", "locked.key"])
def test_mtls_shows_the_configured_certificate(secured, pki, key):
    env = {"SCHEMAGATE_REGISTRY_PROD_KEY_PASSWORD": "canary-key-pw"}
    files = {"ca_file": "ca.pem", "cert_file": "client.pem", "key_file": key}

    with client(secured.url, auth="mtls", env=env, root=str(pki), **files) as registry:
        assert registry.global_mode() == "READWRITE"


def test_a_certificate_of_an_unknown_authority_is_not_trusted_and_not_tried_again(secured):
    with client(secured.url) as registry, pytest.raises(RegistryError) as caught:
        registry.global_mode()

    assert "shows a certificate that is not trusted: " in str(caught.value)
    assert caught.value.hint.startswith("set `ca-file`")
    assert registry.requests_made == 1


def test_a_server_that_wants_a_certificate_gets_none_unless_one_is_configured(secured, pki):
    with client(secured.url, ca_file="ca.pem", root=str(pki)) as registry, pytest.raises(RegistryError):
        registry.global_mode()


@pytest.mark.parametrize(
    ("files", "env", "words"),
    [
        ({"ca_file": "none.pem"}, {}, "`ca-file` of [registry.prod] cannot be read: none.pem"),
        ({"ca_file": "client.key"}, {}, "`ca-file` of [registry.prod] holds no PEM certificate: client.key"),
        (
            {"cert_file": "client.pem", "key_file": "server.key"},
            {},
            "`key-file` of [registry.prod] holds no PEM key that fits the certificate in `cert-file`: server.key",
        ),
        (
            {"cert_file": "client.pem", "key_file": "locked.key"},
            {},
            f"`key-file` of [registry.prod] is encrypted and {KEY_PASSWORD} is not set: locked.key",
        ),
        (
            {"cert_file": "client.pem", "key_file": "locked.key"},
            {"SCHEMAGATE_REGISTRY_PROD_KEY_PASSWORD": "canary-wrong"},
            f"`key-file` of [registry.prod] is encrypted and {KEY_PASSWORD} does not open it: locked.key",
        ),
    ],
)
def test_files_that_cannot_be_used_are_told_before_anything_is_sent(pki, files, env, words):
    with pytest.raises(ConfigError) as caught:
        client("https://registry.invalid", auth="mtls", env=env, root=str(pki), **files)

    assert caught.value.message == words


# Proxies


class Proxy(http.server.BaseHTTPRequestHandler):
    """Answers in the place of every server, and keeps what it was asked."""

    def log_message(self, *_args):
        """Nothing."""

    def do_GET(self):
        self.server.seen.append((self.path, self.headers.get("Proxy-Authorization")))
        body = b'{"mode": "READONLY"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self):
        self.send_error(407)


@pytest.fixture
def proxy():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def _no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.usefixtures("_no_proxies")
def test_proxies_come_from_the_environment(proxy, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://ada:canary-proxy-pw@127.0.0.1:{proxy.server_port}")

    with client("http://registry.invalid") as registry:
        assert registry.global_mode() == "READONLY"

    assert proxy.seen == [("http://registry.invalid/mode", basic("ada", "canary-proxy-pw"))]


@pytest.mark.usefixtures("_no_proxies")
def test_hosts_can_be_kept_from_the_proxy(proxy, fake, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    with client(fake.url) as registry:
        assert registry.global_mode() == "READWRITE"
    assert proxy.seen == []


@pytest.mark.usefixtures("_no_proxies")
def test_a_proxy_that_refuses_is_told_without_its_password(proxy, monkeypatch):
    monkeypatch.setenv("https_proxy", f"http://ada:canary-proxy-pw@127.0.0.1:{proxy.server_port}")

    with client("https://registry.invalid") as registry, pytest.raises(RegistryError) as caught:
        registry.global_mode()

    assert "the proxy refuses or does not answer" in str(caught.value)
    assert "canary" not in "".join(traceback.format_exception(caught.value))


def test_credentials_are_not_sent_after_a_redirect_to_another_server(fake):
    with serving(Fake()) as other:
        fake.always = says(307, b"", {"Location": f"{other.url}/mode"})
        with client(fake.url, auth="basic", env=BASIC) as registry, pytest.raises(RegistryError):
            registry.global_mode()

        assert other.asked == []


def test_a_netrc_file_is_not_read(fake, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login eve password canary\n", encoding="ascii")
    monkeypatch.setenv("HOME", str(tmp_path))

    with client(fake.url) as registry:
        registry.global_mode()

    assert authorization(fake) == [None]


# The canary


CANARY = "cAnArY"
SECRETS = {
    "basic": {"USERNAME": f"{CANARY}-user-name", "PASSWORD": f"{CANARY}-p%ss/wörd"},
    "bearer": {"TOKEN": f"{CANARY}.token"},
    "oauth": {"CLIENT_SECRET": f"{CANARY}+client secret"},
    "none": {},
}


def said_back(handler):
    return json.dumps([*handler.headers.items(), handler.path, handler.raw.decode()])


def repeats_everything(handler):
    """A server that says back what it was sent."""
    return 400, {"error_code": 400, "message": f"bad request: {said_back(handler)}"}


def repeats_at_the_edge(handler):
    """As much of it before as makes the end of what is shown fall into it."""
    secret = handler.headers.get("Authorization", "")
    return 400, {"message": "x" * (MAX_MESSAGE - len(CUT) - len(secret) // 2) + secret + "x" * 100}


TRICKS = {
    "repeats": repeats_everything,
    "repeats in an object": lambda handler: (400, {"message": {"sent": said_back(handler)}}),
    "repeats at the edge": repeats_at_the_edge,
    "redirects": says(302, b"", {"Location": f"https://x:{CANARY}-p@other.invalid/{CANARY}.token"}),
    "hangs up": lambda handler: setattr(handler, "close_connection", True),
    "says html": says(200, b"<html>"),
    "unauthorized": says(401, b"", {"WWW-Authenticate": "Basic"}),
}


def told(error):
    """Everything that can be printed of an exception, with all that it came from and the values in its frames."""
    lines = [str(error), repr(error), *traceback.format_exception(error), repr(vars(error))]
    link = error
    while link is not None:
        lines += [str(link), repr(link)]
        link = link.__cause__ or link.__context__
    if isinstance(error, SchemagateError):
        lines += [error.message, error.hint]
    return lines


def forms(secret):
    raw = secret.encode()
    return {secret, base64.b64encode(raw).decode()[:-4]}


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("auth", SECRETS)
def test_no_secret_is_ever_told(auth, trick, issuer, tmp_path, caplog, capfd, monkeypatch):
    caplog.set_level(logging.DEBUG)
    secrets = SECRETS[auth]
    monkeypatch.setenv("http_proxy", f"http://x:{CANARY}-proxy@127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(Fake(bulk=False)) as fake:
        fake.add("s", record("a"))
        address = fake.url.replace("://", f"://{CANARY}-in-url:{CANARY}-pw-in-url@")
        env = {f"SCHEMAGATE_REGISTRY_PROD_{part}": value for part, value in secrets.items()}
        env["SCHEMAGATE_REGISTRY_PROD_URL"] = address
        lines = []
        with client("http://x.invalid", auth=auth, env=env, cache=tmp_path, token_url=issuer.url, **OAUTH) as registry:
            lines += [repr(registry), str(registry), registry.url, repr(registry.state("s")), repr(registry.by_id(1))]
            lines += [repr(value) for value in (vars(registry) | vars(registry._opened.line)).values()]
            fake.always = TRICKS[trick]
            for call in (
                registry.global_mode,
                lambda: registry.states(["s", "t"]),
                lambda: registry.register("s", Payload(record("b"))),
                lambda: registry.compatible("s", Payload(record("b"))),
            ):
                with pytest.raises(SchemagateError) as caught:
                    call()
                lines += told(caught.value)
    lines += [entry.getMessage() for entry in caplog.records]
    lines += capfd.readouterr()
    lines += [file.read_bytes().decode("latin-1") for file in tmp_path.rglob("*") if file.is_file()]

    assert [entry.name for entry in caplog.records if "urllib3" in entry.name] != []
    assert list(tmp_path.rglob("*.sqlite3")) != []
    assert [line for line in lines if CANARY in line] == []
    hidden = {form for secret in (*secrets.values(), f"{CANARY}-pw-in-url", "token-1") for form in forms(secret)}
    assert [line for line in lines for form in hidden if form in line] == []


@pytest.mark.parametrize("reply", [422, 200])
def test_no_secret_is_told_in_a_verdict(fake, reply):
    def repeats(handler):
        words = f"sent: {handler.headers['Authorization']}"
        return reply, {"error_code": 42201, "message": words, "is_compatible": False, "messages": [words]}

    fake.always = repeats
    with client(fake.url, auth="bearer", env={"SCHEMAGATE_REGISTRY_PROD_TOKEN": TOKEN}) as registry:
        verdict = registry.compatible("s", Payload(record("b")))

    assert (verdict.compatible, verdict.messages) == (False, ("sent: Bearer ***",))


@pytest.mark.parametrize("auth", ["basic", "bearer", "oauth"])
def test_what_is_opened_shows_no_secret(auth, issuer):
    env = {f"SCHEMAGATE_REGISTRY_PROD_{part}": value for part, value in SECRETS[auth].items()}
    settings = RegistrySettings("prod", ("https://registry.example.com",), auth, {"token-url": issuer.url})

    with connect(settings, env) as registry:
        opened = registry._opened

        assert CANARY not in repr(opened) + repr(registry) + str(vars(registry))
