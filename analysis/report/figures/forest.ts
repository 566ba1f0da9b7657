// Forest plot: one line per subgroup level and strategy, estimate with interval on one scale,
// numbers at the right.
import * as Plot from "@observablehq/plot";
import type { FigureContext } from "./context";
import type { ForestData, ForestRow } from "./data";
import { column_digits, count_text, interval_text, number_text, ratio_ticks } from "./format";
import type { FigureSpec } from "./frame";
import { narrow_width } from "./row_plot";
import {
  add_text,
  element,
  fit_text,
  font_size,
  font_stack,
  legend,
  strategy_key,
  text_width,
  tip_style,
  scale_of,
} from "./svg";

interface Line {
  heading?: string;
  label: string;
  row?: ForestRow;
}

const line_height = 22;
const stacked_height = 38;
/** At the sides of a narrow picture, for half of an outermost tick label. */
const edge = 18;

const tornado_reading =
  "Each bar leads from the base case to the result under one other assumption. Long bars are " +
  "assumptions that matter; a bar across the solid line changes the conclusion.";

/** Headings and rows in the order in which subgroups and labels first occur. */
function lines_of(rows: ForestRow[], context: FigureContext): Line[] {
  const lines: Line[] = [];
  for (const subgroup of new Set(rows.map((r) => r.subgroup ?? ""))) {
    const inside = rows.filter((r) => (r.subgroup ?? "") === subgroup);
    if (subgroup) lines.push({ heading: subgroup, label: "" });
    for (const label of new Set(inside.map((r) => r.label))) {
      inside
        .filter((r) => r.label === label)
        .sort((a, b) => context.rank(a.strategy ?? "") - context.rank(b.strategy ?? ""))
        .forEach((row, k) => lines.push({ label: k === 0 ? label : "", row }));
    }
  }
  return lines;
}

