// State occupancy: stacked areas over time, one panel per strategy on the same scales.
import * as Plot from "@observablehq/plot";
import type { FigureContext } from "./context";
import type { OccupancyData } from "./data";
import { number_text, percent_text, plain_text, time_decimals, time_ticks } from "./format";
import type { FigureSpec } from "./frame";
import {
  add_text,
  fit_text,
  font_size,
  font_stack,
  legend,
  swatch,
  text_width,
  tip_style,
  canvas_of,
  nest,
} from "./svg";

interface Slice {
  panel: number;
  state: string;
  month: number;
  bottom: number;
  top: number;
}

function slices_of(data: OccupancyData[]): Slice[] {
  return data.flatMap((panel, p) =>
    panel.months.flatMap((month, k) => {
      let bottom = 0;
      return panel.states.map((s) => {
        const slice = { panel: p, state: s.state, month, bottom, top: bottom + (s.share[k] ?? 0) };
        bottom = slice.top;
        return slice;
      });
    }),
  );
}

export function occupancy_figure(
  data: OccupancyData[],
  context: FigureContext,
  note?: string,
): FigureSpec {
  const panels = [...data].sort((a, b) => context.rank(a.strategy) - context.rank(b.strategy));
  const { unit } = context.time;
  const end = Math.max(...panels.map((p) => p.months[p.months.length - 1] ?? 0));
  const slices = slices_of(panels);
  const states = new Map<string, string | undefined>();
  for (const p of panels)
    for (const s of p.states) if (!states.has(s.state)) states.set(s.state, s.label);
  for (const [state, label] of states) context.kind(state, label);
  const label_of = (state: string) => states.get(state) ?? context.kind(state).label;

  const draw = (width: number): SVGSVGElement => {
    const columns =
      width < 520
        ? 1
        : panels.length === 2 || panels.length === 4 || width < 760
          ? Math.min(2, panels.length)
          : Math.min(3, panels.length);
    const rows = Math.ceil(panels.length / columns);
    const keys = legend(
      [...states.keys()].reverse().map((s) => swatch(label_of(s), context.kind(s).fill)),
      width - 10,
    );
    const gap = 30;
    const margin_left = 58;
    const margin_right = 14;
    const panel_width = (width - margin_left - margin_right - gap * (columns - 1)) / columns;
    const panel_height = Math.max(150, Math.min(260, panel_width * 0.7));
    const head = 24;
    const foot = 36;
    const height = keys.height + rows * (head + panel_height + foot) + 8;
    const svg = canvas_of(width, height);
    keys.draw(svg, margin_left, 0);
    panels.forEach((panel, p) => {
      const column = p % columns;
      const row = Math.floor(p / columns);
      const left = margin_left + column * (panel_width + gap);
      const top = keys.height + row * (head + panel_height + foot);
      const inside = slices.filter((s) => s.panel === p);
      const look = context.strategy(panel.strategy);
      const grid = panel.months.map((month, k) => ({ month, k }));
      const tip = (g: { month: number; k: number }) =>
        [`${number_text(g.month, "", time_decimals(end))} ${unit}, ${look.title}`]
          .concat(
            panel.states
              .slice()
              .reverse()
              .map((s) => `${percent_text(s.share[g.k] ?? 0, 1)}  ${label_of(s.state)}`),
          )
          .join("\n");
      const plot = Plot.plot({
        width: panel_width + 60,
        height: head + panel_height + foot,
        marginLeft: 40,
        marginRight: 20,
        marginTop: head,
        marginBottom: foot,
        style: { fontSize: `${font_size}px`, fontFamily: font_stack, overflow: "visible" },
        x: {
          domain: [0, end],
          ticks: time_ticks(end, Math.min(12, Math.max(3, panel_width / 44))),
          tickFormat: (v: number) => plain_text(v),
          label: null,
        },
        y: {
          domain: [0, 1],
          ticks: column === 0 ? [0, 0.25, 0.5, 0.75, 1] : [],
          tickFormat: (v: number) => `${v * 100}%`,
          label: null,
        },
        marks: [
          Plot.areaY(inside, {
            x: "month",
            y1: "bottom",
            y2: "top",
            z: "state",
            fill: (d: Slice) => context.kind(d.state).fill,
            stroke: "var(--surface)",
            strokeWidth: 0.8,
          }),
          Plot.ruleX(
            grid,
            Plot.pointerX({ x: "month", stroke: "var(--ink)", maxRadius: Infinity }),
          ),
          Plot.tip(
            grid,
            Plot.pointerX({
              x: "month",
              y: () => 0.5,
              title: tip,
              ...tip_style,
              maxRadius: Infinity,
            }),
          ),
        ],
      }) as SVGSVGElement & Plot.Plot;
      nest(plot, svg, left - 40, top);
      add_text(plot, 40, 15, fit_text(look.title, panel_width), {
        fill: look.colour,
        "font-weight": 600,
      });
      label_areas(plot, panel, context, label_of, panel_width, panel_height, head, end);
      if (row === rows - 1 || p + columns >= panels.length) {
        add_text(
          svg,
          left + panel_width / 2,
          top + head + panel_height + foot - 4,
          `Time (${unit})`,
          { "text-anchor": "middle" },
        );
      }
    });
    add_text(svg, 0, 0, "Share of patients", {
      transform: `translate(12,${keys.height + head + panel_height / 2}) rotate(-90)`,
      "text-anchor": "middle",
    });
    return svg;
  };

  return {
    id: "occupancy",
    title: "Where patients are over time",
    reading:
      "Height of a colour = share of all patients who are in that state at that time. " +
      "Every panel starts with all patients and uses the same scale.",
    note,
    draw,
    rows: () =>
      panels.flatMap((p) =>
        p.months.flatMap((month, k) =>
          p.states.map((s) => ({
            strategy: p.strategy,
            [`time_${unit}`]: month,
            state: s.state,
            label: label_of(s.state),
            share: s.share[k] ?? null,
          })),
        ),
      ),
  };
}

/**
 * Writes the name of a state into its area at the time where the area is tallest, if the text
 * fits there.
 */
function label_areas(
  plot: SVGElement,
  panel: OccupancyData,
  context: FigureContext,
  label_of: (state: string) => string,
  width: number,
  height: number,
  head: number,
  end: number,
): void {
  panel.states.forEach((s, i) => {
    const below = (k: number) =>
      panel.states.slice(0, i).reduce((sum, o) => sum + (o.share[k] ?? 0), 0);
    const label = label_of(s.state);
    const half = text_width(label, 11) / 2 + 5;
    let best = { room: 0, x: 0, y: 0 };
    const pixel = (k: number) => (panel.months[k] / end) * width;
    panel.months.forEach((_, k) => {
      const centre = pixel(k);
      if (centre - half < 0 || centre + half > width) return;
      // The text needs room over its whole length, so the band must contain one rectangle.
      let top = 1;
      let bottom = 0;
      for (let j = 0; j < panel.months.length; ++j) {
        if (Math.abs(pixel(j) - centre) > half) continue;
        bottom = Math.max(bottom, below(j));
        top = Math.min(top, below(j) + (s.share[j] ?? 0));
      }
      const room = (top - bottom) * height;
      if (room > best.room) best = { room, x: centre, y: (1 - (top + bottom) / 2) * height };
    });
    if (best.room < 15) return;
    add_text(plot, 40 + best.x, head + best.y + 4, label, {
      "text-anchor": "middle",
      "font-size": 11,
      fill: context.kind(s.state).ink,
      "pointer-events": "none",
    });
  });
}
