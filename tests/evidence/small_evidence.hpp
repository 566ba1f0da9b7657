// A small evidence document without a mistake, and what is said of changed ones.
#pragma once

#include <npcsim/evidence/evidence.hpp>

#include <string>

namespace npcsim::testing {

/// One trial with two figures and an exclusion list; reads and checks without a complaint.
std::string right_document();

/// `text` with the first `from` replaced by `to`; the test fails if `from` is not in it.
std::string changed(std::string text, const std::string& from, const std::string& to);

/// Reads and checks the document; returns every complaint as the user sees it, "" if none.
std::string complaints(const std::string& document);

/// The same of two documents.
std::string complaints(const std::string& first, const std::string& second);

/// The facts of a document that is right; the test fails if it is not.
Evidence evidence_of(const std::string& document);

}  // namespace npcsim::testing
