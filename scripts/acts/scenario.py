"""What the demo shows: its acts, in order."""

from client_node.oauth.metadata.server_metadata import judge_metadata, request_metadata
from scripts.acts.bearer_tokens import bearer_tokens
from scripts.acts.certificate_renewal import certificate_renewal
from scripts.acts.client_authentication import client_authentication
from scripts.acts.customer_connects import customer_connects, native_application
from scripts.acts.introspection_binding import introspection_binding
from scripts.acts.jwt_binding import jwt_binding
from scripts.acts.thief import thief
from scripts.acts.wrong_thumbprints import wrong_thumbprints
from scripts.stage.cast import Cast
from scripts.stage.person import Person
from scripts.stage.stage import Stage


async def play(stage: Stage, cast: Cast) -> None:
    """
    All acts.

    Raises:
        CannotGoOn: a step failed that the later ones build on.
    """
    application = cast.unvouched("mobile-app")
    stage.call("mobile-app", application.credential)
    customer = Person(cast.identity("browser", None))
    # Before it is told how: the first act needs a token of ours for its last step.
    answer = await request_metadata(cast.honest("banking-client"), cast.issuer)
    await bearer_tokens(stage, cast, judge_metadata(answer, cast.issuer))
    metadata = await client_authentication(stage, cast, application)
    await jwt_binding(stage, cast, metadata)
    await introspection_binding(stage, cast, metadata)
    tokens = await customer_connects(stage, cast, customer, metadata)
    refresh_token = await native_application(stage, cast, application, metadata)
    await thief(stage, cast, customer, metadata, refresh_token)
    await certificate_renewal(stage, cast, metadata, tokens, refresh_token)
    await wrong_thumbprints(stage, cast)
