#include <npcsim/base/binder.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <string>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// A small document with every kind of key.
struct Cycle {
  double every = 0;
  std::int64_t courses = 6;
};

void bind(Binder& binder, Cycle& out) {
  binder.number({.name = "every",
                 .help = "time between doses",
                 .required = true,
                 .example = "21 d",
                 .dimension = Dimension::time,
                 .least = 0,
                 .above_least = true},
                out.every);
  binder.integer(
      {.name = "courses", .help = "number of courses", .fallback = "6", .least = 1, .most = 12},
      out.courses);
}

struct Plan {
  std::string label;
  std::string scale = "hazard";
  Name model;
  std::vector<Name> regimens;
  bool twins = true;
  Value hr;
  std::vector<Value> doses;
  Cycle cycle;
  std::vector<std::pair<Name, Cycle>> agents;
  std::vector<Cycle> phases;
};

void bind(Binder& binder, Plan& out) {
  binder.text({.name = "label", .help = "for people"}, out.label);
  binder.text({.name = "scale",
               .help = "what hr multiplies",
               .fallback = "hazard",
               .choices = "hazard|odds"},
              out.scale);
  binder.name({.name = "model", .help = "the model"}, out.model);
  binder.names({.name = "regimens", .help = "what is given"}, out.regimens);
  binder.flag({.name = "twins", .help = "same patients in all arms", .fallback = "true"},
              out.twins);
  binder.value(
      {.name = "hr", .help = "treated / control, e.g. 0.7", .least = 0, .above_least = true},
      out.hr);
  binder.values({.name = "doses", .help = "doses", .dimension = Dimension::dose, .least = 0},
                out.doses);
  binder.child({.name = "cycle", .help = "the rhythm"}, out.cycle);
  binder.children({.name = "agents", .help = "all agents"}, out.agents);
  binder.list({.name = "phases", .help = "in order"}, out.phases);
}

struct Bound {
  Plan plan;
  std::string problems;
  std::vector<FilledDefault> defaults;
  Tree tree;
};

Bound bind_text(const std::string& text) {
  Bound out;
  Diagnostics diagnostics;
  out.tree = read_yaml_text("plan.yaml", text, diagnostics);
  ParameterTable parameters;
  Parameter hr;
  hr.name = "pd1_hr";
  hr.value = 0.7;
  parameters.add(hr);
  Parameter dose;
  dose.name = "rt_dose";
  dose.value = 70;
  dose.dimension = Dimension::dose;
  parameters.add(dose);
  BindContext context{&diagnostics, &parameters, nullptr, &out.defaults};
  Binder binder(context, out.tree, {});
  bind(binder, out.plan);
  binder.finish();
  out.problems = diagnostics.text("nothing was run");
  return out;
}

TEST(Binder, ReadsEveryKindOfKey) {
  const Bound bound = bind_text(
      "label: \"GP, then PD-1\"\n"
      "scale: odds\n"
      "model: three_state\n"
      "regimens: [gp, pd1]\n"
      "twins: false\n"
      "hr: 0.5 * $pd1_hr\n"
      "doses: [70 Gy, $rt_dose, 0.5 * $rt_dose]\n"
      "cycle: {every: 3 weeks, courses: 4}\n"
      "agents:\n"
      "  gemcitabine: {every: 21 d}\n"
      "  cisplatin: {every: 28 d}\n"
      "phases:\n"
      "  - {every: 1 d, courses: 1}\n");
  EXPECT_EQ(bound.problems, "");
  EXPECT_EQ(bound.plan.label, "GP, then PD-1");
  EXPECT_EQ(bound.plan.scale, "odds");
  EXPECT_EQ(bound.plan.model.text, "three_state");
  ASSERT_EQ(bound.plan.regimens.size(), 2U);
  EXPECT_EQ(bound.plan.regimens[1].text, "pd1");
  EXPECT_FALSE(bound.plan.twins);
  const std::vector<double> values{0.7, 70.0};
  EXPECT_DOUBLE_EQ(bound.plan.hr.at(values), 0.35);
  ASSERT_EQ(bound.plan.doses.size(), 3U);
  EXPECT_EQ(bound.plan.doses[1].at(values), 70.0);
  EXPECT_EQ(bound.plan.doses[2].at(values), 35.0);
  EXPECT_EQ(bound.plan.cycle.every, 21.0);
  EXPECT_EQ(bound.plan.cycle.courses, 4);
  ASSERT_EQ(bound.plan.agents.size(), 2U);
  EXPECT_EQ(bound.plan.agents[1].first.text, "cisplatin");
  EXPECT_EQ(bound.plan.agents[1].second.every, 28.0);
  EXPECT_EQ(bound.plan.phases.size(), 1U);
}

