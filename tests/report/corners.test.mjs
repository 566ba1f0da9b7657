// Pages of unusual runs in a real browser: short follow-up, many strategies, long names, phones.
// Needs NPCSIM_MAKE_PAGE (program), NPCSIM_CHROMIUM (program).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { browse, clean_up, figure_of, self_check_of, work } from "./browser.mjs";

const { NPCSIM_MAKE_PAGE: make_page } = process.env;
const here = dirname(fileURLToPath(import.meta.url));
let fixture;

before(() => {
  fixture = JSON.parse(
    execFileSync(process.execPath, [join(here, "fixture.mjs")], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    }),
  );
});
after(clean_up);

/** The page of the fixture after a change of its data. */
function open(name, change, ...flags) {
  const data = structuredClone(fixture);
  change(data);
  writeFileSync(join(work, `${name}.json`), JSON.stringify(data));
  execFileSync(make_page, [join(work, `${name}.json`), join(work, `${name}.html`)]);
  const seen = browse(`file://${join(work, `${name}.html`)}#self-check`, "--dump-dom", ...flags);
  assert.deepEqual(seen.console, []);
  return { dom: seen.dom, check: self_check_of(seen.dom), data };
}

const number = "(-?[0-9.]+(?:e-?[0-9]+)?)";

/** Labels and places of the ticks of an axis. */
function ticks_of(picture, axis) {
  const group = new RegExp(`<g aria-label="${axis}-axis tick label"[\\s\\S]*?</g>`).exec(picture)[0];
  const one = new RegExp(`<text[^>]*translate\\(${number},${number}\\)"[^>]*>([^<]*)</text>`, "g");
  return [...group.matchAll(one)].map((m) => ({ x: +m[1], y: +m[2], text: m[3] }));
}

/** Texts that the page itself has put into a picture, with their places. */
const texts_of = (picture) =>
  [...picture.matchAll(new RegExp(`<text x="${number}" y="${number}"[^>]*>([^<]*)</text>`, "g"))].map(
    (m) => ({ x: +m[1], y: +m[2], text: m[3] }),
  );

/** Cuts follow-up after so many months. */
function cut(data, end, risk) {
  for (const s of data.survival) {
    for (const c of s.curves) {
      const kept = c.months.filter((m) => m <= end).length;
      for (const key of ["months", "survival", "lo", "hi"]) c[key] = c[key].slice(0, kept);
    }
    s.at_risk = {
      months: risk,
      rows: s.at_risk.rows.map((r, i) => ({ ...r, n: risk.map((_, k) => 10_000 - 100 * k - i) })),
    };
  }
  for (const o of data.occupancy) {
    const kept = o.months.filter((m) => m <= end).length;
    o.months = o.months.slice(0, kept);
    for (const s of o.states) s.share = s.share.slice(0, kept);
  }
}

describe("the axis of time", () => {
  const months = Array.from({ length: 10 }, (_, k) => k);
  let seen;
  before(() => (seen = open("short", (data) => cut(data, 9, months))));

  it("says where its ticks stand", () => {
    for (const id of ["survival-PFS", "occupancy"]) {
      const ticks = ticks_of(figure_of(seen.dom, id), "x");
      const distance = (ticks[1].x - ticks[0].x) / (Number(ticks[1].text) - Number(ticks[0].text));
      for (const t of ticks)
        assert.ok(Math.abs(t.x - ticks[0].x - distance * Number(t.text)) < 0.6, `${id}: ${t.text}`);
    }
  });

  it("has a tick above every number at risk", () => {
    const picture = figure_of(seen.dom, "survival-PFS");
    const ticks = ticks_of(picture, "x");
    assert.deepEqual(
      ticks.map((t) => t.text),
      months.map(String),
    );
    const at_risk = texts_of(picture).filter((t) => t.text === "9,500");
    assert.equal(at_risk.length, 1);
    assert.ok(Math.abs(at_risk[0].x - ticks[5].x) < 1);
  });

  it("reaches the end of a follow-up of 30 years", () => {
    const risk = [0, 60, 120, 180, 240, 300, 360];
    const long = open("years", (data) => {
      cut(data, 120, risk);
      for (const s of data.survival)
        for (const c of s.curves) c.months = c.months.map((m) => 3 * m);
    });
    const ticks = ticks_of(figure_of(long.dom, "survival-PFS"), "x");
    assert.deepEqual(
      ticks.map((t) => Number(t.text)),
      risk,
    );
  });
});

