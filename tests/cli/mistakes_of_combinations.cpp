#include "mistakes.hpp"

namespace npcsim::testing {

std::vector<Wrong> mistakes_of_combinations() {
  return {
      Wrong{"NameWithADot", R"(    progression:
      from)",
            R"(    pro.gression:
      from)",
            65,
            R"(study.yaml:15:5: error: 'pro.gression' cannot be the name of a process
   15 |     pro.gression:
      |     ^~~~~~~~~~~~
   hint: letters, digits and '_', no digit first, no word for true or false, at most 100; words for people go into 'title' or 'label'
study.yaml:29:27: error: unknown process 'progression'
   29 |       effects: [{process: progression, hr: 0.6}]
      |                           ^~~~~~~~~~~
   hint: did you mean 'pro.gression'?
study.yaml:32:27: error: unknown process 'progression'
   32 |       effects: [{process: progression, log_hr: $log_hr_drug}]
      |                           ^~~~~~~~~~~
   hint: did you mean 'pro.gression'?
study.yaml:37:29: error: unknown process 'progression'
   37 |   observation: {processes: [progression], every: 42 d}
      |                             ^~~~~~~~~~~
   hint: did you mean 'pro.gression'?
4 errors, nothing was run
)"},
      Wrong{"LevelWithASlash", R"(levels: [CR, PR, SD, PD])", R"(levels: [CR, PR, SD/PD, NE])", 65,
            R"(study.yaml:35:24: error: 'SD/PD' cannot be the name of a level
   35 |       levels: [CR, PR, SD/PD, NE]
      |                        ^~~~~
   hint: letters, digits, '_', '+' and '-', at most 100
1 error, nothing was run
)"},
      Wrong{"NameThatIsATruthValue", R"(    old: {cond)", R"(    no: {bernoulli: 0.5}
    old: {cond)",
            65,
            R"(study.yaml:10:5: error: 'no' cannot be the name of an attribute
   10 |     no: {bernoulli: 0.5}
      |     ^~
   hint: letters, digits and '_', no digit first, no word for true or false, at most 100; words for people go into 'title' or 'label'
1 error, nothing was run
)"},
      Wrong{"EndpointsThatDifferInCapitalsOnly", R"(    OS: {states: [dead]})",
            R"(    OS: {states: [dead]}
    os: {states: [dead]})",
            65,
            R"(study.yaml:41:5: error: two endpoints are called 'os' but for capital letters
   41 |     os: {states: [dead]}
      |     ^~
   hint: columns of results are written in small letters
1 error, nothing was run
)"},
      Wrong{
          "AttributeCalledAsAConditionKnowsIt", R"(    old: {cond)", R"(    line: {bernoulli: 0.5}
    old: {cond)",
          65,
          R"(study.yaml:10:5: error: attribute 'line' has the name of something that conditions know already
   10 |     line: {bernoulli: 0.5}
      |     ^~~~
   hint: give it another name
1 error, nothing was run
)"},
      Wrong{"FlagAsANumber", R"({age: {min: 65}})", R"({male: 3})", 65,
            R"(study.yaml:10:23: error: 'male' is not a number: it is true or false
   10 |     old: {condition: {male: 3}}
      |                       ^~~~
   hint: write male: true, or false
1 error, nothing was run
)"},
      Wrong{"RangeOfLevels", R"({give: radiotherapy, when: {response: [CR, PR]}})",
            R"({give: radiotherapy, when: {response: {max: 1}}})", 65,
            R"(study.yaml:47:37: error: 'response' is not a number, it has levels
   47 |       - {give: radiotherapy, when: {response: {max: 1}}}
      |                                     ^~~~~~~~
   hint: one of CR, PR, SD, PD
1 error, nothing was run
)"},
      Wrong{"EmptyAny", R"({age: {min: 65}})", R"({any: []})", 65,
            R"(study.yaml:10:28: error: 'any' has no conditions
   10 |     old: {condition: {any: []}}
      |                            ^
   in attributes > old
1 error, nothing was run
)"},
      Wrong{"WhenOfACondition", R"({condition: {age: {min: 65}}})",
            R"({condition: {age: {min: 65}}, when: {male: true}})", 65,
            R"(study.yaml:10:5: error: a condition takes no 'when'
   10 |     old: {condition: {age: {min: 65}}, when: {male: true}}
      |     ^~~
   hint: put it into the condition: {condition: {..., liver: true}}
1 error, nothing was run
)"},
      Wrong{"CopulaOfACondition", R"({of: [male, age],)", R"({of: [male, old],)", 65,
            R"(study.yaml:13:19: error: 'old' is not drawn at random, but comes from others
   13 |     - {of: [male, old], correlation: [[1, 0.3], [0.3, 1]]}
      |                   ^~~
   hint: a copula is for attributes with a distribution of their own
1 error, nothing was run
)"},
      Wrong{"UnknownListOfAHazard", R"({exponential: 0.05 per month})",
            R"({piecewise: {cuts: [1 months], rates: [0.1 per month]}})", 65,
            R"(study.yaml:23:28: error: unknown key 'cuts' in 'piecewise'
   23 |       hazard: {piecewise: {cuts: [1 months], rates: [0.1 per month]}}
      |                            ^~~~
   in processes > death > hazard
   hint: one of times, rates
1 error, nothing was run
)"},
      Wrong{
          "ProbabilityAboveOneWithinATime", R"({exponential: 0.05 per month})",
          R"({exponential: 120 % within 12 months})", 65,
          R"(study.yaml:23:29: error: wrong unit '% within 12 months' for 'exponential': expected a rate such as 0.05 per month, or 5 % within 12 months
   23 |       hazard: {exponential: 120 % within 12 months}
      |                             ^~~~~~~~~~~~~~~~~~~~~~
   in processes > death > hazard
   hint: 'within' needs a probability from 0 to below 100 % and a time above 0
1 error, nothing was run
)"},
      Wrong{"StateOutsideFrom", R"(      log_hr: {old: 0.2})", R"(      in_state: {dead: 0.3})", 65,
            R"(study.yaml:19:18: error: process 'progression' does not run in 'dead'
   19 |       in_state: {dead: 0.3}
      |                  ^~~~
   hint: 'in_state' names states of 'from'
1 error, nothing was run
)"},
      Wrong{"NoStepsOfWaning", R"(hr: 0.6}])",
            R"(hr: 0.6, kernel: {half_life: 2 months, step: 21 d, steps: 0}}])", 65,
            R"(study.yaml:29:98: error: 'steps' must be from 1 to 10000, found 0
   29 |       effects: [{process: progression, hr: 0.6, kernel: {half_life: 2 months, step: 21 d, steps: 0}}]
      |                                                                                                  ^
   in agents > drug > effects > 1 > kernel
   hint: number of steps, after which the durable share is left
1 error, nothing was run
)"},
      Wrong{"EffectTwiceOnAProcess", R"({process: progression, hr: 0.6})",
            R"({process: progression, hr: 0.6, carry_over: {to: progression, share: 0.5}})", 65,
            R"(study.yaml:29:66: error: the effect names 'progression' twice
   29 |       effects: [{process: progression, hr: 0.6, carry_over: {to: progression, share: 0.5}}]
      |                                                                  ^~~~~~~~~~~
   hint: its log hazard ratio would count twice; 'process' and 'carry_over' name different processes
1 error, nothing was run
)"},
      Wrong{"AgentThatMasksItself", R"({process: progression, hr: 0.6})",
            R"({process: progression, hr: 0.6, masked_by: {class: chemotherapy, share: 0.5}})", 65,
            R"(study.yaml:29:68: error: 'drug' would mask itself
   29 |       effects: [{process: progression, hr: 0.6, masked_by: {class: chemotherapy, share: 0.5}}]
      |                                                                    ^~~~~~~~~~~~
   hint: name another agent, or a class to which it does not belong
1 error, nothing was run
)"},
      Wrong{"AgentThatOverlapsWithItself", R"(  observation: {)",
            R"(  overlaps: [{agents: [drug, chemotherapy], share: 0.3}]
  observation: {)",
            65,
            R"(study.yaml:37:30: error: 'drug' would overlap with itself
   37 |   overlaps: [{agents: [drug, chemotherapy], share: 0.3}]
      |                              ^~~~~~~~~~~~
   hint: name agents or classes that share no agent
1 error, nothing was run
)"},
      Wrong{"LateHarmPerCycle", R"(  observation: {)",
            R"(  toxicities: {harm: {of: drug, per_cycle: 0.1, after_end: true}}
  observation: {)",
            65,
            R"(study.yaml:37:60: error: 'after_end' needs 'hazard'
   37 |   toxicities: {harm: {of: drug, per_cycle: 0.1, after_end: true}}
      |                                                            ^~~~
   in toxicities > harm
   hint: the rate of the late harm, e.g. hazard: 0.01 per month
1 error, nothing was run
)"},
      Wrong{"UnknownKind", R"(reference: nothing)", R"(kind: scenario
reference: nothing)",
            65,
            R"(study.yaml:50:7: error: unknown kind 'scenario'
   50 | kind: scenario
      |       ^~~~~~~~
   hint: did you mean 'scenarios'?
