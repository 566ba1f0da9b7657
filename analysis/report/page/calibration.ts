// The page of `npcsim calibrate`: whether it can be trusted, what was learnt, what was not.
import type { CalibrationData, Diagnostic, ParameterRow } from "../figures/calibration_data";
import { ranks_figure, trace_figure } from "../figures/chains";
import { direction_figure, study_figure } from "../figures/checks";
import { FigureContext } from "../figures/context";
import type { Cell, Column, KeyFigure, TableData } from "../figures/data";
import { range_text } from "../figures/format";
import { html } from "../figures/frame";
import { learning_figure, ratio_figure } from "../figures/learning";
import { pair_figure, pairs_figure } from "../figures/pairs";
import { linked_sources } from "./back_matter";
import { closing_sections } from "./closing";
import { page_head } from "./head";
import { PageShell, type Section } from "./shell";

const remark =
  "Prior: what was believed before the published figures were used. Posterior: what is believed " +
  "after. Intervals hold 95% of the belief.";

/** Checks that could be judged. */
const judged = (diagnostics: Diagnostic[]) => diagnostics.filter((d) => !d.untested);

function cards(data: CalibrationData): KeyFigure[] {
  const checks = judged(data.diagnostics ?? []);
  const parameters = data.parameters ?? [];
  const failed = checks.filter((d) => !d.passed);
  const unknown = parameters.filter((p) => p.prior_only).length;
  return [
    ...(checks.length
      ? [
          {
            label: "Checks passed",
            value: checks.length - failed.length,
            unit: `of ${checks.length}`,
            note: failed.length ? `failed: ${failed.map((d) => d.name).join(", ")}` : "",
          },
        ]
      : []),
    ...(parameters.length
      ? [
          {
            label: "Parameters that the data inform",
            value: parameters.length - unknown,
            unit: `of ${parameters.length}`,
            note: `${unknown} rest on their priors only`,
          },
        ]
      : []),
  ];
}

function verdict(diagnostics: Diagnostic[]): string {
  const checks = judged(diagnostics);
  const failed = checks.filter((d) => !d.passed).length;
  const untested = diagnostics.length - checks.length;
  return (
    (failed
      ? `${failed} of ${checks.length} checks failed. Until they pass, the numbers below are ` +
        "no result: the last column says what each failure means."
      : `All ${checks.length} checks passed: the calculation did what it should. Whether the ` +
        "model is right is another question, which the studies below and validation answer.") +
    (untested ? ` ${untested} more had nothing to test.` : "")
  );
}

function diagnostic_table(diagnostics: Diagnostic[]): TableData {
  return {
    id: "diagnostics",
    title: "Checks of the calculation",
    columns: [
      { key: "name", label: "Check", wide: true },
      { key: "result", label: "Result" },
      { key: "value", label: "Value" },
      { key: "bound", label: "Must be" },
      { key: "meaning", label: "What a failure would mean", wide: true },
    ],
    rows: diagnostics.map((d) => ({
      name: d.name,
      value: d.value,
      bound: d.bound,
      result: d.untested ?? (d.passed ? "passed" : "FAILED"),
      meaning: d.meaning ?? "",
    })),
  };
}

function parameter_table(id: string, title: string, parameters: ParameterRow[]): TableData {
  const estimate = (q: ParameterRow["prior"]): Cell => ({ value: q[2], lo: q[0], hi: q[4] });
  const some = (has: (p: ParameterRow) => unknown) => parameters.some(has);
  return {
    id,
    title,
    columns: [
      { key: "name", label: "Name" },
      { key: "meaning", label: "Meaning", wide: true },
      ...(some((p) => p.unit) ? [{ key: "unit", label: "Unit" }] : []),
      { key: "prior", label: "Prior" },
      { key: "posterior", label: "Posterior" },
      { key: "sd_ratio", label: "sd ratio", digits: 2 },
      ...(some((p) => p.prior_only) ? [{ key: "learnt", label: "Learnt" }] : []),
      ...(some((p) => p.identified) ? [{ key: "identified", label: "Identified by" }] : []),
      { key: "source", label: "Source of the prior", kind: "source" as const },
    ],
    rows: parameters.map((p) => ({
      name: p.name,
      meaning: p.meaning ?? "",
      unit: p.unit ?? "",
      prior: estimate(p.prior),
      posterior: estimate(p.posterior),
      sd_ratio: p.sd_ratio,
      learnt: p.prior_only ? "prior only" : "",
      identified: p.identified ?? "",
      source: p.source ?? "",
    })),
  };
}

