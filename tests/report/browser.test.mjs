// The finished page in a real browser: every section draws, nothing is requested, downloads work.
// Needs NPCSIM_MAKE_PAGE (program), NPCSIM_CHROMIUM (program), NPCSIM_PAGE_DIR (folder that may be
// written).
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { browse, clean_up, figure_of, section_of, self_check_of, work } from "./browser.mjs";

const { NPCSIM_MAKE_PAGE: make_page, NPCSIM_PAGE_DIR: folder } = process.env;
const here = dirname(fileURLToPath(import.meta.url));
const data_file = join(folder, "fixture.json");
const page_file = join(folder, "report.html");

const sections = [
  "survival",
  "tables",
  "risk_classes",
  "forest",
  "benefit",
  "occupancy",
  "swimmer",
  "treatment",
  "cycles",
  "toxicity",
  "assumed",
  "inputs",
  "sources",
  "notes",
];
const figures = [
  "survival-PFS",
  "survival-OS",
  "classes-OS-median",
  "forest-PFS",
  "forest-OS",
  "benefit-PFS",
  "benefit-PFS-factors",
  "occupancy",
  "swimmer",
  "treatment-share",
  "treatment-months",
  "cycles-chemotherapy",
  "cycles-antibody",
  "toxicity",
];

let seen;
let check;
let data;

