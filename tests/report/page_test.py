#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The page of --html in a real browser, from a file, with JavaScript switched off. Run by ctest.

What is asked of the page is asked through the browser's debugging channel, which runs code even
where a page may not."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

OPTIONS = None
SIZES = ((360, 800), (800, 1000), (1280, 900))
# What the page is made of; anything else came out of a text.
ELEMENTS = set("""html head meta style title body header main section article h1 h2 h3 h4 p span strong b
small a ul li dl dt dd code pre figure figcaption table thead tbody tr th td fieldset legend label
input""".split())
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "href", "class", "id", "title",
              "aria-label", "scope", "type", "checked"}

# Marks that turn the direction of text, and line ends that editors do not show.
TURNING = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

# Texts whose contrast against what is behind them is too small, as "ratio: text".
CONTRAST = """
function channel(v) { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }
function light(c) { return 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]); }
function parts(c) { return c.match(/[0-9.]+/g).map(Number); }
function behind(e) {
  for (; e; e = e.parentElement) {
    const c = parts(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] === 1) return c;
  }
  return [255, 255, 255];
}
const bad = [];
for (const e of document.body.querySelectorAll('*')) {
  const text = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('');
  if (!text || !e.checkVisibility()) continue;
  const a = light(parts(getComputedStyle(e).color)), b = light(behind(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) bad.push(ratio.toFixed(2) + ': ' + text.slice(0, 40));
}
return bad;
"""


