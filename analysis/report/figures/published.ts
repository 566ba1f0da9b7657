// Forest plots of published figures over the model's predictions: a band for what studies of that
// size would show, a mark for what the study has shown.
import * as Plot from "@observablehq/plot";
import {
  interval_text,
  known,
  not_available,
  number_text,
  plain,
  ratio_domain,
  ratio_ticks,
  short_study,
  signed_text,
  unit_suffix,
} from "./format";
import type { FigureSpec } from "./frame";
import { bar_key, point_key, point_marks, type PointLook } from "./looks";
import { clamp, narrow_width, row_plot, type RowLine } from "./row_plot";
import type { End, PublishedFigure } from "./validation_data";

/** Decimals: a month has 30 days, a share of patients is rarely known to 1%. */
const digits: Record<PublishedFigure["measure"], number> = {
  months: 1,
  share: 0,
  ratio: 2,
  difference: 1,
};

/** A number or an infinity. */
const is_there = (end: unknown): boolean => known(end) || end === "inf" || end === "-inf";

const outside_colour = "var(--outside)";
const band_colour = "var(--strategy-1)";

function look_of(figure: PublishedFigure): PointLook {
  const outside = figure.inside95 === false;
  return {
    label: "",
    symbol: outside ? "diamond" : "circle",
    colour: outside ? outside_colour : "var(--ink)",
    hollow: figure.use !== "fitted",
  };
}

export const unit_of = (figure: PublishedFigure): string =>
  figure.measure === "share"
    ? "share"
    : figure.measure === "months"
      ? "months"
      : figure.measure === "difference"
        ? (figure.unit ?? "")
        : "";

/** "9.6", "> 36" or "3 to 5". */
export function published_text(figure: PublishedFigure): string {
  if (figure.use === "not published yet") return "not yet";
  const unit = unit_of(figure);
  const percent = unit === "share" ? "%" : "";
  const { published, reading } = figure;
  const d = digits[figure.measure];
  const value = number_text(published.value, unit, d) + percent;
  if (reading === "above") return `> ${value}`;
  if (reading === "below") return `< ${value}`;
  return reading === "within" ? interval_text(published, unit, d) + percent : value;
}

/** What is said of an end beyond all numbers. */
const beyond: Record<PublishedFigure["measure"], Record<"inf" | "-inf", string>> = {
  months: { inf: "not reached", "-inf": not_available },
  share: { inf: not_available, "-inf": not_available },
  ratio: { inf: "infinite", "-inf": not_available },
  difference: { inf: "above any", "-inf": "below any" },
};

/** "9.6 (7.5 to 13)". */
export function predicted_text(figure: PublishedFigure): string {
  const unit = unit_of(figure);
  const p = figure.predicted;
  if (!p) return not_available;
  const number = (v: End | undefined) =>
    v === "inf" || v === "-inf"
      ? beyond[figure.measure][v]
      : number_text(v, unit, digits[figure.measure]);
  const value = number(p.value) + (known(p.value) && unit === "share" ? "%" : "");
  // Of a median that nobody reaches there is no more to say.
  if (p.lo === "inf" && p.hi === "inf") return value;
  return is_there(p.lo) ? `${value} (${number(p.lo)} to ${number(p.hi)})` : value;
}

/** "PFS, landmark survival at 12 months". */
const figure_head = (f: PublishedFigure): string =>
  [
    // "toxicity rate" says that it is about toxicity.
    f.statistic.startsWith(f.endpoint) ? "" : `${plain(f.endpoint)}, `,
    plain(f.statistic),
    known(f.at_months) ? ` at ${number_text(f.at_months)} months` : "",
  ].join("");

/** What a figure is about, without its study: the same and "· GP". */
export const figure_label = (f: PublishedFigure): string =>
  // Only the name of such a figure says which toxicity it is.
  figure_head(f) +
  (f.endpoint === "toxicity" ? `, ${plain(f.id)}` : "") +
  (f.of ? ` · ${plain(f.of)}` : "");

