//! Whole-program tests, a file a feature.

mod expectations;