1 error, nothing was run
)"},
      Wrong{"KindOfNothing", R"(reference: nothing)", R"(kind: trial
reference: nothing)",
            65,
            R"(study.yaml:50:7: error: unknown kind 'trial'
   50 | kind: trial
      |       ^~~~~
   hint: one of comparison, emulation, scenarios
1 error, nothing was run
)"},
      Wrong{"EndpointTwice", R"(report: {endpoints: [OS], subgroups: [male]})",
            R"(report: {endpoints: [OS, PFS, OS], subgroups: [male]})", 65,
            R"(study.yaml:55:31: error: 'OS' stands twice among the endpoints
   55 | report: {endpoints: [OS, PFS, OS], subgroups: [male]}
      |                               ^~
   in report > endpoints
1 error, nothing was run
)"},
      Wrong{"SubgroupTwice", R"(report: {endpoints: [OS], subgroups: [male]})",
            R"(report: {endpoints: [OS], subgroups: [male, male]})", 65,
            R"(study.yaml:55:45: error: 'male' stands twice among the subgroups
   55 | report: {endpoints: [OS], subgroups: [male, male]}
      |                                             ^~~~
   in report > subgroups
1 error, nothing was run
)"},
      Wrong{"LandmarkTwice", R"(landmarks: [12, 24])", R"(landmarks: [12, 12 months])", 65,
            R"(study.yaml:54:17: error: 12 months stands twice among the landmarks
   54 | landmarks: [12, 12 months]
      |                 ^~~~~~~~~
1 error, nothing was run
)"},
      Wrong{
          "StoppingToxicityCalledAsACause", R"(  observation: {)",
          R"(  toxicities: {toxicity: {of: chemotherapy, per_cycle: 0.1, action: stop}}
  observation: {)",
          65,
          R"(study.yaml:37:16: error: stopping toxicity 'toxicity' of agent 'drug' and cause 'toxicity' of agent 'drug' would both be called 'stopped_drug_toxicity' in results
   37 |   toxicities: {toxicity: {of: chemotherapy, per_cycle: 0.1, action: stop}}
      |                ^~~~~~~~
   hint: the other stands in study.yaml, line 28
1 error, nothing was run
)"},
      Wrong{
          "CausesOfTwoAgentsThatWouldBeCalledTheSame",
          R"(      stop: {toxicity: {per_cycle: 0.02}}
      effects: [{process: progression, hr: 0.6}]
)",
          R"(      stop: {x_y: {per_cycle: 0.02}}
      effects: [{process: progression, hr: 0.6}]
    drug_x:
      cycle: {every: 21 d}
      stop: {y: {per_cycle: 0.02}}
)",
          65,
          R"(study.yaml:32:14: error: cause 'y' of agent 'drug_x' and cause 'x_y' of agent 'drug' would both be called 'stopped_drug_x_y' in results
   32 |       stop: {y: {per_cycle: 0.02}}
      |              ^
   hint: the other stands in study.yaml, line 28
