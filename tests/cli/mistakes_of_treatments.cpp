#include "mistakes.hpp"

namespace npcsim::testing {

std::vector<Wrong> mistakes_of_treatments() {
  return {
      Wrong{"StepsWithoutAHalfLife", R"(hr: 0.6})",
            R"(hr: 0.6, kernel: {step: 42 d, steps: 5, durable: 0.2, ramp_step: 7 d}})", 65,
            R"(study.yaml:29:77: error: 'steps' without 'half_life': the effect does not wane
   29 |       effects: [{process: progression, hr: 0.6, kernel: {step: 42 d, steps: 5, durable: 0.2, ramp_step: 7 d}}]
      |                                                                             ^
   in agents > drug > effects > 1 > kernel
   hint: the time in which it halves, e.g. half_life: 7.8 months; without step and steps it ends with the dosing but for its durable share
study.yaml:29:105: error: 'ramp_step' without 'ramp': the effect does not rise in steps
   29 |       effects: [{process: progression, hr: 0.6, kernel: {step: 42 d, steps: 5, durable: 0.2, ramp_step: 7 d}}]
      |                                                                                                         ^~~
   in agents > drug > effects > 1 > kernel
   hint: the time from the onset until the full effect, e.g. ramp: 28 d
2 errors, nothing was run
)"},
      Wrong{"StepWithoutAHalfLife", R"(hr: 0.6})", R"(hr: 0.6, kernel: {step: 42 d}})", 65,
            R"(study.yaml:29:64: error: 'step' without 'half_life': the effect does not wane
   29 |       effects: [{process: progression, hr: 0.6, kernel: {step: 42 d}}]
      |                                                                ^~~~
   in agents > drug > effects > 1 > kernel
   hint: the time in which it halves, e.g. half_life: 7.8 months; without step and steps it ends with the dosing but for its durable share
1 error, nothing was run
)"},
      Wrong{"StrategiesThatAreNoList", R"(strategies:
  - strategy: nothing
  - strategy: drug
    steps:
      - {give: drug, cycles: 4, name: induction}
      - {assess: response, after: induction}
      - {give: radiotherapy, when: {response: [CR, PR]}}
    on_progression:
      - {give: drug}
reference: nothing
)",
            R"(strategies: nothing
)",
            65, R"(study.yaml:41:13: error: 'strategies' must be a list, found 'nothing'
   41 | strategies: nothing
      |             ^~~~~~~
   hint: strategies: [nothing]
1 error, nothing was run
)"},
      Wrong{"ForWithAnAgentThatHasCycles", R"(cycles: 4)", R"(for: 3 months)", 65,
            R"(study.yaml:45:9: error: 'for' needs an agent without cycle, course or procedure
   45 |       - {give: drug, for: 3 months, name: induction}
      |         ^
   in steps > 1
   hint: use 'cycles' or 'until' instead
1 error, nothing was run
)"},
      Wrong{"PlanAndHoldWithoutCycles", R"(      course: {dose: 70 Gy)",
            R"(      plan: {4: 0.5, 6: 0.5}
      hold: {per_cycle: 0.1}
      course: {dose: 70 Gy)",
            65,
            R"(study.yaml:31:14: error: 'plan' is by number of cycles, but 'radiotherapy' has none
   31 |       plan: {4: 0.5, 6: 0.5}
      |              ^
   hint: give it a cycle, e.g. cycle: {every: 21 d, cap: 6}
study.yaml:32:25: error: 'hold' delays doses, but 'radiotherapy' has no cycles
   32 |       hold: {per_cycle: 0.1}
      |                         ^~~
   hint: give it a cycle, e.g. cycle: {every: 21 d, cap: 6}
2 errors, nothing was run
)"},
      Wrong{"ValueThatItsPriorCannotGive", R"({value: -0.5, prior: {normal: [-0.5, 0.2]})",
            R"({value: -0.5, prior: {log_normal: [0.5, 0.2]})", 65,
            R"(study.yaml:5:26: error: its prior gives values above 0, found -0.5
    5 |     log_hr_drug: {value: -0.5, prior: {log_normal: [0.5, 0.2]}, source: assumed}
      |                          ^~~~
   in parameters > log_hr_drug
   hint: change the value, or the prior
1 error, nothing was run
)"},
      Wrong{"PlannedCyclesWithoutAPlan", R"(cycles: 4)", R"(cycles: planned)", 65,
            R"(study.yaml:45:9: error: 'cycles: planned' needs an agent with a 'plan'
   45 |       - {give: drug, cycles: planned, name: induction}
      |         ^
   in steps > 1
   hint: give the number of cycles, or the agent a plan
1 error, nothing was run
)"},
      Wrong{"TimeAndTurnInOneStep", R"({assess: response, after: induction})",
            R"({assess: response, after: induction, at: 56 d})", 65,
            R"(study.yaml:46:9: error: a step has its time ('at') or its turn ('after'), not both
   46 |       - {assess: response, after: induction, at: 56 d}
      |         ^
   in steps > 2
   hint: write 'after' and 'delay' for a time after another step
1 error, nothing was run
)"},
      Wrong{"ProcessThatBeginsWithItself", R"(hazard: {exponential: 0.05 per month})",
            R"(clock: since(death)
      hazard: {exponential: 0.05 per month})",
            65,
            R"(study.yaml:23:14: error: process 'death' would begin when it happens
   23 |       clock: since(death)
      |              ^~~~~~~~~~~~
   hint: name another process, an agent, first_dose or diagnosis
1 error, nothing was run
)"},
      Wrong{"FrailtyBeyondTheTables", R"(  processes:
)",
            R"(  frailties: {w: {gamma: 50.1}}
  processes:
)",
            65,
            R"(study.yaml:14:26: error: 'variance' must be from 0 to 50, found 50.1
   14 |   frailties: {w: {gamma: 50.1}}
      |                          ^~~~
   in frailties > w
   hint: variance; the mean is 1