function parameter_sections(data: CalibrationData, page: PageShell): Section[] {
  const parameters = data.parameters ?? [];
  const hyperparameters = data.hyperparameters ?? [];
  const links = linked_sources(data);
  const options = {
    filter: true,
    row_class: (row: Record<string, Cell>) => (row.learnt === "prior only" ? "outside" : ""),
    content: (cell: Cell, column: Column, row: Record<string, Cell>) =>
      typeof cell === "object" && cell !== null
        ? html("span", {}, range_text(cell))
        : links(cell, column, row),
  };
  return [
    {
      id: "parameters",
      heading: "Before and after the data",
      content: () =>
        parameters.length
          ? [
              page.figure(
                learning_figure("intervals", "Prior and posterior of each parameter", parameters),
              ).node,
              page.figure(ratio_figure(parameters, data.prior_only_above ?? 0.95)).node,
            ]
          : [],
    },
    {
      id: "between-studies",
      heading: "Differences between studies",
      content: () =>
        hyperparameters.length
          ? [
              page.figure(
                learning_figure(
                  "hyperparameters",
                  "Spread between studies and bias of their designs",
                  hyperparameters,
                ),
              ).node,
              page.table(
                parameter_table("hyperparameters", "Spread and bias in numbers", hyperparameters),
                options,
              ),
            ]
          : [],
    },
    {
      id: "tables",
      heading: "Parameters in numbers",
      content: () =>
        parameters.length
          ? [
              page.table(
                parameter_table("parameters", `All ${parameters.length} parameters`, parameters),
                options,
              ),
            ]
          : [],
    },
  ];
}

export function show_calibration(data: CalibrationData): PageShell {
  const context = new FigureContext();
  const page = new PageShell(context, data, "calibration");
  const figures = (wanted: boolean | undefined, make: () => HTMLElement[]) => () =>
    wanted ? make() : [];
  const [learnt, between, tables] = parameter_sections(data, page);
  const { draws, directions = [], study_checks = [], chains = [], diagnostics = [] } = data;
  page.show(data.title, page_head(data, { context, key_figures: cards(data), remark }), [
    {
      id: "diagnostics",
      heading: "Can it be trusted?",
      content: figures(diagnostics.length > 0, () => [
        html("p", { class: "lead" }, verdict(diagnostics)),
        page.table(diagnostic_table(diagnostics), {
          row_class: (row) => (row.result === "FAILED" ? "assumed" : ""),
        }),
      ]),
    },
    learnt,
    {
      id: "apart",
      heading: "What the data cannot tell apart",
      content: figures(directions.length > 0, () => [
        page.figure(direction_figure(directions)).node,
      ]),
    },
    {
      id: "pairs-of-parameters",
      heading: "Pairs of parameters",
      content: figures(draws && draws.parameters.length > 1, () => [
        page.figure(pairs_figure(draws!)).node,
        page.figure(pair_figure(draws!)).node,
      ]),
    },
    {
      id: "study-checks",
      heading: "Study by study",
      content: figures(study_checks.length > 0, () => [
        page.figure(study_figure(study_checks)).node,
      ]),
    },
    between,
    {
      id: "chains",
      heading: "Chains",
      content: figures(chains.length > 0, () => [
        page.figure(ranks_figure(chains)).node,
        page.figure(trace_figure(chains)).node,
      ]),
    },
    tables,
    ...closing_sections(data, page),
  ]);
  return page;
}