def open_browser(folder):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", "--disable-background-networking", f"--user-data-dir={folder}/profile"):
        options.add_argument(word)
    options.add_experimental_option(
        "prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = Service("/usr/bin/chromedriver", env={**os.environ, "HOME": folder, "TMPDIR": folder})
    return webdriver.Chrome(service=service, options=options)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="platen-page-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        for name, words in (("check", ["check"]), ("all", [])):
            subprocess.run([OPTIONS.sample, *words, f"html={name}.html", f"json={name}.json"],
                           cwd=cls.folder, check=True)
        cls.browser = open_browser(cls.folder)
        cls.addClassCleanup(cls.browser.quit)

    def open(self, name, **media):
        self.look(**media)
        self.browser.get(Path(self.folder, name).as_uri())

    def look(self, width=1280, height=900, **media):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": media.get("media", ""),
            "features": [{"name": "prefers-color-scheme", "value": media.get("scheme", "light")}]})
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def ask(self, script):
        return self.browser.execute_script(script)

    def texts(self, selector):
        return self.ask(f"return [...document.querySelectorAll({json.dumps(selector)})]"
                        ".map(e => e.textContent)")

    def events(self, name):
        with open(Path(self.folder, name), "rb") as file:
            return [json.loads(line) for line in file]

    def shown(self, selector):
        return self.ask(f"return [...document.querySelectorAll({json.dumps(selector)})]"
                        ".filter(e => e.checkVisibility()).length")

    def test_scripts_are_off(self):
        Path(self.folder, "script.html").write_text("<title>off</title><script>document.title='on'</script>")
        self.open("script.html")
        self.assertEqual(self.browser.title, "off")

    def test_nothing_is_loaded_and_nothing_complained_of(self):
        for name in ("check.html", "all.html"):
            for log in ("browser", "performance"):
                self.browser.get_log(log)
            self.open(name)
            self.assertEqual(self.browser.get_log("browser"), [])
            requests = [json.loads(entry["message"])["message"]
                        for entry in self.browser.get_log("performance")]
            urls = {event["params"]["request"]["url"] for event in requests
                    if event["method"] == "Network.requestWillBeSent"}
            self.assertEqual(urls, {Path(self.folder, name).as_uri()})

    def test_texts_stay_texts(self):
        for name in ("check.html", "all.html"):
            self.open(name)
            self.assertNotEqual(self.browser.title, "taken")
            elements, attributes = self.ask(
                "const all = [...document.querySelectorAll('*')];"
                "return [all.map(e => e.localName), all.flatMap(e => e.getAttributeNames())]")
            self.assertLessEqual(set(elements), ELEMENTS)
            self.assertLessEqual(set(attributes), ATTRIBUTES)
            self.assertEqual(self.ask("return document.compatMode"), "CSS1Compat")
            for text in self.texts("body"):
                self.assertEqual([c for c in text if c in TURNING
                                  or unicodedata.category(c) == "Cc" and c != "\n"], [])

    def test_hostile_names_are_shown_as_they_are(self):
        self.open("all.html")
        names = {line["test"] for line in self.events("all.json") if line["event"] == "test-end"}
        plain = {name for name in names if name.isprintable() and name}
        self.assertIn("</script><script>document.title = 'taken'</script>", plain)
        self.assertGreater(len(plain), 25)
        self.assertLessEqual(plain, set(self.texts("#all th *")))

    def test_the_matrix(self):
        self.open("check.html")
        ends = [line for line in self.events("check.json") if line["event"] == "test-end"]
        expected = {line["test"].split()[0]: line["verdict"] for line in ends}
        cells = self.ask("return [...document.querySelectorAll('#matrix li a')].map("
                         "a => [a.children[0].textContent, a.children[1].textContent, a.className,"
                         " document.querySelector(a.getAttribute('href')) !== null])")
        self.assertEqual({rule: word for rule, word, _, _ in cells}, expected)
        self.assertEqual(len(cells), 82)
        self.assertTrue(all(word == style and found for _, word, style, found in cells))
        groups = [line["file"] for line in self.events("check.json") if line["event"] == "file-begin"]
        self.assertEqual([text.split()[0] for text in self.texts("#matrix h3")],
                         [group for group in groups])

    def test_what_the_head_says(self):
        self.open("check.html")
        self.assertEqual(self.browser.title, "platen check build/ports/acme mon.dll")
        self.assertEqual(self.texts("h1"), ["build/ports/acme mon.dll"])
        self.assertEqual(self.texts(".outcome"),
                         ["1 of 82 rules is broken; 1 passed unexpectedly; 1 could not be judged. "
                          "2 not tried."])
        self.assertEqual(sorted(self.texts(".counts li")), sorted(
            ["1 failed", "1 passed unexpectedly", "1 could not be judged", "1 with a warning",
             "75 passed", "1 failed as expected", "2 skipped"]))

    def test_a_finding(self):
        self.open("check.html")
        self.assertEqual(self.texts("#broken .rule"), ["R12", "R40", "R51"])
        self.assertEqual(self.texts("#warned .rule"), ["R17"])
        self.assertEqual(self.texts("#expected .rule"), ["R15"])
        facts = dict(zip(self.texts("#R12 dt"), self.texts("#R12 dd")))
        self.assertEqual(facts["Got"], "a byte behind the buffer was written: pPorts[41]")
        self.assertEqual(facts["Run it again"], 'platen check "build/ports/acme mon.dll" R12')
        self.assertEqual(set(facts), {"Called", "Expected", "Got", "Run it again", "The rule", "Source"})
        self.assertEqual(len(self.texts("#R12 pre")[0].splitlines()), 3)
        self.assertIn("the spooler crashes later", self.texts("#R12 .effect")[0])
        self.assertEqual(self.texts("#R12 .badge"), ["MUST", "failed"])
        self.assertEqual(self.texts("#R17 dd")[:2], ["EnumPorts Level=3 pPorts=NULL cbBuf=0",
                                                     "FALSE ERROR_INVALID_LEVEL"])

    def test_the_list_shows_what_is_chosen(self):
        self.open("check.html")
        self.assertEqual(self.shown("#all tbody tr"), 82)
        self.assertIn("no port takes its target from the job", self.texts("#R32 .why"))
        for choice, count in (("skip", 2), ("fail", 1), ("pass", 75), ("all", 82)):
            self.browser.find_element(By.ID, f"show-{choice}").click()
            self.assertEqual(self.shown("#all tbody tr"), count)

    def test_keys_are_enough(self):
        self.open("check.html")
        body = self.browser.find_element(By.TAG_NAME, "body")
        for _ in range(6):
            body.send_keys(Keys.TAB)
            body = self.browser.switch_to.active_element
        self.assertEqual(body.get_attribute("title"), "Settings go through MONITORREG only: passed")
        self.assertNotEqual(self.ask("return getComputedStyle(document.activeElement).outlineStyle"), "none")
        self.ask("document.querySelector('a.fail').focus()")
        self.browser.switch_to.active_element.send_keys(Keys.ENTER)
        self.assertTrue(self.browser.current_url.endswith("#R12"))
        self.assertTrue(self.ask("const at = document.querySelector('#R12').getBoundingClientRect();"
                                 "return at.top >= 0 && at.top < innerHeight"))

    def test_it_is_readable_at_any_width_and_in_any_light(self):
        for name in ("check.html", "all.html"):
            self.open(name)
            for scheme in ("light", "dark"):
                for width, height in SIZES:
                    self.look(width, height, scheme=scheme)
                    self.assertEqual(*self.ask("const page = document.documentElement;"
                                               "return [page.scrollWidth, page.clientWidth]"))
                self.assertEqual(self.ask(CONTRAST), [])

    def test_on_paper(self):
        self.open("check.html", media="print", scheme="dark")
        self.assertEqual(self.shown(".choice"), 0)
        self.assertEqual(self.shown("#all tbody tr"), 82)
        self.assertEqual(self.ask("return getComputedStyle(document.body).backgroundColor"),
                         "rgb(255, 255, 255)")
        self.assertEqual(self.ask(CONTRAST), [])

    def test_headings_and_names(self):
        for name in ("check.html", "all.html"):
            self.open(name)
            levels = [int(level[1]) for level in
                      self.ask("return [...document.querySelectorAll('h1,h2,h3,h4')].map(e => e.localName)")]
            self.assertEqual(levels[0], 1)
            self.assertEqual(levels.count(1), 1)
            self.assertTrue(all(b - a <= 1 for a, b in zip(levels, levels[1:])))
            ids = self.ask("return [...document.querySelectorAll('[id]')].map(e => e.id)")
            self.assertEqual(len(set(ids)), len(ids))
            self.assertEqual(self.ask("return [...document.querySelectorAll('a')].filter("
                                      "a => !document.getElementById(a.hash.slice(1))).length"), 0)
            self.assertEqual(self.ask("return document.documentElement.lang"), "en")


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