1 error, nothing was run
)"},
      Wrong{"GammaBeyondTheTables", R"({normal: {mean: 50, sd: 10}, unit: years})",
            R"({gamma: {mean: 50, shape: 0.01}, unit: years})", 65,
            R"(study.yaml:9:18: error: 'shape' must be at least 0.02, found 0.01
    9 |     age: {gamma: {mean: 50, shape: 0.01}, unit: years}
      |                  ^
   in attributes > age
1 error, nothing was run
)"},
      Wrong{
          "StrategyWithoutAName", R"(strategy: nothing)", R"(strategy: "")", 65,
          R"(study.yaml:42:15: error: 'strategy' must be a letter and then letters, digits, '_', '-' or '.', at most 100, found ''
   42 |   - strategy: ""
      |               ^~
1 error, nothing was run
)"},
      Wrong{"MarginalHazardRatio", R"(hr: 0.6)", R"(hr: 0.6, kind: marginal)", 65,
            R"(study.yaml:29:55: error: a marginal hazard ratio is not an effect
   29 |       effects: [{process: progression, hr: 0.6, kind: marginal}]
      |                                                       ^~~~~~~~
   in agents > drug > effects > 1
   hint: the engine multiplies hazards given covariates and frailty; reproduce the study that reported it instead
1 error, nothing was run
)"},
      Wrong{"EffectOnNoProcess", R"({process: progression, hr: 0.6})",
            R"({process: progresion, hr: 0.6})", 65,
            R"(study.yaml:29:27: error: unknown process 'progresion'
   29 |       effects: [{process: progresion, hr: 0.6}]
      |                           ^~~~~~~~~~
   hint: did you mean 'progression'?
1 error, nothing was run
)"},
      Wrong{"WaningWithoutSteps", R"(hr: 0.6)", R"(hr: 0.6, kernel: {half_life: 2 months})", 65,
            R"(study.yaml:29:57: error: a waning kernel needs 'steps'
   29 |       effects: [{process: progression, hr: 0.6, kernel: {half_life: 2 months}}]
      |                                                         ^
   in agents > drug > effects > 1 > kernel
   hint: the number of steps, e.g. steps: 24
1 error, nothing was run
)"},
      Wrong{"CourseWithAKernel", R"(log_hr: $log_hr_drug)",
            R"(log_hr: $log_hr_drug, kernel: {durable: 1})", 65,
            R"(study.yaml:32:17: error: the effect of a course has no kernel and is not masked
   32 |       effects: [{process: progression, log_hr: $log_hr_drug, kernel: {durable: 1}}]
      |                 ^
   hint: use course_share: {half_way: ..., end: ...}
1 error, nothing was run
)"},
      Wrong{"StopWithoutPerWhat", R"({per_cycle: 0.02})", R"(0.02)", 65,
            R"(study.yaml:28:24: error: a cause needs {per_cycle: p} or {hazard: rate}
   28 |       stop: {toxicity: 0.02}
      |                        ^~~~
   in agents > drug
   hint: a bare number does not say per what; e.g. toxicity: {per_cycle: 0.015}
1 error, nothing was run
)"},
      Wrong{"UnknownParameter", R"($log_hr_drug)", R"($log_hr_drugs)", 65,
            R"(study.yaml:32:48: error: unknown parameter '$log_hr_drugs'
   32 |       effects: [{process: progression, log_hr: $log_hr_drugs}]
      |                                                ^~~~~~~~~~~~~
   in agents > radiotherapy > effects > 1
   hint: did you mean '$log_hr_drug'?
1 error, nothing was run
)"},
      Wrong{
          "ParameterWithTheWrongUnit", R"(value: -0.5,)", R"(value: 5 months,)", 65,
          R"(study.yaml:32:48: error: '$log_hr_drug' has the wrong unit for 'log_hr': expected a number without unit
   32 |       effects: [{process: progression, log_hr: $log_hr_drug}]
      |                                                ^~~~~~~~~~~~
   in agents > radiotherapy > effects > 1
   hint: the unit stands where the parameter is declared
1 error, nothing was run
)"},
      Wrong{"CutsThatRise", R"([1.5, -0.7, -1.4])", R"([-1.5, -0.7, -1.4])", 65,
            R"(study.yaml:36:37: error: the cuts must decrease, from the best level to the worst
   36 |       ordered_probit: {cuts: [-1.5, -0.7, -1.4], patient_effect: 0.8}
      |                                     ^~~~
1 error, nothing was run
)"},
      Wrong{
          "TooFewCuts", R"([1.5, -0.7, -1.4])", R"([1.5, -0.7])", 65,
          R"(study.yaml:34:5: error: marker 'response' needs one cut fewer than levels, found 4 levels and 2 cuts
   34 |     response:
      |     ^~~~~~~~
1 error, nothing was run
)"},
      Wrong{"EndpointWithoutEvents", R"(OS: {states: [dead]})", R"(OS: {})", 65,
            R"(study.yaml:40:5: error: endpoint 'OS' has no events
   40 |     OS: {}
      |     ^~
   hint: give processes, states or documented
1 error, nothing was run
)"},
      Wrong{
          "EndpointOfTheStart", R"(OS: {states: [dead]})", R"(OS: {states: [alive, dead]})", 65,
          R"(study.yaml:40:19: error: patients start in 'alive' and nothing leads there, so nobody ever enters it
   40 |     OS: {states: [alive, dead]}
      |                   ^~~~~
   hint: name states that processes or toxicities lead to
1 error, nothing was run
)"},
      Wrong{
          "AGridTooFine", R"(observation: {processes: [progression], every: 42 d})",
          R"(observation: {processes: [progression], every: 1e-20 d})", 65,
          R"(study.yaml:37:50: error: assessments are at least 1/32 d apart, the step of recorded times
   37 |   observation: {processes: [progression], every: 1e-20 d}
      |                                                  ^~~~~~~
   in observation
   hint: 0 d: progression is seen at once
1 error, nothing was run
)"},
      Wrong{"ObservedDeath", R"(observation: {processes: [progression])",
            R"(observation: {processes: [death])", 65,
            R"(study.yaml:37:29: error: 'death' is a death and cannot be documented as progression
   37 |   observation: {processes: [death], every: 42 d}
      |                             ^~~~~
1 error, nothing was run
)"},
      Wrong{"StrategyTwice", R"(strategy: nothing)", R"(strategy: drug)", 65,
            R"(study.yaml:43:15: error: strategy 'drug' is in the study twice
   43 |   - strategy: drug
      |               ^~~~
1 error, nothing was run
)"},
      Wrong{
          "StrategyOfAnotherModel", R"(- strategy: nothing)", R"(- strategy: nothing
    model: dmnpc)",
          78,
          R"(study.yaml:43:12: error: strategy 'nothing' is written for model 'dmnpc', the study uses 'm'
   43 |     model: dmnpc
      |            ^~~~~
