"""A process that has imported the product once and forks a child for every run.

Importing takes longer than a run of a small company, and a process that runs tests has threads and
cannot be forked. A child is a real process: it can be killed, it can hold and lose the lock, it
ends with an exit code. It arms its fault as a user's command would, by the environment.

Started as a program with the modules to import. Speaks JSON lines: {"call": "module:function",
"arguments": [...], "fault": "point:action", "output": file} answers {"pid": n}; {"wait": n} answers
{"status": exit code, or minus the signal}.
"""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ended:
    """How a child ended (exit code, or minus the signal) and what it printed."""

    status: int
    output: str


class ForkServer:
    """The test's side: starts the server, asks for runs, waits for them."""

    def __init__(self, modules: list[str], scratch: Path, **environment: str) -> None:
        """Import `modules` in a new process; `scratch` takes what children print."""
        self._scratch = scratch
        self._outputs: dict[int, Path] = {}
        self._number = 0
        paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, __file__, *modules], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env=os.environ | environment | {
                "PYTHONPATH": os.pathsep.join(filter(None, paths))})
        self._read()

    @property
    def pid(self) -> int:
        """The server's process, whose limits its children inherit."""
        return self._process.pid

    def start(self, call: str, *arguments: str, fault: str = "") -> int:
        """Fork a child that calls `module:function` with arguments; its process id."""
        self._number += 1
        output = self._scratch / f"output-{self._number}"
        pid = self._ask(call=call, arguments=arguments, fault=fault, output=str(output))["pid"]
        self._outputs[pid] = output
        return int(pid)

    def wait(self, pid: int) -> Ended:
        """Wait for a child."""
        status = self._ask(wait=pid)["status"]
        return Ended(status, self._outputs.pop(pid).read_text(encoding="utf-8"))

    def run(self, call: str, *arguments: str, fault: str = "") -> Ended:
        """Fork a child and wait for it."""
        return self.wait(self.start(call, *arguments, fault=fault))

    def close(self) -> None:
        """End the server."""
        self._process.communicate()

    def _ask(self, **question: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the fork server died"
        answer: dict[str, Any] = json.loads(line)
        return answer


# -- the server's side -------------------------------------------------------------------------


def main() -> None:
    """Import, say so, and serve until the end of the input."""
    for name in sys.argv[1:]:
        importlib.import_module(name)
    _say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            _, status = os.waitpid(asked["wait"], 0)
            _say({"status": os.waitstatus_to_exitcode(status)})
        else:
            _say({"pid": _fork(asked)})


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)


def _fork(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for standard, replacement in ((0, nothing), (1, output), (2, output)):
            os.dup2(replacement, standard)
        os.environ["CUSTOMER360_FAULT"] = asked["fault"]
        sys.argv = ["customer360", *asked["arguments"]]
        module, function = asked["call"].split(":")
        getattr(importlib.import_module(module), function)()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
