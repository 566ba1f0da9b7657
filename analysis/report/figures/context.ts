// What all figures of a page share: the look of strategies and kinds, and the time axis.
import type { Kind, Strategy, TimeAxis } from "./data";

export interface StrategyLook {
  title: string;
  colour: string;
  dash: string | undefined;
  symbol: "circle" | "square" | "triangle" | "diamond" | "star" | "wye";
}

export interface KindLook {
  label: string;
  fill: string;
  ink: string;
}

const strategy_colours = 7;
const kind_colours = 10;
const symbols: StrategyLook["symbol"][] = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "star",
  "wye",
];
const unlisted: StrategyLook = {
  title: "",
  colour: "var(--ink-soft)",
  dash: undefined,
  symbol: "circle",
};

/** Looks are custom properties of figures.css, so light, dark and print need no redrawing. */
export class FigureContext {
  readonly strategies: Strategy[];
  readonly time: TimeAxis;
  private readonly looks_ = new Map<string, StrategyLook>();
  private readonly kinds_ = new Map<string, KindLook>();
  private normal_kinds_ = 0;
  private muted_kinds_ = 0;

  constructor(strategies: Strategy[] = [], kinds: Kind[] = [], time?: TimeAxis) {
    this.strategies = strategies;
    this.time = time ?? { unit: "months" };
    let coloured = 0;
    strategies.forEach((s, i) => {
      const n = s.reference ? 0 : 1 + (coloured % strategy_colours);
      const dash = s.reference || coloured < strategy_colours ? undefined : "6 3";
      this.looks_.set(s.name, {
        title: s.title || s.name,
        colour: `var(--strategy-${n})`,
        dash,
        symbol: symbols[i % symbols.length],
      });
      if (!s.reference) ++coloured;
    });
    for (const kind of kinds) this.kind(kind.name, kind.label, kind.tone);
  }

  strategy(name: string | undefined): StrategyLook {
    if (name === undefined) return unlisted;
    return this.looks_.get(name) ?? { ...unlisted, title: name };
  }

  /** Position of a strategy in the order of the page; unknown names come last. */
  rank(name: string): number {
    const at = this.strategies.findIndex((s) => s.name === name);
    return at < 0 ? this.strategies.length : at;
  }

  /** Position of a kind in the order in which kinds were named. */
  kind_rank(name: string): number {
    return [...this.kinds_.keys()].indexOf(name);
  }

  /** The look of a state, treatment or mark; an unknown name is given the next free colour. */
  kind(name: string, label?: string, tone: Kind["tone"] = "normal"): KindLook {
    const old = this.kinds_.get(name);
    if (old) return old;
    const look: KindLook = { label: label ?? name, fill: "", ink: "#15181c" };
    if (tone === "strong") {
      look.fill = "var(--kind-strong)";
      look.ink = "var(--kind-strong-ink)";
    } else if (tone === "muted") {
      look.fill = `var(--kind-muted-${1 + (this.muted_kinds_++ % 2)})`;
      look.ink = "var(--kind-muted-ink)";
    } else {
      look.fill = `var(--kind-${1 + (this.normal_kinds_++ % kind_colours)})`;
    }
    this.kinds_.set(name, look);
    return look;
  }
}
