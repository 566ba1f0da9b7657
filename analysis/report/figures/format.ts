// Numbers as text: as many digits as the error supports, a real minus sign, a dash for "not known".
import type { Estimate, Maybe } from "./data";

export const not_available = "–";

export const known = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);

// Building a formatter is slow and tooltips need thousands of numbers, so one is kept for each
// number of decimals.
const formatters = new Map<string, Intl.NumberFormat>();

function formatter(least: number, most: number): Intl.NumberFormat {
  const key = `${least} ${most}`;
  let made = formatters.get(key);
  if (!made) {
    made = new Intl.NumberFormat("en-GB", {
      minimumFractionDigits: least,
      maximumFractionDigits: most,
    });
    formatters.set(key, made);
  }
  return made;
}

function fixed(value: number, decimals: number): string {
  const text = formatter(decimals, decimals).format(Math.abs(value));
  const zero = !/[1-9]/.test(text);
  return value < 0 && !zero ? `−${text}` : text;
}

/** Decimals that keep so many significant digits of an error. */
function decimals_for_error(error: number, significant = 2): number {
  return Math.min(6, Math.max(0, significant - 1 - Math.floor(Math.log10(error))));
}

/** Decimals for an estimate with an interval: one significant digit of a quarter of its width. */
function decimals_for_interval({ lo, hi }: Estimate, scale: number): number | undefined {
  if (!known(lo) || !known(hi) || hi <= lo) return undefined;
  return Math.min(3, decimals_for_error(((hi - lo) / 4) * scale, 1));
}

/**
 * One number of decimals for estimates that stand below each other: what the narrowest interval
 * supports. Numbers without a unit are ratios, and 0.5 is too coarse for a ratio: they have two at
 * least. Undefined if none has an interval, or if a Monte Carlo error says how many to show.
 */
export function column_digits(estimates: Estimate[], unit?: string): number | undefined {
  if (estimates.some((e) => known(e.se) && e.se > 0)) return undefined;
  const scale = is_share(unit) ? 100 : 1;
  const found = estimates
    .map((e) => decimals_for_interval(e, scale))
    .filter((d): d is number => d !== undefined);
  return found.length ? Math.max(unit ? 0 : 2, ...found) : undefined;
}

/** Decimals that keep three significant digits of a value. */
function decimals_for_value(value: number): number {
  if (value === 0 || Number.isInteger(value)) return 0;
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

const is_share = (unit?: string): boolean => unit === "share";

/** The number alone, in per cent if the unit is "share"; without a unit. */
export function number_text(value: Maybe | undefined, unit?: string, digits?: number): string {
  if (!known(value)) return not_available;
  const shown = is_share(unit) ? value * 100 : value;
  if (digits !== undefined) return fixed(shown, digits);
  if (is_share(unit)) return fixed(shown, Math.abs(shown) < 10 && !Number.isInteger(shown) ? 1 : 0);
  return fixed(shown, decimals_for_value(shown));
}

/** What stands behind a number: " %" for shares, else " unit" or nothing. */
export function unit_suffix(unit?: string): string {
  if (!unit) return "";
  return is_share(unit) ? "%" : ` ${unit}`;
}

/**
 * "9.61", or "9.61 ± 0.03" when a Monte Carlo error is known; `digits` overrides the choice of
 * decimals.
 */
export function estimate_text(estimate: Estimate, unit?: string, digits?: number): string {
  const { value, se } = estimate;
  if (!known(value)) return not_available;
  if (!known(se) || se <= 0) {
    const decimals = decimals_for_interval(estimate, is_share(unit) ? 100 : 1);
    if (digits === undefined && decimals !== undefined)
      return fixed(value * (is_share(unit) ? 100 : 1), decimals);
    return number_text(value, unit, digits);
  }
  const scale = is_share(unit) ? 100 : 1;
  const decimals = digits ?? decimals_for_error(se * scale);
  return `${fixed(value * scale, decimals)} ± ${fixed(se * scale, Math.max(decimals, 0))}`;
}

/** "0.50 to 0.54", or an empty string when there is no interval. */
export function interval_text(estimate: Estimate, unit?: string, digits?: number): string {
  const { lo, hi } = estimate;
  if (!known(lo) && !known(hi)) return "";
  const scale = is_share(unit) ? 100 : 1;
  const decimals = digits ?? decimals_for_interval(estimate, scale) ?? 2;
  const end = (v: Maybe | undefined) => (known(v) ? fixed(v * scale, decimals) : not_available);
  return `${end(lo)} to ${end(hi)}`;
}

/** "1.48 (0.71 to 2.26)": two significant digits of a quarter of the interval. */
export function range_text({ value, lo, hi }: Estimate): string {
  if (!known(value)) return not_available;
  if (!known(lo) || !known(hi) || hi <= lo) return number_text(value);
  const decimals = decimals_for_error((hi - lo) / 4);
  return `${fixed(value, decimals)} (${fixed(lo, decimals)} to ${fixed(hi, decimals)})`;
}

/** A signed number: "+6.1", "−0.4". */
export function signed_text(value: Maybe | undefined, decimals = 1): string {
  if (!known(value)) return not_available;
  return value > 0 ? `+${fixed(value, decimals)}` : fixed(value, decimals);
}

export function count_text(value: Maybe | undefined): string {
  return known(value) ? fixed(value, 0) : not_available;
}

/** A number as somebody would write it: four significant digits at most, no zeros at the end. */
export function plain_text(value: Maybe | undefined, unit?: string): string {
  if (!known(value)) return not_available;
  const shown = Number((is_share(unit) ? value * 100 : value).toPrecision(4));
  return (shown < 0 ? "−" : "") + formatter(0, 10).format(Math.abs(shown));
}

export const percent_text = (share: number, digits?: number): string =>
  `${number_text(share, "share", digits)}%`;

/** Distances of ticks on an axis of time. The numbers at risk are counted at the same distances. */
const time_steps = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 60, 120];

