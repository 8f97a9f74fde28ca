"""Builds the two fonts of the charts: Noto Sans SC, completed by Noto Sans, as "Qingdan Sans SC".

    pip install fonttools
    npm pack @expo-google-fonts/noto-sans-sc @expo-google-fonts/noto-sans      (unpack both)
    python subset.py NOTO_SANS_SC_FOLDER NOTO_SANS_FOLDER

Noto Sans SC lacks the subscript digits of CO₂ and PM₂.₅, and the whole family is 10 MB a weight; so it is cut
down to what an inventory writes, and the few missing characters come from Noto Sans, which has the same em.
The family has a name of its own because a changed font must not carry a reserved name (OFL, paragraph 3).
"""

import sys
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

FAMILY = "Qingdan Sans SC"
COPYRIGHT = (
    "Noto Sans SC: Copyright 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'. "
    "Noto Sans: Copyright 2022 The Noto Project Authors (https://github.com/notofonts/latin-greek-cyrillic)."
)
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}

# All 7 445 characters of GB 2312: the common Chinese of plans and tables.
GB2312 = {bytes([high, low]).decode("gb2312", "ignore") for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF)} - {""}

# Subscripts, superscripts, Greek, arrows, operators, circled numbers, full-width forms, € ㎡ ㎥.
SIGNS = set(map(chr, [
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x370, 0x400), *range(0x2010, 0x2028), *range(0x2030, 0x203B),
    *range(0x2070, 0x209D), *range(0x2100, 0x2150), *range(0x2190, 0x219A), *range(0x2200, 0x2270),
    *range(0x2460, 0x2474), *range(0x3000, 0x3018), *range(0xFF00, 0xFFEF), 0x20AC, 0x33A1, 0x33A5,
]))

# Two more that names of places and people are known to need, and the signs of tables of measures.
NAMES = set("堃㛃✓✗⊃")

# Characters of provinces, cities, counties, townships and streets that GB 2312 lacks.
PLACES = set(
    "㙍㙦㮾㯊㳇㵲䃥䢺伾俵倴僰剅勍咇嘡圐圙坬垇垕垞垟垯垱垵垾埇埌埗埫堌堎堨堽塅塚塝墕墘奓尓岞峃崀崄嵖巉巺廻"
    "弶旴旸昄朳枹栟桲椑榃氾汈汫汭沚泃洈洑洣洩洸洺浉浛浬浭浰涢涴淯滍滘漈漋漖漷漹澥澴濛瀂瀍瀼烔燊牁牂牤猇獏"
    "玕琯璪甪甽畖癿砲硍硚碁碶磏磑磜磻礐祐禇窊竜筜筸筼篢簕耈脿舲荄荍菉萩蔈蔴蔵虒輋邨邽郚郪鄌鄚鄠酂骔髙鮀鮜"
    "鲊鲖鲹鴜鷺"
)


def cut(source, target, characters):
    """Keeps `characters` of one font, and none of the tables that charts do not use."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["vhea", "vmtx", "GPOS", "GSUB", "GDEF", "BASE", "DSIG", "meta", "STAT"]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(map(ord, characters)))
    subsetter.subset(font)
    subset.save_font(font, target, options)


def rename(font, weight):
    """Gives the merged font its own name; the copyright names both parts, the licence record stays."""
    for record in list(font["name"].names):
        if record.nameID not in (0, 1, 2, 4, 6, 13, 14):
            font["name"].removeNames(nameID=record.nameID)
    names = {0: COPYRIGHT, 1: FAMILY, 2: weight, 4: f"{FAMILY} {weight}", 6: f"{FAMILY.replace(' ', '')}-{weight}"}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["head"].created = font["head"].modified = 3_786_912_000  # fixed, so that the same input gives the same bytes
    font.recalcTimestamp = False


def build(weight, folder_name, chinese_folder, latin_folder):
    chinese = Path(chinese_folder, folder_name, f"NotoSansSC_{folder_name}.ttf")
    latin = Path(latin_folder, folder_name, f"NotoSans_{folder_name}.ttf")
    has_chinese, has_latin = (TTFont(path, lazy=True).getBestCmap() for path in (chinese, latin))
    wanted = GB2312 | SIGNS | NAMES | PLACES
    parts = [Path(f"{weight}-chinese.part"), Path(f"{weight}-latin.part")]
    cut(chinese, parts[0], {c for c in wanted if ord(c) in has_chinese})
    cut(latin, parts[1], {c for c in wanted if ord(c) not in has_chinese and ord(c) in has_latin})
    font = merge.Merger().merge([str(part) for part in parts])
    rename(font, weight)
    target = Path(__file__).with_name(f"{FAMILY.replace(' ', '')}-{weight}.ttf")
    font.save(target)
    for part in parts:
        part.unlink()
    print(f"{target.name}: {len(font.getGlyphOrder())} glyphs, {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    for weight, folder_name in WEIGHTS.items():
        build(weight, folder_name, *sys.argv[1:3])
