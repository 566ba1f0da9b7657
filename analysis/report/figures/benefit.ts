// Who benefits: individual gains from the best to the worst, and mean gains by factor.
import * as Plot from "@observablehq/plot";
import type { FigureContext } from "./context";
import type { BenefitData, Factor, FactorValue, ForestRow, Maybe } from "./data";
import { count_text, number_text, percent_text, signed_text } from "./format";
import { forest_figure } from "./forest";
import { choice, type FigureSpec } from "./frame";
import {
  add_text,
  element,
  fit_text,
  font_size,
  font_stack,
  tip_style,
  canvas_of,
  nest,
  scale_of,
} from "./svg";

interface Group {
  label: string;
  gains: number[];
  /** Mean gain of everybody in the group, of whom those drawn are a part. */
  mean?: number;
}

const sorted_numbers = (values: number[]) => [...values].sort((a, b) => a - b);

function quantile(sorted: number[], p: number): number {
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/** Splits patients by a factor: flags and levels as they are, numbers into thirds. */
function groups_by(data: BenefitData, factor: Factor | undefined): Group[] {
  const patients = (data.patients ?? []).filter(
    (p): p is { gain: number; factors?: Record<string, FactorValue> } =>
      typeof p.gain === "number" && Number.isFinite(p.gain),
  );
  const finish = (groups: Group[]) =>
    groups
      .filter((g) => g.gains.length > 0)
      .map((g) => ({ ...g, gains: sorted_numbers(g.gains).reverse() }));
  const known = (mean: Maybe | undefined) => mean ?? undefined;
  const mean_of = (level: string) =>
    known(data.by_factor?.find((r) => r.factor === factor?.name && r.level === level)?.mean_gain);
  if (!factor) {
    const gains = patients.map((p) => p.gain);
    return finish([{ label: "All patients", gains, mean: known(data.overall?.mean_gain) }]);
  }
  const value = (p: { factors?: Record<string, FactorValue> }) => p.factors?.[factor.name];
  if (factor.type === "flag") {
    const on = (v: FactorValue | undefined) => v === true || v === 1 || v === "yes" || v === "true";
    const off = (v: FactorValue | undefined) =>
      v === false || v === 0 || v === "no" || v === "false";
    return finish([
      {
        label: `${factor.label}: no`,
        mean: mean_of("no"),
        gains: patients.filter((p) => off(value(p))).map((p) => p.gain),
      },
      {
        label: `${factor.label}: yes`,
        mean: mean_of("yes"),
        gains: patients.filter((p) => on(value(p))).map((p) => p.gain),
      },
    ]);
  }
  if (factor.type === "numeric") {
    const numbers = patients.filter((p) => typeof value(p) === "number");
    const sorted = sorted_numbers(numbers.map((p) => value(p) as number));
    if (!sorted.length) return [];
    const cuts = [quantile(sorted, 1 / 3), quantile(sorted, 2 / 3)];
    const unit = factor.unit ? ` ${factor.unit}` : "";
    const name = [
      `≤ ${number_text(cuts[0])}${unit}`,
      `${number_text(cuts[0])} to ${number_text(cuts[1])}${unit}`,
      `> ${number_text(cuts[1])}${unit}`,
    ];
    const third = (v: number) => (v <= cuts[0] ? 0 : v <= cuts[1] ? 1 : 2);
    return finish(
      name.map((label, k) => ({
        label,
        gains: numbers.filter((p) => third(value(p) as number) === k).map((p) => p.gain),
      })),
    );
  }
  const levels = factor.levels ?? [...new Set(patients.map((p) => String(value(p) ?? "")))];
  return finish(
    levels.map((level) => ({
      label: `${factor.label}: ${level}`,
      mean: mean_of(level),
      gains: patients.filter((p) => String(value(p) ?? "") === level).map((p) => p.gain),
    })),
  );
}

/** Shares in whole per cent that add up to 100: the last one takes what is left. */
function fates_text(won: number, lost: number): string {
  const [gain, lose] = [won, lost].map((share) => Math.round(100 * share));
  return `${gain}% gain, ${lose}% lose, ${Math.max(0, 100 - gain - lose)}% the same`;
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * Patients from the largest gain to the largest loss; with a factor, one panel a level on the
 * same scales.
 */
export function gains_figure(data: BenefitData, context: FigureContext): FigureSpec {
  const unit = data.unit ?? context.time.unit;
  const [better, worse] = data.versus.map((v) => context.strategy(v));
  const factors = data.factors ?? [];
  let chosen: Factor | undefined;
  const all = groups_by(data, undefined)[0]?.gains ?? [];
  const low = Math.min(0, ...all);
  const high = Math.max(0, ...all);

  // The line is the mean of everybody where it is known, or else says whose it is.
  const mean_text = (group: Group, average: number) =>
    `mean ${group.mean === undefined ? "of those drawn " : ""}${signed_text(average)}`;

  const draw = (width: number): SVGSVGElement => {
    const groups = groups_by(data, chosen);
    const columns = width < 520 ? 1 : Math.min(groups.length, 3);
    const rows = Math.max(1, Math.ceil(groups.length / columns));
    const margin_left = 50;
    const gap = 42;
    const panel_width = (width - margin_left - 24 - gap * (columns - 1)) / columns;
    const head = 42;
    const panel_height = columns === 1 ? Math.min(260, Math.max(190, width * 0.34)) : 220;
    const foot = 42;
    const height = rows * (head + panel_height + foot);
    const svg = canvas_of(width, height);
    groups.forEach((group, g) => {
      const column = g % columns;
      const row = Math.floor(g / columns);
      const n = group.gains.length;
      const points = group.gains.map((value, i) => ({ rank: (i + 0.5) / n, gain: value }));
      // The area is a step per patient; the last point closes the last step.
      const steps = group.gains
        .map((value, i) => ({ rank: i / n, gain: value }))
        .concat([{ rank: 1, gain: group.gains[n - 1] }]);
      const average = group.mean ?? mean(group.gains);
      const plot = Plot.plot({
        width: panel_width + 60,
        height: head + panel_height + foot,
        marginLeft: 40,
        marginRight: 20,
        marginTop: head,
        marginBottom: foot,
        style: { fontSize: `${font_size}px`, fontFamily: font_stack, overflow: "visible" },
        x: {
          domain: [0, 1],
          ticks: panel_width < 220 ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1],
          tickFormat: (v: number) => `${v * 100}%`,
          label: null,
        },
        y: {
          domain: [low, high],
          grid: true,
          ticks: 6,
          label: null,
          tickFormat: column === 0 ? (v: number) => signed_text(v, 0) : () => "",
        },
        marks: [
          Plot.areaY(steps, {
            x: "rank",
            y1: 0,
            y2: (d) => Math.max(0, d.gain),
            fill: better.colour,
            fillOpacity: 0.75,
            curve: "step-after",
          }),
          Plot.areaY(steps, {
            x: "rank",
            y1: 0,
            y2: (d) => Math.min(0, d.gain),
            fill: worse.colour,
            fillOpacity: 0.75,
            curve: "step-after",
          }),
          Plot.ruleY([0], { stroke: "var(--ink)" }),
          Plot.ruleY([average], { stroke: "var(--ink)", strokeDasharray: "5 3" }),
          Plot.ruleX(
            points,
            Plot.pointerX({ x: "rank", stroke: "var(--ink-soft)", maxRadius: Infinity }),
          ),
          Plot.tip(
            points,
            Plot.pointerX({
              x: "rank",
              y: "gain",
              ...tip_style,
              maxRadius: Infinity,
              title: (d) =>
                `${signed_text(d.gain)} ${unit}\n${percent_text(d.rank, 0)} of these patients gain more`,
            }),
          ),
        ],
      }) as SVGSVGElement & Plot.Plot;
      nest(
        plot,
        svg,
        margin_left + column * (panel_width + gap) - 40,
        row * (head + panel_height + foot),
      );
      const y = scale_of(plot, "y");
      const won = group.gains.filter((v) => v > 0).length / n;
      const lost = group.gains.filter((v) => v < 0).length / n;
      const notes = element("g", { "pointer-events": "none" });
      add_text(notes, 40, 15, fit_text(group.label, panel_width), { "font-weight": 600 });
      add_text(
        notes,
        40,
        32,
        fit_text(
          `${count_text(n)} drawn: ${fates_text(won, lost)}`,
          panel_width,
          "normal",
        ),
        { fill: "var(--ink-soft)" },
      );
      add_text(notes, 40 + panel_width - 2, y(average) - 5, mean_text(group, average), {
        "text-anchor": "end",
        "paint-order": "stroke",
        stroke: "var(--surface)",
        "stroke-width": 3,
        "font-weight": 600,
      });
      add_text(
        notes,
        40 + panel_width / 2,
        head + panel_height + 36,
        "Patients, from largest gain to largest loss",
        { "text-anchor": "middle" },
      );
      if (panel_width < 250) notes.lastElementChild?.replaceChildren("Patients, sorted");
      plot.append(notes);
    });
    add_text(svg, 0, 0, `Gain (${unit})`, {
      transform: `translate(11,${head + panel_height / 2}) rotate(-90)`,
      "text-anchor": "middle",
    });
    return svg;
  };

  let redraw: () => void = () => {};
  const picker = choice("Split by", ["nothing", ...factors.map((f) => f.label)], (index) => {
    chosen = index === 0 ? undefined : factors[index - 1];
    redraw();
  });
  return {
    id: `benefit-${data.endpoint}`,
    title: data.title ?? `Who gains and who loses: ${data.endpoint}`,
    reading:
      `Each patient lives under both strategies. Height = ${data.endpoint} under ${better.title} ` +
      `minus ${data.endpoint} under ${worse.title}, patients sorted. ` +
      "Above zero the patient gains, below zero the patient loses.",
    note: data.note,
    controls: factors.length ? [picker] : [],
    draw,
    attach: (action) => {
      redraw = action;
    },
    rows: () => (data.patients ?? []).map((p) => ({ [`gain_${unit}`]: p.gain, ...p.factors })),
  };
}

/**
 * Mean gain by level of each factor, drawn as a forest on a linear scale around the overall mean.
 */
export function gain_by_factor_figure(data: BenefitData, context: FigureContext): FigureSpec {
  const unit = data.unit ?? context.time.unit;
  const factor = (name: string) => data.factors?.find((f) => f.name === name)?.label ?? name;
  const rows: ForestRow[] = (data.by_factor ?? []).map((r) => ({
    subgroup: factor(r.factor),
    label: r.level,
    hr: r.mean_gain,
    lo: r.lo,
    hi: r.hi,
    n: r.n,
  }));
  if (data.overall) {
    rows.unshift({
      label: "All patients",
      hr: data.overall.mean_gain,
      lo: data.overall.lo,
      hi: data.overall.hi,
      n: data.overall.n,
    });
  }
  const [better, worse] = data.versus.map((v) => context.strategy(v).title);
  return forest_figure(
    {
      endpoint: data.endpoint,
      title: `Mean gain by group: ${data.endpoint}`,
      rows,
      measure: "Mean gain",
      scale: "linear",
      reference: 0,
      favours: [`better with ${worse}`, `better with ${better}`],
    },
    context,
    `benefit-${data.endpoint}-factors`,
    unit,
    `Mean of the individual gains of ${better} over ${worse} in each group, with its Monte Carlo ` +
      "interval. Groups overlap: a patient belongs to one level of every factor.",
  );
}
