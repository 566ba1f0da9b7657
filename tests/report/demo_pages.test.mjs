// The pages of validate and calibrate in a real browser, on their made-up data: everything is
// drawn where its number says. Needs NPCSIM_MAKE_DEMO_PAGES (program), NPCSIM_CHROMIUM (program),
// NPCSIM_PAGE_DIR (folder that may be written).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { browse, clean_up, figure_of, section_of, self_check_of } from "./browser.mjs";

const { NPCSIM_MAKE_DEMO_PAGES: make_pages, NPCSIM_PAGE_DIR: folder } = process.env;
const number = "(-?[0-9.]+(?:e-?[0-9]+)?)";

before(() => execFileSync(make_pages, [folder]));
after(clean_up);

const data_of = (page) => JSON.parse(readFileSync(join(folder, `${page}.json`), "utf8"));

function open(page, ...flags) {
  const seen = browse(`file://${join(folder, page)}.html#self-check`, "--dump-dom", ...flags);
  return { ...seen, check: self_check_of(seen.dom) };
}

/** Places of the dots of a picture: circles and other symbols. */
function places_of(picture) {
  const place = `<path transform="translate\\(${number},${number}\\)"|<circle cx="${number}" cy="${number}"`;
  const groups = picture.match(/<g aria-label="dot"[\s\S]*?<\/g>/g) ?? [];
  return groups.flatMap((group) =>
    [...group.matchAll(new RegExp(place, "g"))].map((m) => ({
      x: Number(m[1] ?? m[3]),
      y: Number(m[2] ?? m[4]),
    })),
  );
}

/** What holds for both pages. */
function common_claims(page, sections, figures) {
  let seen;
  before(() => (seen = open(page)));

  it("logs nothing and asks the network for nothing", () => {
    assert.deepEqual(seen.console, []);
    assert.deepEqual(seen.requests, []);
    assert.deepEqual(seen.check.requests, []);
  });

  it("shows every section, and names it in the contents", () => {
    for (const id of sections) {
      assert.match(section_of(seen.dom, id), /<svg|<table|<dl|<ul/, id);
      assert.ok(seen.dom.includes(`<a href="#${id}"`), id);
    }
  });

  it("offers every figure as SVG, PNG and CSV, with light colours and numbers only", () => {
    assert.deepEqual(seen.check.figures.map((f) => f.id).sort(), [...figures].sort());
    for (const f of seen.check.figures) {
      assert.ok(f.svg > 2000, `${f.id}: SVG of ${f.svg} characters`);
      assert.ok(f.png > 2000, `${f.id}: PNG of ${f.png} bytes`);
      assert.ok(f.csv_lines > 1, f.id);
      assert.equal(f.unresolved, 0, f.id);
      assert.match(figure_of(seen.dom, f.id), /<svg[^>]*aria-label="[^"]{30,}"/, f.id);
    }
  });

  it("shows markup in the data as text", () => {
    assert.doesNotMatch(seen.dom, /<b>|<i>|<here>|<meaningless>|<single>/);
  });

  it("is no wider than the screen, on a desk and in a hand, light and dark", () => {
    assert.equal(seen.check.overflow, 0);
    for (const flags of [[], ["--blink-settings=preferredColorScheme=0"]]) {
      const small = open(page, "--window-size=420,900", ...flags);
      assert.deepEqual(small.console, []);
      assert.equal(small.check.overflow, 0);
      assert.match(small.dom, flags.length ? /data-theme="dark"/ : /data-theme="light"/);
    }
  });

  it("is drawn at once", () => assert.ok(seen.check.drawn_ms < 3000, `${seen.check.drawn_ms} ms`));

  return () => seen;
}

