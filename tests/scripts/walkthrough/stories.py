"""A small story, with a hostile value wherever one could come from the wire."""

from scripts.walkthrough.story.story import (
    Act,
    Certificate,
    Decision,
    Derivation,
    Exchange,
    Handshake,
    Message,
    Party,
    Step,
    Story,
)

HOSTILE = "<script>alert('x')</script>\"&"


def certificate(holder: str = "thief") -> Certificate:
    """A certificate whose subject is an attack."""
    return Certificate(
        holder=holder,
        subject=f"CN={HOSTILE}",
        issuer=f"CN={HOSTILE}",
        not_before="2026-01-01T00:00:00+00:00",
        not_after="2026-02-01T00:00:00+00:00",
        key="P-256",
        usage="clientAuth",
        alternative_names=(HOSTILE,),
        x5t_s256="A" * 43,
        der="AAAA",
    )


def exchange(*, nested: tuple[Exchange, ...] = ()) -> Exchange:
    """An exchange whose every text is an attack, or very long."""
    return Exchange(
        client="thief",
        client_lane="thief",
        server="rs",
        server_lane="rs",
        url=f"https://localhost:9445/{HOSTILE}",
        started=1767225600.0,
        handshake=Handshake(
            "TLSv1.3",
            "TLS_AES_256_GCM_SHA384",
            "x25519",
            certificate_requested=True,
            server_certificate=certificate("rs"),
            client_certificate=certificate(),
            client_sent_after=(certificate("victim"),),
            messages=("write certificate request", "read client certificate"),
        ),
        request=Message(
            f"GET /{HOSTILE} HTTP/1.1",
            (("x-hostile", HOSTILE), ("authorization", "Bearer " + "t" * 900)),
            HOSTILE,
        ),
        response=Message(
            "HTTP/1.1 401",
            (("content-type", "application/json"),),
            '{"error":"<script>","long":"' + "x" * 500 + '"}',
        ),
        failure=None,
        decisions=(
            Decision(
                "rs",
                "binding.same-certificate",
                f"bound to another certificate {HOSTILE}",
                "RFC 8705 section 3",
                HOSTILE,
                HOSTILE,
                accepted=False,
                decided_by="rs_node.access.certificate_binding.verify_binding",
                source="rs_node/access/certificate_binding.py:1",
            ),
        ),
        nested=nested,
    )


def step(*, came: str = "401 invalid_token") -> Step:
    """A step that passes, unless told otherwise."""
    return Step(
        f"The thief {HOSTILE}",
        HOSTILE,
        "RFC 8705 section 3",
        "401 invalid_token",
        came,
        (exchange(nested=(exchange(),)),),
        Derivation((("cnf", HOSTILE), ("long", "y" * 400))),
    )


def story() -> Story:
    """One party, one act, a step that passed and one that did not."""
    return Story(
        "2026-01-01T00:00:00+00:00",
        (Party("thief", HOSTILE, certificate()),),
        (Act(f"The act {HOSTILE}", HOSTILE, (step(), step(came="200"))),),
    )
