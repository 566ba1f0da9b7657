// Swimmer plot of twins: the same patients under two (or more) strategies, lanes of a patient next
// to each other.
import * as Plot from "@observablehq/plot";
import type { FigureContext } from "./context";
import type { Lane, SwimmerData } from "./data";
import { number_text, plain_text, signed_text, time_decimals, time_ticks } from "./format";
import { choice, type FigureSpec } from "./frame";
import {
  add_text,
  element,
  fit_text,
  font_size,
  font_stack,
  legend,
  swatch,
  text_width,
  tip_style,
  type LegendItem,
  scale_of,
} from "./svg";

type Patient = SwimmerData["patients"][number];

const lane_height = 8;
const lane_gap = 1;
const patient_gap = 6;

// Outlines that stay apart in black and white; cycled when there are more kinds of marks.
const mark_paths = [
  "M0-5L5 0L0 5L-5 0Z",
  "M0-4.6L4.6 3.6L-4.6 3.6Z",
  "M-3.6-3.6H3.6V3.6H-3.6Z",
  "M0 4.6L4.6-3.6L-4.6-3.6Z",
  "M4.2 0A4.2 4.2 0 1 1-4.2 0A4.2 4.2 0 1 1 4.2 0Z",
];
const death_path = "M-3.5-3.5L3.5 3.5M-3.5 3.5L3.5-3.5";
const ongoing_path = "M0-4L6 0L0 4Z";

function draw_death(to: Element, x: number, y: number): void {
  to.append(
    element("path", {
      d: death_path,
      transform: `translate(${x},${y})`,
      stroke: "var(--ink)",
      "stroke-width": 2,
      fill: "none",
    }),
  );
}

function draw_ongoing(to: Element, x: number, y: number): void {
  to.append(
    element("path", { d: ongoing_path, transform: `translate(${x},${y})`, fill: "var(--ink)" }),
  );
}

