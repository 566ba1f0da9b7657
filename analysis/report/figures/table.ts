// Tables: real HTML tables, sortable by column, with a CSV download.
import { csv_text, save, type CsvRow } from "./export";
import type { FigureContext } from "./context";
import type { Cell, Column, Estimate, TableData } from "./data";
import {
  column_digits,
  estimate_text,
  interval_text,
  not_available,
  number_text,
  plain_text,
  unit_suffix,
} from "./format";
import { button, html } from "./frame";
import { strategy_mark } from "./svg";

const is_estimate = (cell: Cell): cell is Estimate => typeof cell === "object" && cell !== null;

/** The columns with the decimals that all of their cells share. */
function with_digits(table: TableData): Column[] {
  return table.columns.map((column) => {
    const estimates = table.rows.map((r) => r[column.key]).filter(is_estimate);
    return { ...column, digits: column.digits ?? column_digits(estimates, column.unit) };
  });
}

export function cell_text(cell: Cell, column: Column): string {
  if (cell === null || cell === undefined) return not_available;
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "number") {
    const text =
      column.digits === undefined
        ? plain_text(cell, column.unit)
        : number_text(cell, column.unit, column.digits);
    return text + (column.unit === "share" ? "%" : "");
  }
  if (typeof cell === "string") return cell;
  const percent = column.unit === "share" ? unit_suffix("share") : "";
  return (
    estimate_text(cell, column.unit, column.digits) +
    (typeof cell.value === "number" ? percent : "")
  );
}

function sort_key(cell: Cell): number | string {
  if (is_estimate(cell)) return cell.value ?? Number.NEGATIVE_INFINITY;
  if (typeof cell === "number" || typeof cell === "string") return cell;
  return cell === true ? 1 : cell === false ? 0 : Number.NEGATIVE_INFINITY;
}

function compare(a: Cell, b: Cell): number {
  const x = sort_key(a);
  const y = sort_key(b);
  if (typeof x === "number" && typeof y === "number") return x === y ? 0 : x < y ? -1 : 1;
  return String(x).localeCompare(String(y), "en", { numeric: true });
}

export function table_rows(table: TableData): CsvRow[] {
  return table.rows.map((row) => {
    const flat: CsvRow = {};
    for (const column of table.columns) {
      const cell = row[column.key];
      const estimates = table.rows.some((r) => is_estimate(r[column.key]));
      if (!estimates) {
        flat[column.key] = is_estimate(cell) ? null : cell;
        continue;
      }
      const parts: Estimate = is_estimate(cell)
        ? cell
        : { value: typeof cell === "number" ? cell : null };
      flat[column.key] = parts.value;
      for (const part of ["se", "lo", "hi"] as const) {
        if (
          table.rows.some((r) => {
            const c = r[column.key];
            return is_estimate(c) && part in c;
          })
        ) {
          flat[`${column.key}_${part}`] = parts[part] ?? null;
        }
      }
    }
    return flat;
  });
}

/** Numbers and short texts such as "21 d" stand on the right in one line; longer texts wrap. */
const is_figure = (cell: Cell): boolean => typeof cell !== "string" || cell.length <= 24;

/** Tables with more rows scroll in a window of their own. */
const most_rows = 24;

export interface ReportTable {
  readonly id: string;
  readonly node: HTMLElement;
  csv(): string;
}

export interface TableOptions {
  filter?: boolean;
  /** Fills a cell in another way than as plain text; undefined means: as usual. */
  content?(cell: Cell, column: Column, row: Record<string, Cell>): Node | undefined;
  row_class?(row: Record<string, Cell>): string;
  /** What the download holds, if not the columns of the table. */
  csv_rows?: CsvRow[];
}

