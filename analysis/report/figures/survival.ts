// Survival curves: steps with bands, medians, labels at the curves, numbers at risk under the axis.
import * as Plot from "@observablehq/plot";
import type { FigureContext } from "./context";
import type { Maybe, SurvivalCurve, SurvivalData } from "./data";
import {
  count_text,
  number_text,
  percent_text,
  plain_text,
  thinned,
  time_decimals,
  time_ticks,
} from "./format";
import type { FigureSpec } from "./frame";
import {
  add_text,
  element,
  fit_text,
  font_size,
  font_stack,
  text_width,
  tip_style,
  scale_of,
} from "./svg";

/** Value of the step function at a time; null before the first and after the last step. */
export function step_value(times: number[], values: Maybe[] | undefined, at: number): Maybe {
  if (!values || !times.length || at < times[0] || at > times[times.length - 1]) return null;
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return values[low] ?? null;
}

/** First time at which the curve is at or below one half. */
export function curve_median(curve: SurvivalCurve): Maybe {
  const at = curve.survival.findIndex((s) => s !== null && s <= 0.5);
  return at < 0 ? null : curve.months[at];
}

export function survival_figure(data: SurvivalData, context: FigureContext): FigureSpec {
  const { unit } = context.time;
  const curves = [...data.curves].sort(
    (a, b) => context.rank(a.strategy) - context.rank(b.strategy),
  );
  const end = Math.max(...curves.map((c) => c.months[c.months.length - 1] ?? 0));
  const points = curves.flatMap((c) =>
    c.months.map((month, k) => ({
      strategy: c.strategy,
      month,
      survival: c.survival[k],
      lo: c.lo?.[k] ?? null,
      hi: c.hi?.[k] ?? null,
    })),
  );
  const median_of = (c: SurvivalCurve): Maybe =>
    data.medians?.find((m) => m.strategy === c.strategy)?.value ??
    (data.medians ? null : curve_median(c));
  const medians = curves
    .map((c) => ({ strategy: c.strategy, median: median_of(c) }))
    .filter((m): m is { strategy: string; median: number } => m.median !== null && m.median <= end);

  // One tooltip for all curves: what each strategy has left at this time.
  const decimals = time_decimals(end);
  const grid = Array.from({ length: 241 }, (_, k) => {
    const month = (k * end) / 240;
    const values = curves.map((c) => ({
      strategy: c.strategy,
      s: step_value(c.months, c.survival, month),
    }));
    return { month, values, top: Math.max(...values.map((v) => v.s ?? 0)) };
  });
  const dots = grid.flatMap((g) => g.values.map((v) => ({ month: g.month, ...v })));
  const tip_text = (g: (typeof grid)[number]) =>
    [`${number_text(g.month, "", decimals)} ${unit}`]
      .concat(
        g.values
          .slice()
          .sort((a, b) => (b.s ?? -1) - (a.s ?? -1))
          .map(
            (v) =>
              `${v.s === null ? "–" : percent_text(v.s, 1)}  ${context.strategy(v.strategy).title}`,
          ),
      )
      .join("\n");

  const draw = (width: number): SVGSVGElement => {
    const risk = data.at_risk;
    const rows = risk
      ? [...risk.rows].sort((a, b) => context.rank(a.strategy) - context.rank(b.strategy))
      : [];
    const titles = curves.map((c) => context.strategy(c.strategy).title);
    const longest = Math.max(...titles.map((t) => text_width(t, font_size, "600")));
    // In a hand, names of strategies stand above their numbers at risk.
    const stacked = width < 520;
    const row_height = stacked ? 33 : 18;
    const beside = rows.length && !stacked;
    // What the first number at risk, which stands in the middle under its tick, needs on its left.
    const half_number = Math.max(0, ...rows.map((r) => text_width(count_text(r.n[0])) / 2)) + 12;
    const margin_left = beside
      ? Math.max(62, Math.min(longest + half_number, width * 0.29, 230))
      : 62;
    const margin_right = 22;
    const plot_width = width - margin_left - margin_right;
    const plot_height = Math.max(260, Math.min(400, width * 0.46));
    // Every number at risk stands under a tick.
    const at_risk = risk?.months.filter((month) => month <= end) ?? [];
    const room = 14 + Math.max(26, ...rows.flatMap((r) => r.n.map((n) => text_width(count_text(n)))));
    const most = Math.min(12, Math.floor(plot_width / room));
    const ticks = at_risk.length > 1 ? thinned(at_risk, most) : time_ticks(end, most);
    const keys = curve_keys(curves, median_of, context, width - 8, decimals);
    // The upper right corner is empty under most curves; otherwise the names stand above the
    // picture.
    const corner = end * (1 - (keys.width + 10) / plot_width);
    const highest = Math.max(
      ...curves.map((c) => step_value(c.months, c.survival, Math.max(0, corner)) ?? 0),
    );
    const inside = keys.width < plot_width * 0.75 && highest < 1 - (keys.height + 14) / plot_height;
    const top = inside ? 14 : 18 + keys.height;
    const below = 46 + (rows.length ? 28 + row_height * rows.length : 0);
    const height = top + plot_height + below;
    const stroke = (d: { strategy: string }) => context.strategy(d.strategy).colour;
    const svg = Plot.plot({
      width,
      height,
      marginTop: top,
      marginLeft: margin_left,
      marginRight: margin_right,
      marginBottom: below,
      style: { fontSize: `${font_size}px`, fontFamily: font_stack },
      x: { domain: [0, end], ticks, tickFormat: (v: number) => plain_text(v), label: null },
      y: {
        domain: [0, 1],
        ticks: [0, 0.25, 0.5, 0.75, 1],
        tickFormat: (v: number) => `${v * 100}%`,
        grid: true,
        label: null,
      },
      marks: [
        Plot.areaY(
          points.filter((p) => p.lo !== null && p.hi !== null),
          {
            x: "month",
            y1: "lo",
            y2: "hi",
            z: "strategy",
            fill: stroke,
            fillOpacity: 0.18,
            curve: "step-after",
          },
        ),
        medians.length
          ? Plot.ruleY([0.5], {
              x1: 0,
              x2: Math.max(...medians.map((m) => m.median)),
              stroke: "var(--ink-soft)",
              strokeDasharray: "2 3",
            })
          : null,
        Plot.ruleX(medians, { x: "median", y1: 0, y2: 0.5, stroke, strokeDasharray: "2 3" }),
        Plot.ruleY([0], { stroke: "var(--ink)" }),
        curves.map((c) =>
          Plot.line(
            points.filter((p) => p.strategy === c.strategy),
            {
              x: "month",
              y: "survival",
              stroke,
              strokeWidth: 2,
              curve: "step-after",
              strokeDasharray: context.strategy(c.strategy).dash,
            },
          ),
        ),
        Plot.ruleX(
          grid,
          Plot.pointerX({
            x: "month",
            stroke: "var(--ink-soft)",
            strokeWidth: 1,
            maxRadius: Infinity,
          }),
        ),
        curves.map((c) =>
          Plot.dot(
            dots.filter((d) => d.strategy === c.strategy && d.s !== null),
            Plot.pointerX({ x: "month", y: "s", fill: stroke, r: 3.5, maxRadius: Infinity }),
          ),
        ),
        Plot.tip(
          grid,
          Plot.pointerX({
            x: "month",
            y: "top",
            title: tip_text,
            ...tip_style,
            maxRadius: Infinity,
          }),
        ),
      ],
    }) as SVGSVGElement & Plot.Plot;

    const x = scale_of(svg, "x");
    const axis = top + plot_height;
    const notes = element("g", { "aria-label": "labels", "pointer-events": "none" });
    svg.querySelector('[aria-label="area"]')?.before(notes) ?? svg.append(notes);
    keys.draw(
      notes,
      inside ? width - margin_right - keys.width : Math.min(margin_left, width - 4 - keys.width),
      inside ? 22 : 8,
    );
    add_text(notes, 0, 0, "Share without event", {
      transform: `translate(${margin_left - 48},${top + plot_height / 2}) rotate(-90)`,
      "text-anchor": "middle",
    });
    add_text(notes, margin_left + plot_width / 2, axis + 36, `Time (${unit})`, {
      "text-anchor": "middle",
    });
    if (risk) {
      const first = axis + 58;
      add_text(notes, 2, first, "Number at risk", { "font-weight": 600 });
      rows.forEach((row, r) => {
        const look = context.strategy(row.strategy);
        const name_line = first + 18 + row_height * r;
        const line = name_line + (stacked ? 15 : 0);
        add_text(notes, 2, name_line, fit_text(look.title, stacked ? width - 30 : margin_left - half_number), {
          fill: look.colour,
          "font-weight": 600,
        });
        risk.months.forEach((month, k) => {
          if (ticks.includes(month))
            add_text(notes, x(month), line, count_text(row.n[k]), { "text-anchor": "middle" });
        });
      });
    }
    return svg;
  };

  return {
    id: `survival-${data.endpoint}`,
    title: data.title,
    reading:
      "Share of patients without the event over time. Dotted lines mark the median, the time at " +
      "which half of the patients have had the event." +
      (data.curves.some((c) => c.lo) ? " The shaded band is the Monte Carlo interval." : ""),
    note: data.note,
    draw,
    rows: () =>
      points.map((p) => ({
        endpoint: data.endpoint,
        strategy: p.strategy,
        [`time_${unit}`]: p.month,
        survival: p.survival,
        lo: p.lo,
        hi: p.hi,
      })),
  };
}

