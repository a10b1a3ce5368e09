"""Whether what documents quote of commands is what these say: `quoted.py [--write] FILE...`.

Of each block of `console`, each command of an example is run on an empty state, and each line that
follows it, `…` aside, has to be among what it says. A block of `mermaid` behind one is all that its
last command says; `--write` draws it anew. Pictures are compared elsewhere.
"""

import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^( *)```console\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
DRAWN = re.compile(r"^\$ ([^\n]*)\n```\n\n```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def quotes(text):
    """Each command of a document, with the lines that are quoted of it."""
    for indent, block in BLOCK.findall(text):
        command = None
        for line in block.splitlines():
            line = line.removeprefix(indent).rstrip()
            if line.startswith("$ "):
                if command:
                    yield command, lines
                command, lines = shlex.split(line[2:]), []
            elif line and line != "…":
                lines.append(line)
        if command:
            yield command, lines


def said(command, state):
    command = [*command, "--state-dir", state]
    environment = {**os.environ, "INFRA_PASSPHRASE": "of a document"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    # 11: `availability` has found something, which may be what is quoted.
    if done.returncode not in (0, 11):
        sys.exit(f"{shlex.join(command)}: {done.stderr}")
    # What is asked for, and what is said beside it.
    return done.stdout.splitlines(), done.stderr.splitlines()


def drawn(text):
    """A document with its drawings as the commands before them draw."""

    def anew(found):
        with tempfile.TemporaryDirectory() as state:
            lines, _ = said(shlex.split(found[1]), state)
        return found[0].replace(found[2], "".join(f"{line}\n" for line in lines))

    return DRAWN.sub(anew, text)


def main():
    checked, wrong = 0, []
    paths = [it for it in sys.argv[1:] if it != "--write"]
    for path in map(pathlib.Path, paths):
        text = path.read_text()
        if text != drawn(text):
            if "--write" in sys.argv:
                path.write_text(drawn(text))
            else:
                wrong.append(f"{path}: its drawings are old: draw them anew by --write")
        for command, lines in quotes(text):
            if command[:3] != ["cargo", "run", "--example"] or not lines:
                continue
            with tempfile.TemporaryDirectory() as state:
                told = [line.rstrip() for lines_of in said(command, state) for line in lines_of]
            for line in lines:
                checked += 1
                if line not in told:
                    near = difflib.get_close_matches(line, told, 1, 0.4)
                    wrong.append(f"{path}: {shlex.join(command)}\n- {line}\n+ {near[0] if near else ''}")
    if wrong or not checked:
        sys.exit("\n".join(wrong) or "nothing is quoted")
    print(f"{checked} lines are as they are quoted")


main()
