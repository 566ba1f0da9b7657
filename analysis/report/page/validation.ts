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
import { html, type FigureSpec } from "../figures/frame";
import {
  csv_row,
  figure_label,
  how_to_read,
  predicted_text,
  published_figure,
  published_text,
  unit_of,
} from "../figures/published";
import { tornado_figure } from "../figures/tornado";
import type { CyclesFinding, PublishedFigure, ValidationData } from "../figures/validation_data";
import { closing_sections } from "./closing";
import { coverage_cards, coverage_table } from "./coverage";
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
  return made.length ? [html("p", { class: "lead" }, how_to_read), ...made] : [];
}

const remarks_of = (f: PublishedFigure) =>
  [f.reason, f.doubt && `doubt: ${f.doubt}`].filter(Boolean).join("; ");

/** Cells are sorted by their numbers and shown as the forest plots show them. */
function figure_table(figures: PublishedFigure[], page: PageShell): HTMLElement {
  const rows = figures.map((f): Record<string, Cell> => ({
    study: f.study,
    figure: figure_label(f),
    published: f.published.value ?? f.published.lo ?? null,
    predicted: f.predicted?.value ?? null,
    z: f.z,
    inside95: f.inside95 === undefined ? null : f.inside95 ? "inside" : "outside",
    inside50: f.inside50,
    use: f.use,
    remarks: remarks_of(f),
    design: f.design,
    group: f.group,
    id: f.id,
  }));
  const figure_of = new Map(rows.map((row, i) => [row, figures[i]]));
  const table: TableData = {
    id: "figures",
    title: `All ${figures.length} published figures`,
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

function cycles_received_figure(findings: CyclesFinding[]): FigureSpec {
  return analyses_figure(
    "cycles-received",
    "Do more cycles help, or do those who live longer receive more?",
    "Patients who received more cycles against patients who received fewer. The hollow square is " +
      "what the same comparison finds in a model in which cycles do nothing at all.",
    findings.map((c) => ({ title: c.question, analyses: c.analyses })),
  );
}

function bias(data: ValidationData, page: PageShell): HTMLElement[] {
  const groups = (data.bias ?? []).filter((g) => g.rows.length);
  const cycles = (data.cycles_received ?? []).filter((c) => c.analyses.length);
  const all = groups.flatMap((g) => g.rows);
  if (!all.length && !cycles.length) return [];
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
    ...(cycles.length ? [page.figure(cycles_received_figure(cycles)).node] : []),
  ];
}

function scenarios(data: ValidationData, page: PageShell): HTMLElement[] {
  const rows = data.scenarios ?? [];
  return [...new Set(rows.map((r) => r.statistic))].map(
    (statistic, i) =>
      page.figure(
        tornado_figure(
          `scenarios-${i + 1}`,
          statistic,
          rows.filter((r) => r.statistic === statistic),
        ),
      ).node,
  );
}

export function show_validation(data: ValidationData): PageShell {
  const context = new FigureContext();
  const page = new PageShell(context, data.study || "validation");
  const figures = data.figures ?? [];
  const head = page_head(data, {
    context,
    key_figures: figures.length ? coverage_cards(figures) : [],
    remark,
  });
  page.show(data.title, head, [
    {
      id: "coverage",
      heading: "Does the model predict what was published?",
      content: () =>
        figures.length
          ? [
              page.table(coverage_table(figures)),
              ...(figures.some((f) => typeof f.z === "number")
                ? [page.figure(deviations_figure(figures)).node]
                : []),
            ]
          : [],
    },
    {
      id: "figures",
      heading: "Published and predicted",
      content: () => forests(data, page),
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
