// The shape of most plots of estimates: one line of text per row, marks on a common axis, numbers
// at the right. In a narrow picture the text of a row stands above its marks.
import * as Plot from "@observablehq/plot";
import { plain_text } from "./format";
import {
  add_text,
  element,
  fit_label,
  fit_text,
  font_size,
  font_stack,
  legend,
  scale_of,
  text_width,
  tip_style,
  type LegendItem,
} from "./svg";

/** A line without a row is a heading. */
export interface RowLine<Row extends object> {
  label: string;
  /** So many letters at its beginning are not cut as long as there is room for them. */
  whole?: number;
  row?: Row;
}

export interface TextColumn<Row extends object> {
  title: string;
  text(row: Row): string;
  colour?(row: Row): string;
}

export interface RowPlot<Row extends object> {
  width: number;
  lines: RowLine<Row>[];
  legend?: LegendItem[];
  axis: {
    label: string;
    domain: [number, number];
    log?: boolean;
    /** So many fit. */
    ticks(most: number): number[] | number;
    tick_text?(value: number): string;
  };
  columns: TextColumn<Row>[];
  /** Of one row, where its marks need more than one line of text; without the text above them. */
  row_height?: number;
  /** Marks of the rows that are given; `y` is the middle of a row, in pixels from the top one. */
  marks(rows: Row[], y: (row: Row) => number): Plot.Markish[];
  tip(row: Row): string;
  label_colour?(row: Row): string;
}

const line_height = 22;
const stacked_height = 38;
const heading_height = 26;
const column_gap = 16;
/** At the sides of a narrow picture, for half of an outermost tick label. */
const edge = 18;
export const narrow_width = 620;
/** Pictures taller than this have the axis at the top, too. */
const tall = 560;

export function row_plot<Row extends object>(spec: RowPlot<Row>): SVGSVGElement & Plot.Plot {
  const { width, lines, axis, columns } = spec;
  const stacked = width < narrow_width;
  const more = Math.max(0, (spec.row_height ?? line_height) - line_height);
  const row_height = (stacked ? stacked_height : line_height) + more;
  const heights = lines.map((l) => (l.row === undefined ? heading_height : row_height));
  const tops = heights.map((_, i) => heights.slice(0, i).reduce((a, b) => a + b, 0));
  const body = heights.reduce((a, b) => a + b, 0);
  const filled = lines.flatMap((l, i) => (l.row === undefined ? [] : [{ row: l.row, line: i }]));
  const rows = filled.map((f) => f.row);
  if (!rows.length) throw new Error("no row has numbers");
  const places = new Map(filled.map((f) => [f.row, f.line]));
  // Text above, marks below; or both in the middle.
  const mark_y = (row: Row) => {
    const i = places.get(row) as number;
    return tops[i] + (stacked ? 28 + more / 2 : heights[i] / 2);
  };
  const widths = columns.map(
    (c) => column_gap + Math.max(text_width(c.title), ...rows.map((r) => text_width(c.text(r)))),
  );
  const shown_columns = stacked ? 1 : columns.length;
  const right = stacked ? edge : widths.reduce((a, b) => a + b, 0) + 10;
  const indent = lines.some((l) => l.row === undefined) ? 12 : 0;
  const longest = Math.max(
    ...lines.map((l) => text_width(l.label, font_size, l.row ? "normal" : "600") + indent),
  );
  const left = stacked ? edge : Math.min(longest + 18, width * 0.4);
  const keys = legend(spec.legend ?? [], width - 10);
  const both = body > tall;
  const head = keys.height + 22 + (both ? 24 : 0);
  const foot = 44;
  const [low, high] = axis.domain;

  const svg = Plot.plot({
    width,
    height: head + body + foot,
    marginTop: head,
    marginBottom: foot,
    marginLeft: left,
    marginRight: right,
    style: { fontSize: `${font_size}px`, fontFamily: font_stack },
    x: {
      type: axis.log ? "log" : "linear",
      domain: axis.domain,
      label: null,
      grid: true,
      axis: both ? "both" : "bottom",
      ticks: axis.ticks(Math.max(3, Math.floor((width - left - right) / 46))),
      tickFormat: axis.tick_text ?? ((v: number) => plain_text(v)),
    },
    y: { domain: [0, body], range: [head, head + body], axis: null },
    marks: [
      Plot.rect(
        filled.filter((_, i) => i % 2 === 1),
        {
          x1: low,
          x2: high,
          y1: (f) => tops[f.line],
          y2: (f) => tops[f.line] + heights[f.line],
          fill: "var(--stripe)",
        },
      ),
      ...spec.marks(rows, mark_y),
      Plot.tip(
        rows,
        Plot.pointerY({
          x: () => (axis.log ? Math.sqrt(low * high) : (low + high) / 2),
          y: mark_y,
          title: spec.tip,
          maxRadius: (line_height + more) / 2,
          ...tip_style,
        }),
      ),
    ],
  }) as SVGSVGElement & Plot.Plot;

  const notes = element("g", { "aria-label": "labels", "pointer-events": "none" });
  svg.append(notes);
  keys.draw(notes, 2, 0);
  const soft = { fill: "var(--ink-soft)" };
  // Where text stands in the frame, lines must not run through it.
  const outlined = { stroke: "var(--surface)", "stroke-width": 4, "paint-order": "stroke" };
  const halo = stacked ? outlined : {};
  const column_end = (k: number) => width - 4 - widths.slice(k + 1).reduce((a, b) => a + b, 0);
  const end = (k: number) => (stacked ? width - edge : column_end(k));
  for (let k = 0; k < shown_columns; ++k)
    add_text(notes, end(k), keys.height + 12, columns[k].title, { ...soft, "text-anchor": "end" });
  lines.forEach((line, i) => {
    const top = head + tops[i];
    if (line.row === undefined) {
      const text = fit_text(line.label, stacked ? width - 16 : width - right - 8);
      // It reaches into the frame, where the line at 1 or at 0 may stand: that gives way.
      notes.append(
        element("rect", {
          x: 0,
          y: top + heading_height - 22,
          width: text_width(text, font_size, "600") + 6,
          height: 19,
          fill: "var(--surface)",
        }),
      );
      add_text(notes, 2, top + heading_height - 8, text, { "font-weight": 600, ...outlined });
      return;
    }
    const base = top + (stacked ? 15 : heights[i] / 2 + 4);
    const room = stacked ? width - edge - widths[0] - indent - 2 : left - indent - 12;
    add_text(notes, 2 + indent, base, fit_label(line.label, line.whole ?? 0, room), {
      ...halo,
      fill: spec.label_colour?.(line.row),
    });
    for (let k = 0; k < shown_columns; ++k)
      add_text(notes, end(k), base, columns[k].text(line.row), {
        ...halo,
        "text-anchor": "end",
        "font-variant-numeric": "tabular-nums",
        fill: columns[k].colour?.(line.row),
      });
  });
  const x = scale_of(svg, "x");
  add_text(notes, (x(low) + x(high)) / 2, head + body + 36, axis.label, {
    "text-anchor": "middle",
  });
  return svg;
}

/** Keeps a mark inside the frame. */
export const clamp = (value: number, [low, high]: [number, number]): number =>
  Math.min(Math.max(value, low), high);