export function forest_figure(
  data: ForestData,
  context: FigureContext,
  id = `forest-${data.endpoint}`,
  unit = "",
  reading?: string,
): FigureSpec {
  const log = (data.scale ?? "log") === "log";
  const reference = data.reference ?? (log ? 1 : 0);
  const measure = data.measure ?? "Hazard ratio";
  const lines = lines_of(data.rows, context);
  const strategies = [
    ...new Set(data.rows.map((r) => r.strategy).filter((s): s is string => !!s)),
  ].sort((a, b) => context.rank(a) - context.rank(b));
  const usable = (v: number | null | undefined): v is number =>
    typeof v === "number" && Number.isFinite(v) && (!log || v > 0);
  const all = data.rows
    .flatMap((r) => [r.hr, r.lo, r.hi])
    .filter(usable)
    .concat(reference, data.base ?? []);
  const low = Math.min(...all);
  const high = Math.max(...all);
  // Room beyond the outermost interval, and always some on both sides of the reference.
  const domain: [number, number] = log
    ? [
        Math.min(low / Math.pow(high / low, 0.06), reference / 1.3),
        Math.max(high * Math.pow(high / low, 0.06), reference * 1.3),
      ]
    : [
        Math.min(low - 0.06 * (high - low), reference - 0.15 * (high - low || 1)),
        Math.max(high + 0.06 * (high - low), reference + 0.15 * (high - low || 1)),
      ];
  const versus = data.versus ? context.strategy(data.versus).title : undefined;

  const estimate_of = (r: ForestRow) => ({ value: r.hr, lo: r.lo, hi: r.hi });
  const digits = column_digits(data.rows.map(estimate_of), log ? "" : unit || "difference");

  const draw = (width: number): SVGSVGElement => {
    const right_text = (r: ForestRow) => {
      const interval = interval_text(estimate_of(r), "", digits);
      return number_text(r.hr, "", digits) + (interval ? ` (${interval})` : "");
    };
    const right_width =
      Math.max(...data.rows.map((r) => text_width(right_text(r))), text_width(measure)) + 14;
    const has_n = data.rows.some((r) => usable(r.n));
    const n_width = has_n
      ? Math.max(...data.rows.map((r) => text_width(count_text(r.n))), 40) + 12
      : 0;
    const left_width = Math.min(
      Math.max(
        ...lines.map((l) =>
          text_width(l.heading ?? `  ${l.label}`, font_size, l.heading ? "bold" : "normal"),
        ),
      ) + 24,
      width * 0.34,
    );
    const keys = legend(
      strategies.length > 1
        ? strategies.map((s) => strategy_key(context.strategy(s), true))
        : [],
      width - 10,
    );
    const head = keys.height + 26;
    // In a hand, the text of a row stands above its mark, which then has the whole width.
    const stacked = width < narrow_width;
    const heights = lines.map((l) => (stacked && l.row ? stacked_height : line_height));
    const tops = heights.map((_, i) => heights.slice(0, i).reduce((a, b) => a + b, 0));
    const body = heights.reduce((a, b) => a + b, 0);
    const foot = data.favours ? 64 : 46;
    const height = head + body + foot;
    const narrow = stacked || width - left_width - n_width - right_width < 160;
    const margin_left = stacked ? edge : left_width + (narrow ? 0 : n_width);
    const margin_right = stacked ? edge : right_width + 8;
    const label_width = stacked ? width - right_width : left_width;
    const row_of = new Map(lines.map((l, i) => [l, i]));
    const middle = (i: number) => (stacked && lines[i].row ? 28 : heights[i] / 2);
    const drawn = lines.filter((l): l is Line & { row: ForestRow } => !!l.row && usable(l.row.hr));
    const colour = (l: Line) =>
      l.row?.strategy ? context.strategy(l.row.strategy).colour : "var(--ink)";
    const y = (l: Line) => {
      const i = row_of.get(l) as number;
      return tops[i] + middle(i);
    };
    const fitting = Math.max(3, Math.floor((width - margin_left - margin_right) / 40));
    const tip = (l: Line & { row: ForestRow }) =>
      [
        [l.row.subgroup, l.row.label].filter(Boolean).join(": "),
        l.row.strategy
          ? `${context.strategy(l.row.strategy).title}${versus ? ` v ${versus}` : ""}`
          : "",
        `${measure} ${right_text(l.row)}${unit ? ` ${unit}` : ""}`,
        usable(l.row.n) ? `${count_text(l.row.n)} patients` : "",
      ]
        .filter(Boolean)
        .join("\n");
    const svg = Plot.plot({
      width,
      height,
      marginTop: head,
      marginBottom: foot,
      marginLeft: margin_left,
      marginRight: margin_right,
      style: { fontSize: `${font_size}px`, fontFamily: font_stack },
      x: {
        type: log ? "log" : "linear",
        domain,
        label: null,
        grid: true,
        ...(log
          ? { ticks: ratio_ticks(...domain, fitting), tickFormat: (v: number) => String(v) }
          : { ticks: Math.min(6, fitting) }),
      },
      y: { domain: [0, body], range: [head, head + body], axis: null },
      marks: [
        Plot.rect(
          lines.map((_, i) => i).filter((i) => i % 2 === 1),
          {
            x1: domain[0],
            x2: domain[1],
            y1: (i: number) => tops[i],
            y2: (i: number) => tops[i] + heights[i],
            fill: "var(--stripe)",
          },
        ),
        Plot.ruleX(
          [reference].filter((r) => r >= domain[0] && r <= domain[1]),
          { stroke: "var(--ink)", strokeWidth: 1.2 },
        ),
        ...(data.base === undefined
          ? []
          : [
              Plot.rect(drawn, {
                x1: (l) => Math.min(data.base as number, l.row.hr as number),
                x2: (l) => Math.max(data.base as number, l.row.hr as number),
                y1: (l) => y(l) - 6,
                y2: (l) => y(l) + 6,
                fill: colour,
                fillOpacity: 0.35,
              }),
              Plot.ruleX([data.base], { stroke: "var(--ink)", strokeDasharray: "4,3" }),
            ]),
        Plot.ruleY(
          drawn.filter((l) => usable(l.row.lo) && usable(l.row.hi)),
          {
            y,
            x1: (l) => l.row.lo,
            x2: (l) => l.row.hi,
            stroke: colour,
            strokeWidth: 2,
          },
        ),
        strategies.concat("").map((s) =>
          Plot.dot(
            drawn.filter((l) => (l.row.strategy ?? "") === s),
            {
              y,
              x: (l) => l.row.hr,
              fill: colour,
              stroke: "var(--surface)",
              r: 5,
              symbol: context.strategy(s || undefined).symbol,
            },
          ),
        ),
        Plot.tip(
          drawn,
          Plot.pointer({ x: (l) => l.row.hr, y, title: tip, maxRadius: 60, ...tip_style }),
        ),
      ],
    }) as SVGSVGElement & Plot.Plot;
    const x = scale_of(svg, "x");
    const notes = element("g", { "aria-label": "labels" });
    svg.append(notes);
    keys.draw(notes, 2, 0);
    const soft = { fill: "var(--ink-soft)" };
    // Lines of the frame must not run through text that stands in it.
    const halo = { stroke: "var(--surface)", "stroke-width": 4, "paint-order": "stroke" };
    if (has_n && !narrow)
      add_text(notes, margin_left - 12, head - 9, "Patients", { ...soft, "text-anchor": "end" });
    add_text(notes, width - 4, head - 9, measure, { ...soft, "text-anchor": "end" });
    lines.forEach((l, i) => {
      const base = head + tops[i] + (stacked && l.row ? 15 : heights[i] / 2 + 4);
      if (l.heading)
        add_text(notes, 2, base, fit_text(l.heading, label_width - 6), {
          "font-weight": 600,
          ...halo,
        });
      else if (l.label)
        add_text(
          notes,
          l.row?.subgroup ? 14 : 2,
          base,
          fit_text(l.label, label_width - 18, l.row?.subgroup ? "normal" : "600"),
          { ...halo, "font-weight": l.row?.subgroup ? undefined : 600 },
        );
      if (!l.row) return;
      if (has_n && !narrow && usable(l.row.n) && l.label) {
        add_text(notes, margin_left - 12, base, count_text(l.row.n), {
          ...soft,
          "text-anchor": "end",
        });
      }
      add_text(notes, width - 4, base, right_text(l.row), {
        "text-anchor": "end",
        "font-variant-numeric": "tabular-nums",
        ...halo,
      });
    });
    const foot_line = head + body + 34;
    if (data.favours) {
      const [left, right] = data.favours;
      const centre = Math.min(Math.max(x(reference), x(domain[0])), x(domain[1]));
      // Both sides or neither: one alone would look like the only direction there is.
      const hint = (text: string, room: number) => fit_text(text, room - 30, "normal");
      const [before, after] = [hint(left, centre), hint(right, width - centre)];
      const telling = (text: string, whole: string) => text === whole || text.length > 12;
      if (telling(before, left) && telling(after, right)) {
        add_text(notes, centre - 8, foot_line + 20, `← ${before}`, {
          ...soft,
          "text-anchor": "end",
        });
        add_text(notes, centre + 8, foot_line + 20, `${after} →`, soft);
      }
    }
    add_text(
      notes,
      (x(domain[0]) + x(domain[1])) / 2,
      foot_line,
      `${measure}${unit ? ` (${unit})` : ""}${log ? ", log scale" : ""}`,
      { "text-anchor": "middle" },
    );
    return svg;
  };

  return {
    id,
    title: data.title ?? `${measure} by subgroup: ${data.endpoint}`,
    reading:
      reading ??
      (data.base !== undefined ? tornado_reading : undefined) ??
      `Each point is the ${measure.toLowerCase()} ${versus ? `against ${versus} ` : ""}in one group ` +
        "of patients, the bar its interval.",
    note: data.note,
    draw,
    rows: () =>
      data.rows.map((r) => ({
        endpoint: data.endpoint,
        versus: data.versus ?? "",
        strategy: r.strategy ?? "",
        subgroup: r.subgroup ?? "",
        level: r.label,
        measure,
        estimate: r.hr,
        lo: r.lo ?? null,
        hi: r.hi ?? null,
        n: r.n ?? null,
      })),
  };
}
