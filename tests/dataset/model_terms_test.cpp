#include "small_files.hpp"

#include <cmath>
#include <numeric>

namespace npcsim::testing {
namespace {

const std::string table =
    "age,sex,stage,bili\n50,f,2,1\n60,m,10,2\n70,f,9,4\n40,m,9,8\n55,f,10,1\n";

struct Made {
  std::optional<DesignMatrix> design;
  std::string messages;
};

Made made(const std::string& terms, const std::string& text = table) {
  Diagnostics diagnostics;
  Made out;
  DataFile file = data_file(text);
  const auto parsed = parse_terms(split_list(terms), file, "--covariates", diagnostics);
  if (parsed) {
    std::vector<std::size_t> indices(file.columns().size());
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    const auto columns = read_columns(file, indices, diagnostics);
    std::vector<std::uint32_t> rows(columns->front().rows());
    std::iota(rows.begin(), rows.end(), 0U);
    const auto recipe = DesignRecipe::make(*parsed, *columns, rows, file, diagnostics);
    if (recipe) out.design = recipe->apply(*columns, rows, file, diagnostics);
  }
  for (const Diagnostic& item : diagnostics.items()) out.messages += item.message + "\n";
  return out;
}

// Expected names and columns: model.matrix of R 4.2 on the same table.
TEST(Design, TextsBecomeTreatmentContrasts) {
  const auto design = made("age,sex").design;
  EXPECT_EQ(design->names, (std::vector<std::string>{"age", "sexm"}));
  EXPECT_EQ(design->columns[1], (std::vector<double>{0, 1, 0, 1, 0}));
}

TEST(Design, LevelsOfNumbersAreInTheirOwnOrder) {
  const auto design = made("factor(stage)").design;
  EXPECT_EQ(design->names, (std::vector<std::string>{"factor(stage)9", "factor(stage)10"}));
  EXPECT_EQ(design->columns[0], (std::vector<double>{0, 0, 1, 1, 0}));
  EXPECT_EQ(design->columns[1], (std::vector<double>{0, 1, 0, 0, 1}));
  EXPECT_EQ(design->term, (std::vector<std::size_t>{0, 0}));
}

TEST(Design, AFactorOfAMillionNumbersIsAnError) {
  Diagnostics diagnostics;
  DataFile file = data_file("x\n1\n");
  const auto terms = parse_terms({"factor(x)"}, file, "--covariates", diagnostics);
  DataColumn x;
  x.name = "x";
  x.numbers.resize((std::size_t{1} << 20) + 1);
  std::iota(x.numbers.begin(), x.numbers.end(), 0.0);
  EXPECT_FALSE(DesignRecipe::make(*terms, {x}, {0, 1, 2}, file, diagnostics).has_value());
  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items()[0].message, "covariate 'factor(x)' has more than 1048576 levels");
  // Another table is coded by the recipe of a small one.
  DataColumn few = x;
  few.numbers.resize(3);
  const auto recipe = DesignRecipe::make(*terms, {few}, {0, 1, 2}, file, diagnostics);
  ASSERT_TRUE(recipe.has_value());
  EXPECT_FALSE(recipe->apply({x}, {0, 1, 2}, file, diagnostics).has_value());
  EXPECT_EQ(diagnostics.items().size(), 2U);
}

TEST(Design, FunctionsAreApplied) {
  const auto design = made("log(bili),log2(bili),sqrt(bili)").design;
  EXPECT_EQ(design->columns[0][3], std::log(8.0));
  EXPECT_EQ(design->columns[1][3], 3.0);
  EXPECT_EQ(design->columns[2][2], 2.0);
}

TEST(Design, InteractionsAreProductsBehindTheMainEffects) {
  const auto design = made("age*sex,bili").design;
  EXPECT_EQ(design->names, (std::vector<std::string>{"age", "sexm", "bili", "age:sexm"}));
  EXPECT_EQ(design->columns[3], (std::vector<double>{0, 60, 0, 40, 0}));
}

TEST(Design, InteractionsOfFactorsRunOverTheFirstOneFastest) {
  const std::string text = "a,b\nx,1\ny,2\nz,3\nx,2\ny,3\nz,1\n";
  const auto design = made("a*factor(b)", text).design;
  EXPECT_EQ(design->names,
            (std::vector<std::string>{"ay", "az", "factor(b)2", "factor(b)3", "ay:factor(b)2",
                                      "az:factor(b)2", "ay:factor(b)3", "az:factor(b)3"}));
}

TEST(Design, FactorsInInteractionsNeedTheirMainEffects) {
  EXPECT_EQ(made("sex,age:sex").messages, "the interaction 'age:sex' needs its main effects\n");
  EXPECT_EQ(made("age:bili").messages, "");
}

TEST(Design, MistakesHaveMessages) {
  EXPECT_EQ(made("ags").messages, "missing column 'ags' (--covariates)\n");
  EXPECT_EQ(made("lg(age)").messages, "unknown function in 'lg(age)' (--covariates)\n");
  EXPECT_EQ(made("log(sex)").messages, "'log(sex)' needs a column of numbers\n");
  EXPECT_EQ(made("log(x)", "x,y\n1,2\n0,3\n2,1\n").messages, "'log(x)' is not finite here\n");
  EXPECT_EQ(made("x", "x,y\n1,2\n1,3\n").messages,
            "covariate 'x' is the same in all rows that are used\n");
}

TEST(Design, ATermThatAppearsTwiceCountsOnce) {
  EXPECT_EQ(made("age,sex,age").design->names, (std::vector<std::string>{"age", "sexm"}));
}

TEST(Design, OtherTablesAreCodedInTheSameWay) {
  Diagnostics diagnostics;
  DataFile file = data_file(table);
  const auto terms = parse_terms({"sex", "factor(stage)"}, file, "--covariates", diagnostics);
  const auto columns = read_columns(file, {1, 2}, diagnostics);
  const auto recipe = DesignRecipe::make(*terms, *columns, {0, 1, 2, 3, 4}, file, diagnostics);
  DataFile other = data_file("stage,sex\n10,m\n2,m\n");
  const auto there = read_columns(other, {0, 1}, diagnostics);
  const auto design = recipe->apply(*there, {0, 1}, other, diagnostics);
  ASSERT_TRUE(design.has_value());
  EXPECT_EQ(design->columns[0], (std::vector<double>{1, 1}));
  EXPECT_EQ(design->columns[1], (std::vector<double>{0, 0}));
  EXPECT_EQ(design->columns[2], (std::vector<double>{1, 0}));

  DataFile third = data_file("stage,sex\n3,m\n");
  const auto unknown = read_columns(third, {0, 1}, diagnostics);
  EXPECT_FALSE(recipe->apply(*unknown, {0}, third, diagnostics).has_value());
  EXPECT_EQ(diagnostics.items().back().message,
            "'3' is no level of 'stage' in the data that were fitted");
}

}  // namespace
}  // namespace npcsim::testing