export function table_view(
  table: TableData,
  context: FigureContext,
  file_prefix: string,
  options: TableOptions = {},
): ReportTable {
  const columns = with_digits(table);
  const numeric = (c: Column) =>
    c.align === "right" ||
    (c.align === undefined &&
      table.rows.some((r) => typeof r[c.key] === "number" || is_estimate(r[c.key])));
  const body = html("tbody");
  let rows = [...table.rows];
  let filter = "";

  const cell_node = (row: Record<string, Cell>, column: Column, first: boolean): HTMLElement => {
    const cell = row[column.key];
    const node = html(first ? "th" : "td", first ? { scope: "row" } : {});
    node.className = numeric(column)
      ? is_figure(cell)
        ? "number"
        : "words"
      : column.align === "center"
        ? "centre"
        : column.kind === "strategy"
          ? "strategy"
          : "";
    if (column.screen_only) node.classList.add("screen-only");
    if (column.wide) node.classList.add("wide");
    const special = options.content?.(cell, column, row);
    if (special) {
      node.append(special);
    } else if (column.kind === "strategy" && typeof cell === "string") {
      node.append(strategy_mark(context.strategy(cell)), context.strategy(cell).title);
    } else {
      node.append(cell_text(cell, column));
      const interval = is_estimate(cell) ? interval_text(cell, column.unit, column.digits) : "";
      if (interval) node.append(html("span", { class: "interval" }, `(${interval})`));
    }
    return node;
  };
  const fill = () => {
    const wanted = filter.toLowerCase().split(/\s+/);
    const text = (row: Record<string, Cell>) =>
      columns
        .map((c) => cell_text(row[c.key], c))
        .join(" ")
        .toLowerCase();
    const found = rows.filter((r) => wanted.every((word) => text(r).includes(word)));
    const nothing = html(
      "tr",
      {},
      html("td", { colspan: String(columns.length), class: "nothing" }, "No row has these words."),
    );
    body.replaceChildren(
      ...(found.length || !filter ? [] : [nothing]),
      ...found.map((row) => {
          const line = html("tr", {}, ...columns.map((c, i) => cell_node(row, c, i === 0)));
          const name = options.row_class?.(row);
          if (name) line.className = name;
          return line;
      }),
    );
  };

  const heads = columns.map((column) => {
    const unit = column.unit === "share" ? "%" : column.unit;
    const sorter = html(
      "button",
      { type: "button", class: "sort", title: `Sort by ${column.label}` },
      column.label,
    );
    if (unit) sorter.append(html("span", { class: "unit" }, ` ${unit}`));
    const head = html("th", { scope: "col" }, sorter);
    head.className = numeric(column) ? "number" : column.align === "center" ? "centre" : "";
    if (column.screen_only) head.classList.add("screen-only");
    sorter.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows = [...table.rows].sort(
        (a, b) => (down ? -1 : 1) * compare(a[column.key], b[column.key]),
      );
      fill();
    });
    return head;
  });
  fill();

  const csv = () => csv_text(options.csv_rows ?? table_rows(table));
  const tools = html(
    "div",
    { class: "tools" },
    button("CSV", `Download "${table.title}" as CSV`, () =>
      save(new Blob([csv()], { type: "text/csv" }), `${file_prefix}-${table.id}.csv`),
    ),
  );
  const head_line = html("div", { class: "figure-head" }, html("h3", {}, table.title), tools);
  if (options.filter) {
    const box = html("input", {
      type: "search",
      placeholder: "filter",
      title: "Rows that contain all of these words",
      "aria-label": `Filter ${table.title}`,
    });
    box.addEventListener("input", () => {
      filter = box.value;
      fill();
    });
    tools.prepend(box);
  }
  const long = table.rows.length > most_rows;
  const scroll = html(
    "div",
    {
      class: long ? "scroll long" : "scroll",
      tabindex: "0",
      role: "region",
      "aria-label": table.title,
    },
    html(
      "table",
      {},
      html("caption", { class: "hidden" }, table.title),
      html("thead", {}, html("tr", {}, ...heads)),
      body,
    ),
  );
  // A long table that is cut at the edge of a row would look complete: it fades out until its end
  // is reached.
  const window_node = html("div", { class: long ? "window more" : "window" }, scroll);
  scroll.addEventListener("scroll", () => {
    const left = scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop;
    window_node.classList.toggle("more", long && left > 4);
  });
  const node = html(
    "div",
    { class: "table", id: `table-${table.id}` },
    head_line,
    window_node,
    ...(long
      ? [html("p", { class: "rows" }, `${table.rows.length} rows: scroll to see all of them.`)]
      : []),
    ...(table.note ? [html("p", { class: "note" }, table.note)] : []),
  );
  return { id: table.id, node, csv };
}
