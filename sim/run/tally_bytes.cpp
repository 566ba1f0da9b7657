// The snapshot of a tally: the shape as text, then all numbers as variable-length integers
// (LEB128). Most bins of a histogram are small, so a snapshot takes a quarter of the memory; and
// the bytes do not depend on the processor.
#include <npcsim/run/tally.hpp>

#include <stdexcept>

namespace npcsim {

namespace {

class Writer {
 public:
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<char>(static_cast<unsigned char>(value | 0x80U)));
      value >>= 7;
    }
    bytes_.push_back(static_cast<char>(static_cast<unsigned char>(value)));
  }
  void text(const std::string& value) {
    number(value.size());
    bytes_ += value;
  }
  template <class Numbers>
  void numbers(const Numbers& values) {
    number(values.size());
    for (const auto value : values) number(value);
  }
  void moments(const ExactMoments& value) {
    number(value.count);
    for (const ExactSum* sum : {&value.sum, &value.squares}) {
      number(static_cast<std::uint64_t>(sum->high()));
      number(sum->low());
    }
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (position_ == bytes_.size()) throw std::runtime_error("the snapshot ends too early");
      const auto byte = static_cast<unsigned char>(bytes_[position_++]);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    throw std::runtime_error("the snapshot is damaged");
  }
  void expect_text(const std::string& expected) {
    const std::uint64_t size = number();
    if (size != expected.size() || bytes_.compare(position_, expected.size(), expected) != 0) {
      throw std::runtime_error("the snapshot belongs to another study");
    }
    position_ += expected.size();
  }
  /// Fills `values`, whose size is known; a size of 0 in the snapshot leaves an optional array
  /// empty.
  template <class Numbers>
  void numbers(Numbers& values) {
    if (number() != values.size())
      throw std::runtime_error("the snapshot belongs to another study");
    for (auto& value : values) {
      const std::uint64_t wide = number();
      value = static_cast<typename Numbers::value_type>(wide);
      if (value != wide) throw std::runtime_error("the snapshot is damaged");
    }
  }
  void optional_numbers(std::vector<std::uint32_t>& values, std::size_t size) {
    const std::size_t before = position_;
    if (number() == 0) {
      values.clear();
      return;
    }
    position_ = before;
    values.assign(size, 0);
    numbers(values);
  }
  ExactMoments moments() {
    ExactMoments value;
    value.count = number();
    for (ExactSum* sum : {&value.sum, &value.squares}) {
      const auto high = static_cast<std::int64_t>(number());
      *sum = ExactSum(high, number());
    }
    return value;
  }
  void expect_end() const {
    if (position_ != bytes_.size())
      throw std::runtime_error("the snapshot is longer than it should be");
  }

 private:
  const std::string& bytes_;
  std::size_t position_ = 0;
};

// Everything that gives the columns of a tally their meaning; titles are for people and may change.
std::string shape_text(const OutcomeShape& shape) {
  Writer out;
  out.number(shape.strategies.size());
  for (const std::string& name : shape.strategies) out.text(name);
  out.number(static_cast<std::uint64_t>(std::int64_t{shape.reference} + 1));
  out.number(shape.endpoints.size());
  for (const EndpointShape& endpoint : shape.endpoints) {
    out.text(endpoint.name);
    out.number(endpoint.causes.size());
    for (const std::string& cause : endpoint.causes) out.text(cause);
  }
  out.number(shape.measures.size());
  for (const MeasureShape& measure : shape.measures) {
    out.text(measure.name);
    out.number(static_cast<std::uint64_t>(measure.kind));
  }
  out.number(shape.subgroups.size());
  for (const SubgroupShape& subgroup : shape.subgroups) {
    out.text(subgroup.name);
    out.number(subgroup.levels.size());
    for (const std::string& level : subgroup.levels) out.text(level);
  }
  out.number(static_cast<std::uint64_t>(shape.horizon_ticks));
  out.number(shape.landmark_ticks.size());
  for (const std::int32_t tick : shape.landmark_ticks) out.number(static_cast<std::uint64_t>(tick));
  return out.take();
}

constexpr const char* format_name = "npcsim tally 1";

}  // namespace

std::string Tally::bytes() const {
  Writer out;
  out.text(format_name);
  out.text(shape_text(shape_));
  out.number(patients_);
  for (const EndpointTally& tally : endpoints_) {
    out.number(tally.in_set);
    out.numbers(tally.events);
    out.numbers(tally.censored);
    out.numbers(tally.cause_events);
    out.numbers(tally.group_events);
    out.numbers(tally.group_censored);
    out.numbers(tally.group_size);
  }
  for (const SubgroupTally& tally : subgroups_) {
    out.number(tally.in_set);
    out.numbers(tally.events);
    out.numbers(tally.censored);
  }
  for (const PairedTally& tally : paired_) {
    out.number(tally.pairs);
    out.moments(tally.difference);
    out.numbers(tally.only_strategy);
    out.numbers(tally.only_reference);
  }
  for (const MeasureTally& tally : measures_) {
    out.moments(tally.moments);
    out.moments(tally.paired);
  }
  return out.take();
}

void Tally::restore(const std::string& bytes) {
  Tally fresh(shape_);
  Reader in(bytes);
  in.expect_text(format_name);
  in.expect_text(shape_text(shape_));
  fresh.patients_ = in.number();
  for (EndpointTally& tally : fresh.endpoints_) {
    tally.in_set = in.number();
    in.numbers(tally.events);
    in.numbers(tally.censored);
    in.numbers(tally.cause_events);
    in.numbers(tally.group_events);
    in.optional_numbers(tally.group_censored, tally.group_events.size());
    in.numbers(tally.group_size);
  }
  for (SubgroupTally& tally : fresh.subgroups_) {
    tally.in_set = in.number();
    in.numbers(tally.events);
    in.numbers(tally.censored);
  }
  for (PairedTally& tally : fresh.paired_) {
    tally.pairs = in.number();
    tally.difference = in.moments();
    in.numbers(tally.only_strategy);
    in.numbers(tally.only_reference);
  }
  for (MeasureTally& tally : fresh.measures_) {
    tally.moments = in.moments();
    tally.paired = in.moments();
  }
  in.expect_end();
  patients_ = fresh.patients_;
  endpoints_ = std::move(fresh.endpoints_);
  subgroups_ = std::move(fresh.subgroups_);
  paired_ = std::move(fresh.paired_);
  measures_ = std::move(fresh.measures_);
}

}  // namespace npcsim
