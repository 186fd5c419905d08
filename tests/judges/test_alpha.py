"""Alpha signs: an encoder of others, `alphasignpy`, beside ours byte for byte, and driving our sign."""

import os
import select
import tempfile
import threading
import tty
import unittest
from pathlib import Path

from alphasign.commands import ReadString, WriteSpecialFunction, WriteString, WriteText
from alphasign.commands.string_file import parse_read_string_response
from alphasign.packet import Packet
from alphasign.protocol import DELAY, DisplayMode, DisplayPosition, FileProtection, FileType
from programs import FIRMWARE_CONFIG, PATIENCE_S, run, said, simulated

# A TEXT file A that calls a STRING file B with room for 12 characters.
LAYOUT = WriteSpecialFunction.configure_memory(
    [
        {"label": "A", "type": FileType.TEXT, "size": 0x100, "start_time": 0xFF, "stop_time": 0x00},
        {"label": "B", "type": FileType.STRING, "size": 12, "protection": FileProtection.LOCKED},
    ]
)
RUN_A = WriteSpecialFunction.set_run_sequence("SUA")
PAGE = WriteText(b"\x10B", label="A", position=DisplayPosition.MIDDLE_LINE, mode=DisplayMode.HOLD)


def packet(address, *commands):
    """The bytes on the wire; the library's marks for pauses are not sent."""
    whole = Packet(b"Z", f"{address:02X}")
    for command in commands:
        whole.add(command)
    return whole.to_bytes().replace(DELAY, b"")


class Wire:
    """A pseudo-terminal that keeps what a program writes into it."""

    def __enter__(self):
        self._device, self._host = os.openpty()
        tty.setraw(self._host)
        self.port = os.ttyname(self._host)
        self._heard = bytearray()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def _read(self):
        # The error tells that nobody holds the host's end any more.
        try:
            while heard := os.read(self._device, 4096):
                self._heard += heard
        except OSError:
            pass

    def __exit__(self, *_):
        os.close(self._host)
        self._reader.join()
        os.close(self._device)

    @property
    def heard(self):
        """Everything, once the wire is closed."""
        return bytes(self._heard)


class Alpha(unittest.TestCase):
    def test_our_bytes_are_theirs(self):
        # The sign does not answer here, so it is asked twice what it holds.
        question = packet(0x2A, ReadString("B"))
        for name, arguments, expected in [
            ("text", ["A012"], [packet(0x2A, WriteString("A012", "B")), question, question]),
            ("nothing", [""], [packet(0x2A, WriteString("", "B")), question, question]),
            (
                "layout and text",
                ["--prepare", "B034"],
                [
                    packet(0x2A, LAYOUT),
                    packet(0x2A, RUN_A, PAGE),
                    packet(0x2A, WriteString("B034", "B")),
                    question,
                    question,
                ],
            ),
        ]:
            with self.subTest(name):
                with Wire() as wire:
                    show = [FIRMWARE_CONFIG, "show", "--profile", "alpha", "--port", wire.port]
                    run(*show, "--address", "42", *arguments, code=3)
                self.assertEqual(wire.heard, b"".join(expected))
                said("alphasignpy", name, f"all {len(wire.heard)} bytes the same")

    def test_their_bytes_are_understood_by_our_sign(self):
        with tempfile.TemporaryDirectory() as folder:
            port = Path(folder) / "sign"
            with simulated("alpha", "--pty", port, "--address", "42") as sign:
                line = os.open(port, os.O_RDWR | os.O_NOCTTY)
                for commands in [[LAYOUT], [RUN_A, PAGE], [WriteString("C056", "B")]]:
                    os.write(line, packet(0x2A, *commands))
                sign.wait_for('panel 42 shows "C056"')
                os.write(line, packet(0x2A, ReadString("B")))
                answer = b""
                while not answer.endswith(b"\x04"):
                    ready, _, _ = select.select([line], [], [], PATIENCE_S)
                    self.assertTrue(ready, f"our sign stops after {answer!r}")
                    answer += os.read(line, 256)
                self.assertEqual(parse_read_string_response(answer), ("B", b"C056"))
                said("alphasignpy", "what our sign says it holds", parse_read_string_response(answer))
                # Another sign's text is nobody's business.
                os.write(line, packet(0x2B, WriteString("D078", "B")) + packet(0x2A, WriteString("E090", "B")))
                sign.wait_for('panel 42 shows "E090"')
                self.assertFalse(sign.has_said("D078"))
                os.close(line)


if __name__ == "__main__":
    unittest.main()
