// @ts-check
// A made-up run for the page tests: invented twins under four invented strategies. No number here
// means anything.
// node fixture.mjs > fixture.json

/** @typedef {import("../../analysis/report/figures/data").ReportData} ReportData */
/** @typedef {import("../../analysis/report/figures/data").Estimate} Estimate */

const horizon = 120;
const count = 2000;

let state = 20240217;
const uniform = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state + 0.5) / 4294967296;
};

const strategies = [
  { name: "chemo", title: "Chemotherapy", reference: true, hazard: 0.085, io: false, rt: false },
  { name: "chemo_io", title: "Chemotherapy + antibody", hazard: 0.052, io: true, rt: false },
  {
    name: "chemo_io_rt",
    title: "Chemotherapy + antibody, then radiotherapy",
    hazard: 0.033,
    io: true,
    rt: true,
  },
  {
    name: "chemo_io_rt_abl",
    title: "… and ablation of few lesions",
    hazard: 0.031,
    io: true,
    rt: true,
  },
];

/**
 * @typedef {{ liver: boolean, ebv: number, risk: string, lesions: number, age: number }} Patient
 * @typedef {{ pfs: number, os: number, dead: boolean, responded: boolean, rt: boolean, cycles: number, maintenance: number }} History
 */

/** @returns {{ patient: Patient, histories: Record<string, History> }} */
function twins() {
  const patient = {
    liver: uniform() < 0.4,
    ebv: 3 + 2.4 * uniform(),
    lesions: 1 + Math.floor(9 * uniform() ** 2),
    age: 28 + Math.floor(45 * uniform()),
    risk: "low",
  };
  const score =
    (patient.liver ? 1 : 0) + (patient.ebv > 4.4 ? 1 : 0) + (patient.lesions > 3 ? 1 : 0);
  patient.risk = score === 0 ? "low" : score === 1 ? "intermediate" : "high";
  const [a, b, c, d, e] = [uniform(), uniform(), uniform(), uniform(), uniform()];
  /** @type {Record<string, History>} */
  const histories = {};
  for (const s of strategies) {
    let h =
      s.hazard *
      Math.exp(
        (patient.liver ? 0.45 : 0) + 0.3 * (patient.ebv - 4.2) + 0.05 * (patient.lesions - 3),
      );
    const responded = c < (s.io ? 0.82 : 0.7);
    if (!responded) h *= 1.8;
    const rt = s.rt && responded && -Math.log(a) / h > 4.5;
    if (s.rt && !rt) h *= 1.3;
    if (rt && patient.liver) h *= 1.9;
    if (s.name === "chemo_io_rt_abl" && patient.lesions > 3) h *= 31 / 28;
    const pfs = (-Math.log(a) / h) ** 0.92;
    const post = (-Math.log(b) / (0.045 * (patient.liver ? 1.4 : 1))) ** 0.95;
    const early = -Math.log(d) / 0.0035;
    const os = Math.min(early, pfs + post);
    histories[s.name] = {
      pfs: Math.min(pfs, os, horizon),
      os: Math.min(os, horizon),
      dead: os < horizon,
      responded,
      rt,
      cycles: Math.max(1, Math.min(6, Math.floor(pfs / 0.7), e < 0.1 ? 3 : 6)),
      maintenance: s.io
        ? Math.min(29, Math.floor((pfs - 4.1) * 1.4), Math.floor(-Math.log(e) / 0.05))
        : 0,
    };
  }
  return { patient, histories };
}

const cohort = Array.from({ length: count }, twins);
const round = (/** @type {number} */ v, n = 4) => Number(v.toFixed(n));
const mean = (/** @type {number[]} */ v) => v.reduce((x, y) => x + y, 0) / v.length;
const deviation = (/** @type {number[]} */ v) => Math.sqrt(mean(v.map((x) => (x - mean(v)) ** 2)));
/** @param {number[]} v @returns {Estimate & { value: number, se: number, lo: number, hi: number }} */
const estimate = (v) => {
  const value = mean(v);
  const se = deviation(v) / Math.sqrt(v.length);
  return { value, se, lo: value - 1.96 * se, hi: value + 1.96 * se };
};
/** @param {"pfs" | "os"} endpoint @param {string} s */
const times = (endpoint, s) => cohort.map((t) => t.histories[s][endpoint]);

