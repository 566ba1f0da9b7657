// A page in a real browser, for the page tests. Needs NPCSIM_CHROMIUM (program).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const chromium = process.env.NPCSIM_CHROMIUM;

/** A folder for files of the tests. */
export const work = mkdtempSync(join(tmpdir(), "npcsim-page-"));
export const clean_up = () => rmSync(work, { recursive: true, force: true });

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-default-apps",
  "--disable-extensions",
  "--hide-scrollbars",
  "--enable-logging=stderr",
  "--virtual-time-budget=8000",
];

// The mark that Chromium puts on requests made by pages (the hash of "blink_resource_loader"), not
// by the browser itself.
const blink_resource_loader = "101845102";

/**
 * Runs the browser once; gives what it printed, what the page logged and which addresses the
 * network saw.
 */
export function browse(address, ...more) {
  const size = more.some((flag) => flag.startsWith("--window-size"))
    ? []
    : ["--window-size=1280,1000"];
  const profile = mkdtempSync(join(work, "profile-"));
  const net_log = join(profile, "net.json");
  const run = spawnSync(
    chromium,
    [...flags, ...size, `--user-data-dir=${profile}`, `--log-net-log=${net_log}`, ...more, address],
    { encoding: "utf8", timeout: 90_000, maxBuffer: 1 << 28 },
  );
  assert.equal(run.status, 0, run.stderr);
  const log = readFileSync(net_log, "utf8");
  return {
    dom: run.stdout,
    console: run.stderr.split("\n").filter((line) => line.includes("CONSOLE")),
    requests: [...log.matchAll(/"traffic_annotation":(\d+),"url":"([^"]+)"/g)]
      .filter(
        ([, annotation, url]) =>
          annotation === blink_resource_loader && !/^(file|data|blob):/.test(url),
      )
      .map((m) => m[2]),
  };
}

/** Part of the text between the element with this id and the next figure or section end. */
export const figure_of = (dom, id) =>
  new RegExp(`<figure id="${id}"[\\s\\S]*?</figure>`).exec(dom)?.[0] ?? "";

export const section_of = (dom, id) =>
  new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(dom)?.[0] ?? "";

/** What the page says about itself when it is opened with #self-check. */
export function self_check_of(dom) {
  const found = /<pre id="self-check">([\s\S]*?)<\/pre>/.exec(dom);
  return found
    ? JSON.parse(found[1].replace(/&amp;/g, "&").replace(/&lt;/g, "<").replace(/&gt;/g, ">"))
    : undefined;
}