function tip_text(f: PublishedFigure): string {
  const unit = unit_suffix(unit_of(f)).replace("%", "");
  const interval =
    f.reading === "exact" ? interval_text(f.published, unit_of(f), digits[f.measure]) : "";
  return [
    `${f.study} (${plain(f.design)})`,
    figure_label(f),
    f.use === "not published yet"
      ? ""
      : `published ${published_text(f)}${unit}${interval ? ` (${interval})` : ""}`,
    `predicted ${predicted_text(f)}${unit}`,
    known(f.z) ? `z ${signed_text(f.z)}` : "",
    [f.use, f.reason].filter(Boolean).join(": "),
    f.doubt ? `doubt: ${f.doubt}` : "",
    rests_on_text(f),
  ]
    .filter(Boolean)
    .join("\n");
}

// Marks behind the name of a figure.
const rests_on_prior = "*";
const rests_on_little = "†";

/** Marks a prediction that a parameter without data, or with weak data only, would move. */
export const footing_mark = (f: PublishedFigure): string =>
  f.prior_only ? ` ${rests_on_prior}` : f.weak ? ` ${rests_on_little}` : "";

/** "no data: a, b; weak data: c". */
export const rests_on_text = (f: PublishedFigure): string =>
  [
    f.prior_only && `no data: ${f.prior_only.replace(/ /g, ", ")}`,
    f.weak && `weak data: ${f.weak.replace(/ /g, ", ")}`,
  ]
    .filter(Boolean)
    .join("; ");

/** Headings are studies, in the order of the data. */
function lines_of(figures: PublishedFigure[], width: number): RowLine<PublishedFigure>[] {
  const name = (study: string) => (width < narrow_width ? short_study(study) : study);
  return [...new Set(figures.map((f) => f.study))].flatMap((study) => {
    const inside = figures.filter((f) => f.study === study);
    return [
      { label: `${name(study)}, ${plain(inside[0].design)}` },
      ...inside.map((row) => ({
        label: figure_label(row) + footing_mark(row),
        whole: figure_head(row).length,
        row,
      })),
    ];
  });
}

/**
 * Everything but the far ends of wide predictions, which would press the rest together; they are
 * cut off at the frame.
 */
function domain_of(figures: PublishedFigure[], measure: PublishedFigure["measure"]) {
  const core = figures
    .flatMap((f) => [
      f.published.value,
      f.published.lo,
      f.published.hi,
      f.predicted?.value,
      f.predicted?.lo50,
      f.predicted?.hi50,
    ])
    .filter(known);
  const ends = figures.flatMap((f) => [f.predicted?.lo, f.predicted?.hi]).filter(known);
  if (measure === "share") return [0, 1] as [number, number];
  const low = Math.min(...core, ...(core.length ? [] : [0]));
  const high = Math.max(...core, ...(core.length ? [] : [1]));
  if (measure === "ratio")
    return ratio_domain([...core, ...ends.filter((v) => v > low / 2 && v < high * 2)]);
  const reach = Math.max(high - Math.min(low, 0), 1e-9);
  const kept = [...core, ...ends.filter((v) => v < high + reach / 2 && v > low - reach / 2), 0];
  const [least, most] = [Math.min(...kept), Math.max(...kept)];
  const room = 0.04 * (most - least || 1);
  return [least < 0 ? least - room : 0, most + room] as [number, number];
}

const axis_labels: Record<PublishedFigure["measure"], string> = {
  months: "Months",
  share: "Per cent of patients",
  ratio: "Ratio, log scale",
  difference: "Difference",
};

const legend = [
  bar_key("predicted: 95% and 50% interval, median", band_colour, 0.45, 10),
  point_key({ label: "published, fitted", symbol: "circle", colour: "var(--ink)" }),
  point_key({
    label: "published, not fitted",
    symbol: "circle",
    colour: "var(--ink)",
    hollow: true,
  }),
  point_key({ label: "outside the 95% interval", symbol: "diamond", colour: outside_colour }),
];