export function swimmer_figure(data: SwimmerData, context: FigureContext): FigureSpec {
  const { unit } = context.time;
  const lane_of = (p: Patient, strategy: string): Lane | undefined =>
    p.lanes.find((l) => l.strategy === strategy);
  const end = Math.max(...data.patients.flatMap((p) => p.lanes.map((l) => l.end)));
  const time = (at: number) => number_text(at, "", time_decimals(end));
  const [first, second] = data.strategies;
  const title_of = (s: string) => context.strategy(s).title;
  const length_of = (p: Patient, s: string | undefined) => (s ? (lane_of(p, s)?.end ?? 0) : 0);
  const gain = (p: Patient) => length_of(p, second) - length_of(p, first);
  const orders: { label: string; sort: (a: Patient, b: Patient) => number }[] = [
    ...(second
      ? [
          {
            label: `difference (${title_of(second)} minus ${title_of(first)})`,
            sort: (a: Patient, b: Patient) => gain(b) - gain(a),
          },
        ]
      : []),
    ...data.strategies.map((s) => ({
      label: `time under ${title_of(s)}`,
      sort: (a: Patient, b: Patient) => length_of(b, s) - length_of(a, s),
    })),
    { label: "order of the file", sort: () => 0 },
  ];
  let order = data.strategies.length ? Math.min(1, orders.length - 1) : 0;

  const kinds = new Map<string, string>();
  const marks = new Map<string, { label: string; path: string }>();
  for (const p of data.patients)
    for (const l of p.lanes) {
      for (const s of l.segments)
        if (!kinds.has(s.kind)) kinds.set(s.kind, context.kind(s.kind, s.label).label);
      for (const m of l.marks ?? [])
        if (!marks.has(m.kind)) {
          marks.set(m.kind, {
            label: m.label ?? m.kind,
            path: mark_paths[marks.size % mark_paths.length],
          });
        }
    }

  const draw = (width: number): SVGSVGElement => {
    const patients = [...data.patients].sort(orders[order].sort);
    const lanes = data.strategies.length;
    const row_height = lanes * (lane_height + lane_gap) + patient_gap;
    const any_dead = data.patients.some((p) => p.lanes.some((l) => l.dead));
    const any_alive = data.patients.some((p) => p.lanes.some((l) => !l.dead));
    const mark_item = (label: string, path: string): LegendItem => ({
      label,
      draw: (to, x, y) =>
        to.append(
          element("path", {
            d: path,
            transform: `translate(${x + 8},${y})`,
            fill: "var(--surface)",
            stroke: "var(--ink)",
            "stroke-width": 1.4,
          }),
        ),
    });
    const keys = legend(
      [
        ...[...kinds]
          .sort((a, b) => context.kind_rank(a[0]) - context.kind_rank(b[0]))
          .map(([kind, label]) => swatch(label, context.kind(kind).fill)),
        ...[...marks.values()].map((m) => mark_item(m.label, m.path)),
        ...(any_dead
          ? [
              {
                label: "death",
                draw: (to: SVGElement, x: number, y: number) => draw_death(to, x + 8, y),
              },
            ]
          : []),
        ...(any_alive
          ? [
              {
                label: "alive at the end of follow-up",
                draw: (to: SVGElement, x: number, y: number) => draw_ongoing(to, x + 6, y),
              },
            ]
          : []),
      ],
      width - 10,
    );
    const lane_keys = legend(
      data.strategies.map((s, i) => ({
        label: `${i === 0 ? "upper" : i === lanes - 1 ? "lower" : "middle"} lane: ${title_of(s)}`,
        draw: (to: SVGElement, x: number, y: number) =>
          to.append(
            element("rect", {
              x,
              y: y - 5,
              width: 14,
              height: 10,
              fill: context.strategy(s).colour,
            }),
          ),
      })),
      width - 10,
    );
    const label = (p: Patient) => p.label ?? String(p.id);
    const margin_left = Math.min(
      Math.max(...patients.map((p) => text_width(label(p), 11))) + 22,
      width * 0.3,
    );
    const head = keys.height + lane_keys.height + 22;
    const foot = 44;
    const body = patients.length * row_height;
    const height = head + body + foot;
    const base = (i: number, lane: number) =>
      i * row_height + patient_gap / 2 + lane * (lane_height + lane_gap);

    interface Piece {
      patient: number;
      lane: number;
      x1: number;
      x2: number;
      y1: number;
      y2: number;
      fill: string;
      text: string;
    }
    const pieces: Piece[] = [];
    patients.forEach((p, i) =>
      data.strategies.forEach((strategy, lane) => {
        const shown = lane_of(p, strategy);
        if (!shown) return;
        const y1 = base(i, lane);
        const fate = `${shown.dead ? "died at" : "alive at"} ${time(shown.end)} ${unit}`;
        for (const s of shown.segments) {
          const look = context.kind(s.kind);
          pieces.push({
            patient: i,
            lane,
            x1: s.from,
            x2: Math.min(s.to, shown.end),
            y1,
            y2: y1 + lane_height,
            fill: look.fill,
            text: [
              label(p).includes(String(p.id)) ? label(p) : `${label(p)} (${p.id})`,
              title_of(strategy),
              `${s.label ?? look.label}: ${time(s.from)} to ${time(s.to)} ${unit}`,
              ...(shown.marks ?? []).map(
                (m) => `${m.label ?? m.kind} at ${time(m.at)}`,
              ),
              fate,
              ...(second
                ? [
                    `time under ${title_of(second)} minus time under ${title_of(first)}: ` +
                      `${signed_text(gain(p))} ${unit}`,
                  ]
                : []),
            ].join("\n"),
          });
        }
      }),
    );
    const ticks = time_ticks(end, width < 520 ? 5 : 12);
    const svg = Plot.plot({
      width,
      height,
      marginTop: head,
      marginBottom: foot,
      marginLeft: margin_left,
      marginRight: 22,
      style: { fontSize: `${font_size}px`, fontFamily: font_stack },
      x: {
        domain: [0, end],
        ticks,
        tickFormat: (v: number) => plain_text(v),
        label: null,
        grid: true,
      },
      y: { domain: [0, body], reverse: true, axis: null },
      marks: [
        Plot.rect(
          patients.map((_, i) => i).filter((i) => i % 2 === 1),
          {
            x1: 0,
            x2: end,
            y1: (i: number) => i * row_height,
            y2: (i: number) => (i + 1) * row_height,
            fill: "var(--stripe)",
          },
        ),
        Plot.axisX({ ticks, label: null }),
        Plot.axisX({ anchor: "top", ticks, label: null }),
        Plot.rect(pieces, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: (d: Piece) => d.fill }),
        Plot.tip(
          pieces,
          Plot.pointer({
            x: (d: Piece) => (d.x1 + d.x2) / 2,
            y: (d: Piece) => (d.y1 + d.y2) / 2,
            title: "text",
            maxRadius: 60,
            ...tip_style,
          }),
        ),
      ],
    }) as SVGSVGElement & Plot.Plot;
    const x = scale_of(svg, "x");
    const notes = element("g", { "aria-label": "labels", "pointer-events": "none" });
    const tips = svg.querySelector('[aria-label="tip"]');
    if (tips) tips.before(notes);
    else svg.append(notes);
    lane_keys.draw(notes, 2, 0);
    keys.draw(notes, 2, lane_keys.height);
    patients.forEach((p, i) => {
      const middle = head + base(i, 0) + (lanes * (lane_height + lane_gap) - lane_gap) / 2;
      add_text(
        notes,
        margin_left - 12,
        middle + 4,
        fit_text(label(p), margin_left - 16, "normal", 11),
        { "text-anchor": "end", "font-size": 11 },
      );
      data.strategies.forEach((strategy, lane) => {
        const shown = lane_of(p, strategy);
        if (!shown) return;
        const top = head + base(i, lane);
        notes.append(
          element("rect", {
            x: margin_left - 6,
            y: top,
            width: 4,
            height: lane_height,
            fill: context.strategy(strategy).colour,
          }),
        );
        for (const m of shown.marks ?? []) {
          notes.append(
            element("path", {
              d: marks.get(m.kind)?.path,
              transform: `translate(${x(m.at)},${top + lane_height / 2})`,
              fill: "var(--surface)",
              stroke: "var(--ink)",
              "stroke-width": 1.3,
            }),
          );
        }
        if (shown.dead) draw_death(notes, x(shown.end), top + lane_height / 2);
        else draw_ongoing(notes, x(shown.end) + 2, top + lane_height / 2);
      });
    });
    add_text(notes, (margin_left + width - 22) / 2, height - 8, `Time (${unit})`, {
      "text-anchor": "middle",
    });
    return svg;
  };

  let redraw: () => void = () => {};
  const picker = choice(
    "Sort by",
    orders.map((o) => o.label),
    (index) => {
      order = index;
      redraw();
    },
  );
  (picker.querySelector("select") as HTMLSelectElement).selectedIndex = order;
  return {
    id: "swimmer",
    title: data.title ?? "The same patients under different strategies",
    reading:
      `Each patient has ${data.strategies.length === 2 ? "two" : data.strategies.length} lanes: what ` +
      `happens to the same virtual patient under ${data.strategies.map(title_of).join(" and under ")}. ` +
      "Colours are treatments or states, symbols are events.",
    note: data.note,
    controls: [picker],
    draw,
    attach: (action) => {
      redraw = action;
    },
    rows: () =>
      data.patients.flatMap((p) =>
        p.lanes.flatMap((l) => [
          ...l.segments.map((s) => ({
            id: p.id,
            label: p.label ?? "",
            strategy: l.strategy,
            what: s.kind,
            from: s.from,
            to: s.to,
          })),
          ...(l.marks ?? []).map((m) => ({
            id: p.id,
            label: p.label ?? "",
            strategy: l.strategy,
            what: m.kind,
            from: m.at,
            to: m.at,
          })),
          {
            id: p.id,
            label: p.label ?? "",
            strategy: l.strategy,
            what: l.dead ? "death" : "end_of_observation",
            from: l.end,
            to: l.end,
          },
        ]),
      ),
  };
}
