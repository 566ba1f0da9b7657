// The page of a run: lays out the sections that have data.
import type { ReportData, TableData } from "../figures/data";
import { FigureContext } from "../figures/context";
import { gain_by_factor_figure, gains_figure } from "../figures/benefit";
import { classes_figure, how_to_read_classes } from "../figures/classes";
import { cycles_figure } from "../figures/histogram";
import { forest_figure } from "../figures/forest";
import { html, type FigureSpec } from "../figures/frame";
import { occupancy_figure } from "../figures/occupancy";
import { survival_figure } from "../figures/survival";
import { swimmer_figure } from "../figures/swimmer";
import {
  assumed_table,
  inputs_options,
  inputs_table,
  note_list,
  source_list,
  without_source,
} from "./back_matter";
import { page_head } from "./head";
import { toxicity_figure, treatment_figure } from "./measures";
import { PageShell } from "./shell";

const default_sections = [
  "scenarios",
  "survival",
  "tables",
  "risk_classes",
  "forest",
  "uncertainty",
  "benefit",
  "occupancy",
  "swimmer",
  "treatment",
  "cycles",
  "toxicity",
  "assumed",
  "inputs",
  "sources",
  "notes",
];

const headings: Record<string, string> = {
  scenarios: "Scenarios",
  survival: "Survival",
  tables: "Results in numbers",
  risk_classes: "Risk classes: simulated and published",
  forest: "Subgroups",
  uncertainty: "Parameter uncertainty",
  benefit: "Who benefits",
  occupancy: "States over time",
  swimmer: "Individual patients",
  treatment: "Treatment received",
  cycles: "Cycles given",
  toxicity: "Toxicity",
  assumed: "Assumed numbers",
  inputs: "Inputs",
  sources: "Sources",
  notes: "Notes",
};

const precision_remark =
  "Numbers behind ± are Monte Carlo standard errors: they say how precisely the simulation was " +
  "run, not how well the model is known.";

class Report {
  readonly shell: PageShell;
  private readonly context_: FigureContext;
  private readonly hidden_ = new Set<string>();
  private readonly updates_: (() => void)[] = [];

  constructor(private readonly data_: ReportData) {
    this.context_ = new FigureContext(data_.strategies, data_.kinds, data_.time);
    this.shell = new PageShell(this.context_, data_, "report");
  }

  show(): void {
    const data = this.data_;
    const wanted = [
      ...(data.sections?.length
        ? data.sections.filter((s) => default_sections.includes(s))
        : default_sections),
    ];
    if (!wanted.includes("assumed")) wanted.push("assumed");
    const head = page_head(data, {
      context: this.context_,
      key_figures: data.key_figures,
      key_figures_note: data.key_figures_note,
      strategies: data.strategies,
      show_strategy: (name, shown) => this.show_strategy(name, shown),
      without_source: without_source(data),
      remark: precision_remark,
    });
    const section = (id: string) => ({
      id,
      heading: headings[id],
      content: () => this.section_figures(id),
      tables: () => this.section_tables(id),
    });
    this.shell.show(data.title, head, wanted.map(section));
  }

  private figure(spec: FigureSpec): HTMLElement {
    return this.shell.figure(spec).node;
  }

  /**
   * A figure of rows that belong to strategies: hidden strategies are left out, unless none would
   * be left.
   */
  private figure_of<Row extends { strategy?: string }>(
    rows: Row[],
    make: (rows: Row[]) => FigureSpec,
  ): HTMLElement {
    const made = this.shell.figure(make(rows));
    this.updates_.push(() => {
      const kept = rows.filter((r) => r.strategy === undefined || !this.hidden_.has(r.strategy));
      made.show(make(kept.length ? kept : rows));
    });
    return made.node;
  }

  private show_strategy(name: string, shown: boolean): void {
    if (shown) this.hidden_.delete(name);
    else this.hidden_.add(name);
    for (const update of this.updates_) update();
  }

