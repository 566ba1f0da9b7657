// How far published numbers lie from predictions, in standard deviations, against the normal curve.
import * as Plot from "@observablehq/plot";
import { known } from "./format";
import type { FigureSpec } from "./frame";
import { font_size, font_stack, legend, line_key, swatch, tip_style } from "./svg";
import type { PublishedFigure } from "./validation_data";

const step = 0.5;
/** The outermost bars hold everything beyond. */
const edge = 4;

const normal_density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

interface Bar {
  from: number;
  fitted: boolean;
  low: number;
  high: number;
}

/** Fitted figures at the bottom of each bar, the others upon them. */
function bars_of(figures: (PublishedFigure & { z: number })[]): Bar[] {
  const bars: Bar[] = [];
  for (let from = -edge; from < edge; from += step) {
    const inside = figures.filter((f) => {
      const place = Math.min(Math.max(f.z, -edge), edge - step / 2);
      return place >= from && place < from + step;
    });
    const fitted = inside.filter((f) => f.use === "fitted").length;
    bars.push({ from, fitted: true, low: 0, high: fitted });
    bars.push({ from, fitted: false, low: fitted, high: inside.length });
  }
  return bars;
}

export function deviations_figure(figures: PublishedFigure[]): FigureSpec {
  const rows = figures.filter((f): f is PublishedFigure & { z: number } => known(f.z));
  const bars = bars_of(rows);
  const expected = (z: number) => rows.length * step * normal_density(z);
  const curve = Array.from({ length: 161 }, (_, i) => -edge + (i * 2 * edge) / 160);
  const colour = (b: Bar) => (b.fitted ? "var(--strategy-1)" : "var(--strategy-2)");
  const most = Math.max(1, expected(0), ...bars.map((b) => b.high));
  const apart = [1, 2, 5, 10, 20, 50, 100, 200].find((step) => most / step <= 8) ?? 500;
  const draw = (width: number): SVGSVGElement => {
    const keys = legend(
      [
        swatch("fitted", "var(--strategy-1)"),
        swatch("not fitted", "var(--strategy-2)"),
        line_key("expected", "var(--ink)", "5 3"),
      ],
      width - 10,
    );
    const svg = Plot.plot({
      width,
      height: 260 + keys.height,
      marginTop: keys.height + 12,
      marginBottom: 42,
      marginLeft: 52,
      marginRight: 12,
      style: { fontSize: `${font_size}px`, fontFamily: font_stack },
      x: {
        domain: [-edge, edge],
        label:
          width < 520
            ? "z: (published − predicted) / sd"
            : "Published minus predicted, in standard deviations of the prediction (z)",
        labelAnchor: "center",
        labelArrow: "none",
        ticks: [-4, -3, -2, -1, 0, 1, 2, 3, 4],
        tickFormat: (v: number) =>
          Math.abs(v) === edge ? `${v < 0 ? "≤ −" : "≥ "}${edge}` : String(v).replace("-", "−"),
      },
      y: {
        domain: [0, most * 1.04],
        label: "Number of figures",
        labelAnchor: "center",
        labelArrow: "none",
        grid: true,
        // Figures come in whole numbers.
        ticks: Array.from({ length: Math.floor(most / apart) + 1 }, (_, k) => k * apart),
        tickFormat: (v: number) => String(v),
      },
      marks: [
        Plot.rect(
          bars.filter((b) => b.high > b.low),
          {
            x1: (b) => b.from + 0.02,
            x2: (b) => b.from + step - 0.02,
            y1: "low",
            y2: "high",
            fill: colour,
            fillOpacity: 0.8,
          },
        ),
        Plot.line(curve, {
          x: (z) => z,
          y: expected,
          stroke: "var(--ink)",
          strokeDasharray: "5 3",
          strokeWidth: 1.6,
        }),
        Plot.ruleY([0], { stroke: "var(--ink)" }),
        Plot.tip(
          bars.filter((b) => b.high > b.low),
          Plot.pointerX({
            x: (b) => b.from + step / 2,
            y: "high",
            maxRadius: 40,
            ...tip_style,
            title: (b: Bar) =>
              `z from ${b.from} to ${b.from + step}: ${b.high - b.low} ` +
              `${b.fitted ? "fitted" : "not fitted"}\nexpected in all ` +
              `${expected(b.from + step / 2).toFixed(1)}`,
          }),
        ),
      ],
    }) as SVGSVGElement;
    keys.draw(svg, 2, 0);
    return svg;
  };
  return {
    id: "deviations",
    title: "How far published numbers lie from predictions",
    reading:
      `The number of figures at each distance, ${rows.length} in all. If predictions and their ` +
      "stated uncertainty were right, the bars would follow the line. Figures of one study are " +
      "not independent of each other.",
    draw,
    rows: () => rows.map((f) => ({ id: f.id, study: f.study, group: f.group, use: f.use, z: f.z })),
  };
}
