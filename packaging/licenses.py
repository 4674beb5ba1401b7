#!/usr/bin/env python3
"""Prints the licences of everything that a build contains: packaging/licenses.py [--target TRIPLE]

One text is printed once, with all packages that it covers. Texts come from the packages themselves; those that ship
none stand under the plain text of the licence that they declare, which others of them ship, with their authors. The
fonts of the program stand at the end.
"""
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMES = ("licen", "copying", "notice", "unlicense", "copyright")


def packages(target):
    command = ["cargo", "metadata", "--format-version=1", "--locked"]
    if target:
        command += ["--filter-platform", target]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    nodes = {node["id"]: node for node in told["resolve"]["nodes"]}
    # What only tests and build scripts use is not in the program.
    seen, open_ids = set(), [told["resolve"]["root"]]
    while open_ids:
        package = open_ids.pop()
        if package in seen:
            continue
        seen.add(package)
        for edge in nodes[package]["deps"]:
            if any(kind["kind"] is None for kind in edge["dep_kinds"]):
                open_ids.append(edge["pkg"])
    own = told["resolve"]["root"]
    return sorted((p for p in told["packages"] if p["id"] in seen and p["id"] != own), key=lambda p: (p["name"], p["version"]))


def texts(package):
    folder = pathlib.Path(package["manifest_path"]).parent
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.lower().startswith(NAMES) and path.suffix.lower() in ("", ".txt", ".md"):
            yield path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip()


def plain(covered, licence):
    """The text of `licence` without anybody's name, from a package that ships it; None where none does."""
    start = {"MIT": "Permission is hereby granted, free of charge", "Apache-2.0": "Apache License", "BSL-1.0": "Boost Software License"}[licence]
    for text in covered:
        if start in text[:400] and (licence != "MIT" or text.rstrip().endswith("SOFTWARE.")):
            return text[text.index(start):]
    return None


def chosen(package):
    """Which of the licences that a package offers is taken."""
    offered = (package["license"] or "").replace("/", " OR ").split(" OR ")
    return next((licence for licence in ("MIT", "Apache-2.0", "BSL-1.0") if licence in offered), None)


def main():
    target = sys.argv[2] if sys.argv[1:2] == ["--target"] else None
    sys.stdout.reconfigure(encoding="utf-8")
    covered, bare = collections.OrderedDict(), collections.OrderedDict()
    for package in packages(target):
        label = f'{package["name"]} {package["version"]} ({package["license"] or "see its text"})'
        found = list(texts(package))
        for text in found:
            covered.setdefault(text, []).append(label)
        if not found:
            authors = ", ".join(package["authors"]) or f'the authors of {package["name"]}'
            bare.setdefault(chosen(package), []).append(f"{label}, copyright {authors}")
    for path in sorted((ROOT / "assets/fonts").glob("*.txt")):
        covered.setdefault(path.read_text(encoding="utf-8").strip(), []).append(f"font: {path.stem}")
    print("VM Net Doctor contains the work of others, under the following licences.\n")
    for text, labels in covered.items():
        print("=" * 100)
        print("\n".join(labels))
        print("-" * 100)
        print(text, end="\n\n")
    for licence, labels in bare.items():
        text = licence and plain(covered, licence)
        if not text:
            sys.exit("no text for: " + ", ".join(labels))
        print("=" * 100)
        print("\n".join(labels))
        print("-" * 100)
        print(text, end="\n\n")


main()
