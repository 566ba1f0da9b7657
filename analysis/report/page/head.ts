// Top of the page: what this is, where it comes from, the warning, the key figures and the
// strategies.
import type { FigureContext } from "../figures/context";
import type { HeadData, KeyFigure, Strategy } from "../figures/data";
import { column_digits, estimate_text, interval_text, unit_suffix } from "../figures/format";
import { html } from "../figures/frame";
import { strategy_mark } from "../figures/svg";
import { theme_button } from "./theme";

const warning =
  "Model projection for research and teaching. Not medical advice: do not use it to decide on " +
  "the treatment of a patient.";

function provenance(generated: NonNullable<HeadData["generated"]>): HTMLElement {
  const words: Record<string, string> = { horizon_months: "horizon (months)" };
  const list = html("dl", { class: "provenance" });
  for (const [key, value] of Object.entries(generated)) {
    if (value === null || value === "") continue;
    const plain = key === "seed" || typeof value !== "number";
    const shown = plain ? String(value) : value.toLocaleString("en-GB");
    list.append(
      html(
        "div",
        {},
        html("dt", {}, words[key] ?? key.replace(/_/g, " ")),
        html("dd", {}, key === "command" ? html("code", {}, shown) : shown),
      ),
    );
  }
  return list;
}

function key_cards(figures: KeyFigure[], context: FigureContext): HTMLElement[] {
  if (!figures.length) return [];
  return [
    html(
      "div",
      { class: "keys" },
      ...figures.map((k) => {
        const digits = column_digits([k], k.unit);
        const interval = interval_text(k, k.unit, digits);
        const card = html(
          "div",
          { class: "key" },
          html("p", { class: "key-label" }, k.label),
          html(
            "p",
            { class: "key-value" },
            estimate_text(k, k.unit, digits),
            html("span", { class: "key-unit" }, unit_suffix(k.unit)),
          ),
          ...(interval ? [html("p", { class: "key-note" }, `interval ${interval}`)] : []),
          ...(k.note ? [html("p", { class: "key-note" }, k.note)] : []),
        );
        if (k.strategy) {
          card.style.borderTopColor = context.strategy(k.strategy).colour;
          card.insertBefore(
            html("p", { class: "key-strategy" }, context.strategy(k.strategy).title),
            card.children[1],
          );
        }
        return card;
      }),
    ),
  ];
}

type ShowStrategy = (name: string, shown: boolean) => void;

/**
 * The strategies with their colours; where there are several, a box hides a strategy in the
 * figures.
 */
function strategy_list(
  strategies: Strategy[],
  context: FigureContext,
  show: ShowStrategy,
): HTMLElement[] {
  if (!strategies.length) return [];
  const several = strategies.length > 2;
  const box = (name: string) => {
    const made = html("input", { type: "checkbox", title: "Show in the figures", checked: "" });
    made.addEventListener("change", () => show(name, made.checked));
    return made;
  };
  return [
    html(
      "ul",
      { class: "strategies", "aria-label": "Strategies" },
      ...strategies.map((s) => {
        const name = [
          strategy_mark(context.strategy(s.name)),
          html("strong", {}, s.title || s.name),
          ...(s.reference ? [" (reference)"] : []),
        ];
        return html(
          "li",
          {},
          ...(several ? [html("label", {}, box(s.name), " ", ...name)] : name),
          ...(s.description ? [html("span", { class: "soft" }, ` ${s.description}`)] : []),
        );
      }),
    ),
  ];
}

export interface HeadParts {
  context: FigureContext;
  key_figures?: KeyFigure[];
  key_figures_note?: string;
  strategies?: Strategy[];
  show_strategy?: ShowStrategy;
  /** How many inputs have no source. */
  without_source?: number;
  /** A sentence that the numbers of the page need. */
  remark: string;
}

export function page_head(data: HeadData, parts: HeadParts): HTMLElement[] {
  const assumed = data.assumed?.length ?? 0;
  return [
    html(
      "p",
      { class: "banner", role: "note" },
      html("strong", {}, data.disclaimer || warning),
      ...(assumed
        ? [
            " ",
            html(
              "a",
              { href: "#assumed" },
              `${assumed} ${assumed === 1 ? "number is an assumption" : "numbers are assumptions"}.`,
            ),
          ]
        : []),
      ...(parts.without_source
        ? [
            " ",
            html(
              "a",
              { href: "#inputs" },
              `${parts.without_source} ${parts.without_source === 1 ? "input has" : "inputs have"} no source.`,
            ),
          ]
        : []),
    ),
    html(
      "header",
      {},
      html("div", { class: "title-line" }, html("h1", {}, data.title), theme_button()),
      ...(data.subtitle ? [html("p", { class: "subtitle" }, data.subtitle)] : []),
      ...(data.warnings ?? []).map((text) =>
        html("p", { class: "warning", role: "note" }, html("strong", {}, "Warning. "), text),
      ),
      ...(data.generated ? [provenance(data.generated)] : []),
      ...strategy_list(parts.strategies ?? [], parts.context, parts.show_strategy ?? (() => {})),
      ...key_cards(parts.key_figures ?? [], parts.context),
      ...(parts.key_figures_note
        ? [html("p", { class: "soft small" }, parts.key_figures_note)]
        : []),
      html("p", { class: "soft small" }, parts.remark),
    ),
  ];
}
