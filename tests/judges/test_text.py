"""Our tickets as text in the eyes of others: `npos` takes the bytes apart, Python's own tables of Big5 read them."""

import json
import socket
import tempfile
import unittest
from pathlib import Path

from programs import SAMPLE_TICKET, run, said, simulated_printer

# What a ticket's bytes are made of as text, and nothing else.
COMMANDS = {"ESC @", "GS P", "FS &", "FS S", "ESC M", "ESC R", "ESC a", "ESC E", "ESC 3", "GS !", "ESC J", "FS .", "GS V"}
PICTURES = {"ESC $", "GS v0"}
QR = b"\x1d(k"
QR_SAYS = b"1P0"


def without_codes(stream):
    """A stream without the commands of its QR codes, and what these say."""
    rest, codes = b"", []
    while (start := stream.find(QR)) >= 0:
        length = int.from_bytes(stream[start + 3 : start + 5], "little")
        parameters = stream[start + 5 : start + 5 + length]
        if parameters.startswith(QR_SAYS):
            codes.append(parameters[len(QR_SAYS) :].decode("ascii"))
        rest, stream = rest + stream[:start], stream[start + 5 + length :]
    return rest + stream, codes


def plain(text):
    """A text without blanks and the ends of its lines: where it is wrapped is not to be judged."""
    return "".join(text.split())


class Text(unittest.TestCase):
    def ticket(self, language):
        """The sample ticket as text: its commands, what is read, its codes, and its blocks."""
        with tempfile.TemporaryDirectory() as folder:
            stem = Path(folder) / "ticket"
            for ending in ["escpos", "json"]:
                run(SAMPLE_TICKET, language, stem.with_suffix(f".{ending}"), "text")
            escpos = stem.with_suffix(".escpos")
            stream, codes = without_codes(escpos.read_bytes())
            escpos.write_bytes(stream)
            done = run("node", "--no-deprecation", Path(__file__).parent / "words.cjs", escpos)
            cut, blocks = json.loads(done.stdout), json.loads(stem.with_suffix(".json").read_text())
        texts = [bytes.fromhex(text) for text in cut["texts"]]
        read = plain("".join(text.decode("big5") for text in texts))
        self.assertEqual(read, plain("".join(text.decode("cp950") for text in texts)))
        return set(cut["commands"]), read, codes, blocks

    def test_the_text_comes_back(self):
        for language in ["zh-Hant-TW", "en"]:
            commands, read, codes, blocks = self.ticket(language)
            self.assertLessEqual(commands, COMMANDS)
            wanted = [block.get("text") or block.get("number") for block in blocks if "qr" not in block]
            missing = [text for text in wanted if plain(text) not in read]
            said("big5 and cp950", f"the {language} ticket", f"{len(wanted) - len(missing)} of {len(wanted)} texts")
            self.assertEqual(missing, [], read)
            self.assertEqual(codes, [block["qr"] for block in blocks if "qr" in block])

    def test_the_chinese_half_of_a_vietnamese_ticket_comes_back(self):
        commands, read, codes, blocks = self.ticket("vi")
        self.assertLessEqual(commands, COMMANDS | PICTURES)
        self.assertLessEqual(PICTURES, commands)
        chinese = [block["text"] for block in blocks if block.get("language") == "zh-Hant-TW"]
        missing = [text for text in chinese if plain(text) not in read]
        said("big5 and cp950", "the vi ticket", f"{len(chinese) - len(missing)} of {len(chinese)} Chinese texts")
        self.assertEqual((missing, len(codes)), ([], 1), read)

    def test_the_code_that_a_printer_makes_comes_back(self):
        with tempfile.TemporaryDirectory() as folder:
            escpos, papers = Path(folder) / "ticket.escpos", Path(folder) / "papers"
            run(SAMPLE_TICKET, "zh-Hant-TW", escpos, "text")
            _, codes = without_codes(escpos.read_bytes())
            with simulated_printer("--papers", papers) as (printer, address):
                with socket.create_connection((address, 9100)) as line:
                    line.sendall(escpos.read_bytes())
                    printer.wait_for("0 rows uncut, 0 unknown commands, last paper 1")
            read = run("zbarimg", "-q", "--raw", papers / "paper-0001.pbm").stdout.decode().split()
        said("zbarimg", "the code of the printer's own", read)
        self.assertEqual(read, codes)


if __name__ == "__main__":
    unittest.main()
