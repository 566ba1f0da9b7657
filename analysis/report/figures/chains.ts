// Do the chains tell the same story? Rank histograms (Vehtari et al., Bayesian Analysis
// 2021;16:667) and traces.
import * as Plot from "@observablehq/plot";
import type { Chains } from "./calibration_data";
import { known, plain_text } from "./format";
import { choice, type FigureSpec } from "./frame";
import { narrow_width } from "./row_plot";
import {
  add_text,
  canvas_of,
  element,
  fit_text,
  font_size,
  font_stack,
  legend,
  line_key,
} from "./svg";

const most_bins = 20;

/** Counts [chain][bin] of the ranks of each chain's draws among those of all; ties share a rank. */
export function rank_counts(chains: (number | null)[][]): number[][] {
  const draws = chains.flatMap((values, chain) =>
    values.filter(known).map((value) => ({ chain, value })),
  );
  draws.sort((a, b) => a.value - b.value);
  const bins = Math.max(2, Math.min(most_bins, Math.floor(draws.length / chains.length / 10)));
  const counts = chains.map(() => new Array<number>(bins).fill(0));
  for (let from = 0; from < draws.length;) {
    let to = from;
    while (to < draws.length && draws[to].value === draws[from].value) ++to;
    const rank = (from + to - 1) / 2;
    const bin = Math.min(bins - 1, Math.floor(((rank + 0.5) / draws.length) * bins));
    for (let i = from; i < to; ++i) ++counts[draws[i].chain][bin];
    from = to;
  }
  return counts;
}

const chain_colour = (chain: number) => `var(--strategy-${1 + (chain % 7)})`;

export function ranks_figure(parameters: Chains[]): FigureSpec {
  const rows = parameters.map((p) => ({ name: p.parameter, counts: rank_counts(p.chains) }));
  const draw = (width: number): SVGSVGElement => {
    const chains = Math.max(...rows.map((r) => r.counts.length));
    const stacked = width < narrow_width;
    const left = stacked ? 2 : 190;
    const gap = 10;
    const panel = (width - left) / chains - gap;
    const height = 34;
    const step = stacked ? height + 28 : height + 14;
    const head = 22;
    const svg = canvas_of(width, head + rows.length * step + 4);
    for (let c = 0; c < chains; ++c)
      add_text(svg, left + c * (panel + gap), 14, stacked ? String(c + 1) : `chain ${c + 1}`, {
        fill: chain_colour(c),
        "font-weight": 600,
      });
    rows.forEach((row, i) => {
      const top = head + i * step + (stacked ? 18 : 4);
      add_text(
        svg,
        2,
        stacked ? top - 4 : top + height / 2 + 4,
        fit_text(row.name, stacked ? width - 8 : left - 14, "normal"),
      );
      row.counts.forEach((counts, c) => {
        const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
        const spread = 1.96 * Math.sqrt(expected * (1 - 1 / counts.length));
        const x = left + c * (panel + gap);
        const most = Math.max(2 * expected, ...counts);
        const y = (count: number) => top + height - (count / most) * height;
        const side = panel / counts.length;
        const bars = counts
          .map((count, b) => {
            const tall = (count / most) * height;
            return `M${(x + b * side).toFixed(1)} ${top + height}v-${tall.toFixed(1)}h${side.toFixed(2)}v${tall.toFixed(1)}z`;
          })
          .join("");
        const group = element("g");
        group.append(
          element("title", {}, `${row.name}, chain ${c + 1}: ${counts.join(", ")} draws`),
          element("rect", {
            x,
            y: y(expected + spread),
            width: panel,
            height: y(Math.max(0, expected - spread)) - y(expected + spread),
            fill: "var(--ink)",
            "fill-opacity": 0.1,
          }),
          element("path", { d: bars, fill: chain_colour(c), "fill-opacity": 0.7 }),
          element("line", {
            x1: x,
            x2: x + panel,
            y1: y(expected),
            y2: y(expected),
            stroke: "var(--ink)",
            "stroke-width": 1,
          }),
        );
        svg.append(group);
      });
    });
    return svg;
  };
  return {
    id: "ranks",
    title: "Ranks of each chain's draws among all draws",
    reading:
      "Chains that agree have flat histograms: each of them visits low, middle and high values " +
      "equally often. The line is what is expected, the band 95% of its chance variation for " +
      "independent draws.",
    draw,
    rows: () =>
      rows.flatMap((r) =>
        r.counts.flatMap((counts, chain) =>
          counts.map((draws, bin) => ({
            parameter: r.name,
            chain: chain + 1,
            bin: bin + 1,
            draws,
          })),
        ),
      ),
  };
}

export function trace_figure(parameters: Chains[]): FigureSpec {
  let shown = 0;
  let redraw = () => {};
  const control = choice(
    "Parameter",
    parameters.map((p) => p.parameter),
    (i) => {
      shown = i;
      redraw();
    },
  );
  const draw = (width: number): SVGSVGElement => {
    const { parameter, chains } = parameters[shown];
    const keys = legend(
      chains.map((_, c) => line_key(`chain ${c + 1}`, chain_colour(c))),
      width - 10,
    );
    const svg = Plot.plot({
      width,
      height: 220 + keys.height,
      marginTop: keys.height + 8,
      marginLeft: 58,
      marginBottom: 40,
      style: { fontSize: `${font_size}px`, fontFamily: font_stack },
      x: {
        label: `Draws of ${parameter}`,
        labelOffset: 34,
        labelAnchor: "center",
        labelArrow: "none",
      },
      y: { label: null, grid: true, nice: true, tickFormat: (v: number) => plain_text(v) },
      marks: chains.map((values, c) =>
        Plot.line(values, {
          x: (_, i) => i + 1,
          y: (v) => v ?? NaN,
          stroke: chain_colour(c),
          strokeWidth: 0.9,
          strokeOpacity: 0.75,
        }),
      ),
    }) as SVGSVGElement;
    keys.draw(svg, 2, 0);
    return svg;
  };
  return {
    id: "traces",
    title: "Traces",
    reading:
      "The draws in the order in which they were made. Chains that agree lie on top of each " +
      "other and show no trend.",
    controls: [control],
    attach: (again) => (redraw = again),
    draw,
    rows: () =>
      parameters.flatMap((p) =>
        p.chains.flatMap((values, chain) =>
          values.map((value, i) => ({
            parameter: p.parameter,
            chain: chain + 1,
            draw: i + 1,
            value,
          })),
        ),
      ),
  };
}
