// Counts of published figures: how many there are, how many are predicted, how many predictions
// hold.
import type { Cell, KeyFigure, TableData } from "../figures/data";
import type { PublishedFigure, WithoutStudy } from "../figures/validation_data";

/** Figures of which there is something to hold against a prediction. */
export const published = (figures: PublishedFigure[]): PublishedFigure[] =>
  figures.filter((f) => f.use !== "not published yet");

export interface Coverage {
  figures: number;
  simulated: number;
  fitted: number;
  not_seen: number;
  shown_only: number;
  inside95: number;
  inside50: number;
}

export function coverage_of(figures: PublishedFigure[]): Coverage {
  const count = (wanted: (f: PublishedFigure) => boolean) => figures.filter(wanted).length;
  return {
    figures: figures.length,
    simulated: count((f) => f.use !== "not simulated"),
    fitted: count((f) => f.use === "fitted"),
    not_seen: count((f) => f.use === "not seen"),
    shown_only: count((f) => f.use === "left out" || f.use === "shown only"),
    inside95: count((f) => f.inside95 === true),
    inside50: count((f) => f.inside50 === true),
  };
}

export function coverage_cards(figures: PublishedFigure[]): KeyFigure[] {
  const all = coverage_of(figures);
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  // Figures without a number of patients, or told by another one, are shown but do not count.
  const counted = coverage_of(
    figures.filter((f) => f.use === "fitted" || f.use === "not seen"),
  );
  const of_counted = (part: number, expected: number) =>
    `${part} of ${counted.simulated} figures that count; ${expected}% expected`;
  return [
    { label: "Published figures", value: all.figures },
    {
      label: "Simulated",
      value: all.simulated,
      note: [
        `${all.fitted} fitted`,
        ...(all.not_seen ? [`${all.not_seen} not seen by the posterior`] : []),
        `${all.shown_only} shown but not counted`,
      ].join(", "),
    },
    {
      label: "Inside the 95% interval",
      value: share(counted.inside95, counted.simulated),
      unit: "share",
      note: of_counted(counted.inside95, 95),
    },
    {
      label: "Inside the 50% interval",
      value: share(counted.inside50, counted.simulated),
      unit: "share",
      note: of_counted(counted.inside50, 50),
    },
  ];
}

function row_of(label: string, figures: PublishedFigure[]): Record<string, Cell> {
  const c = coverage_of(figures);
  const share = (part: number) => (c.simulated ? part / c.simulated : null);
  return { group: label, ...c, share95: share(c.inside95), share50: share(c.inside50) };
}

/** Predictions that have not seen the study: the test that fitting cannot pass for the model. */
export function without_study_table(rows: WithoutStudy[]): TableData {
  return {
    id: "without-study",
    title: "Predicted from the other studies alone",
    note:
      "Each study in turn was left out of the calibration and predicted; every study has one " +
      "vote. Width: of the 95% interval, against that of an interval which knows the model " +
      "exactly. Score: interval score, less is better; the naive one takes the mean and spread of " +
      "the same kind of figure in the other studies.",
    columns: [
      { key: "of", label: "Design" },
      { key: "inside95", label: "In 95%", unit: "share", digits: 0 },
      { key: "inside50", label: "In 50%", unit: "share", digits: 0 },
      { key: "studies", label: "Studies" },
      { key: "figures", label: "Figures" },
      { key: "width_ratio", label: "Width", digits: 2 },
      { key: "interval_score", label: "Score", digits: 2 },
      { key: "baseline_interval_score", label: "Naive score", digits: 2 },
    ],
    rows: rows.map((row) => ({ ...row })),
  };
}

/** One row a group, then fitted, not fitted and all. */
export function coverage_table(figures: PublishedFigure[]): TableData {
  const groups = [...new Set(figures.map((f) => f.group))];
  const unseen = figures.filter((f) => f.use === "not seen");
  const rows = groups.map((g) =>
    row_of(
      g,
      figures.filter((f) => f.group === g),
    ),
  );
  return {
    id: "coverage",
    title: "How many published numbers lie inside their predictions",
    note:
      "95% and 50% of the simulated figures are expected inside, fewer for figures that were not " +
      "fitted if the model is wrong.",
    columns: [
      { key: "group", label: "Group" },
      { key: "share95", label: "In 95%", unit: "share", digits: 0 },
      { key: "share50", label: "In 50%", unit: "share", digits: 0 },
      { key: "simulated", label: "Simulated" },
      { key: "inside95", label: "In 95%" },
      { key: "inside50", label: "In 50%" },
      { key: "fitted", label: "Fitted" },
      ...(unseen.length ? [{ key: "not_seen", label: "Not seen" }] : []),
      { key: "shown_only", label: "Not fitted" },
      { key: "figures", label: "Figures" },
    ],
    rows: [
      ...rows,
      row_of(
        "All fitted",
        figures.filter((f) => f.use === "fitted"),
      ),
      ...(unseen.length ? [row_of("All not seen by the posterior", unseen)] : []),
      row_of(
        "All not fitted",
        figures.filter((f) => f.use === "left out" || f.use === "shown only"),
      ),
      row_of("All", figures),
    ],
  };
}
