"""Runs the statements of `lookback sql` on real engines and holds what they
give against `lookback replay --json`.

    python3 -m venv venv && venv/bin/pip install duckdb pyarrow pyspark
    venv/bin/python tests/engines/compare.py --lookback target/release/lookback \\
        --engine sqlite --engine duckdb --engine spark
    ... --engine postgres --postgres "host=localhost dbname=postgres"

Two policies are replayed: the shipped CP.MP.173, and EN.1 of `library/` here,
made up to hold every construct there is. Their cases are the shipped ones and
generated ones: with facts missing, contradicting each other, out of range, not
numbers; with codes in every spelling, and malformed. All are synthetic.

Held against `replay --json`: which cases are rejected, every determination,
every flip. It does not print the deciding criteria of every case: those are
held against `lookback explain --json` for a sample, and among the engines for
all.
"""

import argparse
import csv
import io
import json
import math
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parent.parent / "policy-versions"
TEXTS = {"VARCHAR", "STRING", "TEXT"}
NUMBERS = {"DOUBLE", "DOUBLE PRECISION", "REAL"}


class Subject:
    """A policy with what is needed to make up cases for it."""

    def __init__(self, lookback, library, reference):
        self.lookback, self.library, self.reference = lookback, library, reference
        document = tomllib.loads((library / reference / "policy.toml").read_text())
        self.facts = document["facts"]
        self.reads = {
            read["column"]: read["type"]
            for read in self.sql("duckdb")["reads"]
        }
        self.columns = [name for name in self.reads if name not in
                        ("case_id", "policy", "procedure_codes", "diagnosis_codes")]

    def json(self, *arguments, codes=(0,)):
        run = subprocess.run(
            [self.lookback, "--library", self.library, *arguments, "--json"],
            capture_output=True, text=True)
        if run.returncode not in codes:
            sys.exit(f"lookback {' '.join(map(str, arguments))}: {run.stderr}")
        return json.loads(run.stdout)

    def sql(self, dialect):
        return self.json("sql", self.reference, "--dialect", dialect)

    def value(self, name, chance):
        """A value for a fact, as a case file has it."""
        fact = self.facts.get(name, {"type": "bool"})
        if fact["type"] == "bool":
            return chance.random() < 0.6
        if fact["type"] == "choice":
            return chance.choice(fact["choices"])
        return chance.choice([
            -1, 0, 0.1, 0.30000000000000004, 1, 2.5, math.nextafter(2.5, 0),
            3, math.nextafter(3, 9), 49.999, 50, 60, 1e300,
        ])

    def cases(self, count, chance):
        """Cases, half of them varied from stored ones where there are any."""
        stored = self.library / self.reference / "cases.jsonl"
        cases = []
        if stored.exists():
            cases = [json.loads(line) for line in stored.read_text().splitlines()]
        seeds = [dict(case["facts"]) for case in cases]
        lists = [(case.get("procedure_codes", []), case.get("diagnosis_codes", []))
                 for case in cases]
        for case in cases:
            case["facts"] = {name: value for name, value in case["facts"].items()
                             if name in self.columns}
        for number in range(count):
            cases.append(self.case(f"G-{number:06}", seeds, lists, chance))
        return cases

    def case(self, case_id, seeds, lists, chance):
        if seeds and chance.random() < 0.8:
            facts = {name: value for name, value in chance.choice(seeds).items()
                     if name in self.columns}
            for name in chance.sample(self.columns, chance.randrange(4)):
                facts[name] = self.value(name, chance)
            procedures, diagnoses = map(list, chance.choice(lists))
        else:
            facts = {name: self.value(name, chance) for name in self.columns}
            procedures = chance.sample(
                ["62350", "62351", "0213t", "a4300", "99999", "E0782"], chance.randrange(3))
            diagnoses = chance.sample(
                ["G89.3", "g893", "C4A", "s72001a", "M96.1"], chance.randrange(3))
        for name in list(facts):
            if chance.random() < 0.05:
                del facts[name]
        fault = chance.random()
        if fault < 0.02:
            procedures.append(chance.choice(["6235", "62350x", "É0782", "62350\u200b"]))
        elif fault < 0.04:
            diagnoses.append(chance.choice(["A00.", "90.1", "A00.00000"]))
        elif fault < 0.06:
            wrong = chance.choice(self.columns)
            if self.reads[wrong] in TEXTS:
                facts[wrong] = "no such word"
            elif self.reads[wrong] in NUMBERS:
                facts[wrong] = chance.choice([math.nan, math.inf, -math.inf])
        case = {"case_id": case_id, "facts": facts}
        if "procedure_codes" in self.reads:
            case["procedure_codes"] = procedures
        if "diagnosis_codes" in self.reads:
            case["diagnosis_codes"] = diagnoses
        if chance.random() < 0.5:
            case["policy"] = self.reference if chance.random() < 0.98 else "P.2"
        return case

    def row(self, case):
        """The case as a row of the table."""
        joined = lambda codes: chosen(case, [" ", ";", " ; ", "\t"]).join(codes) or None
        row = {
            "case_id": case["case_id"],
            "policy": case.get("policy"),
            "procedure_codes": joined(case.get("procedure_codes", [])),
            "diagnosis_codes": joined(case.get("diagnosis_codes", [])),
        }
        for name in self.columns:
            value = case["facts"].get(name)
            if value is not None and self.reads[name] in NUMBERS:
                value = float(value)
            row[name] = value
        return {name: row[name] for name in self.reads}

    def replay(self, cases, folder):
        """What `lookback replay` says: rejected cases, and determinations by
        version."""
        # JSON has no infinity: what is no finite number is refused as a word.
        def spelt(value):
            return str(value) if isinstance(value, float) and not math.isfinite(value) else value
        file = folder / f"{self.reference}.jsonl"
        with file.open("w") as out:
            for case in cases:
                facts = {name: spelt(value) for name, value in case["facts"].items()}
                out.write(json.dumps({**case, "facts": facts}) + "\n")
        replayed = self.json("replay", file, "--policy", self.reference, codes=(0, 3))
        rejected = {cases[reject["line"] - 1]["case_id"] for reject in replayed["rejects"]}
        found = {
            result["case"]: {
                version.split("@")[1]: determination
                for version, determination in result["determinations"].items()
            }
            for result in replayed["results"]
        }
        return file, rejected, found

    def explained(self, file, sample, versions):
        """The deciding criteria of some cases, in the order of the evaluator."""
        deciding = {}
        for case_id in sample:
            for version in versions:
                explained = self.json("explain", case_id, "--cases", file,
                                      "--against", f"{self.reference}@{version}")
                deciding[case_id, version] = " ".join(explained["deciding"])
        return deciding


