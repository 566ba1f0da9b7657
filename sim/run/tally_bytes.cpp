// The snapshot of a tally: the shape as text, then all numbers as variable-length integers
// (LEB128). Most bins of a histogram are small, so a snapshot takes a quarter of the memory; and
// the bytes do not depend on the processor.
#include <npcsim/run/tally.hpp>

#include <stdexcept>

namespace npcsim {

namespace {

// Numbers, handed on in pieces so that a snapshot is never in memory as a whole. What is written
// last is handed on by flush(), not by the destructor: it may throw.
class Writer {
 public:
  explicit Writer(const std::function<void(std::string_view)>& put) : put_(put) {}

  void flush() {
    put_(buffer_);
    buffer_.clear();
  }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      buffer_.push_back(static_cast<char>(static_cast<unsigned char>(value | 0x80U)));
      value >>= 7;
    }
    buffer_.push_back(static_cast<char>(static_cast<unsigned char>(value)));
    if (buffer_.size() >= full) flush();
  }
  void text(std::string_view value) {
    number(value.size());
    for (const char byte : value) buffer_.push_back(byte);
  }
  template <class Numbers>
  void numbers(const Numbers& values) {
    number(values.size());
    for (const auto value : values) number(value);
  }
  void optional_numbers(const std::vector<std::uint32_t>& values, std::size_t) { numbers(values); }
  void moments(const ExactMoments& value) {
    number(value.count);
    for (const ExactSum* sum : {&value.sum, &value.squares}) {
      number(static_cast<std::uint64_t>(sum->high()));
      number(sum->low());
    }
  }

 private:
  static constexpr std::size_t full = 1 << 16;
  const std::function<void(std::string_view)>& put_;
  std::string buffer_;
};

// Reads what a Writer wrote, or only looks whether it can be read.
class Reader {
 public:
  enum class Mode { check, read };
  Reader(std::string_view bytes, Mode mode) : bytes_(bytes), keeps_(mode == Mode::read) {}

  void number(std::uint64_t& value) {
    const std::uint64_t found = next();
    if (keeps_) value = found;
  }
  void text(std::string_view expected) {
    if (next() != expected.size() || bytes_.substr(position_, expected.size()) != expected) {
      throw std::runtime_error("the snapshot belongs to another study");
    }
    position_ += expected.size();
  }
  template <class Numbers>
  void numbers(Numbers& values) {
    each(values, values.size(), next());
  }
  /// An array that is empty until it is needed.
  void optional_numbers(std::vector<std::uint32_t>& values, std::size_t size) {
    const std::uint64_t stored = next();
    if (keeps_) values.assign(stored == 0 ? 0 : size, 0);
    each(values, stored == 0 ? 0 : size, stored);
  }
  void moments(ExactMoments& value) {
    number(value.count);
    for (ExactSum* sum : {&value.sum, &value.squares}) {
      const auto high = static_cast<std::int64_t>(next());
      const std::uint64_t low = next();
      if (keeps_) *sum = ExactSum(high, low);
    }
  }
  void expect_end() const {
    if (position_ != bytes_.size())
      throw std::runtime_error("the snapshot is longer than it should be");
  }

 private:
  std::uint64_t next() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (position_ == bytes_.size()) throw std::runtime_error("the snapshot ends too early");
      const auto byte = static_cast<unsigned char>(bytes_[position_++]);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    throw std::runtime_error("the snapshot is damaged");
  }
  template <class Numbers>
  void each(Numbers& values, std::size_t size, std::uint64_t stored) {
    using Number = typename Numbers::value_type;
    if (stored != size) throw std::runtime_error("the snapshot belongs to another study");
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t wide = next();
      if (static_cast<Number>(wide) != wide) throw std::runtime_error("the snapshot is damaged");
      if (keeps_) values[i] = static_cast<Number>(wide);
    }
  }

  std::string_view bytes_;
  bool keeps_;
  std::size_t position_ = 0;
};

// Everything that gives the columns of a tally their meaning; titles are for people and may change.
std::string shape_text(const OutcomeShape& shape) {
  std::string text;
  const std::function<void(std::string_view)> put = [&](std::string_view piece) { text += piece; };
  Writer out(put);
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
  out.flush();
  return text;
}

constexpr const char* format_name = "npcsim tally 3";

}  // namespace

template <class Self, class Archive>
void Tally::visit(Self& tally, Archive& archive) {
  archive.text(format_name);
  archive.text(shape_text(tally.shape_));
  archive.number(tally.patients_);
  const std::size_t periods = jackknife_groups * tally.period_bins();
  for (auto& endpoint : tally.endpoints_) {
    archive.number(endpoint.in_set);
    archive.number(endpoint.without_event);
    archive.numbers(endpoint.events);
    archive.optional_numbers(endpoint.censored_early, endpoint.events.size());
    archive.numbers(endpoint.cause_events);
    archive.numbers(endpoint.cause_at_landmark);
    archive.numbers(endpoint.group_events);
    archive.optional_numbers(endpoint.group_censored, endpoint.group_events.size());
    archive.numbers(endpoint.group_size);
  }
  for (auto& subgroup : tally.subgroups_) {
    archive.number(subgroup.in_set);
    archive.numbers(subgroup.events);
    archive.numbers(subgroup.censored);
    archive.numbers(subgroup.group_events);
    archive.optional_numbers(subgroup.group_censored, periods);
    archive.numbers(subgroup.at_landmark);
  }
  for (auto& paired : tally.paired_) {
    archive.number(paired.pairs);
    archive.moments(paired.difference);
    archive.numbers(paired.only_strategy);
    archive.numbers(paired.only_reference);
  }
  for (auto& measure : tally.measures_) {
    archive.moments(measure.moments);
    archive.moments(measure.paired);
  }
}

void Tally::write(const std::function<void(std::string_view)>& put) const {
  Writer out(put);
  visit(*this, out);
  out.flush();
}

std::string Tally::bytes() const {
  std::string bytes;
  write([&](std::string_view piece) { bytes += piece; });
  return bytes;
}

void Tally::restore(std::string_view bytes) {
  // Two passes instead of a second tally, which may be large: what passed the first can be read.
  for (const Reader::Mode mode : {Reader::Mode::check, Reader::Mode::read}) {
    Reader in(bytes, mode);
    visit(*this, in);
    in.expect_end();
  }
}

}  // namespace npcsim