1 error, nothing was run
)"},
      Wrong{"UnknownAgent", R"(give: drug, cycles)", R"(give: drugg, cycles)", 65,
            R"(study.yaml:45:16: error: model 'm' has no agent or regimen 'drugg'
   45 |       - {give: drugg, cycles: 4, name: induction}
      |                ^~~~~
   in steps > 1
   hint: did you mean 'drug'?
1 error, nothing was run
)"},
      Wrong{"UnknownMarker", R"(assess: response)", R"(assess: respons)", 65,
            R"(study.yaml:46:18: error: model 'm' has no marker 'respons'
   46 |       - {assess: respons, after: induction}
      |                  ^~~~~~~
   in steps > 2
   hint: did you mean 'response'?
1 error, nothing was run
)"},
      Wrong{"UnknownStep", R"(after: induction)", R"(after: indction)", 65,
            R"(study.yaml:46:35: error: no earlier step is called 'indction'
   46 |       - {assess: response, after: indction}
      |                                   ^~~~~~~~
   in steps > 2
   hint: did you mean 'induction'?
1 error, nothing was run
)"},
      Wrong{"StepThatDoesTwoThings", R"({assess: response, after: induction})",
            R"({assess: response, stop: drug})", 65,
            R"(study.yaml:46:9: error: a step does exactly one of give, assess, stop
   46 |       - {assess: response, stop: drug}
      |         ^
   in steps > 2
1 error, nothing was run
)"},
      Wrong{"CyclesOfACourse", R"({give: radiotherapy, when)",
            R"({give: radiotherapy, cycles: 2, when)", 65,
            R"(study.yaml:47:9: error: 'cycles' and 'until' need an agent with a cycle
   47 |       - {give: radiotherapy, cycles: 2, when: {response: [CR, PR]}}
      |         ^
   in steps > 3
   hint: use 'for' instead
1 error, nothing was run
)"},
      Wrong{"UnknownReference", R"(reference: nothing)", R"(reference: nothin)", 65,
            R"(study.yaml:50:12: error: the reference 'nothin' is not a strategy of the study
   50 | reference: nothin
      |            ^~~~~~
   hint: did you mean 'nothing'?
1 error, nothing was run
)"},
      Wrong{"UnknownReferenceBesideAnotherMistake", "reference: nothing\npatients: 500",
            "reference: nothin\npatients: many", 65,
            R"(study.yaml:50:12: error: the reference 'nothin' is not a strategy of the study
   50 | reference: nothin
      |            ^~~~~~
   hint: did you mean 'nothing'?
study.yaml:51:11: error: 'patients' must be a whole number, found 'many'
   51 | patients: many
      |           ^~~~
   hint: number of virtual patients
2 errors, nothing was run
)"},
      Wrong{"UnknownEndpoint", R"(endpoints: [OS])", R"(endpoints: [OX])", 65,
            R"(study.yaml:55:22: error: unknown endpoint 'OX'
   55 | report: {endpoints: [OX], subgroups: [male]}
      |                      ^~
   in report > endpoints
   hint: did you mean 'OS'?
1 error, nothing was run
)"},
      Wrong{"SubgroupOfANumber", R"(subgroups: [male])", R"(subgroups: [age])", 65,
            R"(study.yaml:55:39: error: 'age' is a number and has no levels
   55 | report: {endpoints: [OS], subgroups: [age]}
      |                                       ^~~
   in report > subgroups
   hint: derive a flag from it: {condition: {age: {min: ...}}}
1 error, nothing was run
)"},
      Wrong{"NoPatients", R"(patients: 500)", R"(patients: 0)", 65,
            R"(study.yaml:51:11: error: 'patients' must be from 1 to 4294967295, found 0
   51 | patients: 0
      |           ^
   hint: number of virtual patients
1 error, nothing was run
)"},
      Wrong{"PatientsThatAreNotWhole", R"(patients: 500)", R"(patients: 1e3)", 65,
            R"(study.yaml:51:11: error: 'patients' must be a whole number, found '1e3'
   51 | patients: 1e3
      |           ^~~
   hint: number of virtual patients
1 error, nothing was run
)"},
      Wrong{
          "SeedOf64Bits", R"(seed: 1)", R"(seed: 18446744073709551615)", 65,
          R"(study.yaml:52:7: error: 'seed' must be a whole number from 0 to below 2^63, found '18446744073709551615'
   52 | seed: 18446744073709551615
      |       ^~~~~~~~~~~~~~~~~~~~
   hint: master seed, from 0 to below 2^63; there is no default
1 error, nothing was run
)"},
      Wrong{"NegativeSeed", R"(seed: 1)", R"(seed: -1)", 65,
            R"(study.yaml:52:7: error: 'seed' must be at least 0, found -1
   52 | seed: -1
      |       ^~
   hint: master seed, from 0 to below 2^63; there is no default
1 error, nothing was run
)"},
      Wrong{"HorizonBelowWhatIsRecorded", R"(horizon: 60 months)", R"(horizon: 0.015 d)", 65,
            R"(study.yaml:53:10: error: 'horizon' must be from 0.03125 d to 73050 d, found 0.015 d
   53 | horizon: 0.015 d
      |          ^~~~~~~
   hint: follow-up of every patient; outcomes are recorded in 1/32 d
1 error, nothing was run
)"},
      Wrong{"NoHorizon", R"(horizon: 60 months
)",
            R"()", 65,
            R"(study.yaml:1:1: error: missing key 'horizon'
    1 | study: small
      | ^
   hint: follow-up of every patient; outcomes are recorded in 1/32 d; e.g. horizon: 120 months