before(() => {
  const json = execFileSync(process.execPath, [join(here, "fixture.mjs")], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  writeFileSync(data_file, json);
  data = JSON.parse(json);
  execFileSync(make_page, [data_file, page_file]);
  seen = browse(`file://${page_file}#self-check`, "--dump-dom");
  check = self_check_of(seen.dom);
});
after(clean_up);

describe("the report page", () => {
  it("logs no error and no warning", () => assert.deepEqual(seen.console, []));

  it("asks the network for nothing", () => {
    writeFileSync(
      join(work, "chatty.html"),
      "<!doctype html><img src='http://example.invalid/x.png'>",
    );
    assert.deepEqual(
      browse(`file://${join(work, "chatty.html")}`, "--dump-dom").requests,
      ["http://example.invalid/x.png"],
      "a request would be seen",
    );
    assert.deepEqual(seen.requests, []);
    assert.deepEqual(check?.requests, []);
  });

  it("shows every section that has data, with a picture, a table or text", () => {
    for (const id of sections) {
      assert.match(section_of(seen.dom, id), /<svg|<table|<dl|<ul/, id);
      assert.ok(seen.dom.includes(`<a href="#${id}"`), `${id} is in the contents`);
    }
  });

  it("gives each figure a name for those who do not see it", () => {
    for (const id of figures)
      assert.match(
        figure_of(seen.dom, id),
        /<svg[^>]*role="img"[^>]*aria-label="[^"]{30,}"|<svg[^>]*aria-label="[^"]{30,}"[^>]*role="img"/,
        id,
      );
  });

  it("shows markup in the data as text", () => {
    assert.match(seen.dom, /<title>Synthetic run for the page tests<\/title>/);
    assert.ok(seen.dom.includes("&lt;/script&gt;&lt;script&gt;document.title"));
    assert.ok(seen.dom.includes("&lt;b&gt;Markup in the data is shown as text.&lt;/b&gt;"));
  });

  it("says that it is a projection and not medical advice, and lists what is assumed", () => {
    assert.match(seen.dom, /class="banner"[\s\S]{0,200}Not medical advice/);
    assert.match(seen.dom, /2 numbers are assumptions/);
    for (const { name } of data.assumed) assert.ok(section_of(seen.dom, "assumed").includes(name));
  });

  // 0.5 s on an idle machine; the limit leaves room for a busy one and still catches a picture
  // that has become slow.
  it("is drawn at once", () => assert.ok(check.drawn_ms < 3000, `${check.drawn_ms} ms`));
});

describe("the downloads", () => {
  it("exist for every figure and hold more than a heading", () => {
    assert.deepEqual(check.figures.map((f) => f.id).sort(), [...figures].sort());
    for (const f of check.figures) {
      assert.ok(f.svg > 3000, `${f.id}: SVG of ${f.svg} characters`);
      assert.ok(f.png > 3000, `${f.id}: PNG of ${f.png} bytes`);
      assert.ok(f.csv_lines > 2, `${f.id}: CSV of ${f.csv_lines} lines`);
    }
  });

  it("say what they are, of which run, and that they are projections", () => {
    for (const f of check.figures) {
      assert.ok(f.title.length > 10, f.id);
      assert.equal(
        f.foot,
        "npcsim model projection, not medical advice · synthetic · seed 20240217 · 2,000 patients",
      );
    }
    const title = (id) => check.figures.find((f) => f.id === id).title;
    assert.equal(title("survival-OS"), "Overall survival");
    assert.match(figure_of(seen.dom, "survival-OS"), />Share without event</);
  });

  it("name no colour of the page and no failed number", () => {
    for (const f of check.figures) assert.equal(f.unresolved, 0, f.id);
  });

  it("hold one line for every row of the data", () => {
    const lines = (id) => check.figures.find((f) => f.id === id).csv_lines - 1;
    assert.equal(lines("forest-PFS"), data.forest[0].rows.length);
    assert.equal(lines("classes-OS-median"), data.risk_classes[0].rows.length);
    assert.equal(lines("toxicity"), data.toxicity.length);
    assert.equal(
      lines("survival-PFS"),
      data.survival[0].curves.reduce((n, c) => n + c.months.length, 0),
    );
    assert.equal(lines("benefit-PFS"), data.benefit.patients.length);
    for (const t of data.tables)
      assert.equal(check.tables.find((c) => c.id === t.id).csv_lines - 1, t.rows.length);
  });
});

describe("the pictures", () => {
  const number = "(-?[0-9.]+(?:e-?[0-9]+)?)";

  it("put each estimate of the forest on the line of its label", () => {
    const picture = figure_of(seen.dom, "forest-PFS");
    const dots = [...picture.matchAll(/<g aria-label="dot"[\s\S]*?<\/g>/g)]
      .map((m) => m[0])
      .join("");
    const places = [
      ...dots.matchAll(new RegExp(`<path transform="translate\\(${number},${number}\\)"`, "g")),
    ].map((m) => ({ x: +m[1], y: +m[2] }));
    const rows = data.forest[0].rows;
    assert.equal(places.length, rows.length);
    for (const row of rows) {
      const text = [
        ...picture.matchAll(
          new RegExp(`<text x="${number}" y="${number}"[^>]*>([^<]*)</text>`, "g"),
        ),
      ].find((m) =>
        m[3].startsWith(`${row.hr.toFixed(2)} (${row.lo.toFixed(2)} to ${row.hi.toFixed(2)})`),
      );
      if (!text) continue;
      const near = places.filter((p) => Math.abs(p.y + 4 - Number(text[2])) < 2);
      assert.equal(near.length, 1, `one estimate on the line of ${row.subgroup} ${row.label}`);
    }
    // Smaller ratios stand further left: the order of the points is the order of the numbers.
    const by_line = places.slice().sort((a, b) => a.y - b.y);
    const expected = rows.map((r) => r.hr);
    for (let i = 1; i < by_line.length; ++i) {
      if (Math.abs(expected[i] - expected[0]) > 0.01)
        assert.equal(by_line[i].x > by_line[0].x, expected[i] > expected[0], `row ${i}`);
    }
  });

  it("start every survival curve at the upper left and never let it rise", () => {
    const group = /<g aria-label="line"[\s\S]*?<\/g>/g;
    const curves = [...figure_of(seen.dom, "survival-PFS").matchAll(group)].flatMap((g) =>
      [...g[0].matchAll(/<path [^>]*?d="([^"]+)"/g)].map((m) => m[1]),
    );
    assert.equal(curves.length, data.strategies.length);
    const starts = new Set(curves.map((d) => d.slice(0, d.indexOf("L"))));
    assert.equal(starts.size, 1);
    for (const d of curves) {
      const heights = [...d.matchAll(/[ML]?(-?[0-9.]+),(-?[0-9.]+)/g)].map((m) => Number(m[2]));
      for (let i = 1; i < heights.length; ++i) assert.ok(heights[i] >= heights[i - 1] - 1e-9);
    }
  });

  it("show the numbers at risk that were given", () => {
    const picture = figure_of(seen.dom, "survival-PFS");
    for (const row of data.survival[0].at_risk.rows) {
      for (const n of row.n.slice(0, 3))
        assert.ok(picture.includes(`>${n.toLocaleString("en-GB")}</text>`), `${row.strategy} ${n}`);
    }
  });

  it("put what is published of a class in words, and a dot for each strategy", () => {
    const picture = figure_of(seen.dom, "classes-OS-median");
    for (const words of ["40.0", "20.0 to 24.0", "&gt; 12.0", "not reached", "about 15.0"])
      assert.ok(picture.includes(`>${words}</text>`), words);
    const dots = [...picture.matchAll(/<g [^>]*aria-label="dot"[^>]*>([\s\S]*?)<\/g>/g)].flatMap(
      (g) => [...g[1].matchAll(/<(path|circle)/g)],
    );
    assert.equal(dots.length, data.risk_classes[0].rows.length);
    // Values are lines, one of a bound has an arrow, an interval or a range is a band.
    const marks = (label) =>
      [...picture.matchAll(new RegExp(`<g [^>]*aria-label="${label}"[^>]*>([\\s\\S]*?)</g>`, "g"))]
        .flatMap((g) => [...g[1].matchAll(/<(path|line|rect)/g)]).length;
    assert.equal(marks("arrow"), 1);
    assert.equal(marks("rule"), 3 + data.risk_classes[0].rows.length);
  });

  it("say whether classes stand in the published order", () => {
    // One system has two classes with a place in print; of the other only one has.
    assert.match(
      figure_of(seen.dom, "classes-OS-median"),
      /The simulated classes stand in the published order under every strategy\./,
    );
    const other = structuredClone(data);
    for (const row of other.risk_classes[0].rows) {
      if (row.figure === "figure_0") row.published = { value: 10 };
    }
    writeFileSync(join(work, "order.json"), JSON.stringify(other));
    execFileSync(make_page, [join(work, "order.json"), join(work, "order.html")]);
    const page = browse(`file://${join(work, "order.html")}`, "--dump-dom");
    assert.match(
      figure_of(page.dom, "classes-OS-median"),
      /Comparisons, of 1, in which the simulated classes stand in the published order: Chemotherapy 0,/,
    );
  });

  it("draw two lanes for each of the twins", () => {
    const bars = [...figure_of(seen.dom, "swimmer").matchAll(/width="4" height="8"/g)];
    assert.equal(bars.length, 2 * data.swimmer.patients.length);
  });
});

describe("a page with long texts", () => {
  // Widths in CSS pixels, measured by the page itself at a window of 1100.
  let width;
  before(() => {
    const words = "a text that goes on and on ".repeat(12);
    const long = structuredClone(data);
    for (const strategy of long.strategies) strategy.title += ` ${words.slice(0, 150)}`;
    const map = `{${words.replaceAll(" ", ", ")}}`;
    long.assumed.push({ name: "rule", value: map, unit: "", meaning: words });
    long.inputs.push({ ...long.inputs[0], name: "rule", value: map });
    writeFileSync(join(work, "long.json"), JSON.stringify(long));
    execFileSync(make_page, [join(work, "long.json"), join(work, "long.html")]);
    const measure = () => {
      const of = (id) => document.querySelector(`#table-${id} table`).getBoundingClientRect().width;
      const frame = document.querySelector("#table-assumed .scroll").getBoundingClientRect().width;
      const made = document.createElement("pre");
      made.id = "widths";
      made.textContent = JSON.stringify({
        page: document.documentElement.scrollWidth,
        selects: [...document.querySelectorAll("select")].map((s) => s.getBoundingClientRect().width),
        frame,
        assumed: of("assumed"),
        inputs: of("inputs"),
      });
      document.body.append(made);
    };
    const page = readFileSync(join(work, "long.html"), "utf8")
      .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "")
      .replace("</body>", `<script>setTimeout(${measure}, 3000)</script></body>`);
    writeFileSync(join(work, "long.html"), page);
    const { dom } = browse(
      `file://${join(work, "long.html")}`,
      "--dump-dom",
      "--window-size=1100,2400",
    );
    width = JSON.parse(/<pre id="widths">(.*?)<\/pre>/.exec(dom)[1]);
  });

  it("does not scroll sideways", () => assert.ok(width.page <= 1100, `${width.page}`));

  it("has no choice wider than the page", () => {
    assert.ok(width.selects.length > 1);
    assert.ok(Math.max(...width.selects) < 1100, `${width.selects}`);
  });

  it("shows the values of what is assumed and of the inputs in the frame", () => {
    assert.ok(width.assumed <= width.frame, `${width.assumed} in ${width.frame}`);
    assert.ok(width.inputs <= 1.5 * width.frame, `${width.inputs} in ${width.frame}`);
  });
});