/** Names of the curves in their colours with the medians, best curve on top. */
function curve_keys(
  curves: SurvivalCurve[],
  median_of: (c: SurvivalCurve) => Maybe,
  context: FigureContext,
  space: number,
  decimals: number,
) {
  const area = (c: SurvivalCurve) =>
    c.months.reduce((sum, m, k) => sum + ((c.months[k + 1] ?? m) - m) * (c.survival[k] ?? 0), 0);
  const order = [...curves].sort((a, b) => area(b) - area(a));
  const lines = order.map((c) => {
    const median = median_of(c);
    const text = median === null ? "median not reached" : `median ${number_text(median, "", decimals)}`;
    return { look: context.strategy(c.strategy), text };
  });
  const gap = 12;
  const text_space = Math.max(...lines.map((l) => text_width(l.text)));
  const name_width = Math.min(
    Math.max(...lines.map((l) => text_width(l.look.title, font_size, "600"))) + 1,
    space - 24 - gap - text_space,
  );
  return {
    width: 24 + name_width + gap + text_space,
    height: lines.length * 18,
    draw(to: Element, left: number, top: number) {
      lines.forEach(({ look, text }, i) => {
        const y = top + 18 * i;
        to.append(
          element("line", {
            x1: left,
            x2: left + 18,
            y1: y,
            y2: y,
            stroke: look.colour,
            "stroke-width": 2.5,
            "stroke-dasharray": look.dash,
          }),
        );
        add_text(to, left + 24, y + 4, fit_text(look.title, name_width), {
          fill: look.colour,
          "font-weight": 600,
        });
        add_text(to, left + 24 + name_width + gap, y + 4, text, { fill: "var(--ink-soft)" });
      });
    },
  };
}