/** What stands above the first of these figures. */
export const how_to_read =
  "Each mark is a published number with its published interval; the bar behind it is what the " +
  "model predicts for a study of that size. About 95 of 100 marks should lie on the light part " +
  "of their bars and 50 on the dark part. An arrow is a number of which only a bound was " +
  "published. Marks that lie outside are red diamonds.";

/** Instead, where nothing is published yet. */
export const how_to_read_predictions =
  "Nothing is published of these studies yet. The bars are what the model predicts for a study of " +
  "the planned size: the line is the middle, the dark part holds one half of such studies, the " +
  "whole bar 95%.";

/** Only if a figure bears one of the marks. */
export const how_to_read_marks =
  `${rests_on_prior} would move noticeably if a parameter about which no data speak had another plausible value; ` +
  `${rests_on_little} the same of a parameter about which data say little. Below, under \u201cWhat the predictions ` +
  "rest on\u201d, stands which ones.";

/**
 * The part of a band that lies in the frame. An infinite end lies at the edge on its own side, so that what is never
 * reached is no bar that begins at 0; an end that is not known lies at the edge that it is the end to.
 */
type Ends = readonly [number, number];

const placed = (end: unknown, domain: [number, number], otherwise: number): number => {
  if (end === "inf") return domain[1];
  if (end === "-inf") return domain[0];
  return known(end) ? clamp(end, domain) : otherwise;
};

/** \pre figures is not empty; all have one measure and one unit. */
export function published_figure(
  group: string,
  figures: PublishedFigure[],
  id: string,
): FigureSpec {
  const { measure } = figures[0];
  const unit = unit_of(figures[0]);
  const shown = figures.filter((f) => f.predicted);
  const domain = domain_of(shown, measure);
  const cut = (lo: unknown, hi: unknown): Ends => [
    placed(lo, domain, domain[0]),
    placed(hi, domain, domain[1]),
  ];
  const share = unit === "share";
  const draw = (width: number): SVGSVGElement =>
    row_plot({
      width,
      lines: lines_of(shown, width),
      legend: shown.every((f) => f.use === "not published yet") ? legend.slice(0, 1) : legend,
      axis: {
        label:
          axis_labels[measure] +
          (measure === "difference" ? `, ${share ? "per cent points" : unit}` : ""),
        domain,
        log: measure === "ratio",
        ticks: (most) => (measure === "ratio" ? ratio_ticks(...domain, most) : Math.min(most, 8)),
        tick_text: share ? (v) => `${number_text(v, "share", 0)}%` : (v) => String(v),
      },
      columns: [
        { title: "published", text: published_text },
        { title: "predicted (95%)", text: predicted_text },
        {
          title: "z",
          text: (f) => (known(f.z) ? signed_text(f.z) : f.inside95 === false ? "outside" : ""),
          colour: (f) => (f.inside95 === false ? outside_colour : "var(--ink-soft)"),
        },
      ],
      label_colour: (f) => (f.inside95 === false ? outside_colour : "currentColor"),
      tip: tip_text,
      marks: (rows, y) => [
        measure === "ratio" || measure === "difference"
          ? Plot.ruleX([measure === "ratio" ? 1 : 0], { stroke: "var(--ink)" })
          : null,
        band(rows, y, (f) => cut(f.predicted?.lo, f.predicted?.hi), 0.22),
        band(
          rows.filter((f) => is_there(f.predicted?.lo50)),
          y,
          (f) => cut(f.predicted?.lo50, f.predicted?.hi50),
          0.42,
        ),
        Plot.ruleX(
          rows.filter((f) => is_there(f.predicted?.value)),
          {
            x: (f) => placed(f.predicted?.value, domain, domain[0]),
            y1: (f) => y(f) - 7,
            y2: (f) => y(f) + 7,
            stroke: band_colour,
            strokeWidth: 2,
          },
        ),
        published_marks(rows, y, domain, cut),
      ],
    });
  const words = {
    months: "times in months",
    share: "shares of patients",
    ratio: "ratios",
    difference: share ? "differences of shares" : `differences in ${unit}`,
  };
  return {
    id,
    title: `${group}: ${words[measure]}`,
    reading: shown.every((f) => f.use === "not published yet")
      ? "What the model predicts for studies of the planned size."
      : "Published marks over the bands that the model predicts for studies of that size.",
    draw,
    rows: () => shown.map(csv_row),
  };
}