/**
 * Ticks 0, step, 2 step, ... up to `end`, at most `most` steps: those of the smallest distance of
 * the list that is large enough. Where even that is too large for the axis, its two ends.
 */
export function time_ticks(end: number, most: number): number[] {
  const last = time_steps[time_steps.length - 1];
  const step =
    time_steps.find((s) => end / s <= most) ?? last * Math.max(1, Math.ceil(end / last / most));
  if (!(end >= step)) return [0, end];
  return Array.from({ length: Math.floor((end / step) * 1.0001) + 1 }, (_, k) => k * step);
}

/** Every second, third, ... of the ticks, so that at most `most` steps are left. */
export function thinned(ticks: number[], most: number): number[] {
  const stride = Math.max(1, Math.ceil((ticks.length - 1) / Math.max(1, most)));
  return ticks.filter((_, k) => k % stride === 0);
}

/** Decimals of a time on an axis that ends here. */
export const time_decimals = (end: number): number => (end < 12 ? 2 : 1);

/** Ticks of a ratio between low and high, at most so many: fine for narrow ranges. */
export function ratio_ticks(lo: number, hi: number, most = Infinity): number[] {
  const fine = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 5, 10];
  const middle = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10];
  const coarse = [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10, 25, 50, 100];
  const inside = (list: number[]) => list.filter((t) => t >= lo * 0.999 && t <= hi * 1.001);
  const found = (hi / lo < 4.5 ? [fine, middle] : []).map(inside).find((t) => t.length <= most);
  return found ?? inside(coarse);
}

/** The range of ratios with some room, and always some on both sides of 1. */
export function ratio_domain(values: number[]): [number, number] {
  const usable = values.filter((v) => v > 0 && Number.isFinite(v)).concat(1);
  const low = Math.min(...usable);
  const high = Math.max(...usable);
  const room = Math.pow(high / low, 0.06);
  return [Math.min(low / room, 1 / 1.3), Math.max(high * room, 1.3)];
}

/** Names of the documents as words: "chemo lrrt". */
export const plain = (name: string): string => name.replace(/_/g, " ");

/**
 * "Zeng 2014" of a title that ends with "(Zeng 2014)", "Liao 2021, matched" if it says so too; else,
 * as for "(in a review)", the title.
 */
export function short_study(title: string): string {
  const name = title.match(/\((?!in )([^()]+)\)$/)?.[1];
  if (!name) return title;
  return /\bmatched\b/.test(title) ? `${name}, matched` : name;
}
