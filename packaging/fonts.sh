#!/bin/sh
# Makes the faces in assets/fonts from the distribution's own:
#   apt install fonts-inter fonts-jetbrains-mono fonts-noto-cjk fonts-noto-cjk-extra python3-fonttools
# Run it again when assets/locales/zh-CN has gained characters (a unit test of the window says so).
set -eu
cd "$(dirname "$0")/.."
python3 - <<'PYTHON'
import pathlib
from fontTools import subset
from fontTools.ttLib import TTFont

OUT = pathlib.Path("assets/fonts")
OUT.mkdir(parents=True, exist_ok=True)

# Latin, Latin-1, Latin Extended-A, Greek and Cyrillic letters (machine names), punctuation, arrows, a few signs.
LATIN = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))
LETTERS = set(range(0x384, 0x3CF)) | set(range(0x400, 0x460)) | {0x490, 0x491}
SIGNS = set(range(0x2010, 0x2030)) | {ord(c) for c in "‹›€→←↑↓↔⇄−≠≤≥≈×·•…✓✗▲▼△○●◐⌘⌥⇧⏎√∞�"}

def save(font, name, unicodes, features):
    options = subset.Options()
    options.layout_features = features
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.hinting = not name.startswith("NotoSansSC")
    options.drop_tables += ["DSIG", "meta", "STAT", "BASE", "VORG", "vhea", "vmtx"]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=unicodes)
    maker.subset(font)
    path = OUT / name
    font.save(path)
    print(path, path.stat().st_size, "bytes,", len(font.getBestCmap()), "characters")

def freeze_tabular_digits(font):
    """The toolkit cannot select OpenType features: `tnum` becomes the default form of each character."""
    table = font["GSUB"].table
    wanted = {i for r in table.FeatureList.FeatureRecord if r.FeatureTag == "tnum" for i in r.Feature.LookupListIndex}
    forms = {}
    for i in wanted:
        for part in table.LookupList.Lookup[i].SubTable:
            part = getattr(part, "ExtSubTable", part)
            forms.update(getattr(part, "mapping", {}))
    # Digits and what stands between them in addresses and times. A narrow dot must stay narrow in sentences.
    for cmap in font["cmap"].tables:
        if cmap.isUnicode():
            for code in range(0x30, 0x3A):
                if code in cmap.cmap:
                    cmap.cmap[code] = forms.get(cmap.cmap[code], cmap.cmap[code])

for weight in ("Regular", "Medium", "SemiBold"):
    face = TTFont(f"/usr/share/fonts/opentype/inter/Inter-{weight}.otf")
    freeze_tabular_digits(face)
    # No contextual forms: `->` and `10x20` stay what was typed.
    save(face, f"Inter-{weight}.otf", LATIN | LETTERS | SIGNS, ["kern", "mark", "mkmk", "ccmp", "locl"])

face = TTFont("/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf")
# No ligatures: a command is read character by character.
save(face, "JetBrainsMono-Regular.ttf", LATIN | LETTERS | SIGNS, ["mark", "mkmk", "ccmp"])

# Chinese: what our own texts use, and the 3,755 common characters of GB 2312 level 1 for names of machines.
HAN = set()
for high in range(0xB0, 0xD8):
    for low in range(0xA1, 0xFF):
        try:
            HAN.add(ord(bytes((high, low)).decode("gb2312")))
        except UnicodeDecodeError:
            pass
OWN = {ord(c) for f in pathlib.Path("assets/locales/zh-CN").glob("*.ftl") for c in f.read_text("utf-8") if ord(c) >= 0x80}
WIDE = set(range(0x3000, 0x3018)) | set(range(0xFF01, 0xFF5F)) | {ord("￥"), ord("中"), ord("文"), ord("繁"), ord("體")}
# Titles and buttons hold our own words, and names now and then: those fall back to the regular face.
for weight, characters in (("Regular", HAN | OWN | WIDE), ("Medium", OWN)):
    face = TTFont(f"/usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc", fontNumber=2)
    assert "SC" in face["name"].getDebugName(1), face["name"].getDebugName(1)
    save(face, f"NotoSansSC-{weight}.otf", characters, [])
PYTHON
