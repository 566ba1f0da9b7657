// Assumptions, inputs and sources: what a reader needs to judge the numbers.
import type { Cell, Column, InputRow, ReportData, TableData } from "../figures/data";
import { html } from "../figures/frame";
import type { TableOptions } from "../figures/table";

export function assumed_table(data: ReportData): TableData {
  return {
    id: "assumed",
    title: "Numbers that are assumptions, not evidence",
    rows: (data.assumed ?? []).map((r) => ({ ...r })),
    columns: [
      { key: "name", label: "Name" },
      { key: "value", label: "Value", align: "right" },
      { key: "unit", label: "Unit" },
      { key: "meaning", label: "Meaning" },
    ],
  };
}

/** Inputs with the columns that hold anything. */
export function inputs_table(data: ReportData): TableData {
  const inputs = data.inputs ?? [];
  const has = (key: keyof InputRow) => inputs.some((r) => r[key] || r[key] === 0);
  const all: (Column & { key: keyof InputRow })[] = [
    { key: "name", label: "Name" },
    { key: "meaning", label: "Meaning" },
    { key: "value", label: "Value", align: "right" },
    { key: "unit", label: "Unit" },
    { key: "prior", label: "Prior" },
    { key: "source", label: "Source", kind: "source" },
    { key: "assumed", label: "Assumed" },
    { key: "identified", label: "Identified by data" },
  ];
  return {
    id: "inputs",
    title: `All ${inputs.length} inputs of this run`,
    columns: all.filter((c) => has(c.key)),
    rows: inputs.map((r) => ({ ...r }) as Record<string, Cell>),
  };
}

/** Names of sources become links to the list of sources; rows with assumptions are marked. */
export function inputs_options(data: ReportData): TableOptions {
  const known = new Set((data.sources ?? []).map((s) => s.id));
  const links = (text: string): Node => {
    const parts = text.split(/([,;\s]+)/);
    const link = (part: string) => html("a", { href: `#source-${part}` }, part);
    return html("span", {}, ...parts.map((part) => (known.has(part) ? link(part) : part)));
  };
  return {
    filter: true,
    row_class: (row) => (row.assumed === true ? "assumed" : ""),
    content: (cell, column) =>
      column.kind === "source" && typeof cell === "string" ? links(cell) : undefined,
  };
}

export function source_list(data: ReportData): HTMLElement {
  const outside = (link: string | undefined) =>
    link && /^https?:\/\//.test(link)
      ? [" ", html("a", { href: link, rel: "noreferrer" }, link)]
      : [];
  return html(
    "dl",
    { class: "sources" },
    ...(data.sources ?? []).flatMap((s) => [
      html("dt", { id: `source-${s.id}` }, s.id),
      html("dd", {}, s.citation, ...outside(s.link)),
    ]),
  );
}