  private section_tables(name: string): HTMLElement[] {
    const own =
      name === "tables"
        ? (t: TableData) =>
            !t.section || t.section === "tables" || !default_sections.includes(t.section)
        : (t: TableData) => t.section === name;
    return (this.data_.tables ?? []).filter(own).map((t) => this.shell.table(t));
  }

  private section_figures(name: string): HTMLElement[] {
    const data = this.data_;
    const context = this.context_;
    switch (name) {
      case "survival":
        return (data.survival ?? [])
          .filter((s) => s.curves.length)
          .map((s) =>
            this.figure_of(s.curves, (curves) => {
              const kept = (row: { strategy: string }) =>
                curves.some((c) => c.strategy === row.strategy);
              return survival_figure(
                {
                  ...s,
                  curves,
                  medians: s.medians?.filter(kept),
                  at_risk: s.at_risk && { ...s.at_risk, rows: s.at_risk.rows.filter(kept) },
                },
                context,
              );
            }),
          );
      case "scenarios":
        return (data.scenarios ?? []).map((f) =>
          this.figure_of(f.rows, (rows) =>
            forest_figure({ ...f, rows }, context, `scenario-${f.endpoint}`),
          ),
        );
      case "risk_classes":
        return data.risk_classes?.length
          ? [
              html("p", { class: "lead" }, how_to_read_classes),
              ...data.risk_classes.map((c) =>
                this.figure_of(c.rows, (rows) => classes_figure({ ...c, rows }, context)),
              ),
            ]
          : [];
      case "forest":
        return (data.forest ?? [])
          .filter((f) => f.rows.length)
          .map((f) => this.figure_of(f.rows, (rows) => forest_figure({ ...f, rows }, context)));
      case "uncertainty":
        return (data.uncertainty ?? [])
          .filter((f) => f.rows.length)
          .map((f) =>
            this.figure_of(f.rows, (rows) =>
              forest_figure(
                { ...f, rows },
                context,
                `uncertainty-${f.endpoint}-${f.scale ?? "log"}`,
                f.unit,
                "Each mark is the base case, the bar what draws of the parameters make of it.",
              ),
            ),
          );
      case "benefit":
        return (
          Array.isArray(data.benefit) ? data.benefit : data.benefit ? [data.benefit] : []
        ).flatMap((b) => [
          ...(b.patients?.length ? [this.figure(gains_figure(b, context))] : []),
          ...(b.by_factor?.length ? [this.figure(gain_by_factor_figure(b, context))] : []),
        ]);
      case "occupancy":
        return data.occupancy?.length
          ? [
              this.figure_of(data.occupancy, (panels) =>
                occupancy_figure(panels, context, data.occupancy_note),
              ),
            ]
          : [];
      case "swimmer":
        return data.swimmer?.patients.length
          ? [this.figure(swimmer_figure(data.swimmer, context))]
          : [];
      case "treatment":
        return this.treatment();
      case "cycles":
        return [...new Set((data.cycles ?? []).map((c) => c.agent))].map((agent) =>
          this.figure_of(
            (data.cycles ?? []).filter((c) => c.agent === agent),
            (panels) => cycles_figure(panels, context),
          ),
        );
      case "toxicity":
        return data.toxicity?.length
          ? [this.figure_of(data.toxicity, (events) => toxicity_figure(events, context))]
          : [];
      case "assumed":
        return data.assumed?.length ? [this.shell.table(assumed_table(data))] : [];
      case "inputs":
        return data.inputs?.length
          ? [this.shell.table(inputs_table(data), inputs_options(data))]
          : [];
      case "sources":
        return data.sources?.length ? [source_list(data)] : [];
      case "notes":
        return data.notes?.length ? [note_list(data.notes)] : [];
      default:
        return [];
    }
  }

  private treatment(): HTMLElement[] {
    const rows = this.data_.treatment ?? [];
    return [...new Set(rows.map((r) => r.unit ?? ""))].map((unit) => {
      const inside = rows.filter((r) => (r.unit ?? "") === unit);
      return this.figure_of(inside, (kept) => treatment_figure(kept, unit, this.context_));
    });
  }
}

export function show_report(data: ReportData): PageShell {
  const report = new Report(data);
  report.show();
  return report.shell;
}
