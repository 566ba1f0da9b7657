// Toxicity and treatment as dot plots.
import type { FigureContext } from "../figures/context";
import type { ToxicityData, TreatmentData } from "../figures/data";
import { dots_figure } from "../figures/dots";
import type { FigureSpec } from "../figures/frame";

export function toxicity_figure(events: ToxicityData[], context: FigureContext): FigureSpec {
  return dots_figure(
    {
      id: "toxicity",
      title: "Patients with an adverse event",
      unit: "share",
      reading: "Share of patients who had the event at least once, with its Monte Carlo interval.",
      rows: events.map((e) => ({
        key: e.type,
        label: e.label ?? e.type,
        group: e.group,
        strategy: e.strategy,
        value: e.share,
        se: e.se,
      })),
    },
    context,
  );
}

/** Measures of one unit; units cannot share a scale. */
export function treatment_figure(
  measures: TreatmentData[],
  unit: string,
  context: FigureContext,
): FigureSpec {
  const share = unit === "share";
  const what = share ? "Share of patients" : "Mean per patient";
  return dots_figure(
    {
      id: `treatment-${unit || "count"}`,
      title: share
        ? "Responses and treatments received"
        : `Treatment received${unit ? `, in ${unit}` : ""}`,
      unit,
      reading: `${what}, by strategy, with its Monte Carlo interval.`,
      rows: measures.map((m) => ({
        key: m.measure,
        label: m.label,
        strategy: m.strategy,
        value: m.value,
        se: m.se,
      })),
    },
    context,
  );
}
