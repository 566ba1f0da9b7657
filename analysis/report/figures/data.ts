// The data contract of the report page; DATA.md explains every field.

/** A number the model may not be able to give. */
export type Maybe = number | null;

export interface Estimate {
  value: Maybe;
  se?: Maybe;
  lo?: Maybe;
  hi?: Maybe;
}

export interface Strategy {
  name: string;
  title: string;
  reference?: boolean;
  description?: string;
}

export interface Kind {
  name: string;
  label: string;
  tone?: "normal" | "muted" | "strong";
}

export interface TimeAxis {
  unit: string;
}

export interface SurvivalCurve {
  strategy: string;
  months: number[];
  survival: Maybe[];
  lo?: Maybe[];
  hi?: Maybe[];
}

export interface SurvivalData {
  endpoint: string;
  title: string;
  curves: SurvivalCurve[];
  at_risk?: { months: number[]; rows: { strategy: string; n: Maybe[] }[] };
  medians?: ({ strategy: string } & Estimate)[];
  note?: string;
}

/** A published figure of a class of patients beside the simulated one under one strategy. */
export interface ClassRow {
  figure: string;
  system: string;
  class: string;
  label: string;
  words?: string;
  detail?: string;
  share?: Maybe;
  at_months?: Maybe;
  reading: string;
  published: Estimate;
  n?: Maybe;
  cohort?: Maybe;
  place?: string;
  doubt?: string;
  strategy: string;
  simulated: Estimate;
}

export interface ClassesData {
  endpoint: string;
  statistic: "median" | "survival" | "hazard_ratio";
  title: string;
  unit?: string;
  rows: ClassRow[];
}

export interface ForestRow {
  label: string;
  strategy?: string;
  subgroup?: string;
  hr: Maybe;
  lo?: Maybe;
  hi?: Maybe;
  n?: Maybe;
}

export interface ForestData {
  endpoint: string;
  title?: string;
  versus?: string;
  measure?: string;
  reference?: number;
  /** A tornado: bars lead from here to each estimate. */
  base?: number;
  scale?: "log" | "linear";
  unit?: string;
  favours?: [string, string];
  rows: ForestRow[];
  note?: string;
}

export interface OccupancyData {
  strategy: string;
  months: number[];
  states: { state: string; label?: string; share: number[] }[];
}

export interface Lane {
  strategy: string;
  segments: { kind: string; label?: string; from: number; to: number }[];
  marks?: { kind: string; label?: string; at: number }[];
  end: number;
  dead: boolean;
}

export interface SwimmerData {
  title?: string;
  strategies: string[];
  patients: { id: string | number; label?: string; lanes: Lane[] }[];
  note?: string;
}

export interface Factor {
  name: string;
  label: string;
  type: "numeric" | "flag" | "level";
  levels?: string[];
  unit?: string;
}

export type FactorValue = number | string | boolean | null;

export interface BenefitData {
  endpoint: string;
  title?: string;
  versus: [string, string];
  unit?: string;
  factors?: Factor[];
  patients?: { gain: Maybe; factors?: Record<string, FactorValue> }[];
  overall?: { mean_gain: Maybe; lo?: Maybe; hi?: Maybe; n?: Maybe };
  by_factor?: {
    factor: string;
    level: string;
    mean_gain: Maybe;
    lo?: Maybe;
    hi?: Maybe;
    n?: Maybe;
  }[];
  note?: string;
}

export interface CyclesData {
  strategy: string;
  agent: string;
  label?: string;
  histogram: { cycles: number; share: number }[];
  mean?: Maybe;
  se?: Maybe;
}

export interface ToxicityData {
  strategy: string;
  type: string;
  label?: string;
  group?: string;
  share: Maybe;
  se?: Maybe;
}

export interface TreatmentData {
  strategy: string;
  measure: string;
  label: string;
  value: Maybe;
  se?: Maybe;
  unit?: string;
}

export type Cell = string | number | boolean | null | undefined | Estimate;

export interface Column {
  key: string;
  label: string;
  unit?: string;
  align?: "left" | "right" | "center";
  kind?: "strategy" | "source";
  digits?: number;
  /** Left out on paper, where wide tables do not fit. */
  screen_only?: boolean;
  /** Holds sentences: never squeezed into a few letters a line. */
  wide?: boolean;
}

export interface TableData {
  id: string;
  title: string;
  section?: string;
  columns: Column[];
  rows: Record<string, Cell>[];
  note?: string;
}

export interface InputRow {
  name: string;
  value: Maybe | string;
  unit?: string;
  prior?: string;
  source?: string;
  assumed?: boolean;
  identified?: string | boolean | null;
  meaning?: string;
}

export interface KeyFigure extends Estimate {
  label: string;
  strategy?: string;
  unit?: string;
  note?: string;
}

/** What all kinds of pages have. */
export interface HeadData {
  title: string;
  study?: string;
  subtitle?: string;
  generated?: Record<string, string | number | null>;
  disclaimer?: string;
  warnings?: string[];
  assumed?: { name: string; value: Maybe | string; unit?: string; meaning?: string }[];
  sources?: { id: string; citation: string; link?: string }[];
  notes?: string[];
}

/** The page of a run. */
export interface ReportData extends HeadData {
  page?: "report";
  time?: TimeAxis;
  key_figures?: KeyFigure[];
  key_figures_note?: string;
  strategies?: Strategy[];
  kinds?: Kind[];
  survival?: SurvivalData[];
  tables?: TableData[];
  risk_classes?: ClassesData[];
  forest?: ForestData[];
  uncertainty?: ForestData[];
  scenarios?: ForestData[];
  occupancy?: OccupancyData[];
  occupancy_note?: string;
  swimmer?: SwimmerData;
  benefit?: BenefitData | BenefitData[];
  cycles?: CyclesData[];
  toxicity?: ToxicityData[];
  treatment?: TreatmentData[];
  inputs?: InputRow[];
  sections?: string[];
}