1 error, nothing was run
)"},
      Wrong{"DuplicateKey", R"(seed: 1)", R"(patients: 7
seed: 1)",
            65,
            R"(study.yaml:52:1: error: duplicate key 'patients', first given on line 51
   52 | patients: 7
      | ^~~~~~~~
1 error, nothing was run
)"},
      Wrong{"DelayWithoutCycles", R"(  observation: {)",
            R"(  toxicities: {harm: {of: drug, hazard: 0.1 per month, delay: 7 d}}
  observation: {)",
            65,
            R"(study.yaml:37:63: error: only a toxicity per cycle can delay or reduce doses
   37 |   toxicities: {harm: {of: drug, hazard: 0.1 per month, delay: 7 d}}
      |                                                               ^~~
   in toxicities > harm
   hint: use per_cycle
1 error, nothing was run
)"},
      Wrong{"ReductionAfterAStop", R"(  observation: {)",
            R"(  toxicities: {harm: {of: drug, per_cycle: 0.1, action: stop, reduce: {by: 25 %}}}
  observation: {)",
            65,
            R"(study.yaml:37:57: error: no dose is left to delay or to reduce after 'action: stop'
   37 |   toxicities: {harm: {of: drug, per_cycle: 0.1, action: stop, reduce: {by: 25 %}}}
      |                                                         ^~~~
   in toxicities > harm
   hint: leave out 'action', or 'delay' and 'reduce'
1 error, nothing was run
)"},
      Wrong{"DelayAfterDeath", R"(  observation: {)",
            R"(  toxicities: {harm: {of: drug, per_cycle: 0.1, to: dead, delay: 7 d}}
  observation: {)",
            65,
            R"(study.yaml:37:53: error: no dose is left to delay or to reduce after death
   37 |   toxicities: {harm: {of: drug, per_cycle: 0.1, to: dead, delay: 7 d}}
      |                                                     ^~~~
1 error, nothing was run
)"},
      Wrong{
          "DoseExponentOfRadiotherapy", R"(log_hr: $log_hr_drug})",
          R"(log_hr: $log_hr_drug, dose_exponent: 1})", 65,
          R"(study.yaml:32:77: error: 'dose_exponent' needs an agent with cycles: only their doses are reduced
   32 |       effects: [{process: progression, log_hr: $log_hr_drug, dose_exponent: 1}]
      |                                                                             ^
1 error, nothing was run
)"},
      Wrong{"TabForIndentation", R"(    - {of: [male)", "\t- {of: [male", 65,
            R"(study.yaml:13:1: error: a tab in the indentation
   13 |  - {of: [male, age], correlation: [[1, 0.3], [0.3, 1]]}
      | ^
   hint: indent with spaces
1 error, nothing was run
)"},
      Wrong{"UnclosedBrace", R"({exponential: 0.05 per month})", R"({exponential: 0.05 per month)",
            65,
            R"(study.yaml:23:15: error: this '{' is never closed
   23 |       hazard: {exponential: 0.05 per month
      |               ^
   hint: or a ',' is missing between two entries
1 error, nothing was run
)"},
      Wrong{"MergeKey", R"(old: {condition)", R"(<<: {a: 1}
    old: {condition)",
            65,
            R"(study.yaml:10:5: error: merge keys '<<' are refused
   10 |     <<: {a: 1}
      |     ^~
   hint: write the keys out, or use an alias for the whole value
1 error, nothing was run
)"}};
}

}  // namespace npcsim::testing
