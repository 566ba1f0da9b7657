// Dot plot: one line per measure, one dot per strategy with its Monte Carlo interval, on a common
// scale.
import * as Plot from "@observablehq/plot";
import type { FigureContext } from "./context";
import type { Maybe } from "./data";
import { estimate_text, number_text, unit_suffix } from "./format";
import type { FigureSpec } from "./frame";
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

export interface DotRow {
  key: string;
  label: string;
  group?: string;
  strategy: string;
  value: Maybe;
  se?: Maybe;
}

export interface DotSpec {
  id: string;
  title: string;
  reading: string;
  unit: string;
  rows: DotRow[];
  note?: string;
}

interface Line {
  heading?: string;
  label: string;
  rows: (DotRow & { value: number })[];
}

function lines_of(rows: DotRow[]): Line[] {
  const lines: Line[] = [];
  for (const group of new Set(rows.map((r) => r.group ?? ""))) {
    const inside = rows.filter((r) => (r.group ?? "") === group);
    if (group) lines.push({ heading: group, label: "", rows: [] });
    for (const key of new Set(inside.map((r) => r.key))) {
      const same = inside.filter((r) => r.key === key);
      const known = same.filter(
        (r): r is DotRow & { value: number } =>
          typeof r.value === "number" && Number.isFinite(r.value),
      );
      lines.push({ label: same[0].label, rows: known });
    }
  }
  return lines;
}

export function dots_figure(spec: DotSpec, context: FigureContext): FigureSpec {
  const lines = lines_of(spec.rows);
  const strategies = [...new Set(spec.rows.map((r) => r.strategy))].sort(
    (a, b) => context.rank(a) - context.rank(b),
  );
  const share = spec.unit === "share";
  const margin_error = (r: DotRow) => 1.96 * (r.se ?? 0);
  const highest = Math.max(
    0,
    ...lines.flatMap((l) => l.rows.map((r) => r.value + margin_error(r))),
  );
  const lowest = Math.min(0, ...lines.flatMap((l) => l.rows.map((r) => r.value - margin_error(r))));

  const draw = (width: number): SVGSVGElement => {
    const step = strategies.length > 4 ? 11 : 13;
    const small = strategies.length > 4 ? 10 : 11;
    const line_height = Math.max(24, 12 + step * (strategies.length - 1) + 8);
    const heights = lines.map((l) => (l.heading ? 24 : line_height));
    const tops = heights.map((_, i) => heights.slice(0, i).reduce((a, b) => a + b, 0));
    const body = heights.reduce((a, b) => a + b, 0);
    const keys = legend(
      strategies.map((s) => strategy_key(context.strategy(s))),
      width - 10,
    );
    const head = keys.height + 6;
    const foot = 42;
    const left = Math.min(
      Math.max(
        ...lines.map((l) =>
          text_width(l.heading ?? l.label, font_size, l.heading ? "bold" : "normal"),
        ),
      ) + 26,
      width * 0.42,
    );
    const middle = (i: number) => tops[i] + heights[i] / 2;
    const dots = lines.flatMap((l, i) =>
      l.rows.map((r) => {
        const k = strategies.indexOf(r.strategy);
        return { ...r, line: l, y: middle(i) + (k - (strategies.length - 1) / 2) * step };
      }),
    );
    type Dot = (typeof dots)[number];
    const top_value = share && highest > 0.85 ? 1 : highest * 1.06 || 1;
    const svg = Plot.plot({
      width,
      height: head + body + foot,
      marginTop: head,
      marginBottom: foot,
      marginLeft: left,
      marginRight: 74,
      style: { fontSize: `${font_size}px`, fontFamily: font_stack },
      x: {
        domain: [lowest * 1.06, top_value],
        grid: true,
        label: null,
        ticks: 6,
        tickFormat: share
          ? (v: number) => `${number_text(v, "share", top_value < 0.05 ? 1 : 0)}%`
          : (v: number) => String(v),
      },
      y: { domain: [0, body], reverse: true, axis: null },
      marks: [
        Plot.rect(
          lines.map((_, i) => i).filter((i) => i % 2 === 1),
          {
            x1: lowest * 1.06,
            x2: top_value,
            y1: (i: number) => tops[i],
            y2: (i: number) => tops[i] + heights[i],
            fill: "var(--stripe)",
          },
        ),
        Plot.ruleX([0], { stroke: "var(--ink)" }),
        Plot.ruleY(dots, {
          y: "y",
          x1: 0,
          x2: "value",
          stroke: (d: Dot) => context.strategy(d.strategy).colour,
          strokeOpacity: 0.35,
          strokeWidth: 2,
        }),
        Plot.ruleY(dots, {
          y: "y",
          x1: (d: Dot) => d.value - margin_error(d),
          x2: (d: Dot) => d.value + margin_error(d),
          stroke: (d: Dot) => context.strategy(d.strategy).colour,
          strokeWidth: 2.4,
        }),
        strategies.map((s) =>
          Plot.dot(
            dots.filter((d) => d.strategy === s),
            {
              x: "value",
              y: "y",
              r: 4.5,
              symbol: context.strategy(s).symbol,
              fill: context.strategy(s).colour,
              stroke: "var(--surface)",
            },
          ),
        ),
        Plot.tip(
          dots,
          Plot.pointer({
            x: "value",
            y: "y",
            maxRadius: 50,
            ...tip_style,
            title: (d: Dot) =>
              `${d.label}\n${context.strategy(d.strategy).title}\n${estimate_text(d, spec.unit)}${unit_suffix(spec.unit)}`,
          }),
        ),
      ],
    }) as SVGSVGElement & Plot.Plot;
    const notes = element("g", { "aria-label": "labels", "pointer-events": "none" });
    svg.append(notes);
    keys.draw(notes, 2, 0);
    lines.forEach((l, i) => {
      add_text(
        notes,
        2,
        head + middle(i) + 4,
        fit_text(l.heading ?? l.label, left - 8, l.heading ? "600" : "normal"),
        l.heading ? { "font-weight": 600 } : {},
      );
    });
    const x = scale_of(svg, "x");
    for (const d of dots) {
      add_text(
        notes,
        x(d.value + margin_error(d)) + 9,
        head + d.y + 4,
        `${number_text(d.value, spec.unit)}${share ? "%" : ""}`,
        {
          "font-size": small,
          fill: context.strategy(d.strategy).colour,
        },
      );
    }
    add_text(
      notes,
      (left + width - 74) / 2,
      head + body + 36,
      share ? "Share of patients" : `Mean per patient${spec.unit ? ` (${spec.unit})` : ""}`,
      { "text-anchor": "middle" },
    );
    return svg;
  };
  return {
    id: spec.id,
    title: spec.title,
    reading: spec.reading,
    note: spec.note,
    draw,
    rows: () =>
      spec.rows.map((r) => ({
        group: r.group ?? "",
        key: r.key,
        label: r.label,
        strategy: r.strategy,
        value: r.value,
        se: r.se ?? null,
        unit: spec.unit,
      })),
  };
}