def chosen(case, options):
    return options[hash_of(case["case_id"]) % len(options)]


def hash_of(text):
    return sum(text.encode())


def on_sqlite(subject, rows, folder, arguments):
    database = sqlite3.connect(":memory:")
    named = ", ".join(f'"{name}"' for name in subject.reads)
    database.execute(f"CREATE TABLE cases ({named})")
    marks = ", ".join("?" for _ in subject.reads)
    # SQLite takes what is not a number for NULL: a text is refused as well.
    spelt = lambda value: "nan" if isinstance(value, float) and math.isnan(value) else value
    database.executemany(f"INSERT INTO cases VALUES ({marks})",
                         [[spelt(value) for value in row.values()] for row in rows])
    started = time.monotonic()
    cursor = database.execute(subject.sql("sqlite")["statement"])
    names = [column[0] for column in cursor.description]
    answers = [dict(zip(names, row)) for row in cursor]
    return sqlite3.sqlite_version, answers, time.monotonic() - started


def parquet(subject, rows, folder):
    import pyarrow
    import pyarrow.parquet
    types = {name: pyarrow.string() if kind in TEXTS
             else pyarrow.float64() if kind in NUMBERS else pyarrow.bool_()
             for name, kind in subject.reads.items()}
    table = pyarrow.table({name: pyarrow.array([row[name] for row in rows], kind)
                           for name, kind in types.items()})
    file = folder / f"{subject.reference}.parquet"
    pyarrow.parquet.write_table(table, file)
    return file


def on_duckdb(subject, rows, folder, arguments):
    import duckdb
    database = duckdb.connect()
    file = parquet(subject, rows, folder)
    database.execute(f"CREATE VIEW cases AS SELECT * FROM read_parquet('{file}')")
    started = time.monotonic()
    cursor = database.execute(subject.sql("duckdb")["statement"])
    names = [column[0] for column in cursor.description]
    answers = [dict(zip(names, row)) for row in cursor.fetchall()]
    return duckdb.__version__, answers, time.monotonic() - started


