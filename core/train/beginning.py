"""How a training run begins, in words: from which weights, or from where it goes on."""

from collections.abc import Mapping

from core.train.settings import TrainSettings, option_of


def begun(settings: TrainSettings) -> str:
    """Of a run without a checkpoint."""
    origin = "its installed" if settings.start_from_weights else "new, random"
    return f"training {settings.network} from {origin} weights, {_length(settings)}"


def resumed(settings: TrainSettings, earlier: Mapping[str, str], crops: int) -> str:
    """Of a run that has seen `crops` crops with the settings `earlier`, from its checkpoint."""
    changes = _changes(settings, earlier)
    changed = f"; changed: {', '.join(changes.values())}" if changes else ""
    return (
        f"training {settings.network} goes on in {settings.run} with {crops:,} crops done, "
        f"{_length(settings)}{changed}"
    )


def finished(
    settings: TrainSettings, earlier: Mapping[str, str], crops: int, seconds: float
) -> str:
    """Of a run that has nothing left to do, trained with the settings `earlier`."""
    changes = _changes(settings, earlier)
    in_vain = [text for name, text in changes.items() if name not in ("crops", "minutes")]
    ignored = f"; ignored: {', '.join(in_vain)}" if in_vain else ""
    return (
        f"the training in {settings.run} is finished ({crops:,} crops, {seconds / 60:.0f} min) and "
        "is not trained again; give more --crops and --minutes to go on, or another --run to "
        f"begin anew{ignored}"
    )


def _length(settings: TrainSettings) -> str:
    return f"up to {settings.crops:,} crops or {settings.minutes:g} min"


def _changes(settings: TrainSettings, earlier: Mapping[str, str]) -> dict[str, str]:
    """By name, the settings that differ from those of the earlier command."""
    return {
        name: f"{option_of(name)} {earlier[name]} -> {value}"
        for name, value in settings.as_text().items()
        if earlier.get(name, value) != value
    }