/** @param {"pfs" | "os"} endpoint @param {string} title */
function survival(endpoint, title) {
  const months = Array.from({ length: 2 * horizon + 1 }, (_, k) => k / 2);
  const risk = Array.from({ length: 11 }, (_, k) => 12 * k);
  return {
    endpoint: endpoint.toUpperCase(),
    title,
    curves: strategies.map((s) => {
      const all = times(endpoint, s.name);
      const share = months.map((m) => all.filter((x) => x > m || m === 0).length / count);
      const se = share.map((p) => 1.96 * Math.sqrt((p * (1 - p)) / count));
      return {
        strategy: s.name,
        months,
        survival: share.map((p) => round(p)),
        lo: share.map((p, k) => round(Math.max(0, p - se[k]))),
        hi: share.map((p, k) => round(Math.min(1, p + se[k]))),
      };
    }),
    at_risk: {
      months: risk,
      rows: strategies.map((s) => ({
        strategy: s.name,
        n: risk.map((m) => times(endpoint, s.name).filter((x) => x >= m).length),
      })),
    },
    medians: strategies.map((s) => {
      const sorted = times(endpoint, s.name).sort((x, y) => x - y);
      return {
        strategy: s.name,
        value: sorted[count / 2],
        se: 0.3,
        lo: sorted[count / 2 - 44],
        hi: sorted[count / 2 + 44],
      };
    }),
    note: "Made-up data. Endpoint rule and clocks would be explained here.",
  };
}

const subgroups = /** @type {[string, [string, (p: Patient) => boolean][]][]} */ ([
  [
    "Liver metastases",
    [
      ["no", (p) => !p.liver],
      ["yes", (p) => p.liver],
    ],
  ],
  [
    "Risk group",
    [
      ["low", (p) => p.risk === "low"],
      ["intermediate", (p) => p.risk === "intermediate"],
      ["high", (p) => p.risk === "high"],
    ],
  ],
  [
    "Number of lesions",
    [
      ["1 to 3", (p) => p.lesions <= 3],
      ["4 or more", (p) => p.lesions > 3],
    ],
  ],
]);

/** @param {string} strategy @param {string} label @param {string} subgroup @param {(p: Patient) => boolean} inside */
function forest_row(strategy, label, subgroup, inside) {
  const group = cohort.filter((t) => inside(t.patient));
  const hr =
    mean(group.map((t) => t.histories.chemo.pfs)) /
    mean(group.map((t) => t.histories[strategy].pfs));
  const width = Math.exp(2.2 / Math.sqrt(group.length));
  return {
    label,
    strategy,
    subgroup,
    hr: round(hr),
    lo: round(hr / width),
    hi: round(hr * width),
    n: group.length,
  };
}

/** @param {"pfs" | "os"} endpoint @returns {import("../../analysis/report/figures/data").ForestData} */
const forest = (endpoint) => ({
  endpoint: endpoint.toUpperCase(),
  title: `Hazard ratio by subgroup: ${endpoint.toUpperCase()}`,
  versus: "chemo",
  favours: ["better than chemotherapy", "worse than chemotherapy"],
  rows: ["chemo_io", "chemo_io_rt"]
    .map((s) => forest_row(s, "All patients", "", () => true))
    .concat(
      subgroups.flatMap(([name, levels]) =>
        levels.flatMap(([label, inside]) =>
          ["chemo_io", "chemo_io_rt"].map((s) => forest_row(s, label, name, inside)),
        ),
      ),
    ),
});

const classes = /** @type {[string, string, string, Estimate][]} */ ([
  ["low", "exact", "one system", { value: 40, lo: 30, hi: 50 }],
  ["intermediate", "range", "one system", { value: null, lo: 20, hi: 24 }],
  ["high", "more_than", "one system", { value: 12 }],
  ["low", "not_reached", "another system", { value: null }],
  ["high", "about", "another system", { value: 15 }],
]);