describe("a page with little data", () => {
  it("leaves out what is absent and still says what it is", () => {
    writeFileSync(
      join(work, "small.json"),
      JSON.stringify({ title: "Small", survival: [], tables: [] }),
    );
    execFileSync(make_page, [join(work, "small.json"), join(work, "small.html")]);
    const small = browse(`file://${join(work, "small.html")}#self-check`, "--dump-dom");
    assert.deepEqual(small.console, []);
    assert.match(small.dom, /<h1>Small<\/h1>/);
    assert.doesNotMatch(small.dom, /<section/);
    assert.match(small.dom, /Not medical advice/);
  });

  it("keeps what can be shown when a part of the data is wrong", () => {
    const wrong = { ...data, forest: [{ endpoint: "PFS" }], toxicity: [{ type: "x" }, 7] };
    writeFileSync(join(work, "wrong.json"), JSON.stringify(wrong));
    execFileSync(make_page, [join(work, "wrong.json"), join(work, "wrong.html")]);
    const page = browse(`file://${join(work, "wrong.html")}`, "--dump-dom");
    assert.match(section_of(page.dom, "forest"), /could not be read/);
    assert.match(figure_of(page.dom, "survival-PFS"), /<svg/);
    assert.ok(page.console.some((line) => line.includes("section forest")));
  });

  it("is refused when it is no data at all", () => {
    writeFileSync(join(work, "bad.json"), '{"title": ');
    assert.equal(spawnSync(make_page, [join(work, "bad.json"), join(work, "bad.html")]).status, 65);
  });
});