1 error, nothing was run
)"},
      Wrong{"LevelTwice", R"(levels: [CR, PR, SD, PD])", R"(levels: [CR, PR, SD, SD])", 65,
            R"(study.yaml:35:28: error: level 'SD' of marker 'response' stands there twice
   35 |       levels: [CR, PR, SD, SD]
      |                            ^~
   hint: the first stands in study.yaml, line 35
1 error, nothing was run
)"},
      Wrong{
          "LevelsOfTwoMarkersThatWouldBeCalledTheSame",
          R"(    response:
      levels: [CR, PR, SD, PD])",
          R"(    response_of:
      levels: [SD, PD]
      ordered_probit: {cuts: [0], patient_effect: 1}
    response:
      levels: [CR, PR, of_SD, PD])",
          65,
          R"(study.yaml:38:24: error: level 'of_SD' of marker 'response' and level 'SD' of marker 'response_of' would both be called 'best_response_of_SD' in results
   38 |       levels: [CR, PR, of_SD, PD]
      |                        ^~~~~
   hint: the other stands in study.yaml, line 35
1 error, nothing was run
)"},
      Wrong{
          "EndpointCalledAsATimeOnAnAgent", R"(    OS: {states: [dead]})",
          R"(    OS: {states: [dead]}
    time_on_drug: {states: [dead]})",
          65,
          R"(study.yaml:41:5: error: endpoint 'time_on_drug' has the name of a result of agent 'drug'
   41 |     time_on_drug: {states: [dead]}
      |     ^~~~~~~~~~~~
   hint: give it another name