/** @type {NonNullable<ReportData["risk_classes"]>} */
const risk_classes = [
  {
    endpoint: "OS",
    statistic: "median",
    title: "Overall survival (OS)",
    unit: "months",
    rows: classes.flatMap(([risk, reading, system, published], i) =>
      strategies.map((s) => {
        const group = cohort.filter((t) => t.patient.risk === risk);
        const sorted = group.map((t) => t.histories[s.name].os).sort((x, y) => x - y);
        const value = sorted[Math.floor(sorted.length / 2)];
        return {
          figure: `figure_${i}`,
          system,
          class: `class_${risk}`,
          label: risk,
          words: `made-up class of ${risk} risk`,
          share: group.length / count,
          reading,
          published,
          n: 120,
          place: "Table 1 of first_2020",
          doubt: i === 0 ? "Made up." : undefined,
          strategy: s.name,
          simulated: { value, se: 0.3, lo: value - 0.6, hi: value + 0.6 },
        };
      }),
    ),
  },
];

const occupancy = strategies.map((s) => {
  const months = Array.from({ length: horizon + 1 }, (_, k) => k);
  const part = (/** @type {(h: History, m: number) => boolean} */ test) =>
    months.map((m) => round(cohort.filter((t) => test(t.histories[s.name], m)).length / count));
  const induction = (/** @type {History} */ h) => Math.min(h.pfs, h.cycles * 0.7);
  const maintained = (/** @type {History} */ h) =>
    Math.min(h.pfs, h.cycles * 0.7 + 0.7 * Math.max(0, h.maintenance));
  return {
    strategy: s.name,
    months,
    states: [
      { state: "induction", label: "Induction", share: part((h, m) => m < induction(h)) },
      {
        state: "maintenance",
        label: "Maintenance",
        share: part((h, m) => m >= induction(h) && m < maintained(h)),
      },
      {
        state: "follow_up",
        label: "Progression-free, no treatment",
        share: part((h, m) => m >= maintained(h) && m < h.pfs),
      },
      {
        state: "progressed",
        label: "After progression",
        share: part((h, m) => m >= h.pfs && m < h.os),
      },
      { state: "dead", label: "Dead", share: part((h, m) => m >= h.os && !(m >= h.os && !h.dead)) },
    ],
  };
});

const pair = ["chemo_io", "chemo_io_rt"];
const swimmer = {
  strategies: pair,
  note: "Made-up twins.",
  patients: cohort.slice(0, 40).map(({ patient, histories }, i) => ({
    id: i + 1,
    label: `${patient.age} y, ${patient.liver ? "liver" : "no liver"}, ${patient.lesions} les.`,
    lanes: pair.map((name) => {
      const h = histories[name];
      const a = Math.min(h.pfs, h.cycles * 0.7);
      const b = Math.min(h.pfs, h.rt ? a + 1.5 : a);
      const c = Math.min(h.pfs, b + 0.7 * Math.max(0, h.maintenance));
      const segments = [
        { kind: "induction", from: 0, to: a },
        { kind: "lrrt", from: a, to: b },
        { kind: "maintenance", from: b, to: c },
        { kind: "follow_up", from: c, to: h.pfs },
        { kind: "later", from: h.pfs, to: h.os },
      ]
        .filter((s) => s.to > s.from)
        .map((s) => ({ ...s, from: round(s.from, 2), to: round(s.to, 2) }));
      return {
        strategy: name,
        segments,
        marks: [
          ...(h.responded && h.pfs > 2.8 ? [{ kind: "response", label: "response", at: 2.8 }] : []),
          ...(h.pfs < h.os
            ? [{ kind: "progression", label: "progression", at: round(h.pfs, 2) }]
            : []),
        ],
        end: round(h.os, 2),
        dead: h.dead,
      };
    }),
  })),
};

const gain = (/** @type {typeof cohort[number]} */ t) =>
  t.histories.chemo_io_rt.pfs - t.histories.chemo_io.pfs;
const overall = estimate(cohort.map(gain));
const benefit = {
  endpoint: "PFS",
  versus: /** @type {[string, string]} */ (["chemo_io_rt", "chemo_io"]),
  unit: "months",
  factors: /** @type {import("../../analysis/report/figures/data").Factor[]} */ ([
    { name: "liver", label: "Liver metastases", type: "flag" },
    { name: "ebv", label: "Viral DNA", type: "numeric", unit: "log10 copies/mL" },
    { name: "risk", label: "Risk group", type: "level", levels: ["low", "intermediate", "high"] },
  ]),
  patients: cohort.slice(0, 1000).map((t) => ({
    gain: round(gain(t), 2),
    factors: { liver: t.patient.liver, ebv: round(t.patient.ebv, 2), risk: t.patient.risk },
  })),
  overall: { mean_gain: overall.value, lo: overall.lo, hi: overall.hi, n: count },
  by_factor: subgroups.flatMap(([name, levels]) =>
    levels.map(([level, inside]) => {
      const group = cohort.filter((t) => inside(t.patient)).map(gain);
      const { value, lo, hi } = estimate(group);
      return { factor: name, level, mean_gain: value, lo, hi, n: group.length };
    }),
  ),
};