def on_spark(subject, rows, folder, arguments):
    import pyspark
    from pyspark.sql import SparkSession
    spark = (SparkSession.builder.master("local[2]")
             .config("spark.ui.enabled", "false")
             .config("spark.sql.ansi.enabled", str(arguments.ansi).lower())
             .config("spark.sql.shuffle.partitions", "2")
             .getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    spark.read.parquet(str(parquet(subject, rows, folder))).createOrReplaceTempView("cases")
    started = time.monotonic()
    answers = [row.asDict() for row in spark.sql(subject.sql("spark")["statement"]).collect()]
    return pyspark.__version__, answers, time.monotonic() - started


def on_postgres(subject, rows, folder, arguments):
    statement = subject.sql("postgres")
    columns = ", ".join(f'"{read["column"]}" {read["type"]}' for read in statement["reads"])
    file = folder / f"{subject.reference}.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        for row in rows:
            writer.writerow("\\N" if value is None else value for value in row.values())
    # One line: a command of psql ends with its line.
    copy = f"\\copy cases from '{file}' with (format csv, null '\\N')"
    script = (f"create temporary table cases ({columns});\n{copy}\n"
              "\\timing off\nselect version();\n"
              f"copy ({statement['statement']}) to stdout with (format csv, header, null '\\N');\n")
    started = time.monotonic()
    run = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", arguments.postgres],
        input=script, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr)
    version, _, answers = run.stdout.partition("\n")
    plain = {"\\N": None, "t": True, "f": False}
    answers = [
        {name: plain[value] if value == "\\N" or name.startswith("flip_") else value
         for name, value in row.items()}
        for row in csv.DictReader(io.StringIO(answers))
    ]
    return " ".join(version.split()[:2]), answers, time.monotonic() - started


ENGINES = {"sqlite": on_sqlite, "duckdb": on_duckdb, "spark": on_spark, "postgres": on_postgres}


def differences(answers, rejected, found, deciding):
    """What an engine says otherwise."""
    wrong = []
    by_case = {row["case_id"]: row for row in answers}
    if len(by_case) != len(answers) or by_case.keys() != rejected | found.keys():
        wrong.append("the cases are not those of the table")
    for case_id, row in by_case.items():
        given = {name: value for name, value in row.items() if name not in ("case_id", "rejected")}
        if (row["rejected"] is not None) != (case_id in rejected):
            wrong.append(f"{case_id}: rejected: {row['rejected']}")
            continue
        if case_id in rejected:
            if any(value is not None for value in given.values()):
                wrong.append(f"{case_id}: rejected, and yet {given}")
            continue
        determinations = found[case_id]
        versions = list(determinations)
        for version, determination in determinations.items():
            if row[f"determination_{version}"] != determination:
                wrong.append(f"{case_id}@{version}: {row[f'determination_{version}']}, not {determination}")
            expected = deciding.get((case_id, version))
            if expected is not None and row[f"deciding_{version}"] != expected:
                wrong.append(f"{case_id}@{version}: decided by {row[f'deciding_{version}']}, not {expected}")
        for older, newer in zip(versions, versions[1:]):
            flips = determinations[older] != determinations[newer]
            if bool(row[f"flip_{older}_{newer}"]) != flips or row[f"flip_{older}_{newer}"] is None:
                wrong.append(f"{case_id}: {older} to {newer}: {row[f'flip_{older}_{newer}']}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--lookback", default="target/debug/lookback")
    parser.add_argument("--engine", action="append", choices=ENGINES, required=True)
    parser.add_argument("--cases", type=int, default=3000, help="how many to make up, for each policy")
    parser.add_argument("--explained", type=int, default=60, help="how many to explain, of each policy")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", default="dbname=postgres", help="where psql connects to")
    parser.add_argument("--ansi", action=argparse.BooleanOptionalAction, default=True,
                        help="Spark's ANSI mode")
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for library, reference in [(SHIPPED, "CP.MP.173"), (HERE / "library", "EN.1")]:
            subject = Subject(arguments.lookback, library, reference)
            chance = random.Random(arguments.seed)
            cases = subject.cases(arguments.cases, chance)
            file, rejected, found = subject.replay(cases, folder)
            versions = list(next(iter(found.values())))
            sample = chance.sample(sorted(found), min(arguments.explained, len(found)))
            deciding = subject.explained(file, sample, versions)
            print(f"{reference}: {len(cases)} cases, {len(rejected)} rejected, {len(versions)} versions")
            rows = [subject.row(case) for case in cases]
            first = None
            for engine in arguments.engine:
                version, answers, seconds = ENGINES[engine](subject, rows, folder, arguments)
                wrong = differences(answers, rejected, found, deciding)
                explained = {row["case_id"]: [value for name, value in row.items()
                                              if name.startswith("deciding_") or name == "rejected"]
                             for row in answers}
                first = first or explained
                if explained != first:
                    wrong.append("the deciding criteria or reasons are not those of the first engine")
                verdict = f"{len(wrong)} differences" if wrong else "the same"
                print(f"  {engine} {version}: {verdict} ({seconds:.2f} s)")
                for line in wrong[:10]:
                    print(f"    {line}")
                failed = failed or bool(wrong)
    sys.exit(failed)


if __name__ == "__main__":
    main()
