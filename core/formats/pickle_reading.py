"""The pickled tables and arrays of NumPy files, read as data: nothing in them is ever run.

A pickle is a program that may call anything. This walks over its steps with the standard
library's parser and understands only those that build numbers, texts, lists, tables and arrays;
a step that asks for anything else ends the reading. Numbers of steps and places are limited.
Source: pickletools.py; ndarray.__reduce__ and dtype.__reduce__ of NumPy.
"""

import pickletools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import FormatError

MOST_STEPS = 3_000_000

_ARRAY, _SCALAR, _NDARRAY, _DTYPE, _PATH = "array", "scalar", "ndarray", "dtype", "path"
_KNOWN = {
    ("numpy", "ndarray"): _NDARRAY,
    ("numpy", "dtype"): _DTYPE,
    **{
        (module, name): kind
        for module in ("numpy.core.multiarray", "numpy._core.multiarray")
        for name, kind in (("_reconstruct", _ARRAY), ("scalar", _SCALAR))
    },
    **{
        (module, name): _PATH
        for module in ("pathlib", "pathlib._local")
        for name in ("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath")
    },
}
_NUMBERS = re.compile(r"[iuf][1248]|b1")
_ORDERS = {"<": "<", ">": ">", "|": "|", "=": "="}


@dataclass
class Made:
    """What a call would have made: its kind, arguments and state."""

    kind: str
    arguments: tuple[Any, ...] = ()
    state: Any = None


@dataclass
class _Machine:
    """The stack of a pickle, its marks and its memory."""

    stack: list[Any] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    memory: dict[int, Any] = field(default_factory=dict)

    def above_mark(self) -> list[Any]:
        """What lies above the last mark, taken off."""
        at = self.marks.pop()
        taken = self.stack[at:]
        del self.stack[at:]
        return taken

    def top(self, count: int) -> tuple[Any, ...]:
        """The last `count` values, taken off."""
        if len(self.stack) < count:
            raise IndexError
        taken = tuple(self.stack[len(self.stack) - count :])
        del self.stack[len(self.stack) - count :]
        return taken


