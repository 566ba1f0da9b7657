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
)"}};
}

}  // namespace npcsim::testing
