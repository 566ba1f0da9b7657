// Classes of risk systems: what was published as an upright line, what is simulated as one dot for
// each strategy.
import * as Plot from "@observablehq/plot";
import type { FigureContext } from "./context";
import type { ClassesData, ClassRow, Estimate } from "./data";
import {
  count_text,
  estimate_text,
  interval_text,
  known,
  not_available,
  number_text,
  percent_text,
  plain,
  ratio_domain,
  ratio_ticks,
  unit_suffix,
} from "./format";
import type { FigureSpec } from "./frame";
import { bar_key, point_key, upright_key, type Symbol } from "./looks";
import { clamp, row_plot, type RowLine } from "./row_plot";

/** What stands above the first of these figures. */
export const how_to_read_classes =
  "The classes of published risk systems. The upright line is the survival that was published of " +
  "a class, each dot what the model gives the patients of that class under one strategy. The " +
  "published cohorts were treated in other years, with other regimens and often a mixture of them, so " +
  "a line and its dots need not coincide. What should agree is the order of the classes of a " +
  "system and how far they lie apart.";

const words: Record<ClassesData["statistic"], { title: string; axis: string }> = {
  median: { title: "median", axis: "Months" },
  survival: { title: "share event-free at the published time", axis: "Per cent of patients" },
  hazard_ratio: { title: "hazard ratio", axis: "Hazard ratio, log scale" },
};

/** Decimals: a month has 30 days, a share of patients is rarely known to 1%. */
const digits: Record<ClassesData["statistic"], number> = { median: 1, survival: 0, hazard_ratio: 2 };

const signs: Record<string, string> = {
  about: "about ",
  more_than: "> ",
  at_least: "≥ ",
  less_than: "< ",
  at_most: "≤ ",
};
const above = ["more_than", "at_least"];
const below = ["less_than", "at_most"];

/** A published figure with all that is simulated beside it. */
interface ClassLine {
  group: string;
  label: string;
  whole: number;
  row: ClassRow;
  simulated: ClassRow[];
}

const published_colour = "var(--ink)";
const between_dots = 7;
const symbol_size = 3.8;

function lines_of(rows: ClassRow[], context: FigureContext): ClassLine[] {
  return [...new Set(rows.map((r) => r.figure))].map((figure) => {
    const simulated = rows
      .filter((r) => r.figure === figure)
      .sort((a, b) => context.rank(a.strategy) - context.rank(b.strategy));
    const row = simulated[0];
    const head = row.label + (row.detail ? `, ${row.detail}` : "");
    return {
      group: row.system + (known(row.at_months) ? `: at ${number_text(row.at_months)} months` : ""),
      label: row.words ? `${head}: ${row.words}` : head,
      whole: head.length,
      row,
      simulated,
    };
  });
}

/** A published number with a place of its own; a bound has none. */
function published_place({ reading, published }: ClassRow): number | undefined {
  if (reading === "range" && known(published.lo) && known(published.hi))
    return (published.lo + published.hi) / 2;
  return (reading === "exact" || reading === "about") && known(published.value)
    ? published.value
    : undefined;
}

/**
 * In how many comparisons, classes of one system in one cohort at one time, the classes stand in
 * the published order.
 */
function order_text(lines: ClassLine[], strategies: string[], context: FigureContext): string {
  const placed = lines.filter((l) => published_place(l.row) !== undefined);
  const kind = (l: ClassLine) => `${l.group}\n${l.row.detail ?? ""}`;
  const comparisons = [...new Set(placed.map(kind))]
    .map((k) => placed.filter((l) => kind(l) === k))
    .filter((c) => c.length > 1);
  if (!comparisons.length) return "";
  const as_published = (strategy: string) =>
    comparisons.filter((classes) => {
      const pairs = classes.map((l) => ({
        published: published_place(l.row) as number,
        // A median that nobody reaches is later than all others.
        simulated:
          l.simulated.find((r) => r.strategy === strategy)?.simulated.value ?? Infinity,
      }));
      return pairs.every((a) =>
        pairs.every((b) => a.published <= b.published || a.simulated > b.simulated),
      );
    }).length;
  const counts = strategies.map(as_published);
  const all = comparisons.length;
  if (counts.every((n) => n === all))
    return all === 1
      ? "The simulated classes stand in the published order under every strategy."
      : `In all ${all} comparisons the simulated classes stand in the published order, under every strategy.`;
  const each = strategies.map((s, i) => `${context.strategy(s).title} ${counts[i]}`).join(", ");
  return `Comparisons, of ${all}, in which the simulated classes stand in the published order: ${each}.`;
}

