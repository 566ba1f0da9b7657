// The same comparison under different analyses: one block of lines a comparison, hazard ratios on a
// logarithmic axis. And all comparisons on one line each: as published against the truth.
import * as Plot from "@observablehq/plot";
import {
  interval_text,
  known,
  number_text,
  plain,
  ratio_domain,
  ratio_ticks,
  short_study,
} from "./format";
import type { FigureSpec } from "./frame";
import { bar_key, point_key, point_marks, type PointLook } from "./looks";
import { clamp, narrow_width, row_plot, type RowLine } from "./row_plot";
import type { Analysis, AnalysisName, Comparison } from "./validation_data";

const naive = "var(--strategy-2)";
const adjusted = "var(--strategy-1)";
const causal = "var(--strategy-3)";

export const analysis_looks: Record<AnalysisName, PointLook> = {
  published: { label: "published", symbol: "circle", colour: "var(--ink)" },
  as_published: { label: "simulated: as published", symbol: "square", colour: naive },
  associational: { label: "simulated: as observed", symbol: "square", colour: naive },
  without_effect: {
    label: "as observed, cycles do nothing",
    symbol: "square",
    colour: naive,
    hollow: true,
  },
  landmark: { label: "simulated: landmark", symbol: "triangle", colour: adjusted },
  time_dependent: {
    label: "simulated: time-dependent",
    symbol: "triangle",
    colour: adjusted,
  },
  weighted: { label: "simulated: weighted", symbol: "triangle", colour: adjusted },
  truth: { label: "simulated: truth", symbol: "diamond", colour: causal },
  by_chance: { label: "the same, not chosen by prognosis", symbol: "square", colour: adjusted },
  no_effect: {
    label: "chosen, but it does nothing",
    symbol: "square",
    colour: naive,
    hollow: true,
  },
  neither: {
    label: "neither: waiting and grouping alone",
    symbol: "square",
    colour: adjusted,
    hollow: true,
  },
};

interface Row {
  block: string;
  analysis: Analysis;
  /** The number that the others of the block are compared with, if it has an interval. */
  reference?: Analysis;
}

export interface Block {
  title: string;
  analyses: Analysis[];
}

/** One block of lines for each comparison. */
export function analyses_figure(
  id: string,
  title: string,
  sentence: string,
  blocks: Block[],
): FigureSpec {
  const lines: RowLine<Row>[] = blocks.flatMap((b) => {
    const reference = b.analyses.find((a) => a.analysis === "published" && known(a.lo));
    return [
      { label: b.title },
      ...b.analyses.map((analysis) => ({
        label: analysis_looks[analysis.analysis].label,
        row: { block: b.title, analysis, reference },
      })),
    ];
  });
  const all = blocks.flatMap((b) => b.analyses);
  const domain = ratio_domain(all.flatMap((a) => [a.value, a.lo, a.hi]).filter(known));
  const look = (row: Row) => analysis_looks[row.analysis.analysis];
  const text = ({ analysis }: Row) => {
    const interval = interval_text(analysis, "", 2);
    return number_text(analysis.value, "", 2) + (interval ? ` (${interval})` : "");
  };
  const draw = (width: number) =>
    row_plot<Row>({
      width,
      lines,
      legend: blocks.some((b) => b.analyses.some((a) => a.analysis === "published" && known(a.lo)))
        ? [bar_key("the published interval", "var(--ink)", 0.12, 12)]
        : [],
      axis: {
        label: "Hazard ratio, log scale: below 1 favours the first named",
        domain,
        log: true,
        ticks: (most) => ratio_ticks(...domain, most),
      },
      columns: [{ title: "hazard ratio (95%)", text }],
      tip: (row) => `${row.block}\n${look(row).label}\nhazard ratio ${text(row)}`,
      marks: (rows, y) => [
        Plot.rect(
          rows.filter((r) => known(r.reference?.lo) && known(r.reference?.hi)),
          {
            x1: (r) => r.reference?.lo as number,
            x2: (r) => r.reference?.hi as number,
            y1: (r) => y(r) - (width < narrow_width ? 28 : 11),
            y2: (r) => y(r) + (width < narrow_width ? 10 : 11),
            fill: "var(--ink)",
            fillOpacity: 0.09,
          },
        ),
        Plot.ruleX([1], { stroke: "var(--ink)" }),
        Plot.ruleY(
          rows.filter((r) => known(r.analysis.lo) && known(r.analysis.hi)),
          {
            y,
            x1: (r) => r.analysis.lo as number,
            x2: (r) => r.analysis.hi as number,
            stroke: (r) => look(r).colour,
            strokeWidth: 1.8,
          },
        ),
        point_marks(rows, look, { x: (r) => r.analysis.value as number, y }),
      ],
    });
  return {
    id,
    title,
    reading: sentence,
    draw,
    rows: () =>
      blocks.flatMap((b) =>
        b.analyses.map((a) => ({
          comparison: b.title,
          analysis: a.analysis,
          hazard_ratio: a.value,
          lo: a.lo,
          hi: a.hi,
        })),
      ),
  };
}

