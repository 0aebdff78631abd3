//! Whole-program tests, a file a feature.

mod evaluation;
mod expectations;
mod generate;
