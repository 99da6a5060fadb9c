"""Puts the contract of the workspace into the distribution; a sdist contains it from then on."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DESTINATIONS = {
    "sdist": "src/instagram_server/spec/openapi.yaml",
    "wheel": "instagram_server/spec/openapi.yaml",
}


class ContractHook(BuildHookInterface[Any]):
    """Found by hatchling in this file (https://hatch.pypa.io/latest/plugins/build-hook/custom/)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        is_workspace = not (root / DESTINATIONS["sdist"]).exists()
        if is_workspace and version != "editable":
            contract = root / ".." / ".." / "spec" / "openapi.yaml"
            build_data["force_include"][str(contract)] = DESTINATIONS[self.target_name]
