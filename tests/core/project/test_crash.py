"""kill -9 at random moments: the project opens, and at most the last step is missing."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.annotation.region import Region
from core.project.codec import content_hash
from core.project.store import Project
from tests.core.project.samples import image

REPOSITORY = Path(__file__).resolve().parents[3]
ROUNDS = 20

WRITER = """
import sys
from pathlib import Path
from core.project.store import Project
from tests.core.project.samples import deltas

project = Project.open(Path(sys.argv[1]))
steps = list(deltas(400, seed=int(sys.argv[2])))
print("ready", flush=True)
for number, (delta, _) in enumerate(steps, 1):
    project.commit(1, delta)
    print(number, flush=True)
    if number % 7 == 0:
        project.mark_undone(1)
        project.mark_redone(1)
"""


def killed_writer(path: Path, seed: int, delay: float) -> int:
    """The number of steps that a writer had acknowledged when it was killed."""
    command = [sys.executable, "-c", WRITER, str(path), str(seed)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(delay)
        writer.kill()
        lines = writer.stdout.read().split(b"\n")
    return int(lines[-2]) if len(lines) > 1 else 0


def replayed(project: Project) -> dict[int, Region]:
    regions: dict[int, Region] = {}
    for delta in project.journal(1)[0]:
        regions = {i: r for i, r in regions.items() if i not in delta.before} | dict(delta.after)
    return regions


@pytest.mark.parametrize("number", range(ROUNDS))
def test_at_most_the_last_step_is_lost(tmp_path: Path, number: int) -> None:
    path = tmp_path / "p.cellscribe"
    with Project.create(path) as project:
        project.add_image(image())
    acknowledged = killed_writer(path, seed=number, delay=random.Random(number).uniform(0, 0.15))
    with Project.open(path, read_only=True) as reader:
        seen = len(reader.journal(1)[0]), len(reader.journal(1)[1])
    with Project.open(path) as project:
        done, undone = project.journal(1)
        assert acknowledged <= len(done) + len(undone) <= acknowledged + 1
        assert len(undone) <= 1
        assert seen == (len(done), len(undone))
        objects = project.regions(1)
        assert content_hash(objects.values()) == content_hash(replayed(project).values())
        assert project.next_region_id(1) > max(objects, default=0)
        while project.mark_undone(1):
            pass
        assert project.regions(1) == {}