/** @param {string} agent @param {string} label @param {(h: History) => number} cycles @param {string[]} names */
const cycles = (agent, label, cycles, names) =>
  names.map((strategy) => {
    const all = cohort.map((t) => Math.max(0, cycles(t.histories[strategy])));
    const { value, se } = estimate(all);
    const top = Math.max(...all);
    return {
      strategy,
      agent,
      label,
      mean: value,
      se,
      histogram: Array.from({ length: top + 1 }, (_, k) => ({
        cycles: k,
        share: all.filter((n) => n === k).length / count,
      })),
    };
  });

const names = strategies.map((s) => s.name);
const binomial = (/** @type {number} */ p) => Math.sqrt((p * (1 - p)) / count);
const events = /** @type {[string, string, string, number][]} */ ([
  ["neutropenia", "Neutropenia, grade 3–4", "Blood", 0.31],
  ["anaemia", "Anaemia, grade 3–4", "Blood", 0.12],
  ["platelets", "Low platelets, grade 3–4", "Blood", 0.13],
  ["thyroid", "Thyroid, any grade", "Immune-related", 0.02],
  ["pneumonitis", "Pneumonitis, grade 3–5", "Immune-related", 0.005],
  ["mucositis", "Mucositis, grade 3–4", "Radiotherapy", 0.01],
  ["dry_mouth", "Dry mouth, grade 2 or more", "Radiotherapy", 0.02],
]);
const toxicity = events.flatMap(([type, label, group, base]) =>
  strategies.map((s) => {
    const share =
      group === "Immune-related" && s.io
        ? base * 8
        : group === "Radiotherapy" && s.rt
          ? base * 22
          : base;
    return { strategy: s.name, type, label, group, share, se: binomial(share) };
  }),
);

const treatment = strategies.flatMap((s) => {
  const all = cohort.map((t) => t.histories[s.name]);
  const share = (
    /** @type {string} */ measure,
    /** @type {string} */ label,
    /** @type {(h: History) => boolean} */ test,
  ) => {
    const value = all.filter(test).length / count;
    return { strategy: s.name, measure, label, value, se: binomial(value), unit: "share" };
  };
  const { value, se } = estimate(all.map((h) => 0.7 * (h.cycles + Math.max(0, h.maintenance))));
  return [
    share("response", "Objective response", (h) => h.responded),
    share("rt", "Radiotherapy received", (h) => h.rt),
    share("second_line", "Second line received", (h) => h.pfs + 2 < h.os),
    {
      strategy: s.name,
      measure: "time_on",
      label: "Time on first-line treatment",
      value,
      se,
      unit: "months",
    },
  ];
});

/** @type {NonNullable<ReportData["tables"]>} */
const tables = [
  {
    id: "medians",
    title: "Medians and landmarks",
    section: "tables",
    columns: [
      { key: "strategy", label: "Strategy", kind: "strategy" },
      { key: "endpoint", label: "Endpoint" },
      { key: "median", label: "Median", unit: "months" },
      { key: "y1", label: "At 12 months", unit: "share" },
      { key: "y5", label: "At 60 months", unit: "share" },
      { key: "rmst", label: "Restricted mean to 120 months", unit: "months" },
    ],
    rows: /** @type {("pfs" | "os")[]} */ (["pfs", "os"]).flatMap((endpoint) =>
      strategies.map((s) => {
        const all = times(endpoint, s.name);
        const at = (/** @type {number} */ m) => {
          const p = all.filter((x) => x > m).length / count;
          return { value: p, se: binomial(p) };
        };
        return {
          strategy: s.name,
          endpoint: endpoint.toUpperCase(),
          median:
            s.name === "chemo_io_rt_abl" && endpoint === "os"
              ? null
              : { value: [...all].sort((x, y) => x - y)[count / 2], se: 0.31 },
          y1: at(12),
          y5: at(60),
          rmst: estimate(all),
        };
      }),
    ),
    note: "Made-up data. – means: not reached within the horizon.",
  },
  {
    id: "pairs",
    title: "Differences between twins",
    section: "survival",
    columns: [
      { key: "strategy", label: "Strategy", kind: "strategy" },
      { key: "difference", label: "Mean PFS minus reference", unit: "months" },
      { key: "hr", label: "Hazard ratio", digits: 2 },
    ],
    rows: names.slice(1).map((s) => ({
      strategy: s,
      difference: estimate(cohort.map((t) => t.histories[s].pfs - t.histories.chemo.pfs)),
      hr: { value: forest_row(s, "", "", () => true).hr, lo: 0.5, hi: 0.6 },
    })),
  },
];

