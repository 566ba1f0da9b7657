// The page of `npcsim validate`: published beside predicted, bias, structural scenarios.
import {
  analyses_figure,
  bias_figure,
  by_bias,
  comparison_title,
  how_to_read_analyses,
} from "../figures/analyses";
import { FigureContext } from "../figures/context";
import type { Cell, TableData } from "../figures/data";
import { deviations_figure } from "../figures/deviations";
import { short_study } from "../figures/format";
import { html, type FigureSpec } from "../figures/frame";
import {
  csv_row,
  figure_label,
  footing_mark,
  how_to_read,
  how_to_read_marks,
  how_to_read_predictions,
  predicted_text,
  published_figure,
  published_text,
  rests_on_text,
  unit_of,
} from "../figures/published";
import { how_to_read_scenarios, tornado_figure } from "../figures/tornado";
import type {
  Comparison,
  CyclesFinding,
  Footing,
  PublishedFigure,
  ValidationData,
} from "../figures/validation_data";
import { closing_sections } from "./closing";
import { coverage_cards, coverage_table, published, without_study_table } from "./coverage";
import { page_head } from "./head";
import { PageShell } from "./shell";

const remark =
  "A predicted interval says what a study of the published size would show in the model: it " +
  "holds the chance in a sample of that size and, where draws of the parameters are used, what " +
  "is not known about them.";

const file_name = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");

const measures: PublishedFigure["measure"][] = ["months", "share", "ratio", "difference"];

/** One figure for each group, measure and unit: they cannot share an axis. */
function forests(data: ValidationData, page: PageShell): HTMLElement[] {
  const figures = (data.figures ?? []).filter((f) => f.predicted);
  const rank = (f: PublishedFigure) => measures.indexOf(f.measure);
  const made: HTMLElement[] = [];
  for (const group of new Set(figures.map((f) => f.group))) {
    const inside = figures.filter((f) => f.group === group).sort((a, b) => rank(a) - rank(b));
    const axis = (f: PublishedFigure) =>
      f.measure === "difference" ? `difference-${file_name(unit_of(f))}` : f.measure;
    for (const each of new Set(inside.map(axis))) {
      const same = inside.filter((f) => axis(f) === each);
      // Names in other alphabets leave nothing for an id.
      const taken = (id: string) => page.figures.some((f) => f.id === id);
      const plain = `forest-${file_name(group)}-${each}`;
      const id = taken(plain) ? `${plain}-${made.length}` : plain;
      made.push(page.figure(published_figure(group, same, id)).node);
    }
  }
  const marked = figures.some((f) => footing_mark(f));
  const leads = [
    published(figures).length ? how_to_read : how_to_read_predictions,
    ...(marked ? [how_to_read_marks] : []),
  ];
  return made.length ? [...leads.map((lead) => html("p", { class: "lead" }, lead)), ...made] : [];
}

const remarks_of = (f: PublishedFigure) =>
  [f.reason, f.doubt && `doubt: ${f.doubt}`].filter(Boolean).join("; ");

/** Cells are sorted by their numbers and shown as the forest plots show them. */
function figure_table(figures: PublishedFigure[], page: PageShell): HTMLElement {
  const rows = figures.map((f): Record<string, Cell> => ({
    study: short_study(f.study),
    figure: figure_label(f),
    published: f.published.value ?? f.published.lo ?? null,
    predicted: typeof f.predicted?.value === "number" ? f.predicted.value : null,
    z: f.z,
    inside95: f.inside95 === undefined ? null : f.inside95 ? "inside" : "outside",
    inside50: f.inside50,
    use: f.use,
    remarks: remarks_of(f),
    rests_on: rests_on_text(f),
    design: f.design,
    group: f.group,
    id: f.id,
  }));
  const figure_of = new Map(rows.map((row, i) => [row, figures[i]]));
  const table: TableData = {
    id: "figures",
    title: `All ${figures.length} figures`,
    rows,
    columns: [
      { key: "study", label: "Study" },
      { key: "figure", label: "Figure", wide: true },
      { key: "published", label: "Published" },
      { key: "predicted", label: "Predicted" },
      { key: "z", label: "z", digits: 1 },
      { key: "inside95", label: "95%" },
      { key: "inside50", label: "In 50%" },
      { key: "use", label: "Use" },
      { key: "remarks", label: "Remarks", wide: true },
      ...(rows.some((r) => r.rests_on)
        ? [{ key: "rests_on", label: "Would move with", wide: true }]
        : []),
      { key: "design", label: "Design", screen_only: true },
      { key: "group", label: "Group", screen_only: true },
      { key: "id", label: "Id", screen_only: true },
    ],
  };
  return page.table(table, {
    filter: true,
    csv_rows: figures.map(csv_row),
    row_class: (row) => (row.inside95 === "outside" ? "outside" : ""),
    content: (_, column, row) => {
      const figure = figure_of.get(row);
      if (!figure) return undefined;
      if (column.key === "published") return html("span", {}, published_text(figure));
      return column.key === "predicted" ? html("span", {}, predicted_text(figure)) : undefined;
    },
  });
}

