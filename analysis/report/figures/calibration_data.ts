// The data of the page of `npcsim calibrate`; DATA.md explains every field.
import type { HeadData, Maybe } from "./data";

export interface ParameterRow {
  name: string;
  meaning?: string;
  unit?: string;
  /** 2.5, 25, 50, 75 and 97.5 %. */
  prior: Maybe[];
  posterior: Maybe[];
  sd_ratio: Maybe;
  prior_only: boolean;
  identified?: string;
  source?: string;
}

export interface Diagnostic {
  name: string;
  value: Maybe;
  bound: string;
  passed: boolean;
  meaning?: string;
  /** Why there is nothing to judge; such a check has neither passed nor failed. */
  untested?: string;
}

export interface Direction {
  sd_ratio: Maybe;
  weights: { parameter: string; weight: Maybe }[];
}

export interface StudyCheck {
  study: string;
  p: Maybe;
  figures: number;
  worst_figure?: string;
  worst_z?: Maybe;
}

export interface Draws {
  parameters: string[];
  /** A column of draws for each parameter. */
  values: Maybe[][];
}

export interface Chains {
  parameter: string;
  chains: Maybe[][];
}

export interface CalibrationData extends HeadData {
  page: "calibration";
  diagnostics?: Diagnostic[];
  prior_only_above?: Maybe;
  parameters?: ParameterRow[];
  hyperparameters?: ParameterRow[];
  directions?: Direction[];
  study_checks?: StudyCheck[];
  draws?: Draws;
  chains?: Chains[];
}
