// Draws of parameters in pairs: a histogram of each, the density of each pair, their correlations.
import * as Plot from "@observablehq/plot";
import type { Draws } from "./calibration_data";
import { known, number_text, plain_text, signed_text } from "./format";
import { choice, type FigureSpec } from "./frame";
import { add_text, canvas_of, element, fit_text, font_size, font_stack, text_width } from "./svg";

const most_parameters = 12;
const levels = 5;
const point_colour = "var(--strategy-1)";
/** Cells at least so large hold the names of their parameters, smaller ones their numbers. */
const roomy = 84;

interface Column {
  name: string;
  values: number[];
  low: number;
  high: number;
  mean: number;
  sd: number;
}

/** The columns without the draws in which any parameter is not known. */
function columns_of(draws: Draws): Column[] {
  const names = draws.parameters.slice(0, most_parameters);
  const raw = draws.values.slice(0, names.length);
  const usable = (raw[0] ?? []).map((_, i) => raw.every((column) => known(column[i])));
  return names.map((name, k) => {
    const values = raw[k].filter((_, i) => usable[i]) as number[];
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const sd = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / values.length);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    return { name, values, low, high: high > low ? high : low + 1, mean, sd };
  });
}

function correlation(a: Column, b: Column): number | null {
  if (!(a.sd > 0) || !(b.sd > 0)) return null;
  let sum = 0;
  a.values.forEach((v, i) => (sum += (v - a.mean) * (b.values[i] - b.mean)));
  return sum / (a.values.length * a.sd * b.sd);
}

const bin_of = (value: number, c: Column, bins: number) =>
  Math.min(bins - 1, Math.floor(((value - c.low) / (c.high - c.low)) * bins));

/** Shaded squares, darker where more draws are; one path for each shade. */
function density(x: Column, y: Column, bins: number, size: number): SVGElement {
  const counts = new Array<number>(bins * bins).fill(0);
  x.values.forEach((v, i) => {
    ++counts[bin_of(y.values[i], y, bins) * bins + bin_of(v, x, bins)];
  });
  const most = Math.max(...counts);
  const paths = new Array<string>(levels).fill("");
  const side = size / bins;
  counts.forEach((count, cell) => {
    if (!count) return;
    const level = Math.min(levels - 1, Math.floor((count / most) * levels));
    const left = (cell % bins) * side;
    const top = size - (Math.floor(cell / bins) + 1) * side;
    paths[level] +=
      `M${left.toFixed(1)} ` +
      `${top.toFixed(1)}h${side.toFixed(2)}v${side.toFixed(2)}h-${side.toFixed(2)}z`;
  });
  const group = element("g", { fill: point_colour });
  paths.forEach((d, level) => {
    if (d) group.append(element("path", { d, "fill-opacity": (level + 1) / levels }));
  });
  return group;
}

function bars(c: Column, bins: number, size: number): SVGElement {
  const counts = new Array<number>(bins).fill(0);
  for (const v of c.values) ++counts[bin_of(v, c, bins)];
  const most = Math.max(...counts);
  const side = size / bins;
  const d = counts
    .map((count, i) => {
      const height = (count / most) * size * 0.72;
      return `M${(i * side).toFixed(1)} ${size}v-${height.toFixed(1)}h${side.toFixed(2)}v${height.toFixed(1)}z`;
    })
    .join("");
  return element("path", { d, fill: "var(--ink-soft)", "fill-opacity": 0.55 });
}

const short = (r: number) => signed_text(r, 1).replace("0.", ".");

const column_text = (c: Column) =>
  `${c.name}\nmean ${number_text(c.mean)}, sd ${number_text(c.sd)}`;