describe("the page of validate", () => {
  const groups = ["chemotherapy", "antibodies", "locoregional-treatment", "risk-groups"];
  const seen = common_claims(
    "validation",
    ["coverage", "figures", "footings", "bias", "scenarios", "tables", "assumed", "sources", "notes"],
    [
      ...groups.flatMap((g) => ["months", "share", "ratio"].map((m) => `forest-${g}-${m}`)),
      "forest-chemotherapy-difference-share",
      "forest-chemotherapy-difference-months",
      "forest-running-trials-months",
      "deviations",
      "bias-all",
      "bias-1",
      "bias-2",
      "taken-apart",
      "cycles-received",
      "scenarios-1",
      "scenarios-2",
    ],
  );

  it("counts figures as the data do", () => {
    const all = data_of("validation").figures.filter((f) => f.use !== "not published yet");
    const line = section_of(seen().dom, "coverage").match(/<tr><th[^>]*>All<\/th>.*?<\/tr>/)[0];
    const cells = [...line.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map((m) => m[1]);
    const simulated = all.filter((f) => f.use !== "not simulated");
    const inside = (key) => simulated.filter((f) => f[key]).length;
    const percent = (n) => `${Math.round((100 * n) / simulated.length)}%`;
    assert.deepEqual(cells, [
      percent(inside("inside95")),
      percent(inside("inside50")),
      String(simulated.length),
      String(inside("inside95")),
      String(inside("inside50")),
      String(all.filter((f) => f.use === "fitted").length),
      String(all.filter((f) => f.use === "left out" || f.use === "shown only").length),
      String(all.length),
    ]);
  });

  it("marks what rests on parameters without firm data, and counts it", () => {
    const all = data_of("validation").figures.filter((f) => f.predicted);
    const none = all.filter((f) => f.prior_only).length;
    const weak = all.filter((f) => f.weak && !f.prior_only).length;
    assert.ok(none > 0 && weak > 0);
    const section = section_of(seen().dom, "footings");
    assert.ok(section.includes(`${none} of ${all.length} predictions (marked *)`), section);
    assert.ok(section.includes(`${weak} more (marked †)`));
    const forests = section_of(seen().dom, "figures");
    const labels = (mark) => forests.match(new RegExp(`<text[^>]*>[^<]* [${mark}]<`, "g")).length;
    assert.equal(labels("*"), none);
    assert.equal(labels("†"), weak);
    assert.ok(seen().dom.includes("† the same of a parameter about which data say little"));
  });

  it("counts figures in whole numbers, and says so", () => {
    const picture = figure_of(seen().dom, "deviations");
    assert.match(picture, />Number of figures</);
    const axis = /<g aria-label="y-axis tick label"[\s\S]*?<\/g>/.exec(picture)[0];
    const ticks = [...axis.matchAll(/>([^<]+)<\/text>/g)].map((m) => Number(m[1]));
    assert.ok(ticks.length > 2 && ticks.every(Number.isInteger), ticks.join(" "));
  });

  it("names the toxicity in its row", () =>
    assert.match(section_of(seen().dom, "figures"), />toxicity rate, invented skin grade 2[^<]*</));

  it("puts every published ratio where the axis has it", () => {
    const rows = data_of("validation").figures.filter(
      (f) => f.group === "Antibodies" && f.measure === "ratio",
    );
    const picture = figure_of(seen().dom, "forest-antibodies-ratio");
    const places = places_of(picture).sort((a, b) => a.y - b.y);
    assert.equal(places.length, rows.length);
    // Two points fix a logarithmic axis; all others must lie on it.
    const log = rows.map((r) => Math.log(r.published.value));
    const [low, high] = [log.indexOf(Math.min(...log)), log.indexOf(Math.max(...log))];
    const slope = (places[high].x - places[low].x) / (log[high] - log[low]);
    assert.ok(slope > 0);
    log.forEach((v, i) =>
      assert.ok(Math.abs(places[i].x - (places[low].x + slope * (v - log[low]))) < 0.6, `row ${i}`),
    );
  });

  /** The rectangles of a group of marks: the stripes come first, then the 95% bands. */
  const rects_of = (picture, group) =>
    [
      ...picture
        .match(/<g aria-label="rect"[\s\S]*?<\/g>/g)
        [group].matchAll(/<rect x="([^"]+)" y="([^"]+)" width="([^"]+)"/g),
    ].map((m) => ({ x: Number(m[1]), y: Number(m[2]), width: Number(m[3]) }));

  it("draws a median that is never reached at the far edge, not as a bar from 0", () => {
    const { figures } = data_of("validation");
    const never = figures.find((f) => f.id === "special_never");
    assert.deepEqual(never.predicted, {
      value: "inf",
      lo: "inf",
      hi: "inf",
      lo50: "inf",
      hi50: "inf",
    });
    const picture = figure_of(seen().dom, "forest-chemotherapy-months");
    const shown = figures.filter(
      (f) => f.group === never.group && f.measure === "months" && f.predicted,
    );
    const studies = [...new Set(shown.map((f) => f.study))];
    const rows = studies.flatMap((study) => shown.filter((f) => f.study === study));
    const [stripe] = rects_of(picture, 0);
    const bands = rects_of(picture, 1).sort((a, b) => a.y - b.y);
    assert.equal(bands.length, rows.length);
    const band = bands[rows.indexOf(never)];
    assert.ok(Math.abs(band.x - (stripe.x + stripe.width)) < 0.6, JSON.stringify({ band, stripe }));
    assert.ok(band.width < 0.6);
    assert.match(picture, />not reached</);
  });

  it("says in words what lies beyond all numbers", () => {
    const ratios = figure_of(seen().dom, "forest-chemotherapy-ratio");
    assert.match(ratios, />0\.00 \(0\.00 to infinite\)</);
    const differences = section_of(seen().dom, "figures");
    assert.match(differences, />0\.1 \(below any to above any\)</);
  });

  it("cuts the arm and not the time where a label is too long", () => {
    const label = section_of(seen().dom, "figures").match(
      />(OS, median at 36 months · [^<]*…[^<]*)</,
    );
    assert.ok(label);
  });

  it("marks what lies outside by colour and by shape", () => {
    const rows = data_of("validation").figures;
    const outside = rows.filter(
      (f) => f.group === "Locoregional treatment" && f.measure === "share" && !f.inside95,
    );
    assert.ok(outside.length > 0);
    // Circles are drawn as circles, diamonds as paths.
    const picture = figure_of(seen().dom, "forest-locoregional-treatment-share");
    const red = (
      picture.match(/<g aria-label="dot"[^>]*var\(--outside\)[\s\S]*?<\/g>/g) ?? []
    ).join("");
    assert.equal((red.match(/<path/g) ?? []).length, outside.length);
    assert.doesNotMatch(red, /<circle/);
    const table = section_of(seen().dom, "tables");
    assert.equal(
      table.match(/<tr class="outside">/g).length,
      rows.filter((f) => f.inside95 === false).length,
    );
  });

  it("keeps every figure in the table and in its download", () => {
    const { figures } = data_of("validation");
    const lines = (list, id) => list.find((t) => t.id === id).csv_lines - 1;
    assert.equal(lines(seen().check.tables, "figures"), figures.length);
    assert.equal(
      lines(seen().check.figures, "deviations"),
      figures.filter((f) => typeof f.z === "number").length,
    );
  });

  it("puts the largest bias and the longest bar first", () => {
    const bias = figure_of(seen().dom, "bias-all");
    const factors = [...bias.matchAll(/>([0-9.]+) → ([0-9.]+)</g)].map((m) => m[2] / m[1]);
    assert.equal(factors.length, 8);
    for (let i = 1; i < factors.length; ++i) assert.ok(factors[i] <= factors[i - 1] + 0.05);
    const { scenarios } = data_of("validation");
    const first = scenarios
      .filter((s) => s.statistic === scenarios[0].statistic)
      .sort((a, b) => Math.abs(b.value - b.base) - Math.abs(a.value - a.base))[0];
    const labels = /aria-label="labels"[\s\S]*/.exec(figure_of(seen().dom, "scenarios-1"))[0];
    const shown = [...labels.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1]);
    assert.ok(shown.indexOf(first.scenario) < 5, shown.join(" | "));
  });
});

