// Assumptions, inputs and sources: what a reader needs to judge the numbers.
import type { Cell, Column, HeadData, InputRow, ReportData, TableData } from "../figures/data";
import { html } from "../figures/frame";
import type { TableOptions } from "../figures/table";

export function assumed_table(data: HeadData): TableData {
  return {
    id: "assumed",
    title: "Numbers that are assumptions, not evidence",
    rows: (data.assumed ?? []).map((r) => ({ ...r })),
    columns: [
      { key: "name", label: "Name" },
      { key: "value", label: "Value", align: "right" },
      { key: "unit", label: "Unit" },
      { key: "meaning", label: "Meaning", wide: true },
    ],
  };
}

const no_source = "no source given";

/** How many numbers come without any source, not even the word "assumed". */
export const without_source = (data: ReportData): number =>
  (data.inputs ?? []).filter((r) => !r.source && !r.assumed).length;

/** Inputs with the columns that hold anything. */
export function inputs_table(data: ReportData): TableData {
  const inputs = data.inputs ?? [];
  const has = (key: keyof InputRow) =>
    key === "source" || inputs.some((r) => r[key] || r[key] === 0);
  const all: (Column & { key: keyof InputRow })[] = [
    { key: "name", label: "Name" },
    { key: "meaning", label: "Meaning", wide: true },
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
    note:
      "Not listed are definitions, such as the cuts of conditions, and what strategies do: those " +
      "are choices, not knowledge.",
    columns: all.filter((c) => has(c.key)),
    rows: inputs.map((r) => ({ ...r, source: r.source || no_source }) as Record<string, Cell>),
  };
}

/** Names of sources become links to the list of sources. */
export function linked_sources(data: HeadData): NonNullable<TableOptions["content"]> {
  const known = new Set((data.sources ?? []).map((s) => s.id));
  const link = (part: string) => html("a", { href: `#source-${part}` }, part);
  return (cell, column) => {
    if (column.kind !== "source" || typeof cell !== "string") return undefined;
    const parts = cell.split(/([,;\s]+)/);
    return html("span", {}, ...parts.map((part) => (known.has(part) ? link(part) : part)));
  };
}

/** Rows with assumptions are marked, and so are those that do not say where they come from. */
export function inputs_options(data: ReportData): TableOptions {
  return {
    filter: true,
    row_class: (row) => (row.assumed === true || row.source === no_source ? "assumed" : ""),
    content: linked_sources(data),
  };
}

export function note_list(notes: string[]): HTMLElement {
  return html("ul", { class: "notes" }, ...notes.map((n) => html("li", {}, n)));
}

export function source_list(data: HeadData): HTMLElement {
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
