#include <npcsim/cli/commands/reference_text.hpp>

namespace npcsim {

std::string_view example_study() {
  return R"(study: example
title: Chemotherapy with and without radiotherapy in responders
model:
  model: example
  title: Progression at two sites, death, one drug and one course of radiotherapy
  parameters:                       # numbers with a name, a source and a prior; used below as $name
    chemo_log_hr: {value: -1.2, prior: {normal: [-1.2, 0.3]}, source: assumed}
    share_durable: {value: 0.2, prior: {beta: [2, 8]}, source: assumed}
  states: {first_line: Progression-free, progressed: Progressed, dead: Dead}
  start: first_line
  first_dose: 14 d                  # from diagnosis to the first treatment
  attributes:                       # what patients are like; in this order, later ones may use earlier ones
    male: {bernoulli: 0.8, source: assumed}
    age: {truncated_normal: {mean: 50, sd: 11, min: 18, max: 80}, unit: years, source: assumed}
    liver: {bernoulli: 40 %, label: liver metastases, source: assumed}
    old: {condition: {age: {min: 65}}, label: aged 65 or more}
    stage: {categorical: {M1a: 0.5, M1b: 0.3, M1c: 0.2}, source: assumed}
    m1c: {condition: {stage: M1c}}
  frailties:
    aggressiveness: {gamma: {variance: 0.3}, source: assumed}
  processes:                        # competing events; the first one to happen moves the patient
    distant_progression:
      from: first_line
      to: progressed
      hazard: {weibull: {shape: 1.2, scale: 8 months}, source: assumed}
      log_hr: [{of: liver, coef: 0.35}, {of: age, centre: 50, coef: 0.01}]
      frailty: {aggressiveness: 1}
    locoregional_progression:
      from: first_line
      to: progressed
      hazard: {exponential: 0.05 per month, source: assumed}
      frailty: aggressiveness
    death_after_progression:
      from: progressed
      to: dead
      clock: reset                  # time since progression
      hazard: {log_logistic: {shape: 1.7, scale: 12 months}, source: assumed}
    other_death:                      # no `from`: runs in every state that is not final
      to: dead
      clock: age
      hazard: {gompertz: {shape: 0.09 per year, rate: 0.00004 per year}, source: assumed}
  agents:
    chemo:
      class: chemotherapy
      cycle: {every: 21 d, cap: 6}
      stop: {toxicity: {per_cycle: 0.02}, refusal: {per_cycle: 0.03}}
      effects:
        - process: [distant_progression, locoregional_progression]
          log_hr: $chemo_log_hr
          kernel: {half_life: 2 months, step: 21 d, steps: 12, durable: $share_durable}
          carry_over: {to: death_after_progression, share: 0.5}
          source: assumed
    radiotherapy:
      course: {dose: 70 Gy, fractions: 33, over: 49 d, alpha_beta: 10 Gy}
      effects:
        - process: locoregional_progression
          hr: 0.2
          course_share: {half_way: 0.5, end: 1}
          source: assumed
  markers:
    response:
      levels: [CR, PR, SD, PD]
      ordered_probit: {cuts: [1.5, -0.7, -1.4], loads: {aggressiveness: -0.5}, patient_effect: 0.8}
      source: assumed
  toxicities:
    neutropenia: {of: chemotherapy, per_cycle: 15 %, duration: 7 d, source: assumed}
    toxic_death: {of: chemo, per_cycle: 0.4 %, to: dead, source: assumed}
  observation:
    processes: [distant_progression, locoregional_progression]
    every: 42 d
    at_once: 0.2
  endpoints:
    PFS: {documented: progression, states: [dead], title: Progression-free survival}
    OS: {states: [dead], title: Overall survival}
    freedom_from_distant: {processes: [distant_progression]}
population: {population: fit, eligible: {age: {max: 70}}}
strategies:
  - strategy: chemo
    title: Chemotherapy
    steps: [{give: chemo, cycles: 6}]
  - strategy: chemo_radiotherapy
    title: Chemotherapy, then radiotherapy in responders
    steps:
      - {give: chemo, cycles: 6, name: induction}
      - {assess: response, after: induction}
      - {give: radiotherapy, when: {response: [CR, PR]}}
    on_progression:
      - {when: {months_since_chemo: {min: 6}}, give: chemo}
reference: chemo
patients: 20000
seed: 1
horizon: 120 months
landmarks: [12, 24, 60]
report: {endpoints: [PFS, OS], subgroups: [liver, stage]}
)";
}

