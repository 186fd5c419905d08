"""Receipt hosts of others print on our simulated printer: `receiptio` (Node) and `python-escpos`."""

import tempfile
import unittest
from pathlib import Path

from escpos.printer import Network
from programs import NODE_MODULES, run, said, simulated_printer

RECEIPT = "^^^A012\n\nCounter 3 | 5 waiting\n---\n{c:https://example.org/t/0123;o:qr}\n"
RECEIPTIO = NODE_MODULES / "receiptio" / "bin" / "cli.js"


def receiptio(address, *arguments):
    """What `receiptio` says became of a receipt."""
    done = run(
        "node", RECEIPTIO, "-d", address, "-p", "escpos", *arguments,
        code=None, input=RECEIPT.encode(),
    )
    return done.stderr.decode().strip()


class ReceiptHosts(unittest.TestCase):
    def test_receiptio_learns_every_state_of_the_printer(self):
        for state, arguments, verdict in [
            ("in order", [], "success"),
            ("near end", ["--fault", "paper-near-end"], "success"),
            ("cover open", ["--fault", "cover-open"], "coveropen"),
            ("paper out", ["--fault", "paper-out"], "paperempty"),
            ("paper out in the middle", ["--paper-left", "100"], "paperempty"),
            ("cutter jammed", ["--fault", "cutter-error"], "error"),
            ("without power", ["--fault", "power-off"], "offline"),
        ]:
            with self.subTest(state), simulated_printer(*arguments) as (printer, address):
                heard = receiptio(address)
                said("receiptio", state, heard)
                self.assertEqual(heard, verdict)
                if verdict == "success":
                    printer.wait_for("0 rows uncut, 0 unknown commands, last paper 1")
                if state == "paper out in the middle":
                    printer.wait_for("100 rows uncut, 0 unknown commands, no paper yet")

    def test_receiptio_asks_for_the_state_alone(self):
        for arguments, verdict in [([], "online"), (["--fault", "cover-open"], "coveropen")]:
            with self.subTest(verdict), simulated_printer(*arguments) as (_, address):
                heard = run("node", RECEIPTIO, "-d", address, "-p", "escpos", "-q", code=None)
                self.assertEqual(heard.stderr.decode().strip(), verdict)

    def test_python_escpos_reads_the_status_and_prints(self):
        for state, arguments, verdict in [
            ("in order", [], (True, 2)),
            ("near end", ["--fault", "paper-near-end"], (True, 1)),
            ("paper out", ["--fault", "paper-out"], (False, 0)),
            ("cover open", ["--fault", "cover-open"], (False, 2)),
        ]:
            with self.subTest(state), simulated_printer(*arguments) as (_, address):
                printer = Network(address, timeout=10, profile="TM-T88III")
                printer.open()
                heard = (printer.is_online(), printer.paper_status())
                printer.close()
                said("python-escpos", state, f"online {heard[0]}, paper {heard[1]}")
                self.assertEqual(heard, verdict)

    def test_python_escpos_prints_every_kind_of_command_we_know(self):
        with tempfile.TemporaryDirectory() as folder:
            papers = Path(folder)
            with simulated_printer("--papers", papers) as (device, address):
                printer = Network(address, timeout=10, profile="TM-T88III")
                printer.open()
                printer.set(align="center", bold=True, double_height=True)
                printer.textln("A012")
                printer.set(align="left")
                printer.qr("https://example.org/t/0123", native=True)
                printer.qr("https://example.org/t/0123", native=False)
                printer.barcode("{B012", "CODE128", function_type="B")
                printer.cut()
                printer.close()
                device.wait_for("0 rows uncut, 0 unknown commands, last paper 1")
                # Both QR codes can be read from the paper: the printer's own and the one that came as a picture.
                read = run("zbarimg", "-q", "--raw", papers / "paper-0001.pbm")
                self.assertEqual(read.stdout.decode().split(), ["https://example.org/t/0123"] * 2)
        said("python-escpos", "text, picture, QR code and bar code", "no unknown command")


if __name__ == "__main__":
    unittest.main()
