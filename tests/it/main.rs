//! Whole-program tests, a file a feature.

mod alignment;
mod between;
mod broken_files;
mod case_files;
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
mod in_force;
mod index_cache;
mod log_claims;
mod moves;
mod opening;
mod readme;
mod reports;
mod sql;
