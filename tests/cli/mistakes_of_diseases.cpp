#include "mistakes.hpp"

namespace npcsim::testing {

std::vector<Wrong> mistakes_of_diseases() {
  return {
      Wrong{"TypoInAKey", R"(every: 21 d)", R"(evry: 21 d)", 65,
            R"(study.yaml:27:15: error: unknown key 'evry'
   27 |       cycle: {evry: 21 d, cap: 6}
      |               ^~~~
   in agents > drug > cycle
   hint: did you mean 'every'?
1 error, nothing was run
)"},
      Wrong{"UnknownKeyFarFromAny", R"(class: chemotherapy)", R"(colour: red)", 65,
            R"(study.yaml:26:7: error: unknown key 'colour'
   26 |       colour: red
      |       ^~~~~~
   in agents > drug
   hint: one of class, controls, course, cycle, effects, given_when, hold, plan, procedure, source, stop, title
1 error, nothing was run
)"},
      Wrong{
          "WrongUnit", R"(every: 21 d)", R"(every: 70 Gy)", 65,
          R"(study.yaml:27:22: error: wrong unit 'Gy' for 'every': expected a duration such as 21 d or 6 months
   27 |       cycle: {every: 70 Gy, cap: 6}
      |                      ^~~~~
   in agents > drug > cycle
   hint: from one dose to the next
1 error, nothing was run
)"},
      Wrong{
          "UnknownUnit", R"(every: 21 d)", R"(every: 21 fortnights)", 65,
          R"(study.yaml:27:22: error: wrong unit 'fortnights' for 'every': expected a duration such as 21 d or 6 months
   27 |       cycle: {every: 21 fortnights, cap: 6}
      |                      ^~~~~~~~~~~~~
   in agents > drug > cycle
   hint: from one dose to the next
1 error, nothing was run
)"},
      Wrong{
          "MissingUnit", R"(every: 21 d)", R"(every: 21)", 65,
          R"(study.yaml:27:22: error: 'every' needs a unit: expected a duration such as 21 d or 6 months, found 21
   27 |       cycle: {every: 21, cap: 6}
      |                      ^~
   in agents > drug > cycle
   hint: from one dose to the next
1 error, nothing was run
)"},
      Wrong{"MissingNumber", R"(every: 21 d)", R"(every:)", 65,
            R"(study.yaml:27:15: error: 'every' has no value
   27 |       cycle: {every:, cap: 6}
      |               ^~~~~
   in agents > drug > cycle
   hint: expected a duration such as 21 d or 6 months, e.g. 21 d
1 error, nothing was run
)"},
      Wrong{"MissingKey", R"(every: 21 d, )", R"()", 65,
            R"(study.yaml:27:14: error: missing key 'every'
   27 |       cycle: {cap: 6}
      |              ^
   in agents > drug > cycle
   hint: from one dose to the next; e.g. every: 21 d
1 error, nothing was run
)"},
      Wrong{"QuotedNumber", R"(hr: 0.6)", R"(hr: "0.6")", 65,
            R"(study.yaml:29:44: error: a number must not stand in quotation marks
   29 |       effects: [{process: progression, hr: "0.6"}]
      |                                            ^~~~~
   in agents > drug > effects > 1
   hint: write 0.6 without them
1 error, nothing was run
)"},
      Wrong{"LeadingZero", R"(hr: 0.6)", R"(hr: 06)", 65,
            R"(study.yaml:29:44: error: 'hr' must be a number without unit, found '06'
   29 |       effects: [{process: progression, hr: 06}]
      |                                            ^~
   in agents > drug > effects > 1
   hint: numbers do not begin with 0
1 error, nothing was run
)"},
      Wrong{"NotANumber", R"(hr: 0.6)", R"(hr: .nan)", 65,
            R"(study.yaml:29:44: error: '.nan' is not a usable value
   29 |       effects: [{process: progression, hr: .nan}]
      |                                            ^~~~
   hint: write a finite number, or leave the key out
1 error, nothing was run
)"},
      Wrong{"NegativeHazard", R"({exponential: 0.05 per month})",
            R"({exponential: -0.05 per month})", 65,
            R"(study.yaml:23:29: error: 'exponential' must be at least 0, found -0.05 per month
   23 |       hazard: {exponential: -0.05 per month}
      |                             ^~~~~~~~~~~~~~~
   in processes > death > hazard
   hint: the rate
1 error, nothing was run
)"},
      Wrong{
          "NegativeRateOfAFamily", R"({exponential: 0.05 per month})",
          R"({exponential: {rate: -0.05 per month}})", 65,
          R"(study.yaml:23:36: error: in 'exponential': rate must be 0 or above, found -0.05 per month
   23 |       hazard: {exponential: {rate: -0.05 per month}}
      |                                    ^~~~~~~~~~~~~~~
   in processes > death > hazard > exponential
1 error, nothing was run
)"},
      Wrong{"NegativeScale", R"(scale: 14 months)", R"(scale: -14 months)", 65,
            R"(study.yaml:18:45: error: in 'weibull': scale must be above 0, found -14 months
   18 |       hazard: {weibull: {shape: 1.3, scale: -14 months}}
      |                                             ^~~~~~~~~~
   in processes > progression > hazard > weibull
1 error, nothing was run
)"},
      Wrong{"MissingParameterOfAFamily", R"(, scale: 14 months)", R"()", 65,
            R"(study.yaml:18:16: error: 'weibull' needs 'scale'
   18 |       hazard: {weibull: {shape: 1.3}}
      |                ^~~~~~~
   in processes > progression > hazard > weibull
   hint: time by which 63 % have had the event (H = 1)
1 error, nothing was run
)"},
      Wrong{"UnknownParameterOfAFamily", R"(scale: 14 months)", R"(scales: 14 months)", 65,
            R"(study.yaml:18:38: error: 'weibull' has no parameter 'scales'
   18 |       hazard: {weibull: {shape: 1.3, scales: 14 months}}
      |                                      ^~~~~~
   in processes > progression > hazard > weibull
   hint: did you mean 'scale'?
1 error, nothing was run
)"},
      Wrong{"RateBesideAnotherShape", R"(weibull: {shape: 1.3, scale: 14 months})",
            R"(weibull_ph: {shape: 1.3, scale: 0.05 per month})", 65,
            R"(study.yaml:18:48: error: 'scale' of 'weibull_ph' is a rate only where 'shape' is 1
   18 |       hazard: {weibull_ph: {shape: 1.3, scale: 0.05 per month}}
      |                                                ^~~~~~~~~~~~~~
   in processes > progression > hazard > weibull_ph
   hint: write the number without a unit, and time_unit: months beside the family
1 error, nothing was run
)"},
      Wrong{"UnknownFamily", R"(weibull)", R"(weibul)", 65,
            R"(study.yaml:18:16: error: unknown hazard 'weibul'
   18 |       hazard: {weibul: {shape: 1.3, scale: 14 months}}
      |                ^~~~~~
   hint: did you mean 'weibull'?
1 error, nothing was run
)"},
      Wrong{"TwoFamilies", R"({exponential: 0.05 per month})",
            R"({exponential: 0.05 per month, gompertz: {shape: 0.1 per year, rate: 0.1 per year}})",
            65,
            R"(study.yaml:23:45: error: a hazard has one family, found 'exponential' and 'gompertz'
   23 |       hazard: {exponential: 0.05 per month, gompertz: {shape: 0.1 per year, rate: 0.1 per year}}
      |                                             ^~~~~~~~
   in processes > death > hazard
1 error, nothing was run
)"},
      Wrong{
          "SplineThatFalls", R"({exponential: 0.05 per month})",
          R"({spline_hazard: {knots: [1 months, 10 months], gammas: [-2, -1]}})", 65,
          R"(study.yaml:23:16: error: in 'spline_hazard': the spline must increase in log time, found slope -1 at time 30.4375 d
   23 |       hazard: {spline_hazard: {knots: [1 months, 10 months], gammas: [-2, -1]}}
      |                ^~~~~~~~~~~~~
   in processes > death > hazard > spline_hazard
1 error, nothing was run
)"},
      Wrong{"SplineWithTooFewGammas", R"({exponential: 0.05 per month})",
            R"({spline_hazard: {knots: [1 months, 10 months], gammas: [-2]}})", 65,
            R"(study.yaml:23:16: error: 'spline_hazard' needs 2 gammas for 2 knots, found 1
   23 |       hazard: {spline_hazard: {knots: [1 months, 10 months], gammas: [-2]}}
      |                ^~~~~~~~~~~~~
   in processes > death > hazard > spline_hazard
1 error, nothing was run
)"},
      Wrong{
          "PiecewiseTimesOutOfOrder", R"({exponential: 0.05 per month})",
          R"({piecewise: {times: [9 months, 3 months], rates: [0.1 per year, 0.2 per year, 0.1 per year]}})",
          65,
          R"(study.yaml:23:46: error: times must increase, found 3.000 months after 9.000 months
   23 |       hazard: {piecewise: {times: [9 months, 3 months], rates: [0.1 per year, 0.2 per year, 0.1 per year]}}
      |                                              ^~~~~~~~
   in processes > death > hazard > piecewise
1 error, nothing was run
)"},
      Wrong{"LogTimeWithoutUnit", R"({exponential: 0.05 per month})",
            R"({log_normal: {meanlog: 2, sdlog: 1}})", 65,
            R"(study.yaml:23:38: error: 'meanlog' is the logarithm of a time: say in which unit
   23 |       hazard: {log_normal: {meanlog: 2, sdlog: 1}}
      |                                      ^
   in processes > death > hazard > log_normal
   hint: write time_unit: months beside the family
1 error, nothing was run
)"},
      Wrong{"LifeTableThatIsNotThere", R"({exponential: 0.05 per month})",
            R"({life_table: nothing.csv}
      clock: age)",
            65,
            R"(study.yaml:23:28: error: cannot find the file 'nothing.csv'
   23 |       hazard: {life_table: nothing.csv}
      |                            ^~~~~~~~~~~
   hint: it is looked for beside this document, then in configs/
1 error, nothing was run
)"},
      Wrong{
          "HazardWithoutUnit", R"({exponential: 0.05 per month})", R"(0.05)", 65,
          R"(study.yaml:23:15: error: 'hazard' needs a unit: expected a rate such as 0.05 per month, or 5 % within 12 months, found 0.05
   23 |       hazard: 0.05
      |               ^~~~
   in processes > death
   hint: a family with its parameters, or a constant rate
1 error, nothing was run
)"},
      Wrong{"UnknownClock", R"(to: dead
)",
            R"(to: dead
      clock: resett
)",
            65,
            R"(study.yaml:23:14: error: unknown clock 'resett'
   23 |       clock: resett
      |              ^~~~~~
   in processes > death
   hint: did you mean 'reset'?
1 error, nothing was run
)"},
      Wrong{"UnknownState", R"(to: progressed)", R"(to: progresed)", 65,
            R"(study.yaml:17:11: error: unknown state 'progresed'
   17 |       to: progresed
      |           ^~~~~~~~~
   hint: did you mean 'progressed'?
1 error, nothing was run
)"},
      Wrong{"UnknownStateUnderFrom", R"(from: alive)", R"(from: alife)", 65,
            R"(study.yaml:16:13: error: unknown state 'alife'
   16 |       from: alife
      |             ^~~~~
   hint: did you mean 'alive'?
1 error, nothing was run
)"},
      Wrong{"UnreachableState", R"([alive, progressed, dead])",
            R"([alive, progressed, lost, dead])", 65,
            R"(study.yaml:6:31: error: state 'lost' cannot be reached from 'alive'
    6 |   states: [alive, progressed, lost, dead]
      |                               ^~~~
   hint: add a process that leads to it, or remove it
1 error, nothing was run
)"},
      Wrong{
          "StateThatMayOrMayNotBeFinal", R"(from: [alive, progressed]
      )",
          R"()", 65,
          R"(study.yaml:6:19: error: does state 'progressed' end a life? Process 'death' runs in every state that is not final, and no process names 'progressed' under 'from'
    6 |   states: [alive, progressed, dead]
      |                   ^~~~~~~~~~
   hint: list the states that end a life, e.g. final: [dead]
