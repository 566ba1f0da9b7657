// What the data have taught about each parameter: its posterior on the scale of its prior, and the
// ratio of their standard deviations.
import * as Plot from "@observablehq/plot";
import type { ParameterRow } from "./calibration_data";
import { known, number_text, plain_text, range_text } from "./format";
import type { FigureSpec } from "./frame";
import { bar_key, point_key, point_marks, upright_key, type PointLook } from "./looks";
import { clamp, row_plot } from "./row_plot";

const learnt: PointLook = {
  label: "posterior median",
  symbol: "circle",
  colour: "var(--strategy-1)",
};
const prior_only: PointLook = {
  label: "prior only: the data say nothing",
  symbol: "square",
  colour: "var(--outside)",
  hollow: true,
};
const look = (p: ParameterRow): PointLook => (p.prior_only ? prior_only : learnt);

const middle = 2;

/** Least known parameters last. */
const by_ratio = (a: ParameterRow, b: ParameterRow) => (a.sd_ratio ?? 1) - (b.sd_ratio ?? 1);

const complete = (p: ParameterRow): boolean =>
  p.prior.length === 5 && p.posterior.length === 5 && [...p.prior, ...p.posterior].every(known);

/**
 * A value on the scale on which the prior's 95% interval goes from -1 to 1 with its median at 0,
 * each half stretched on its own: parameters of different units share an axis.
 */
export function on_prior_scale(value: number, prior: number[]): number {
  const half = value < prior[middle] ? prior[middle] - prior[0] : prior[4] - prior[middle];
  return half > 0 ? (value - prior[middle]) / half : 0;
}

const quantile_text = (q: ParameterRow["prior"]) =>
  range_text({ value: q[middle], lo: q[0], hi: q[4] });

export function parameter_csv(p: ParameterRow) {
  const names = ["2.5", "25", "50", "75", "97.5"];
  const columns = (of: "prior" | "posterior") =>
    names.map((q, i) => [`${of}_${q}`, p[of][i]] as const);
  return {
    name: p.name,
    meaning: p.meaning,
    unit: p.unit,
    ...Object.fromEntries([...columns("prior"), ...columns("posterior")]),
    sd_ratio: p.sd_ratio,
    prior_only: p.prior_only,
    identified: p.identified,
    source: p.source,
  };
}

