"""One status list, asked for and judged."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from pki.http.checks import Check
from pki.http.journal import Journal
from rs_node.authorization_server.keys import AuthorizationServerKeys
from rs_node.authorization_server.requests import AuthorizationServer, NoUsableAnswer
from rs_node.authorization_server.status_list import FORM, NoStatusList, StatusList
from rs_node.authorization_server.status_list_token import (
    SIGNATURE,
    judge_status_list,
    read_list_header,
)

ANSWERED = Check(
    "status-list.answered",
    "the issuer gives its status list",
    "Token Status List section 8.1",
)


@dataclass(frozen=True, slots=True)
class StatusListRequest:
    """
    Asks *server*, and verifies with *keys* and one of *algorithms*.

    *clock* gives seconds since the epoch.
    """

    server: AuthorizationServer
    keys: AuthorizationServerKeys
    algorithms: Collection[str]
    clock: Callable[[], float]

    async def read(self, uri: str, journal: Journal) -> StatusList:
        """
        The list at *uri*.

        Raises:
            NoStatusList: there is none that can be relied on.
        """
        try:
            document = await self.server.status_list(uri)
        except NoUsableAnswer as error:
            raise NoStatusList(str(error), ANSWERED) from error
        try:
            jwt = document.decode("ascii")
        except UnicodeDecodeError as error:
            raise NoStatusList("the status list is not ASCII", FORM) from error
        kid, alg = read_list_header(jwt, self.algorithms)
        try:
            key = await self.keys.find(kid, alg)
        except NoUsableAnswer as error:
            raise NoStatusList(str(error), SIGNATURE) from error
        if key is None:
            text = "the issuer has no key for the status list"
            raise NoStatusList(text, SIGNATURE, presented=f"kid {kid!a:.80}, {alg}")
        return judge_status_list(jwt, key, uri, self.clock(), journal)
