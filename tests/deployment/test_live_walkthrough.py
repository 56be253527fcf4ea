"""The walk-through, while `make up` runs and somebody steals a token."""

import ssl
from collections.abc import Iterator
from typing import Any

import httpx

from pki.thumbprint import x5t_s256
from tests.deployment.running import PATIENCE, Running
from tests.deployment.test_foreign_clients import curl, mutual, obtain

THIEF = "other-tpp presents a token that is not its own"


def told(running: Running) -> Iterator[dict[str, Any]]:
    """The story of the deployment, as it comes; each answer waits for more."""
    context = ssl.create_default_context(cafile=running.server_roots)
    run, after = "", 0
    with httpx.Client(verify=context, timeout=PATIENCE) as browser:
        while True:
            answer = browser.get(
                f"{running.walkthrough}/story",
                params={"run": run, "after": after},
                headers={"Sec-Fetch-Site": "same-origin"},
            )
            assert answer.status_code == 200
            part: dict[str, Any] = answer.json()
            run, after = part["run"], part["revision"]
            yield part


def thumbprint(running: Running, party: str) -> str:
    """The x5t#S256 of a party's certificate."""
    text = (running.issued / f"{party}.pem").read_text()
    leaf = text[: text.index("-----END CERTIFICATE-----") + 25]
    return x5t_s256(ssl.PEM_cert_to_DER_cert(leaf))


def shows(step: dict[str, Any], token: str) -> bool:
    """Whether *token* is in a message of the step."""
    tokens = (each for exchange in step["exchanges"] for each in exchange["tokens"])
    return any(each["value"] == token for each in tokens)


def test_a_stolen_token_is_seen_at_once(running: Running) -> None:
    """RFC 8705 section 3: curl with another certificate; its refusal, live."""
    with mutual(running, "banking-client") as client:
        token = obtain(running, client, "banking-client").json()["access_token"]
    bearer = f"Authorization: Bearer {token}"
    curl(running, "--header", bearer, f"{running.resource}/accounts", party="other-tpp")
    seen: dict[str, Any] = {}
    certificates: dict[str, Any] = {}
    story = told(running)
    while THIEF not in seen:
        part = next(story)
        certificates |= part["certificates"]
        steps = [step for act in part["acts"] for step in act["steps"]]
        assert steps, "it waited, and nothing happened"
        # Other tests have asked for tokens, and stolen some.
        seen |= {step["title"]: step for step in steps if shows(step, token)}
    honest, stolen = (
        seen[title] for title in ("banking-client asks for a token", THIEF)
    )
    own = thumbprint(running, "banking-client")
    for step, place in ((honest, "response"), (stolen, "request")):
        (shown,) = step["exchanges"][0]["tokens"]
        assert (shown["value"], shown["place"]) == (token, place)
        assert shown["bound_to"] == own
    (exchange,) = stolen["exchanges"]
    assert (exchange["client_lane"], exchange["server_lane"]) == ("thief", "rs")
    presented = exchange["handshake"]["client_certificate"]
    assert presented == thumbprint(running, "other-tpp")
    assert certificates[presented]["holder"] == "other-tpp"
    assert stolen["came"] == "401 invalid_token, RFC 8705 section 3"
    assert stolen["rule"] == "RFC 8705 section 3"
    assert certificates[own]["holder"] == "banking-client"


def test_looking_is_not_recorded(running: Running) -> None:
    """Else the walk-through would show itself, and grow with each look."""
    story = told(running)
    next(story)
    context = ssl.create_default_context(cafile=running.server_roots)
    with httpx.Client(verify=context, timeout=PATIENCE) as stranger:
        for path, status in (("/", 200), ("/demo", 404), ("/story", 403)):
            answer = stranger.get(
                f"{running.walkthrough}{path}",
                headers={"Sec-Fetch-Site": "cross-site"},
            )
            assert answer.status_code == status
    folder = running.deployment.build / "recordings"
    recordings = {each.stem: each.read_text() for each in folder.iterdir()}
    assert recordings.keys() == {"as", "rs", "client"}
    assert not any('"/story' in each for each in recordings.values())


def test_it_answers_its_own_names_only(running: Running) -> None:
    """RFC 9110 section 15.5.20: curl by another name, led here by a name server."""
    port = running.walkthrough.rpartition(":")[2]
    for name, status in (("localhost", 200), ("attacker.example", 421)):
        said = curl(running, "--header", f"Host: {name}:{port}", running.walkthrough)
        assert said.rpartition("\n")[2] == f"{status} "


def test_the_banking_client_leads_to_it(running: Running) -> None:
    """Where people once found it, and in its navigation."""
    context = ssl.create_default_context(cafile=running.server_roots)
    with httpx.Client(verify=context, timeout=PATIENCE) as browser:
        answer = browser.get(f"{running.client}/walkthrough")
        assert answer.status_code == 303
        assert answer.headers["location"] == running.walkthrough
        assert f'href="{running.walkthrough}"' in browser.get(running.client).text
