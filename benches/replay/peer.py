"""The replay of CP.MP.173 against its three versions with Polars' streaming
engine: how many cases come out differently from one version to the next.

Written by hand from the rules of the version files, as somebody would who has
no other tool. Usage: python peer.py cases.csv (or cases.parquet)
"""

import sys

import polars as pl

BOOLS = """chronic_intractable_pain severe_chronic_pain local_infection active_infection
noninvasive_pain_control_inadequate imaging_shows_epidural_or_thecal_tumor
pain_pathology_identified conservative_treatment_failed complied_with_prior_treatment
current_substance_disorder mental_health_cause_ruled_out active_in_psychotherapy
further_treatment_promising opioid_hyperalgesia_ruled_out function_increased
trial_side_effects_minimal opioid_wean_plan active_coagulopathy body_size_sufficient
crosstalk_device_implanted drug_hypersensitivity increased_intracranial_pressure
complicating_spinal_anomaly active_in_behavioral_treatment""".split()
NUMBERS = "life_expectancy_months opioid_wean_pct pain_reduction_pct".split()
TEXTS = "procedure_codes service drug pain_origin".split()

OLD = "62322 62323 62326 62327 62350 62355 62360 62362 62365 62367 62368 62369 62370".split()
HCPCS = "A4300 A4301 E0782 E0783 E0785 E0786 C1772 C1755 J2274 S0093".split()
NEW = OLD + "62320 62321 62351 62361".split()


def main(path: str) -> None:
    c = pl.col
    if path.endswith(".parquet"):
        frame = pl.scan_parquet(path)
    else:
        schema = dict.fromkeys(TEXTS, pl.String) | dict.fromkeys(NUMBERS, pl.Float64)
        frame = pl.scan_csv(path, schema_overrides=schema | dict.fromkeys(BOOLS, pl.Boolean))
    frame = frame.with_columns(
        # A local infection is an active one: true carries forward, false back.
        active=pl.when(c("local_infection")).then(True).otherwise(c("active_infection")),
        local=pl.when(~c("active_infection")).then(False).otherwise(c("local_infection")),
    )
    opioid = c("drug").is_in(["opioid", "opioid-combination"])

    def version(infected: pl.Expr, codes: list[str]) -> pl.Expr:
        malignant = (c("pain_origin") == "malignant") & c("chronic_intractable_pain")
        trial_a = (
            malignant
            & c("noninvasive_pain_control_inadequate")
            & (c("life_expectancy_months") > 3)
            & ~c("imaging_shows_epidural_or_thecal_tumor")
            & ~infected
        )
        trial_b = (
            (c("pain_origin") == "nonmalignant")
            & c("chronic_intractable_pain")
            & c("pain_pathology_identified")
            & (c("life_expectancy_months") > 3)
            & c("conservative_treatment_failed")
            & c("complied_with_prior_treatment")
            & ~c("current_substance_disorder")
            & c("mental_health_cause_ruled_out")
            & c("active_in_psychotherapy")
            & ~c("further_treatment_promising")
            & ~infected
            & (c("opioid_wean_pct") >= 50)
            & c("opioid_hyperalgesia_ruled_out")
        )
        half = (c("pain_reduction_pct") >= 50) & c("trial_side_effects_minimal")
        pump_b = (
            (c("pain_origin") == "nonmalignant")
            & c("severe_chronic_pain")
            & half
            & c("function_increased")
            & c("opioid_wean_plan")
            & ~infected
            & ~c("active_coagulopathy")
            & c("body_size_sufficient")
            & ~c("crosstalk_device_implanted")
            & ~c("drug_hypersensitivity")
            & ~c("increased_intracranial_pressure")
            & ~c("complicating_spinal_anomaly")
            & c("active_in_behavioral_treatment")
        )
        trial = (c("service") == "trial") & opioid
        pump = (c("service") == "permanent") & opioid
        met = (trial & (trial_a | trial_b)) | (pump & ((malignant & half) | pump_b))
        listed = pl.any_horizontal(
            c("procedure_codes").str.contains(code, literal=True) for code in codes + HCPCS
        )
        addressed = (trial | pump) & listed
        return (
            pl.when(addressed.is_null()).then(2)
            .when(~addressed).then(3)
            .when(met.is_null()).then(2)
            .when(met).then(0)
            .otherwise(1)
        )

    frame = frame.select(
        a=version(c("local"), OLD), b=version(c("local"), NEW), d=version(c("active"), NEW)
    )
    pairs = frame.group_by("a", "b", "d").len().collect(engine="streaming")
    changed = pairs.filter((c("a") != c("b")) | (c("b") != c("d")))["len"].sum()
    for name in "abd":
        print(name, pairs.group_by(name).agg(c("len").sum()).sort(name).rows())
    print("changed", changed)


main(sys.argv[1])
