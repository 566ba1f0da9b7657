// One binary for every x86-64 machine: the loader picks the widest compiled version of a function.
#pragma once

#include <cstdint>  // brings in __GLIBC__

// Only g++ 12 or later with glibc knows these targets; sanitizers instrument the resolver that runs
// before they start. Elsewhere the plain version is compiled, with the same results bit for bit.
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && defined(__GNUC__) && \
    !defined(__clang__) && __GNUC__ >= 12 && !defined(__SANITIZE_ADDRESS__) &&              \
    !defined(__SANITIZE_THREAD__)
#define NPCSIM_VECTOR_CLONES \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define NPCSIM_VECTOR_CLONES
#endif

/// Says of the loop that follows that its iterations do not depend on each other.
#if defined(__clang__)
#define NPCSIM_INDEPENDENT_ITERATIONS _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define NPCSIM_INDEPENDENT_ITERATIONS _Pragma("GCC ivdep")
#else
#define NPCSIM_INDEPENDENT_ITERATIONS
#endif