1 error, nothing was run
)"},
      Wrong{"CycleOfDerivedFlags", R"(old: {condition: {age: {min: 65}}})",
            R"(old: {condition: {elder: true}}
    elder: {condition: {old: true}})",
            65,
            R"(study.yaml:10:23: error: 'elder' is used before it is declared
   10 |     old: {condition: {elder: true}}
      |                       ^~~~~
   hint: move it up, or break the cycle of derived attributes
1 error, nothing was run
)"},
      Wrong{"ProbabilityAboveOne", R"(bernoulli: 0.5)", R"(bernoulli: 1.5)", 65,
            R"(study.yaml:8:23: error: 'probability' must be from 0 to 1, found 1.5
    8 |     male: {bernoulli: 1.5}
      |                       ^~~
   in attributes > male
   hint: probability; with terms the sum is used as it is, cut to 0..1
1 error, nothing was run
)"},
      Wrong{"LevelsThatDoNotSumToOne", R"(early: 0.4)", R"(early: 0.5)", 65,
            R"(study.yaml:11:26: error: the probabilities of the levels must sum to 1, found 1.1
   11 |     stage: {categorical: {early: 0.5, late: 0.6}}
      |                          ^
   in attributes > stage
1 error, nothing was run
)"},
      Wrong{"AttributeWithoutAKind", R"({bernoulli: 0.5})", R"({label: men})", 65,
            R"(study.yaml:8:11: error: the attribute does not say how it is drawn
    8 |     male: {label: men}
      |           ^
   in attributes > male
   hint: one of bernoulli, categorical, normal, truncated_normal, log_normal, gamma, beta, uniform, poisson, constant, pattern, resample, linear, sum, product, log10, standardised, condition
1 error, nothing was run
)"},
      Wrong{"AttributeOfTwoKinds", R"({bernoulli: 0.5})", R"({bernoulli: 0.5, constant: 1})", 65,
            R"(study.yaml:8:38: error: an attribute has one kind, found 'bernoulli' and 'constant'
    8 |     male: {bernoulli: 0.5, constant: 1}
      |                                      ^
   in attributes > male
1 error, nothing was run
)"},
      Wrong{"UnknownAttributeInATerm", R"(log_hr: {old: 0.2})", R"(log_hr: {odl: 0.2})", 65,
            R"(study.yaml:19:16: error: unknown attribute 'odl'
   19 |       log_hr: {odl: 0.2}
      |                ^~~
   hint: one of male, age, old, stage
1 error, nothing was run
)"},
      Wrong{"TermOfAnAttributeWithLevels", R"({early: 0.4, late: 0.6}})",
            R"({early: 0.4, middle: 0.2, late: 0.4}}
    risk: {linear: {terms: {stage: 1}}})",
            65,
            R"(study.yaml:12:29: error: 'stage' has several levels and cannot be a term
   12 |     risk: {linear: {terms: {stage: 1}}}
      |                             ^~~~~
   hint: derive a flag for each level, e.g. stage_early: {condition: {stage: early}}
