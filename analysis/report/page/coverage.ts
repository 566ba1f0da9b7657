// Counts of published figures: how many there are, how many are predicted, how many predictions
// hold.
import type { Cell, KeyFigure, TableData } from "../figures/data";
import type { PublishedFigure } from "../figures/validation_data";

export interface Coverage {
  figures: number;
  simulated: number;
  fitted: number;
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
    shown_only: count((f) => f.use === "left out" || f.use === "shown only"),
    inside95: count((f) => f.inside95 === true),
    inside50: count((f) => f.inside50 === true),
  };
}

export function coverage_cards(figures: PublishedFigure[]): KeyFigure[] {
  const all = coverage_of(figures);
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  const of_simulated = (part: number, expected: number) =>
    `${part} of ${all.simulated} simulated figures; ${expected}% expected`;
  return [
    { label: "Published figures", value: all.figures },
    {
      label: "Simulated",
      value: all.simulated,
      note: `${all.fitted} fitted, ${all.shown_only} shown without being fitted`,
    },
    {
      label: "Inside the 95% interval",
      value: share(all.inside95, all.simulated),
      unit: "share",
      note: of_simulated(all.inside95, 95),
    },
    {
      label: "Inside the 50% interval",
      value: share(all.inside50, all.simulated),
      unit: "share",
      note: of_simulated(all.inside50, 50),
    },
  ];
}

function row_of(label: string, figures: PublishedFigure[]): Record<string, Cell> {
  const c = coverage_of(figures);
  const share = (part: number) => (c.simulated ? part / c.simulated : null);
  return { group: label, ...c, share95: share(c.inside95), share50: share(c.inside50) };
}

/** One row a group, then fitted, not fitted and all. */
export function coverage_table(figures: PublishedFigure[]): TableData {
  const groups = [...new Set(figures.map((f) => f.group))];
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
      { key: "figures", label: "Figures" },
      { key: "simulated", label: "Simulated" },
      { key: "fitted", label: "Fitted" },
      { key: "shown_only", label: "Not fitted" },
      { key: "inside95", label: "Inside 95%" },
      { key: "share95", label: "Share", unit: "share", digits: 0 },
      { key: "inside50", label: "Inside 50%" },
      { key: "share50", label: "Share", unit: "share", digits: 0 },
    ],
    rows: [
      ...rows,
      row_of(
        "All fitted",
        figures.filter((f) => f.use === "fitted"),
      ),
      row_of(
        "All not fitted",
        figures.filter((f) => f.use === "left out" || f.use === "shown only"),
      ),
      row_of("All", figures),
    ],
  };
}
