// Makes every download once and writes what came out into the page, for the browser tests.
import { html, type Figure } from "../figures/frame";
import type { ReportTable } from "../figures/table";

const line_count = (csv: string) => csv.trimEnd().split("\r\n").length;

/** What the picture says in words that it does not have on the page. */
const part = (svg: string, name: string) =>
  [...svg.matchAll(new RegExp(`data-part="${name}"[^>]*>([^<]*)<`, "g"))].map((m) => m[1]).join(" ");

export async function self_check(
  figures: Figure[],
  tables: ReportTable[],
  drawn_ms: number,
): Promise<void> {
  const made = [];
  for (const figure of figures) {
    const svg = figure.svg();
    const png = await figure.png();
    made.push({
      id: figure.id,
      svg: svg.length,
      png: png.size,
      title: part(svg, "title"),
      foot: part(svg, "foot"),
      csv_lines: line_count(figure.csv()),
      unresolved: (svg.match(/var\(--|NaN|undefined|Infinity/g) ?? []).length,
    });
  }
  const loaded = performance.getEntriesByType("resource").map((e) => e.name);
  const results = {
    drawn_ms: Math.round(drawn_ms),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    requests: loaded.filter((name) => !name.startsWith("data:")),
    figures: made,
    tables: tables.map((t) => ({ id: t.id, csv_lines: line_count(t.csv()) })),
  };
  document.body.append(html("pre", { id: "self-check" }, JSON.stringify(results)));
}