export function pairs_figure(draws: Draws): FigureSpec {
  const columns = columns_of(draws);
  const count = columns.length;
  const n = columns[0]?.values.length ?? 0;
  const bins = Math.max(8, Math.min(22, Math.round(Math.sqrt(n) / 2)));
  const draw = (width: number): SVGSVGElement => {
    const gap = 3;
    const cell = Math.min(150, (width - 4) / count - gap);
    const named = cell >= roomy;
    const body = count * (cell + gap);
    // Without room in the cells the names stand below, in columns.
    const key_width = 30 + Math.max(...columns.map((c) => text_width(c.name)));
    const key_columns = Math.max(1, Math.min(count, Math.floor(width / key_width)));
    const key_lines = named ? 0 : Math.ceil(count / key_columns);
    const svg = canvas_of(width, body + key_lines * 18 + (named ? 2 : 12));
    const place = (i: number) => 2 + i * (cell + gap);
    columns.forEach((row, i) => {
      columns.forEach((column, j) => {
        const panel = element("g", { transform: `translate(${place(j)},${place(i)})` });
        const frame = { width: cell, height: cell, fill: "var(--stripe)" };
        if (i !== j) panel.append(element("rect", frame));
        const r = correlation(row, column);
        const words = `correlation ${known(r) ? signed_text(r, 2) : "not known"}`;
        const title = i === j ? column_text(row) : `${row.name}\n${column.name}\n${words}`;
        panel.append(element("title", {}, title));
        if (i === j) {
          panel.append(bars(row, bins, cell));
          const name = named ? fit_text(row.name, cell - 4) : String(i + 1);
          add_text(panel, 2, 12, name, { "font-weight": 600, "font-size": named ? 11 : 10 });
        } else if (i > j) {
          panel.append(density(column, row, bins, cell));
        } else if (known(r) && (cell >= 34 || Math.abs(r) >= 0.1)) {
          add_text(panel, cell / 2, cell / 2 + 4, cell < 34 ? short(r) : signed_text(r, 2), {
            "text-anchor": "middle",
            "font-size": cell < 34 ? 9 : 9 + Math.round(4 * Math.abs(r)),
            "font-weight": Math.abs(r) > 0.5 ? 600 : 400,
            fill: Math.abs(r) > 0.5 ? "var(--outside)" : "var(--ink-soft)",
          });
        }
        svg.append(panel);
      });
    });
    if (!named)
      columns.forEach((c, i) => {
        const x = 2 + (i % key_columns) * (width / key_columns);
        const y = body + 18 + Math.floor(i / key_columns) * 18;
        add_text(svg, x, y, String(i + 1), { "font-weight": 600 });
        add_text(svg, x + 22, y, c.name);
      });
    return svg;
  };
  return {
    id: "pairs",
    title: "Which parameters go together",
    reading:
      `${n} draws. Diagonal: each parameter alone. Below it: each pair, stronger where draws are ` +
      "denser; a narrow slanted cloud means that the data know a combination better than either. " +
      "Above it: correlations.",
    draw,
    rows: () =>
      columns[0].values.map((_, i) =>
        Object.fromEntries(columns.map((c) => [c.name, c.values[i]])),
      ),
  };
}

/** The two with the largest correlation. */
function closest_pair(columns: Column[]): [number, number] {
  let found: [number, number] = [0, 1];
  let largest = 0;
  columns.forEach((a, i) =>
    columns.slice(i + 1).forEach((b, k) => {
      const r = Math.abs(correlation(a, b) ?? 0);
      if (r > largest) {
        largest = r;
        found = [i, i + 1 + k];
      }
    }),
  );
  return found;
}

/** Any two of the parameters, large; at first those with the largest correlation. */
export function pair_figure(draws: Draws): FigureSpec {
  const columns = columns_of(draws);
  const names = columns.map((c) => c.name);
  let [across, upward] = closest_pair(columns);
  let redraw = () => {};
  const across_choice = choice("Across", names, (i) => {
    across = i;
    redraw();
  });
  const upward_choice = choice("Upward", names, (i) => {
    upward = i;
    redraw();
  });
  const select = (control: HTMLElement, index: number) => {
    const list = control.querySelector("select");
    if (list) list.selectedIndex = index;
  };
  select(across_choice, across);
  select(upward_choice, upward);
  const draw = (width: number): SVGSVGElement => {
    const [x, y] = [columns[across], columns[upward]];
    const points = x.values.map((v, i) => [v, y.values[i]] as const);
    const r = correlation(x, y);
    return Plot.plot({
      width,
      height: Math.min(420, Math.max(280, width * 0.6)),
      marginLeft: 58,
      marginBottom: 44,
      marginTop: 30,
      style: { fontSize: `${font_size}px`, fontFamily: font_stack },
      x: {
        label: x.name,
        labelOffset: 36,
        labelAnchor: "center",
        labelArrow: "none",
        nice: true,
        tickFormat: (v: number) => plain_text(v),
      },
      y: {
        label: `${y.name} (correlation ${known(r) ? signed_text(r, 2) : "–"})`,
        labelArrow: "none",
        nice: true,
        grid: true,
        tickFormat: (v: number) => plain_text(v),
      },
      marks: [
        Plot.dot(points, {
          x: (p) => p[0],
          y: (p) => p[1],
          r: 2.2,
          fill: point_colour,
          fillOpacity: points.length > 800 ? 0.25 : 0.45,
        }),
      ],
    }) as SVGSVGElement;
  };
  return {
    id: "pair",
    title: "Two parameters",
    reading: "Each point is one draw of the parameters.",
    controls: [across_choice, upward_choice],
    attach: (again) => (redraw = again),
    draw,
    rows: () =>
      columns[across].values.map((v, i) => ({
        [columns[across].name]: v,
        [columns[upward].name]: columns[upward].values[i],
      })),
  };
}
