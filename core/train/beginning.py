"""How a training run begins, in words: from which weights, or from where it goes on."""

from collections.abc import Mapping

from core.train.settings import TrainSettings, option_of


def begun(settings: TrainSettings) -> str:
    """Of a run without a checkpoint."""
    origin = "its installed" if settings.start_from_weights else "new, random"
    return f"training {settings.network} from {origin} weights, {_length(settings)}"


def resumed(settings: TrainSettings, earlier: Mapping[str, str], crops: int) -> str:
    """Of a run that has seen `crops` crops with the settings `earlier`, from its checkpoint."""
    return (
        f"training {settings.network} goes on in {settings.run} with {crops:,} crops done, "
        f"{_length(settings)}{_changes(settings, earlier)}"
    )


def finished(settings: TrainSettings, crops: int, seconds: float) -> str:
    """Of a run that has nothing left to do."""
    return (
        f"the training in {settings.run} is finished ({crops:,} crops, {seconds / 60:.0f} min) and "
        "is not trained again; give more --crops and --minutes to go on, or another --run to "
        "begin anew"
    )


def _length(settings: TrainSettings) -> str:
    return f"up to {settings.crops:,} crops or {settings.minutes:g} min"


def _changes(settings: TrainSettings, earlier: Mapping[str, str]) -> str:
    """The settings that differ from those of the earlier command."""
    changes = [
        f"{option_of(name)} {earlier[name]} -> {value}"
        for name, value in settings.as_text().items()
        if earlier.get(name, value) != value
    ]
    return f"; changed: {', '.join(changes)}" if changes else ""
