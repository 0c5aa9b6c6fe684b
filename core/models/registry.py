"""The one list of network architectures."""

from core.errors import UnknownNetwork
from core.models.spec import ModelSpec

SPECS = {
    spec.name: spec
    for spec in (
        ModelSpec("hrnet", "HRNetV2-W18", "core.models.hrnet:hrnet", 32, {"width": 18}),
        ModelSpec(
            "resunet_advanced",
            "ResUNet Advanced",
            "core.models.resunet_advanced:resunet_advanced",
            32,
        ),
        ModelSpec("resunet_small", "ResUNet Small", "core.models.resunet_small:resunet_small", 32),
    )
}


def find_spec(name: str) -> ModelSpec:
    """The spec called `name`; raises UnknownNetwork that lists what there is."""
    try:
        return SPECS[name]
    except KeyError:
        known = ", ".join(SPECS)
        raise UnknownNetwork(
            f"There is no network called {name!r}; choose one of: {known}."
        ) from None
