// Small helpers for what Plot does not draw: legends and text that belongs to the picture, not to
// its scales.
import type { Plot } from "@observablehq/plot";
import type { StrategyLook } from "./context";

const name_space = "http://www.w3.org/2000/svg";
export const font_stack =
  'system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
export const font_size = 12;

/** Look of the tooltips. */
export const tip_style = { fontSize: font_size, lineHeight: 1.4, lineWidth: 34 } as const;

type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes = {}, text?: string): SVGElement {
  const made = document.createElementNS(name_space, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, String(value));
  }
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Adds a text to a picture; anchor "start" unless told. */
export function add_text(
  to: Element,
  x: number,
  y: number,
  text: string,
  attributes: Attributes = {},
): SVGElement {
  const made = element("text", { x, y, "text-anchor": "start", ...attributes }, text);
  to.append(made);
  return made;
}

let ruler: CanvasRenderingContext2D | null | undefined;

/** Width of a text in pixels. */
export function text_width(text: string, size = font_size, weight = "normal"): number {
  if (ruler === undefined) ruler = document.createElement("canvas").getContext("2d");
  if (!ruler) return text.length * size * 0.58;
  ruler.font = `${weight} ${size}px ${font_stack}`;
  return ruler.measureText(text).width;
}

/** Shortens a text in the middle until it fits: names of strategies often differ at their ends. */
export function fit_text(
  text: string,
  width: number,
  weight: "normal" | "600" = "600",
  size = font_size,
): string {
  if (text_width(text, size, weight) <= width) return text;
  const letters = [...text];
  for (let kept = letters.length - 1; kept > 2; --kept) {
    const head = Math.ceil(kept * 0.55);
    const short = `${letters.slice(0, head).join("").trimEnd()}…${letters
      .slice(letters.length - (kept - head))
      .join("")
      .trimStart()}`;
    if (text_width(short, size, weight) <= width) return short;
  }
  return "…";
}

/** The same, but its first letters stay whole if at least a few of the others fit beside them. */
export function fit_label(text: string, whole: number, width: number): string {
  const head = text.slice(0, whole);
  const room = width - text_width(head);
  const rest = room > 0 ? fit_text(text.slice(whole), room, "normal") : "…";
  return whole && rest !== "…" ? head + rest : fit_text(text, width, "normal");
}

/** Lines of whole words that fit into a width; a word that does not fit alone is shortened. */
export function wrapped(
  text: string,
  width: number,
  size = font_size,
  weight: "normal" | "600" = "normal",
): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && text_width(longer, size, weight) <= width) lines[lines.length - 1] = longer;
    else lines.push(fit_text(word, width, weight, size));
  }
  return lines;
}

/** Pixel position of values on an axis of a finished plot. */
export function scale_of(plot: SVGSVGElement & Plot, axis: "x" | "y"): (value: number) => number {
  const scale = plot.scale(axis);
  return (value) => scale?.apply(value) as number;
}

/**
 * Puts a plot into a picture of several panels. A nested picture keeps its size only without Plot's own style
 * sheet, which is written for pictures that stand in a page.
 */
export function nest(plot: SVGSVGElement, into: SVGSVGElement, x: number, y: number): void {
  plot.querySelector("style")?.remove();
  plot.removeAttribute("class");
  plot.setAttribute("x", String(x));
  plot.setAttribute("y", String(y));
  plot.setAttribute("overflow", "visible");
  into.append(plot);
}

/** An empty picture for several panels. */
export function canvas_of(width: number, height: number): SVGSVGElement {
  return element("svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    fill: "currentColor",
    "font-family": font_stack,
    "font-size": font_size,
  }) as SVGSVGElement;
}

export interface LegendItem {
  label: string;
  draw(to: SVGElement, x: number, y: number): void;
}

export const swatch = (label: string, fill: string): LegendItem => ({
  label,
  draw: (to, x, y) =>
    to.append(element("rect", { x, y: y - 6, width: 14, height: 12, rx: 2, fill })),
});

export const line_key = (label: string, stroke: string, dash?: string): LegendItem => ({
  label,
  draw: (to, x, y) =>
    to.append(
      element("line", {
        x1: x,
        x2: x + 16,
        y1: y,
        y2: y,
        stroke,
        "stroke-width": 2.5,
        "stroke-dasharray": dash,
      }),
    ),
});

/** Outline of a symbol of about 10 pixels around (0, 0), the same as Plot draws for a dot. */
export function symbol_path(symbol: StrategyLook["symbol"]): string {
  const ring = (points: [number, number][]) =>
    `M${points.map((p) => p.map((v) => v.toFixed(2)).join(",")).join("L")}Z`;
  const turned = (points: [number, number][], turns: number, degrees: number) =>
    Array.from({ length: turns }, (_, i) => (i * degrees * Math.PI) / 180).flatMap((a) =>
      points.map(([x, y]): [number, number] => [
        x * Math.cos(a) - y * Math.sin(a),
        x * Math.sin(a) + y * Math.cos(a),
      ]),
    );
  switch (symbol) {
    case "square":
      return ring(turned([[4.4, 4.4]], 4, 90));
    case "triangle":
      return ring(turned([[0, -7.8]], 3, 120));
    case "diamond":
      return "M0,-8.2L4.8,0L0,8.2L-4.8,0Z";
    case "star":
      return ring(turned([[0, -8.4], [1.88, -2.58]], 5, 72));
    case "wye":
      return ring(turned([[2.5, 1.45], [2.5, 6.5], [-2.5, 6.5]], 3, 120));
    default:
      return "M5,0A5,5 0 1 1 -5,0A5,5 0 1 1 5,0Z";
  }
}

/** A strategy as it is drawn in plots of estimates. */
export const strategy_key = (look: StrategyLook, line = false): LegendItem => ({
  label: look.title,
  draw: (to, x, y) => {
    if (line) line_key("", look.colour).draw(to, x, y);
    to.append(
      element("path", {
        d: symbol_path(look.symbol),
        transform: `translate(${x + 8},${y}) scale(0.9)`,
        fill: look.colour,
      }),
    );
  },
});

/** The same as a small picture beside its name in a text. */
export function strategy_mark(look: StrategyLook): SVGElement {
  const made = element("svg", { class: "mark", viewBox: "-8 -8 16 16", "aria-hidden": "true" });
  made.append(element("path", { d: symbol_path(look.symbol), fill: look.colour }));
  return made;
}

export interface LegendLayout {
  height: number;
  draw(to: Element, x: number, y: number): void;
}

/** Lays items out in lines no wider than `width`, longer names shortened; draw() puts them at a place. */
export function legend(items: LegendItem[], width: number): LegendLayout {
  const line_height = 19;
  let x = 0;
  let line = 0;
  const labels = items.map((item) => fit_text(item.label, width - 20, "normal"));
  const places = items.map((_, i) => {
    const needed = 20 + text_width(labels[i]) + 16;
    if (x > 0 && x + needed > width) {
      x = 0;
      ++line;
    }
    const place = { x, y: line * line_height + 9 };
    x += needed;
    return place;
  });
  return {
    height: items.length ? (line + 1) * line_height + 6 : 0,
    draw(to, x0, y0) {
      const group = element("g", { "aria-label": "legend" });
      items.forEach((item, i) => {
        item.draw(group, x0 + places[i].x, y0 + places[i].y);
        add_text(group, x0 + places[i].x + 20, y0 + places[i].y + 4, labels[i]);
      });
      to.append(group);
    },
  };
}
