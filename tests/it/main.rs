//! Whole-program tests, a file a feature.

mod broken_files;
mod commands;
mod comparison;
mod environment;
mod evaluation;
mod expectations;
mod generate;
mod git;
mod readme;