describe("ratios", () => {
  const rows = [
    { label: "One", strategy: "chemo_io", hr: 0.536, lo: 0.337, hi: 0.901 },
    { label: "Two", strategy: "chemo_io_rt", hr: 0.8212, lo: 0.79, hi: 0.85 },
    { label: "Three", strategy: "chemo_io_rt_abl", hr: 0.39, lo: null, hi: null },
  ];
  let seen;
  before(() => {
    seen = open("ratios", (data) => {
      data.uncertainty = [
        { endpoint: "PFS", versus: "chemo", rows },
        { endpoint: "OS", versus: "chemo", rows: rows.slice(0, 1) },
      ];
      data.tables.push({
        id: "draws",
        title: "Draws",
        section: "uncertainty",
        columns: [
          { key: "strategy", label: "Strategy", kind: "strategy" },
          { key: "hr", label: "Hazard ratio" },
        ],
        rows: rows.map((r) => ({ strategy: r.strategy, hr: { value: r.hr, lo: r.lo, hi: r.hi } })),
      });
    });
  });

  it("have one number of decimals in a column of a figure and of a table", () => {
    const picture = figure_of(seen.dom, "uncertainty-PFS-log");
    for (const text of ["0.54 (0.34 to 0.90)", "0.82 (0.79 to 0.85)", "0.39"])
      assert.ok(picture.includes(`>${text}</text>`), text);
    assert.match(seen.dom, />0\.54<span class="interval">\(0\.34 to 0\.90\)</);
    assert.match(seen.dom, /<td class="number">0\.39<\/td>/);
  });

  it("never have one decimal only", () =>
    assert.ok(figure_of(seen.dom, "uncertainty-OS-log").includes(">0.54 (0.34 to 0.90)</text>")));
});

describe("who benefits", () => {
  it("shows the mean of everybody, and shares that add up to 100", () => {
    // 200 drawn: 66.5% gain, 1.5% lose, 32% the same; their mean is far from that of all.
    const gains = [...Array(133).fill(5), ...Array(3).fill(-5), ...Array(64).fill(0)];
    const seen = open("benefit", (data) => {
      data.benefit.patients = gains.map((gain, i) => ({ gain, factors: { liver: i % 2 === 0 } }));
      data.benefit.overall = { mean_gain: 26.44, lo: 25.8, hi: 27, n: 2000 };
    });
    const texts = texts_of(figure_of(seen.dom, "benefit-PFS")).map((t) => t.text);
    assert.ok(texts.includes("mean +26.4"), texts.join(" | "));
    assert.ok(texts.includes("200 drawn: 67% gain, 2% lose, 31% the same"), texts.join(" | "));
  });
});

describe("inputs without a source", () => {
  it("are said to have none, and counted at the top", () => {
    const { dom } = open("unsourced", (data) => {
      data.inputs.push({ name: "processes > death > log_hr", value: "{frail: 0.3}", source: "" });
    });
    assert.match(dom, /class="banner"[\s\S]{0,400}1 input has no source\./);
    assert.match(dom, /processes &gt; death &gt; log_hr[\s\S]{0,300}no source given/);
  });
});

describe("ten strategies with long names", () => {
  const long = "an antibody, then radiotherapy of the primary tumour and of few metastases";
  let seen;
  let names;
  before(() => {
    seen = open("many", (data) => {
      data.strategies = Array.from({ length: 10 }, (_, i) => ({
        name: `s${i}`,
        title: `Strategy ${i}: ${long}, ${long}, ${long}`,
        ...(i === 0 ? { reference: true } : {}),
      }));
      names = data.strategies.map((s) => s.name);
      data.forest = [
        {
          endpoint: "PFS",
          versus: "s0",
          favours: [`favours ${data.strategies[1].title}`, `favours ${data.strategies[2].title}`],
          rows: names
            .slice(1)
            .map((strategy, i) => ({ label: "All", strategy, hr: 0.5 + i / 10, lo: 0.4, hi: 1.6 })),
        },
      ];
      data.toxicity = names.map((strategy) => ({ strategy, type: "x", label: "X", share: 0.2 }));
      data.tables = [
        {
          id: "all",
          title: "All",
          columns: [{ key: "s", label: "Strategy", kind: "strategy" }],
          rows: names.map((s) => ({ s })),
        },
      ];
    });
  });
  const looks_of = (part) =>
    [...part.matchAll(/<path d="([^"]+)"(?: transform="[^"]*")? fill="([^"]+)"/g)].map(
      (m) => `${m[1]} ${m[2]}`,
    );
  const legend_of = (id) => /<g aria-label="legend">[\s\S]*?<\/g>/.exec(figure_of(seen.dom, id))[0];

  it("have ten marks that differ, in legends, lists and tables", () => {
    assert.equal(new Set(looks_of(legend_of("forest-PFS"))).size, 9);
    assert.equal(new Set(looks_of(legend_of("toxicity"))).size, 10);
    for (const part of [/<ul class="strategies"[\s\S]*?<\/ul>/, /<div class="table" id="table-all"[\s\S]*?<\/table>/])
      assert.equal(new Set(looks_of(part.exec(seen.dom)[0])).size, 10);
  });

  it("are shortened in legends", () => {
    for (const id of ["forest-PFS", "toxicity", "occupancy", "swimmer"])
      for (const { text } of texts_of(legend_of(id))) assert.ok(text.length < 180, text);
    assert.match(legend_of("forest-PFS"), /…/);
  });

  it("leave both hints at the direction, or none", () => {
    const texts = texts_of(figure_of(seen.dom, "forest-PFS")).map((t) => t.text);
    const [left, right] = [/^← favours .*…/, /^favours .*….* →$/].map((m) => texts.some((t) => m.test(t)));
    assert.ok(left && right, texts.join(" | "));
  });
});

