// Points of several kinds and keys for legends.
import * as Plot from "@observablehq/plot";
import { element, type LegendItem } from "./svg";

export type Symbol = "circle" | "square" | "diamond" | "triangle" | "star";

/** An unlike shape and an unlike colour, so that neither is needed to see the other. */
export interface PointLook {
  label: string;
  symbol: Symbol;
  colour: string;
  hollow?: boolean;
}

/** Areas that suit the radius of a circle. */
export const symbol_radius = (symbol: Symbol): number => (symbol === "circle" ? 4.2 : 4.8);

const corners: Record<Exclude<Symbol, "circle">, string> = {
  square: "-4.2,-4.2 4.2,-4.2 4.2,4.2 -4.2,4.2",
  diamond: "0,-6 4,0 0,6 -4,0",
  triangle: "0,-5.5 5,4 -5,4",
  star: "0,-6 1.6,-2 5.7,-1.9 2.5,0.8 3.5,4.9 0,2.6 -3.5,4.9 -2.5,0.8 -5.7,-1.9 -1.6,-2",
};

/** A key that shows the symbol. */
export const point_key = ({ label, symbol, colour, hollow }: PointLook): LegendItem => ({
  label,
  draw(to, x, y) {
    const look = hollow
      ? { fill: "var(--surface)", stroke: colour, "stroke-width": 1.8 }
      : { fill: colour };
    const place = { transform: `translate(${x + 8},${y})`, ...look };
    to.append(
      symbol === "circle"
        ? element("circle", { r: 4.4, ...place })
        : element("polygon", { points: corners[symbol], ...place }),
    );
  },
});

/** Points, each with its own look: Plot gives one look to a mark, so there is one mark a look. */
export function point_marks<Row>(
  rows: Row[],
  look: (row: Row) => PointLook,
  at: { x(row: Row): number; y(row: Row): number },
): Plot.Markish[] {
  const key = (l: PointLook) => `${l.symbol} ${l.colour} ${l.hollow ?? false}`;
  return [...new Set(rows.map((r) => key(look(r))))].map((each) => {
    const same = rows.filter((r) => key(look(r)) === each);
    const { symbol, colour, hollow } = look(same[0]);
    return Plot.dot(same, {
      x: at.x,
      y: at.y,
      symbol,
      r: symbol_radius(symbol),
      fill: hollow ? "var(--surface)" : colour,
      stroke: hollow ? colour : "var(--surface)",
      strokeWidth: hollow ? 1.8 : 0.8,
    });
  });
}

/** A horizontal bar in the legend. */
export const bar_key = (
  label: string,
  fill: string,
  opacity: number,
  height: number,
): LegendItem => ({
  label,
  draw: (to, x, y) =>
    to.append(
      element("rect", { x, y: y - height / 2, width: 16, height, fill, "fill-opacity": opacity }),
    ),
});

/** A dashed upright line in the legend. */
export const upright_key = (label: string, stroke: string, dash?: string): LegendItem => ({
  label,
  draw: (to, x, y) =>
    to.append(
      element("line", {
        x1: x + 8,
        x2: x + 8,
        y1: y - 7,
        y2: y + 7,
        stroke,
        "stroke-width": 1.6,
        "stroke-dasharray": dash,
      }),
    ),
});
