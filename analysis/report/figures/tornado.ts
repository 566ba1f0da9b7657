// A result under other assumptions: bars from the base case, the longest at the top.
import * as Plot from "@observablehq/plot";
import { known, number_text, plain_text, signed_text, unit_suffix } from "./format";
import type { FigureSpec } from "./frame";
import { upright_key } from "./looks";
import { row_plot } from "./row_plot";
import type { Scenario } from "./validation_data";

type Known = Scenario & { value: number; base: number };

const higher = "var(--strategy-1)";
const lower = "var(--strategy-2)";

/** What stands above the first of these figures. */
export const how_to_read_scenarios =
  "Each bar leads from the base case (the line) to the result under one other assumption about " +
  "how the disease or its treatment works, for the same virtual patients. The longest stand at " +
  "the top: on those assumptions the result rests most. A hazard ratio below 1, or a difference " +
  "above 0, speaks for the treatment that is named first.";

/** "Hazard ratio of OS" of "Hazard ratio of OS: A against B": the title says the rest. */
const short_name = (statistic: string) => statistic.split(":")[0];

export function tornado_figure(id: string, statistic: string, scenarios: Scenario[]): FigureSpec {
  const rows = scenarios
    .filter((s): s is Known => known(s.value) && known(s.base))
    .sort((a, b) => Math.abs(b.value - b.base) - Math.abs(a.value - a.base));
  const unit = rows[0]?.unit ?? "";
  const share = unit === "share";
  const scale = share ? 100 : 1;
  const all = rows.flatMap((r) => [r.value, r.base]);
  const room = 0.06 * (Math.max(...all) - Math.min(...all) || Math.abs(all[0]) || 1);
  const domain: [number, number] = [Math.min(...all) - room, Math.max(...all) + room];
  const text = (v: number) => `${number_text(v, unit)}${share ? "%" : ""}`;
  const change = (r: Known) => signed_text((r.value - r.base) * scale, share ? 1 : 2);
  const draw = (width: number) =>
    row_plot<Known>({
      width,
      lines: rows.map((row) => ({ label: row.scenario, row })),
      legend: [
        upright_key(
          `base case ${text(rows[0].base)}${unit_suffix(share ? "" : unit)}`,
          "var(--ink)",
        ),
      ],
      axis: {
        label: `${short_name(statistic)}${unit && !share ? ` (${unit})` : ""}`,
        domain,
        ticks: (most) => Math.min(most, 7),
        tick_text: (v) => plain_text(v, unit) + (share ? "%" : ""),
      },
      columns: [
        { title: "value", text: (r) => text(r.value) },
        {
          title: "change",
          text: change,
          colour: (r) => (r.value === r.base ? "currentColor" : r.value > r.base ? higher : lower),
        },
      ],
      tip: (r) => `${r.scenario}\n${statistic}: ${text(r.value)}\nbase case ${text(r.base)}`,
      marks: (all_rows, y) => [
        Plot.rect(all_rows, {
          x1: (r) => Math.min(r.value, r.base),
          x2: (r) => Math.max(r.value, r.base),
          y1: (r) => y(r) - 6,
          y2: (r) => y(r) + 6,
          fill: (r) => (r.value >= r.base ? higher : lower),
          fillOpacity: 0.75,
        }),
        Plot.ruleX([rows[0].base], { stroke: "var(--ink)", strokeWidth: 1.4 }),
      ],
    });
  return {
    id,
    title: statistic,
    reading:
      "From the base case to the result under one other assumption; long bars are assumptions " +
      "that matter.",
    draw,
    rows: () =>
      rows.map((r) => ({
        scenario: r.scenario,
        statistic: r.statistic,
        value: r.value,
        base: r.base,
        unit,
      })),
  };
}