const value_of = (row: Comparison, name: AnalysisName) =>
  row.analyses.find((a) => a.analysis === name)?.value;

/** How much larger the ratio is in truth; 1: no bias. */
function bias_of(row: Comparison): number | undefined {
  const shown = value_of(row, "as_published");
  const truth = value_of(row, "truth");
  return known(shown) && known(truth) && shown > 0 && truth > 0 ? truth / shown : undefined;
}

/** The most biased first, whatever the direction; those without a truth last. */
export const by_bias = (a: Comparison, b: Comparison): number =>
  Math.abs(Math.log(bias_of(b) ?? 1)) - Math.abs(Math.log(bias_of(a) ?? 1));

export const comparison_title = (row: Comparison): string =>
  `${row.study} · ${plain(row.endpoint)} · ${plain(row.contrast)}`;

/** The same with "Zeng 2014" for a long title. */
const comparison_label = (row: Comparison): string =>
  `${short_study(row.study)} · ${plain(row.endpoint)} · ${plain(row.contrast)}`;

/** What stands above these figures. */
export const how_to_read_analyses =
  "Simulated patients are compared as the authors compared theirs, then in better ways: from a " +
  "landmark on, with treatment as something that begins at its own time, weighted by the chance " +
  "of being treated. The truth is what treatment does to those who receive it, from its start on: " +
  "the very same virtual patients with it and without; only a simulation can know it.";

/** All comparisons in one figure, the most biased at the top. */
export function bias_figure(comparisons: Comparison[]): FigureSpec {
  const rows = comparisons.filter((r) => bias_of(r) !== undefined).sort(by_bias);
  const domain = ratio_domain(
    rows
      .flatMap((r) => r.analyses)
      .filter((a) => ["published", "as_published", "truth"].includes(a.analysis))
      .flatMap((a) => (a.analysis === "published" ? [a.value, a.lo, a.hi] : [a.value]))
      .filter(known),
  );
  const names: AnalysisName[] = ["published", "as_published", "truth"];
  const draw = (width: number) =>
    row_plot<Comparison>({
      width,
      lines: rows.map((row) => ({ label: comparison_label(row), row })),
      legend: names.map((n) => point_key(analysis_looks[n])),
      axis: {
        label: "Hazard ratio, log scale: below 1 favours the first named",
        domain,
        log: true,
        ticks: (most) => ratio_ticks(...domain, most),
      },
      columns: [
        {
          title: "as published → truth",
          text: (r) =>
            `${number_text(value_of(r, "as_published"), "", 2)} → ` +
            `${number_text(value_of(r, "truth"), "", 2)}`,
        },
      ],
      tip: (r) =>
        [
          comparison_title(r),
          ...names
            .filter((n) => known(value_of(r, n)))
            .map((n) => `${analysis_looks[n].label}: ${number_text(value_of(r, n))}`),
        ].join("\n"),
      marks: (all, y) => [
        Plot.ruleX([1], { stroke: "var(--ink)" }),
        Plot.ruleY(
          all.filter((r) => known(r.analyses[0]?.lo) && r.analyses[0].analysis === "published"),
          {
            y,
            x1: (r) => clamp(r.analyses[0].lo as number, domain),
            x2: (r) => clamp(r.analyses[0].hi ?? domain[1], domain),
            stroke: "var(--ink)",
            strokeOpacity: 0.45,
          },
        ),
        Plot.arrow(all, {
          x1: (r) => value_of(r, "as_published") as number,
          x2: (r) => value_of(r, "truth") as number,
          y1: y,
          y2: y,
          stroke: causal,
          strokeWidth: 2,
          insetStart: 5,
          insetEnd: 6,
          headLength: 6,
        }),
        names.map((n) =>
          point_marks(
            all.filter((r) => known(value_of(r, n))),
            () => analysis_looks[n],
            { x: (r) => value_of(r, n) as number, y },
          ),
        ),
      ],
    });
  return {
    id: "bias-all",
    title: "From the published analysis to the truth",
    reading:
      "Each arrow leads from what a study's own analysis finds in simulated patients to what " +
      "treatment does to the same patients. A long arrow is a large bias; the study with the " +
      "largest stands at the top.",
    draw,
    rows: () =>
      rows.map((r) => ({
        study: r.study,
        contrast: r.contrast,
        endpoint: r.endpoint,
        published: value_of(r, "published"),
        as_published: value_of(r, "as_published"),
        truth: value_of(r, "truth"),
        truth_over_as_published: bias_of(r),
      })),
  };
}