function footing_table(footings: Footing[], figures: number): TableData {
  return {
    id: "footings",
    title: "Parameters without firm data that move predictions",
    note:
      "A prediction is counted if it moves by at least a twentieth of the width of its 95% " +
      "interval when the parameter goes to its 84% point and all others stay. sd ratio: how much " +
      "of the uncertainty before the data is left after them; 1 is all of it, empty: the " +
      "parameter was not fitted and keeps the value of the model.",
    columns: [
      { key: "parameter", label: "Parameter" },
      { key: "data", label: "Data" },
      { key: "figures", label: `Moves, of ${figures}` },
      { key: "meaning", label: "Meaning", wide: true },
      { key: "sd_ratio", label: "sd ratio", digits: 2 },
      { key: "identified", label: "In the words of the model", wide: true },
    ],
    rows: [...footings]
      .sort((a, b) => Number(b.prior_only) - Number(a.prior_only) || b.figures - a.figures)
      .map((f) => ({
        parameter: f.parameter,
        meaning: f.meaning ?? "",
        data: f.prior_only ? "none *" : "weak †",
        figures: f.figures,
        sd_ratio: f.sd_ratio,
        identified: f.identified ?? "",
      })),
  };
}

function footings(data: ValidationData, page: PageShell): HTMLElement[] {
  const rows = data.footings ?? [];
  const all = (data.figures ?? []).filter((f) => f.predicted);
  if (!rows.length) return [];
  const count = (wanted: (f: PublishedFigure) => unknown) => all.filter(wanted).length;
  const sentence =
    `${count((f) => f.prior_only)} of ${all.length} predictions (marked *) would move noticeably ` +
    "with a parameter about which no data speak, " +
    `${count((f) => f.weak && !f.prior_only)} more (marked †) with one about which data say ` +
    "little. Another plausible value of that parameter gives another prediction.";
  return [
    html("p", { class: "lead" }, sentence),
    page.table(footing_table(rows, all.length), { filter: true }),
  ];
}

function cycles_received_figure(findings: CyclesFinding[]): FigureSpec {
  return analyses_figure(
    "cycles-received",
    "Do more cycles help, or do those who live longer receive more?",
    "Patients who received more cycles against patients who received fewer. The hollow square is " +
      "what the same comparison finds in a model in which cycles do nothing at all.",
    findings.map((c) => ({ title: c.question, analyses: c.analyses })),
  );
}

function taken_apart_figure(rows: Comparison[]): FigureSpec {
  return analyses_figure(
    "taken-apart",
    "What makes the published ratio: treatment, choice, or waiting?",
    "Each line repeats the published analysis in simulated patients. Filled marks: treatment works " +
      "as the model has it. Hollow marks: it does nothing at all, so whatever differs from 1 is " +
      "not its doing but that of who was chosen, of living long enough to be treated, and of " +
      "groups that are made of what happened later.",
    rows.map((row) => ({ title: comparison_title(row), analyses: row.analyses })),
  );
}

function bias(data: ValidationData, page: PageShell): HTMLElement[] {
  const groups = (data.bias ?? []).filter((g) => g.rows.length);
  const cycles = (data.cycles_received ?? []).filter((c) => c.analyses.length);
  const apart = (data.taken_apart ?? []).filter((row) => row.analyses.length);
  const all = groups.flatMap((g) => g.rows);
  if (!all.length && !cycles.length && !apart.length) return [];
  return [
    html("p", { class: "lead" }, how_to_read_analyses),
    ...(all.length > 1 ? [page.figure(bias_figure(all)).node] : []),
    ...groups.map(
      (g, i) =>
        page.figure(
          analyses_figure(
            `bias-${i + 1}`,
            g.title,
            g.sentence,
            [...g.rows]
              .sort(by_bias)
              .map((row) => ({ title: comparison_title(row), analyses: row.analyses })),
          ),
        ).node,
    ),
    ...(apart.length ? [page.figure(taken_apart_figure(apart)).node] : []),
    ...(cycles.length ? [page.figure(cycles_received_figure(cycles)).node] : []),
  ];
}

function scenarios(data: ValidationData, page: PageShell): HTMLElement[] {
  const rows = data.scenarios ?? [];
  if (!rows.length) return [];
  return [
    html("p", { class: "lead" }, how_to_read_scenarios),
    ...[...new Set(rows.map((r) => r.statistic))].map(
      (statistic, i) =>
        page.figure(
          tornado_figure(
            `scenarios-${i + 1}`,
            statistic,
            rows.filter((r) => r.statistic === statistic),
          ),
        ).node,
    ),
  ];
}

export function show_validation(data: ValidationData): PageShell {
  const context = new FigureContext();
  const page = new PageShell(context, data, "validation");
  const figures = data.figures ?? [];
  const known = published(figures);
  const head = page_head(data, {
    context,
    key_figures: known.length ? coverage_cards(known) : [],
    remark,
  });
  page.show(data.title, head, [
    {
      id: "coverage",
      heading: "Does the model predict what was published?",
      content: () =>
        known.length
          ? [
              page.table(coverage_table(known)),
              ...(data.without_study?.length
                ? [page.table(without_study_table(data.without_study))]
                : []),
              ...(known.some((f) => typeof f.z === "number")
                ? [page.figure(deviations_figure(known)).node]
                : []),
            ]
          : [],
    },
    {
      id: "figures",
      heading: known.length ? "Published and predicted" : "Predictions",
      content: () => forests(data, page),
    },
    {
      id: "footings",
      heading: "What the predictions rest on",
      content: () => footings(data, page),
    },
    {
      id: "bias",
      heading: "How much of it is bias",
      content: () => bias(data, page),
    },
    {
      id: "scenarios",
      heading: "Structural scenarios",
      content: () => scenarios(data, page),
    },
    {
      id: "tables",
      heading: "All figures",
      content: () => (figures.length ? [figure_table(figures, page)] : []),
    },
    ...closing_sections(data, page),
  ]);
  return page;
}