TEST(Binder, ASingleNameOrNumberMayStandForAList) {
  const Bound bound = bind_text("regimens: gp\ndoses: 70 Gy\n");
  EXPECT_EQ(bound.problems, "");
  EXPECT_EQ(bound.plan.regimens.size(), 1U);
  EXPECT_EQ(bound.plan.doses.size(), 1U);
}

TEST(Binder, DefaultsAreRecordedWithTheirPlace) {
  const Bound bound = bind_text("agents:\n  pd1: {every: 21 d}\nphases:\n  - {every: 7 d}\n");
  EXPECT_EQ(bound.problems, "");
  EXPECT_EQ(to_yaml(with_defaults(bound.tree, bound.defaults)),
            "agents:\n  pd1:\n    every: 21 d\n    courses: 6\nphases:\n  - every: 7 d\n"
            "    courses: 6\nscale: hazard\ntwins: true\n");
}

// A list that is a default; what is written down must read back to it.
struct Visits {
  std::vector<Value> months;
};

void bind(Binder& binder, Visits& out) {
  binder.values({.name = "months", .help = "when", .fallback = "[12, 24.5]"}, out.months);
}

TEST(Binder, ADefaultThatIsAListIsWrittenAsAList) {
  Diagnostics diagnostics;
  std::vector<FilledDefault> defaults;
  BindContext context;
  context.diagnostics = &diagnostics;
  context.defaults = &defaults;
  const Tree document = Tree::map();
  Visits visits;
  Binder binder(context, document, {});
  bind(binder, visits);
  binder.finish();
  const std::string written = to_yaml(with_defaults(document, defaults));
  EXPECT_EQ(written, "months:\n  - 12\n  - 24.5\n");
  const Tree again = read_yaml_text("again.yaml", written, diagnostics);
  Binder second(context, again, {});
  bind(second, visits);
  second.finish();
  EXPECT_EQ(diagnostics.text("nothing was run"), "");
  ASSERT_EQ(visits.months.size(), 2U);
  EXPECT_EQ(visits.months[1].factor, 24.5);
}

struct Case {
  const char* document;
  const char* problems;
};

class BinderMessage : public ::testing::TestWithParam<Case> {};

TEST_P(BinderMessage, IsThis) {
  EXPECT_EQ(bind_text(GetParam().document).problems, GetParam().problems);
}