describe("a phone", () => {
  let seen;
  before(() => (seen = open("phone", () => {}, "--window-size=390,900")));

  it("shows estimates on nearly the whole width, with ticks that do not touch", () => {
    const picture = figure_of(seen.dom, "forest-PFS");
    const ticks = ticks_of(picture, "x");
    assert.ok(ticks[ticks.length - 1].x - ticks[0].x > 150, JSON.stringify(ticks));
    for (let i = 1; i < ticks.length; ++i) assert.ok(ticks[i].x - ticks[i - 1].x > 25);
  });

  it("shows whole names above the numbers at risk", () => {
    const texts = texts_of(figure_of(seen.dom, "survival-PFS"));
    const at = texts.findIndex((t) => t.text === "Number at risk");
    assert.ok(texts.slice(at).some((t) => t.text === "Chemotherapy + antibody"));
  });
});

describe("tables", () => {
  it("that scroll say how many rows they have, and fade out", () => {
    const { dom } = open("rows", (data) => {
      const row = data.inputs[0];
      data.inputs = Array.from({ length: 42 }, (_, i) => ({ ...row, name: `input_${i}` }));
    });
    const table = /<div class="table" id="table-inputs"[\s\S]*?<\/section>/.exec(dom)[0];
    assert.match(table, /<div class="window more">/);
    assert.match(table, />42 rows: scroll to see all of them\.</);
    assert.doesNotMatch(/<div class="table" id="table-assumed"[\s\S]*?<\/section>/.exec(dom)[0], /rows: scroll|"window more"/);
  });

  it("say so when a filter finds nothing", () => {
    const page = join(work, "rows.html");
    const filter = () => {
      const box = document.querySelector("#table-inputs input");
      box.value = "no_such_word";
      box.dispatchEvent(new Event("input"));
    };
    writeFileSync(
      page,
      readFileSync(page, "utf8")
        .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "")
        .replace("</body>", `<script>setTimeout(${filter}, 1000)</script></body>`),
    );
    assert.match(browse(`file://${page}`, "--dump-dom").dom, />No row has these words\.</);
  });
});

describe("on paper", () => {
  it("repeats heads of tables, and cuts no picture", () => {
    // The page is measured in a window of the size of an A4 page, with the rules for paper applied.
    open("paper", () => {});
    const page = join(work, "paper.html");
    const measure = () => {
      const rules = [...document.styleSheets]
        .flatMap((sheet) => [...sheet.cssRules])
        .filter((rule) => rule.media?.mediaText === "print")
        .flatMap((rule) => [...rule.cssRules].map((r) => r.cssText));
      const style = document.createElement("style");
      style.textContent = rules.filter((r) => !r.startsWith("@page")).join("\n");
      document.head.append(style);
      const made = document.createElement("pre");
      made.id = "paper";
      const heights = [...document.querySelectorAll("figure")].map((f) => f.offsetHeight);
      made.textContent = JSON.stringify({
        heights,
        head: getComputedStyle(document.querySelector("thead th")).position,
      });
      document.body.append(made);
    };
    writeFileSync(
      page,
      readFileSync(page, "utf8")
        .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "")
        .replace("</body>", `<script>setTimeout(${measure}, 2000)</script></body>`),
    );
    const { dom } = browse(`file://${page}`, "--dump-dom", "--window-size=690,1000");
    const paper = JSON.parse(/<pre id="paper">(.*?)<\/pre>/.exec(dom)[1]);
    assert.equal(paper.head, "static");
    // 297 mm less margins of 14 mm, at 96 pixels an inch.
    for (const height of paper.heights) assert.ok(height < (269 / 25.4) * 96, `${paper.heights}`);
  });
});