1 error, nothing was run
)"},
      Wrong{
          "EndpointCalledAsATimeOnAnAgentButForCapitals", R"(    OS: {states: [dead]})",
          R"(    OS: {states: [dead]}
    Time_on_drug: {states: [dead]})",
          65,
          R"(study.yaml:41:5: error: endpoint 'Time_on_drug' has the name of a result of agent 'drug'
   41 |     Time_on_drug: {states: [dead]}
      |     ^~~~~~~~~~~~
   hint: give it another name
1 error, nothing was run
)"},
      Wrong{
          "EndpointWhoseColumnIsThatOfAToxicity", R"(    OS: {states: [dead]})",
          R"(    OS: {states: [dead]}
    toxicity_harm: {states: [dead]}
  toxicities: {harm_event: {of: drug, per_cycle: 0.1}})",
          65,
          R"(study.yaml:41:5: error: endpoint 'toxicity_harm' has the name of a result of toxicity 'harm_event'
   41 |     toxicity_harm: {states: [dead]}
      |     ^~~~~~~~~~~~~
   hint: give it another name
1 error, nothing was run
)"},
      Wrong{
          "MoreLevelsThanConditionsCanName", R"({categorical: {early: 0.4, late: 0.6}})",
          R"({categorical: {l0: 0.36, l1: 0.01, l2: 0.01, l3: 0.01, l4: 0.01, l5: 0.01, l6: 0.01, l7: 0.01, l8: 0.01, l9: 0.01, l10: 0.01, l11: 0.01, l12: 0.01, l13: 0.01, l14: 0.01, l15: 0.01, l16: 0.01, l17: 0.01, l18: 0.01, l19: 0.01, l20: 0.01, l21: 0.01, l22: 0.01, l23: 0.01, l24: 0.01, l25: 0.01, l26: 0.01, l27: 0.01, l28: 0.01, l29: 0.01, l30: 0.01, l31: 0.01, l32: 0.01, l33: 0.01, l34: 0.01, l35: 0.01, l36: 0.01, l37: 0.01, l38: 0.01, l39: 0.01, l40: 0.01, l41: 0.01, l42: 0.01, l43: 0.01, l44: 0.01, l45: 0.01, l46: 0.01, l47: 0.01, l48: 0.01, l49: 0.01, l50: 0.01, l51: 0.01, l52: 0.01, l53: 0.01, l54: 0.01, l55: 0.01, l56: 0.01, l57: 0.01, l58: 0.01, l59: 0.01, l60: 0.01, l61: 0.01, l62: 0.01, l63: 0.01, l64: 0.01}})",
          65,
          R"(study.yaml:11:26: error: an attribute has at most 64 levels, found 65
   11 |     stage: {categorical: {l0: 0.36, l1: 0.01, l2: 0.01, l3: 0.01, l4: 0.01, l5: 0.01, l6: 0.01, l7: 0.01, l8: 
      |                          ^
   in attributes > stage
   hint: join some of them, or use a number instead
1 error, nothing was run
)"},
      Wrong{
          "OtherwiseThatIsNoLevel", R"(    stage: {categorical: {early: 0.4, late: 0.6}})",
          R"(    stage: {categorical: {early: 0.4, late: 0.6}}
    odd: {bernoulli: 0.5, when: {stage: late}, otherwise: -1})",
          65,
          R"(study.yaml:12:59: error: 'otherwise' is the number of a level here, from 0 (no) to 1 (yes), found -1
   12 |     odd: {bernoulli: 0.5, when: {stage: late}, otherwise: -1}
      |                                                           ^~
   in attributes > odd
1 error, nothing was run
)"},
      Wrong{"PlusOfAFlag", R"(male: {bernoulli: 0.5})", R"(male: {bernoulli: 0.5, plus: 1})", 65,
            R"(study.yaml:8:34: error: an attribute with levels takes no 'plus'
    8 |     male: {bernoulli: 0.5, plus: 1}
      |                                  ^
   in attributes > male
   hint: it is for numbers
1 error, nothing was run
)"},
      Wrong{"AttributeInTwoCopulas",
            R"(    - {of: [male, age], correlation: [[1, 0.3], [0.3, 1]]})",
            R"(    - {of: [male, age], correlation: [[1, 0.3], [0.3, 1]]}
    - {of: [stage, age], correlation: [[1, 0.3], [0.3, 1]]})",
            65,
            R"(study.yaml:14:20: error: 'age' is a member of a copula already
   14 |     - {of: [stage, age], correlation: [[1, 0.3], [0.3, 1]]}
      |                    ^~~
   hint: all that hang together belong into one correlation matrix
1 error, nothing was run
)"},
      Wrong{"AttributeTwiceInACopula", R"({of: [male, age],)", R"({of: [age, age],)", 65,
            R"(study.yaml:13:18: error: 'age' is a member of a copula already
   13 |     - {of: [age, age], correlation: [[1, 0.3], [0.3, 1]]}
      |                  ^~~
   hint: all that hang together belong into one correlation matrix
1 error, nothing was run
)"},
      Wrong{
          "HazardMultiplierOfAFamily", R"(hazard: {exponential: 0.05 per month})",
          R"(hazard: {exponential: 0.05 per month, hazard_multiplier: 2})", 65,
          R"(study.yaml:23:64: error: 'hazard_multiplier' goes with a life table, not with a family
   23 |       hazard: {exponential: 0.05 per month, hazard_multiplier: 2}
      |                                                                ^
   in processes > death > hazard
   hint: write the rate or the scale itself, or a log_hr
1 error, nothing was run
)"},
      Wrong{"TruncatedNormalWithoutSpread", R"(age: {normal: {mean: 50, sd: 10}, unit: years})",
            R"(age: {truncated_normal: {mean: 50, sd: 0, min: 60, max: 70}, unit: years})", 65,
            R"(study.yaml:9:29: error: 'sd' must be above 0 between limits, found 0
    9 |     age: {truncated_normal: {mean: 50, sd: 0, min: 60, max: 70}, unit: years}
      |                             ^
   in attributes > age
1 error, nothing was run
)"},
      Wrong{"NegativeMeanOfAGamma", R"(age: {normal: {mean: 50, sd: 10}, unit: years})",
            R"(age: {gamma: {shape: 2, mean: -1}, unit: years})", 65,
            R"(study.yaml:9:18: error: 'mean' must be above 0, found -1
    9 |     age: {gamma: {shape: 2, mean: -1}, unit: years}
      |                  ^
   in attributes > age
1 error, nothing was run
)"},
      Wrong{"NegativeMeanOfACount", R"(age: {normal: {mean: 50, sd: 10}, unit: years})",
            R"(age: {poisson: -1, unit: years})", 65,
            R"(study.yaml:9:20: error: 'mean' must be from 0 to 1000000, found -1
    9 |     age: {poisson: -1, unit: years}
      |                    ^~
   in attributes > age
1 error, nothing was run
)"},
      Wrong{"CountBeyondCounting", R"(age: {normal: {mean: 50, sd: 10}, unit: years})",
            R"(age: {poisson: 5e9, unit: years})", 65,
            R"(study.yaml:9:20: error: 'mean' must be from 0 to 1000000, found 5000000000
    9 |     age: {poisson: 5e9, unit: years}
      |                    ^~~
   in attributes > age
1 error, nothing was run
)"},
      Wrong{"FlagWithAProbabilityAndALogit", R"(male: {bernoulli: 0.5})",
            R"(male: {bernoulli: {probability: 0.9, logit: -5}})", 65,
            R"(study.yaml:8:23: error: a flag has a probability or a logit, not both
    8 |     male: {bernoulli: {probability: 0.9, logit: -5}}
      |                       ^
   in attributes > male
1 error, nothing was run
)"},
      Wrong{"FlagTestOfANumber", R"({age: {min: 65}})", R"({age: true})", 65,
            R"(study.yaml:10:23: error: 'age' is a number, not true or false
   10 |     old: {condition: {age: true}}
      |                       ^~~
   hint: give a range, e.g. age: {min: 1}
1 error, nothing was run
)"},
      Wrong{"DoseAsALimitOfAnAge", R"({age: {min: 65}})", R"({age: {min: 65 Gy}})", 65,
            R"(study.yaml:10:34: error: 'age' is in years, but its limit is a dose such as 70 Gy
   10 |     old: {condition: {age: {min: 65 Gy}}}
      |                                  ^~~~~
   hint: write the limit without a unit, in the unit of 'age'
1 error, nothing was run
)"},
      Wrong{
          "RateAsALimitOfATime", R"({give: drug, cycles: 4, name: induction})",
          R"({give: drug, cycles: 4, name: induction, when: {months_since_diagnosis: {max: 3 per month}}})",
          65,
          R"(study.yaml:45:87: error: 'months_since_diagnosis' is a number without unit, but its limit is a rate such as 0.05 per month, or 5 % within 12 months
   45 |       - {give: drug, cycles: 4, name: induction, when: {months_since_diagnosis: {max: 3 per month}}}
      |                                                                                       ^~~~~~~~~~~
   hint: write the limit without a unit, in the unit of 'months_since_diagnosis'
1 error, nothing was run
)"},
      Wrong{
          "OccurrenceWithoutDocumentation", R"(OS: {states: [dead]})",
          R"(OS: {states: [dead], occurrence: 2})", 65,
          R"(study.yaml:40:38: error: 'occurrence' counts documented progressions, and there is no 'documented' here
   40 |     OS: {states: [dead], occurrence: 2}
      |                                      ^
   in endpoints > OS
   hint: write documented: progression, or leave it out
1 error, nothing was run
)"},
      Wrong{"CourseShareWithoutACourse", R"(effects: [{process: progression, hr: 0.6}])",
            R"(effects: [{process: progression, hr: 0.6, course_share: {end: 0.5}}])", 65,
            R"(study.yaml:29:69: error: 'course_share' needs an agent with a course
   29 |       effects: [{process: progression, hr: 0.6, course_share: {end: 0.5}}]
      |                                                                     ^~~
1 error, nothing was run
)"}};
}

}  // namespace npcsim::testing
