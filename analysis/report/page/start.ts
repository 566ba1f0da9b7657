// Reads the embedded data and shows the page that they are for.
import type { ReportData } from "../figures/data";
import { show_report } from "./report";
import { self_check } from "./self_check";
import { follow_theme } from "./theme";

function start(): void {
  const began = performance.now();
  const source = document.getElementById("report-data");
  if (!source) return;
  follow_theme();
  const page = show_report(JSON.parse(source.textContent ?? "{}") as ReportData);
  if (location.hash === "#self-check")
    void self_check(page.figures, page.tables, performance.now() - began);
  else if (location.hash)
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

start();
