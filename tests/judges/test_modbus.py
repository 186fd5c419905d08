"""Modbus masters of others and our panels; our master and a slave of others: `pymodbus` and `mbpoll`."""

import asyncio
import contextlib
import logging
import tempfile
import threading
import unittest
from pathlib import Path

from programs import FIRMWARE_CONFIG, PATIENCE_S, Background, run, said, simulated
from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ModbusIOException
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

TEXT = 0x70
# It tells of each refusal at length; the tests look at what it does.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)


def words(text):
    """Two characters a register, as LED-485 panels take them."""
    return [int.from_bytes(text[at : at + 2].encode(), "big") for at in range(0, len(text), 2)]


@contextlib.contextmanager
def cable(folder):
    """Two ends of a serial line."""
    ends = [folder / "host", folder / "device"]
    with Background("socat", "-d", "-d", *(f"pty,raw,echo=0,link={end}" for end in ends)) as line:
        line.wait_for("starting data transfer loop")
        yield ends


class Slave:
    """A slave of `pymodbus` at an address, and the frames that went over its line."""

    def __init__(self, port, address, registers):
        blocks = [SimData(at, values=value, datatype=DataType.REGISTERS) for at, value in registers.items()]
        self._device = SimDevice(id=address, simdata=blocks)
        self._port = str(port)
        self._is_up = threading.Event()
        self.frames = []

    def __enter__(self):
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        if not self._is_up.wait(PATIENCE_S):
            raise AssertionError("the slave does not start")
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _serve(self):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = ModbusSerialServer(
            self._device, port=self._port, baudrate=9600, trace_packet=self._trace, ignore_missing_devices=True
        )
        await server.serve_forever(background=True)
        self._is_up.set()
        await self._end.wait()
        await server.shutdown()

    def _trace(self, is_sent, frame):
        self.frames.append(("slave" if is_sent else "master", frame.hex(" ")))
        return frame


class Modbus(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_pymodbus_drives_our_panel(self):
        port = self.folder / "panel"
        with simulated("led-485", "--pty", port, "--address", "7") as panel:
            client = ModbusSerialClient(str(port), baudrate=9600, timeout=2, retries=0)
            self.assertTrue(client.connect())
            self.assertFalse(client.write_registers(TEXT, words("A012  "), device_id=7).isError())
            panel.wait_for('panel 7 shows "A012"')
            self.assertFalse(client.write_register(0, 50, device_id=7).isError())
            panel.wait_for('panel 7 shows "50"')
            refused = client.write_register(0x44, 1, device_id=7)
            said("pymodbus", "a register that the panel does not have", refused)
            self.assertEqual(refused.exception_code, 2)
            refused = client.read_holding_registers(0, device_id=7)
            said("pymodbus", "a question to a panel that answers none", refused)
            self.assertEqual(refused.exception_code, 1)
            with self.assertRaises(ModbusIOException):
                client.write_register(0, 51, device_id=8)
            client.close()
        said("pymodbus", "text and number on our panel, and on another's", "written, silent")

    def test_pymodbus_reads_and_writes_our_card(self):
        port = self.folder / "card"
        with simulated("led-card", "--pty", port, "--address", "3"):
            client = ModbusSerialClient(str(port), baudrate=9600, timeout=2, retries=0)
            self.assertTrue(client.connect())
            self.assertEqual(client.read_holding_registers(41, device_id=3).registers, [3])
            self.assertFalse(client.write_register(29, 6, device_id=3).isError())
            self.assertEqual(client.read_holding_registers(29, device_id=3).registers, [6])
            client.close()

    def test_mbpoll_reads_and_writes_our_card(self):
        port = self.folder / "card"
        mbpoll = ["mbpoll", "-m", "rtu", "-b", "9600", "-P", "none", "-a", "3", "-0", "-1", "-o", "2", "-t", "4"]
        with simulated("led-card", "--pty", port, "--address", "3"):
            written = run(*mbpoll, "-r", "29", port, "8").stdout.decode()
            said("mbpoll", "register 29 of our card", written.strip().splitlines()[-1])
            read = run(*mbpoll, "-r", "29", port).stdout.decode()
            said("mbpoll", "register 29 of our card", read.strip().splitlines()[-1])
            self.assertRegex(read, r"\[29\]:\s+8")
            refused = run(*mbpoll, "-r", "99", port, code=None)
            said("mbpoll", "a register that the card does not have", refused.stderr.decode().strip().splitlines()[-1])
            self.assertIn("Illegal data address", refused.stderr.decode())

    def test_mbpoll_shows_a_text_on_our_panel(self):
        port = self.folder / "panel"
        with simulated("led-485", "--pty", port, "--address", "1") as panel:
            run(
                "mbpoll", "-m", "rtu", "-b", "9600", "-P", "none", "-a", "1", "-0", "-o", "2", "-t", "4:hex",
                "-r", TEXT, port, *(hex(word) for word in words("B034  ")),
            )
            panel.wait_for('panel 1 shows "B034"')

    def test_our_master_writes_a_slave_of_pymodbus(self):
        with cable(self.folder) as (host, device), Slave(device, 5, {TEXT: words("      ")}) as slave:
            done = run(FIRMWARE_CONFIG, "show", "--profile", "led-485", "--port", host, "--address", "5", "A012")
            said("pymodbus", "our master", done.stdout.decode().strip())
            self.assertIn("shown, as the panel says", done.stdout.decode())
            self.assertEqual(
                slave.frames,
                [
                    ("master", "05 10 00 70 00 03 06 41 30 31 32 20 20 12 11"),
                    ("slave", "05 10 00 70 00 03 80 57"),
                ],
            )

    def test_our_master_understands_refusals(self):
        with cable(self.folder) as (host, device), Slave(device, 5, {0: 0}):
            show = [FIRMWARE_CONFIG, "show", "--profile", "led-485", "--port", host]
            refused = run(*show, "--address", "5", "A012", code=2)
            said("pymodbus", "a text where it has no register", refused.stdout.decode().strip())
            self.assertIn("exception 02: no such register", refused.stdout.decode())
            # A slave is silent when another is asked (Modbus over Serial Line 1.02, 2.1). This one has a failure.
            other = run(*show, "--address", "6", "A012", code=2).stdout.decode()
            said("pymodbus", "a text for another slave", other.strip())
            self.assertIn("exception 04: device failure", other)

    def test_our_settings_of_a_card_of_pymodbus(self):
        # 29 modules, 35 font, 37 speed, 41 address; 42 saves.
        registers = {29: 4, 35: 0, 37: 5, 41: 3, 42: 0}
        with cable(self.folder) as (host, device), Slave(device, 3, registers) as slave:
            targets = self.folder / "targets.toml"
            targets.write_text(
                f'[[target]]\nname = "card"\nprofile = "led-card"\naddress = 3\nlink = {{ serial = "{host}" }}\n'
            )
            desired = self.folder / "hall.toml"
            desired.write_text("[card]\nmodules = 6\n")
            done = run(FIRMWARE_CONFIG, "apply", desired, "--yes", "--targets", targets)
            said("pymodbus", "our `apply`", done.stdout.decode().strip().splitlines()[0])
            run(FIRMWARE_CONFIG, "verify", desired, "--targets", targets)
            writes = [frame for who, frame in slave.frames if who == "master" and frame.startswith("03 06")]
            # The new value, then the save.
            self.assertEqual([frame[:17] for frame in writes], ["03 06 00 1d 00 06", "03 06 00 2a 00 01"])


if __name__ == "__main__":
    unittest.main()
