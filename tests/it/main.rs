//! Whole-program tests, a file a feature.

mod alignment;
mod between;
mod broken_files;
mod causes;
mod clean;
mod codesets;
mod columnar;
mod commands;
mod comparison;
mod effect;
mod environment;
mod evaluation;
mod expectations;
mod generate;
mod git;
mod index_cache;
mod log_claims;
mod moves;
mod opening;
mod readme;
