"""Real Wechaty gateways: one for all tests of a process, brought back to the beginning for each, and private ones."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.wechaty.gateway_process import GatewayProcess
from tests.wechaty.mock_wechat import Gateway
from tests.wechaty.node_packages import installed

PROGRAMS = Path(__file__).with_name("gateway")
PATIENCE = 300  # the first test of all waits for npm, in its own process or for another's


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if PROGRAMS.parent in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture(scope="session")
def gateway_folder(pytestconfig: pytest.Config) -> Path:
    """A folder with the gateway and its packages."""
    return installed(pytestconfig, "wechaty", PROGRAMS / "package.json", PROGRAMS)


@pytest.fixture(scope="session")
def old_gateway_folder(pytestconfig: pytest.Config) -> Path:
    """The same gateway on packages of 2021, whose wire format is 0.25."""
    return installed(pytestconfig, "wechaty-old-wire", PROGRAMS / "old_wire" / "package.json", PROGRAMS)


@pytest.fixture(scope="session")
def shared_gateway(gateway_folder: Path) -> Iterator[GatewayProcess]:
    process = GatewayProcess(gateway_folder)
    process.start()
    yield process
    process.stop()


@pytest.fixture
async def gateway(shared_gateway: GatewayProcess) -> Gateway:
    """The gateway of this process of tests, at the beginning."""
    gateway = Gateway(shared_gateway)
    await gateway.reset()
    return gateway


@pytest.fixture(scope="session")
def shared_old_gateway(old_gateway_folder: Path) -> Iterator[GatewayProcess]:
    process = GatewayProcess(old_gateway_folder)
    process.start()
    yield process
    process.stop()


@pytest.fixture
async def old_gateway(shared_old_gateway: GatewayProcess) -> Gateway:
    """A gateway that speaks as they did in 2021, at the beginning. It asks for no token."""
    gateway = Gateway(shared_old_gateway)
    await gateway.reset()
    return gateway


@pytest.fixture
def private_gateway(request: pytest.FixtureRequest, gateway_folder: Path) -> Iterator[Callable[..., Gateway]]:
    """Makes gateways of one's own, to kill, freeze and restart: `private_gateway(tls=True, token="another", old=True)`.

    They have a port but do not run until `await gateway.start()`.
    """
    processes: list[GatewayProcess] = []

    def make(*, token: str = "insecure-test-token", tls: bool = False, old: bool = False) -> Gateway:
        folder = request.getfixturevalue("old_gateway_folder") if old else gateway_folder
        process = GatewayProcess(folder, token=token, tls=tls)
        processes.append(process)
        return Gateway(process)

    yield make
    for process in processes:
        if process.running:
            process.kill()
