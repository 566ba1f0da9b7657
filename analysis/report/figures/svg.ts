// Small helpers for what Plot does not draw: legends and text that belongs to the picture, not to
// its scales.
import type { Plot } from "@observablehq/plot";

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

export interface LegendLayout {
  height: number;
  draw(to: Element, x: number, y: number): void;
}

/** Lays items out in lines no wider than `width`; draw() puts them at a place. */
export function legend(items: LegendItem[], width: number): LegendLayout {
  const line_height = 19;
  let x = 0;
  let line = 0;
  const places = items.map((item) => {
    const needed = 20 + text_width(item.label) + 16;
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
        add_text(group, x0 + places[i].x + 20, y0 + places[i].y + 4, item.label);
      });
      to.append(group);
    },
  };
}