INSTANTIATE_TEST_SUITE_P(
    All, BinderMessage,
    ::testing::Values(
        Case{"label: x\nlabl: y\n",
             "plan.yaml:2:1: error: unknown key 'labl'\n"
             "    2 | labl: y\n"
             "      | ^~~~\n"
             "   hint: did you mean 'label'?\n"
             "1 error, nothing was run\n"},
        Case{"zzzzzz: 1\n",
             "plan.yaml:1:1: error: unknown key 'zzzzzz'\n"
             "    1 | zzzzzz: 1\n"
             "      | ^~~~~~\n"
             "   hint: one of agents, cycle, doses, hr, label, model, phases, regimens, scale, "
             "twins\n"
             "1 error, nothing was run\n"},
        Case{"cycle:\n  courses: 3\n",
             "plan.yaml:2:3: error: missing key 'every'\n"
             "    2 |   courses: 3\n"
             "      |   ^\n"
             "   in cycle\n"
             "   hint: time between doses; e.g. every: 21 d\n"
             "1 error, nothing was run\n"},
        Case{"cycle:\n  every:\n",
             "plan.yaml:2:3: error: 'every' has no value\n"
             "    2 |   every:\n"
             "      |   ^~~~~\n"
             "   in cycle\n"
             "   hint: expected a duration such as 21 d or 6 months, e.g. 21 d\n"
             "1 error, nothing was run\n"},
        Case{"cycle: 21 d\n",
             "plan.yaml:1:8: error: 'cycle' must be a map, found '21 d'\n"
             "    1 | cycle: 21 d\n"
             "      |        ^~~~\n"
             "1 error, nothing was run\n"},
        Case{"cycle: {every: 21}\n",
             "plan.yaml:1:16: error: 'every' needs a unit: expected a duration such as 21 d or 6 "
             "months, found 21\n"
             "    1 | cycle: {every: 21}\n"
             "      |                ^~\n"
             "   in cycle\n"
             "   hint: time between doses\n"
             "1 error, nothing was run\n"},
        Case{"cycle: {every: 21 Gy}\n",
             "plan.yaml:1:16: error: wrong unit 'Gy' for 'every': expected a duration such as 21 d "
             "or 6 months\n"
             "    1 | cycle: {every: 21 Gy}\n"
             "      |                ^~~~~\n"
             "   in cycle\n"
             "   hint: time between doses\n"
             "1 error, nothing was run\n"},
        Case{"cycle: {every: 0 d}\n",
             "plan.yaml:1:16: error: 'every' must be above 0 d, found 0 d\n"
             "    1 | cycle: {every: 0 d}\n"
             "      |                ^~~\n"
             "   in cycle\n"
             "   hint: time between doses\n"
             "1 error, nothing was run\n"},
        Case{"cycle: {every: 1 d, courses: 13}\n",
             "plan.yaml:1:30: error: 'courses' must be from 1 to 12, found 13\n"
             "    1 | cycle: {every: 1 d, courses: 13}\n"
             "      |                              ^~\n"
             "   in cycle\n"
             "   hint: number of courses\n"
             "1 error, nothing was run\n"},
        Case{"cycle: {every: 1 d, courses: 2.5}\n",
             "plan.yaml:1:30: error: 'courses' must be a whole number, found '2.5'\n"
             "    1 | cycle: {every: 1 d, courses: 2.5}\n"
             "      |                              ^~~\n"
             "   in cycle\n"
             "   hint: number of courses\n"
             "1 error, nothing was run\n"},
        Case{"hr: '0.7'\n",
             "plan.yaml:1:5: error: a number must not stand in quotation marks\n"
             "    1 | hr: '0.7'\n"
             "      |     ^~~~~\n"
             "   hint: write 0.7 without them\n"
             "1 error, nothing was run\n"},
        Case{"hr: 010\n",
             "plan.yaml:1:5: error: 'hr' must be a number without unit, found '010'\n"
             "    1 | hr: 010\n"
             "      |     ^~~\n"
             "   hint: numbers do not begin with 0\n"
             "1 error, nothing was run\n"},
        Case{"hr: -0.7\n",
             "plan.yaml:1:5: error: 'hr' must be above 0, found -0.7\n"
             "    1 | hr: -0.7\n"
             "      |     ^~~~\n"
             "   hint: treated / control, e.g. 0.7\n"
             "1 error, nothing was run\n"},
        Case{"hr: [1]\n",
             "plan.yaml:1:5: error: 'hr' must be a number without unit, found a list\n"
             "    1 | hr: [1]\n"
             "      |     ^\n"
             "1 error, nothing was run\n"},
        Case{"hr: $pd_hr\n",
             "plan.yaml:1:5: error: unknown parameter '$pd_hr'\n"
             "    1 | hr: $pd_hr\n"
             "      |     ^~~~~~\n"
             "   hint: did you mean '$pd1_hr'?\n"
             "1 error, nothing was run\n"},
        Case{"hr: $rt_dose\n",
             "plan.yaml:1:5: error: '$rt_dose' has the wrong unit for 'hr': expected a number "
             "without unit\n"
             "    1 | hr: $rt_dose\n"
             "      |     ^~~~~~~~\n"
             "   hint: the unit stands where the parameter is declared\n"
             "1 error, nothing was run\n"},
        Case{"doses: $rt_dose * $rt_dose\n",
             "plan.yaml:1:8: error: two quantities with units are multiplied in '$rt_dose * "
             "$rt_dose'\n"
             "    1 | doses: $rt_dose * $rt_dose\n"
             "      |        ^~~~~~~~~~~~~~~~~~~\n"
             "1 error, nothing was run\n"},
        Case{"doses: 2 Gy * $rt_dose\n",
             "plan.yaml:1:8: error: two quantities with units are multiplied in '2 Gy * $rt_dose'\n"
             "    1 | doses: 2 Gy * $rt_dose\n"
             "      |        ^~~~~~~~~~~~~~~\n"
             "1 error, nothing was run\n"},
        Case{"doses: $rt_dose * 2 Gy\n",
             "plan.yaml:1:8: error: two quantities with units are multiplied in '$rt_dose * 2 Gy'\n"
             "    1 | doses: $rt_dose * 2 Gy\n"
             "      |        ^~~~~~~~~~~~~~~\n"
             "1 error, nothing was run\n"},
        Case{"hr: 2 apples * $pd1_hr\n",
             "plan.yaml:1:5: error: cannot read '2 apples' in '2 apples * $pd1_hr'\n"
             "    1 | hr: 2 apples * $pd1_hr\n"
             "      |     ^~~~~~~~~~~~~~~~~~\n"
             "   hint: write a product of numbers and parameters, e.g. 0.5 * $share\n"
             "1 error, nothing was run\n"},
        Case{"hr: $pd1_hr * x\n",
             "plan.yaml:1:5: error: cannot read 'x' in '$pd1_hr * x'\n"
             "    1 | hr: $pd1_hr * x\n"
             "      |     ^~~~~~~~~~~\n"
             "   hint: write a product of numbers and parameters, e.g. 0.5 * $share\n"
             "1 error, nothing was run\n"},
        Case{"hr: -$pd1_hr\n",
             "plan.yaml:1:5: error: 'hr' must be above 0, but -$pd1_hr is -0.7\n"
             "    1 | hr: -$pd1_hr\n"
             "      |     ^~~~~~~~\n"
             "   hint: treated / control, e.g. 0.7\n"
             "1 error, nothing was run\n"},
        Case{"scale: odd\n",
             "plan.yaml:1:8: error: unknown scale 'odd'\n"
             "    1 | scale: odd\n"
             "      |        ^~~\n"
             "   hint: did you mean 'odds'?\n"
             "1 error, nothing was run\n"},
        Case{"twins: yes\n",
             "plan.yaml:1:8: error: 'twins' must be true or false, found 'yes'\n"
             "    1 | twins: yes\n"
             "      |        ^~~\n"
             "1 error, nothing was run\n"},
        Case{"label: {a: 1}\n",
             "plan.yaml:1:8: error: 'label' must be text, found a map\n"
             "    1 | label: {a: 1}\n"
             "      |        ^\n"
             "1 error, nothing was run\n"},
        Case{"model: [a]\n",
             "plan.yaml:1:8: error: 'model' must be a name, found a list\n"
             "    1 | model: [a]\n"
             "      |        ^\n"
             "1 error, nothing was run\n"},
        Case{"regimens: {a: 1}\n",
             "plan.yaml:1:11: error: 'regimens' must be a name or a list of names, found a map\n"
             "    1 | regimens: {a: 1}\n"
             "      |           ^\n"
             "1 error, nothing was run\n"},
        Case{"regimens: [gp, [pd1]]\n",
             "plan.yaml:1:16: error: expected a name, found a list\n"
             "    1 | regimens: [gp, [pd1]]\n"
             "      |                ^\n"
             "1 error, nothing was run\n"},
        Case{"agents:\n  pd1: 21 d\n",
             "plan.yaml:2:8: error: 'pd1' must be a map of keys, found '21 d'\n"
             "    2 |   pd1: 21 d\n"
             "      |        ^~~~\n"
             "1 error, nothing was run\n"},
        Case{"agents:\n  pd1:\n",
             "plan.yaml:2:3: error: 'pd1' must be a map of keys, found nothing\n"
             "    2 |   pd1:\n"
             "      |   ^~~\n"
             "1 error, nothing was run\n"},
        Case{"agents:\n  pd1: {evry: 21 d}\n",
             "plan.yaml:2:9: error: unknown key 'evry'\n"
             "    2 |   pd1: {evry: 21 d}\n"
             "      |         ^~~~\n"
             "   in agents > pd1\n"
             "   hint: did you mean 'every'?\n"
             "1 error, nothing was run\n"},
        Case{"phases:\n  - every: 1 d\n  -\n",
             "plan.yaml:3:3: error: each entry of 'phases' must be a map of keys, found nothing\n"
             "    3 |   -\n"
             "      |   ^\n"
             "1 error, nothing was run\n"},
        Case{"phases:\n  - every: 1 d\n  - every: x\n",
             "plan.yaml:3:12: error: 'every' must be a duration such as 21 d or 6 months, found "
             "'x'\n"
             "    3 |   - every: x\n"
             "      |            ^\n"
             "   in phases > 2\n"
             "   hint: time between doses\n"
             "1 error, nothing was run\n"}));

