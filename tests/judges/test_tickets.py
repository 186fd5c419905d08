"""Our tickets in the eyes of others: `npos` takes the bytes apart, `zbarimg` reads the QR code, `tesseract` the text."""

import json
import os
import socket
import tempfile
import unicodedata
import unittest
from pathlib import Path

from PIL import Image
from programs import SAMPLE_TICKET, run, said, simulated_printer

WIDTH_DOTS = 576
# Of each language the trained model.
MODELS = {"zh-Hant-TW": "chi_tra", "vi": "vie", "th": "tha", "en": "eng"}
# What a ticket's bytes are made of, and nothing else.
COMMANDS = {"ESC @", "GS P", "FS .", "ESC J", "ESC $", "GS v0", "GS V"}


def ticket(folder, language, *way):
    """The sample ticket in a language: the file of its bytes, and its blocks from the document it was drawn from."""
    stem = folder / "-".join([language, *way])
    for ending in ["escpos", "json"]:
        run(SAMPLE_TICKET, language, stem.with_suffix(f".{ending}"), *way)
    return stem.with_suffix(".escpos"), json.loads(stem.with_suffix(".json").read_text())


def decoded(escpos, width_dots=WIDTH_DOTS):
    """The paper as `npos` reads it, and the names of the commands."""
    paper = escpos.with_suffix(".npos.pbm")
    done = run("node", "--no-deprecation", Path(__file__).parent / "decode.cjs", escpos, paper, width_dots)
    return paper, json.loads(done.stdout)


def read_text(picture, model, mode):
    """What `tesseract` reads; mode 6 is a block of lines, 7 one line."""
    # Its threads wait for each other on pictures this small.
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = run("tesseract", picture, "-", "-l", model, "--psm", mode, "--dpi", "203", env=alone)
    return done.stdout.decode()


def lines_of(picture):
    """The lines of the paper, each alone with room around it."""
    image = Image.open(picture).convert("L")
    inked = [image.crop((0, y, image.width, y + 1)).getextrema()[0] == 0 for y in range(image.height)]
    # A mark above or below its letters stands at most two rows off.
    spans, last = [], None
    for y in (y for y, ink in enumerate(inked) if ink):
        if last is not None and y - last <= 3:
            spans[-1][1] = y + 1
        else:
            spans.append([y, y + 1])
        last = y
    for top, end in spans:
        alone = Image.new("L", (image.width, end - top + 40), 255)
        alone.paste(image.crop((0, top, image.width, end)), (0, 20))
        yield alone


def read_lines(picture, model, size):
    """What `tesseract` reads line by line, with the lines at so much of their size."""
    read, alone = [], picture.with_suffix(".line.png")
    for line in lines_of(picture):
        line.resize((round(line.width * size), round(line.height * size)), Image.Resampling.LANCZOS).save(alone)
        read.append(read_text(alone, model, 7))
    return " ".join(read)


def readings(picture, model):
    """Looks at the paper up to three times, as people do with what they cannot read: whole, by the line, and from
    farther off. The models are trained on letters of about 30 rows; larger ones they misread more often."""
    yield read_text(picture, model, 6)
    yield read_lines(picture, model, 1)
    yield read_lines(picture, model, 0.65)


def plain(text, language):
    """A text without what the models do not tell apart, for comparison.

    All write a hyphen for a dash. The Thai one takes the vowel am apart, as compatibility normalisation does. The Chinese
    one writes the narrow forms of wide punctuation, a full stop for the middle dot, and blanks around digits as it sees
    fit: blanks do not count in Chinese. Elsewhere all else counts.
    """
    text = unicodedata.normalize("NFKC", text).replace("\u2013", "-")
    if language != "zh-Hant-TW":
        return " ".join(text.split())
    return "".join(text.split()).replace("\u00b7", ".").replace("\u3002", ".")


def spoken_in(block):
    """The language of a text: what is not translated stands in English."""
    return "en" if block["text"].isascii() else block["language"]


def number_alone(picture):
    """The tallest line of the paper but the QR code: the number."""
    number = sorted(lines_of(picture), key=lambda line: line.height)[-2]
    alone = picture.with_suffix(".number.png")
    number.save(alone)
    return alone


class Tickets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_the_text_comes_back(self):
        for language in MODELS:
            with self.subTest(language):
                escpos, blocks = ticket(self.folder, language)
                paper, _ = decoded(escpos)
                texts = [(spoken_in(block), block["text"]) for block in blocks if "text" in block]
                for spoken in sorted({spoken for spoken, _ in texts}):
                    wanted = [plain(text, spoken) for language_of, text in texts if language_of == spoken]
                    missing, looks, all_read = wanted, 0, []
                    for read in readings(paper, MODELS[spoken]):
                        all_read.append(plain(read, spoken))
                        missing, looks = [text for text in missing if text not in all_read[-1]], looks + 1
                        if not missing:
                            break
                    found = f"{len(wanted) - len(missing)} of {len(wanted)} texts, looks: {looks}"
                    said("tesseract", f"{spoken} on the {language} ticket", found)
                    self.assertEqual(missing, [], all_read)

    def test_the_number_comes_back(self):
        for language in MODELS:
            escpos, blocks = ticket(self.folder, language)
            number = next(block["number"] for block in blocks if "number" in block)
            read = read_text(number_alone(decoded(escpos)[0]), "eng", 7).strip()
            said("tesseract", f"number on the {language} ticket", read)
            self.assertEqual(read, number)

    def test_the_qr_code_comes_back(self):
        for language, *way in [*([language] for language in MODELS), ["zh-Hant-TW", "narrow"]]:
            escpos, blocks = ticket(self.folder, language, *way)
            address = next(block["qr"] for block in blocks if "qr" in block)
            paper, _ = decoded(escpos, 384 if way else WIDTH_DOTS)
            read = run("zbarimg", "-q", "--raw", paper).stdout.decode().split()
            said("zbarimg", " ".join([language, *way]), read)
            self.assertEqual(read, [address])

    def test_npos_and_our_printer_see_the_same_dots(self):
        for language in MODELS:
            escpos, _ = ticket(self.folder, language)
            theirs, commands = decoded(escpos)
            self.assertLessEqual(set(commands), COMMANDS)
            self.assertEqual(commands[-1], "GS V")
            papers = self.folder / f"{language}.papers"
            with simulated_printer("--papers", papers) as (printer, address):
                with socket.create_connection((address, 9100)) as line:
                    line.sendall(escpos.read_bytes())
                    printer.wait_for("0 rows uncut, 0 unknown commands, last paper 1")
            their, our = Image.open(theirs), Image.open(papers / "paper-0001.pbm")
            self.assertEqual(their.width, our.width)
            # The printer's paper goes on to the cutter.
            self.assertEqual(our.crop((0, 0, *their.size)).tobytes(), their.tobytes())
            rest = our.crop((0, their.height, *our.size)).convert("L")
            self.assertEqual(rest.getextrema(), (255, 255))
            said("npos", f"{language} ticket", f"{len(commands)} commands, {their.height} rows, every dot the same")


if __name__ == "__main__":
    unittest.main()
