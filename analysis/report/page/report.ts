// The report page: reads the embedded data and lays out the sections that have data.
import type { ReportData, TableData } from "../figures/data";
import { FigureContext } from "../figures/context";
import { gain_by_factor_figure, gains_figure } from "../figures/benefit";
import { cycles_figure } from "../figures/histogram";
import { forest_figure } from "../figures/forest";
import { frame, html, type Figure, type FigureSpec } from "../figures/frame";
import { occupancy_figure } from "../figures/occupancy";
import { survival_figure } from "../figures/survival";
import { swimmer_figure } from "../figures/swimmer";
import { table_view, type ReportTable, type TableOptions } from "../figures/table";
import { assumed_table, inputs_options, inputs_table, source_list } from "./back_matter";
import { page_head } from "./head";
import { toxicity_figure, treatment_figure } from "./measures";
import { self_check } from "./self_check";
import { follow_theme } from "./theme";

const default_sections = [
  "scenarios",
  "survival",
  "tables",
  "forest",
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
  forest: "Subgroups",
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

class Report {
  readonly figures: Figure[] = [];
  readonly tables: ReportTable[] = [];
  private readonly context_: FigureContext;
  private readonly prefix_: string;
  private readonly hidden_ = new Set<string>();
  private readonly updates_: (() => void)[] = [];

  constructor(private readonly data_: ReportData) {
    this.context_ = new FigureContext(data_.strategies, data_.kinds, data_.time);
    this.prefix_ = data_.study || "report";
  }

  build(): void {
    const data = this.data_;
    document.title = data.title;
    const wanted = [
      ...(data.sections?.length
        ? data.sections.filter((s) => default_sections.includes(s))
        : default_sections),
    ];
    if (!wanted.includes("assumed")) wanted.push("assumed");
    const main = html("main", { id: "main" });
    const list = html("ol");
    const filled = wanted
      .map((name) => ({ name, content: this.content(name) }))
      .filter(({ content }) => content.length > 0);
    for (const { name, content } of filled) {
      const heading = headings[name];
      list.append(html("li", {}, html("a", { href: `#${name}` }, heading)));
      main.append(
        html("section", { id: name, "aria-label": heading }, html("h2", {}, heading), ...content),
      );
    }
    const contents = html(
      "nav",
      { class: "contents", "aria-label": "Contents" },
      html("p", {}, "Contents"),
      list,
    );
    document.body.replaceChildren(
      html("a", { class: "skip", href: "#main" }, "Skip to the results"),
      ...page_head(data, this.context_, (name, shown) => this.show_strategy(name, shown)),
      html("div", { class: "columns" }, contents, main),
    );
    // Pictures are drawn once their place in the page is known, because their width follows from
    // it.
    for (const figure of this.figures) figure.redraw();
    this.mark_section(list);
  }

  private figure(spec: FigureSpec): HTMLElement {
    const made = frame(spec, this.prefix_);
    this.figures.push(made);
    return made.node;
  }

  /**
   * A figure of rows that belong to strategies: hidden strategies are left out, unless none would
   * be left.
   */
  private figure_of<Row extends { strategy?: string }>(
    rows: Row[],
    make: (rows: Row[]) => FigureSpec,
  ): HTMLElement {
    const made = frame(make(rows), this.prefix_);
    this.figures.push(made);
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

  private table(table: TableData, options?: TableOptions): HTMLElement {
    const made = table_view(table, this.context_, this.prefix_, options);
    this.tables.push(made);
    return made.node;
  }

  /** Figures and tables of a section; data that cannot be drawn leave a sentence, not an empty page. */
  private content(name: string): HTMLElement[] {
    let figures: HTMLElement[];
    try {
      figures = this.section_figures(name);
    } catch (problem) {
      console.error(`section ${name}`, problem);
      figures = [
        html("p", { class: "note" }, `The data of this section could not be read: ${problem}`),
      ];
    }
    const own =
      name === "tables"
        ? (t: TableData) =>
            !t.section || t.section === "tables" || !default_sections.includes(t.section)
        : (t: TableData) => t.section === name;
    return figures.concat((this.data_.tables ?? []).filter(own).map((t) => this.table(t)));
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
      case "forest":
        return (data.forest ?? [])
          .filter((f) => f.rows.length)
          .map((f) => this.figure_of(f.rows, (rows) => forest_figure({ ...f, rows }, context)));
      case "benefit":
        return (
          Array.isArray(data.benefit) ? data.benefit : data.benefit ? [data.benefit] : []
        ).flatMap((b) => [
          ...(b.patients?.length ? [this.figure(gains_figure(b, context))] : []),
          ...(b.by_factor?.length ? [this.figure(gain_by_factor_figure(b, context))] : []),
        ]);
      case "occupancy":
        return data.occupancy?.length
          ? [this.figure_of(data.occupancy, (panels) => occupancy_figure(panels, context))]
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
        return data.assumed?.length ? [this.table(assumed_table(data))] : [];
      case "inputs":
        return data.inputs?.length ? [this.table(inputs_table(data), inputs_options(data))] : [];
      case "sources":
        return data.sources?.length ? [source_list(data)] : [];
      case "notes":
        return data.notes?.length
          ? [html("ul", { class: "notes" }, ...data.notes.map((n) => html("li", {}, n)))]
          : [];
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

  /** Marks the section that is being read in the table of contents. */
  private mark_section(list: HTMLElement): void {
    const links = new Map(
      [...list.querySelectorAll("a")].map((a) => [(a.getAttribute("href") ?? "").slice(1), a]),
    );
    const watch = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          links.forEach((a) => a.removeAttribute("aria-current"));
          links.get(entry.target.id)?.setAttribute("aria-current", "true");
        }
      },
      { rootMargin: "-10% 0px -80% 0px" },
    );
    document.querySelectorAll("main > section").forEach((s) => watch.observe(s));
  }
}

function start(): void {
  const began = performance.now();
  const source = document.getElementById("report-data");
  if (!source) return;
  follow_theme();
  const report = new Report(JSON.parse(source.textContent ?? "{}") as ReportData);
  report.build();
  if (location.hash === "#self-check")
    void self_check(report.figures, report.tables, performance.now() - began);
  else if (location.hash)
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

start();
