"""Our programs as the judges meet them: started, listened to, ended."""

import contextlib
import os
import random
import signal
import subprocess
import threading
from pathlib import Path

# Where cargo put them.
BUILT = Path(os.environ["STATION_BUILT"])
FIRMWARE_CONFIG = BUILT / "firmware-config"
SAMPLE_TICKET = BUILT / "examples" / "ticket"
NODE_MODULES = Path(__file__).parent / "node_modules"

# For what should come at once; a broken program must not hold up the tests for ever.
PATIENCE_S = 60


def said(judge, subject, verdict):
    """Prints what a judge said."""
    print(f"  {judge}: {subject}: {verdict}", flush=True)


def run(*command, code=0, **options):
    """Runs a program to its end and gives what it printed; another exit code than `code` fails."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, timeout=PATIENCE_S, **options
    )
    if code is not None and done.returncode != code:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout!r} {done.stderr!r}")
    return done


def loopback_address():
    """An address of this machine that nothing else uses: hosts insist on port 9100."""
    return ".".join(["127", *(str(random.randint(1, 254)) for _ in range(3))])


class Background:
    """A program that runs until the end of a `with` block, and the lines it prints."""

    def __init__(self, *command):
        self._command = [str(part) for part in command]
        self._lines = []
        self._changed = threading.Condition()
        self._ended = False

    def __enter__(self):
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()

    def _read(self):
        for line in self._process.stdout:
            with self._changed:
                self._lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def has_said(self, words):
        """Whether there is a line with these words by now."""
        with self._changed:
            return any(words in line for line in self._lines)

    def wait_for(self, words):
        """The first line with these words, once it is there."""
        found = lambda: next((line for line in self._lines if words in line), None)
        with self._changed:
            self._changed.wait_for(lambda: found() is not None or self._ended, PATIENCE_S)
            line = found()
            if line is None:
                raise AssertionError(f"`{words}` was not said: {self._lines}")
            return line


@contextlib.contextmanager
def simulated(profile, *arguments):
    """A simulated device, once it is there."""
    device = Background(FIRMWARE_CONFIG, "simulate", "--profile", profile, *arguments)
    with device:
        device.wait_for("Ctrl-C ends it")
        yield device


@contextlib.contextmanager
def simulated_printer(*arguments):
    """A simulated network printer on port 9100 of an address of its own; gives the device and the address."""
    address = loopback_address()
    with simulated("escpos-80mm", "--tcp", f"{address}:9100", *arguments) as device:
        yield device, address