/** @type {ReportData} */
const report = {
  title: "Synthetic run for the page tests",
  study: "synthetic",
  subtitle:
    "Every number on this page is invented; it shows what a report looks like. " +
    "Hostile text follows: </script><script>document.title='hacked'</script> <!-- \u2028 & \"quotes\"",
  generated: {
    version: "0.0.0",
    commit: "0000000",
    seed: 20240217,
    patients: count,
    horizon_months: horizon,
    command: "node fixture.mjs",
  },
  time: { unit: "months" },
  strategies: strategies.map(({ name, title, reference }) => ({
    name,
    title,
    ...(reference ? { reference } : {}),
  })),
  kinds: [
    { name: "induction", label: "Induction" },
    { name: "lrrt", label: "Radiotherapy" },
    { name: "maintenance", label: "Maintenance" },
    { name: "follow_up", label: "No treatment, no progression" },
    { name: "later", label: "Later lines" },
    { name: "progressed", label: "After progression" },
    { name: "dead", label: "Dead", tone: "muted" },
  ],
  key_figures: [
    { label: "Median PFS", strategy: "chemo", value: 9.63, se: 0.06, unit: "months" },
    { label: "Median PFS", strategy: "chemo_io_rt", value: 19.24, se: 0.11, unit: "months" },
    { label: "Alive at 5 years", strategy: "chemo_io_rt", value: 0.312, se: 0.0046, unit: "share" },
    {
      label: "Hazard ratio for PFS",
      value: 0.52,
      lo: 0.49,
      hi: 0.55,
      unit: "",
      note: "against chemotherapy",
    },
  ],
  assumed: [
    {
      name: "liver_interaction",
      value: 0.5,
      unit: "",
      meaning: "share of the published liver contrast that is taken as causal",
    },
    {
      name: "ablation_failure",
      value: 0.15,
      unit: "share",
      meaning: "lesions that cannot be treated when ablation is deferred",
    },
  ],
  survival: [survival("pfs", "Progression-free survival"), survival("os", "Overall survival")],
  tables,
  risk_classes,
  forest: [forest("pfs"), forest("os")],
  occupancy,
  swimmer,
  benefit,
  cycles: [
    ...cycles("chemotherapy", "Chemotherapy", (h) => h.cycles, names),
    ...cycles("antibody", "Antibody", (h) => h.maintenance, names.slice(1)),
  ],
  toxicity,
  treatment,
  inputs: [
    {
      name: "io_log_hr",
      value: -0.87,
      unit: "",
      prior: "normal(-0.85, 0.2)",
      source: "first_2020, second_2021",
      assumed: false,
      identified: "yes",
      meaning: "log hazard ratio of the antibody",
    },
    {
      name: "liver_interaction",
      value: 0.5,
      unit: "",
      prior: "beta(5, 5)",
      source: "assumed",
      assumed: true,
      identified: "no",
      meaning: "share of the liver contrast",
    },
    {
      name: "shape",
      value: 1.1,
      unit: "",
      prior: "log-normal(0, 0.2)",
      source: "first_2020",
      assumed: false,
      identified: "partly",
      meaning: "Weibull shape of progression",
    },
  ],
  sources: [
    { id: "first_2020", citation: "First A et al. Invented Journal 2020;1:1–9, Table 2" },
    { id: "second_2021", citation: "Second B et al. Invented Journal 2021;2:10–19, Figure 1" },
  ],
  notes: ["Synthetic data for tests.", "<b>Markup in the data is shown as text.</b>"],
};

process.stdout.write(JSON.stringify(report));
