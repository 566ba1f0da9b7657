// Reads the embedded data and shows the page that they are for.
import type { CalibrationData } from "../figures/calibration_data";
import type { ReportData } from "../figures/data";
import type { ValidationData } from "../figures/validation_data";
import { show_calibration } from "./calibration";
import { show_report } from "./report";
import { self_check } from "./self_check";
import type { PageShell } from "./shell";
import { follow_theme } from "./theme";
import { show_validation } from "./validation";

function show(data: ReportData | ValidationData | CalibrationData): PageShell {
  switch (data.page) {
    case "validation":
      return show_validation(data);
    case "calibration":
      return show_calibration(data);
    default:
      return show_report(data);
  }
}

function start(): void {
  const began = performance.now();
  const source = document.getElementById("report-data");
  if (!source) return;
  follow_theme();
  const page = show(JSON.parse(source.textContent ?? "{}") as Parameters<typeof show>[0]);
  if (location.hash === "#self-check")
    void self_check(page.figures, page.tables, performance.now() - began);
  else if (location.hash)
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

start();