export function learning_figure(id: string, title: string, parameters: ParameterRow[]): FigureSpec {
  const rows = parameters.filter(complete).sort(by_ratio);
  const at = (p: ParameterRow, i: number) =>
    on_prior_scale(p.posterior[i] as number, p.prior as number[]);
  const reach = Math.max(1.25, ...rows.flatMap((p) => [Math.abs(at(p, 0)), Math.abs(at(p, 4))]));
  const domain: [number, number] = [-Math.min(reach * 1.05, 3), Math.min(reach * 1.05, 3)];
  const ticks = new Map([
    [-1, "2.5%"],
    [0, "median"],
    [1, "97.5%"],
  ]);
  const draw = (width: number) =>
    row_plot<ParameterRow>({
      width,
      lines: rows.map((row) => ({ label: row.name, row })),
      legend: [
        bar_key("prior: 95% and 50% interval", "var(--ink)", 0.22, 12),
        bar_key("posterior: 95% and 50% interval", learnt.colour, 0.9, 4),
        point_key(learnt),
        point_key(prior_only),
      ],
      axis: {
        label: "Quantiles of the prior",
        domain,
        ticks: () => [...ticks.keys()],
        tick_text: (v) => ticks.get(v) ?? "",
      },
      columns: [
        { title: "posterior (95%)", text: (p) => quantile_text(p.posterior) },
        { title: "prior (95%)", text: (p) => quantile_text(p.prior) },
        { title: "unit", text: (p) => p.unit ?? "", colour: () => "var(--ink-soft)" },
      ],
      label_colour: (p) => (p.prior_only ? prior_only.colour : "currentColor"),
      tip: (p) =>
        [
          p.name,
          p.meaning,
          `prior ${quantile_text(p.prior)} ${p.unit ?? ""}`,
          `posterior ${quantile_text(p.posterior)} ${p.unit ?? ""}`,
          `posterior / prior sd ${number_text(p.sd_ratio, "", 2)}`,
          p.identified ?? "",
        ]
          .filter(Boolean)
          .join("\n"),
      marks: (all, y) => {
        const prior_band = (from: number, to: number) =>
          Plot.rect(all, {
            x1: (p) => on_prior_scale(p.prior[from] as number, p.prior as number[]),
            x2: (p) => on_prior_scale(p.prior[to] as number, p.prior as number[]),
            y1: (p) => y(p) - 7,
            y2: (p) => y(p) + 7,
            fill: "var(--ink)",
            fillOpacity: 0.12,
          });
        const posterior_bar = (from: number, to: number, thickness: number) =>
          Plot.ruleY(all, {
            y,
            x1: (p) => clamp(at(p, from), domain),
            x2: (p) => clamp(at(p, to), domain),
            stroke: (p) => look(p).colour,
            strokeWidth: thickness,
          });
        return [
          prior_band(0, 4),
          prior_band(1, 3),
          posterior_bar(0, 4, 1.6),
          posterior_bar(1, 3, 4.5),
          point_marks(all, look, { x: (p) => clamp(at(p, middle), domain), y }),
        ];
      },
    });
  return {
    id,
    title,
    reading:
      "Grey: what was believed before the data, drawn to the same width for every parameter. " +
      "Coloured: what is believed after. A short coloured bar was learnt from the data; one as " +
      "wide as the grey bar was not. The best known stand at the top.",
    draw,
    rows: () => rows.map(parameter_csv),
  };
}

export function ratio_figure(parameters: ParameterRow[], bound: number): FigureSpec {
  const rows = parameters.filter((p) => known(p.sd_ratio)).sort(by_ratio);
  const top = Math.max(1.08, ...rows.map((p) => p.sd_ratio as number));
  const share = (p: ParameterRow) => number_text(p.sd_ratio, "", 2);
  const draw = (width: number) =>
    row_plot<ParameterRow>({
      width,
      lines: rows.map((row) => ({ label: row.name, row })),
      legend: [upright_key(`prior only: above ${plain_text(bound)}`, prior_only.colour, "4 3")],
      axis: {
        label: "Posterior sd / prior sd",
        domain: [0, top],
        ticks: () => [0, 0.2, 0.4, 0.6, 0.8, 1],
      },
      columns: [
        { title: "ratio", text: share },
        {
          title: "",
          text: (p) => (p.prior_only ? "prior only" : ""),
          colour: () => prior_only.colour,
        },
      ],
      label_colour: (p) => (p.prior_only ? prior_only.colour : "currentColor"),
      tip: (p) =>
        [p.name, p.meaning, `posterior / prior sd ${share(p)}`, p.identified]
          .filter(Boolean)
          .join("\n"),
      marks: (all, y) => [
        Plot.rect(all, {
          x1: 0,
          x2: (p) => p.sd_ratio as number,
          y1: (p) => y(p) - 5,
          y2: (p) => y(p) + 5,
          fill: (p) => (p.prior_only ? "var(--surface)" : learnt.colour),
          fillOpacity: 0.8,
          stroke: (p) => look(p).colour,
          strokeWidth: 1.2,
        }),
        Plot.ruleX([bound], {
          stroke: prior_only.colour,
          strokeDasharray: "4 3",
          strokeWidth: 1.6,
        }),
      ],
    });
  return {
    id: "learnt",
    title: "How much was learnt",
    reading:
      "The uncertainty that is left, as a share of the uncertainty before the data. Hollow bars " +
      "that pass the dashed line are parameters about which the data say nothing.",
    draw,
    rows: () => rows.map((p) => ({ name: p.name, sd_ratio: p.sd_ratio, prior_only: p.prior_only })),
  };
}