const std::vector<Topic>& topics() {
  static const std::vector<Topic> list{
      {"", "", "How documents are written", R"(
A document is a YAML map of keys. A **model** says the disease and what agents do to it, a **population** who is
simulated, a **strategy** what is given when, and a **study** what is compared. A study names the other three, by
name (`dmnpc` is `configs/models/dmnpc.yaml`, `configs/populations/`, `strategies/`), by path, or holds them
inline as in the example above. One key says which kind it is, wherever it stands: `model:`, `population:`, `strategy:`, `study:`.
Studies with `kind: emulation` or `kind: scenarios`, calibrations (`calibration:`) and evidence (`evidence:`) have their own sections below.

* **Order.** Keys may stand in any order, but attributes are filled from top to bottom: one may use only those above it.
* **Names** of states, processes, agents and so on are yours: letters, digits and `_`, no digit first, not `on`,
  `off`, `yes`, `no`, `true`, `false`, `null`. Levels of markers may begin with a digit and hold `+` and `-`.
* **Quantities carry their unit** where they have one. Time: `d` (`day`, `days`), `weeks` (`week`, `wk`), `months` (`month`,
  `mo`), `years` (`year`, `yr`, `y`); a month is 30.4375 d, a year 365.25 d. Rates: `0.05 per month`, `0.05/month`,
  `0.6 per year`, or `5 % within 12 months` (the constant rate with that probability). Dose `70 Gy`, length `5 cm`,
  `50 mm`. Where a unit is due a bare number is refused. `25 %` is 0.25.
* **Probabilities** are from 0 to 1 or in `%`. **Ratios** are treated / untreated; `log_hr` is a natural logarithm.
* **Parameters.** Wherever the type says number, duration, rate or dose, `$name` or a product such as `-0.5 * $a * $b`
  may stand instead; the unit then stands where the parameter is declared.
* **Sources.** `source:` takes citation keys or the word `assumed`, and covers the numbers beneath it. Optional; a
  parameter without one gives a warning.
* **Lists of one** may be written without brackets: `from: alive`, `class: chemotherapy`, `source: assumed`.
* **Refused** are unknown and duplicate keys, missing required keys, bare numbers in quotation marks, `.nan`, `.inf`, numbers
  that begin with 0 such as `012`, and `<<` merges. Anchors (`&x`, `*x`) work within a file.
* Every mistake of a document is reported in one go, with line, column and a hint: `npcsim check FILE`.
)"},
      {"model", "", "Model documents: how a life is simulated", R"(
A patient gets attributes and frailties, then lives through competing **processes**. A process p that runs has the hazard

    h_p(t) = baseline(clock time) x exp(sum of log_hr terms) x exp(in_state) x product of frailty^power
             x product over effects of exp(log_hr x share(t))

and happens when its cumulative hazard since it became active reaches a standard exponential number drawn for this patient and process.
The first process to happen moves the patient from one state to the next; entering a **final** state ends the life. A
process runs while the patient is in one of its `from` states. When it stops running without having happened, what is left of its
exponential number is kept for the next time it runs (by lack of memory this changes nothing); after it has happened, a new number is drawn.

Strategies act at diagnosis + `first_dose`; a progression that is documented before leads straight to the second line. Patients are followed to the study's horizon, a final state, or drop-out.
Each patient lives once under every strategy with the same draws (twins), so differences between strategies are not noise between patients.

At the same instant this is the order: processes that lead to a final state, other processes (by `rank`, then order of declaration),
fatal toxicity, documented progression, false alarms, ends of courses, decisions, doses. Changes of effects are in force before any of them.
)"},
      {"model", "states", "States", R"(
`states: [alive, dead]`, or `states: {alive: Alive, dead: Dead}` with titles for people. 60 at most, and every one must be reachable.
`start` is the state at diagnosis (default: the first). **Final** states end the life; they are those that no process names under
`from`. A state is ambiguous when only a process without `from` could leave it; then list the final ones: `final: [dead]`.
A death from another cause is best a process into the same state `dead`, or into a second final state that endpoints name too:
once a final state is entered, every endpoint that does not count it is censored there.
)"},
      {"model", "parameters", "Parameters", R"(
Named numbers that calibration and sensitivity analysis may move. `pd1_log_hr: {value: -0.87, prior: {normal: [-0.85, 0.2]}, source: [mai_2021]}`;
used as `$pd1_log_hr`. A value has its unit: `{value: 7.8 months}`. A study or `--set parameters.pd1_log_hr=-0.5` changes it.
)"},
      {"model", "attributes", "Attributes", R"(
Each attribute has exactly one kind, below, and may have `when` (not a condition), `otherwise`, `plus`, `unit`, `label`, `source`:

    poor_status: {bernoulli: 0.5, source: assumed}                    # a flag; {bernoulli: {probability: 0.5}} is the same
    age: {truncated_normal: {mean: 50, sd: 11, min: 18, max: 80}, unit: years}
    weight: {normal: {mean: {intercept: 57, terms: {male: 10}}, sd: 8}, unit: kg}
    ldh_high: {bernoulli: {logit: {intercept: -0.8, terms: {liver: 0.7}}}}
    stage: {categorical: {M1a: 0.5, M1b: 0.5}}
    age50: {condition: {age: {min: 50}}}                              # a derived flag
    lesions: {poisson: 2.6, plus: 1, when: {liver: true}, otherwise: 0}

Kinds with plain numbers also take them as a list in the order given: `normal: [57, 8]`, `uniform: [0, 1]`, `beta: [2, 5]`.
**Flags** (`bernoulli`, `condition`, members of a `pattern`) have the levels `no` and `yes`; conditions say `true` or `false`, and in
linear terms they count 0 and 1. A **categorical** attribute has your level names; its levels are tested in conditions
(`{stage: [M1b, M1c]}`), and to use one in a linear term derive a flag. Linear predictors are
`{intercept: 1.58, terms: {male: 0.17}}` or with `terms: [{of: age, centre: 50, coef: 0.02}]`. The attribute named by the model's `age` key
(default `age`) holds the age at diagnosis in years for the age clock; that named by `sex` (default `male`) is true for men;
that named by `diagnosed_on` (default `diagnosed_on`) holds the calendar time of diagnosis, a decimal year, for life tables by year. A study may give it to
everybody: `diagnosed_on: 2019.5` there is an attribute of that name, the first of all, or replaces the model's rule for it.
)"},
      {"model", "copulas", "Copulas", R"(
Attributes that are drawn together: latent standard normals with this correlation matrix replace their own draws, and each keeps its own
distribution (Gaussian copula). The matrix must be symmetric with ones on its diagonal, and positive definite. It goes with attributes
that are drawn, not with derived ones.
)"},
      {"model", "frailties", "Frailties", R"(
Unmeasured factors with one value for each patient, that multiply hazards. `aggressiveness: {gamma: {variance: 0.3}}`, short
`{gamma: 0.3}`; a process names it under `frailty: {aggressiveness: 1}` with its power. Markers may load on its standard normal score.
)"},
      {"model", "processes", "Processes and hazards", R"(
    death:
      from: alive
      to: dead
      clock: forward
      hazard: {weibull: {shape: 1.1, scale: 15 months}, source: assumed}
      log_hr: {poor_status: 0.3}          # or [{of: age, centre: 50, coef: 0.02}]

**Hazards.** One family with its parameters; `exponential: 0.05 per month`, `exponential: {rate: 0.05 per month}` and simply
`hazard: 0.05 per month` are the same. Parametrisation and names are those of R's flexsurv; long names such as `log_normal`,
`log_logistic`, `generalised_gamma` are understood. With `cure: {kind: mixture, share: 0.3}` beside the family a share never has the
event. `covariates: {scale: {poor_status: -0.2}}` puts terms on one parameter of the family, on the scale on which it is fitted (accelerated failure
time, ancillary covariates). A life table is a CSV file with the columns `age_from` and `rate` (deaths per person-year) or `probability`, and
optionally `sex` (male, female, both), `age_to`, `year`. With years the hazard is that of attained age and calendar year; each year holds until the next one given.

**Clocks** say what the hazard is a function of. `forward`: time since diagnosis, also for a process that begins to run later (no memory of the
entry). `reset`: time since the patient entered the `from` states; moving from one of them to another does not restart it, unless the process itself
has made the move. `age`: attained
age, in the time unit of the hazard's parameters. `since(x)`: time since x, which is `first_dose`, a process (first time it happened), an agent
(its first dose) or an agent with `_end` (`since(lrrt_end)`: the end of its last course); the process does not run before x.

**To.** One state, or a map by the state that is left: `to: {first_line: relapse, relapse: second_relapse}`. A process may lead back to a state it
leaves from; it then can happen again. Without `from` a process runs in every state that is not final.
)"},
      {"model", "agents", "Agents and regimens", R"(
An agent is anything that is given. It has one of: `cycle` (doses at intervals), `course` (radiotherapy), `procedure: true` (over at once), or none of
these: then it is given for good, or for the time that the step says (`for`).

**Doses.** The first at the start of the step, then every `every`, until the number of cycles of the step, the `cap` (counts all doses of this agent since its
first), the step's `until`, a stop, or documented progression, which stops everything but agents given for good. The course of an agent ends one `every` after its last dose.

**Stops.** `stop: {toxicity: {per_cycle: 0.015}}`: at each cycle this is the probability that it is the last one (the dose is given). `hazard: 0.02 per month`
runs while on the agent; the cycle in which it strikes is the last. Causes are reported by name.

**Holds.** Before each dose but the first: with probability `per_cycle` it waits `delay`, and is asked again, at most `most` times.
)"},
      {"model", "agents.<name>.effects[]", "Effects: how an agent changes hazards", R"(
An effect multiplies the hazard of its processes by exp(log_hr x share(t)). `hr: 0.55` is the same as `log_hr: -0.598`. It is a **conditional** hazard
ratio: given attributes and frailty. Several effects multiply. Share(t) is

    onset and ramp x waning x (1 - masked share) x (1 - overlap share) x carry-over share

**Without a kernel** an effect is in full force from the first dose until one `every` after the last one, then over; of an agent without cycles while it
is given; of a procedure for good.

**Kernel.** All times are measured from doses of this agent.
* `onset`: nothing before the agent's first dose ever + onset. `ramp`: from there the share climbs in steps of `ramp_step` (default 21 d); step i = 0, 1, ... has
  the value min(1, i x ramp_step / ramp), that of the ramp at the start of the step. So `ramp: 28 d` is 0 for 21 days, 0.75 for 21 days, then 1.
  A later course has no second onset and ramp.
* **Waning** is a staircase after the last dose: full until last dose + `step`; from last dose + j x step (j = 1 .. `steps`) the share is
  durable + (1 - durable) x 2^(-j x step / half_life); from last dose + (steps + 1) x step it is `durable`, for good. `steps` is required with
  `half_life`. New doses of the agent bring it back to full.
* Without `half_life`: full until one `every` after the last dose (of an agent without cycles: until it ends), then `durable` (default 0). `durable: 1` keeps the effect for good.
* `duration`: whatever the dosing, the share falls to `durable` this long after the onset.

**masked_by** `{class: chemotherapy, share: 0.3}`: while any agent of that class (or that agent) is being dosed, 30 % of the log effect is missing.
**carry_over** `{to: death_after_progression, share: 0.7}`: the same effect, with 0.7 of its log hazard ratio, on further processes.
**when**: only patients for whom the condition holds at diagnosis. **modified_by** `{liver: 0.5}`: adds 0.5 x liver to the log hazard ratio.
**dose_exponent** `1`: where toxicities have reduced the dose (see there), the log effect is multiplied by (dose / full dose) to this power, from the smaller dose on.
**responders** `{share: 0.23, hr: 0.2}`: in a random share of patients the effect is this one instead; all effects of an agent agree on who they are.
**gate** `{response: {CR: 1, PR: 1, SD: 0.4}}`: share of the log effect by the last level of a marker when the treatment begins; a level that is not named has 0, no assessment counts as 1.

**Radiotherapy** (an agent with `course`) has no kernel, masking or overlap. `course_share: {half_way: 0.5, end: 1}`: no effect before the middle of the course, half of the log effect from the
middle, all of it from the end, for good; without it nothing until the end, then all. `dose_response`: the log effect is multiplied by 1 / (1 + exp(-(EQD2 - midpoint) / slope)), with
EQD2 = D (d + alpha_beta) / (2 Gy + alpha_beta) for a total dose D in fractions of d; an interrupted course counts the fractions delivered.
)"},
      {"model", "overlaps", "Overlaps", R"(
While all agents of an entry are being dosed, the log effects of each of them are multiplied by 1 - share. A class stands for any of its agents.
)"},
      {"model", "lesion_control", "Lesions and ablation", R"(
A share `in_situ_share` of one process grows from known lesions. An agent with `controls` treats `lesions` of them (an attribute; `lesions` of `lesion_control` is the number of all). The hazard
of a treated lesion relative to an untreated one is log(control) / log(none), so the process is multiplied by
1 - in_situ_share x sum over agents of (treated / all) x effect_share x (1 - log(control) / log(none)). `feasible` is the chance that the agent can be given at all.
)"},
      {"model", "markers", "Markers", R"(
What an `assess` step measures. A marker mirrors the disease and has no effect of its own.

**ordered_probit**: latent value = patient_effect x z + loads + shifts, with z one standard normal for each patient and marker; it is the first level if above the first cut, the second if above the second, and so on. Frailties load
with their standard normal score, attributes with their value; `shifts` are added once an agent has been given. The last level is progression: where the
model has `observation`, it is graded only when progression is found, and a latent value below the last cut is the level before.

**kinetics**: log10 value = baseline - max(0, fall + fall_sd x z) x cycles received of `falls_with`; detectable if that is at or above the logarithm of `detection_limit`. With `rebound` it is detectable again once one of the processes has happened or has
spent a share of its exponential number that is beta distributed. Conditions use `NAME_detectable: true`.
)"},
      {"model", "toxicities", "Toxicities", R"(
Counted harms with exactly one of `per_cycle`, `per_course` (courses and procedures) or `hazard` (while on the agent, or with `after_end: true` for life from its end).
`of` names agents or classes. `action: stop` stops the agent; `to: dead` makes it fatal (only per cycle, or a hazard while on the agent). `more_with: {taxane: 0.5}`: when that
agent or class was given before or with the course, for courses and late harms also when it is given after it, the log odds per cycle or course, or the log hazard, rise by 0.5; `modified_by: {age50: 0.3}`: the same for attributes. `dose_response`
multiplies -log(1 - per_course), or the hazard after the end, by 1 / (1 + exp(-(EQD2 - midpoint) / slope)). `duration`, `disutility` and `cost` are kept with the model; nothing uses them yet.

**Doses.** A toxicity per cycle can change the doses of its agent after each cycle with it: `delay: 7 d` moves the next dose, and all that follow; `reduce: {by: 25 %, most: 2}`
makes all later doses of the agent smaller, also in later courses, until it has been reduced `most` times. A reduced dose works as well as a full one, unless an
effect has a `dose_exponent`.
)"},
      {"model", "observation", "Observation: when progression becomes known", R"(
Processes happen at latent times. Those listed here are **documented** later: at once with probability `at_once` (symptoms), else at the next assessment of the grid (grid start + k x `every`,
k = 1, 2, ...), where each assessment finds it with probability `sensitivity`. An `assess` step finds a progression that is there. `every: 0 d` (the default): at once. `false_alarm` is the
probability per scheduled assessment that progression is documented although there is none. Documented progression stops treatment and opens the next line. `drop_out` is a constant
rate of leaving follow-up (censoring) from diagnosis. Without `observation` nothing is documented: treatment goes on through progression, and endpoints use `processes`.
)"},
      {"model", "endpoints", "Endpoints", R"(
Time from `since` to the first of: one of the `processes` (at its latent time), `documented: progression`, entry into one of the `states`. Give at least one; the first wins, and the others are competing causes of the same
endpoint. `PFS: {documented: progression, states: [dead]}`, latent: `PFS: {processes: [progression], states: [dead]}`; `OS: {states: [dead]}`. Patients without an event are
censored when follow-up ends. With `since: lrrt` (an agent's first dose), `since: lrrt_end`, `since: first_dose` or a process, time counts from there, patients who never get there, or to whom it happened before, are left out.
)"},
      {"strategy", "", "Strategy documents", R"(
`steps` are followed in order from the first dose. A step's **turn** comes when the step before it is over (or the one named by `after`; `after: start` begins at once; `at: 6 months` is a time since diagnosis). When its turn comes `when`
and `probability` are looked at once; a step that is left out is over at once. A `give` step is over when all its agents have ended (at once for procedures; agents given for good are not waited for); an `assess` when it has been done; a `stop` is over at once, even before its `delay` has passed.
A step without `when`, `after` or `cycles` is as plain as `- give: drug`.

Documented progression ends the first line: what runs is stopped, what waits is dropped, and the first rule of `on_progression` whose `when` holds is followed (none: no further treatment). After the next documented progression,
`on_second_progression`. Rules take the keys of steps, but not after and at. At most 8 agents in a step and 16 steps.
)"},
      {"", "", "Conditions", R"(
`when`, `given_when`, `eligible` and `condition` are maps of tests that must all hold:

    {liver: true, age: {min: 50, below: 70}, stage: [M1a, M1b], response: CR}
    {any: [{liver: true}, {lesions: {min: 3}}]}        # one of them
    {not: {response: [CR, PR]}}                        # none of them

A flag is `true` or `false`; a level or a list of levels; a number is `{min:, above:, max:, below:, equals:}` or the number itself. Limits may be `$parameters`. Times are in months unless they carry a unit.
Conditions on what is known at diagnosis (`eligible`, `condition`, `given_when`, `when` of attributes and effects) take attributes only. Strategies also take the following.
)"},
      {"study", "", "Study documents", R"(
What is compared, on whom. Run it with `npcsim run STUDY.yaml`; `--patients N`, `--seed S`, `--strategies a,b`, `--set path.to.key=value` change it for one run, as if it stood in the document (`--set parameters.pd1_log_hr=-0.5`, `--set 'strategies=[gp, gp_pd1]'`). Results go to `outputs/runs/NAME`.
The same seed gives the same bytes on any number of threads.
)"},
      {"population", "", "Population documents", R"(
Who is simulated. A population sets parameters and attributes of the model, and may restrict it: patients who are not `eligible` are drawn again. It may stand in the study as a map, `population: {preset: review, eligible: {ecog1: true}}`.
)"},
      {"emulation", "", "Emulation documents", R"(
A published study as it was done: `kind: emulation`. All arms are the same virtual patients under the strategy of each arm; who is in which arm is randomised or chosen. Its figures come from the evidence documents. `npcsim run` simulates one, `npcsim validate` all of them.
)"},
      {"calibration", "", "Calibration documents", R"(
Which parameters are fitted to which published studies: `npcsim calibrate CALIBRATION.yaml`.
)"},
      {"evidence", "", "Evidence documents", R"(
Published facts: studies, populations, figures, findings, tables of counts, risk systems, running trials, decision algorithms, and what calibration leaves out.
)"},
      {"scenario study", "", "Scenario studies", R"(
The comparison under `base` and, beside it, each scenario: the same virtual patients with the same random numbers, one assumption changed. `parameters` takes new values by name, `set` new parts by path:
`model.processes.NAME.hazard`, `model.attributes.NAME`, `strategies.NAME.steps.4.when` (items of a list are counted from 1). A path must exist in the base with its defaults (`study.yaml` of a run shows them); what stands there is replaced as
a whole. `npcsim run` writes `scenarios.csv`, the columns of `summary.csv` with `scenario` in front; `--seed` and `--strategies` are about the base, `--set` about this document, e.g. `base.horizon=60 months`.
)"},
  };
  return list;
}

}  // namespace npcsim
