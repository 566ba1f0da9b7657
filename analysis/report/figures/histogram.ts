// Histograms of a count (cycles given), one panel per strategy under each other on the same scales.
import * as Plot from "@observablehq/plot";
import type { FigureContext } from "./context";
import type { CyclesData } from "./data";
import { estimate_text, percent_text } from "./format";
import type { FigureSpec } from "./frame";
import {
  add_text,
  fit_text,
  font_size,
  font_stack,
  text_width,
  tip_style,
  canvas_of,
  nest,
} from "./svg";

export function cycles_figure(data: CyclesData[], context: FigureContext): FigureSpec {
  const panels = [...data].sort((a, b) => context.rank(a.strategy) - context.rank(b.strategy));
  const label = panels[0].label ?? panels[0].agent;
  const last = Math.max(...panels.flatMap((p) => p.histogram.map((h) => h.cycles)));
  const first = Math.min(0, ...panels.flatMap((p) => p.histogram.map((h) => h.cycles)));
  const top = Math.max(...panels.flatMap((p) => p.histogram.map((h) => h.share)), 0.01);

  const draw = (width: number): SVGSVGElement => {
    const panel_height = 74;
    const head = 28;
    const foot = 40;
    const height = panels.length * (head + panel_height) + foot;
    const left = 44;
    const svg = canvas_of(width, height);
    panels.forEach((panel, i) => {
      const look = context.strategy(panel.strategy);
      const lowest = i === panels.length - 1;
      const plot = Plot.plot({
        width,
        height: head + panel_height + (lowest ? foot : 6),
        marginLeft: left,
        marginRight: 16,
        marginTop: head,
        marginBottom: lowest ? foot : 6,
        style: { fontSize: `${font_size}px`, fontFamily: font_stack, overflow: "visible" },
        x: {
          domain: [first - 0.5, last + 0.5],
          label: null,
          tickFormat: lowest ? "d" : () => "",
          tickSize: lowest ? 4 : 0,
          ticks: Array.from({ length: last - first + 1 }, (_, k) => first + k).filter(
            (k) => k % Math.max(1, Math.ceil((last - first) / Math.max(4, width / 42))) === 0,
          ),
        },
        y: {
          domain: [0, top],
          ticks: 3,
          tickFormat: (v: number) => `${Math.round(v * 100)}%`,
          grid: true,
          label: null,
        },
        marks: [
          Plot.rectY(panel.histogram, {
            x1: (d) => d.cycles - 0.42,
            x2: (d) => d.cycles + 0.42,
            y: "share",
            fill: look.colour,
            fillOpacity: 0.8,
          }),
          Plot.ruleY([0], { stroke: "var(--ink)" }),
          typeof panel.mean === "number"
            ? Plot.ruleX([panel.mean], { stroke: "var(--ink)", strokeDasharray: "4 3" })
            : null,
          Plot.tip(
            panel.histogram,
            Plot.pointerX({
              x: "cycles",
              y: "share",
              ...tip_style,
              maxRadius: 40,
              title: (d) => `${look.title}\n${d.cycles} cycles: ${percent_text(d.share, 1)}`,
            }),
          ),
        ],
      }) as SVGSVGElement & Plot.Plot;
      nest(plot, svg, 0, i * (head + panel_height));
      const mean =
        typeof panel.mean === "number"
          ? `mean ${estimate_text({ value: panel.mean, se: panel.se })}`
          : "";
      add_text(plot, width - 16, 15, mean, { "text-anchor": "end" });
      add_text(plot, left, 15, fit_text(look.title, width - left - 16 - text_width(mean) - 14), {
        fill: look.colour,
        "font-weight": 600,
      });
    });
    add_text(svg, (left + width - 16) / 2, height - 5, `Cycles given (${label})`, {
      "text-anchor": "middle",
    });
    return svg;
  };
  return {
    id: `cycles-${panels[0].agent}`,
    title: `Cycles: ${label}`,
    reading: "Share of patients by number of cycles given; the dashed line is the mean.",
    half: true,
    draw,
    rows: () =>
      panels.flatMap((p) =>
        p.histogram.map((h) => ({
          strategy: p.strategy,
          agent: p.agent,
          cycles: h.cycles,
          share: h.share,
        })),
      ),
  };
}