TEST(Binder, DescribesEveryKeyOnceWithoutADocument) {
  std::vector<KeyDescription> rows;
  BindContext context;
  context.descriptions = &rows;
  const Tree empty = Tree::map();
  Binder binder(context, empty, {});
  Plan plan;
  bind(binder, plan);
  binder.finish();
  std::string text;
  for (const KeyDescription& row : rows) {
    text += row.path + " | " + row.type + " | " + row.range + " | " + row.fallback +
            (row.required ? " | required" : "") + "\n";
  }
  EXPECT_EQ(text,
            "label | text |  | \n"
            "scale | word | hazard|odds | hazard\n"
            "model | name |  | \n"
            "regimens | name or list of names |  | \n"
            "twins | true or false |  | true\n"
            "hr | a number without unit | above 0 | \n"
            "doses | number or list of numbers | at least 0 Gy | \n"
            "cycle | map |  | \n"
            "cycle.every | a duration such as 21 d or 6 months | above 0 d |  | required\n"
            "cycle.courses | whole number | from 1 to 12 | 6\n"
            "agents | map of named entries |  | \n"
            "agents.<name>.every | a duration such as 21 d or 6 months | above 0 d |  | required\n"
            "agents.<name>.courses | whole number | from 1 to 12 | 6\n"
            "phases | list |  | \n"
            "phases[].every | a duration such as 21 d or 6 months | above 0 d |  | required\n"
            "phases[].courses | whole number | from 1 to 12 | 6\n");
}

TEST(RangeInWords, NamesBoundsAndUnits) {
  EXPECT_EQ(range_in_words({.name = "x", .help = ""}), "");
  EXPECT_EQ(range_in_words({.name = "x", .help = "", .least = 0, .most = 1}), "from 0 to 1");
  EXPECT_EQ(range_in_words({.name = "x",
                            .help = "",
                            .least = 0,
                            .most = 1,
                            .above_least = true,
                            .below_most = true}),
            "above 0 to below 1");
  EXPECT_EQ(range_in_words({.name = "x", .help = "", .most = 3}), "at most 3");
  EXPECT_EQ(range_in_words({.name = "x", .help = "", .most = 3, .below_most = true}), "below 3");
}

}  // namespace
}  // namespace npcsim