export function classes_figure(data: ClassesData, context: FigureContext): FigureSpec {
  const { statistic } = data;
  const unit = data.unit ?? "";
  const d = digits[statistic];
  const share = unit === "share";
  const percent = share ? "%" : "";
  const lines = lines_of(data.rows, context);
  const strategies = [...new Set(data.rows.map((r) => r.strategy))].sort(
    (a, b) => context.rank(a) - context.rank(b),
  );
  const log = statistic === "hazard_ratio";
  const ends = (e: Estimate) => [e.value, e.lo, e.hi].filter(known);
  const numbers = data.rows.flatMap((r) => [...ends(r.published), ...ends(r.simulated)]);
  const domain: [number, number] = share
    ? [0, 1]
    : log
      ? ratio_domain(numbers)
      : [0, Math.max(...numbers, 1) * 1.04];

  const published_text = ({ row }: ClassLine): string => {
    const { published, reading } = row;
    if (reading === "not_reached") return "not reached";
    if (reading === "range") return interval_text(published, unit, d) + percent;
    return (signs[reading] ?? "") + number_text(published.value, unit, d) + percent;
  };
  /** From the least to the greatest strategy. */
  const simulated_text = ({ simulated }: ClassLine): string => {
    const found = simulated.map((r) => r.simulated.value).filter(known);
    if (!found.length) return not_available;
    const text = (v: number) => number_text(v, unit, d);
    const [low, high] = [text(Math.min(...found)), text(Math.max(...found))];
    return (low === high ? low : `${low} to ${high}`) + percent;
  };
  const tip = (line: ClassLine): string => {
    const { row, simulated } = line;
    const interval =
      row.reading === "range" ? "" : interval_text(row.published, unit, d);
    const suffix = share ? "" : unit_suffix(unit);
    return [
      line.group,
      line.label,
      `published ${published_text(line)}${suffix}${interval ? ` (${interval}${percent})` : ""}`,
      ...simulated.map(
        (r) =>
          `${context.strategy(r.strategy).title}: ${estimate_text(r.simulated, unit)}${unit_suffix(unit)}`,
      ),
      known(row.share) ? `${percent_text(row.share)} of simulated patients` : "",
      known(row.n)
        ? `${count_text(row.n)} published patients`
        : known(row.cohort)
          ? `published cohort of ${count_text(row.cohort)}, all classes together`
          : "",
      row.place ? plain(row.place) : "",
      row.doubt ? `doubt: ${row.doubt}` : "",
    ]
      .filter(Boolean)
      .join("\n");
  };

  const draw = (width: number): SVGSVGElement => {
    const half = (between_dots * (strategies.length - 1)) / 2 + 7;
    const headed: RowLine<ClassLine>[] = [...new Set(lines.map((l) => l.group))].flatMap((group) => [
      { label: group },
      ...lines
        .filter((l) => l.group === group)
        .map((row) => ({ label: row.label, whole: row.whole, row })),
    ]);
    return row_plot({
      width,
      lines: headed,
      row_height: 2 * half + 6,
      legend: [
        upright_key("published", published_colour),
        ...(lines.some((l) => known(l.row.published.lo))
          ? [bar_key("its interval or range", published_colour, 0.16, 12)]
          : []),
        ...strategies.map((s) => {
          const { title, colour, symbol } = context.strategy(s);
          return point_key({ label: title, colour, symbol: symbol as Symbol });
        }),
      ],
      axis: {
        label: words[statistic].axis,
        domain,
        log,
        ticks: (most) => (log ? ratio_ticks(...domain, most) : Math.min(most, 8)),
        tick_text: share ? (v) => `${number_text(v, "share", 0)}%` : (v) => String(v),
      },
      columns: [
        { title: "published", text: published_text },
        { title: "simulated", text: simulated_text, colour: () => "var(--ink-soft)" },
        {
          title: "in class",
          text: ({ row }) => (known(row.share) ? percent_text(row.share) : ""),
          colour: () => "var(--ink-soft)",
        },
      ],
      tip,
      marks: (shown, y) => [
        log ? Plot.ruleX([1], { stroke: "var(--ink-soft)", strokeDasharray: "3 3" }) : null,
        ...published_marks(shown, y, half, domain),
        ...strategies.flatMap((s, k) => {
          const { colour, symbol } = context.strategy(s);
          const dots = shown.flatMap((line) => {
            const row = line.simulated.find((r) => r.strategy === s);
            if (!row || !known(row.simulated.value)) return [];
            const { value, lo, hi } = row.simulated as Estimate & { value: number };
            const at = y(line) + (k - (strategies.length - 1) / 2) * between_dots;
            return [{ value, lo: lo ?? value, hi: hi ?? value, at }];
          });
          return [
            Plot.ruleY(dots, {
              y: "at",
              x1: (e) => clamp(e.lo, domain),
              x2: (e) => clamp(e.hi, domain),
              stroke: colour,
              strokeWidth: 2,
            }),
            Plot.dot(dots, {
              x: "value",
              y: "at",
              symbol,
              r: symbol_size,
              fill: colour,
              stroke: "var(--surface)",
              strokeWidth: 0.7,
            }),
          ];
        }),
      ],
    });
  };

  return {
    id: `classes-${data.endpoint}-${statistic}`,
    title: `${data.title}: ${words[statistic].title}`,
    reading:
      "Upright lines: published. Dots: simulated in the same class, one for each strategy, with " +
      "their Monte Carlo intervals. At the right the least and the greatest of the strategies, and the " +
      "share of the simulated patients who are in the class.",
    note: order_text(lines, strategies, context),
    draw,
    rows: () =>
      data.rows.map((r) => ({
        system: r.system,
        class: r.class,
        label: r.label,
        detail: r.detail ?? "",
        figure: r.figure,
        endpoint: data.endpoint,
        statistic,
        at_months: r.at_months,
        unit,
        printed_as: r.reading,
        published: r.published.value,
        published_lo: r.published.lo,
        published_hi: r.published.hi,
        strategy: r.strategy,
        simulated: r.simulated.value,
        simulated_lo: r.simulated.lo,
        simulated_hi: r.simulated.hi,
        share: r.share,
      })),
  };
}