1 error, nothing was run
)"},
      Wrong{"TermOfAnAttributeWithTwoLevels", R"(log_hr: {old: 0.2})", R"(log_hr: {stage: 0.2})",
            65,
            R"(study.yaml:19:16: error: 'stage' has several levels and cannot be a term
   19 |       log_hr: {stage: 0.2}
      |                ^~~~~
   hint: derive a flag for each level, e.g. stage_early: {condition: {stage: early}}
1 error, nothing was run
)"},
      Wrong{"EffectModifiedByAnAttributeWithLevels", R"(hr: 0.6})",
            R"(hr: 0.6, modified_by: {stage: 0.1}})", 65,
            R"(study.yaml:29:63: error: 'stage' has several levels and cannot be a term
   29 |       effects: [{process: progression, hr: 0.6, modified_by: {stage: 0.1}}]
      |                                                               ^~~~~
   hint: derive a flag for each level, e.g. stage_early: {condition: {stage: early}}
1 error, nothing was run
)"},
      Wrong{
          "HazardInNoUnit", R"(scale: 14 months)", R"(scale: 14 mnths)", 65,
          R"(study.yaml:18:45: error: wrong unit 'mnths' for 'scale': expected a duration such as 21 d or 6 months
   18 |       hazard: {weibull: {shape: 1.3, scale: 14 mnths}}
      |                                             ^~~~~~~~
   in processes > progression > hazard
   hint: did you mean 'months'?
1 error, nothing was run
)"},
      Wrong{
          "HazardInMinutesOrMonths", R"(scale: 14 months)", R"(scale: 14 m)", 65,
          R"(study.yaml:18:45: error: wrong unit 'm' for 'scale': expected a duration such as 21 d or 6 months
   18 |       hazard: {weibull: {shape: 1.3, scale: 14 m}}
      |                                             ^~~~
   in processes > progression > hazard
   hint: is a month meant? write months
1 error, nothing was run
)"},
      Wrong{"ConditionThatNothingMeets", R"({age: {min: 65}})", R"({age: {min: 65, max: 60}})", 65,
            R"(study.yaml:10:23: error: no value of 'age' lies in this range
   10 |     old: {condition: {age: {min: 65, max: 60}}}
      |                       ^~~
   hint: the lower limit is above the upper one
1 error, nothing was run
)"},
      Wrong{"UnknownLevel", R"({response: [CR, PR]})", R"({response: [CR, PX]})", 65,
            R"(study.yaml:47:52: error: 'response' has no level 'PX'
   47 |       - {give: radiotherapy, when: {response: [CR, PX]}}
      |                                                    ^~
   hint: did you mean 'PR'?
1 error, nothing was run
)"},
      Wrong{"UnknownVariableInACondition", R"({response: [CR, PR]})", R"({respons: CR})", 65,
            R"(study.yaml:47:37: error: unknown variable 'respons' in a condition
   47 |       - {give: radiotherapy, when: {respons: CR}}
      |                                     ^~~~~~~
   hint: did you mean 'response'?
1 error, nothing was run
)"},
      Wrong{
          "LimitInTimeOnWhatIsNoTime", R"({response: [CR, PR]})",
          R"({cycles_drug: {min: 2 months}})", 65,
          R"(study.yaml:47:56: error: 'cycles_drug' is not a time, but its limit has a unit of time
   47 |       - {give: radiotherapy, when: {cycles_drug: {min: 2 months}}}
      |                                                        ^~~~~~~~
   hint: write the limit without a unit, in the unit of 'cycles_drug'
1 error, nothing was run
)"},
      Wrong{
          "CorrelationNotPositiveDefinite", R"(of: [male, age], correlation: [[1, 0.3], [0.3, 1]])",
          R"(of: [male, age, stage], correlation: [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])",
          65,
          R"(study.yaml:13:7: error: the correlation matrix is not positive definite
   13 |     - {of: [male, age, stage], correlation: [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]}
      |       ^
   hint: row 3 contradicts the rows before it
1 error, nothing was run
)"},
      Wrong{"CorrelationNotSymmetric", R"([[1, 0.3], [0.3, 1]])", R"([[1, 0.3], [0.2, 1]])", 65,
            R"(study.yaml:13:50: error: the correlation matrix is not symmetric
   13 |     - {of: [male, age], correlation: [[1, 0.3], [0.2, 1]]}
      |                                                  ^~~
1 error, nothing was run
)"},
      Wrong{"NegativeHazardRatio", R"(hr: 0.6)", R"(hr: -0.7)", 65,
            R"(study.yaml:29:44: error: 'hr' must be at least 0, found -0.7
   29 |       effects: [{process: progression, hr: -0.7}]
      |                                            ^~~~
   in agents > drug > effects > 1
   hint: hazard ratio at full effect (treated / untreated), e.g. 0.7 for a 30 % lower hazard; 0 switches the process off; give this or log_hr
1 error, nothing was run
)"},
      Wrong{"HazardRatioAndItsLogarithm", R"(hr: 0.6)", R"(hr: 0.6, log_hr: -0.5)", 65,
            R"(study.yaml:29:17: error: give log_hr or hr, not both
   29 |       effects: [{process: progression, hr: 0.6, log_hr: -0.5}]
      |                 ^
   in agents > drug > effects > 1
1 error, nothing was run
)"},
      Wrong{"CitationOfNoSource", R"(source: assumed})",
            "source: [chen_2042, assumed]}\n  sources: {chen_2024: a paper}", 65,
            R"(study.yaml:5:71: error: the document's sources do not have 'chen_2042'
    5 |     log_hr_drug: {value: -0.5, prior: {normal: [-0.5, 0.2]}, source: [chen_2042, assumed]}
      |                                                                       ^~~~~~~~~
   hint: did you mean 'chen_2024'?
1 error, nothing was run
)"},
      Wrong{"EffectWithoutASize", R"({process: progression, hr: 0.6})", R"({process: progression})",
            65,
            R"(study.yaml:29:17: error: the effect has neither log_hr nor hr
   29 |       effects: [{process: progression}]
      |                 ^
   in agents > drug > effects > 1
1 error, nothing was run
)"}};
}

}  // namespace npcsim::testing