describe("the page of calibrate", () => {
  const seen = common_claims(
    "calibration",
    [
      "diagnostics",
      "parameters",
      "apart",
      "pairs-of-parameters",
      "study-checks",
      "between-studies",
      "chains",
      "tables",
      "sources",
      "notes",
    ],
    [
      "intervals",
      "learnt",
      "directions",
      "pairs",
      "pair",
      "studies",
      "hyperparameters",
      "ranks",
      "traces",
    ],
  );

  it("says which checks failed", () => {
    assert.match(seen().dom, /failed: Pareto k/);
    assert.equal(section_of(seen().dom, "diagnostics").match(/FAILED/g).length, 1);
    // Of four checks one has nothing to test: it has not passed.
    const section = section_of(seen().dom, "diagnostics");
    assert.match(section, /1 of 3 checks failed\..*1 more had nothing to test\./);
    assert.match(section, />nothing to test</);
    assert.equal(section.match(/>passed</g).length, 2);
    assert.match(seen().dom, /Checks passed[\s\S]{0,200}of 3/);
  });

  it("lists parameters from the best known to those that rest on their priors", () => {
    const picture = figure_of(seen().dom, "learnt");
    const ratios = [...picture.matchAll(/<text[^>]*>(\d\.\d\d)<\/text>/g)].map((m) => +m[1]);
    const { parameters } = data_of("calibration");
    assert.equal(ratios.length, parameters.length);
    for (let i = 1; i < ratios.length; ++i) assert.ok(ratios[i] >= ratios[i - 1]);
    const unknown = parameters.filter((p) => p.prior_only).length;
    assert.equal(picture.match(/>prior only</g).length, unknown);
  });

  it("shows the correlation of the draws", () => {
    const [x, y] = [2, 8].map((k) => data_of("calibration").draws.values[k]);
    const mean = (v) => v.reduce((a, b) => a + b, 0) / v.length;
    const [mx, my] = [mean(x), mean(y)];
    const sum = (f) => x.reduce((a, _, i) => a + f(i), 0);
    const r =
      sum((i) => (x[i] - mx) * (y[i] - my)) /
      Math.sqrt(sum((i) => (x[i] - mx) ** 2) * sum((i) => (y[i] - my) ** 2));
    const text = r.toFixed(2).replace("-", "−");
    assert.ok(figure_of(seen().dom, "pairs").includes(`>${text}</text>`), text);
    assert.ok(figure_of(seen().dom, "pair").includes(`correlation ${text}`));
  });

  it("counts every draw of every chain once in the rank histograms", () => {
    const { chains } = data_of("calibration");
    const counted = [...figure_of(seen().dom, "ranks").matchAll(/chain \d: ([\d, ]+) draws/g)];
    assert.equal(
      counted.length,
      chains.reduce((n, c) => n + c.chains.length, 0),
    );
    for (const m of counted)
      assert.equal(
        m[1].split(", ").reduce((a, b) => a + Number(b), 0),
        250,
      );
  });

  it("flags the study that the model could not have produced", () => {
    const picture = figure_of(seen().dom, "studies");
    assert.match(picture, /&lt; 0\.001/);
    const flagged = data_of("calibration").study_checks.filter((s) => s.p < 0.05).length;
    assert.ok(picture.includes(`${flagged} of 16 studies`));
  });
});
