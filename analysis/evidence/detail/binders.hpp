// What the binders of the room share. Private to the room.
#pragma once

#include <npcsim/evidence/evidence.hpp>

#include <vector>

namespace npcsim {

// Each struct of a document has its binder; templates of Binder find them here.
void bind(Binder& binder, Study& out);
void bind(Binder& binder, StudyPopulation& out);
void bind(Binder& binder, Target& out);
void bind(Binder& binder, Finding& out);
void bind(Binder& binder, CountTable& out);
void bind(Binder& binder, RiskSystem& out);
void bind(Binder& binder, RunningTrial& out);
void bind(Binder& binder, DecisionAlgorithm& out);
void bind(Binder& binder, Treatment& out);
void bind(Binder& binder, Exclusions& out);
void bind(Binder& binder, EffectiveNRule& out);

namespace detail {

/// [low, high].
void read_bounds(Binder& binder, const Key& key, Bounds& out);

/// A condition is kept as it is written: the room that owns attributes compiles it.
void read_condition(Binder& binder, const Key& key, Tree& out);

/// A list of numbers, each with the checks of `key`.
void read_numbers(Binder& binder, const Tree& tree, const Key& key, std::vector<double>& out);

// Keys that many structs have.
Key doubt_key();
Key where_key();
Key source_key();
Key quoted_key();
Key strategies_key();

}  // namespace detail
}  // namespace npcsim
