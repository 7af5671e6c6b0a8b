"""The page of the program itself says what the doctor says."""

import re
from pathlib import Path

from tests.pairs.console_visitor import person
from tests.pairs.fleet_world import node

from magpie.app.system import SystemFacts
from magpie.users.model import Role


async def test_the_doctor_speaks_on_the_page(database_url: str, tmp_path: Path) -> None:
    """Each check with its finding; what is wrong stands above all else, with what to do."""
    async with node(database_url, tmp_path) as one:
        findings = (await SystemFacts(one.platform)()).findings
        checked = {finding.name: finding.state for finding in findings}
        assert {"python", "data folder", "disk", "database", "sandbox", "egress"} <= {*checked}
        assert checked["durability"] == "fail"  # the tests' database forgets what it is told
        page = await (await person(one.platform.database, one.base, Role.OPERATOR)).see("/system")
    cells = re.findall(r'<td data-label="Check" class="nowrap">([^<]+)</td>', page)
    assert cells == [finding.name for finding in findings]
    above = page.partition("What the doctor says")[0]
    assert "durability: fsync" in above
    assert "Nothing to worry about" not in page
    assert "ALTER SYSTEM SET fsync = on" in page