function band(
  rows: PublishedFigure[],
  y: (f: PublishedFigure) => number,
  ends: (f: PublishedFigure) => Ends,
  opacity: number,
): Plot.Markish {
  return Plot.rect(rows, {
    x1: (f) => ends(f)[0],
    x2: (f) => ends(f)[1],
    y1: (f) => y(f) - 6,
    y2: (f) => y(f) + 6,
    fill: band_colour,
    fillOpacity: opacity,
  });
}

function published_marks(
  rows: PublishedFigure[],
  y: (f: PublishedFigure) => number,
  domain: [number, number],
  cut: (lo: unknown, hi: unknown) => Ends,
): Plot.Markish[] {
  const colour = (f: PublishedFigure) => look_of(f).colour;
  const has_interval = (f: PublishedFigure) =>
    f.reading !== "above" &&
    f.reading !== "below" &&
    (known(f.published.lo) || known(f.published.hi));
  const exact = rows.filter((f) => f.reading === "exact" && known(f.published.value));
  const bounds = rows.filter(
    (f) => (f.reading === "above" || f.reading === "below") && known(f.published.value),
  );
  const value = (f: PublishedFigure) => clamp(f.published.value as number, domain);
  const open_end = (f: PublishedFigure) => (f.reading === "above" ? domain[1] : domain[0]);
  return [
    Plot.ruleY(rows.filter(has_interval), {
      y,
      x1: (f) => cut(f.published.lo, f.published.hi)[0],
      x2: (f) => cut(f.published.lo, f.published.hi)[1],
      stroke: colour,
      strokeWidth: (f) => (f.reading === "within" ? 3.5 : 1.4),
    }),
    Plot.ruleY(bounds, {
      y,
      x1: (f) => Math.min(value(f), open_end(f)),
      x2: (f) => Math.max(value(f), open_end(f)),
      stroke: colour,
      strokeWidth: 1.4,
      strokeDasharray: "2 3",
    }),
    ["above", "below"].map((reading) =>
      Plot.dot(
        bounds.filter((f) => f.reading === reading),
        {
          x: value,
          y,
          symbol: "triangle",
          rotate: reading === "above" ? 90 : -90,
          r: 4.6,
          fill: (f: PublishedFigure) => (f.use === "fitted" ? colour(f) : "var(--surface)"),
          stroke: colour,
          strokeWidth: 1.5,
        },
      ),
    ),
    point_marks(exact, look_of, { x: value, y }),
  ];
}

export function csv_row(f: PublishedFigure) {
  return {
    id: f.id,
    study: f.study,
    group: f.group,
    design: f.design,
    endpoint: f.endpoint,
    statistic: f.statistic,
    at_months: f.at_months,
    of: f.of,
    unit: unit_of(f),
    reading: f.reading,
    published: f.published.value,
    published_lo: f.published.lo,
    published_hi: f.published.hi,
    predicted: f.predicted?.value,
    predicted_lo95: f.predicted?.lo,
    predicted_hi95: f.predicted?.hi,
    predicted_lo50: f.predicted?.lo50,
    predicted_hi50: f.predicted?.hi50,
    z: f.z,
    inside95: f.inside95,
    inside50: f.inside50,
    use: f.use,
    reason: f.reason,
    doubt: f.doubt,
    rests_on_prior_only: f.prior_only,
    rests_on_weak: f.weak,
  };
}