def read_pickle(data: bytes) -> Any:
    """The value in a pickle; arrays and numbers of NumPy come as Made.

    Raises FormatError for damaged pickles and for those that hold anything else.
    """
    machine = _Machine()
    try:
        for step, argument in _steps(data):
            if step == "STOP":
                return machine.stack.pop()
            _do(machine, step, argument)
    except (IndexError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError("it is damaged: its steps do not fit together") from error
    raise FormatError("it was cut short")


def array_of(made: object) -> npt.NDArray[Any]:
    """The array of numbers; raises FormatError for anything else, also for arrays of objects."""
    if not isinstance(made, Made) or made.kind != _ARRAY or not isinstance(made.state, tuple):
        raise FormatError("its array is none")
    _, shape, kind, is_fortran, content = _five(made.state)
    dtype = _dtype(kind)
    is_shape = isinstance(shape, tuple) and all(type(n) is int and n >= 0 for n in shape)
    size = dtype.itemsize
    for n in shape if is_shape else ():
        size *= n
    if not is_shape or not isinstance(content, bytes) or size != len(content):
        raise FormatError("its array is damaged: size and content do not agree")
    return np.frombuffer(content, dtype).reshape(shape, order="F" if is_fortran else "C")


def single_object(made: object) -> Any:
    """The value in an array of one object, as NumPy saves a table; raises FormatError."""
    if isinstance(made, Made) and made.kind == _ARRAY and isinstance(made.state, tuple):
        content = _five(made.state)[4]
        if isinstance(content, list) and len(content) == 1:
            return content[0]
    raise FormatError("it does not hold one table")


def _five(state: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(state) != 5:
        raise FormatError("its array is damaged")
    return state


def _dtype(kind: object) -> np.dtype[Any]:
    """The type of plain numbers that a Made describes."""
    if not isinstance(kind, Made) or kind.kind != _DTYPE or not kind.arguments:
        raise FormatError("its array has no type")
    name, state = kind.arguments[0], kind.state
    if not isinstance(name, str) or not _NUMBERS.fullmatch(name):
        raise FormatError(f"its values are {str(name)[:20]!r}, not numbers")
    order = state[1] if isinstance(state, tuple) and len(state) > 1 else "|"
    return np.dtype(_ORDERS.get(str(order), "|") + name)


def _steps(data: bytes) -> Iterator[tuple[str, Any]]:
    try:
        for count, (code, argument, _) in enumerate(pickletools.genops(BytesIO(data))):
            if count > MOST_STEPS:
                raise FormatError(f"it has more than {MOST_STEPS:,} parts")
            yield code.name, argument
    except (ValueError, OverflowError, MemoryError, Warning) as error:
        raise FormatError(f"it is damaged or cut short ({str(error)[:80]})") from error


def _do(machine: _Machine, step: str, argument: Any) -> None:
    """Carry out one step of a pickle, as far as it builds data."""
    stack = machine.stack
    if step in _CONSTANTS:
        stack.append(_CONSTANTS[step])
    elif step in _LITERALS:
        stack.append(argument)
    elif step in _EMPTY:
        stack.append(_EMPTY[step]())
    elif step in _TUPLES:
        stack.append(machine.top(_TUPLES[step]))
    elif step == "MARK":
        machine.marks.append(len(stack))
    elif step == "TUPLE":
        taken = machine.above_mark()
        stack.append(tuple(taken))
    elif step in ("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"):
        machine.memory[len(machine.memory) if argument is None else argument] = stack[-1]
    elif step in ("GET", "BINGET", "LONG_BINGET"):
        stack.append(machine.memory[argument])
    elif step not in ("PROTO", "FRAME"):
        _build(machine, step, argument)


def _build(machine: _Machine, step: str, argument: Any) -> None:
    """Carry out a step that fills or makes something."""
    stack = machine.stack
    if step in ("APPENDS", "ADDITEMS"):
        values = machine.above_mark()
        stack[-1].extend(values)
    elif step == "APPEND":
        values = list(machine.top(1))
        stack[-1].extend(values)
    elif step == "FROZENSET":
        stack.append(machine.above_mark())
    elif step in ("SETITEM", "SETITEMS"):
        values = machine.above_mark() if step == "SETITEMS" else list(machine.top(2))
        pairs = zip(values[::2], values[1::2], strict=True)
        stack[-1].update({k: v for k, v in pairs if isinstance(k, str | int)})
    elif step == "GLOBAL":
        stack.append(_known(*argument.split(" ", 1)))
    elif step == "STACK_GLOBAL":
        stack.append(_known(*machine.top(2)))
    elif step == "REDUCE":
        made, arguments = machine.top(2)
        stack.append(Made(made.kind, arguments))
    elif step == "BUILD":
        (state,) = machine.top(1)
        stack[-1].state = state
    else:
        raise FormatError(f"it has a part ({step}) that no table of arrays needs")


def _known(module: object, name: object) -> Made:
    """What a name in the pickle stands for; raises FormatError for all but arrays."""
    pair = (str(module), str(name))
    if pair not in _KNOWN:
        raise FormatError(
            f"it asks to run {'.'.join(pair)[:100]}, which may harm; files of Cellpose do not"
        )
    return Made(_KNOWN[pair])


_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_NUMBER_STEPS = (
    "BININT",
    "BININT1",
    "BININT2",
    "INT",
    "LONG",
    "LONG1",
    "LONG4",
    "FLOAT",
    "BINFLOAT",
)
_TEXT_STEPS = ("UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "STRING", "BINSTRING")
_BYTE_STEPS = ("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "SHORT_BINSTRING")
_LITERALS = frozenset((*_NUMBER_STEPS, *_TEXT_STEPS, *_BYTE_STEPS))
# A set as a list: to put things into a set calls their hash, which may take for ever.
_EMPTY: dict[str, type] = {
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_SET": list,
    "EMPTY_TUPLE": tuple,
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