/** A line, a band for an interval or a range, an arrow from a bound. */
function published_marks(
  lines: ClassLine[],
  y: (line: ClassLine) => number,
  half: number,
  domain: [number, number],
): Plot.Markish[] {
  const at = (value: number | null | undefined) => clamp(value as number, domain);
  const bands = lines.filter(
    ({ row }) => known(row.published.lo) && known(row.published.hi),
  );
  const values = lines.filter(({ row }) => known(row.published.value));
  const bounds = values.filter(({ row }) => above.includes(row.reading) || below.includes(row.reading));
  const is_above = ({ row }: ClassLine) => above.includes(row.reading);
  const end = (line: ClassLine) => {
    const value = at(line.row.published.value);
    const [low, high] = domain;
    const reach = (high - low) * 0.06;
    return clamp(is_above(line) ? value + reach : value - reach, domain);
  };
  return [
    Plot.rect(bands, {
      x1: ({ row }) => at(row.published.lo),
      x2: ({ row }) => at(row.published.hi),
      y1: (line) => y(line) - half,
      y2: (line) => y(line) + half,
      fill: published_colour,
      fillOpacity: 0.14,
    }),
    Plot.arrow(bounds, {
      x1: ({ row }) => at(row.published.value),
      x2: end,
      y1: y,
      y2: y,
      stroke: published_colour,
      strokeWidth: 1.5,
      headLength: 7,
    }),
    Plot.ruleX(values, {
      x: ({ row }) => at(row.published.value),
      y1: (line) => y(line) - half,
      y2: (line) => y(line) + half,
      stroke: published_colour,
      strokeWidth: 2.2,
    }),
  ];
}
