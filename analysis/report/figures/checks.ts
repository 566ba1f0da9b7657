// Could the calibrated model have produced each study? And which combinations of parameters no
// study pins down.
import * as Plot from "@observablehq/plot";
import type { Direction, StudyCheck } from "./calibration_data";
import { known, number_text, signed_text } from "./format";
import type { FigureSpec } from "./frame";
import { point_key, point_marks, upright_key, type PointLook } from "./looks";
import { row_plot, type RowLine } from "./row_plot";

const doubtful = 0.05;
const fits: PointLook = {
  label: "the model could have produced it",
  symbol: "circle",
  colour: "var(--strategy-1)",
};
const odd: PointLook = {
  label: `p below ${doubtful}`,
  symbol: "diamond",
  colour: "var(--outside)",
};

type Checked = StudyCheck & { p: number };

/** A p-value: three decimals, never 0. */
const p_text = (p: number): string => (p < 0.001 ? "< 0.001" : number_text(p, "", 3));

export function study_figure(studies: StudyCheck[]): FigureSpec {
  const rows = studies.filter((s): s is Checked => known(s.p)).sort((a, b) => a.p - b.p);
  const look = (s: Checked) => (s.p < doubtful ? odd : fits);
  const worst = (s: Checked) =>
    s.worst_figure
      ? `${s.worst_figure}${known(s.worst_z) ? ` (z ${signed_text(s.worst_z)})` : ""}`
      : "";
  const draw = (width: number) =>
    row_plot<Checked>({
      width,
      lines: rows.map((row) => ({ label: row.study, row })),
      legend: [
        point_key(fits),
        point_key(odd),
        upright_key(String(doubtful), "var(--outside)", "4 3"),
      ],
      axis: {
        label: "p of the chi-square of the study's figures",
        domain: [0, 1],
        ticks: () => [0, 0.2, 0.4, 0.6, 0.8, 1],
      },
      columns: [
        {
          title: "p",
          text: (s) => p_text(s.p),
          colour: (s) => (s.p < doubtful ? odd.colour : "currentColor"),
        },
        { title: "figures", text: (s) => String(s.figures) },
        { title: "worst figure", text: worst, colour: () => "var(--ink-soft)" },
      ],
      label_colour: (s) => (s.p < doubtful ? odd.colour : "currentColor"),
      tip: (s) => `${s.study}\np ${p_text(s.p)}, ${s.figures} figures\nworst: ${worst(s)}`,
      marks: (all, y) => [
        Plot.ruleX([doubtful], { stroke: odd.colour, strokeDasharray: "4 3" }),
        point_marks(all, look, { x: (s) => s.p, y }),
      ],
    });
  const low = rows.filter((s) => s.p < doubtful).length;
  return {
    id: "studies",
    title: "Could the model have produced each study?",
    reading:
      `${low} of ${rows.length} studies have p below ${doubtful}; ` +
      `${number_text(doubtful * rows.length, "", 1)} are expected by chance. The worst stand at ` +
      "the top.",
    draw,
    rows: () => rows.map((s) => ({ ...s })),
  };
}

interface Weight {
  direction: string;
  parameter: string;
  weight: number;
}

const shown_weights = 8;

export function direction_figure(directions: Direction[]): FigureSpec {
  const name = (d: Direction, i: number) =>
    `Combination ${i + 1}: posterior / prior sd ${number_text(d.sd_ratio, "", 2)}`;
  const weights = (d: Direction, i: number): Weight[] =>
    d.weights
      .filter((w): w is { parameter: string; weight: number } => known(w.weight))
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
      .slice(0, shown_weights)
      .map((w) => ({ direction: name(d, i), ...w }));
  const lines: RowLine<Weight>[] = directions.flatMap((d, i) => [
    { label: name(d, i) },
    ...weights(d, i).map((row) => ({ label: row.parameter, row })),
  ]);
  const most = Math.max(
    1e-9,
    ...directions.flatMap((d, i) => weights(d, i).map((w) => Math.abs(w.weight))),
  );
  const colour = (w: Weight) => (w.weight > 0 ? "var(--strategy-1)" : "var(--strategy-2)");
  const draw = (width: number) =>
    row_plot<Weight>({
      width,
      lines,
      axis: {
        label: "Weight, in prior standard deviations",
        domain: [-most * 1.08, most * 1.08],
        ticks: (fit) => Math.min(fit, 7),
      },
      columns: [{ title: "weight", text: (w) => signed_text(w.weight, 2), colour }],
      tip: (w) => `${w.direction}\n${w.parameter} ${signed_text(w.weight, 2)}`,
      marks: (all, y) => [
        Plot.rect(all, {
          x1: (w) => Math.min(0, w.weight),
          x2: (w) => Math.max(0, w.weight),
          y1: (w) => y(w) - 5,
          y2: (w) => y(w) + 5,
          fill: colour,
          fillOpacity: 0.75,
        }),
        Plot.ruleX([0], { stroke: "var(--ink)" }),
      ],
    });
  return {
    id: "directions",
    title: "Combinations of parameters that no data pin down",
    reading:
      "Each block is a combination of parameters that can move together, in the directions of " +
      `the bars, without the data objecting. The ${shown_weights} largest weights of each are ` +
      "shown.",
    draw,
    rows: () =>
      directions.flatMap((d, i) =>
        d.weights.map((w) => ({ direction: i + 1, sd_ratio: d.sd_ratio, ...w })),
      ),
  };
}
