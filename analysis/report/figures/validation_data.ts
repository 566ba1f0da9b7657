// The data of the page of `npcsim validate`; DATA.md explains every field.
import type { Estimate, HeadData, Maybe } from "./data";

/** A number, or beyond all numbers: a median that is not reached, a ratio without events. */
export type End = Maybe | "inf" | "-inf";

export interface Prediction {
  value: End;
  lo?: End;
  hi?: End;
  lo50?: End;
  hi50?: End;
}

export interface PublishedFigure {
  id: string;
  study: string;
  group: string;
  design: string;
  statistic: string;
  endpoint: string;
  at_months: Maybe;
  of: string;
  measure: "months" | "share" | "ratio" | "difference";
  unit?: string;
  reading: "exact" | "above" | "below" | "within";
  published: Estimate;
  use: "fitted" | "not seen" | "left out" | "shown only" | "not published yet" | "not simulated";
  reason?: string;
  doubt?: string;
  /** Names of parameters without data, or with weak data only, that move the prediction. */
  prior_only?: string;
  weak?: string;
  predicted?: Prediction;
  z?: Maybe;
  inside95?: boolean;
  inside50?: boolean;
}

export interface WithoutStudy {
  of: string;
  studies: number;
  figures: number;
  inside95: Maybe;
  inside50: Maybe;
  width_ratio: Maybe;
  interval_score: Maybe;
  baseline_interval_score: Maybe;
}

export interface Footing {
  parameter: string;
  meaning?: string;
  prior_only: boolean;
  sd_ratio: Maybe;
  identified?: string;
  figures: number;
}

export type AnalysisName =
  | "published"
  | "as_published"
  | "landmark"
  | "time_dependent"
  | "weighted"
  | "truth"
  | "associational"
  | "without_effect"
  | "by_chance"
  | "no_effect"
  | "neither";

export interface Analysis extends Estimate {
  analysis: AnalysisName;
}

/** One comparison and what different analyses make of it. */
export interface Comparison {
  study: string;
  contrast: string;
  endpoint: string;
  analyses: Analysis[];
}

export interface BiasGroup {
  title: string;
  sentence: string;
  rows: Comparison[];
}

export interface CyclesFinding {
  question: string;
  analyses: Analysis[];
}

export interface Scenario {
  scenario: string;
  statistic: string;
  unit?: string;
  value: Maybe;
  base: Maybe;
}

export interface ValidationData extends HeadData {
  page: "validation";
  figures?: PublishedFigure[];
  without_study?: WithoutStudy[];
  footings?: Footing[];
  bias?: BiasGroup[];
  cycles_received?: CyclesFinding[];
  taken_apart?: Comparison[];
  scenarios?: Scenario[];
}
