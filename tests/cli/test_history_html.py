from __future__ import annotations

import re

from tests.cli.cases import RENAMED


def test_the_page_is_one_file_that_names_nothing_elsewhere(clone, repo):
    repo.write("schemas/user.avsc", RENAMED)

    ran = clone.run("history", "--html", "out/history.html")
    text = (repo.path / "out" / "history.html").read_text(encoding="utf-8")

    assert ran == (0, f"out/history.html: 1 subject, {len(text) / 1e6:.1f} MB\n", "")
    assert re.findall(r"""(?:src|href)=["']?(?!#|data:)[^"'\s>]+""", text.partition("<script>")[0]) == []
    assert text.isascii() or "\u2028" not in text


def test_the_policy_lets_in_this_style_and_this_script_alone(clone, repo):
    import base64
    import hashlib

    clone.run("history", "--html", "h.html")
    text = (repo.path / "h.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]

    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (script, style)]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_a_page_of_one_subject(clone):
    ran = clone.run("history", "User", "--html", "h.html")

    assert ran.code == 0
    assert clone.run("history", "Nobody", "--html", "h.html").code == 2


def test_what_is_about_the_page_needs_the_page(clone):
    assert clone.run("history", "--offline").code == 2
    assert clone.run("history", "--from", "git").err.startswith(
        "schemagate: --from, --registry and --offline go with --html"
    )
